"""Pages of the feed as linked data: Linked Data Event Streams 1.0 over TREE.

The root says what the stream is, how its members are read, how far back it goes, and in which time
each page lies. Pages hold members, and nothing that could change once they are full.
"""

from __future__ import annotations

from collections.abc import Iterator

from graph.feed.log import Head
from graph.feed.members import AS, LDES, TREE, moment
from graph.terms import XSD, Term, iri, literal, text
from ontology import expand

POLLING = 60  # seconds between two looks at the root
VOID = "http://rdfs.org/ns/void#"
_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
DIGEST = "urn:sikg:digest:"  # before the content digest of a release
_TYPE = iri(expand("rdf:type"))

Statement = tuple[Term, Term, Term]


def root(head: Head) -> Iterator[Statement]:
    """Describe the stream and its root (LDES 1.0, section 4; TREE, section 3)."""
    stream, view = iri(head.stream), iri(head.address)
    yield stream, _TYPE, iri(f"{LDES}EventStream")
    yield stream, iri(expand("dcterms:title")), text("Changes of the knowledge graph", "en")
    yield stream, iri(expand("dcterms:license")), iri(_LICENCE)
    yield stream, iri(f"{VOID}uriSpace"), literal(head.base)
    yield stream, iri(f"{TREE}view"), view
    for name, value in _READING.items():
        yield stream, iri(f"{LDES}{name}"), iri(value)
    yield stream, iri(f"{LDES}pollingInterval"), literal(str(POLLING), f"{XSD}integer")
    release = iri(f"{head.base}releases/{head.release}")
    yield stream, iri(expand("dcterms:hasVersion")), release
    yield release, iri(expand("dcterms:identifier")), literal(f"{DIGEST}{head.digest}")
    yield view, _TYPE, iri(f"{TREE}Node")
    yield view, _TYPE, iri(f"{LDES}EventSource")
    retention = iri(f"{head.address}#retention")
    yield view, iri(f"{LDES}retentionPolicy"), retention
    yield retention, _TYPE, iri(f"{LDES}RetentionPolicy")
    yield retention, iri(f"{LDES}startingFrom"), _time(moment(head.began))
    for number in range(1, len(head.pages) + 1):
        yield from _relations(head, number)


# How a client reads members: which property says when, of what, and what happened.
_READING = {
    "timestampPath": f"{AS}published",
    "versionOfPath": f"{AS}object",
    "versionCreatePath": _TYPE.value,
    "versionCreateObject": f"{AS}Create",
    "versionUpdatePath": _TYPE.value,
    "versionUpdateObject": f"{AS}Update",
    "versionDeletePath": _TYPE.value,
    "versionDeleteObject": f"{AS}Delete",
}


def _relations(head: Head, number: int) -> Iterator[Statement]:
    """Lead to a page, with the time from which on and, once it is full, until which it tells."""
    entry, view = head.pages[number - 1], iri(head.address)
    bounds = [("GreaterThanOrEqualTo", entry.first)]
    if entry.closed:
        bounds.append(("LessThanOrEqualTo", entry.last))
    for kind, when in bounds:
        this = iri(f"{head.address}#{kind}-{number}")
        yield view, iri(f"{TREE}relation"), this
        yield this, _TYPE, iri(f"{TREE}{kind}Relation")
        yield this, iri(f"{TREE}node"), iri(head.page_address(number))
        yield this, iri(f"{TREE}path"), iri(f"{AS}published")
        yield this, iri(f"{TREE}value"), _time(moment(when))


def _time(written: str) -> Term:
    return literal(written, f"{XSD}dateTime")
