"""Selections: which things of a kind a reader's filters keep, as a question to the fact tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graph.errors import NotFoundError, ParameterError
from graph.facts.dimensions import UNKNOWN, near
from graph.facts.facets import PERIOD, filters_of, kinds
from graph.facts.reading import Facts
from graph.listing import Filter

_YEARS = re.compile(r"(?P<first>[0-9]{4})(?:-(?P<last>[0-9]{4}))?")


@dataclass(frozen=True, slots=True)
class Selection:
    """A question for the numbers of things (`thing`), and the values that are bound in it."""

    kind: str
    sql: str
    values: Mapping[str, Any] = field(default_factory=dict)


def select(facts: Facts, kind: str, chosen: Mapping[str, str], mark: str = "") -> Selection:
    """Select the things of a kind that all filters keep.

    The names of bound values begin with `mark`, so that several selections fit in one question.
    `chosen` has keys by facet, several divided by commas, `unknown` for what has none; the period
    is a year, years, or a range such as 2021-2027. NotFoundError for an unknown kind,
    ParameterError for a facet that the kind has not, and for impossible values.
    """
    counted = kinds(facts)
    if kind not in counted:
        raise NotFoundError(f"there is no kind “{kind[:80]}”{near(kind, counted)}")
    known = filters_of(kind)
    parts = []
    values: dict[str, Any] = {f"{mark}kind": kind}
    for place, (name, text) in enumerate(chosen.items()):
        if name == PERIOD:
            either, bound = _periods(text, f"{mark}f{place}")
        elif name in known:
            either, bound = _keys(facts, known[name], text, f"{mark}f{place}")
        else:
            raise ParameterError(
                f"{kind} has no facet “{name[:80]}”{near(name, [*known, PERIOD])} "
                f"(it has: {', '.join([*known, PERIOD])})"
            )
        having = f"SELECT thing FROM facet WHERE kind = ${mark}kind AND name = ${mark}f{place}name"
        values[f"{mark}f{place}name"] = name
        values |= bound
        conditions = [f"thing IN ({having} AND {condition})" for condition in either]
        if UNKNOWN in _listed(text):
            conditions.append(f"thing NOT IN ({having})")
        parts.append(f"({' OR '.join(conditions)})")
    things = (
        f"SELECT id AS thing FROM thing WHERE kind = ${mark}kind "
        "AND id IN (SELECT subject FROM is_a)"
    )
    where = f" WHERE {' AND '.join(parts)}" if parts else ""
    return Selection(kind, f"SELECT thing FROM ({things}){where}", values)


def years(text: str) -> list[tuple[str, str]]:
    """Read a period as ranges of years, both ends in; `unknown` is passed over.

    ParameterError for what is no year of four digits, and no range of two in their order.
    """
    found = []
    for item in _listed(text):
        if item == UNKNOWN:
            continue
        match = _YEARS.fullmatch(item)
        if match is None or (match["last"] or match["first"]) < match["first"]:
            raise ParameterError(
                f"{PERIOD} cannot be “{item[:80]}”: expected is a year of four digits, a range "
                f"such as 2021-2027, several divided by commas, or {UNKNOWN}"
            )
        found.append((match["first"], match["last"] or match["first"]))
    return found


def _listed(text: str) -> list[str]:
    return [item.strip() for item in text.split(",")]


def _periods(text: str, mark: str) -> tuple[list[str], dict[str, Any]]:
    """Write conditions for the year in which a thing begins."""
    conditions: list[str] = []
    values: dict[str, Any] = {}
    for number, (first, last) in enumerate(years(text)):
        conditions.append(f"period BETWEEN ${mark}from{number} AND ${mark}to{number}")
        values |= {f"{mark}from{number}": first, f"{mark}to{number}": last}
    return conditions, values


def _keys(
    facts: Facts, item: Filter, text: str, mark: str
) -> tuple[list[str], dict[str, list[int]]]:
    known: dict[str, int] = facts.remembered(
        ("keys", item.segment),
        lambda: dict(
            facts.ask("SELECT key, id FROM thing WHERE kind = $kind", {"kind": item.segment})
        ),
    )
    wanted = [key for key in _listed(text) if key != UNKNOWN]
    for key in wanted:
        if key not in known:
            raise ParameterError(
                f"{item.name} cannot be “{key[:80]}”{near(key, known)}: expected is the key of a "
                f"{item.segment}, several divided by commas, or {UNKNOWN}"
            )
    if not wanted:
        return [], {}
    return [f"list_contains(${mark}keys, value)"], {f"{mark}keys": [known[key] for key in wanted]}
