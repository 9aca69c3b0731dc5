"""Counting the things of a kind by the values of its facets, after filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from graph.facts.facets import PERIOD, filters_of
from graph.facts.finding import Finder, Wanted
from graph.facts.narrowing import KIND
from graph.facts.postings import postings
from graph.facts.reading import Facts
from graph.facts.selection import select


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
    select(facts, kind, chosen)  # which tells what is impossible
    held = postings(facts)
    kept = Finder(facts, Wanted({KIND: kind, **chosen})).kept()
    total = int(np.count_nonzero(kept))
    known = filters_of(kind)
    dated = chosen or held.any(PERIOD)[held.of_kinds((kind,))].any()
    return Facets(
        kind,
        total,
        tuple(
            Facet(
                name,
                known[name].segment if name in known else None,
                tuple((key, count) for key, _, count in held.count(name, (kind,), kept)[:most]),
                int(np.count_nonzero(kept & ~held.any(name, (kind,)))),
            )
            for name in (*known, *((PERIOD,) if dated else ()))
        ),
    )
