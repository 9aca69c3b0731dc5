"""Releases with one large network: organisations that carry practices together, two by two."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from graph.facts import build, stamp
from graph.identity import Identity
from graph.lines import Lines
from graph.release import Manifest, Release, Releases
from graph.search import Name, SearchIndex
from graph.store.writing import WritableStore
from visualisations.prepared import prepare

LINKS = 2.5  # for each organisation
_SEED = 20261122
_IDENTITY = Identity()
_SIKG = "https://w3id.org/sikg/ontology#"
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_LABEL = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
_COUNTRIES = ("DE", "IT", "ES", "PL", "FR", "PT", "RO", "HU", "CZ", "GR", "BG", "SK", "LT", "EE")
_PLACES = ["Saint", "North", "Lower", "New", "Upper", "Great", "East", "Old"]
_SORTS = [
    "Foundation",
    "Agency",
    "Council",
    "Institute",
    "Network",
    "University",
    "Association",
    "Union",
]


def make(home: Path, organisations: int) -> Release:
    """Publish a release in which so many organisations are linked by practices of two each."""
    releases = Releases(home)
    with releases.draft() as folder:
        final = folder / "release"
        final.mkdir()
        lines = Lines((folder / "merged.nt",), (folder / "stated.nq",))
        row = f"<{_IDENTITY.row('made', 1)}>"
        with lines.merged[0].open("w") as merged, lines.stated[0].open("w") as stated:
            for statement in _statements(organisations):
                merged.write(f"{statement} .\n")
                stated.write(f"{statement} {row} .\n")
        store = WritableStore.create(folder / "store")
        for file in (*lines.merged, *lines.stated):
            store.load_statements(file)
        build(store, _IDENTITY, final / "facts", lines)
        stamp(final / "facts", releases.next_number(), "0" * 128)
        prepare(store, _IDENTITY, final)
        store.checkpoint(final / "store")
        name = Name(_IDENTITY.entity("organisation", "o-0"), "organisation", "o-0", "en")
        SearchIndex.build(final / "search", [name])
        manifest = Manifest(
            number=releases.next_number(),
            created=datetime(2026, 1, 1, tzinfo=UTC),
            base=_IDENTITY.base,
            digest="0" * 128,
            statements=1,
            quads=len(store),
            conforms=True,
            software="0",
            ontology="0",
            sources=(),
        )
        return releases.publish(final, manifest)


def pairs(organisations: int) -> list[tuple[int, int]]:
    """Give the links: few organisations have many, and most of a field stay within it."""
    chance = random.Random(_SEED)
    found: set[tuple[int, int]] = set()
    while len(found) < organisations * LINKS:
        one = int(organisations * chance.random() ** 2)
        near = one + int(chance.gauss(0, 30)) if chance.random() < 0.8 else None
        two = int(organisations * chance.random()) if near is None else near % organisations
        if one != two:
            found.add((min(one, two), max(one, two)))
    return sorted(found)


def _statements(organisations: int) -> Iterator[str]:
    chance = random.Random(_SEED)
    for number in range(organisations):
        organisation = _iri("organisation", f"o-{number}")
        name = f"{chance.choice(_PLACES)} {chance.choice(_SORTS)} {number}"
        yield f"{organisation} {_TYPE} <{_SIKG}Organisation>"
        yield f'{organisation} {_LABEL} "{name}"@en'
        country = _COUNTRIES[int(chance.random() ** 2 * len(_COUNTRIES))]
        yield f"{organisation} <{_SIKG}country> {_iri('country', country)}"
    for number, (one, two) in enumerate(pairs(organisations)):
        practice = _iri("practice", f"p-{number}")
        yield f"{practice} {_TYPE} <{_SIKG}Practice>"
        yield f'{practice} {_LABEL} "Practice {number}"@en'
        yield f'{practice} <{_SIKG}startDate> "{2007 + number % 19}"'
        yield f"{practice} <{_SIKG}theme> {_iri('theme', f'theme-{number % 40}')}"
        for end in (one, two):
            yield f"{practice} <{_SIKG}carriedBy> {_iri('organisation', f'o-{end}')}"


def _iri(kind: str, key: str) -> str:
    return f"<{_IDENTITY.entity(kind, key)}>"
