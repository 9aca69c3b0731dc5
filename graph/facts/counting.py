"""Counting the things of a kind by the values of its facets, after filters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.facts.facets import PERIOD, filters_of, kinds
from graph.facts.reading import Facts
from graph.facts.selection import select
from graph.listing import Filter


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet of a kind of thing: its values with the number of things, most first.

    Values are keys, with the segment that they are of, or years; `unknown` counts what has none.
    """

    name: str
    segment: str | None
    values: tuple[tuple[str, int], ...]
    unknown: int


@dataclass(frozen=True, slots=True)
class Facets:
    """The facets of a kind, and how many things there are in all after filters."""

    kind: str
    things: int
    facets: tuple[Facet, ...]


def facets(facts: Facts, kind: str, chosen: Mapping[str, str], most: int) -> Facets:
    """Count the things of a kind that all chosen filters keep, by the values of each facet.

    `chosen` is as for selections; `most` is the number of values given of each. NotFoundError for
    an unknown kind, ParameterError for an unknown facet or value.
    """
    known = filters_of(kind)
    kept = select(facts, kind, chosen)
    if not chosen:
        total = kinds(facts)[kind]
        source = "SELECT name, value, period, things, firsts FROM facet_counts WHERE kind = $kind"
    else:
        total = int(facts.ask(f"SELECT count(*) FROM ({kept.sql})", kept.values)[0][0])
        source = (
            "SELECT name, value, period, count(*) AS things, count(*) FILTER (first) AS firsts "
            f"FROM facet WHERE kind = $kind AND thing IN ({kept.sql}) GROUP BY ALL"
        )
    found = facts.ask(
        f"SELECT name, coalesce(thing.key, period), things, firsts FROM ({source}) "
        "LEFT JOIN thing ON thing.id = value ORDER BY name, things DESC, 2",
        kept.values,
    )
    having = {name for name, *_ in found}
    names = [*known, PERIOD] if PERIOD in having or chosen else list(known)
    return Facets(kind, total, tuple(_facets(names, known, found, total, most)))


def _facets(
    names: Sequence[str],
    known: Mapping[str, Filter],
    found: Sequence[tuple[Any, ...]],
    total: int,
    most: int,
) -> Iterator[Facet]:
    for name in names:
        own = [row for row in found if row[0] == name]
        values = tuple((str(key), int(count)) for _, key, count, _ in own[:most])
        segment = known[name].segment if name in known else None
        yield Facet(name, segment, values, total - sum(int(firsts) for *_, firsts in own))
