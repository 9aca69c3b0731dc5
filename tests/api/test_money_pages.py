"""Pages of money: flows, the rows behind each band, files to take away, and frames."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from html import unescape
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import networkx as nx
import openpyxl
import pytest
from rdflib import Graph, URIRef
from starlette.testclient import TestClient

from api.money.state import THROUGH
from ontology import SIKG
from tests.api.odd import BROWSER

API = "/api/v1"
BAND = re.compile(r'<a href="([^"]+)" class="band" data-bands="\d+"><title>([^<]*)</title>')
RIBBON = re.compile(r'<a href="([^"]+)"[^>]*class="ribbon"[^>]*><path [^>]*><title>([^<]*)</title>')
YEAR = re.compile(r'<a href="([^"]+)" class="year"><title>([^<]*)</title>')
SUM = re.compile(r"EUR ([\d,.]*\d)")


def _page(client: TestClient, address: str, status: int = 200) -> str:
    answer = client.get(address, headers={"accept": BROWSER})
    assert answer.status_code == status, answer.text
    return answer.text


def _rows(client: TestClient, page: str) -> dict[str, Any]:
    """Ask the interface for the rows that a link of a page leads to."""
    parts = urlsplit(unescape(page))
    assert parts.path == "/money/rows"
    answer = client.get(f"{API}/flows/rows?{parts.query}&limit=10000")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert found["total"] == len(found["rows"])
    return found


def _told(text: str) -> Decimal:
    found = SUM.search(unescape(text))
    assert found is not None, text
    return Decimal(found[1].replace(",", ""))


@pytest.mark.parametrize(
    "address",
    [
        "/money",
        "/money?through=organisation,strand,project&top=4",
        "/money?country=LV,EE&period=2014-2024",
    ],
)
def test_behind_each_band_link_and_year_are_rows_that_add_up_to_it(
    client: TestClient, address: str
) -> None:
    text = _page(client, address)
    drawn = [*BAND.findall(text), *RIBBON.findall(text), *YEAR.findall(text)]
    leading = [(to, told) for to, told in drawn if to.startswith("/money/rows")]
    assert len(leading) > 8
    for to, told in leading[::3]:
        rows = _rows(client, to)["rows"]
        assert {row["added"] for row in rows} == {"yes"}
        assert sum(Decimal(row["amount"]) for row in rows) == _told(told), (to, told)
        sorts = {
            tuple(row["keys"][name][0] for name in ("kind", "phase", "currency")) for row in rows
        }
        assert len(sorts) == 1


def test_the_table_has_all_that_is_drawn(client: TestClient) -> None:
    text = _page(client, "/money?top=5")
    table = text[text.index("</figure>") :]
    drawn = [*BAND.findall(text), *RIBBON.findall(text)]
    assert drawn
    for to, told in drawn:
        assert f'href="{to}"' in table
        assert f"EUR {SUM.search(unescape(told))[1]}" in table  # type: ignore[index]  # found above


def test_the_rest_of_a_step_can_be_told_apart(client: TestClient) -> None:
    text = _page(client, "/money?through=fund,country&top=2")
    ((to, told), *_) = [(to, told) for to, told in BAND.findall(text) if " others" in told]
    assert parse_qs(urlsplit(unescape(to)).query)["top"] == ["6"]
    assert len(BAND.findall(_page(client, unescape(to).partition("#")[0]))) > len(
        BAND.findall(text)
    )
    assert _told(told) > 0


def test_one_sort_of_money_is_shown_and_the_others_are_offered(client: TestClient) -> None:
    text = _page(client, "/money?money=total.approved.EUR")
    assert "total cost, committed, EUR" in text
    offered = re.findall(r'href="/money\?money=([^"&]+)"', text)
    rows = client.get(f"{API}/aggregates/funding").json()["rows"]
    sums = {
        ".".join(row[name] or "unknown" for name in ("kind", "phase", "currency"))
        for row in rows
        if row["amounts"]
    }
    assert set(offered) == sums
    assert 'aria-current="true"' in text


def test_a_form_without_scripts_leads_to_an_address_with_the_whole_state(
    client: TestClient,
) -> None:
    answer = client.get(
        "/money?step1=programme&step2=&step3=country&country=EE&money=&top=10&in=&lang=et"
    )
    assert answer.status_code == 303
    assert answer.headers["location"] == "/money?through=programme,country&country=EE&lang=et"


def test_what_nothing_fits_says_what_was_asked_and_gives_a_way_out(client: TestClient) -> None:
    text = _page(client, "/money?country=EE&theme=housing")
    assert "Nothing fits" in text
    assert 'href="/money?theme=housing"' in text
    assert 'href="/money?country=EE"' in text
    rows = _page(client, "/money/rows?country=EE&theme=housing")
    assert "Nothing fits" in rows
    assert 'href="/money/rows?theme=housing"' in rows
    empty = _page(client, "/money?money=grant.paid.HUF")
    assert "grant.paid.HUF" in empty
    assert "choose one below" in empty


@pytest.mark.parametrize(
    "address",
    [
        "/money?through=fund",
        "/money?through=fund,fund",
        "/money?through=fund,kind",
        "/money?through=a,b,c,d,e,f,g",
        "/money?money=total",
        "/money?country=QQ",
        "/money?period=never",
        "/money?top=0",
        "/money?colour=red",
        "/money/rows?offset=-1",
        "/money/rows?money=.approved.EUR",
        "/money.svg?country=QQ",
        "/embed/money?through=country",
    ],
)
def test_impossible_views_are_refused_as_problems(client: TestClient, address: str) -> None:
    assert client.get(address, headers={"accept": "*/*"}).status_code == 400


def test_what_is_not_there_is_not_found(client: TestClient) -> None:
    assert client.get("/money.docx").status_code == 404
    assert client.get("/money.png?country=EE&theme=housing").status_code == 404


@pytest.mark.parametrize(
    ("suffix", "media", "start"),
    [
        ("svg", "image/svg+xml", b"<?xml"),
        ("png", "image/png", b"\x89PNG"),
        ("pdf", "application/pdf", b"%PDF"),
    ],
)
@pytest.mark.parametrize("picture", ["flow", "years"])
def test_a_view_is_taken_away_as_a_file(
    client: TestClient, suffix: str, media: str, start: bytes, picture: str
) -> None:
    answer = client.get(f"/money.{suffix}?country=LV&picture={picture}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media
    assert answer.headers["content-disposition"] == f'inline; filename="money.{suffix}"'
    assert answer.content.startswith(start)
    assert answer.headers["etag"]
    if suffix == "svg":
        assert "href=" not in answer.text
        assert "release 1 of" in answer.text
        assert "http://localhost:8000/money?country=LV" in unescape(answer.text)


def test_only_embeds_may_stand_in_frames_of_others(client: TestClient) -> None:
    own = client.get("/money", headers={"accept": BROWSER})
    assert "frame-ancestors 'none'" in own.headers["content-security-policy"]
    framed = client.get("/embed/money?country=LV", headers={"accept": BROWSER})
    assert framed.status_code == 200
    assert "frame-ancestors *" in framed.headers["content-security-policy"]
    assert "default-src 'self'" in framed.headers["content-security-policy"]
    assert "<form" not in framed.text
    assert '<base target="_top">' in framed.text
    assert 'href="http://localhost:8000/money?country=LV"' in framed.text


def test_rows_show_what_they_are_of_and_where_they_were_read(client: TestClient) -> None:
    text = _page(client, "/money/rows?project=consortium/buicasus")
    assert "EUR 851,530" in text
    assert "EU contribution" in text
    assert 'href="/page/consortium/buicasus"' in text
    assert "consortia.csv" in text
    assert "1 source" in text


def test_rows_are_given_page_by_page(client: TestClient) -> None:
    text = _page(client, "/money/rows")
    assert 'href="/money/rows?offset=50"' in text
    later = _page(client, "/money/rows?offset=50")
    assert 'href="/money/rows"' in later
    first = re.findall(r'<tr><th scope="row">', text)
    assert len(first) == 50


def test_rows_come_as_json_csv_and_xlsx(client: TestClient) -> None:
    address = f"{API}/flows/rows?country=only:EE&money=total.not-stated.EUR"
    rows = client.get(address).json()["rows"]
    assert [row["amount"] for row in rows] == ["4100000", "158285", "33002.8"]
    assert all(row["rows"] for row in rows)
    assert rows[0]["labels"]["EE"] == "Estonia"
    read = list(csv.DictReader(io.StringIO(client.get(f"{address}&format=csv").text)))
    assert [line["amount"] for line in read] == [row["amount"] for row in rows]
    assert read[0]["project"] == "practice/sim-ex-convicts-ee"
    assert read[0]["country-label"] == "Estonia"
    assert "/id/row/" in read[0]["rows"]
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}&format=xlsx").content))
    cells = list(book["Table"].values)
    assert cells[0][0] == "amount"
    assert [line[0] for line in cells[1:]] == [4_100_000, 158_285, 33_002.8]
    about = {row[0]: row[1] for row in book["About"].values}
    assert about["country"] == "only:EE"
    assert about["source"]


def test_flows_of_one_sort_come_as_xlsx_with_sums_as_numbers(client: TestClient) -> None:
    address = f"{API}/flows?through=fund,country&money=total.approved.EUR"
    flow = client.get(address).json()["flows"]
    assert [(item["kind"], item["phase"], item["currency"]) for item in flow] == [
        ("total", "approved", "EUR")
    ]
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}&format=xlsx").content))
    head, *lines = book["Table"].values
    place = head.index("sum")
    total = sum(Decimal(str(line[place])) for line in lines)
    assert total == Decimal(flow[0]["total"]["sum"])


def test_names_of_any_kind_are_text_on_pages(odd: TestClient) -> None:
    """The release of odd content has facts, or says that it has none."""
    answer = odd.get("/money", headers={"accept": BROWSER})
    assert answer.status_code in {200, 404}
    assert "<script>alert" not in answer.text


def test_a_reader_in_another_language_has_names_in_it(client: TestClient) -> None:
    text = _page(client, f"/money?country=EE&lang={quote('et')}")
    assert "Eesti" in text
    assert 'href="/money/rows?' in text


def test_the_map_of_money_and_its_flows_lead_to_each_other(client: TestClient) -> None:
    back = "/money?money=eu.approved.EUR&period=2014-2020"
    there = "/where?kind=funding&money=eu.approved.EUR&period=2014-2020"
    assert f'href="{there}"' in unescape(_page(client, back))
    assert f'href="{back}"' in unescape(_page(client, there))
    # A map knows no organisations, and what has no sum has no shade.
    for left in (f"{back}&organisation=ee-kysk", "/money?money=unknown.unknown.unknown"):
        assert "/where?kind=funding" not in _page(client, left)


@pytest.mark.parametrize(
    "query",
    [
        "money=total.approved.EUR",
        "money=eu.approved.EUR&through=fund,strand,country&period=2014-2024",
        "money=total.approved.EUR&through=project,organisation,year&country=LV,EE",
        "money=total.approved.EUR&through=fund,theme&programme=esf-plus,easi-progress,erdf-2014-2020",
    ],
)
def test_the_question_behind_a_flow_gives_its_sums(client: TestClient, query: str) -> None:
    found = re.search(r'name="query" value="([^"]+)"', _page(client, f"/money?{query}&top=60"))
    assert found is not None
    asked = {"query": unescape(found[1]), "format": "json"}
    rows = client.get("/sparql", params=asked).json()["results"]["bindings"]
    through = "" if "through" in query else f"&through={THROUGH}"
    flows = client.get(f"{API}/flows?{query}&top=200{through}").json()
    (flow,) = flows["flows"]
    assert sum(Decimal(row["total"]["value"]) for row in rows) == Decimal(flow["total"]["sum"])
    step = flows["through"][0]
    sums: dict[frozenset[str], Decimal] = {}
    for row in rows:
        keys = frozenset(iri.split("/id/", 1)[1] for iri in row[step]["value"].split())
        sums[keys] = sums.get(keys, Decimal(0)) + Decimal(row["total"]["value"])
    before = "" if step == "project" else "programme/"
    bands = {
        frozenset(before + key for key in band["keys"] or ()): Decimal(band["sum"])
        for band in flow["bands"]
        if band["step"] == step and band["sum"] is not None
    }
    assert sums == bands
    assert len(sums) > 1


def test_what_has_no_plain_question_has_none(client: TestClient) -> None:
    for query in ("in=EUR", "country=unknown", "country=only:EE", "through=of,country"):
        assert 'name="query"' not in _page(client, f"/money?{query}")


def test_flows_are_graphs_for_other_programs(client: TestClient) -> None:
    query = "money=total.approved.EUR&through=fund,country"
    (flow,) = client.get(f"{API}/flows?{query}").json()["flows"]
    read = nx.parse_graphml(client.get(f"{API}/flows?{query}&format=graphml").text)
    assert sorted(told["sum"] for *_, told in read.edges(data=True)) == sorted(
        link["sum"] for link in flow["links"]
    )
    assert len(read.nodes) == len(flow["bands"])
    assert {told["sort"] for _, told in read.nodes(data=True)} == {"total.approved.EUR"}
    gexf = nx.read_gexf(io.BytesIO(client.get(f"{API}/flows?{query}&format=gexf").content))
    assert sorted(gexf.edges) == sorted(read.edges)


def test_rows_are_what_the_graph_states_of_amounts(client: TestClient) -> None:
    rows = client.get(f"{API}/flows/rows?money=total.approved.EUR&limit=5").json()["rows"]
    text = client.get(f"{API}/flows/rows?money=total.approved.EUR&limit=5&format=jsonld").text
    document = json.loads(text)
    context = client.get("/context.jsonld").json()
    graph = Graph().parse(data=json.dumps({**document, **context}), format="json-ld")
    told = {
        str(one): Decimal(str(value))
        for one, value in graph.subject_objects(URIRef(f"{SIKG}amount"))
    }
    assert told == {row["iri"]: Decimal(row["amount"]) for row in rows}
    whole = client.get("/sparql", params={"query": "CONSTRUCT { ?s ?p ?o } WHERE { VALUES ?s { "
        + " ".join(f"<{row['iri']}>" for row in rows) + " } ?s ?p ?o }"},
        headers={"accept": "text/turtle"})  # fmt: skip
    stated = Graph().parse(data=whole.text, format="turtle")
    assert {item for item in graph if str(item[0]) in told} <= set(stated)


def test_sums_of_links_are_observations_about_both_ends(client: TestClient) -> None:
    query = "money=total.approved.EUR&through=fund,country"
    (flow,) = client.get(f"{API}/flows?{query}").json()["flows"]
    graph = Graph().parse(
        data=client.get(f"{API}/flows?{query}&format=jsonld").text, format="json-ld"
    )
    values = [
        Decimal(str(value)) for value in graph.objects(None, URIRef("https://schema.org/value"))
    ]
    assert sorted(values) == sorted(Decimal(link["sum"]) for link in flow["links"])
    assert values


def test_a_frame_leads_through_the_years_in_its_place(client: TestClient) -> None:
    text = _page(client, "/embed/money?through=fund,country&money=eu.approved.EUR")
    ways = re.findall(r'<a href="([^"]+)" target="_self"', text)
    assert len(ways) > 3
    assert all(unescape(way).startswith("/embed/money?through=fund,country") for way in ways)
    one = _page(client, unescape(ways[1]))
    assert 'aria-current="true"' in one
