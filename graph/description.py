"""The description of the SPARQL service (SPARQL 1.1 Service Description).

What depends on the release alone is loaded with it as a named graph; the limits belong to the
process that serves, and are added when it is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph.examples import address as examples_address
from graph.formats import GRAPH_FORMATS, RESULT_FORMATS
from graph.identity import Identity
from graph.terms import XSD, Term, iri, literal, text
from ontology import expand

SD = "http://www.w3.org/ns/sparql-service-description#"
GRAPHS = ("ontology", "receipts", "void", "service", "quality", "catalogue")
_W3C_FORMATS = "http://www.w3.org/ns/formats/"
_W3C_NAMES = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "turtle": "Turtle",
    "ntriples": "N-Triples",
    "nquads": "N-Quads",
    "trig": "TriG",
    "rdfxml": "RDF_XML",
    "jsonld": "JSON-LD",
}

Statement = tuple[Term, Term, Term]


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of the service: the name of its setting, its value, its unit and what it limits."""

    name: str
    value: int | float
    unit: str
    description: str


def describe(
    identity: Identity,
    *,
    counts: Mapping[str, int] | None = None,
    limits: Sequence[Limit] = (),
    federated: bool = False,
) -> Iterator[Statement]:
    """Describe the service in the words of SPARQL 1.1 Service Description.

    `counts` gives the statements of named graphs by their IRI, where they are known.
    """
    service = iri(f"{identity.base}sparql")
    yield from _about(service, "rdf:type", iri(f"{SD}Service"))
    yield from _sd(service, "endpoint", service)
    for language in ("SPARQL11Query", "SPARQL11Update"):
        yield from _sd(service, "supportedLanguage", iri(SD + language))
    for form in (*RESULT_FORMATS, *GRAPH_FORMATS):
        yield from _sd(service, "resultFormat", iri(_W3C_FORMATS + _W3C_NAMES[form.name]))
    for form in GRAPH_FORMATS:
        yield from _sd(service, "inputFormat", iri(_W3C_FORMATS + _W3C_NAMES[form.name]))
    if federated:
        yield from _sd(service, "feature", iri(f"{SD}BasicFederatedQuery"))
    # What alignments entail is stated beside the rest; nothing is inferred while answering.
    simple = iri("http://www.w3.org/ns/entailment/Simple")
    yield from _sd(service, "defaultEntailmentRegime", simple)
    yield from _about(service, "rdfs:seeAlso", iri(identity.graph("void")))
    yield from _about(service, "rdfs:seeAlso", iri(examples_address(identity)))
    yield from _dataset(service, identity, counts or {})
    for limit in limits:
        yield from _limit(service, identity, limit)


def _dataset(service: Term, identity: Identity, counts: Mapping[str, int]) -> Iterator[Statement]:
    dataset = iri(f"{identity.base}sparql#dataset")
    default = iri(f"{identity.base}sparql#default")
    yield from _sd(service, "defaultDataset", dataset)
    yield from _about(dataset, "rdf:type", iri(f"{SD}Dataset"))
    yield from _sd(dataset, "defaultGraph", default)
    yield from _about(default, "rdf:type", iri(f"{SD}Graph"))
    for name in GRAPHS:
        named = iri(f"{identity.base}sparql#{name}")
        yield from _sd(dataset, "namedGraph", named)
        yield from _about(named, "rdf:type", iri(f"{SD}NamedGraph"))
        yield from _sd(named, "name", iri(identity.graph(name)))
        count = counts.get(identity.graph(name))
        if count is not None:
            held = iri(f"{identity.base}sparql#{name}-graph")
            yield from _sd(named, "graph", held)
            yield from _about(held, "rdf:type", iri(f"{SD}Graph"))
            yield from _about(held, "void:triples", literal(str(count), f"{XSD}integer"))


def _limit(service: Term, identity: Identity, limit: Limit) -> Iterator[Statement]:
    """Say a limit as schema.org says properties that no vocabulary has."""
    stated = iri(f"{identity.base}sparql#limit-{limit.name.replace('_', '-')}")
    kind = "integer" if isinstance(limit.value, int) else "decimal"
    yield from _about(service, "schema:additionalProperty", stated)
    yield from _about(stated, "rdf:type", iri(expand("schema:PropertyValue")))
    yield from _about(stated, "schema:name", literal(limit.name))
    yield from _about(stated, "schema:value", literal(f"{limit.value}", f"{XSD}{kind}"))
    yield from _about(stated, "schema:unitText", text(limit.unit, "en"))
    yield from _about(stated, "schema:description", text(limit.description, "en"))


def _sd(subject: Term, name: str, value: Term) -> Iterator[Statement]:
    yield subject, iri(SD + name), value


def _about(subject: Term, name: str, value: Term) -> Iterator[Statement]:
    yield subject, iri(expand(name)), value
