"""Partners over REST and as a page: the same ranks, with their reasons and sources."""

from __future__ import annotations

import csv
import html
import io
import re
from typing import Any

import networkx as nx
import pytest
from openpyxl import load_workbook
from rdflib import Graph, Namespace
from starlette.testclient import TestClient

from tests.api.odd import BROWSER

SCHEMA = Namespace("https://schema.org/")
ASKED = "organisation=ee-kysk&theme=employment"
LIGHT = 150_000  # bytes of a page of ten partners


def _json(client: TestClient, query: str) -> Any:
    answer = client.get(f"/api/v1/partners?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def _page(client: TestClient, query: str, **headers: str) -> str:
    answer = client.get(f"/partners?{query}", headers={"accept": BROWSER, **headers})
    assert answer.status_code == 200, answer.text
    return answer.text


def test_partners_come_with_reasons_whose_rows_have_receipts(client: TestClient) -> None:
    found = _json(client, ASKED)
    assert found["organisation"]["key"] == "ee-kysk"
    assert found["total"] == len(found["items"]) > 3
    assert [item["rank"] for item in found["items"]] == list(range(1, found["total"] + 1))
    assert [item["points"] for item in found["items"]] == sorted(
        (item["points"] for item in found["items"]), reverse=True
    )
    weights = {item["aspect"]: item["weight"] for item in found["aspects"]}
    used = {row for item in found["items"] for row in _rows(item)}
    assert used == set(found["receipts"])
    for item in found["items"]:
        points = {reason["aspect"]: reason["points"] for reason in item["reasons"]}
        total = sum(weights[name] * value for name, value in points.items())
        assert item["points"] == total // sum(weights.values())
        assert all(reason["text"] for reason in item["reasons"])


def _rows(partner: dict[str, Any]) -> list[str]:
    paths = [path for reason in partner["reasons"] for path in reason["paths"]]
    return [row for path in paths for hop in path["hops"] for row in hop["rows"]]


def test_pages_follow_each_other(client: TestClient) -> None:
    path = "/api/v1/partners?organisation=ee-kysk&limit=30"
    keys: list[str] = []
    while path:
        body = client.get(path).json()
        keys += [item["organisation"]["key"] for item in body["items"]]
        path = body["next"]
    assert len(keys) == len(set(keys)) == body["total"] > 30


def test_weights_change_the_order_and_are_told(client: TestClient) -> None:
    found = _json(client, "organisation=ee-kysk&weight-experience=5&weight-new=0")
    told = {item["aspect"]: (item["weight"], item["usual"]) for item in found["aspects"]}
    assert told["experience"] == (5, 1)
    assert told["new"] == (0, 1)
    assert told["theme"][0] == 0  # nothing is known of our themes
    usual = _json(client, "organisation=ee-kysk")
    assert [item["organisation"]["key"] for item in found["items"]] != [
        item["organisation"]["key"] for item in usual["items"]
    ]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "say who you are"),
        ("organisation=", "say who you are"),
        ("organisation=nobody", "there is no organisation"),
        ("theme=employmint", "did you mean employment"),
        ("theme=employment&on=tomorrow", "on is a day"),
        ("theme=employment&weight-theme=9", "from 0 to 5"),
        ("theme=employment&weight-theme=-1", "from 0 to 5"),
        ("theme=employment&weight-theem=1", "did you mean weight-theme"),
        ("theme=employment&limit=0", "limit"),
        ("period=1-2", "period cannot be"),
    ],
)
def test_impossible_questions_are_told(client: TestClient, query: str, words: str) -> None:
    answer = client.get(f"/api/v1/partners?{query}")
    assert answer.status_code == 400
    assert words in answer.json()["detail"]


def test_tables_hold_the_same_partners(client: TestClient) -> None:
    found = _json(client, ASKED)
    lines = list(
        csv.DictReader(io.StringIO(client.get(f"/api/v1/partners?{ASKED}&format=csv").text))
    )
    assert [line["organisation"] for line in lines] == [
        item["organisation"]["iri"] for item in found["items"]
    ]
    assert [int(line["points"]) for line in lines] == [item["points"] for item in found["items"]]
    assert int(lines[0]["theme"]) == 750
    book = load_workbook(io.BytesIO(client.get(f"/api/v1/partners?{ASKED}&format=xlsx").content))
    (head, first, *_) = book.worksheets[0].iter_rows(values_only=True)
    assert dict(zip(head, first, strict=True))["name"] == lines[0]["name"]


def test_the_page_shows_ranks_reasons_and_the_rows_behind_them(client: TestClient) -> None:
    text = _page(client, ASKED)
    found = _json(client, ASKED)
    for item in found["items"]:
        assert f'id="partner-{item["rank"]}"' in text
        assert f'href="{item["organisation"]["page"]}"' in text
    for receipt in found["receipts"].values():
        assert f'href="{receipt["page"]}"' in text
    paths = sum(
        bool(path["hops"])
        for item in found["items"]
        for reason in item["reasons"]
        for path in reason["paths"]
    )
    assert text.count('<ol class="path">') == paths > 10
    assert " style=" not in text
    assert len(text) < LIGHT


def test_a_path_is_drawn_with_its_arrows_in_their_directions(client: TestClient) -> None:
    text = _page(client, ASKED)
    (first, *_) = re.findall(r'<ol class="path">(.*?)</ol>', text, re.DOTALL)
    said = [
        ("back" in kind, re.sub(r"<[^>]+>", "", inner).strip())
        for kind, inner in re.findall(r'<li(?: class="(.*?)")?>(.*?)</li>', first, re.DOTALL)
    ]
    found = _json(client, ASKED)["items"][0]
    path = next(path for item in found["reasons"] for path in item["paths"] if path["hops"])
    expected = [(False, node["label"]["text"]) for node in path["nodes"]]
    hops = [(not hop["along"], hop["label"]["text"]) for hop in path["hops"]]
    assert said[::2] == expected
    assert said[1::2] == hops
    assert {back for back, _ in hops} == {True, False}


def test_the_ranking_is_taken_away_as_pictures_and_as_a_report(client: TestClient) -> None:
    found = _json(client, ASKED)
    drawing = client.get(f"/partners.svg?{ASKED}")
    assert drawing.headers["content-type"].startswith("image/svg+xml")
    for item in found["items"][:10]:
        assert item["organisation"]["label"]["text"][:30] in html.unescape(drawing.text)
    report = client.get(f"/partners.pdf?{ASKED}")
    assert report.content.startswith(b"%PDF-")
    assert 'filename="partners.pdf"' in report.headers["content-disposition"]
    assert client.get("/partners.svg?theme=employment&country=LV&period=2021").status_code == 404
    assert client.get(f"/partners.gif?{ASKED}").status_code == 404


def test_the_ranking_stands_in_pages_of_others(client: TestClient) -> None:
    answer = client.get(f"/embed/partners?{ASKED}", headers={"accept": BROWSER})
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    for item in _json(client, ASKED)["items"]:
        assert f'href="{item["organisation"]["page"]}"' in answer.text
    assert "<form" not in answer.text
    assert f'href="/partners?{ASKED.replace("&", "&amp;")}"' in answer.text
    empty = client.get("/embed/partners", headers={"accept": BROWSER})
    assert "Nothing is asked yet" in empty.text


def test_a_form_without_a_question_asks_for_one(client: TestClient) -> None:
    text = _page(client, "")
    assert '<form class="filters partners" action="/partners"' in text
    assert '<option value="employment">employment</option>' in text
    assert 'id="results"' not in text
    for path in re.findall(r'href="(/partners\?[^"]+)"', text):
        assert client.get(path.replace("&amp;", "&")).status_code == 200


def test_a_name_leads_to_the_organisations_that_it_may_mean(client: TestClient) -> None:
    text = _page(client, "we=kodanikuuhiskonna&country=LV&weight-new=0")
    href = '<a href="/partners?organisation=ee-kysk&amp;country=LV&amp;weight-new=0">'
    assert href in text
    assert "No organisation has a name like “zzzzzz”" in _page(client, "we=zzzzzz")


def test_where_nobody_fits_each_filter_can_be_left_out(client: TestClient) -> None:
    text = _page(client, "theme=employment&country=LV&period=2021")
    assert "Nobody fits all of this" in text
    for left in ("country=LV&amp;period=2021", "theme=employment&amp;period=2021"):
        assert f'<a href="/partners?{left}">without' in text
    assert "There are no partners on this page" in _page(client, f"{ASKED}&page=500")


def test_several_values_stay_chosen_in_the_form(client: TestClient) -> None:
    text = _page(client, "country=EE,LV")
    assert '<option value="EE,LV" selected>Estonia, Latvia</option>' in text


def test_reasons_and_names_are_in_the_language_of_the_reader(client: TestClient) -> None:
    text = _page(client, "country=EE", **{"accept-language": "et"})
    assert "Eesti" in text


def test_a_release_without_tables_says_what_to_do(odd: TestClient) -> None:
    assert odd.get("/partners", headers={"accept": BROWSER}).status_code == 404
    answer = odd.get("/api/v1/partners?theme=care")
    assert answer.status_code == 404
    assert "build it again" in answer.json()["detail"]


def test_paths_are_a_graph_for_other_programs(client: TestClient) -> None:
    data = _json(client, ASKED)
    steps = {
        (path["nodes"][place]["iri"], path["nodes"][place + 1]["iri"])[:: 1 if hop["along"] else -1]
        for item in data["items"]
        for reason in item["reasons"]
        for path in reason["paths"]
        for place, hop in enumerate(path["hops"])
    }
    answer = client.get(f"/api/v1/partners?{ASKED}&format=graphml")
    assert answer.headers["content-type"].startswith("application/graphml+xml")
    read = nx.parse_graphml(answer.text)
    assert set(read.edges) == steps
    assert all(told["label"] for *_, told in read.edges(data=True))
    ranks = {key: told["rank"] for key, told in read.nodes(data=True) if "rank" in told}
    assert ranks == {item["organisation"]["iri"]: item["rank"] for item in data["items"]}
    gexf = client.get(f"/api/v1/partners?{ASKED}&format=gexf")
    assert set(nx.read_gexf(io.BytesIO(gexf.content)).edges) == steps


def test_ranks_are_a_list_of_linked_data(client: TestClient) -> None:
    data = _json(client, ASKED)
    text = client.get(f"/api/v1/partners?{ASKED}&format=jsonld").text
    graph = Graph().parse(data=text, format="json-ld")
    told = {
        (int(str(graph.value(one, SCHEMA["position"]))), str(graph.value(one, SCHEMA["item"])))
        for one in graph.objects(None, SCHEMA["itemListElement"])
    }
    assert told == {(item["rank"], item["organisation"]["iri"]) for item in data["items"]}
