"""Homes with a release of organisations only: their names, countries, and the index of these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from graph.facts.building import build, stamp
from graph.formats import NQUADS
from graph.identities.profiles import Profile
from graph.identity import Identity
from graph.reconciling import making
from graph.release import Manifest, Release, Releases
from graph.search import Name, SearchIndex
from graph.store import Store, serialise
from graph.terms import Term, iri, text
from ontology import Class, Property, expand

_IDENTITY = Identity()
_BATCH = 2_000  # organisations that are written at once


def publish(home: Path, profiles: Iterable[Profile]) -> Release:
    """Publish a release of organisations with their names and countries."""
    releases, profiles = Releases(home), list(profiles)
    with releases.draft() as folder:
        store = Store.create(folder / "work")
        for first in range(0, len(profiles), _BATCH):
            some = profiles[first : first + _BATCH]
            quads = [statement for profile in some for statement in _statements(profile)]
            store.load(serialise(quads, NQUADS), NQUADS)
        final = folder / "release"
        final.mkdir()
        store.checkpoint(final / "store")
        SearchIndex.build(final / "search", _names(profiles))
        build(store, _IDENTITY, final / "facts")
        stamp(final / "facts", 1, "0")
        making.make(final / "facts", final / making.FOLDER)
        return releases.publish(final, _manifest(len(store)))


def _statements(profile: Profile) -> Iterator[tuple[Term, ...]]:
    thing = iri(f"{_IDENTITY.base}id/{profile.thing}")
    yield thing, iri(expand("rdf:type")), iri(Class.ORGANISATION)
    for place, name in enumerate(profile.names):
        property_ = "skos:altLabel" if place else "skos:prefLabel"
        yield thing, iri(expand(property_)), text(name, "und")
    for key in profile.countries:
        country = iri(_IDENTITY.entity("country", key))
        yield thing, iri(Property.COUNTRY), country
        yield country, iri(expand("rdf:type")), iri(Class.COUNTRY)
        yield country, iri(expand("skos:prefLabel")), text(key, "und")


def _names(profiles: Iterable[Profile]) -> Iterator[Name]:
    for profile in profiles:
        for name in profile.names:
            yield Name(f"{_IDENTITY.base}id/{profile.thing}", "organisation", name, "und")


def _manifest(quads: int) -> Manifest:
    return Manifest(
        number=1,
        created=datetime.now(UTC),
        base=_IDENTITY.base,
        digest="0",
        statements=quads,
        quads=quads,
        conforms=True,
        software="0",
        ontology="0",
        sources=(),
    )
