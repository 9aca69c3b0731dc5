"""A language is chosen in the address, offered on every page, and kept from page to page."""

from __future__ import annotations

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from api import switching
from api.navigation import SECTIONS
from api.switching import ReaderLanguages, chosen_in, kept, switches
from tests.api.odd import BROWSER

LINK = re.compile(r'<a\s[^>]*?href="(/[^"]*)"')


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> None:
    """Offer three languages, whatever catalogues there are."""
    monkeypatch.setattr(switching, "wordings", lambda: ("en", "et", "lv"))


def _page(client: TestClient, path: str) -> str:
    answer = client.get(path, headers={"accept": BROWSER}, follow_redirects=True)
    assert answer.status_code == 200, path
    return answer.text


@pytest.mark.usefixtures("three")
def test_switches_keep_the_address(client: TestClient) -> None:
    text = _page(client, "/partners?country=EE,LV&lang=lv&we=a%26b")
    assert (
        '<a href="?country=EE%2CLV&amp;we=a%26b&amp;lang=et" lang="et" hreflang="et">eesti</a>'
    ) in text
    assert ">latviešu</a>" in text
    assert text.count('aria-current="true"') == 1


@pytest.mark.usefixtures("three")
def test_problems_can_be_read_in_other_languages_too(client: TestClient) -> None:
    answer = client.get("/page/organisation/nobody?lang=et", headers={"accept": BROWSER})
    assert answer.status_code == 404
    assert '<a href="?lang=lv"' in answer.text
    assert 'href="/about?lang=et"' in answer.text


def test_one_language_alone_is_no_choice(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(switching, "wordings", lambda: ("en",))
    assert 'class="languages"' not in _page(client, "/about")


def test_nothing_is_written_where_no_language_was_chosen(client: TestClient) -> None:
    assert "lang=" not in "".join(LINK.findall(_page(client, "/about")))


@pytest.mark.parametrize("path", ["/", "/page/organisation/ee-kysk"])
def test_what_a_page_leads_to_takes_its_language(client: TestClient, path: str) -> None:
    text = _page(client, f"{path}{'&' if '?' in path else '?'}lang=et")
    leading = {unescape(found) for found in LINK.findall(text) if "lang=et" in found}
    assert {f"{item.path}?lang=et" for item in SECTIONS if item.path == "/about"} <= leading
    assert '<input type="hidden" name="lang" value="et">' in text
    # One of each kind of address is enough: they are answered by the same route.
    kinds = {re.sub(r"[^/?&=]+=[^&]*", "", found).split("/")[1]: found for found in leading}
    for found in kinds.values():
        answer = client.get(found, headers={"accept": BROWSER}, follow_redirects=True)
        assert answer.status_code == 200, found


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('<a href="/find?q=a&amp;kind=b#c">', '<a href="/find?q=a&amp;kind=b&amp;lang=et#c">'),
        ('<a class="x" href="/">', '<a class="x" href="/?lang=et">'),
        ('<a href="?page=2">', '<a href="?page=2&amp;lang=et">'),
        ('<a href="/find?lang=lv">', '<a href="/find?lang=lv">'),
        ('<a href="#main">', '<a href="#main">'),
        ('<a href="/data/theme/care">', '<a href="/data/theme/care">'),
        ('<a href="/networks/a.svg?x=1">', '<a href="/networks/a.svg?x=1">'),
        ('<a href="//[elsewhere/find">', '<a href="//[elsewhere/find">'),
        ('<a href="https://example.org/find">', '<a href="https://example.org/find">'),
        ('<link href="/find">', '<link href="/find">'),
        (
            '<form action="/find" role="search">',
            '<form action="/find" role="search"><input type="hidden" name="lang" value="et">',
        ),
        ('<form action="/sparql" method="post">', '<form action="/sparql" method="post">'),
        ('<form action="/api/v1/x">', '<form action="/api/v1/x">'),
    ],
)
def test_links_and_forms_to_pages_carry_the_language(written: str, expected: str) -> None:
    languages = ReaderLanguages.of(("en",), "lang=et", "et")
    assert kept(written, languages) == expected
    assert kept(written, ReaderLanguages.of(("en",), "")) == written
    assert kept(written, ("et",)) == written


def test_languages_are_a_tuple_that_knows_its_address() -> None:
    languages = ReaderLanguages.of(("de", "en"), "q=1&lang=et", "et")
    assert languages.chosen == "et"
    assert list(languages) == ["et", "de", "en"]
    assert switches(languages)[0].address.endswith("?q=1&lang=en")
    assert switches(("et",)) == ()


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [
        ("lang=et", "et"),
        ("a=1&lang=de-AT", "de-AT"),
        ("lang=", None),
        ("lang=%22%3E", None),
        ("lang=" + "a" * 50, None),
        ("", None),
    ],
)
def test_only_tags_of_languages_are_chosen(asked: str, chosen: str | None) -> None:
    assert chosen_in(asked) == chosen
