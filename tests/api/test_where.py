"""Where: the page, its frame, its files and its data say the same, and mix no money."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
from openpyxl import load_workbook
from rdflib import Graph, Namespace
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.mixed import mixtures, publish_mixed
from tests.api.odd import BROWSER

SCHEMA = Namespace("https://schema.org/")
SVG = "{http://www.w3.org/2000/svg}"
KINDS = ["organisation", "consortium", "practice", "participation", "event", "funding"]
ROW = re.compile(r'<tr data-code="(\w+)">.*?data-value="([0-9.]+)"', re.DOTALL)
DRAWING = re.compile(r'<svg [^>]*class="europe".*?</svg>', re.DOTALL)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Ask a service whose money is of all sorts."""
    home, work = tmp_path_factory.mktemp("mixed"), tmp_path_factory.mktemp("tables")
    publish_mixed(home, work)
    with TestClient(create_app(Settings(home=home)), follow_redirects=False) as client:
        yield client


def _json(client: TestClient, query: str = "") -> dict[str, Any]:
    answer = client.get(f"/api/v1/where{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _page(client: TestClient, path: str) -> str:
    answer = client.get(path, headers={"accept": BROWSER})
    assert answer.status_code == 200, answer.text
    return answer.text


def _drawn(text: str) -> ET.Element:
    found = DRAWING.search(text)
    assert found is not None
    return ET.fromstring(found[0])  # noqa: S314  # made here


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_of_the_page_is_the_data(client: TestClient, kind: str) -> None:
    data = _json(client, f"?kind={kind}")
    text = _page(client, f"/where?kind={kind}")
    told = {code: int(number) for code, number in ROW.findall(text)}
    assert told == {place["key"]: place["things"] for place in data["countries"]}
    if data["unknown"]:
        assert f'data-value="{data["unknown"]}"' in text


@pytest.mark.parametrize("kind", KINDS)
def test_the_map_shades_what_the_table_tells(client: TestClient, kind: str) -> None:
    data = _json(client, f"?kind={kind}")
    root = _drawn(_page(client, f"/where?kind={kind}"))
    linked = {link.get("data-code") for link in root.iter(f"{SVG}a") if link.get("data-code")}
    assert linked == {place["key"] for place in data["countries"] if place["drawn"]}
    hatched = {
        path.get("data-code")
        for path in root.iter(f"{SVG}path")
        if path.get("fill") == "url(#nothing)" and path.get("data-code")
    }
    assert not linked & hatched
    assert "CH" in hatched


def test_every_country_leads_to_what_is_in_it_with_the_same_filters(client: TestClient) -> None:
    root = _drawn(_page(client, "/where?kind=practice&period=2016-2020"))
    links = [link.get("href") or "" for link in root.iter(f"{SVG}a")]
    data = _json(client, "?kind=practice&period=2016-2020")
    assert links
    for place in data["countries"]:
        (link,) = [one for one in links if one.endswith(f"country={place['key']}")]
        assert link == f"/find?kind=practice&period=2016-2020&country={place['key']}"
    answer = client.get(links[0].replace("/find?", "/api/v1/find?"))
    assert answer.json()["total"] == next(
        place["things"] for place in data["countries"] if links[0].endswith(place["key"])
    )


def test_the_sentence_says_what_the_data_hold(client: TestClient) -> None:
    data = _json(client)
    root = _drawn(_page(client, "/where"))
    label = root.get("aria-label") or ""
    there = [place for place in data["countries"] if place["drawn"]]
    assert f"{data['total']} organisations in {len(there)} countries" in label
    first = there[0]
    assert f"{first['label']['text']} ({first['things']})" in label


def test_a_filter_that_does_not_apply_is_left_out_and_told(client: TestClient) -> None:
    text = _page(client, "/where?kind=organisation&theme=employment")
    assert "Left out" in text
    assert "Theme" in text
    assert client.get("/api/v1/where?kind=organisation&theme=employment").status_code == 400


def test_nothing_that_fits_has_a_way_out(client: TestClient) -> None:
    text = _page(client, "/where?kind=practice&country=EE&period=1700&theme=employment")
    assert "Nothing fits" in text
    ways = {unescape(way) for way in re.findall(r'<a class="chip" href="([^"]+)"', text)}
    assert "/where?kind=practice&country=EE&theme=employment" in ways
    assert len(ways) == 3


@pytest.mark.parametrize(
    "query",
    [
        "kind=nonsense",
        "kind=programme",
        "kind=practice&theme=nonsense",
        "kind=practice&period=x",
        "kind=funding&money=x",
        "arcs=few",
        "colour=red",
        "nuts=4",
        f"kind={'x' * 41}",
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_reason(client: TestClient, query: str) -> None:
    for path in ("/where", "/embed/where", "/where.svg"):
        answer = client.get(f"{path}?{query}", headers={"accept": BROWSER})
        assert answer.status_code in {400, 404}, (path, answer.status_code)


def test_a_frame_may_stand_anywhere_and_leads_out(client: TestClient) -> None:
    answer = client.get("/embed/where?kind=practice", headers={"accept": BROWSER})
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    assert "<form" not in answer.text
    assert 'href="/where?kind=practice"' in answer.text
    _drawn(answer.text)


@pytest.mark.parametrize(
    ("suffix", "begins", "type_"),
    [
        ("svg", b"<svg", "image/svg+xml"),
        ("png", b"\x89PNG", "image/png"),
        ("pdf", b"%PDF", "application/pdf"),
    ],
)
def test_the_map_is_given_as_a_file(
    client: TestClient, suffix: str, begins: bytes, type_: str
) -> None:
    answer = client.get(f"/where.{suffix}?kind=practice")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(type_)
    assert answer.content.lstrip().startswith((begins, b"<?xml"))
    assert client.get("/where.docx").status_code == 404


def test_the_table_is_given_for_spreadsheets(client: TestClient) -> None:
    data = _json(client, "?kind=practice")
    answer = client.get("/api/v1/where?kind=practice&format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    expected = {place["key"]: place["things"] for place in data["countries"]}
    assert {row["country"]: int(row["things"]) for row in rows if row["country"]} == expected
    assert int(rows[-1]["things"]) == data["unknown"]
    book = load_workbook(io.BytesIO(client.get("/api/v1/where?kind=funding&format=xlsx").content))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]][:4] == ["country", "name", "things", "sum"]
    assert all(isinstance(cell.value, (int, float)) for cell in sheet["D"][1:])


def test_arcs_are_drawn_as_asked(client: TestClient) -> None:
    data = _json(client)
    assert len(data["cooperation"]) > 30
    for arcs, number in (("none", 0), ("most", 30), ("all", None)):
        root = _drawn(_page(client, f"/where?arcs={arcs}"))
        drawn = [item for item in root.iter(f"{SVG}path") if item.get("data-one")]
        if number is None:
            assert len(drawn) > 30
        else:
            assert len(drawn) <= number
            assert bool(drawn) == bool(number)


def test_names_are_in_the_language_of_the_reader(client: TestClient) -> None:
    assert "Eesti" in _page(client, "/where?lang=et")
    found = _json(client, "?lang=et")
    assert "Eesti" in {place["label"]["text"] for place in found["countries"]}


def test_no_money_is_mixed_whatever_is_chosen(mixed: TestClient) -> None:
    sorts = _json(mixed, "?kind=funding")["sorts"]
    assert len(sorts) > 3
    for sort in sorts:
        data = _json(mixed, f"?kind=funding&money={sort['name']}")
        assert data["money"]["name"] == sort["name"]
        keys = [item["keys"] for item in data["together"]]
        assert all(len(key) > 1 for key in keys)
        text = _page(mixed, f"/where?kind=funding&money={sort['name']}")
        assert mixtures(re.sub(r' d="[^"]*"| data-value="[^"]*"', "", text)) == []
        # An amount of two countries is of neither, and stands in the table alone.
        assert {place["key"] for place in data["countries"]} <= {"EE"}


@pytest.mark.parametrize(
    "query",
    [
        *(f"kind={kind}" for kind in KINDS if kind != "funding"),
        "kind=practice&period=2015-2016,2020&country=ES,PT",
        "kind=organisation&programme=easi-2014-2020&role=partner",
    ],
)
def test_the_question_behind_the_map_counts_the_same(client: TestClient, query: str) -> None:
    found = re.search(r'name="query" value="([^"]+)"', _page(client, f"/where?{query}"))
    assert found is not None
    asked = {"query": unescape(found[1]), "format": "json"}
    answer = client.get("/sparql", params=asked).json()
    told = {
        row["country"]["value"].rsplit("/", 1)[1]: int(row["things"]["value"])
        for row in answer["results"]["bindings"]
    }
    data = _json(client, f"?{query}")
    assert told == {place["key"]: place["things"] for place in data["countries"]}
    assert told


def test_what_has_no_plain_question_shows_none(client: TestClient) -> None:
    for query in ("kind=funding", "kind=practice&theme=unknown", "kind=practice&period=unknown"):
        assert 'name="query"' not in _page(client, f"/where?{query}")


def test_every_sum_leads_to_its_rows(client: TestClient) -> None:
    text = _page(client, "/where?kind=funding&money=total.approved.EUR")
    links = {unescape(link) for link in re.findall(r'href="(/money/rows[^"]+)"', text)}
    data = _json(client, "?kind=funding&money=total.approved.EUR")
    keys = [[place["key"]] for place in data["countries"]]
    keys += [item["keys"] for item in data["together"]]
    for key in keys:
        joined = "%3B".join(key)
        link = f"/money/rows?money=total.approved.EUR&country=only%3A{joined}"
        assert link in links
    assert client.get(link, headers={"accept": BROWSER}).status_code == 200


def test_a_release_from_before_says_so(odd: TestClient) -> None:
    assert odd.get("/where", headers={"accept": BROWSER}).status_code == 404
    assert "build it again" in odd.get("/api/v1/where").json()["detail"]


def test_nothing_is_served_before_the_first_release(empty: TestClient) -> None:
    assert empty.get("/where", headers={"accept": BROWSER}).status_code == 503


def test_a_page_weighs_little(client: TestClient, release_home: Path) -> None:
    assert release_home.is_dir()
    assert len(_page(client, "/where")) < 150_000


@pytest.mark.parametrize("query", ["kind=project&nuts=3", "kind=project&nuts=2"])
def test_regions_are_tiles_and_rows_that_lead_to_what_is_in_them(
    mixed: TestClient, query: str
) -> None:
    data = _json(mixed, f"?{query}")
    assert data["regions"]
    text = _page(mixed, f"/where?{query}")
    told = {code: int(number) for code, number in ROW.findall(text)}
    assert told == {place["key"]: place["things"] for place in data["regions"]}
    links = {link.get("data-code"): link.get("href") or "" for link in _drawn(text).iter(f"{SVG}a")}
    assert links.keys() == told.keys()
    for code, link in links.items():
        answer = mixed.get(link.replace("/find?", "/api/v1/find?"))
        assert answer.json()["total"] == told[code or ""]
    found = re.search(r'name="query" value="([^"]+)"', text)
    assert found is not None
    asked = {"query": unescape(found[1]), "format": "json"}
    rows = mixed.get("/sparql", params=asked).json()["results"]["bindings"]
    assert {row["region"]["value"]: int(row["things"]["value"]) for row in rows} == told


def test_money_by_region_mixes_nothing_and_leads_to_its_rows(mixed: TestClient) -> None:
    data = _json(mixed, "?kind=funding&money=total.approved.EUR&nuts=3")
    assert {place["key"]: place["sum"] for place in data["regions"]} == {
        "EE008": "10000000",
        "EE009": "40000000",
    }
    (shared,) = data["together"]
    assert (shared["keys"], shared["sum"]) == (["EE009", "LV006"], "20000000")
    text = _page(mixed, "/where?kind=funding&money=total.approved.EUR&nuts=3")
    links = {unescape(link) for link in re.findall(r'href="(/money/rows[^"]+)"', text)}
    assert len(links) == 3
    amounts = 0
    for link in links:
        rows = mixed.get(link.replace("/money/rows", "/api/v1/flows/rows")).json()
        amounts += rows["total"]
    assert amounts == data["total"]


def test_what_has_no_regions_says_so_and_leads_back_to_countries(client: TestClient) -> None:
    text = _page(client, "/where?kind=practice&nuts=2&country=EE")
    assert "No source says in which region" in text
    assert 'href="/where?kind=practice&amp;country=EE"' in text


def test_cooperation_is_a_graph_for_other_programs(client: TestClient) -> None:
    data = _json(client)
    pairs = {frozenset((arc["one"], arc["other"])): arc["things"] for arc in data["cooperation"]}
    graphml = client.get("/api/v1/where?format=graphml")
    assert graphml.headers["content-type"].startswith("application/graphml+xml")
    read = nx.parse_graphml(graphml.text)
    assert {frozenset(ends): read.edges[ends]["weight"] for ends in read.edges} == pairs
    gexf = nx.read_gexf(io.BytesIO(client.get("/api/v1/where?format=gexf").content))
    assert set(map(frozenset, gexf.edges)) == set(pairs)
    assert gexf.nodes["EE"]["label"] == "Estonia"
    for query in ("kind=funding", "nuts=2"):
        assert client.get(f"/api/v1/where?{query}&format=gexf").status_code == 400


@pytest.mark.parametrize("query", ["kind=practice", "kind=funding&money=total.approved.EUR"])
def test_numbers_of_places_are_linked_data(client: TestClient, query: str) -> None:
    data = _json(client, f"?{query}")
    graph = Graph().parse(
        data=client.get(f"/api/v1/where?{query}&format=jsonld").text, format="json-ld"
    )
    told = {
        str(place).rsplit("/", 1)[1]: Decimal(str(graph.value(one, SCHEMA["value"])))
        for one, place in graph.subject_objects(SCHEMA["observationAbout"])
    }
    assert told == {
        place["key"]: Decimal(place["sum"] or place["things"]) for place in data["countries"]
    }
