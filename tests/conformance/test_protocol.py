"""The query operation of the SPARQL 1.1 Protocol, from its text (2.1) and that of HTTP.

Every test asks the service within this process and a running server.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from urllib.parse import urlencode

import httpx2
import pytest
from rdflib import Dataset

from tests.conformance.results import READERS, Table
from tests.conformance.serving import DATA

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
SELECT = "SELECT ?s WHERE { ?s ?p ?o }"
ASK = "ASK {}"
CONSTRUCT = "CONSTRUCT WHERE { ?s ?p ?o }"
DESCRIBE = f"DESCRIBE <{DATA}s0>"
IN_GRAPHS = "SELECT ?g ?s WHERE { GRAPH ?g { ?s ?p ?o } }"
G1, G2, G3 = (f"{DATA}g{number}" for number in (1, 2, 3))

Parameters = Sequence[tuple[str, str]]
Ask = Callable[..., httpx2.Response]


def by_get(
    client: httpx2.Client, query: str, dataset: Parameters = (), accept: str = "*/*"
) -> httpx2.Response:
    """Ask by GET (2.1.1)."""
    address = f"/sparql?{urlencode([('query', query), *dataset])}"
    return client.get(address, headers={"accept": accept})


def by_form(
    client: httpx2.Client, query: str, dataset: Parameters = (), accept: str = "*/*"
) -> httpx2.Response:
    """Ask by POST with URL-encoded parameters (2.1.2)."""
    content = urlencode([("query", query), *dataset])
    return client.post("/sparql", content=content, headers={"accept": accept, "content-type": FORM})


def directly(
    client: httpx2.Client, query: str, dataset: Parameters = (), accept: str = "*/*"
) -> httpx2.Response:
    """Ask by POST with the query as body (2.1.3)."""
    return client.post(
        f"/sparql?{urlencode(dataset)}" if dataset else "/sparql",
        content=query.encode(),
        headers={"accept": accept, "content-type": QUERY},
    )


three_ways = pytest.mark.parametrize("ask", [by_get, by_form, directly])


def subjects(answer: httpx2.Response, name: str = "s") -> set[str]:
    assert answer.status_code == 200, answer.text
    found = answer.json()["results"]["bindings"]
    return {row[name]["value"].removeprefix(DATA) for row in found}


@three_ways
def test_a_query_is_answered(client: httpx2.Client, ask: Ask) -> None:
    answer = ask(client, SELECT)
    assert answer.status_code == 200
    assert subjects(answer) == {"s0"}


@three_ways
def test_a_query_of_many_characters_and_of_any_is_answered(client: httpx2.Client, ask: Ask) -> None:
    text = "é€😀 +&=%#;" * (300 if ask is by_get else 10_000)
    answer = ask(client, f'SELECT ("{text}" AS ?text) {{}}')
    assert answer.json()["results"]["bindings"][0]["text"]["value"] == text


@three_ways
@pytest.mark.parametrize(
    ("graphs", "expected"),
    [([G1], {"s1"}), ([G1, G2], {"s1", "s2"}), ([f"{DATA}none"], set()), ([G1, G1], {"s1"})],
)
def test_default_graphs_are_merged(
    client: httpx2.Client, ask: Ask, graphs: list[str], expected: set[str]
) -> None:
    dataset = [("default-graph-uri", graph) for graph in graphs]
    assert subjects(ask(client, SELECT, dataset)) == expected
    assert subjects(ask(client, IN_GRAPHS, dataset)) == set()


@three_ways
@pytest.mark.parametrize("graphs", [[G1], [G1, G3], [f"{DATA}none"]])
def test_named_graphs_are_those_that_are_given(
    client: httpx2.Client, ask: Ask, graphs: list[str]
) -> None:
    dataset = [("named-graph-uri", graph) for graph in graphs]
    found = subjects(ask(client, IN_GRAPHS, dataset), "g")
    assert found == {graph.removeprefix(DATA) for graph in graphs} - {"none"}
    assert subjects(ask(client, SELECT, dataset)) == set()


@three_ways
def test_default_and_named_graphs_make_one_dataset(client: httpx2.Client, ask: Ask) -> None:
    dataset = [("default-graph-uri", G1), ("named-graph-uri", G2), ("named-graph-uri", G3)]
    query = "SELECT ?s ?t WHERE { ?s ?p ?o . GRAPH ?g { ?t ?q ?r } }"
    answer = ask(client, query, dataset)
    assert subjects(answer) == {"s1"}
    assert subjects(answer, "t") == {"s2", "s3"}


@three_ways
def test_the_dataset_of_the_protocol_goes_before_that_of_the_query(
    client: httpx2.Client, ask: Ask
) -> None:
    clauses = f"FROM <{G1}> FROM NAMED <{G1}>"
    query = SELECT.replace("WHERE", clauses)
    assert subjects(ask(client, query)) == {"s1"}
    assert subjects(ask(client, query, [("default-graph-uri", G2)])) == {"s2"}
    named = IN_GRAPHS.replace("WHERE", clauses)
    assert subjects(ask(client, named, [("named-graph-uri", G3)]), "g") == {"g3"}


RESULTS = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
GRAPHS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/n-quads": "nquads",
    "application/trig": "trig",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
}


@three_ways
@pytest.mark.parametrize("media_type", RESULTS)
def test_solutions_come_in_each_format(client: httpx2.Client, ask: Ask, media_type: str) -> None:
    answer = ask(client, SELECT, accept=media_type)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    table = READERS[RESULTS[media_type]](answer.content)
    assert isinstance(table, Table)
    assert [row["s"].value for row in table.rows] == [f"{DATA}s0"]


@three_ways
@pytest.mark.parametrize("media_type", list(RESULTS)[:2])
@pytest.mark.parametrize(("query", "truth"), [(ASK, True), ("ASK { FILTER(false) }", False)])
def test_a_boolean_comes_in_each_format(
    client: httpx2.Client, ask: Ask, media_type: str, query: str, *, truth: bool
) -> None:
    answer = ask(client, query, accept=media_type)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert READERS[RESULTS[media_type]](answer.content) is truth


@three_ways
@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE])
@pytest.mark.parametrize("media_type", GRAPHS)
def test_a_graph_comes_in_each_format(
    client: httpx2.Client, ask: Ask, query: str, media_type: str
) -> None:
    answer = ask(client, query, accept=media_type)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    read = Dataset().parse(data=answer.content, format=GRAPHS[media_type])
    assert [str(quad[2]) for quad in read.quads()] == ["the default graph é"]


@pytest.mark.parametrize(
    ("query", "accept", "expected"),
    [
        (SELECT, "application/json", "application/sparql-results+json"),
        (SELECT, "text/xml", "application/sparql-results+xml"),
        (SELECT, "application/xml", "application/sparql-results+xml"),
        (SELECT, "text/*", None),
        (SELECT, "text/csv;q=0.2, text/tab-separated-values;q=0.3", "text/tab-separated-values"),
        (SELECT, "text/tab-separated-values;q=0.3, text/csv;q=0.2", "text/tab-separated-values"),
        (SELECT, "text/csv, */*;q=0.1", "text/csv"),
        (SELECT, "*/*;q=0.1, text/*;q=0.2, text/csv;q=0", "text/tab-separated-values"),
        (SELECT, "image/png, */*;q=0.01", None),
        (SELECT, "TEXT/CSV", "text/csv"),
        (SELECT, "text/csv;charset=utf-8", "text/csv"),
        (SELECT, "text/turtle, application/sparql-results+xml", "application/sparql-results+xml"),
        (CONSTRUCT, "text/turtle, application/sparql-results+xml", "text/turtle"),
        (CONSTRUCT, "application/rdf+xml;q=0.5, text/turtle;q=0.4", "application/rdf+xml"),
        (CONSTRUCT, "application/*;q=0.5, application/ld+json", "application/ld+json"),
        (CONSTRUCT, "application/xml", "application/rdf+xml"),
        (DESCRIBE, "text/plain", "application/n-triples"),
        (DESCRIBE, "application/json", "application/ld+json"),
        (ASK, "application/sparql-results+xml;q=0.5, text/html;q=0.4", None),
    ],
)
def test_the_format_that_is_wanted_most_is_given(
    client: httpx2.Client, query: str, accept: str, expected: str | None
) -> None:
    answer = by_get(client, query, accept=accept)
    assert answer.status_code == 200
    given = answer.headers["content-type"].partition(";")[0]
    assert given == expected or (expected is None and given in {**RESULTS, **GRAPHS})
    assert "accept" in answer.headers["vary"].lower()


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        (SELECT, "image/png"),
        (SELECT, "text/turtle"),
        (ASK, "application/rdf+xml"),
        (CONSTRUCT, "text/csv"),
        (DESCRIBE, "application/sparql-results+json"),
        (SELECT, "*/*;q=0"),
    ],
)
@three_ways
def test_what_cannot_be_given_is_not_acceptable(
    client: httpx2.Client, ask: Ask, query: str, accept: str
) -> None:
    answer = ask(client, query, accept=accept)
    assert answer.status_code == 406
    assert answer.content


def test_text_says_that_it_is_in_utf_8(client: httpx2.Client) -> None:
    for query, accept in ((SELECT.replace("?s W", "?o W"), "text/csv"), (CONSTRUCT, "text/turtle")):
        answer = by_get(client, query, accept=accept)
        assert answer.headers["content-type"] == f"{accept}; charset=utf-8"
        assert "the default graph é" in answer.content.decode("utf-8")


@three_ways
@pytest.mark.parametrize(
    "query",
    ["SELECT", "", "SELECT * WHERE { ?s ?p }", "ASK {} ASK {}", "INSERT DATA { <a:b> <a:b> 1 }"],
)
def test_a_malformed_query_is_a_bad_request(client: httpx2.Client, ask: Ask, query: str) -> None:
    answer = ask(client, query)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


@three_ways
def test_a_graph_without_an_absolute_iri_is_a_bad_request(client: httpx2.Client, ask: Ask) -> None:
    for name in ("default-graph-uri", "named-graph-uri"):
        assert ask(client, SELECT, [(name, "not an iri")]).status_code == 400


@pytest.mark.parametrize(
    ("address", "body", "media_type"),
    [
        ("/sparql?query=ASK%7B%7D&query=ASK%7B%7D", None, None),
        ("/sparql", "query=ASK%7B%7D&query=SELECT%20%2A%7B%7D", FORM),
        ("/sparql?query=ASK%7B%7D", "query=ASK%7B%7D", FORM),
        ("/sparql?query=ASK%7B%7D", "ASK{}", QUERY),
        ("/sparql", "default-graph-uri=http%3A%2F%2Fdata.example%2Fg1", FORM),
        ("/sparql", "", FORM),
        ("/sparql?default-graph-uri=http%3A%2F%2Fdata.example%2Fg1", None, None),
    ],
)
def test_an_operation_needs_exactly_one_query(
    client: httpx2.Client, address: str, body: str | None, media_type: str | None
) -> None:
    if body is None:
        answer = client.get(address, headers={"accept": "application/sparql-results+json"})
    else:
        answer = client.post(address, content=body, headers={"content-type": media_type or ""})
    assert answer.status_code in {400, 406}
    assert "boolean" not in answer.text


@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain",
        "application/json",
        "multipart/form-data; boundary=x",
        "",
        None,
        "application/*",
    ],
)
@pytest.mark.parametrize("body", [ASK, "query=ASK%7B%7D"])
def test_a_body_of_another_type_is_not_read(
    client: httpx2.Client, media_type: str | None, body: str
) -> None:
    headers = {} if media_type is None else {"content-type": media_type}
    answer = client.post("/sparql", content=body.encode(), headers=headers)
    assert answer.status_code == 415


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (ASK.encode("utf-16"), f"{QUERY}; charset=utf-16"),
        (ASK.encode("utf-16"), QUERY),
        ('ASK { FILTER("é" = "é") }'.encode("latin-1"), QUERY),
        (b"query=%C3%28", FORM),
        (b"query=ASK%20%7B%20FILTER(%22%E9%22)%7D", FORM),
    ],
)
def test_a_query_in_another_encoding_is_a_bad_request(
    client: httpx2.Client, body: bytes, media_type: str
) -> None:
    answer = client.post("/sparql", content=body, headers={"content-type": media_type})
    assert answer.status_code in {400, 415}


@pytest.mark.parametrize(
    "media_type",
    [
        f"{QUERY}; charset=UTF-8",
        f'{QUERY};charset="utf-8"',
        QUERY.upper(),
        f"{FORM}; charset=UTF-8",
    ],
)
def test_parameters_of_a_media_type_are_understood(client: httpx2.Client, media_type: str) -> None:
    body = "query=ASK%7B%7D" if media_type.startswith(FORM) else ASK
    answer = client.post("/sparql", content=body, headers={"content-type": media_type})
    assert answer.json()["boolean"] is True


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_other_methods_are_not_allowed(client: httpx2.Client, method: str) -> None:
    answer = client.request(method, "/sparql", params={"query": ASK})
    assert answer.status_code == 405
    allowed = {name.strip() for name in answer.headers["allow"].split(",")}
    assert allowed == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize("query", [SELECT, ASK, CONSTRUCT, "SELECT", "SELECT * { ?s ?p"])
@pytest.mark.parametrize("accept", ["*/*", "text/csv", "text/turtle", "image/png"])
def test_head_says_what_get_does_without_a_body(
    client: httpx2.Client, query: str, accept: str
) -> None:
    headers = {"accept": accept}
    get = client.get("/sparql", params={"query": query}, headers=headers)
    head = client.head("/sparql", params={"query": query}, headers=headers)
    assert head.content == b""
    assert head.status_code == get.status_code
    # A problem names its request, which are two here.
    lasting = ("content-length", "etag") if get.status_code == 200 else ()
    for name in ("content-type", "vary", *lasting):
        assert head.headers.get(name) == get.headers.get(name)


def test_head_of_the_endpoint_alone_is_answered(client: httpx2.Client) -> None:
    answer = client.head("/sparql", headers={"accept": "text/turtle"})
    assert answer.status_code == 200
    assert answer.content == b""


@pytest.mark.parametrize("address", ["/sparql", f"/sparql?{urlencode({'query': ASK})}"])
def test_options_tells_the_methods(client: httpx2.Client, address: str) -> None:
    answer = client.options(address)
    assert answer.status_code in {200, 204}
    allowed = {name.strip() for name in answer.headers["allow"].split(",")}
    assert allowed == {"GET", "HEAD", "OPTIONS", "POST"}
    assert answer.content == b""


def test_an_answer_may_be_kept_and_asked_for_again(client: httpx2.Client) -> None:
    first = by_get(client, SELECT, accept="text/csv")
    known = {"accept": "text/csv", "if-none-match": first.headers["etag"]}
    again = client.get("/sparql", params={"query": SELECT}, headers=known)
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]
    other = client.get("/sparql", params={"query": SELECT}, headers=known | {"accept": "*/*"})
    assert other.status_code == 200


def test_what_goes_wrong_is_told_in_the_same_form_by_every_way(client: httpx2.Client) -> None:
    told = [json.loads(ask(client, "SELECT").content) for ask in (by_get, by_form, directly)]
    parts = ("type", "title", "status", "detail", "line", "column")
    assert len({tuple(problem[part] for part in parts) for problem in told}) == 1
