"""The questions of the catalogue in RDF, in the words that SIB uses for examples of queries.

Prefixes are declared as in SHACL, 5.2.1; the examples need them nowhere, since each text of the
catalogue declares its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from graph.catalogue import CatalogueQuery
from graph.identity import Identity
from graph.terms import XSD, Term, iri, literal, text
from ontology import PREFIXES, expand

_LANGUAGE = "en"  # of the catalogue
_FORM = re.compile(r"^\s*(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE | re.MULTILINE)
# SHACL has a class for three of the forms; `describe` is of SIB's own vocabulary.
_SPEX = "https://purl.expasy.org/sparql-examples/ontology#"
_WORDS = {
    "SELECT": (expand("sh:SPARQLSelectExecutable"), expand("sh:select")),
    "ASK": (expand("sh:SPARQLAskExecutable"), expand("sh:ask")),
    "CONSTRUCT": (expand("sh:SPARQLConstructExecutable"), expand("sh:construct")),
    "DESCRIBE": (f"{_SPEX}SPARQLDescribeExecutable", f"{_SPEX}describe"),
}

Statement = tuple[Term, Term, Term]


def address(identity: Identity, name: str | None = None) -> str:
    """Give the IRI of an example, or without a name that of all."""
    home = f"{identity.base}.well-known/sparql-examples"
    return home if name is None else f"{home}/{name}"


def describe_examples(queries: Iterable[CatalogueQuery], identity: Identity) -> Iterator[Statement]:
    """Describe questions as executables for the endpoint, each with its title and page."""
    prefixes = iri(f"{address(identity)}#prefixes")
    yield from _declare_prefixes(prefixes)
    for query in queries:
        yield from _example(query, identity, prefixes)


def _declare_prefixes(prefixes: Term) -> Iterator[Statement]:
    yield prefixes, iri(expand("rdf:type")), iri(expand("owl:Ontology"))
    for name, namespace in PREFIXES.items():
        declaration = iri(f"{prefixes.value}-{name}")
        yield prefixes, iri(expand("sh:declare")), declaration
        yield declaration, iri(expand("sh:prefix")), literal(name)
        yield declaration, iri(expand("sh:namespace")), literal(namespace, f"{XSD}anyURI")


def _example(query: CatalogueQuery, identity: Identity, prefixes: Term) -> Iterator[Statement]:
    example = iri(address(identity, query.name))
    found = _FORM.search(query.text)
    kind, holds = _WORDS[found[1].upper() if found else "SELECT"]
    # With its defaults where they depend on the base, so that the text runs as it stands.
    required = any(item.required for item in query.parameters)
    asked = query.text if required else query.bound({}, identity).text
    for class_ in (expand("sh:SPARQLExecutable"), kind):
        yield example, iri(expand("rdf:type")), iri(class_)
    yield example, iri(expand("rdfs:label")), text(query.title, _LANGUAGE)
    yield example, iri(expand("rdfs:comment")), text(query.description, _LANGUAGE)
    yield example, iri(expand("sh:prefixes")), prefixes
    yield example, iri(holds), literal(asked)
    yield example, iri(expand("schema:target")), iri(f"{identity.base}sparql")
    page = iri(f"{identity.base}queries/{query.name}")
    yield example, iri(expand("foaf:isPrimaryTopicOf")), page
