"""What the service says of itself and of its data, in RDF."""

from __future__ import annotations

import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from starlette.testclient import TestClient

from api.settings import Settings

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = Namespace("http://rdfs.org/ns/void#")
SCHEMA = Namespace("https://schema.org/")
SERVICE = URIRef("http://localhost:8000/sparql")
GRAPH = "http://localhost:8000/id/graph/"


def _read(client: TestClient, address: str, accept: str, parser: str) -> Graph:
    answer = client.get(address, headers={"accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(accept)
    return Graph().parse(data=answer.content, format=parser)


@pytest.mark.parametrize(
    ("accept", "parser"),
    [("text/turtle", "turtle"), ("application/rdf+xml", "xml"), ("application/ld+json", "json-ld")],
)
def test_statistics_are_at_the_well_known_address(
    client: TestClient, accept: str, parser: str
) -> None:
    read = _read(client, "/.well-known/void", accept, parser)
    (about,) = read.subjects(VOID.sparqlEndpoint, SERVICE)
    assert (about, RDF.type, VOID.Dataset) in read
    assert (URIRef(f"{GRAPH}void"), RDF.type, VOID.DatasetDescription) in read
    assert int(str(read.value(about, VOID.triples))) > 10_000
    described = _read(client, "/sparql", "text/turtle", "turtle")
    (dataset,) = described.objects(SERVICE, SD.defaultDataset)
    assert described.value(dataset, SD.defaultGraph) == about


def test_both_documents_lead_to_each_other(client: TestClient) -> None:
    see = URIRef("http://www.w3.org/2000/01/rdf-schema#seeAlso")
    void, service = URIRef(f"{GRAPH}void"), URIRef(f"{GRAPH}service")
    assert (void, see, service) in _read(client, "/.well-known/void", "text/turtle", "turtle")
    assert (SERVICE, see, void) in _read(client, "/sparql", "text/turtle", "turtle")


def test_the_description_tells_languages_graphs_and_formats(client: TestClient) -> None:
    read = _read(client, "/sparql", "text/turtle", "turtle")
    assert (SERVICE, RDF.type, SD.Service) in read
    languages = set(read.objects(SERVICE, SD.supportedLanguage))
    assert languages == {SD.SPARQL11Query, SD.SPARQL11Update}
    assert len(set(read.objects(SERVICE, SD.resultFormat))) == 10
    assert len(set(read.objects(SERVICE, SD.inputFormat))) == 6
    named = {str(read.value(graph, SD.name)) for graph in read.objects(None, SD.namedGraph)}
    graphs = ("ontology", "receipts", "void", "service", "quality", "catalogue")
    assert named == {GRAPH + name for name in graphs}
    assert (SERVICE, SD.feature, SD.BasicFederatedQuery) not in read


def test_limits_are_those_of_the_settings(client: TestClient) -> None:
    read = _read(client, "/sparql", "text/turtle", "turtle")
    stated = {
        str(read.value(limit, SCHEMA.name)): read.value(limit, SCHEMA.value)
        for limit in read.objects(SERVICE, SCHEMA.additionalProperty)
    }
    settings = Settings()
    for name in ("query_seconds", "query_memory", "result_rows", "result_bytes", "request_bytes"):
        value = stated[name]
        assert isinstance(value, Literal)
        assert float(value) == getattr(settings, name)


def test_both_are_graphs_of_the_release(client: TestClient) -> None:
    for name in ("void", "service"):
        text = f"ASK {{ GRAPH <{GRAPH}{name}> {{ ?s ?p ?o }} }}"
        answer = client.get("/sparql", params={"query": text, "format": "json"})
        assert answer.json()["boolean"] is True
