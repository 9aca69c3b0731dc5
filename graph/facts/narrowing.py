"""Filters of what is found: each a question to the fact tables for the things that it keeps."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph.errors import ParameterError
from graph.facts.dimensions import UNKNOWN, near
from graph.facts.facets import LINKS, PERIOD, all_facets, path_sql
from graph.facts.reading import Facts
from graph.listing import FILTERS, Filter
from ontology import segments

KIND = "kind"
_YEARS = re.compile(r"(?P<first>[0-9]{4})(?:-(?P<last>[0-9]{4}))?")


@dataclass(frozen=True, slots=True)
class Part:
    """One filter: a question for the numbers of the things that it keeps, and its values.

    That of kinds is a condition on the kind, which all tables of things have.
    `chosen` has the keys that were chosen, `numbers` those of the things that they name, `spans`
    first and last years.
    """

    name: str
    sql: str
    values: Mapping[str, Any]
    chosen: frozenset[str] = frozenset()
    numbers: Mapping[str, int] = field(default_factory=dict)
    spans: Sequence[tuple[str, str]] = ()

    @property
    def condition(self) -> str:
        """Write the filter as a condition on a table that has things and their kinds."""
        return self.sql if self.name == KIND else f"thing IN ({self.sql})"


def known_filters() -> tuple[str, ...]:
    """Name the filters: the kind, the facets, the period, and links to one thing."""
    return (KIND, *all_facets(), PERIOD, *LINKS)


def read_filter(
    facts: Facts, name: str, text: str, mark: str, items: Sequence[Filter] = FILTERS
) -> Part:
    """Read a filter with its keys, divided by commas; `mark` tells its values from others.

    `items` are the filters that there are by links. ParameterError, with near names, for a filter,
    kind or value that there is not.
    """
    listed = _listed(text)
    if name == KIND:
        return _read_kinds(listed)
    if name == PERIOD:
        return _read_period(text, listed, mark)
    items = [item for item in items if item.name == name]
    if not items:
        known = known_filters()
        raise ParameterError(
            f"there is no filter “{name[:80]}”{near(name, known)} (there are: {', '.join(known)})"
        )
    named = _keys(facts, items, listed)
    numbers = dict(named)
    values: dict[str, Any] = {f"v{mark}": sorted(number for _, number in named)}
    if name in LINKS:
        return Part(name, _linked(items, f"$v{mark}"), values, frozenset(listed), numbers)
    values[f"n{mark}"] = name
    having = f"SELECT thing FROM facet WHERE name = $n{mark}"
    sql = f"{having} AND value IN (SELECT unnest($v{mark}::INTEGER[]))"
    return Part(name, _or_unknown(sql, having, listed), values, frozenset(listed), numbers)


def _read_kinds(listed: Sequence[str]) -> Part:
    known = segments()
    for kind in listed:
        if kind not in known:
            raise ParameterError(
                f"there is no kind “{kind[:80]}”{near(kind, known)} (there are: {', '.join(known)})"
            )
    values = {f"kind{place}": kind for place, kind in enumerate(listed)}
    sql = f"kind IN ({', '.join(f'${name}' for name in values)})"
    return Part(KIND, sql, values, frozenset(listed))


def _read_period(text: str, listed: Sequence[str], mark: str) -> Part:
    having = f"SELECT thing FROM facet WHERE name = '{PERIOD}'"
    either = ["false"]
    values: dict[str, Any] = {}
    spans = years(text)
    for number, (first, last) in enumerate(spans):
        either.append(f"period BETWEEN $from{mark}_{number} AND $to{mark}_{number}")
        values |= {f"from{mark}_{number}": first, f"to{mark}_{number}": last}
    sql = f"{having} AND ({' OR '.join(either)})"
    sql = _or_unknown(sql, having, listed)
    return Part(PERIOD, sql, values, frozenset(listed), spans=spans)


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
    return [item.strip() for item in text.split(",") if item.strip()]


def _or_unknown(sql: str, having: str, listed: Sequence[str]) -> str:
    if UNKNOWN not in listed:
        return sql
    return f"{sql} UNION ALL SELECT thing FROM listed WHERE thing NOT IN ({having})"


def _linked(items: Sequence[Filter], values: str) -> str:
    """Write the question for what is linked to things, by the path of each kind."""
    wanted = f"SELECT unnest({values}::INTEGER[])"
    return " UNION ".join(
        f"SELECT subject FROM ({path_sql(path, wanted)}) AS path JOIN thing ON thing.id = subject "
        f"WHERE thing.kind = '{kind}'"
        for item in items
        for kind, path in item.paths.items()
    )


def _keys(facts: Facts, items: Sequence[Filter], listed: Sequence[str]) -> list[tuple[str, int]]:
    """Give the numbers of the things that keys name; `unknown` is passed over."""
    wanted = [key for key in listed if key != UNKNOWN]
    kinds = [item.segment for item in items]
    rows = facts.ask(
        "SELECT key, id FROM thing WHERE kind IN (SELECT unnest($kinds)) "
        "AND key IN (SELECT unnest($keys))",
        {"kinds": kinds, "keys": wanted},
    )
    known = dict(rows)
    for key in wanted:
        if key not in known:
            every = facts.ask(
                "SELECT key FROM thing WHERE kind IN (SELECT unnest($kinds)) LIMIT 5000",
                {"kinds": kinds},
            )
            raise ParameterError(
                f"{items[0].name} cannot be “{key[:80]}”{near(key, [row[0] for row in every])}: "
                f"expected is the key of a {kinds[0]}, several divided by commas, or {UNKNOWN}"
            )
    return [(key, number) for key, number in rows]
