"""What the things of a network have of each facet, read from the fact tables of the release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from graph.facts.facets import PERIOD, all_facets, filters_of
from graph.facts.reading import Facts
from graph.identity import Identity
from graph.listing import FILTERS
from graph.networks.projection import Projection, Values

# What is done, and so begins, works on themes for groups, and is paid for.
UNDERTAKINGS = frozenset({"project", "consortium", "practice"})
# Facets of things as such; the others are asked of undertakings first.
_OF_ANY = frozenset({"country", "type", "role"})

_FOUND = """
SELECT of.iri, facet.name, coalesce(value.key, facet.period) AS key
FROM (SELECT unnest($things) AS iri) AS asked JOIN thing AS of ON of.iri = asked.iri
JOIN facet ON facet.thing = of.id AND list_contains($names, facet.name)
LEFT JOIN thing AS value ON value.id = facet.value
ORDER BY ALL
"""
_IS_VALUE = "SELECT 1 FROM thing WHERE key = $key AND list_contains($kinds, kind) LIMIT 1"
_BEGINNING = "SELECT DISTINCT kind FROM facet WHERE name = $name"


def with_attributes(projection: Projection, facts: Facts, identity: Identity) -> Projection:
    """Give the projection with the values that its things have of each facet.

    A thing that is itself a value of a facet, such as a country, has itself. Without fact tables
    nothing is known.
    """
    if facts.made() is None:
        return projection
    names = (*all_facets(), PERIOD)
    things = projection.things()
    asked = {"things": [thing for thing in things if thing], "names": list(names)}
    found: dict[tuple[str, str], list[str]] = {}
    for iri, name, key in facts.ask(_FOUND, asked) if asked["things"] else ():
        found.setdefault((iri, name), []).append(key)
    having = _having(facts, names)
    columns: dict[str, tuple[Values, ...]] = {}
    for name in names:
        own = _own(projection, name, identity)
        column = tuple(
            None
            if thing is None or (at not in own and projection.segments[at] not in having[name])
            else tuple(dict.fromkeys([*own.get(at, ()), *found.get((thing, name), ())]))
            for at, thing in enumerate(things)
        )
        if any(column):
            columns[name] = column
    return replace(projection, attributes=columns)


def _own(projection: Projection, name: str, identity: Identity) -> dict[int, tuple[str]]:
    """Give the keys of the things that are themselves values of a facet, by their places."""
    things = projection.things()
    found = {}
    for at, segment in enumerate(projection.segments):
        reference = identity.parse(things[at] or "") if segment == name else None
        if reference is not None:
            found[at] = (reference.key,)
    return found


def _having(facts: Facts, names: tuple[str, ...]) -> Mapping[str, frozenset[str]]:
    """Give the kinds of things that have each facet."""
    beginning = frozenset(kind for (kind,) in facts.ask(_BEGINNING, {"name": PERIOD}))
    kinds = [kind for (kind,) in facts.ask("SELECT kind FROM kind_counts")]
    return {
        name: beginning
        if name == PERIOD
        else frozenset(kind for kind in kinds if name in filters_of(kind))
        for name in names
    }


def is_value(facts: Facts, name: str, key: str) -> bool:
    """Tell whether a key is a value of a facet for anything in the release."""
    segments = [item.segment for item in FILTERS if item.name == name]
    asked = {"kinds": segments, "key": key}
    return bool(facts.made() is not None and facts.ask(_IS_VALUE, asked))


def answering(projection: Projection, name: str) -> frozenset[int]:
    """Give the numbers of the things that a filter is asked of: nodes, else reasons.

    Themes, programmes, periods and the like are asked of undertakings where the nodes have any,
    else of the undertakings that are reasons; country, type and role of all nodes that have them.
    What is itself a value of the facet always answers.
    """
    column, segments = projection.attributes.get(name, ()), projection.segments
    having = [at for at, values in enumerate(column) if values is not None]
    nodes = len(projection.nodes)
    own = {at for at in having if segments[at] == name}
    drawn, behind = [at for at in having if at < nodes], [at for at in having if at >= nodes]
    if name in _OF_ANY:
        return frozenset(own | set(drawn or behind))
    for several in (drawn, behind):
        doing = {at for at in several if segments[at] in UNDERTAKINGS}
        if doing:
            return frozenset(own | doing)
    return frozenset(own | set(drawn or behind))
