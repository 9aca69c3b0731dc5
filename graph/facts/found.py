"""What is found: things, what they have by facet, and facets with their counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graph.facts.facets import PERIOD
from graph.facts.postings import postings
from graph.facts.reading import Facts


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing that was found: its number in the tables, IRI, kind and key."""

    number: int
    iri: str
    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet: its key, the thing that it is, and how many things have it."""

    key: str
    number: int | None
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """A facet with its values, most first; `unknown` counts what has none, where a kind has it."""

    name: str
    values: tuple[Value, ...]
    unknown: int | None
    unknown_chosen: bool


def values_of(
    facts: Facts, things: Sequence[Thing]
) -> dict[int, dict[str, list[tuple[int | None, str]]]]:
    """Give what each thing has by facet: numbers and keys of things; years have no number."""
    held = postings(facts)
    wanted = held.nothing()
    wanted[[thing.number for thing in things]] = True
    kinds = {thing.kind for thing in things}
    found: dict[int, dict[str, list[tuple[int | None, str]]]] = {}
    for (kind, name), having in held.held.items():
        for thing, value in having.pairs(wanted) if kind in kinds else ():
            found.setdefault(thing, {}).setdefault(name, []).append((value, held.keys[value]))
    for thing in np.flatnonzero(wanted & held.any(PERIOD)).tolist():
        year = held.years[held.year_of[thing]]
        found.setdefault(thing, {})[PERIOD] = [(None, year)]
    return found
