"""The questions of the catalogue in RDF, read as a program of the field would read them."""

from __future__ import annotations

import pytest
from rdflib import RDF, RDFS, SDO, SH, XSD, Graph, Literal, URIRef
from starlette.testclient import TestClient

from graph.catalogue import Catalogue

HOME = "http://localhost:8000/.well-known/sparql-examples"
ADDRESS = "/.well-known/sparql-examples"
ENDPOINT = URIRef("http://localhost:8000/sparql")


@pytest.fixture(scope="module")
def examples(client: TestClient) -> Graph:
    """Read all examples."""
    answer = client.get(ADDRESS, headers={"accept": "text/turtle"})
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    return Graph().parse(data=answer.text, format="turtle")


def test_every_question_is_an_example_for_the_endpoint(examples: Graph) -> None:
    listed = set(examples.subjects(RDF.type, SH.SPARQLExecutable))
    assert listed == {URIRef(f"{HOME}/{query.name}") for query in Catalogue.read()}
    for example in listed:
        assert (example, RDF.type, SH.SPARQLSelectExecutable) in examples
        assert list(examples.objects(example, SDO.target)) == [ENDPOINT]
        (comment,) = examples.objects(example, RDFS.comment)
        assert isinstance(comment, Literal)
        assert comment.language == "en"


def test_the_text_of_an_example_runs_as_it_stands(client: TestClient, examples: Graph) -> None:
    """Defaults that depend on the base are in the text already: it has rows."""
    text = str(examples.value(URIRef(f"{HOME}/country-profile"), SH.select))
    assert "<http://localhost:8000/id/country/EE>" in text
    answer = client.post("/sparql", data={"query": text})
    assert answer.status_code == 200
    assert {row["countryCode"]["value"] for row in answer.json()["results"]["bindings"]} == {"EE"}


def test_the_prefixes_are_declared_as_shacl_says(examples: Graph) -> None:
    (prefixes,) = set(examples.objects(None, SH.prefixes))
    declared = {
        str(examples.value(item, SH.prefix)): examples.value(item, SH.namespace)
        for item in examples.objects(prefixes, SH.declare)
    }
    skos = Literal("http://www.w3.org/2004/02/skos/core#", datatype=XSD.anyURI)
    assert declared["skos"] == skos
    assert "sikg" in declared


def test_one_example_is_given_under_its_own_iri(client: TestClient) -> None:
    answer = client.get(f"{ADDRESS}/conflicts", headers={"accept": "application/n-triples"})
    graph = Graph().parse(data=answer.text, format="nt")
    assert set(graph.subjects(RDF.type, SH.SPARQLExecutable)) == {URIRef(f"{HOME}/conflicts")}
    assert client.get(f"{ADDRESS}/no-such").status_code == 404


def test_browsers_are_led_to_the_pages(client: TestClient) -> None:
    accept = {"accept": "text/html,*/*;q=0.8"}
    for path, page in ((ADDRESS, "/queries"), (f"{ADDRESS}/conflicts", "/queries/conflicts")):
        answer = client.get(path, headers=accept)
        assert answer.status_code == 303
        assert answer.headers["location"] == page
    assert client.get(f"{ADDRESS}?format=turtle", headers=accept).status_code == 200


def test_formats_and_parameters_are_checked(client: TestClient) -> None:
    assert client.get(ADDRESS, headers={"accept": "image/png"}).status_code == 406
    assert client.get(f"{ADDRESS}?formt=turtle").status_code == 400


def test_the_service_description_leads_to_the_examples(client: TestClient) -> None:
    answer = client.get("/sparql", headers={"accept": "text/turtle"})
    graph = Graph().parse(data=answer.text, format="turtle")
    assert (ENDPOINT, RDFS.seeAlso, URIRef(HOME)) in graph
    assert f"<{HOME}>" in answer.headers["link"]
