"""Pages for people: what they show, in which language, and that they are safe."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from api.navigation import SECTIONS
from tests.api.odd import BROWSER, ODD_KEY

PATHS = [
    "/",
    "/about",
    "/find",
    "/find?kind=organisation&view=table",
    "/find?kind=funding&phase=approved",
    "/find?kind=theme",
    "/maps",
    "/maps/countries",
    "/ontology",
    "/page/consortium/esia",
    "/page/country/EE",
    "/page/row/consortia-3",
    "/page/source/consortia",
    "/page/table/consortia",
    "/page/participation/ee-kysk-esia-national-coordinator",
    "/problems",
    "/queries",
    "/queries/conflicts",
    "/quality",
    "/report",
    "/find?q=kysk",
    "/sparql",
    "/api/v1/docs",
    "/no-such-page",
]


class _Page(HTMLParser):
    """Reads the links, headings, identifiers and languages of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.identifiers: list[str] = []
        self.inputs: list[str] = []
        self.labelled: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.add(tag)
        if tag in {"h1", "h2", "h3"}:
            self.headings.append(tag)
        if tag == "a":
            self.links.append(found.get("href") or "")
        if tag in {"input", "select", "textarea"} and found.get("type") != "hidden":
            self.inputs.append(found.get("id") or "")
        if tag == "label":
            self.labelled.append(found.get("for") or "")
        if found.get("id"):
            self.identifiers.append(found["id"] or "")
        if found.get("src"):
            self.loaded.append(found["src"] or "")
        if tag == "link" and found.get("rel") in {"stylesheet", "icon"}:
            self.loaded.append(found["href"] or "")


def _show(client: TestClient, path: str, language: str = "en") -> str:
    answer = client.get(path, headers={"accept": BROWSER, "accept-language": language})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.text


@pytest.mark.parametrize("path", PATHS)
def test_every_page_is_whole_and_asks_no_other_host(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"accept": BROWSER})
    page = _Page(answer.text)
    assert page.headings[:1] == ["h1"]
    assert page.headings.count("h1") == 1
    assert "main" in page.tags
    assert re.search(r'<html lang="[a-z]+"', answer.text)
    assert all(source.startswith("/") for source in page.loaded)
    assert len(page.identifiers) == len(set(page.identifiers))
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy or "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", [path for path in PATHS if not path.startswith("/maps/")])
def test_every_field_of_a_form_has_a_label(client: TestClient, path: str) -> None:
    page = _Page(client.get(path, headers={"accept": BROWSER}).text)
    assert set(page.inputs) <= set(page.labelled)
    assert "#main" in page.links


def test_the_links_of_the_pages_lead_somewhere(client: TestClient) -> None:
    links = {
        link.partition("#")[0]
        for path in ("/", "/page/consortium/esia", "/find?kind=organisation", "/queries", "/maps")
        for link in _Page(_show(client, path)).links
        if link.startswith("/") and not link.startswith("/id/")
    }
    assert len(links) > 60
    broken = {
        link: answer.status_code
        for link in sorted(links)
        if link and (answer := client.get(link, headers={"accept": BROWSER})).status_code != 200
    }
    assert not broken


def test_a_page_shows_names_and_properties_in_the_language_of_the_reader(
    client: TestClient,
) -> None:
    text = _show(client, "/page/country/EE", "et, en;q=0.5")
    assert '<h1><span lang="et" dir="auto">Eesti</span></h1>' in text
    assert "riik" in _show(client, "/page/consortium/esia", "et")
    assert '<span lang="lv" dir="auto">Igaunija</span>' in _show(client, "/page/country/EE?lang=lv")


def test_a_fallback_is_declared(client: TestClient) -> None:
    text = _show(client, "/page/consortium/esia", "lv")
    assert '<span lang="en" dir="auto">European Social Innovation Alliance</span>' in text
    assert '<span class="fallback"' in text[: text.index('id="names"')]
    asked = _show(client, "/page/consortium/esia", "en-GB")
    assert "fallback" not in asked[: asked.index('id="names"')]


def test_every_statement_has_its_receipt_on_the_page(client: TestClient) -> None:
    text = _show(client, "/page/consortium/esia")
    assert 'href="/page/row/consortia-3"' in text
    assert "seed 000_5f0a19354638e8f0.txt (https://kysk.ee/sikk/projekti-tutvtustus/)" in text
    assert re.search(r"<code>[0-9a-f]{64}</code>", text)
    facts = text[text.index('id="facts"') : text.index('id="money"')]
    assert facts.count('<div class="value">') == facts.count('<details class="why">')


def test_disagreeing_sources_are_marked(client: TestClient) -> None:
    text = _show(client, "/page/consortium/esia")
    start = text[text.index('title="sikg:startDate"') :]
    assert "sources differ" in start[:300]
    assert start.index("2021-05") < start.index("2021-05-14") < start.index("sikg:endDate")
    assert "sources differ" not in _show(client, "/page/country/EE")


def test_money_is_listed_and_never_added(client: TestClient) -> None:
    text = _show(client, "/page/consortium/buicasus")
    assert ">1,064,413<" in text
    assert ">851,530<" in text
    assert "1,915,943" not in text


def test_what_links_to_a_thing_is_shown(client: TestClient) -> None:
    text = _show(client, "/page/country/EE")
    incoming = text[text.index('id="incoming"') :]
    assert 'href="/page/organisation/ee-kysk"' in incoming
    assert 'href="/page/consortium/esia"' in incoming


def test_what_is_cut_is_told(odd: TestClient) -> None:
    assert "Only 5 of the links to it are given here" in _show(odd, "/page/theme/care")


def test_a_page_shows_no_more_than_is_read_by_people(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "are given here; there are more" not in _show(
        client, "/page/organisation/ee-kysk?lang=en"
    )
    monkeypatch.setattr("api.routes.pages._SHOWN", 2)
    text = _show(client, "/page/country/EE?lang=en")
    assert "Only 2 of the links to it are given here; there are more." in text
    assert " is linked to at least " in text
    assert 'href="/links/country/EE' in text


def test_a_row_shows_what_it_states(client: TestClient) -> None:
    text = _show(client, "/page/row/consortia-3")
    assert 'id="content"' in text
    assert 'href="/page/consortium/esia"' in text
    assert 'href="/page/table/consortia"' in text


def test_names_and_values_are_escaped(odd: TestClient) -> None:
    path = f"/page/organisation/{quote(ODD_KEY, safe='')}"
    for text in (
        _show(odd, path),
        _show(odd, "/sparql?format=html&query=SELECT * { ?s ?p ?o }"),
    ):
        assert "&lt;script&gt;" in text
        assert "<script>" not in text
        assert "<b>Tartu" not in text
        assert "<i>things" not in text
        assert 'href="javascript:' not in text


def test_what_a_reader_types_is_escaped(client: TestClient) -> None:
    for path in ("/find?q=%22%3E%3Cscript%3E", "/sparql?format=html&query=%3C/textarea%3E"):
        answer = client.get(path, headers={"accept": BROWSER})
        assert "><script>" not in answer.text
        assert "</textarea></textarea>" not in answer.text


def test_a_page_tells_what_is_around_a_thing_and_draws_it(client: TestClient) -> None:
    text = _show(client, "/page/organisation/ee-kysk")
    picture = text[text.index('<figure class="surroundings"') : text.index("</figure>")]
    assert 'href="/page/consortium/esia"' in picture
    assert 'aria-label="National Foundation of Civil Society is linked to ' in picture
    assert " style=" not in picture
    assert "surroundings" not in _show(client, "/page/exchange-rate/eek-eur")


def test_a_page_leads_to_all_that_has_a_thing(client: TestClient) -> None:
    assert 'href="/find?country=EE"' in _show(client, "/page/country/EE")
    assert 'href="/find?organisation=ee-kysk"' in _show(client, "/page/organisation/ee-kysk")


def test_a_thing_can_be_cited(client: TestClient) -> None:
    text = _show(client, "/page/consortium/esia")
    assert 'href="/cite/consortium/esia?format=bibtex"' in text
    said = client.get("/cite/consortium/esia").text
    assert "European Social Innovation Alliance [entity]" in said
    assert said.strip().endswith("http://localhost:8000/id/consortium/esia")
    bibtex = client.get("/cite/consortium/esia?format=bibtex").text
    assert bibtex.startswith("@misc{sikg-consortium-esia-r1,")
    assert client.get("/cite/consortium/esia?format=csl").json()[0]["version"] == "release 1"
    assert client.get("/cite/consortium/nothing").status_code == 404
    assert client.get("/cite/consortium/esia?format=pdf").status_code == 406


@pytest.mark.parametrize("path", ["/page/consortium/esia", "/page/country/EE", "/"])
def test_a_page_is_light(client: TestClient, path: str) -> None:
    assert len(_show(client, path)) < 150_000


def test_the_start_leads_to_every_way_of_asking(client: TestClient) -> None:
    ways = _show(client, "/")
    links = set(_Page(ways[ways.index('id="ways"') :]).links)
    there = {section.path for section in SECTIONS}
    wanted = {"/find", "/networks", "/money", "/where", "/when", "/partners"}
    assert wanted & there <= links


def test_a_question_is_answered_on_its_page(client: TestClient) -> None:
    text = _show(client, "/queries/conflicts")
    assert 'role="status"' in text
    assert "<table>" in text
    wrong = client.get("/queries/conflicts?nonsense=1", headers={"accept": BROWSER})
    assert wrong.status_code == 400


def test_a_map_is_a_page_of_its_own(client: TestClient) -> None:
    answer = client.get("/maps/countries")
    assert "script-src 'sha256-" in answer.headers["content-security-policy"]
    assert client.get("/maps/countries").content == answer.content
    assert client.get("/maps/no-such-map").status_code == 404


def test_the_report_names_every_source(client: TestClient) -> None:
    text = _show(client, "/report")
    for file in ("consortia.csv", "organisations.csv", "terms.csv"):
        assert file in text


def test_a_release_without_a_report_says_so(odd: TestClient) -> None:
    assert odd.get("/report").status_code == 404


def test_a_page_that_is_known_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/page/consortium/esia", headers={"accept-language": "et"})
    known = {"if-none-match": first.headers["etag"]}
    again = client.get("/page/consortium/esia", headers={"accept-language": "et", **known})
    assert again.status_code == 304
    assert again.content == b""
    other = client.get("/page/consortium/esia", headers={"accept-language": "lv", **known})
    assert other.status_code == 200


def test_head_of_a_page_has_no_body(client: TestClient) -> None:
    head = client.head("/page/consortium/esia")
    assert head.status_code == 200
    assert head.content == b""


def test_the_ontology_has_an_anchor_for_each_term(client: TestClient) -> None:
    page = _Page(_show(client, "/ontology"))
    assert {"Consortium", "startDate", "leadPartner"} <= set(page.identifiers)
    turtle = client.get("/ontology", headers={"accept": "text/turtle"})
    assert "sikg:Consortium a owl:Class" in turtle.text
    assert client.get("/ontology?format=nt").headers["content-type"] == "application/n-triples"


def test_the_problems_are_described_where_their_types_point(client: TestClient) -> None:
    identifiers = _Page(_show(client, "/problems")).identifiers
    problem = client.get("/api/v1/organisation?x=1").json()
    assert problem["type"].partition("#")[2] in identifiers


def test_translations_are_marked_with_who_made_them_from_what(odd: TestClient) -> None:
    """Names in languages that a person or a machine translated them to (BCP 47, RFC 6497)."""
    page = odd.get("/page/theme/aid", headers={"Accept": BROWSER, "Accept-Language": "en"}).text
    heading = page.partition("<h1")[2].partition("</h1>")[0]
    assert 'lang="en-t-et-t0-und" dir="auto">aid<' in heading
    assert "machine translation (Estonian → English)" in heading
    assert "[en]" not in heading  # it is in the language that was asked for
    names = page.partition('id="names"')[2]
    assert ">translation (Estonian → Latvian)<" in names
    own = names.partition(">abi<")[2].partition("</li>")[0]
    assert "translation" not in own


def test_what_was_not_translated_has_no_mark(odd: TestClient) -> None:
    """A reader of the language of the original."""
    page = odd.get("/page/theme/aid", headers={"Accept": BROWSER, "Accept-Language": "et"}).text
    heading = page.partition("<h1")[2].partition("</h1>")[0]
    assert ">abi<" in heading
    assert "tag" not in heading
