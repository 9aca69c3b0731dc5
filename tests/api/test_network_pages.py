"""The pages of networks: the same in drawing and tables, whatever is asked, and taken away."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.networks import tables as network_tables
from api.routes import network_pages
from graph.dataset import Dataset
from graph.networks.projection import Drawn
from tests.api.odd import BROWSER
from visualisations.maps import read_maps

DRAWN = re.compile(r'data-n="(\d+)"><')
FADED = re.compile(r'data-n="(\d+)" class="off"')
ROWS = re.compile(r'<tr data-n="(\d+)">')
LINKS = re.compile(r'<tr data-s="(\d+)" data-t="(\d+)">')
SMALL = "/networks/countries"


def _page(client: TestClient, path: str) -> str:
    answer = client.get(path, headers={"accept": BROWSER})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.text


def _document(client: TestClient, path: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/v1{path}").json()
    return found


@pytest.mark.parametrize(
    "asked", ["", "?country=EE", "?centre=country/EE&depth=2", "?collapse=community"]
)
def test_drawing_tables_and_document_hold_the_same(client: TestClient, asked: str) -> None:
    text, document = _page(client, SMALL + asked), _document(client, SMALL + asked)
    numbers = set(map(str, range(len(document["nodes"]["id"]))))
    assert set(DRAWN.findall(text)) == numbers
    assert set(ROWS.findall(text)) == numbers
    pairs = zip(document["links"]["source"], document["links"]["target"], strict=True)
    assert {tuple(map(int, pair)) for pair in LINKS.findall(text)} == set(pairs)
    for name in document["nodes"]["label"]:
        assert name in unescape(text)


def test_numbers_are_written_as_the_reader_writes_them(client: TestClient) -> None:
    """Of tables and of the report of brokers alike."""
    for path in (SMALL, f"{SMALL}/brokers"):
        for language, other in (("en", ","), ("et", ".")):
            text = _page(client, f"{path}?lang={language}")
            point = "." if other == "," else ","
            assert re.search(rf"\d\{point}\d %", text)
            assert not re.search(rf"\d\{other}\d %", text)


def test_every_network_is_listed(client: TestClient) -> None:
    listed = re.findall(r'href="/networks/([a-z-]+)"><strong>', _page(client, "/networks"))
    assert listed == [spec.name for spec in read_maps()]


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("kind=organisation&country=EE,LV", "country=EE,LV"),
        ("kind=policy&type=recommendation", "type=recommendation"),
    ],
)
def test_what_is_found_is_seen_as_a_network_by_the_same_filters(
    client: TestClient, asked: str, kept: str
) -> None:
    found = re.findall(r'href="(/networks/[^"]+)"', _page(client, f"/find?{asked}"))
    links = [unescape(link) for link in found if "?" in link]
    assert [link.partition("?")[2] for link in links] == [kept]
    text = _page(client, links[0])
    dropped = re.findall(r'<li><a href="[^"]+"><strong>', text)
    assert len(dropped) == kept.count("=")


def test_a_network_that_the_build_had_no_time_for_is_listed_with_the_reason(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def why(_dataset: Dataset, name: str, _drawn: Drawn) -> str | None:
        return "It took too long." if name == "policies" else None

    monkeypatch.setattr(network_pages, "left_out", why)
    text = _page(client, "/networks?lang=lv")
    assert text.count("It took too long.") == 1


def test_a_page_has_neither_scripts_nor_styles_in_it(client: TestClient) -> None:
    text = _page(client, SMALL)
    assert " style=" not in text
    assert "<style" not in text
    kinds = re.findall(r"<script([^>]*)>", text)
    assert kinds
    assert all("src=" in kind or "application/json" in kind for kind in kinds)


def test_where_nothing_fits_it_is_said_and_there_is_a_way_out(client: TestClient) -> None:
    text = _page(client, f"{SMALL}?period=1900&colour=community")
    assert "Nothing fits what was asked." in text
    told = '<strong>Begins in:</strong> <span dir="auto">1900</span>'
    assert f'<a href="{SMALL}?colour=community">{told}' in text
    assert f'<a href="{SMALL}">see the whole network</a>' in text


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("colour=nonsense", "nonsense"),
        ("size=nonsense", "nonsense"),
        ("by=nonsense", "nonsense"),
        ("order=nonsense", "nonsense"),
        ("country=ZZ", "ZZ"),
        ("centre=organisation/nobody", "organisation/nobody"),
        ("depth=9", "9"),
        ("period=soon", "soon"),
        ("years=soon", "soon"),
        ("years=2021-2014", "2021-2014"),
        ("nodes-from=-1", "nodes-from"),
        ("nonsense=1", "nonsense"),
    ],
)
def test_what_is_impossible_is_refused_in_words(client: TestClient, asked: str, told: str) -> None:
    answer = client.get(f"{SMALL}?{asked}", headers={"accept": BROWSER})
    assert answer.status_code == 400
    assert told in answer.text


def test_each_choice_can_be_dropped_by_itself(client: TestClient) -> None:
    text = _page(client, f"{SMALL}?country=EE,LV&centre=country/EE")
    dropped = re.findall(r'<li><a href="([^"]+)"><strong>', text)
    assert [unescape(address) for address in dropped] == [
        f"{SMALL}?centre=country/EE",
        f"{SMALL}?country=EE,LV",
    ]
    assert '<option value="EE,LV" selected>Estonia, Latvia</option>' in text


@pytest.mark.parametrize(
    ("name", "years"),
    [
        ("organisations", "2021"),
        ("countries", "2014-2020"),
        ("projects", "2014-2020"),
        ("themes-target-groups", "2019"),
    ],
)
def test_kept_to_years_a_network_holds_what_the_filter_leaves(
    client: TestClient, name: str, years: str
) -> None:
    """In the places that the whole has: only names, tables and lines follow the years."""
    whole = _document(client, f"/networks/{name}")
    left = _document(client, f"/networks/{name}?period={years}")
    text = _page(client, f"/networks/{name}?years={years}")
    assert set(DRAWN.findall(text)) | set(FADED.findall(text)) == set(
        map(str, range(len(whole["nodes"]["id"])))
    )
    there = {whole["nodes"]["id"][int(number)] for number in DRAWN.findall(text)}
    assert there == set(left["nodes"]["id"])
    told = re.search(r"is brought out: ([\d,]+) nodes and ([\d,]+) links", text)
    assert told is not None
    numbers = [int(number.replace(",", "")) for number in told.groups()]
    assert numbers == [len(left["nodes"]["id"]), len(left["links"]["source"])]


def test_kept_to_years_a_view_is_taken_away_so(client: TestClient) -> None:
    """The picture with what is faded, the data with what is left, and the years stay chosen."""
    text = _page(client, f"{SMALL}?years=2019")
    assert f'href="{SMALL}.svg?years=2019"' in text
    assert f'href="/api/v1{SMALL}?period=2019&amp;format=graphml"' in text
    assert f'data-document="/api/v1{SMALL}"' in text
    assert '<input type="hidden" name="years" value="2019">' in text
    assert f'<a href="{SMALL}"><strong>Years:</strong> <span dir="auto">2019</span>' in text
    picture = client.get(f"{SMALL}.svg?years=2019").text
    assert picture.count('opacity="0.15"') == len(FADED.findall(text)) > 0


def test_each_year_has_its_number_and_its_addresses(client: TestClient) -> None:
    """The slider of years without scripts."""
    time = _document(client, SMALL)["time"]
    rows = re.findall(
        r'<th scope="row">(\d{4})</th><td class="number">(\d+)</td><td><a href="([^"]+)">only \d+'
        r'</a> · <a href="([^"]+)">all until',
        _page(client, f"{SMALL}?collapse=community"),
    )
    assert [[int(year), int(number)] for year, number, *_ in rows] == time["years"]
    first, last = time["first"], time["last"]
    assert unescape(rows[-1][2]) == f"{SMALL}?collapse=community&years={last}"
    assert unescape(rows[-1][3]) == f"{SMALL}?collapse=community&years={first}-{last}"


def test_a_way_is_chosen_by_two_links(client: TestClient) -> None:
    """Without scripts: from one row, then to another."""
    text = _page(client, f"{SMALL}?from=country/EE")
    assert f'<a href="{SMALL}?from=country/EE&amp;to=country/PT">way to it' in text
    way = _page(client, f"{SMALL}?from=country/EE&to=country/PT")
    assert "The shortest way has " in way
    assert 'class="way"' in way


def test_a_group_opens_into_its_members(client: TestClient) -> None:
    text = _page(client, "/networks/organisations?collapse=country")
    address = re.search(r'<a href="([^"]+open=country/EE[^"]*)">', text)
    assert address is not None
    opened = _document(client, unescape(address[1]))
    assert "organisation/ee-kysk" in opened["nodes"]["id"]
    assert "group/country/LV" in opened["nodes"]["id"]


def test_the_table_is_sorted_by_addresses(client: TestClient) -> None:
    text = _page(client, f"{SMALL}?by=betweenness&order=ascending").partition('id="nodes"')[2]
    text = text.partition("</table>")[0]
    column = r'<td class="number" data-value="([\d.]+)">[\d.]+ %</td>'
    shares = [float(value) for value in re.findall(column, text)]
    assert len(shares) > 20
    assert shares == sorted(shares)
    assert 'class="number" aria-sort="ascending"' in text


def test_a_long_table_comes_in_parts(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_tables, "ROWS", 10)
    first = _page(client, f"{SMALL}?by=name&order=ascending&colour=community")
    assert len(ROWS.findall(first)) == 10
    after = re.search(r'<a href="([^"]*nodes-from=10[^"]*)#nodes-heading">Next', first)
    assert after is not None
    second = _page(client, unescape(after[1]))
    assert not set(ROWS.findall(first)) & set(ROWS.findall(second))
    assert "11 to 20 of 28." in second
    # What is not all there is not sorted by scripts.
    assert 'class="board sortable" id="nodes"' not in second


@pytest.mark.parametrize(
    ("suffix", "begin", "kind"),
    [
        ("svg", b"<?xml", "image/svg+xml"),
        ("png", b"\x89PNG", "image/png"),
        ("pdf", b"%PDF", "application/pdf"),
    ],
)
def test_a_view_is_taken_away_as_a_file(
    client: TestClient, suffix: str, begin: bytes, kind: str
) -> None:
    answer = client.get(f"{SMALL}.{suffix}?country=EE")
    assert answer.status_code == 200
    assert answer.content.startswith(begin)
    assert answer.headers["content-type"].startswith(kind)


def test_a_drawing_is_not_given_in_any_form(client: TestClient) -> None:
    assert client.get(f"{SMALL}.gif").status_code == 404


def test_a_view_is_embedded_by_others_and_only_so(client: TestClient) -> None:
    embedded = client.get("/embed/networks/countries?country=EE", headers={"accept": BROWSER})
    assert "frame-ancestors *" in embedded.headers["content-security-policy"]
    assert "networks/countries?country=EE" in embedded.text
    assert "<nav" not in embedded.text
    assert DRAWN.findall(embedded.text)
    page = client.get(SMALL, headers={"accept": BROWSER})
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


def test_the_code_to_embed_is_of_the_view(client: TestClient) -> None:
    text = _page(client, f"{SMALL}?country=EE&colour=community")
    code = re.search(r"<textarea[^>]*>(.*?)</textarea>", text, re.DOTALL)
    assert code is not None
    frame = re.search(r'src="([^"]+)"', unescape(code[1]))
    assert frame is not None
    assert unescape(frame[1]).endswith("/embed/networks/countries?country=EE&colour=community")


def test_scripts_speak_the_language_of_the_page(client: TestClient) -> None:
    text = _page(client, SMALL)
    carried = re.search(r'id="network-words">(.*?)</script>', text, re.DOTALL)
    assert carried is not None
    words = json.loads(carried[1])
    assert words["chosen"] == "%(name)s, %(kind)s, %(number)s neighbours"
    assert all(words.values())


def test_who_brings_others_together_is_told_with_its_doubt(client: TestClient) -> None:
    text = _page(client, "/networks/countries/brokers")
    found = _document(client, "/networks/countries/brokers?top=15")
    rows = re.findall(r'<th scope="row"><a href="([^"]+)">', text)
    assert rows == [item["page"] for item in found["items"]]
    doubtful = next(item for item in found["items"] if item["low"] != item["high"])
    assert f"{doubtful['low']}\N{EN DASH}{doubtful['high']}" in text


def test_gaps_lead_to_what_each_side_does(client: TestClient) -> None:
    text = _page(client, "/networks/organisations/gaps?country=EE")
    assert re.search(r'href="/find\?country=EE&amp;theme=[a-z-]+"', text)
    later = _page(client, "/networks/organisations/gaps?offset=50")
    assert "51 to " in later


def test_why_two_are_linked_leads_to_the_rows(client: TestClient) -> None:
    link = re.search(r'<a href="(/networks/countries/why\?[^"]+)">', _page(client, SMALL))
    assert link is not None
    text = _page(client, unescape(link[1]))
    assert re.search(r'href="/page/row/[a-z-]+-\d+"', text)


def test_those_who_are_not_linked_have_no_why(client: TestClient) -> None:
    answer = client.get("/networks/countries/why?from=country/EE&to=country/EE")
    assert answer.status_code == 404
