"""The SPARQL 1.1 Protocol, by its text and by what clients do wrong."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from rdflib import Dataset, Graph
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.odd import BROWSER

ESIA = "http://localhost:8000/id/consortium/esia"
SELECT = f"SELECT ?type WHERE {{ <{ESIA}> a ?type }} ORDER BY ?type"
ASK = f"ASK {{ <{ESIA}> ?p ?o }}"
CONSTRUCT = f"CONSTRUCT {{ <{ESIA}> ?p ?o }} WHERE {{ <{ESIA}> ?p ?o }}"
PROBLEM = "application/problem+json"


def test_a_query_by_get_is_answered_in_json(client: TestClient) -> None:
    answer = client.get("/sparql", params={"query": SELECT})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/sparql-results+json"
    found = {row["type"]["value"] for row in answer.json()["results"]["bindings"]}
    assert "https://w3id.org/sikg/ontology#Consortium" in found
    assert "http://www.w3.org/ns/org#OrganizationalCollaboration" in found


def test_all_three_ways_of_asking_give_the_same(client: TestClient) -> None:
    by_get = client.get("/sparql", params={"query": SELECT})
    by_form = client.post("/sparql", data={"query": SELECT})
    direct = client.post(
        "/sparql",
        content=SELECT.encode(),
        headers={"content-type": "application/sparql-query; charset=UTF-8"},
    )
    assert by_get.content == by_form.content == direct.content
    assert by_form.status_code == direct.status_code == 200


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("text/csv;q=0.4, application/sparql-results+xml;q=0.5", "application/sparql-results+xml"),
        ("*/*", "application/sparql-results+json"),
    ],
)
def test_results_come_in_the_format_that_is_wanted_most(
    client: TestClient, accept: str, media_type: str
) -> None:
    answer = client.get("/sparql", params={"query": SELECT}, headers={"accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert "Accept" in answer.headers["vary"]


def test_the_formats_of_results_say_the_same(client: TestClient) -> None:
    def body(name: str) -> str:
        return client.get("/sparql", params={"query": SELECT, "format": name}).text

    expected = [row["type"]["value"] for row in json.loads(body("json"))["results"]["bindings"]]
    assert [row["type"] for row in csv.DictReader(io.StringIO(body("csv")))] == expected
    assert [line.strip("<>") for line in body("tsv").splitlines()[1:]] == expected
    space = "{http://www.w3.org/2005/sparql-results#}"
    root = ET.fromstring(body("xml"))  # noqa: S314  # our own
    assert [node.text for node in root.iter(f"{space}uri")] == expected


@pytest.mark.parametrize("name", ["json", "xml"])
def test_an_ask_query_is_answered_with_a_boolean(client: TestClient, name: str) -> None:
    answer = client.get("/sparql", params={"query": ASK, "format": name})
    assert answer.status_code == 200
    assert "true" in answer.text


@pytest.mark.parametrize(
    ("name", "parser"),
    [
        ("turtle", "turtle"),
        ("ntriples", "nt"),
        ("nquads", "nquads"),
        ("trig", "trig"),
        ("rdfxml", "xml"),
        ("jsonld", "json-ld"),
    ],
)
def test_graphs_come_in_every_format(client: TestClient, name: str, parser: str) -> None:
    answer = client.get("/sparql", params={"query": CONSTRUCT, "format": name})
    assert answer.status_code == 200
    expected = client.get("/sparql", params={"query": CONSTRUCT, "format": "ntriples"})
    read = Dataset().parse(data=answer.content, format=parser)
    triples = {(str(s), str(p), str(o)) for s, p, o, _ in read.quads()}
    plain = Graph().parse(data=expected.content, format="nt")
    assert triples == {(str(s), str(p), str(o)) for s, p, o in plain}
    assert triples


def test_describe_gives_a_graph(client: TestClient) -> None:
    answer = client.get("/sparql", params={"query": f"DESCRIBE <{ESIA}>"})
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    assert len(Graph().parse(data=answer.content, format="turtle")) > 10


def test_a_format_of_the_other_kind_is_not_acceptable(client: TestClient) -> None:
    for query, name in ((SELECT, "turtle"), (CONSTRUCT, "csv"), (SELECT, "nonsense")):
        answer = client.get("/sparql", params={"query": query, "format": name})
        assert answer.status_code == 406
        assert answer.headers["content-type"] == PROBLEM
    accepted = client.get("/sparql", params={"query": SELECT}, headers={"accept": "image/png"})
    assert accepted.status_code == 406
    assert "text/csv" in accepted.json()["detail"]


def test_a_malformed_query_is_told_with_its_place(client: TestClient) -> None:
    answer = client.get("/sparql", params={"query": "SELECT * WHERE {\n  ?s ?p\n}"})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == PROBLEM
    problem = answer.json()
    assert problem["status"] == 400
    assert problem["type"] == "/problems#malformed-query"
    assert problem["instance"] == "/sparql"
    assert problem["line"] in {2, 3}
    assert problem["column"] >= 1


def test_the_dataset_of_the_protocol_narrows_what_is_seen(client: TestClient) -> None:
    receipts = "http://localhost:8000/id/graph/receipts"
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?row <https://w3id.org/sikg/ontology#rowNumber> ?n }"

    def counted(**parameters: str) -> int:
        query = count.replace("AS ?n", "AS ?c")
        answer = client.get("/sparql", params={"query": query, **parameters})
        return int(answer.json()["results"]["bindings"][0]["c"]["value"])

    assert counted() == 0
    assert counted(**{"default-graph-uri": receipts}) > 100
    graphs = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"
    answer = client.get(
        "/sparql",
        params=[("query", graphs), ("named-graph-uri", receipts), ("named-graph-uri", ESIA)],
    )
    assert [row["g"]["value"] for row in answer.json()["results"]["bindings"]] == [receipts]


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
def test_a_graph_that_is_no_iri_is_refused(client: TestClient, name: str) -> None:
    answer = client.get("/sparql", params={"query": ASK, name: "no iri"})
    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems#impossible-parameter"


@pytest.mark.parametrize(
    ("how", "content_type"),
    [
        ("form", "application/x-www-form-urlencoded"),
        ("direct", "application/sparql-update"),
    ],
)
def test_updates_without_a_token_are_refused(
    client: TestClient, how: str, content_type: str
) -> None:
    update = "INSERT DATA { <a:b> <a:b> <a:b> }"
    content = f"update={quote(update)}" if how == "form" else update
    answer = client.post("/sparql", content=content, headers={"content-type": content_type})
    assert answer.status_code in {401, 403}
    assert client.get("/sparql", params={"query": "ASK { <a:b> ?p ?o }"}).json()["boolean"] is False


def test_an_update_in_an_address_is_refused(client: TestClient) -> None:
    answer = client.get("/sparql", params={"update": "INSERT DATA { <a:b> <a:b> <a:b> }"})
    assert answer.status_code == 400


def test_an_update_sent_as_query_is_malformed(client: TestClient) -> None:
    answer = client.get("/sparql", params={"query": "INSERT DATA { <a:b> <a:b> <a:b> }"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * WHERE { service silent ?where { ?s ?p ?o } }",
    ],
)
def test_calls_of_other_endpoints_are_refused(client: TestClient, query: str) -> None:
    answer = client.get("/sparql", params={"query": query})
    assert answer.status_code == 403
    assert "service_allow" in answer.json()["detail"]


def test_a_failing_endpoint_that_is_allowed_is_told_as_such(release_home: Path) -> None:
    allowed = frozenset({"http://127.0.0.1:9/"})
    query = "SELECT * WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
    with TestClient(create_app(Settings(home=release_home, service_allow=allowed))) as client:
        answer = client.get("/sparql", params={"query": query})
    assert answer.status_code == 502
    assert answer.json()["type"] == "/problems#endpoint-failed"


def test_other_bodies_are_of_an_unsupported_type(client: TestClient) -> None:
    for content_type in ("text/plain", "application/json", ""):
        answer = client.post("/sparql", content=SELECT, headers={"content-type": content_type})
        assert answer.status_code == 415
        assert answer.headers["content-type"] == PROBLEM


def test_a_query_in_another_encoding_is_refused(client: TestClient) -> None:
    told = client.post(
        "/sparql",
        content=SELECT.encode("utf-16"),
        headers={"content-type": "application/sparql-query; charset=UTF-16"},
    )
    broken = client.post(
        "/sparql", content=b"\xff\xfe", headers={"content-type": "application/sparql-query"}
    )
    in_address = client.get("/sparql?query=%FF")
    assert told.status_code == broken.status_code == in_address.status_code == 400


def test_a_parameter_given_twice_or_unknown_is_refused(client: TestClient) -> None:
    twice = client.get("/sparql", params=[("query", ASK), ("query", ASK)])
    both = client.post("/sparql", params={"query": ASK}, data={"query": ASK})
    unknown = client.get("/sparql", params={"query": ASK, "querry": ASK})
    missing = client.post("/sparql", data={"default-graph-uri": ESIA})
    for answer in (twice, both, unknown, missing):
        assert answer.status_code == 400
        assert answer.json()["type"] == "/problems#impossible-parameter"


def test_more_parameters_than_anyone_needs_are_refused(client: TestClient) -> None:
    answer = client.get(f"/sparql?query=ASK%20%7B%7D{'&x=1' * 1000}")
    assert answer.status_code == 400
    assert "1000 parameters" in answer.json()["detail"]
    assert client.get("/sparql?&query=ASK+%7B%7D&").json()["boolean"] is True


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_told_which_there_are(client: TestClient, method: str) -> None:
    answer = client.request(method, "/sparql", params={"query": ASK})
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"


def test_a_request_above_the_limit_is_too_large(release_home: Path) -> None:
    settings = Settings(home=release_home, request_bytes=1000, access_log="off")
    client = TestClient(create_app(settings))
    long = f"{SELECT}#{'x' * 1000}"
    kinds = {"content-type": "application/sparql-query"}

    def parts() -> list[bytes]:
        return [long[:500].encode(), long[500:].encode()]

    declared = client.post("/sparql", content=long, headers=kinds)
    streamed = client.post("/sparql", content=iter(parts()), headers=kinds)
    in_address = client.get("/sparql", params={"query": long})
    for answer in (declared, streamed, in_address):
        assert answer.status_code == 413
        assert "request_bytes" in answer.json()["detail"]
    assert client.get("/sparql", params={"query": ASK}).status_code == 200


def test_a_query_that_would_end_the_process_is_refused(client: TestClient) -> None:
    for query in ("SELECT * WHERE " + "{" * 5000 + "}" * 5000, f"ASK {{ FILTER({'1+' * 9000}1) }}"):
        assert client.post("/sparql", data={"query": query}).status_code == 400


def test_head_tells_what_get_would_without_a_body(client: TestClient) -> None:
    get = client.get("/sparql", params={"query": SELECT})
    head = client.head("/sparql", params={"query": SELECT})
    assert head.status_code == 200
    assert head.content == b""
    for name in ("content-length", "content-type", "etag", "vary"):
        assert head.headers[name] == get.headers[name]


def test_pages_of_other_hosts_may_ask(client: TestClient) -> None:
    answer = client.get("/sparql", params={"query": ASK}, headers={"origin": "https://x.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    before = client.options(
        "/sparql",
        headers={"origin": "https://x.example", "access-control-request-method": "POST"},
    )
    assert before.status_code == 204
    assert "POST" in before.headers["access-control-allow-methods"]
    assert before.headers["access-control-allow-origin"] == "*"
    failed = client.get("/sparql", params={"query": "x"})
    assert failed.headers["access-control-allow-origin"] == "*"


def test_an_answer_that_is_known_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/sparql", params={"query": SELECT})
    etag = first.headers["etag"]
    again = client.get(
        "/sparql", params={"query": SELECT}, headers={"if-none-match": f'"x", {etag}'}
    )
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == etag
    for changed in ({"query": f"{SELECT} LIMIT 1"}, {"query": SELECT, "format": "csv"}):
        other = client.get("/sparql", params=changed, headers={"if-none-match": etag})
        assert other.status_code == 200
        assert other.headers["etag"] != etag


def test_what_differs_each_time_is_evaluated_each_time(client: TestClient) -> None:
    for query in ("SELECT (RAND() AS ?x) {}", "SELECT (struuid() AS ?x) {}"):
        first, second = (client.get("/sparql", params={"query": query}) for _ in range(2))
        assert first.content != second.content
        assert "etag" not in first.headers


def test_nothing_is_served_before_the_first_build(empty: TestClient) -> None:
    answer = empty.get("/sparql", params={"query": ASK})
    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems#no-release"
    assert "retry-after" in answer.headers
    assert "/" not in answer.json()["detail"]


def test_a_bare_get_describes_the_service_to_machines(client: TestClient) -> None:
    answer = client.get("/sparql", headers={"accept": "text/turtle"})
    graph = Graph().parse(data=answer.content, format="turtle")
    words = "http://www.w3.org/ns/sparql-service-description#"
    asked = f"ASK {{ ?s a <{words}Service> ; <{words}endpoint> <http://localhost:8000/sparql> }}"
    assert graph.query(asked).askAnswer
    assert client.get("/sparql", headers={"accept": "image/png"}).status_code == 406


def test_a_bare_get_shows_people_a_form(client: TestClient) -> None:
    answer = client.get("/sparql", headers={"accept": BROWSER})
    assert answer.status_code == 200
    assert "<textarea" in answer.text
    assert "PREFIX sikg:" in answer.text
    ours = r'<script(?! type="module" src="/static/| type="application/json")'
    assert not re.search(ours, answer.text)


def test_the_form_shows_each_form_of_answer(client: TestClient) -> None:
    def shown(query: str) -> str:
        return client.get("/sparql", params={"query": query, "format": "html"}).text

    assert 'href="/page/consortium/esia"' in shown(
        f"SELECT ?x WHERE {{ VALUES ?x {{ <{ESIA}> }} }}"
    )
    assert "<strong>yes</strong>" in shown(ASK)
    assert "European Social Innovation Alliance" in shown(CONSTRUCT)
    posted = client.post("/sparql", data={"query": ASK, "format": "html"})
    assert "<strong>yes</strong>" in posted.text


def test_a_long_answer_on_the_page_says_that_it_is_cut(client: TestClient) -> None:
    query = "SELECT * WHERE { ?s ?p ?o } LIMIT 1001"
    answer = client.get("/sparql", params={"query": query, "format": "html"})
    assert "Only the first 1000 rows" in answer.text
