"""The catalogue of a release: itself, the whole graph with its versions, and each source.

What it states is of one release and needs nothing but its folder. Terms of EU tables are explained
where they are named, so that the shapes of DCAT-AP can be checked without asking anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from graph.dcat.authorities import AUTHORITY, authority, explained
from graph.dcat.coverage import Contents, Coverage, Described
from graph.dcat.datasets import covered, dataset, languages, together
from graph.dcat.distributing import (
    CC_BY,
    dump_distribution,
    service_names,
    services,
    source_distribution,
)
from graph.dcat.frequencies import CODES
from graph.dcat.saying import Statement, address, day, english, hashed, moment, part, say
from graph.dumps.files import STATEMENTS, SUMS_FILE, Dump, read_listing
from graph.errors import NotFoundError, StorageError
from graph.identity import Identity
from graph.release import Manifest, Release, Releases, SourceEntry
from graph.terms import Term, iri, literal

GRAPH = "catalogue"
TITLE = "Knowledge graph of European social innovation"
DESCRIPTION = (
    "Organisations, consortia, practices, programmes, policies, events and funding of European "
    "social innovation, from published tables, with a receipt for every statement."
)
_NOBODY = "The maintainers of the social innovation knowledge graph"
_INTERFACE = ("en", "et", "lv")
_ONTOLOGY = iri("https://w3id.org/sikg/ontology")


@dataclass(frozen=True, slots=True)
class Version:
    """A kept release in the chain of versions."""

    number: int
    created: datetime


@dataclass(frozen=True)
class Catalogue:
    """What a catalogue is written from; `earlier` are the kept releases before, in any order.

    Without `timed` it tells no times of releases, so that equal tables give equal statements.
    """

    manifest: Manifest
    contents: Contents
    dumps: Sequence[Dump] = ()
    earlier: Sequence[Version] = ()
    timed: bool = True
    identity: Identity = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "identity", Identity(self.manifest.base))

    @classmethod
    def of(cls, release: Release, releases: Releases) -> Catalogue:
        """Read what the catalogue of a kept release is written from."""
        return cls(
            release.manifest,
            Contents.read(release.path),
            read_listing(release.path),
            versions(releases),
        )

    def statements(self) -> list[Statement]:
        """Describe the catalogue and all that it lists, each statement once."""
        found = dict.fromkeys(self._statements())
        named = [term for statement in found for term in statement]
        return list(dict.fromkeys([*found, *explained(named)]))

    @property
    def publisher(self) -> str:
        """Name who publishes the whole."""
        return self.contents.publisher.name or _NOBODY

    @property
    def covers(self) -> Coverage:
        """Tell what all sources cover together."""
        return together([item.covers for item in self.contents.sources])

    @property
    def whole(self) -> Term:
        """Name the dataset that is the whole graph, whatever its version."""
        return part(self.identity, "graph")

    def chain(self) -> list[Version]:
        """Give the kept releases up to this one, in order."""
        this = Version(self.manifest.number, self.manifest.created)
        before = [item for item in self.earlier if item.number < this.number]
        return [*sorted(before, key=lambda item: item.number), this]

    def _statements(self) -> Iterator[Statement]:
        yield from self._catalogue()
        yield from self._agents()
        yield from self._whole()
        yield from self._versions()
        yield from services(self.identity, self.whole)
        described = {item.name: item for item in self.contents.sources}
        for entry in self.manifest.sources:
            yield from self._source(entry, described.get(entry.name))
        for licence in sorted({CC_BY, *(item.licence for item in self.manifest.sources)}):
            named = address(licence)
            if named is not None:
                yield from say(named, {"rdf:type": "dcterms:LicenseDocument"})

    def _catalogue(self) -> Iterator[Statement]:
        this, home = iri(f"{self.identity.base}catalogue"), iri(self.identity.base)
        yield from say(
            this,
            {
                "rdf:type": "dcat:Catalog",
                "dcterms:title": english(f"{TITLE}: catalogue"),
                "dcterms:description": english("What this node publishes, and in which forms."),
                "dcterms:publisher": part(self.identity, "publisher"),
                "dcat:contactPoint": part(self.identity, "contact"),
                "dcterms:license": iri(CC_BY),
                "dcterms:language": languages(_INTERFACE),
                "dcterms:issued": day(self._first.date()) if self.timed else None,
                "dcterms:modified": moment(self.manifest.created) if self.timed else None,
                "dcterms:spatial": authority("continent", "EUROPE"),
                "dcat:themeTaxonomy": iri(f"{AUTHORITY}data-theme"),
                "foaf:homepage": home,
                "dcat:dataset": [self.whole, *self._sources()],
                "dcat:service": service_names(self.identity),
            },
        )
        yield from say(home, {"rdf:type": "foaf:Document"})

    def _agents(self) -> Iterator[Statement]:
        yield from _agent(part(self.identity, "publisher"), self.publisher)
        where = address(self.contents.publisher.contact)
        mail = where if where is not None and where.value.startswith("mailto:") else None
        page = None if mail is not None else where or iri(f"{self.identity.base}about")
        contact = part(self.identity, "contact")
        yield from say(
            contact, {"rdf:type": "vcard:Organization", "vcard:fn": literal(self.publisher)}
        )
        yield from say(
            contact, {"rdf:type": "vcard:Kind", "vcard:hasEmail": mail, "vcard:hasURL": page}
        )

    def _whole(self) -> Iterator[Statement]:
        dumps = self._dumps("latest", self.dumps)
        document = iri(f"{self.identity.base}catalogue")
        yield from self._graph(self.whole, TITLE, self.covers)
        yield from say(
            self.whole,
            {
                "dcterms:issued": day(self._first.date()) if self.timed else None,
                "dcterms:modified": moment(self.manifest.created) if self.timed else None,
                "dcat:version": literal(str(self.manifest.number)),
                "dcat:hasVersion": [self._version(item.number) for item in self.chain()],
                "dcat:landingPage": document,
                "dcterms:conformsTo": _ONTOLOGY,
                "dcterms:source": self._sources(),
                "dcat:distribution": [item[0][0] for item in dumps],
            },
        )
        named = english("SIKG ontology")
        yield from say(_ONTOLOGY, {"rdf:type": "dcterms:Standard", "dcterms:title": named})
        yield from say(document, {"rdf:type": "foaf:Document"})
        for statements in dumps:
            yield from statements

    def _versions(self) -> Iterator[Statement]:
        before: Term | None = None
        for item in self.chain():
            this = self._version(item.number)
            current = item.number == self.manifest.number
            dumps = self._dumps(str(item.number), self.dumps if current else ())
            covers = self.covers if current else Coverage()
            yield from self._graph(this, f"{TITLE}, release {item.number}", covers)
            yield from say(
                this,
                {
                    "dcterms:issued": moment(item.created) if self.timed else None,
                    "dcat:version": literal(str(item.number)),
                    "dcat:isVersionOf": self.whole,
                    "dcat:previousVersion": before,
                    "dcat:distribution": [one[0][0] for one in dumps],
                },
            )
            for statements in dumps:
                yield from statements
            before = this

    def _graph(self, this: Term, title: str, covers: Coverage) -> Iterator[Statement]:
        yield from dataset(self.identity, this, title, DESCRIPTION)
        yield from covered(self.identity, this, covers, self.contents.places)
        yield from say(
            this,
            {
                "dcterms:publisher": part(self.identity, "publisher"),
                "dcterms:license": iri(CC_BY),
                "dcterms:accrualPeriodicity": authority("frequency", "IRREG"),
            },
        )

    def _source(self, entry: SourceEntry, described: Described | None) -> Iterator[Statement]:
        this = iri(self.identity.entity("source", entry.name))
        publisher = hashed(self.identity, "agent", entry.publisher)
        rights = part(self.identity, f"rights-{entry.name}")
        text = (described.description if described else None) or f"The table {entry.file}."
        yield from dataset(self.identity, this, entry.title, text)
        if described is not None:
            yield from covered(self.identity, this, described.covers, self.contents.places)
        yield from _agent(publisher, entry.publisher)
        yield from say(
            this,
            {
                "dcterms:publisher": publisher,
                "dcterms:license": address(entry.licence),
                "dcterms:rights": rights,
                "dcterms:modified": day(described.retrieved) if described else None,
                "dcterms:accrualPeriodicity": _frequency(described),
                "dcterms:identifier": literal(entry.name),
                "dcat:landingPage": this,
                "dcat:distribution": part(self.identity, f"source-{entry.name}"),
            },
        )
        yield from say(this, {"rdf:type": "foaf:Document"})
        label = english(attribution(entry, described))
        yield from say(rights, {"rdf:type": "dcterms:RightsStatement", "rdfs:label": label})
        yield from source_distribution(self.identity, entry, described)

    def _dumps(self, folder: str, dumps: Sequence[Dump]) -> list[list[Statement]]:
        listed = dumps or STATEMENTS
        return [
            dump_distribution(self.identity, folder, dump, folder) for dump in (*listed, SUMS_FILE)
        ]

    def _sources(self) -> list[Term]:
        return [iri(self.identity.entity("source", item.name)) for item in self.manifest.sources]

    @property
    def _first(self) -> datetime:
        return min(item.created for item in self.chain()).astimezone(UTC)

    def _version(self, number: int) -> Term:
        return part(self.identity, f"release-{number}")


def attribution(entry: SourceEntry, described: Described | None) -> str:
    """Write how a source is to be named by those who use what it states."""
    told = f", read on {described.retrieved.isoformat()}" if described else ""
    return f"{entry.publisher}: {entry.title}{told}, under {entry.licence}."


def versions(releases: Releases) -> list[Version]:
    """Give the kept releases; those that cannot be read are left out."""
    found = []
    for number in releases.numbers():
        with suppress(NotFoundError, StorageError):
            found.append(Version(number, releases.get(number).manifest.created))
    return found


def _frequency(described: Described | None) -> Term:
    told = described.frequency if described else None
    return authority("frequency", "UNKNOWN" if told is None else CODES[told])


def _agent(this: Term, title: str) -> Iterator[Statement]:
    yield from say(this, {"rdf:type": "foaf:Agent", "foaf:name": literal(title)})
