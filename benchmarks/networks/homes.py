"""Releases with one large network: organisations that carry practices together, two by two."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from graph.facts import build, stamp
from graph.identity import Identity
from graph.lines import Lines
from graph.release import Manifest, Release, Releases
from graph.search import Name, SearchIndex
from graph.store.writing import WritableStore
from visualisations.preparing import prepare

LINKS = 2.5  # for each organisation
# Those of Horizon 2020, with some 144,000 parts.
ORGANISATIONS, PROJECTS = 36_000, 31_500
_FIELDS = 40
_PATIENCE = 900.0  # seconds for maps, so that a busy machine leaves none out
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
    return publish(home, _statements(organisations))


def make_consortia(home: Path) -> Release:
    """Publish a release of the size of Horizon 2020: its organisations, projects and parts."""
    return publish(home, _consortia())


def publish(home: Path, statements: Iterable[str]) -> Release:
    """Publish a release of statements, with its maps."""
    releases = Releases(home)
    with releases.draft() as folder:
        final = folder / "release"
        final.mkdir()
        lines = Lines((folder / "merged.nt",), (folder / "stated.nq",))
        row = f"<{_IDENTITY.row('made', 1)}>"
        with lines.merged[0].open("w") as merged, lines.stated[0].open("w") as stated:
            for statement in statements:
                merged.write(f"{statement} .\n")
                stated.write(f"{statement} {row} .\n")
        store = WritableStore.create(folder / "store")
        for file in (*lines.merged, *lines.stated):
            store.load_statements(file)
        build(store, _IDENTITY, final / "facts", lines)
        stamp(final / "facts", releases.next_number(), "0" * 128)
        prepare(store, _IDENTITY, final, seconds=_PATIENCE)
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
    for number in range(organisations):
        yield from _organisation(number)
    for number, (one, two) in enumerate(pairs(organisations)):
        practice = _iri("practice", f"p-{number}")
        yield f"{practice} {_TYPE} <{_SIKG}Practice>"
        yield f'{practice} {_LABEL} "Practice {number}"@en'
        yield f'{practice} <{_SIKG}startDate> "{2007 + number % 19}"'
        yield f"{practice} <{_SIKG}theme> {_iri('theme', f'theme-{number % 40}')}"
        for end in (one, two):
            yield f"{practice} <{_SIKG}carriedBy> {_iri('organisation', f'o-{end}')}"


def parts() -> list[list[int]]:
    """Give who takes part in each project: in most one, in some up to a hundred."""
    chance = random.Random(_SEED)
    found = []
    for _ in range(PROJECTS):
        size = 1 if chance.random() < 0.6 else 2 + int(chance.expovariate(1 / 8.5))
        field = chance.randrange(_FIELDS)
        members: set[int] = set()
        while len(members) < min(size, 150):
            number = int(ORGANISATIONS * chance.random() ** 3)
            # Most of a project are of its field.
            members.add(number - number % _FIELDS + field if chance.random() < 0.8 else number)
        found.append(sorted(number % ORGANISATIONS for number in members))
    return found


def _consortia() -> Iterator[str]:
    for number in range(ORGANISATIONS):
        yield from _organisation(number)
    for number, members in enumerate(parts()):
        project = _iri("project", f"h-{number}")
        yield f"{project} {_TYPE} <{_SIKG}Project>"
        yield f'{project} {_LABEL} "Project {number}"@en'
        yield f'{project} <{_SIKG}startDate> "{2014 + number % 9}"'
        for member in members:
            part = _iri("participation", f"h-{number}-{member}")
            yield f"{part} {_TYPE} <{_SIKG}Participation>"
            yield f"{part} <{_SIKG}participatesIn> {project}"
            yield f"{part} <{_SIKG}participant> {_iri('organisation', f'o-{member}')}"


def _organisation(number: int) -> Iterator[str]:
    chance = random.Random(number)
    organisation = _iri("organisation", f"o-{number}")
    name = f"{chance.choice(_PLACES)} {chance.choice(_SORTS)} {number}"
    yield f"{organisation} {_TYPE} <{_SIKG}Organisation>"
    yield f'{organisation} {_LABEL} "{name}"@en'
    country = _COUNTRIES[int(chance.random() ** 2 * len(_COUNTRIES))]
    yield f"{organisation} <{_SIKG}country> {_iri('country', country)}"


def _iri(kind: str, key: str) -> str:
    return f"<{_IDENTITY.entity(kind, key)}>"
