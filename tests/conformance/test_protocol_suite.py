"""The protocol and service description tests of the suite, which says of each only its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import pytest
from rdflib import Graph, URIRef

from tests.conformance.manifests import Entry
from tests.conformance.serving import DATA
from tests.conformance.test_protocol import (
    ASK,
    CONSTRUCT,
    DESCRIBE,
    FORM,
    G1,
    G2,
    G3,
    GRAPHS,
    IN_GRAPHS,
    QUERY,
    RESULTS,
    SELECT,
    by_form,
    by_get,
    directly,
    subjects,
)
from tests.conformance.writing import UPDATE, Writer

Check = Callable[[Writer], None]
_SD = "http://www.w3.org/ns/sparql-service-description#"
_RDF_TYPE = URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def _query_get(writer: Writer) -> None:
    assert by_get(writer.client, ASK).json()["boolean"] is True


def _query_post_form(writer: Writer) -> None:
    assert by_form(writer.client, ASK).json()["boolean"] is True


def _query_post_direct(writer: Writer) -> None:
    assert directly(writer.client, ASK).json()["boolean"] is True


def _query_default_graph_get(writer: Writer) -> None:
    assert subjects(by_get(writer.client, SELECT, [("default-graph-uri", G1)])) == {"s1"}


def _query_default_graphs_post(writer: Writer) -> None:
    graphs = [("default-graph-uri", G1), ("default-graph-uri", G2)]
    assert subjects(by_form(writer.client, SELECT, graphs)) == {"s1", "s2"}


def _query_named_graphs_get(writer: Writer) -> None:
    graphs = [("named-graph-uri", G1), ("named-graph-uri", G2)]
    assert subjects(by_get(writer.client, IN_GRAPHS, graphs)) == {"s1", "s2"}


def _query_named_graphs_post(writer: Writer) -> None:
    graphs = [("named-graph-uri", G1), ("named-graph-uri", G2)]
    assert subjects(by_form(writer.client, IN_GRAPHS, graphs)) == {"s1", "s2"}


def _query_dataset_full(writer: Writer) -> None:
    graphs = [("default-graph-uri", G3), ("named-graph-uri", G1), ("named-graph-uri", G2)]
    query = "SELECT ?s ?t { ?s ?p ?o GRAPH ?g { ?t ?q ?r } }"
    answer = directly(writer.client, query, graphs)
    assert subjects(answer) == {"s3"}
    assert subjects(answer, "t") == {"s1", "s2"}


def _query_multiple_dataset(writer: Writer) -> None:
    query = SELECT.replace("WHERE", f"FROM <{G1}>")
    assert subjects(by_get(writer.client, query, [("default-graph-uri", G2)])) == {"s2"}


def _content_type(query: str, expected: Mapping[str, str]) -> Check:
    def check(writer: Writer) -> None:
        answer = by_get(writer.client, query)
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] in expected

    return check


def _refused(method: str, address: str, content: bytes = b"", media_type: str = "") -> Check:
    def check(writer: Writer) -> None:
        headers = {"content-type": media_type} if media_type else {}
        answer = writer.client.request(
            method, address, content=content, headers={**headers, **writer.headers}
        )
        assert 400 <= answer.status_code < 500

    return check


def _update_dataset(parameters: list[tuple[str, str]], expected: set[str]) -> Check:
    def check(writer: Writer) -> None:
        graph = writer.new_graph()
        text = (
            f"INSERT {{ GRAPH <{graph}> {{ ?s ?p ?where }} }} WHERE {{"
            ' { ?s ?p ?o BIND("default" AS ?where) }'
            ' UNION { GRAPH ?g { ?s ?p ?o BIND("named" AS ?where) } } }'
        )
        assert writer.update(text, parameters).is_success
        query = 'SELECT (CONCAT(STR(?s), " ", ?o) AS ?told) WHERE { ?s ?p ?o }'
        found = by_get(writer.client, query, [("default-graph-uri", graph)])
        assert subjects(found, "told") == expected

    return check


def _update_post_form(writer: Writer) -> None:
    graph = writer.new_graph()
    content = urlencode({"update": f"INSERT DATA {{ GRAPH <{graph}> {{ <a:b> <a:b> 1 }} }}"})
    headers = {**writer.headers, "content-type": FORM}
    assert writer.client.post("/sparql", content=content, headers=headers).is_success
    assert writer.holds(graph, "<a:b> <a:b> 1")


def _update_post_direct(writer: Writer) -> None:
    graph = writer.new_graph()
    assert writer.update(f"INSERT DATA {{ GRAPH <{graph}> {{ <a:b> <a:b> 1 }} }}").is_success
    assert writer.holds(graph, "<a:b> <a:b> 1")


def _update_base_uri(writer: Writer) -> None:
    graph = writer.new_graph()
    assert writer.update(f"INSERT DATA {{ GRAPH <{graph}> {{ <a:b> <a:b> <test> }} }}").is_success
    assert writer.holds(graph, '?s ?p ?o FILTER(REGEX(STR(?o), "^[a-z]+://.+/test$"))')


def _bad_update_dataset_conflict(writer: Writer) -> None:
    for clause in (f"USING <{G1}>", f"USING NAMED <{G1}>"):
        for name in ("using-graph-uri", "using-named-graph-uri"):
            graph = writer.new_graph()
            text = f"INSERT {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} {clause} WHERE {{ ?s ?p ?o }}"
            assert writer.update(text, [(name, G2)]).status_code == 400
            text = f"WITH <{graph}> INSERT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}"
            assert writer.update(text, [(name, G2)]).status_code == 400
            assert not writer.holds(graph, "?s ?p ?o")


_INSERT = f"INSERT DATA {{ GRAPH <{DATA}never> {{ <a:b> <a:b> 1 }} }}"
_GET_QUERY = f"/sparql?{urlencode({'query': ASK})}"
_TWO = urlencode([("update", _INSERT), ("update", _INSERT)])

CHECKS: Mapping[str, Check] = {
    "query_get": _query_get,
    "query_post_form": _query_post_form,
    "query_post_direct": _query_post_direct,
    "query_dataset_default_graphs_get": _query_default_graph_get,
    "query_dataset_default_graphs_post": _query_default_graphs_post,
    "query_dataset_named_graphs_get": _query_named_graphs_get,
    "query_dataset_named_graphs_post": _query_named_graphs_post,
    "query_dataset_full": _query_dataset_full,
    "query_multiple_dataset": _query_multiple_dataset,
    "query_content_type_select": _content_type(SELECT, RESULTS),
    "query_content_type_ask": _content_type(ASK, RESULTS),
    "query_content_type_describe": _content_type(DESCRIBE, GRAPHS),
    "query_content_type_construct": _content_type(CONSTRUCT, GRAPHS),
    "bad_query_method": _refused("PUT", _GET_QUERY),
    "bad_multiple_queries": _refused("GET", f"{_GET_QUERY}&{urlencode({'query': ASK})}"),
    "bad_query_wrong_media_type": _refused("POST", "/sparql", ASK.encode(), "text/plain"),
    "bad_query_missing_form_type": _refused("POST", "/sparql", b"query=ASK%20%7B%7D"),
    "bad_query_missing_direct_type": _refused("POST", "/sparql", ASK.encode()),
    "bad_query_non_utf8": _refused(
        "POST", "/sparql", ASK.encode("utf-16"), f"{QUERY}; charset=UTF-16"
    ),
    "bad_query_syntax": _refused("GET", "/sparql?query=ASK%20%7B"),
    "update_dataset_default_graph": _update_dataset([("using-graph-uri", G1)], {"s1 default"}),
    "update_dataset_default_graphs": _update_dataset(
        [("using-graph-uri", G1), ("using-graph-uri", G2)], {"s1 default", "s2 default"}
    ),
    "update_dataset_named_graphs": _update_dataset(
        [("using-named-graph-uri", G1), ("using-named-graph-uri", G2)], {"s1 named", "s2 named"}
    ),
    "update_dataset_full": _update_dataset(
        [("using-graph-uri", G1), ("using-named-graph-uri", G2)], {"s1 default", "s2 named"}
    ),
    "update_post_form": _update_post_form,
    "update_post_direct": _update_post_direct,
    "update_base_uri": _update_base_uri,
    "bad_update_get": _refused("GET", f"/sparql?{urlencode({'update': _INSERT})}"),
    "bad_multiple_updates": _refused("POST", "/sparql", _TWO.encode(), FORM),
    "bad_update_wrong_media_type": _refused("POST", "/sparql", _INSERT.encode(), "text/plain"),
    "bad_update_missing_form_type": _refused(
        "POST", "/sparql", urlencode({"update": _INSERT}).encode()
    ),
    "bad_update_non_utf8": _refused(
        "POST", "/sparql", _INSERT.encode("utf-16"), f"{UPDATE}; charset=UTF-16"
    ),
    "bad_update_syntax": _refused("POST", "/sparql", b"INSERT DATA {", UPDATE),
    "bad_update_dataset_conflict": _bad_update_dataset_conflict,
}


@pytest.mark.suite("ProtocolTest")
def test_the_protocol_is_that_of_the_suite(entry: Entry, writer: Writer) -> None:
    CHECKS[entry.name.partition("#")[2]](writer)


def _description(writer: Writer) -> Graph:
    answer = writer.client.get("/sparql", headers={"accept": "text/turtle"})
    assert answer.status_code == 200
    return Graph().parse(data=answer.content, format="turtle")


def _returns_rdf(writer: Writer) -> None:
    assert len(_description(writer)) > 0
    for accept in ("*/*", "application/rdf+xml"):
        answer = writer.client.get("/sparql", headers={"accept": accept})
        assert answer.headers["content-type"].partition(";")[0] in GRAPHS


def _has_endpoint_triple(writer: Writer) -> None:
    endpoints = list(_description(writer).objects(None, URIRef(f"{_SD}endpoint")))
    assert [str(endpoint) for endpoint in endpoints] == ["http://localhost:8000/sparql"]


def _conforms_to_schema(writer: Writer) -> None:
    """Every property of the vocabulary is used between what its schema says."""
    graph = _description(writer)
    classes = {
        "endpoint": ("Service", None),
        "supportedLanguage": ("Service", None),
        "resultFormat": ("Service", None),
        "inputFormat": ("Service", None),
        "feature": ("Service", None),
        "defaultDataset": ("Service", "Dataset"),
        "defaultGraph": ("Dataset", "Graph"),
        "namedGraph": ("Dataset", "NamedGraph"),
        "name": ("NamedGraph", None),
        "graph": ("NamedGraph", "Graph"),
    }
    (service,) = graph.subjects(_RDF_TYPE, URIRef(f"{_SD}Service"))
    assert (service, URIRef(f"{_SD}defaultDataset"), None) in graph
    for name, (domain, target) in classes.items():
        for subject, value in graph.subject_objects(URIRef(f"{_SD}{name}")):
            assert (subject, _RDF_TYPE, URIRef(f"{_SD}{domain}")) in graph, name
            assert isinstance(value, URIRef), name
            if target is not None:
                assert (value, _RDF_TYPE, URIRef(f"{_SD}{target}")) in graph, name


DESCRIBED: Mapping[str, Check] = {
    "returns-rdf": _returns_rdf,
    "has-endpoint-triple": _has_endpoint_triple,
    "conforms-to-schema": _conforms_to_schema,
}


@pytest.mark.suite("ServiceDescriptionTest")
def test_the_service_describes_itself(entry: Entry, writer: Writer) -> None:
    DESCRIBED[entry.name.partition("#")[2]](writer)
