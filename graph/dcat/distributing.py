"""Distributions and services: where what the catalogue describes is had, and in which form."""

from __future__ import annotations

from collections.abc import Iterator

from graph.dcat.authorities import MEDIA_TYPES, authority, file_type
from graph.dcat.coverage import Described
from graph.dcat.saying import Statement, address, english, name, part, say, size
from graph.dumps.files import Dump
from graph.identity import Identity
from graph.release import SourceEntry
from graph.terms import XSD, Term, iri, literal

CC_BY = "https://creativecommons.org/licenses/by/4.0/"
KEYWORDS = ("social innovation", "ESF+", "competence centres", "linked open data")

_AVAILABLE = authority("planned-availability", "AVAILABLE")
# The shapes ask for an IRI that begins with https, while the vocabulary itself is of http.
_SHA256 = iri("https://spdx.org/rdf/terms#checksumAlgorithm_sha256")
_GZIP = iri(f"{MEDIA_TYPES}application/gzip")


def dump_distribution(identity: Identity, folder: str, dump: Dump, key: str) -> list[Statement]:
    """Describe a dump that is had at `{base}dumps/{folder}/{name}`."""
    this = part(identity, f"{key}-{dump.name}")
    where = iri(f"{identity.base}dumps/{folder}/{dump.name}")
    form = None if dump.file_type is None else authority("file-type", dump.file_type)
    media = iri(f"{MEDIA_TYPES}{dump.media_type}")
    statements = list(
        say(
            this,
            {
                "rdf:type": "dcat:Distribution",
                "dcterms:title": english(dump.title),
                "dcterms:description": english(f"{dump.title}, in the file {dump.name}."),
                "dcat:accessURL": iri(f"{identity.base}dumps/{folder}"),
                "dcat:downloadURL": where,
                "dcat:mediaType": media,
                "dcterms:format": form,
                "dcat:compressFormat": _GZIP if dump.packed else None,
                "dcat:byteSize": None if dump.size is None else size(dump.size),
                "dcterms:license": iri(CC_BY),
                "dcatap:availability": _AVAILABLE,
            },
        )
    )
    statements += say(media, {"rdf:type": "dcterms:MediaType"})
    if dump.packed:
        statements += say(_GZIP, {"rdf:type": "dcterms:MediaType"})
    if dump.sha256 is not None:
        statements += _checksum(identity, this, f"sum-{key}-{dump.name}", dump.sha256)
    return statements


def source_distribution(
    identity: Identity, entry: SourceEntry, described: Described | None
) -> Iterator[Statement]:
    """Describe the file that a source was read from: where it is, its format and checksum."""
    this = part(identity, f"source-{entry.name}")
    published = address(described.address) if described is not None else None
    page = iri(identity.entity("source", entry.name))
    yield from say(
        this,
        {
            "rdf:type": "dcat:Distribution",
            "dcterms:title": english(f"{entry.title}: the file {entry.file}, as it was read"),
            "dcterms:description": english(
                f"{entry.rows_read} rows read, {entry.rows_loaded} loaded."
            ),
            "dcat:accessURL": published or page,
            "dcterms:format": file_type(entry.file),
            "dcterms:license": address(entry.licence),
            "dcatap:availability": _AVAILABLE,
        },
    )
    yield from _checksum(identity, this, f"sum-source-{entry.name}", entry.sha256)


def services(identity: Identity, serves: Term) -> Iterator[Statement]:
    """Describe the ways to ask: SPARQL, and the REST interface."""
    for key, title, endpoint, description, standard in (
        (
            "sparql",
            "SPARQL endpoint",
            "sparql",
            "sparql",
            ("https://www.w3.org/TR/sparql11-protocol/", "SPARQL 1.1 Protocol"),
        ),
        (
            "rest",
            "REST interface",
            "api/v1",
            "api/v1/openapi.json",
            ("https://spec.openapis.org/oas/v3.1.0", "OpenAPI 3.1"),
        ),
    ):
        this = part(identity, key)
        conforms = iri(standard[0])
        resources = [iri(f"{identity.base}{path}") for path in (endpoint, description)]
        yield from say(
            this,
            {
                "rdf:type": "dcat:DataService",
                "dcterms:title": english(title),
                "dcat:endpointURL": resources[0],
                "dcat:endpointDescription": resources[1],
                "dcat:theme": authority("data-theme", "SOCI"),
                "dcat:keyword": [english(word) for word in KEYWORDS],
                "dcat:servesDataset": serves,
                "dcat:contactPoint": part(identity, "contact"),
                "dcterms:publisher": part(identity, "publisher"),
                "dcterms:license": iri(CC_BY),
                "dcterms:accessRights": authority("access-right", "PUBLIC"),
                "dcterms:conformsTo": conforms,
            },
        )
        yield from say(
            conforms, {"rdf:type": "dcterms:Standard", "dcterms:title": english(standard[1])}
        )
        for resource in resources:
            yield from say(resource, {"rdf:type": "rdfs:Resource"})


def service_names(identity: Identity) -> list[Term]:
    """Name the services."""
    return [part(identity, "sparql"), part(identity, "rest")]


def _checksum(identity: Identity, of: Term, key: str, value: str) -> Iterator[Statement]:
    this = part(identity, key)
    yield from say(of, {"spdx:checksum": this})
    yield from say(
        this,
        {
            "rdf:type": "spdx:Checksum",
            "spdx:algorithm": _SHA256,
            "spdx:checksumValue": literal(value, f"{XSD}hexBinary"),
        },
    )
    same = name("spdx:checksumAlgorithm_sha256")
    yield from say(_SHA256, {"rdf:type": "spdx:ChecksumAlgorithm", "owl:sameAs": same})
