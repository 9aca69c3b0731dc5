"""Spans: when things begin and end, and how many begin in each year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graph.facts.dimensions import UNKNOWN
from graph.facts.facets import PERIOD, filters_of
from graph.facts.facets import kinds as all_kinds
from graph.facts.narrowing import years
from graph.facts.reading import Facts
from graph.facts.selection import select

if TYPE_CHECKING:
    import duckdb

# What has a time at all; of policies it is the day of the document.
DATED = ("programme", "project", "consortium", "practice", "policy", "event")
_OF_ONE_DAY = "policy"
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


def make_spans(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table of what is dated, from the relations and the list of things."""
    dated = ", ".join(f"'{kind}'" for kind in DATED)
    connection.execute(f"""
        CREATE TABLE span AS
        WITH begun AS (
          SELECT subject, min(value) AS begin, count(DISTINCT value) > 1 AS differ FROM (
            FROM start_date SEMI JOIN listed ON thing = subject AND kind <> '{_OF_ONE_DAY}'
            UNION ALL
            FROM document_date SEMI JOIN listed ON thing = subject AND kind = '{_OF_ONE_DAY}'
          ) WHERE regexp_matches(value, '{_DATE}') GROUP BY subject
        ), ended AS (
          SELECT subject, max(value) AS finish, count(DISTINCT value) > 1 AS differ
          FROM end_date SEMI JOIN listed ON thing = subject AND kind <> '{_OF_ONE_DAY}'
          WHERE regexp_matches(value, '{_DATE}') GROUP BY subject
        )
        SELECT thing, kind, begin, finish,
          coalesce(begun.differ, false) OR coalesce(ended.differ, false) AS differ
        FROM listed
        LEFT JOIN begun ON begun.subject = thing LEFT JOIN ended ON ended.subject = thing
        WHERE kind IN ({dated}) ORDER BY begin, finish, thing""")


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
    kept, values = _kept(facts, kinds, others)
    if not kept:
        return Spans(0, (), (), {})
    counted = facts.ask(
        f"SELECT kind, substr(begin, 1, 4), count(*) FROM span WHERE {kept} GROUP BY 1, 2 "
        "ORDER BY 1, 2",
        values,
    )
    where, bound = _within(chosen.get(PERIOD, ""))
    within = f"{kept} AND {where}"
    found = facts.ask(
        "SELECT iri, found.kind, begin, finish, differ FROM "
        f"(FROM span WHERE {within} ORDER BY begin, finish NULLS LAST, thing "
        f"LIMIT {int(limit)} OFFSET {int(offset)}) AS found "
        "JOIN thing ON thing.id = found.thing ORDER BY begin, finish NULLS LAST, found.thing",
        {**values, **bound},
    )
    ((number,),) = facts.ask(f"SELECT count(*) FROM span WHERE {within}", {**values, **bound})
    return Spans(
        int(number),
        tuple(Span(iri, kind, begin, end, bool(told)) for iri, kind, begin, end, told in found),
        tuple((kind, year, int(count)) for kind, year, count in counted if year is not None),
        {kind: int(count) for kind, year, count in counted if year is None},
    )


def _kept(
    facts: Facts, kinds: Sequence[str], others: Mapping[str, str]
) -> tuple[str, dict[str, Any]]:
    """Write the condition for the things of some kinds that filters keep; empty for none."""
    there = [kind for kind in kinds if kind in all_kinds(facts)]
    selected = [select(facts, kind, others, mark=f"k{place}") for place, kind in enumerate(there)]
    values = {name: value for kept in selected for name, value in kept.values.items()}
    if not others:
        either = " OR ".join(f"kind = $k{place}kind" for place in range(len(there)))
        return either and f"({either})", values
    union = " UNION ALL ".join(kept.sql for kept in selected)
    return union and f"thing IN ({union})", values


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
