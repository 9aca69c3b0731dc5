"""Receipts of sources and tables: what is said of them in the graph of receipts."""

from __future__ import annotations

from collections.abc import Iterator

import ontology
from graph.identity import Identity
from graph.terms import Term, text
from loaders.language.mapping import SourceMapping
from loaders.reading.readers import Table

_XSD = "http://www.w3.org/2001/XMLSchema#"

# A statement with three terms, or four where the last names its graph.
Statement = tuple[Term, ...]


def source_receipts(
    mapping: SourceMapping, identity: Identity, table: Table
) -> Iterator[Statement]:
    """Give the statements about a source and its table, in the graph of receipts."""
    graph = Term("uri", identity.graph("receipts"))
    source = Term("uri", identity.entity("source", mapping.name))
    place = Term("uri", identity.table(mapping.name, table.sheet))
    about_source = {
        "rdf:type": Term("uri", ontology.Class.SOURCE),
        "dcterms:title": text(mapping.title, "en"),
        "dcterms:publisher": text(mapping.publisher, "en"),
        "dcterms:license": Term("uri", mapping.licence),
        "sikg:retrieved": Term("literal", mapping.retrieved.isoformat(), None, f"{_XSD}date"),
        "sikg:mappingVersion": Term("literal", mapping.version),
    }
    if mapping.description:
        about_source["dcterms:description"] = text(mapping.description, "en")
    about_table = {
        "rdf:type": Term("uri", ontology.Class.TABLE),
        "sikg:fromSource": source,
        "sikg:fileName": Term("literal", table.path.name),
        "sikg:sha256": Term("literal", table.sha256),
    }
    address = mapping.rows.url or mapping.rows.endpoint
    if address is not None:
        about_table["dcterms:source"] = Term("uri", address)
    if table.sheet is not None:
        about_table["sikg:sheet"] = Term("literal", table.sheet)
    for subject, about in ((source, about_source), (place, about_table)):
        for name, value in about.items():
            yield subject, Term("uri", ontology.declared(name)), value, graph
