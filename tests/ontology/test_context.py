"""Hold the JSON-LD context to the ontology."""

import json
from functools import cache
from typing import Any

import pytest
from rdflib import RDF, RDFS, XSD, Dataset, Graph, URIRef
from rdflib.compare import isomorphic

import ontology
from ontology import PREFIXES, SIKG, Class, Property, expand

KEYWORDS = {"@version", "id", "type"}

EXAMPLE = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix sikg: <https://w3id.org/sikg/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<http://localhost:8000/id/consortium/esia> a sikg:Consortium, sikg:Project ;
    skos:prefLabel "European Social Innovation Alliance"@en,
        "Euroopa sotsiaalse innovatsiooni liit"@et ;
    sikg:acronym "ESIA"@und ;
    sikg:startDate "2021-05"^^xsd:gYearMonth, "2021-05-14"^^xsd:date ;
    sikg:leadPartner <http://localhost:8000/id/organisation/de-social-impact> ;
    sikg:cofinancingRate 0.80 ;
    sikg:generation 1 ;
    sikg:funding <http://localhost:8000/id/funding/esia-total> ;
    foaf:homepage <https://si-alliance.eu/> .

<http://localhost:8000/id/funding/esia-total> a sikg:Funding ;
    sikg:amount 1837005.0 ;
    sikg:currency "EUR" ;
    sikg:fundingYear "2021"^^xsd:gYear .
"""


@cache
def context() -> dict[str, Any]:
    """Return the context as it is written."""
    document: dict[str, Any] = json.loads(ontology.path("context.jsonld").read_text("utf-8"))
    found: dict[str, Any] = document["@context"]
    return found


def iris_by_name() -> dict[str, str]:
    """Return what each short name stands for, prefixes and keywords left out."""
    names = {name: entry for name, entry in context().items() if name not in KEYWORDS | {*PREFIXES}}
    return {
        name: expand(entry["@id"] if isinstance(entry, dict) else entry)
        for name, entry in names.items()
    }


def test_prefixes_are_those_of_the_project() -> None:
    """Let a prefix mean the same in JSON-LD as in our Turtle and SPARQL."""
    found = {name: iri for name, iri in context().items() if name in PREFIXES}
    assert found.items() <= PREFIXES.items()
    assert {"sikg", "skos", "xsd"} <= found.keys()


def test_every_short_name_stands_for_a_declared_term() -> None:
    """Find a short name whose IRI is misspelt."""
    unknown = {name for name, iri in iris_by_name().items() if not ontology.is_declared(iri)}
    assert unknown == set()


def test_no_term_has_two_short_names_and_no_name_is_given_twice() -> None:
    """Find names given twice, which JSON readers drop without a word."""
    pairs: list[tuple[str, Any]] = []
    text = ontology.path("context.jsonld").read_text("utf-8")
    json.loads(text, object_pairs_hook=pairs.extend)
    keys = [key for key, _ in pairs if not key.startswith("@")]
    assert len(keys) == len(set(keys)) == len(context()) - 1
    assert len(set(iris_by_name().values())) == len(iris_by_name())


@pytest.mark.parametrize("term", sorted({*Class, *Property} - {Property.SEGMENT}))
def test_every_term_of_data_has_its_local_name(term: str) -> None:
    """Let people use the names they know from the ontology."""
    assert iris_by_name()[term.removeprefix(SIKG)] == term


def test_names_are_coerced_as_the_ranges_of_the_ontology_say() -> None:
    """Hold links, texts and datatypes of the context to the ranges of the ontology."""
    core = Graph().parse(ontology.path("core.ttl"), format="turtle")
    for name, iri in iris_by_name().items():
        found = context()[name]
        entry: dict[str, Any] = found if isinstance(found, dict) else {}
        ranges = set(core.objects(URIRef(iri), RDFS.range))
        if ranges == {RDF.langString}:
            assert "@language" in entry["@container"], name
        elif (URIRef(iri), RDF.type, URIRef(expand("owl:ObjectProperty"))) in core:
            assert entry["@type"] == "@id", name
        elif len(ranges) == 1 and ranges.isdisjoint({XSD.string}):
            assert ranges == {URIRef(expand(entry["@type"]))}, name


def test_an_example_comes_back_from_json_unchanged() -> None:
    """Write and read again an example with texts, links, dates and amounts."""
    example = Graph().parse(data=EXAMPLE, format="turtle")
    text = example.serialize(format="json-ld", context=context(), auto_compact=False)
    assert isomorphic(Graph().parse(data=text, format="json-ld"), example)


def test_json_with_short_names_reads_as_the_same_statements() -> None:
    """Read what a person would write: language maps, plain links and plain numbers in strings."""
    document = {
        "@context": context(),
        "@graph": [
            {
                "id": "http://localhost:8000/id/consortium/esia",
                "type": ["Consortium", "Project"],
                "prefLabel": {
                    "en": "European Social Innovation Alliance",
                    "et": ["Euroopa sotsiaalse innovatsiooni liit"],
                },
                "acronym": {"und": "ESIA"},
                "startDate": [
                    {"@value": "2021-05", "@type": "xsd:gYearMonth"},
                    {"@value": "2021-05-14", "@type": "xsd:date"},
                ],
                "leadPartner": "http://localhost:8000/id/organisation/de-social-impact",
                "cofinancingRate": "0.80",
                "generation": "1",
                "funding": "http://localhost:8000/id/funding/esia-total",
                "homepage": "https://si-alliance.eu/",
            },
            {
                "id": "http://localhost:8000/id/funding/esia-total",
                "type": "Funding",
                "amount": "1837005.0",
                "currency": "EUR",
                "fundingYear": "2021",
            },
        ],
    }
    read = Dataset().parse(data=json.dumps(document), format="json-ld")
    statements = Graph()
    for subject, predicate, value, _ in read.quads():
        statements.add((subject, predicate, value))
    assert isomorphic(statements, Graph().parse(data=EXAMPLE, format="turtle"))
