"""Texts and things as pages write them."""

from __future__ import annotations

import pytest

from api.models import Label, Thing
from api.speaking import Speech
from graph.labels import Label as Chosen
from ontology import SIKG
from visualisations import ego
from visualisations.wording import wording

SPEECH = Speech(wording(["en"]))


def thing(iri: str, page: str | None = None) -> Thing:
    return Thing(iri=iri, label=Label(text="<b> & co", language="et", asked=True), page=page)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("et", '<span lang="et" dir="auto">&lt;b&gt;</span>'),
        ("und", '<span dir="auto">&lt;b&gt;</span>'),
        (None, '<span dir="auto">&lt;b&gt;</span>'),
        (
            "en-t-et-t0-und",
            (
                '<span lang="en-t-et-t0-und" dir="auto">&lt;b&gt;</span> '
                '<span class="tag">machine translation (Estonian → English)</span>'
            ),
        ),
    ],
)
def test_a_text_is_written_with_its_language(language: str | None, written: str) -> None:
    assert SPEECH.spoken("<b>", language) == written


def test_a_label_in_another_language_says_so() -> None:
    assert SPEECH.text(Chosen("a", "lv", asked=False)) == (
        '<span lang="lv" dir="auto">a</span> '
        '<span class="fallback" title="Not available in your language">[lv]</span>'
    )
    assert "fallback" not in SPEECH.text(Chosen("a", "", asked=False))


def test_a_thing_leads_to_its_page_or_to_its_address() -> None:
    called = '<span lang="et" dir="auto">&lt;b&gt; &amp; co</span>'
    here = thing("http://localhost:8000/id/theme/care", "/page/theme/care?a&b")
    assert SPEECH.link(here) == f'<a href="/page/theme/care?a&amp;b">{called}</a>'
    term = SPEECH.link(thing(f"{SIKG}Project"))
    assert term == f'<a href="/ontology#Project">{called}</a>'
    elsewhere = SPEECH.link(thing("https://example.org/?a&b"))
    assert elsewhere == (
        '<a href="https://example.org/?a&amp;b" rel="external noreferrer">'
        "https://example.org/?a&amp;b</a>"
    )
    assert SPEECH.link(thing('urn:x:"<')) == "urn:x:&#34;&lt;"


def test_a_picture_of_some_links_says_that_there_may_be_more() -> None:
    around = [ego.Neighbour(f"n{place}", "en", "/page/x", "project") for place in range(13)]
    words = wording(["en"])
    assert ego.told(around, "A", words).startswith("A is linked to 13 things, among them n0, ")
    cut = ego.told(around, "A", words, more=True)
    assert cut.startswith("A is linked to at least 13 things, among them n0, ")
    assert "n11" in cut
    assert "n12" not in cut
