"""Linked data: `/id/…` leads to a page or to data, and data holds what the release says."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import RDF, Dataset, Graph, Literal, URIRef
from starlette.testclient import TestClient

import ontology
from tests.api.odd import BROWSER, IDENTITY, LINKED, ODD_KEY

ESIA = URIRef("http://localhost:8000/id/consortium/esia")
SIKG = "https://w3id.org/sikg/ontology#"
FORMATS = [
    ("ttl", "text/turtle; charset=utf-8", "turtle"),
    ("nt", "application/n-triples", "nt"),
    ("nq", "application/n-quads", "nquads"),
    ("trig", "application/trig", "trig"),
    ("rdf", "application/rdf+xml", "xml"),
]


@pytest.mark.parametrize(
    ("accept", "where"),
    [
        (BROWSER, "/page/consortium/esia"),
        ("text/turtle", "/data/consortium/esia"),
        ("application/ld+json, text/html;q=0.5", "/data/consortium/esia"),
        ("*/*", "/data/consortium/esia"),
    ],
)
def test_an_identifier_leads_on_by_what_is_accepted(
    client: TestClient, accept: str, where: str
) -> None:
    answer = client.get("/id/consortium/esia", headers={"accept": accept})
    assert answer.status_code == 303
    assert answer.headers["location"] == where
    assert "Accept" in answer.headers["vary"]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert (
        '</data/consortium/esia.ttl>; rel="alternate"; type="text/turtle"'
        in (answer.headers["link"])
    )
    assert answer.content == b""


def test_a_format_in_the_address_decides_where_to(client: TestClient) -> None:
    answer = client.get("/id/consortium/esia?format=nq", headers={"accept": BROWSER})
    assert answer.headers["location"] == "/data/consortium/esia.nq"
    assert client.get("/id/consortium/esia?format=pdf").status_code == 406


def test_nothing_acceptable_is_told(client: TestClient) -> None:
    for path in ("/id/consortium/esia", "/data/consortium/esia"):
        answer = client.get(path, headers={"accept": "image/png"})
        assert answer.status_code == 406
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("view", ["id", "data", "page"])
def test_an_unknown_thing_is_not_found(client: TestClient, view: str) -> None:
    answer = client.get(f"/{view}/consortium/no-such", headers={"accept": "text/turtle"})
    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems#not-found"
    shown = client.get(f"/{view}/consortium/no-such", headers={"accept": BROWSER})
    assert shown.status_code == 404
    assert shown.headers["content-type"].startswith("text/html")
    assert "<h1>There is no such thing</h1>" in shown.text


@pytest.mark.parametrize(("suffix", "media_type", "parser"), FORMATS)
def test_data_comes_in_the_format_of_its_suffix(
    client: TestClient, suffix: str, media_type: str, parser: str
) -> None:
    answer = client.get(f"/data/consortium/esia.{suffix}", headers={"accept": "text/html"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    read = Dataset().parse(data=answer.content, format=parser)
    said = {(s, p, o) for s, p, o, _ in read.quads()}
    assert (ESIA, RDF.type, URIRef(f"{SIKG}Consortium")) in said
    assert (ESIA, RDF.type, URIRef("https://schema.org/Project")) in said


def test_data_holds_parts_labels_and_its_own_description(client: TestClient) -> None:
    graph = Graph().parse(data=client.get("/data/consortium/esia.ttl").content, format="turtle")
    participation = URIRef(
        "http://localhost:8000/id/participation/ee-kysk-esia-national-coordinator"
    )
    kysk = URIRef("http://localhost:8000/id/organisation/ee-kysk")
    assert (participation, URIRef(f"{SIKG}participant"), kysk) in graph
    label = URIRef(ontology.expand("skos:prefLabel"))
    estonia = URIRef("http://localhost:8000/id/country/EE")
    assert (estonia, label, Literal("Eesti", "et")) in graph
    document = URIRef("http://localhost:8000/data/consortium/esia")
    assert (document, URIRef("http://xmlns.com/foaf/0.1/primaryTopic"), ESIA) in graph


def test_quads_name_the_row_of_each_statement_and_hold_its_receipt(client: TestClient) -> None:
    read = Dataset().parse(data=client.get("/data/consortium/esia.nq").content, format="nquads")
    start = URIRef(f"{SIKG}startDate")
    rows = {str(graph) for _, _, _, graph in read.quads((ESIA, start, None, None))}
    assert rows == {
        "http://localhost:8000/id/row/consortia-3",
        "http://localhost:8000/id/row/consortia-statements-2",
    }
    receipts = read.graph(URIRef("http://localhost:8000/id/graph/receipts"))
    for row in rows:
        table = receipts.value(URIRef(row), URIRef(f"{SIKG}fromTable"))
        assert receipts.value(table, URIRef(f"{SIKG}sha256")) is not None


def test_json_ld_says_what_turtle_says(client: TestClient) -> None:
    context = json.loads(client.get("/context.jsonld").content)
    for path in ("consortium/esia", "country/EE", "row/consortia-3", "programme/esf-plus"):
        document = json.loads(client.get(f"/data/{path}.jsonld").content)
        assert document["@context"] == "http://localhost:8000/context.jsonld"
        inlined = json.dumps({**document, **context})
        read = Dataset().parse(data=inlined, format="json-ld")
        turtle = Graph().parse(data=client.get(f"/data/{path}.ttl").content, format="turtle")
        assert {quad[:3] for quad in read.quads()} == set(turtle)


def test_json_ld_uses_the_short_names(client: TestClient) -> None:
    document = json.loads(client.get("/data/consortium/esia.jsonld").content)
    esia = next(node for node in document["@graph"] if node["@id"] == str(ESIA))
    assert "Consortium" in esia["@type"]
    assert esia["prefLabel"] == {"en": ["European Social Innovation Alliance"]}
    assert esia["leadCountry"] == "http://localhost:8000/id/country/DE"


def test_what_is_cut_is_stated_in_the_data(odd: TestClient) -> None:
    graph = Graph().parse(data=odd.get("/data/theme/care.ttl").content, format="turtle")
    theme = URIRef(IDENTITY.entity("theme", "care"))
    assert LINKED > 5
    assert len(list(graph.subjects(URIRef(f"{SIKG}theme"), theme))) == 5
    document = URIRef(f"{IDENTITY.base}data/theme/care")
    comment = graph.value(document, URIRef(ontology.expand("rdfs:comment")))
    assert str(comment).startswith("Only 5 of the links")


def test_nothing_is_said_of_cuts_where_nothing_is_cut(client: TestClient) -> None:
    assert b"Only " not in client.get("/data/theme/employment.ttl").content


@pytest.mark.parametrize("path", ["/id/consortium/esia", "/data/consortium/esia"])
def test_what_is_known_is_not_sent_again(client: TestClient, path: str) -> None:
    first = client.get(path, headers={"accept": "text/turtle"})
    again = client.get(
        path, headers={"accept": "text/turtle", "if-none-match": first.headers["etag"]}
    )
    assert again.status_code == 304
    assert again.content == b""
    other = client.get(
        path,
        headers={"accept": "application/n-triples", "if-none-match": first.headers["etag"]},
    )
    assert other.status_code != 304


@pytest.mark.parametrize("path", ["/id/consortium/esia", "/data/consortium/esia"])
def test_other_methods(client: TestClient, path: str) -> None:
    head, get = client.head(path), client.get(path)
    assert head.status_code == get.status_code
    assert head.content == b""
    assert head.headers["etag"] == get.headers["etag"]
    assert client.options(path).status_code == 204
    refused = client.post(path)
    assert refused.status_code == 405
    assert refused.headers["allow"] == "GET, HEAD, OPTIONS"


def test_a_key_may_hold_any_character(odd: TestClient) -> None:
    key = quote(ODD_KEY, safe="")
    data = odd.get(f"/data/organisation/{key}.ttl")
    assert data.status_code == 200
    assert IDENTITY.entity("organisation", ODD_KEY) in data.text
    assert odd.get(f"/id/organisation/{key}").headers["location"] == f"/data/organisation/{key}"
    assert odd.get(f"/page/organisation/{key}").status_code == 200
    assert odd.get(f"/api/v1/organisation/{key}").json()["key"] == ODD_KEY


TRAVERSALS = [
    "../../etc/passwd",
    "..%2F..%2Fetc%2Fpasswd",
    "%2E%2E/%2E%2E/etc/passwd",
    "organisation/..",
    "organisation/%2E%2E%2F%2E%2E%2Fmanifest.json",
    "organisation/../../../current",
    "organisation/%00",
    "organisation/a%00.ttl",
    "organisation/%FF%FE",
    "organisation/%",
    "organisation/%zz",
    "organisation/%252e%252e",
    "organisation/" + "x" * 5000,
    "organisation/" + "%41" * 3000,
    "organisation//x",
    "organisation/\\..\\x",
    "ORGANISATION/ee-kysk",
    "organisation",
    "organisation/",
    "organisation/.ttl",
    "organisation/ee-kysk/extra",
    "%6Frganisation/x%0d%0aset-cookie:a=b",
    "organisation/<script>",
    "/",
    "",
]


@pytest.mark.parametrize("view", ["id", "data", "page"])
@pytest.mark.parametrize("path", TRAVERSALS)
def test_no_address_leads_out_or_breaks(client: TestClient, view: str, path: str) -> None:
    answer = client.get(f"/{view}/{path}")
    assert answer.status_code in {400, 404}
    assert "root:" not in answer.text
    assert "set-cookie" not in answer.headers


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(key=st.text(min_size=1, max_size=40), accept=st.text(max_size=30))
def test_no_key_and_no_header_breaks_the_service(client: TestClient, key: str, accept: str) -> None:
    address = f"/id/organisation/{quote(key, safe='', errors='replace')}"
    sent = accept.encode("utf-8", "replace").replace(b"\r", b"").replace(b"\n", b"")
    answer = client.get(address, headers={b"accept": sent.replace(b"\0", b"")})
    assert answer.status_code in {303, 404, 406}
