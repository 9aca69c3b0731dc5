"""What is found: things, what they have by facet, and facets with their counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
    rows = facts.ask(
        "SELECT held.thing, name, value, coalesce(thing.key, period) FROM "
        "(SELECT * FROM facet WHERE kind IN (SELECT unnest($kinds)) "
        "AND thing IN (SELECT unnest($things))) AS held "
        "LEFT JOIN thing ON thing.id = value ORDER BY ALL",
        {
            "kinds": sorted({thing.kind for thing in things}),
            "things": [thing.number for thing in things],
        },
    )
    found: dict[int, dict[str, list[tuple[int | None, str]]]] = {}
    for thing, name, number, key in rows:
        found.setdefault(thing, {}).setdefault(name, []).append((number, key))
    return found
