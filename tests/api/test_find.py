"""Finding: one list over all kinds of things, its filters, ways out, downloads and suggestions."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import openpyxl
import pytest
from markupsafe import escape
from starlette.testclient import TestClient

from api.app import create_app
from api.finding.documents import Asked
from api.finding.questions import question
from api.finding.sheets import sheet_of
from api.settings import Settings
from graph.dataset import Dataset
from graph.engine import Query
from graph.facts.building import build, stamp
from graph.facts.finding import Sort
from graph.formats import GRAPH_FORMATS
from graph.identity import Identity
from graph.release import Manifest, Releases
from graph.search import Name, SearchIndex
from graph.store import Store
from tests.api.odd import BROWSER
from visualisations.wording import wording

LINK = re.compile(r'<a href="([^"]*)"')
NAMES = {
    "long": "Ü" * 250 + " " + "x" * 249,
    "right-to-left": "مؤسسة الابتكار الاجتماعي\u202eevil\u202c",
    "combining": "Z" + "\u0351\u0323\u030d" * 60 + "algo",
    "script": "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>",
    "formula": "=HYPERLINK(1)",
    "empty": "\u200b",
}


def _show(client: TestClient, path: str, status: int = 200) -> str:
    answer = client.get(path, headers={"accept": BROWSER, "accept-language": "en"})
    assert answer.status_code == status
    return answer.text


def _links(text: str) -> list[str]:
    return [link.replace("&amp;", "&") for link in LINK.findall(text)]


def _total(client: TestClient, parameters: str) -> int:
    total: int = client.get(f"/api/v1/find?{parameters}&limit=1").json()["total"]
    return total


def test_a_count_beside_a_filter_is_what_it_leads_to(client: TestClient) -> None:
    text = _show(client, "/find?kind=practice&country=EE")
    filters = text[text.index('id="facets"') :]
    offered = re.findall(
        r'<a href="([^"]+)"[^>]*>(?:(?!</a>).)*</a> <span class="count">(\d+)', filters
    )
    assert len(offered) > 20
    for address, count in offered[::5]:
        asked = urlsplit(address.replace("&amp;", "&")).query
        chosen = "country=EE" in asked or "country" not in asked
        if chosen and "theme" in asked:
            assert _total(client, asked) == int(count)
    assert "Estonia" in text[text.index('class="chosen-filters"') : text.index('id="results"')]


def test_a_filter_is_added_and_dropped_by_links(client: TestClient) -> None:
    text = _show(client, "/find?kind=practice&country=EE&view=table")
    links = _links(text)
    assert "/find?kind=practice&country=EE,LV&view=table" in links
    assert "/find?kind=practice&view=table" in links
    assert "/find?country=EE&view=table" in links


def test_results_are_a_list_or_a_table(client: TestClient) -> None:
    listed = _show(client, "/find?kind=practice&country=EE")
    table = _show(client, "/find?kind=practice&country=EE&view=table")
    pages = {link for link in _links(listed) if link.startswith("/page/practice/")}
    assert len(pages) == 5
    assert pages == {link for link in _links(table) if link.startswith("/page/practice/")}
    assert "<table" in table[table.index('id="results"') :]
    assert "<table" not in listed


def test_pages_follow_each_other(client: TestClient) -> None:
    seen: list[str] = []
    address: str | None = "/find?kind=organisation"
    while address:
        text = _show(client, address)
        seen += re.findall(r'<li><a href="(/page/organisation/[^"]*)"', text)
        following = re.search(r'<a href="([^"]*)" rel="next"', text)
        address = following[1].replace("&amp;", "&") if following else None
    assert len(seen) == len(set(seen)) == _total(client, "kind=organisation") > 100
    assert "There are fewer things than that" in _show(client, "/find?kind=event&offset=5000")


def test_where_nothing_fits_every_way_out_leads_to_something(client: TestClient) -> None:
    ways = []
    for asked in ("q=tallinn&kind=programme&country=EE", "kind=programme&country=EE"):
        text = _show(client, f"/find?{asked}")
        assert "Nothing fits all of these at once" in text
        results = text[text.index('id="results"') :]
        ways += re.findall(r'<li><a href="([^"]+)">[^<]+</a> <span class="tag">(\d+)', results)
    assert len(ways) >= 5
    for address, count in ways:
        assert _total(client, urlsplit(address.replace("&amp;", "&")).query) == int(count) > 0
    assert "Nothing has a name like “zzzzzzzz”" in _show(client, "/find?q=zzzzzzzz")


def test_every_other_view_of_what_was_found_opens_with_its_filters(client: TestClient) -> None:
    opened = set()
    for asked in (
        "country=EE",
        "kind=practice&country=ES&policy=epsr-p04",
        "kind=organisation&country=LV&role=partner",
        "kind=consortium&country=EE,LV&programme=esf-si-plus",
        "kind=policy&theme=employment",
        "kind=programme&type=fund",
    ):
        text = _show(client, f"/find?{asked}")
        views = text[text.index('<p class="views">') : text.index('class="to-facets"')]
        for link in _links(views)[1:]:
            filters, wanted = dict(parse_qsl(urlsplit(link).query)), dict(parse_qsl(asked))
            assert {**wanted, **filters} == wanted
            assert filters.keys() >= wanted.keys() - {"kind"}
            _show(client, link)
            opened.add(urlsplit(link).path)
    assert opened >= {
        "/networks/organisations", "/networks/actors-practices-funding", "/networks/policies",
        "/networks/funding-tree", "/where", "/when", "/money",
    }  # fmt: skip
    words = _show(client, "/find?q=tallinn&country=EE")
    assert "Other views do not know words" in words
    assert "/networks/organisations?country=EE" in _links(words)


def test_policies_are_those_of_principles_programmes_and_wholes(client: TestClient) -> None:
    found = client.get("/api/v1/find?policy=epsr&limit=500").json()["items"]
    kinds = {item["thing"]["kind"] for item in found}
    assert kinds >= {"policy", "practice", "programme"}
    principle = client.get("/api/v1/find?policy=epsr-p04&kind=practice&limit=500").json()["items"]
    assert principle
    for item in principle:
        entity = client.get(f"/api/v1/practice/{item['thing']['key']}").json()
        stated = [of for of in entity["properties"] if of["property"] == "sikg:principle"]
        assert "epsr-p04" in {value["thing"]["key"] for of in stated for value in of["values"]}


def test_what_was_found_is_taken_away_as_a_report_and_a_frame(client: TestClient) -> None:
    asked = "kind=practice&country=EE"
    links = _links(_show(client, f"/find?{asked}"))
    assert f"/find.pdf?{asked}" in links
    picture = client.get(f"/find.svg?{asked}")
    assert "5 things" in picture.text
    assert f"http://localhost:8000/find?{asked.replace('&', '&amp;')}" in picture.text
    report = client.get(f"/find.pdf?{asked}")
    assert report.headers["content-type"] == "application/pdf"
    assert report.content.startswith(b"%PDF")
    frame = _show(client, f"/embed/find?{asked}")
    assert len([link for link in _links(frame) if link.startswith("/page/practice/")]) == 5
    assert f"/find?{asked}" in _links(frame)
    nothing = client.get("/find.pdf?kind=programme&country=EE")
    assert nothing.status_code == 404
    assert "nothing to draw" in nothing.json()["detail"]
    assert client.get("/find.gif").status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "practice", "country": "EE,LV"},
        {"kind": "practice,consortium", "policy": "epsr", "period": "2010-2026"},
        {"theme": "employment"},
        {"kind": "programme", "programme": "esf-plus"},
        {"kind": "organisation", "country": "EE,DE", "programme": "esf-plus"},
    ],
)
def test_the_question_behind_a_list_finds_the_same(
    client: TestClient, dataset: Dataset, asked: dict[str, str]
) -> None:
    query = question("", asked, dataset.identity)
    assert query is not None
    solutions = dataset.store.select(Query(query))
    listed = client.get("/api/v1/find", params={**asked, "limit": 1000}).json()["items"]
    assert {item["thing"]["iri"] for item in listed} == set(solutions.values("thing"))
    assert listed
    assert escape(query) in _show(client, f"/find?{urlencode(asked)}")


def test_a_list_without_a_question_shows_none(dataset: Dataset) -> None:
    for words, asked in (("x", {}), ("", {}), ("", {"country": "unknown"}), ("", {"broader": "x"})):
        assert question(words, asked, dataset.identity) is None


def test_what_was_found_is_linked_data_too(client: TestClient) -> None:
    asked = "kind=practice&country=EE"
    (told,) = client.get(f"/api/v1/find?{asked}&format=jsonld").json()["@graph"]
    listed = client.get(f"/api/v1/find?{asked}").json()["items"]
    items = [(item["position"], item["item"]["@id"]) for item in told["itemListElement"]]
    assert items == [(at, item["thing"]["iri"]) for at, item in enumerate(listed, 1)]
    assert told["isBasedOn"]
    cut = client.get(f"/api/v1/find?{asked}&format=jsonld&limit=2")
    assert cut.headers["sikg-cut"] == "rows=2; limit=limit"


def test_a_report_lists_what_it_counts(dataset: Dataset) -> None:
    asked = Asked.read("", {"kind": "practice", "country": "EE"}, Sort.NAME, 400, 0)
    sheet = sheet_of(dataset, asked, ("en",), wording(("en",)))
    (table,) = sheet.tables
    assert len(table.rows) == 5
    assert all(row[1] == "practice" and "Estonia" in row[2] for row in table.rows)
    assert sheet.alternative.startswith("5 things, counted by Theme: ")
    assert {source.licence for source in sheet.sources}
    of_all = sheet_of(dataset, Asked.read("", {}, Sort.NAME, 5, 0), ("en",), wording(("en",)))
    assert "counted by Kind: " in of_all.alternative
    assert of_all.told[-1].startswith("Listed are the first 5 of ")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("country=ZZ", "country cannot be “ZZ”"),
        ("kind=unicorn", "there is no kind “unicorn”"),
        ("period=soon", "period cannot be “soon”"),
        ("colour=red", "there is no parameter “colour”"),
        ("offset=-1", "offset"),
        ("view=cube", "view"),
        ("sort=random", "sort"),
        ("country=EE&country=LV", "more than once"),
    ],
)
def test_what_is_impossible_is_told(client: TestClient, asked: str, said: str) -> None:
    assert said in _show(client, f"/find?{asked}", 400)
    if not asked.startswith("view"):
        assert said in client.get(f"/api/v1/find?{asked}").json()["detail"]


def test_earlier_addresses_lead_here(client: TestClient) -> None:
    moved = client.get("/browse/organisation?country=EE&cursor=x")
    assert moved.status_code == 301
    assert moved.headers["location"] == "/find?country=EE&kind=organisation"
    assert moved.headers["cache-control"] == "no-cache"
    assert client.get("/search?q=ülikool&kind=").headers["location"] == "/find?q=%C3%BClikool"
    assert client.get("/browse/unicorn").status_code == 404


def test_the_same_is_had_as_json_csv_and_workbook(client: TestClient) -> None:
    address = "/api/v1/find?kind=practice&country=EE,LV"
    found = client.get(f"{address}&top=3").json()
    assert found["total"] == len(found["items"]) == 10
    assert [item["name"] for item in found["facets"]][:2] == ["kind", "country"]
    assert found["items"][0]["facets"]["country"][0]["label"]["text"]
    rows = list(csv.reader(io.StringIO(client.get(f"{address}&format=csv").text)))
    assert [row[0] for row in rows[1:]] == [item["thing"]["iri"] for item in found["items"]]
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}&format=xlsx").content))
    sheet = [[cell.value or "" for cell in row] for row in book.worksheets[0].rows]
    assert [[str(cell) for cell in row] for row in sheet] == rows
    first = client.get(f"{address}&limit=4")
    second = client.get(first.json()["next"]).json()
    assert second["items"] == found["items"][4:8]
    assert client.get(f"{address}&format=csv&limit=4").headers["sikg-cut"] == "rows=4; limit=limit"
    assert "sikg-cut" not in client.get(f"{address}&format=csv").headers


def test_labels_are_in_the_language_of_the_reader(client: TestClient) -> None:
    found = client.get("/api/v1/find?kind=country&q=estonia&lang=et").json()
    assert found["items"][0]["thing"]["label"]["text"] == "Eesti"
    assert found["items"][0]["found"] == {"text": "Estonia", "language": "en"}
    assert '<span lang="lv" dir="auto">Igaunija</span>' in _show(client, "/find?country=EE&lang=lv")


@pytest.mark.parametrize(
    ("words", "key"),
    [("ulik", "ee-ut"), ("ÜLIKO", "ee-ut"), ("univresi", "ee-ut"), ("kysk", "ee-kysk")],
)
def test_suggestions_come_while_words_are_typed(client: TestClient, words: str, key: str) -> None:
    items = client.get(f"/api/v1/suggest?q={quote(words)}&kind=organisation&limit=20").json()[
        "items"
    ]
    assert key in [item["thing"]["key"] for item in items]
    assert all(item["thing"]["page"].startswith("/page/organisation/") for item in items)
    assert items[0]["kind"]["text"] == "organisation"


def test_suggestions_are_as_many_as_wanted(client: TestClient) -> None:
    assert len(client.get("/api/v1/suggest?q=so&limit=3").json()["items"]) == 3
    assert client.get("/api/v1/suggest?q=").json() == {"items": []}
    assert client.get("/api/v1/suggest?q=x&kind=unicorn").status_code == 404
    assert client.get("/api/v1/suggest?q=x&limit=100").status_code == 400


# Names that break pages


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Serve organisations with names that nobody expects, in a country of the same sort."""
    home, identity = tmp_path_factory.mktemp("named"), Identity()
    releases = Releases(home)
    with releases.draft() as folder:
        store = Store.create(folder / "work")
        store.load(io.BytesIO("\n".join(_statements(identity)).encode()), GRAPH_FORMATS[2])
        final = folder / "release"
        final.mkdir()
        store.checkpoint(final / "store")
        SearchIndex.build(
            final / "search",
            (
                Name(identity.entity("organisation", key), "organisation", name, "und")
                for key, name in NAMES.items()
            ),
        )
        build(store, identity, final / "facts")
        stamp(final / "facts", 1, "0")
        manifest = Manifest(
            number=1,
            created=datetime(2026, 1, 1, tzinfo=UTC),
            base=identity.base,
            digest="0",
            statements=1,
            quads=len(store),
            conforms=True,
            software="0",
            ontology="0",
            sources=(),
        )
        releases.publish(final, manifest)
    with TestClient(create_app(Settings(home=home)), follow_redirects=False) as client:
        yield client


def _statements(identity: Identity) -> Iterator[str]:
    sikg, skos = "https://w3id.org/sikg/ontology#", "http://www.w3.org/2004/02/skos/core#"
    type_ = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    country = f"<{identity.entity('country', 'XX')}>"
    row = f"<{identity.row('names', 2)}>"
    yield f'{country} {type_} <{sikg}Country> .\n{country} <{skos}prefLabel> "<b>Land</b>"@en .'
    for key, name in NAMES.items():
        thing = f"<{identity.entity('organisation', key)}>"
        text = name.replace("\\", "\\\\").replace('"', '\\"')
        for end in (".", f"{row} ."):
            yield f"{thing} {type_} <{sikg}Organisation> {end}"
            yield f'{thing} <{skos}prefLabel> "{text}" {end}'
            yield f"{thing} <{sikg}country> {country} {end}"


@pytest.mark.parametrize(
    "path",
    [
        "/find",
        "/find?country=XX&view=table",
        "/find?q=script",
        f"/find?q={quote(NAMES['script'])}",
        "/page/country/XX",
        *(f"/page/organisation/{key}" for key in NAMES),
    ],
)
def test_names_that_nobody_expects_break_no_page(named: TestClient, path: str) -> None:
    text = _show(named, path)
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "<b>Land" not in text
    assert text.rstrip().endswith("</html>")
    for name in re.findall(r'dir="auto">([^<]*)</span>', text):
        assert len(name) <= 4 * max(map(len, NAMES.values()))


def test_names_that_nobody_expects_are_found_and_taken_away(named: TestClient) -> None:
    found: dict[str, Any] = named.get("/api/v1/find?kind=organisation").json()
    assert {item["thing"]["label"]["text"] for item in found["items"]} == set(NAMES.values())
    assert found["items"][0]["facets"]["country"][0]["label"]["text"] == "<b>Land</b>"
    rows = list(
        csv.reader(io.StringIO(named.get("/api/v1/find?kind=organisation&format=csv").text))
    )
    assert "'=HYPERLINK(1)" in [row[3] for row in rows]
    for words, key in (("xxxxx", "long"), ("موسسة", "right-to-left"), ("zalgo", "combining")):
        hits = named.get(f"/api/v1/find?q={quote(words)}").json()["items"]
        assert key in [item["thing"]["key"] for item in hits], words
