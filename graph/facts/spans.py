"""Spans: when things begin and end, and how many begin in each year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.facts.dimensions import UNKNOWN
from graph.facts.facets import PERIOD, filters_of
from graph.facts.facets import kinds as all_kinds
from graph.facts.reading import Facts
from graph.facts.selection import select, years

# What has a time at all; of policies it is the day of the document.
DATED = ("programme", "project", "consortium", "practice", "policy", "event")
_BEGINS = {"policy": "document_date"}
_DATE = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"


@dataclass(frozen=True, slots=True)
class Span:
    """A thing with its beginning and end, as precise as sources are: year, month or day.

    Of several beginnings it has the first, of several ends the last, and `differ` says so.
    """

    iri: str
    kind: str
    begin: str | None
    end: str | None
    differ: bool


@dataclass(frozen=True, slots=True)
class Spans:
    """What begins when: things in order of time, `total` in all, numbers by kind and year.

    `years` leave out the filter by period, so that they tell what there is beside it; `undated`
    says how many things of a kind have no beginning.
    """

    total: int
    spans: tuple[Span, ...]
    years: tuple[tuple[str, str, int], ...]
    undated: Mapping[str, int]


def fitting_kinds(kinds: Sequence[str], chosen: Mapping[str, str]) -> tuple[str, ...]:
    """Give the kinds to which all filters apply."""
    wanted = chosen.keys() - {PERIOD}
    return tuple(kind for kind in kinds if wanted <= filters_of(kind).keys())


def spans(
    facts: Facts, kinds: Sequence[str], chosen: Mapping[str, str], limit: int, offset: int
) -> Spans:
    """Give the things of some kinds that filters keep, in the order in which they begin.

    `chosen` is as for selections; the period is that of the beginning. NotFoundError and
    ParameterError as for selections.
    """
    others = {name: text for name, text in chosen.items() if name != PERIOD}
    parts: list[str] = []
    values: dict[str, Any] = {"date": _DATE}
    for place, kind in enumerate(kind for kind in kinds if kind in all_kinds(facts)):
        if dates := _dates(facts, kind):
            kept = select(facts, kind, others, mark=f"k{place}")
            parts.append(_dated(kind, kept.sql, dates))
            values |= kept.values
    if not parts:
        return Spans(0, (), (), {})
    source = f"WITH dated AS ({' UNION ALL '.join(parts)})"
    counted = facts.ask(
        f"{source} SELECT kind, substr(begin, 1, 4), count(*) FROM dated GROUP BY 1, 2 "
        "ORDER BY 1, 2",
        values,
    )
    where, bound = _within(chosen.get(PERIOD, ""))
    found = facts.ask(
        f"{source} SELECT iri, kind, begin, finish, differ, count(*) OVER () FROM dated "
        f"WHERE {where} ORDER BY begin, finish NULLS LAST, iri "
        f"LIMIT {int(limit)} OFFSET {int(offset)}",
        {**values, **bound},
    )
    number = found[0][-1] if found else _number(facts, source, where, {**values, **bound})
    return Spans(
        int(number),
        tuple(Span(iri, kind, begin, end, bool(told)) for iri, kind, begin, end, told, _ in found),
        tuple((kind, year, int(count)) for kind, year, count in counted if year is not None),
        {kind: int(count) for kind, year, count in counted if year is None},
    )


def _dates(facts: Facts, kind: str) -> str:
    """Name the relation of beginnings; empty where the facts are older than it."""
    name = _BEGINS.get(kind, "start_date")
    return name if name in facts.tables() else ""


def _dated(kind: str, kept: str, begins: str) -> str:
    """Write the question for the things of a kind with their dates, null where there is none."""
    # A policy has a day and no duration.
    ends = f"SELECT subject, value FROM end_date WHERE {kind in _BEGINS} IS FALSE"
    return f"""
      SELECT thing.iri, thing.kind, min(b.value) AS begin, max(e.value) AS finish,
        count(DISTINCT b.value) > 1 OR count(DISTINCT e.value) > 1 AS differ
      FROM ({kept}) AS kept JOIN thing ON thing.id = kept.thing
      LEFT JOIN {begins} AS b ON b.subject = thing.id AND regexp_matches(b.value, $date)
      LEFT JOIN ({ends}) AS e ON e.subject = thing.id AND regexp_matches(e.value, $date)
      GROUP BY thing.iri, thing.kind"""


def _within(period: str) -> tuple[str, dict[str, str]]:
    """Write the condition for a period; without one, for all that has a beginning."""
    if not period:
        return "begin IS NOT NULL", {}
    conditions: list[str] = []
    values: dict[str, str] = {}
    for place, (first, last) in enumerate(years(period)):
        conditions.append(f"substr(begin, 1, 4) BETWEEN $first{place} AND $last{place}")
        values |= {f"first{place}": first, f"last{place}": last}
    if UNKNOWN in [item.strip() for item in period.split(",")]:
        conditions.append("begin IS NULL")
    return f"({' OR '.join(conditions)})", values


def _number(facts: Facts, source: str, where: str, values: Mapping[str, Any]) -> int:
    return int(facts.ask(f"{source} SELECT count(*) FROM dated WHERE {where}", values)[0][0])
