"""Profiles: what a release says of an organisation that helps to tell who it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from graph.engine import Engine, Query
from graph.identities.schemes import SCHEMES, identifier
from graph.identity import Identity
from graph.terms import iri
from ontology import PREFIXES, Property, compact, expand

_NAMES = tuple(
    name
    for name in (
        expand("skos:prefLabel"),
        expand("skos:altLabel"),
        Property.NATIVE_NAME,
    )
)
_SHORT = Property.ACRONYM
_MOST = 40  # names that are compared of one organisation

_HEAD = "".join(f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items())
_ABOUT = f"""{_HEAD}
SELECT ?thing ?property ?value WHERE {{
  VALUES ?thing {{ UNDEF }}
  ?thing a sikg:Organisation ; ?property ?value
  VALUES ?property {{
    {" ".join(compact(name) for name in (*_NAMES, _SHORT, *SCHEMES))}
    sikg:country sikg:city foaf:homepage
  }}
}}
"""
_SOURCES = f"""{_HEAD}
SELECT DISTINCT ?thing ?source WHERE {{
  VALUES ?thing {{ UNDEF }}
  GRAPH ?row {{ ?thing a ?class }}
  GRAPH ?receipts {{ ?row sikg:fromTable/sikg:fromSource ?source }}
  ?thing a sikg:Organisation
}}
"""
_ACTIVE = f"""{_HEAD}
SELECT DISTINCT ?thing ?country WHERE {{
  VALUES ?thing {{ UNDEF }}
  ?part sikg:participant ?thing ; sikg:participatesIn/sikg:country ?country
  FILTER NOT EXISTS {{ ?thing sikg:country ?own }}
}}
"""


@dataclass(frozen=True, slots=True)
class Profile:
    """An organisation as kind and key: its names, where it is, and what identifies it.

    `countries` are ISO 3166 codes; where it has none, `active` are those of what it takes part in.
    `sources` are the names of the sources that describe it.
    """

    thing: str
    names: tuple[str, ...]
    countries: frozenset[str] = frozenset()
    cities: frozenset[str] = frozenset()
    homepages: frozenset[str] = frozenset()
    identifiers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sources: frozenset[str] = frozenset()
    active: frozenset[str] = frozenset()

    @property
    def places(self) -> frozenset[str]:
        """Give the countries by which it is compared: its own, or those where it is active."""
        return self.countries or self.active


def read_profiles(
    engine: Engine, identity: Identity, things: Collection[str] = ()
) -> list[Profile]:
    """Read the profiles of some organisations of a release, or of all, in order of their keys."""
    asked = [Query(_ABOUT), Query(_SOURCES), Query(_ACTIVE)]
    if things:
        chosen = [iri(f"{identity.base}id/{thing}") for thing in sorted(things)]
        asked = [query.bind(thing=chosen) for query in asked]
    about, stated, active = asked
    told: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in engine.select(about):
        told[row["thing"].value][row["property"].value].add(row["value"].value)
    sources: dict[str, set[str]] = defaultdict(set)
    for row in engine.select(stated):
        reference = identity.parse(row["source"].value)
        sources[row["thing"].value].add(reference.key if reference else row["source"].value)
    where: dict[str, set[str]] = defaultdict(set)
    country = identity.entity("country", "")
    for row in engine.select(active):
        where[row["thing"].value].add(row["country"].value.removeprefix(country))
    prefix = f"{identity.base}id/"
    return [
        replace(
            _profile(thing.removeprefix(prefix), about, identity),
            sources=frozenset(sources[thing]),
            active=frozenset(where[thing]),
        )
        for thing, about in sorted(told.items())
        if thing.startswith(prefix)
    ]


def _profile(thing: str, about: Mapping[str, set[str]], identity: Identity) -> Profile:
    country = identity.entity("country", "")
    countries = frozenset(value.removeprefix(country) for value in about.get(Property.COUNTRY, ()))
    acronyms = about.get(_SHORT, set())
    names = {name for kind in _NAMES for name in about.get(kind, ())} - acronyms
    held: dict[str, set[str]] = defaultdict(set)
    for property_ in SCHEMES:
        for value in about.get(property_, ()):
            found = identifier(property_, value, countries)
            if found is not None:
                held[found[0]].add(found[1])
    return Profile(
        thing,
        tuple(sorted(names)[:_MOST]),
        countries,
        frozenset(about.get(Property.CITY, ())),
        frozenset(about.get(expand("foaf:homepage"), ())),
        {scheme: frozenset(values) for scheme, values in held.items()},
    )
