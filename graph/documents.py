"""Documents of linked data: what a release says about one thing, in any graph format.

A document holds the statements about the thing, its parts and its links, the labels of all that
is linked, and a statement for each cut. Formats of quads name the graph of each statement, and
hold the receipts of the rows among these.
"""

from __future__ import annotations

from collections.abc import Iterator

from graph.entities import CONTENT_LIMIT
from graph.entity import Entity
from graph.formats import Format
from graph.incoming import Incoming
from graph.jsonld import compacted
from graph.store import serialise
from graph.terms import Term, iri, text
from ontology import expand

_TYPE = iri(expand("rdf:type"))
_LABEL = iri(expand("skos:prefLabel"))
_COMMENT = iri(expand("rdfs:comment"))
_SEE_ALSO = iri(expand("rdfs:seeAlso"))
_DOCUMENT = iri(expand("foaf:Document"))
_TOPIC = iri("http://xmlns.com/foaf/0.1/primaryTopic")


def document(entity: Entity, form: Format) -> bytes:
    """Write what a release says about a thing as a document of linked data."""
    statements: dict[tuple[Term, ...], None] = {}
    for item in entity.all_statements():
        if item.overruled and not form.quads:
            continue  # it is told with the row that states it, or not at all
        quads = item.quads()
        statements.update(dict.fromkeys(quads if form.quads else (quad[:3] for quad in quads)))
    if form.quads:
        statements.update(dict.fromkeys(entity.receipts.quads))
    told = {(subject, predicate, value) for subject, predicate, value, *_ in statements}
    beside = (item for item in _about_document(entity) if item not in told)
    if form.name == "jsonld":
        return compacted([*statements, *beside], f"{entity.identity.base}context.jsonld")
    return serialise([*statements, *beside], form)


def notices(entity: Entity) -> list[str]:
    """Say, in one sentence each, what was left out."""
    limit = entity.limit
    cuts = {
        f"Only {limit} of its participations and amounts are given here; there are more.": (
            entity.parts_complete
        ),
        f"Only {limit} of the links to it are given here; there are more.": (
            entity.incoming_complete
        ),
        f"Only {CONTENT_LIMIT} of the statements of the row are given here; there are more.": (
            entity.content_complete
        ),
    }
    return [notice for notice, complete in cuts.items() if not complete]


def _about_document(entity: Entity) -> Iterator[tuple[Term, Term, Term]]:
    identity, reference = entity.identity, entity.reference
    path = identity.entity(reference.segment, reference.key).removeprefix(f"{identity.base}id/")
    this = iri(f"{identity.base}data/{path}")
    yield this, _TYPE, _DOCUMENT
    yield this, _TOPIC, iri(entity.iri)
    if not entity.incoming_complete:
        yield this, _SEE_ALSO, iri(Incoming.address(this.value, 1))
    for notice in notices(entity):
        yield this, _COMMENT, text(notice, "en")
    for thing, label in entity.names.terms():
        if label.language:
            yield iri(thing), _LABEL, label
