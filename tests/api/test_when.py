"""When: the page, its frame, its files and its data say the same."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from rdflib import XSD, Graph, Literal, URIRef
from starlette.testclient import TestClient

from ontology import SIKG
from tests.api.odd import BROWSER

SVG = "{http://www.w3.org/2000/svg}"


def _json(client: TestClient, query: str = "") -> dict[str, Any]:
    answer = client.get(f"/api/v1/when{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _page(client: TestClient, path: str) -> str:
    answer = client.get(path, headers={"accept": BROWSER})
    assert answer.status_code == 200, answer.text
    return answer.text


def _drawn(text: str, name: str) -> ET.Element:
    found = re.search(rf'<svg [^>]*class="{name}".*?</svg>', text, re.DOTALL)
    assert found is not None
    return ET.fromstring(found[0])  # noqa: S314  # made here


def _table(text: str) -> list[str]:
    body = text.split('id="table-things"')[1].split("</table>", maxsplit=1)[0]
    return re.findall(r'<th scope="row"><a href="([^"]+)">', body)


def test_drawing_and_table_have_the_same_things_in_their_lanes(client: TestClient) -> None:
    text = _page(client, "/when")
    data = _json(client)
    pages = [item["page"] for item in data["items"]]
    assert _table(text) == pages
    links = [link.get("href") for link in _drawn(text, "bars").iter(f"{SVG}a")]
    assert sorted(map(str, links)) == sorted(pages)


def test_the_strips_are_the_table_of_years(client: TestClient) -> None:
    text = _page(client, "/when?kind=practice")
    data = _json(client, "?kind=practice")
    links = {link.get("href"): link for link in _drawn(text, "strips").iter(f"{SVG}a")}
    first = data["years"][-1]
    link = links[f"/when?kind=practice&period={first['year']}"]
    assert (link.get("aria-label") or "").startswith(f"{first['year']}: {first['things']} ")
    assert len(data["years"]) > 5
    for item in data["years"]:
        assert f'data-value="{item["things"]}"' in text


def test_a_column_leads_to_the_things_behind_it(client: TestClient) -> None:
    for item in _json(client, "?kind=practice")["years"]:
        behind = _json(client, f"?kind=practice&period={item['year']}")
        assert behind["total"] == item["things"]
        assert all(one["begin"].startswith(str(item["year"])) for one in behind["items"])


def test_pages_lead_through_all_things_once(client: TestClient) -> None:
    seen: list[str] = []
    path: str | None = "/when"
    while path is not None:
        text = _page(client, unescape(path))
        seen += _table(text)
        found = re.search(r'<a href="([^"]+)#things" rel="next">', text)
        path = found[1] if found else None
    assert len(seen) == len(set(seen)) == _json(client)["total"]


def test_what_has_no_date_is_counted_and_listed(client: TestClient) -> None:
    undated = _json(client)["undated"]["practice"]
    listed = _json(client, "?kind=practice&period=unknown")
    assert listed["total"] == undated > 0
    assert all(item["begin"] is None for item in listed["items"])
    assert "period=unknown" in _page(client, "/when")
    assert "not known" in _page(client, "/when?kind=practice&period=unknown")


def test_where_sources_differ_the_page_says_so(client: TestClient) -> None:
    item = next(
        item for item in _json(client, "?kind=consortium")["items"] if item["iri"].endswith("esia")
    )
    assert item["differ"]
    assert item["begin"] == "2021-05"
    assert "sources differ" in _page(client, "/when?kind=consortium")


def test_kinds_that_a_filter_does_not_fit_are_told(client: TestClient) -> None:
    data = _json(client, "?country=EE")
    assert "programme" in data["left_out"]
    assert {item["kind"] for item in data["items"]} <= set(data["kinds"])
    assert "to which a filter does not apply" in _page(client, "/when?country=EE")


def test_nothing_that_fits_has_a_way_out(client: TestClient) -> None:
    text = _page(client, "/when?kind=practice&country=EE&period=1700")
    assert "Nothing fits" in text
    ways = {unescape(way) for way in re.findall(r'<a class="chip" href="([^"]+)"', text)}
    assert ways == {"/when?kind=practice&country=EE", "/when?kind=practice&period=1700"}


@pytest.mark.parametrize(
    "query", ["kind=organisation", "kind=x", "period=20", "start=0", "theme=x", "from=2020"]
)
def test_what_cannot_be_asked_is_refused(client: TestClient, query: str) -> None:
    assert client.get(f"/when?{query}", headers={"accept": BROWSER}).status_code == 400


def test_a_list_behind_its_end_is_empty_and_says_so(client: TestClient) -> None:
    assert "Nothing fits" in _page(client, "/when?start=100000")
    assert _json(client, "?offset=100000")["items"] == []


def test_a_frame_may_stand_anywhere(client: TestClient) -> None:
    answer = client.get("/embed/when?kind=policy", headers={"accept": BROWSER})
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    assert len(list(_drawn(answer.text, "bars").iter(f"{SVG}a"))) > 10
    assert "strips" in client.get("/embed/when", headers={"accept": BROWSER}).text


@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_the_timeline_is_given_as_a_file(client: TestClient, suffix: str) -> None:
    for kind in ("policy", ""):
        assert client.get(f"/when.{suffix}?kind={kind}").status_code == 200
    assert client.get("/when.gif").status_code == 404
    assert client.get(f"/when.{suffix}?period=1700").status_code in {200, 404}


def test_the_table_is_given_for_spreadsheets(client: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/api/v1/when?format=csv").text)))
    assert [row["iri"] for row in rows] == [item["iri"] for item in _json(client)["items"]]
    assert rows[0]["begin"] == "1984"
    assert client.get("/api/v1/when?format=xlsx").content.startswith(b"PK")


@pytest.mark.parametrize(
    "query",
    ["", "kind=practice&country=EE,LV&period=2015-2020", "kind=policy&period=2021"],
)
def test_the_question_behind_a_timeline_finds_the_same_things(
    client: TestClient, query: str
) -> None:
    found = re.search(r'name="query" value="([^"]+)"', _page(client, f"/when?{query}"))
    assert found is not None
    asked = {"query": unescape(found[1]), "format": "json"}
    rows = client.get("/sparql", params=asked).json()["results"]["bindings"]
    data = _json(client, f"?{query}&limit=1000")
    told = [
        tuple(row.get(name, {}).get("value") for name in ("thing", "begin", "end")) for row in rows
    ]
    listed = [(item["iri"], item["begin"], item["end"]) for item in data["items"]]
    assert sorted(told, key=str) == sorted(listed, key=str)
    assert told


def test_what_is_unknown_has_no_plain_question(client: TestClient) -> None:
    assert 'name="query"' not in _page(client, "/when?kind=practice&period=unknown")


def test_things_and_dates_are_linked_data(client: TestClient) -> None:
    data = _json(client, "?kind=practice,policy")
    text = client.get("/api/v1/when?kind=practice,policy&format=jsonld").text
    context = client.get("/context.jsonld").json()
    graph = Graph().parse(data=json.dumps({**json.loads(text), **context}), format="json-ld")
    for item in data["items"]:
        begins = "documentDate" if item["kind"] == "policy" else "startDate"
        (begin,) = graph.objects(URIRef(item["iri"]), URIRef(f"{SIKG}{begins}"))
        precision = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}[len(item["begin"])]
        assert begin == Literal(item["begin"], datatype=precision)
    assert len(set(graph.subjects())) == len(data["items"])
