"""The quality of a release as a page, as JSON, and as RDF; and tables for spreadsheets."""

from __future__ import annotations

import re
from typing import Any

import pytest
from rdflib import RDF, Graph, Namespace, URIRef
from starlette.testclient import TestClient

from api.numbers import as_csv, harmless
from tests.api.odd import BROWSER

DQV = Namespace("http://www.w3.org/ns/dqv#")
ROW = re.compile(r'<tr><th scope="row"><a href="#source-([a-z-]+)">.*?</tr>', re.DOTALL)


def _page(client: TestClient, path: str = "/quality") -> str:
    answer = client.get(path, headers={"accept": BROWSER})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.text


def _json(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/quality").json()
    return found


def test_the_page_shows_every_source_with_its_numbers(client: TestClient) -> None:
    text = _page(client)
    board = _json(client)
    rows = {found[1]: found[0] for found in ROW.finditer(text)}
    assert set(rows) == {source["name"] for source in board["sources"]}
    for source in board["sources"]:
        assert f'<td class="number">{source["rows_read"]:,}</td>' in rows[source["name"]]
        assert f"{source['filled'] * 100:.1f} %" in rows[source["name"]]
    assert '<a href="/quality">Quality</a>' in text
    assert "<script" not in text


def test_the_page_is_sorted_by_addresses(client: TestClient) -> None:
    board = _json(client)
    falling = sorted((source["rows_read"] for source in board["sources"]), reverse=True)
    text = _page(client, "/quality?sort=read&order=descending")
    names = [found[1] for found in ROW.finditer(text)]
    by_name = {source["name"]: source["rows_read"] for source in board["sources"]}
    assert [by_name[name] for name in names] == falling
    assert text.count("aria-sort=") == 1
    assert 'aria-sort="descending"><a href="/quality?sort=read&amp;order=ascending' in text
    # No curated source states a universe: unknown ones stay in their order.
    assert len(ROW.findall(_page(client, "/quality?sort=coverage&order=descending"))) == len(names)


@pytest.mark.parametrize("query", ["sort=nothing", "order=up", "sorted=title"])
def test_what_cannot_be_sorted_by_is_refused(client: TestClient, query: str) -> None:
    assert client.get(f"/quality?{query}").status_code == 400


def test_the_document_tells_columns_tags_and_the_trend(client: TestClient) -> None:
    board = _json(client)
    assert board["release"] == 1
    assert [past["release"] for past in board["history"]] == [1]
    organisations = next(item for item in board["sources"] if item["name"] == "organisations")
    uses = {column["name"]: column["use"] for column in organisations["columns"]}
    assert uses["website_basis"] == "ignored"
    assert uses["name"] == "used"
    assert {tag["tag"] for tag in organisations["tags"]} >= {"en", "et", "lv"}
    assert organisations["duplicates"] is None
    schema = client.get("/api/v1/openapi.json").json()
    answer = schema["paths"]["/api/v1/quality"]["get"]["responses"]["200"]
    assert answer["content"]["application/json"]["schema"]["$ref"].endswith("/Scoreboard")


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/quality.ttl", "*/*"),
        ("/quality", "text/turtle"),
        ("/quality?format=turtle", BROWSER),
    ],
)
def test_the_measurements_are_given_as_rdf(client: TestClient, path: str, accept: str) -> None:
    answer = client.get(path, headers={"accept": accept})
    assert answer.headers["content-type"].startswith("text/turtle")
    assert 'rel="alternate"' in answer.headers["link"]
    read = Graph().parse(data=answer.content, format="turtle")
    source = URIRef("http://localhost:8000/id/source/consortia")
    values = {
        str(read.value(item, DQV.isMeasurementOf)).partition("#")[2]: read.value(item, DQV.value)
        for item in read.subjects(DQV.computedOn, source)
    }
    assert str(values["rows-read"]) == "10"
    assert int(str(values["days-since-retrieved"])) >= 0
    assert (None, RDF.type, DQV.Metric) in read


def test_other_suffixes_are_not_there(client: TestClient) -> None:
    assert client.get("/quality.jsonld").headers["content-type"] == "application/ld+json"
    assert client.get("/quality.docx").status_code == 404


def test_a_release_without_a_scoreboard_says_so(odd: TestClient) -> None:
    assert odd.get("/quality", headers={"accept": BROWSER}).status_code == 404
    assert "build it again" in odd.get("/api/v1/quality").json()["detail"]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1 800", "'+1 800"),
        ("-x", "'-x"),
        ("@sum", "'@sum"),
        (" =1", "' =1"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),  # noqa: RUF001  # full width: a spreadsheet takes it as well
        ("-12.50", "-12.50"),
        ("+3", "+3"),
        ("a=b", "a=b"),
        ("", ""),
        (-4, -4),
        (None, None),
    ],
)
def test_no_cell_of_a_table_for_spreadsheets_is_a_formula(cell: object, written: object) -> None:
    assert harmless(cell) == written


def test_tables_are_written_without_formulas() -> None:
    assert as_csv(["a", "b"], [("=1+1", -2), (None, "x")]) == b"a,b\r\n'=1+1,-2\r\n,x\r\n"
