from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.negotiation import HTML, choose, languages, quality, wants_html
from graph.errors import NotAcceptableError
from graph.formats import GRAPH_FORMATS, RESULT_FORMATS

_HEADERS = st.text(max_size=60) | st.lists(
    st.sampled_from(
        ["text/turtle", "*/*", "text/*", ";q=0", ";q=1.0", ";q=2", ",", ";", '"', "\\", " ", "q"]
    ),
    max_size=12,
).map("".join)


@pytest.mark.parametrize(
    ("accept", "media_type", "expected"),
    [
        ("text/html", "text/html", 1.0),
        ("TEXT/HTML;Q=0.5", "text/html", 0.5),
        ("text/*;q=0.3, text/html;q=0.7", "text/html", 0.7),
        ("text/*;q=0.3, text/html;q=0.7", "text/csv", 0.3),
        ("*/*;q=0.1, text/*;q=0", "text/csv", 0.0),
        ("text/html;level=1;q=0.4", "text/html", 0.4),
        ('text/html;x=",;q=0.9";q=0.2', "text/html", 0.2),
        ("text/html; q = 0.25", "text/html", 0.25),
        ("", "text/html", 1.0),
        ("nonsense", "text/html", 1.0),
        ("text/html;q=1.5, text/csv", "text/html", 0.0),
        ("*/html", "text/html", 1.0),
    ],
)
def test_the_most_specific_range_decides(accept: str, media_type: str, expected: float) -> None:
    assert quality(accept, media_type) == expected


def test_the_first_of_ours_is_chosen_among_equals() -> None:
    assert choose(RESULT_FORMATS, "*/*").name == "json"
    assert choose(RESULT_FORMATS, "text/csv, application/sparql-results+json").name == "json"
    assert choose(GRAPH_FORMATS, "application/json").name == "jsonld"


def test_a_name_overrides_the_header() -> None:
    assert choose(GRAPH_FORMATS, "text/turtle", name="nq").name == "nquads"
    with pytest.raises(NotAcceptableError, match="format=turtle"):
        choose(GRAPH_FORMATS, "*/*", name="csv")


def test_nothing_fits_where_all_is_excluded() -> None:
    with pytest.raises(NotAcceptableError, match="text/turtle"):
        choose(GRAPH_FORMATS, "*/*;q=0")


def test_a_browser_is_known_by_naming_html() -> None:
    assert wants_html("text/html,application/xml;q=0.9,*/*;q=0.8")
    assert not wants_html("*/*")
    assert not wants_html("")
    assert not wants_html("application/json, text/html;q=0.9")
    assert not wants_html("text/html;q=0")


@given(_HEADERS)
def test_no_header_breaks_the_choice(header: str) -> None:
    assert 0 <= quality(header, "text/turtle") <= 1
    assert isinstance(wants_html(header), bool)
    try:
        found = choose((*GRAPH_FORMATS, HTML), header)
    except NotAcceptableError:
        return
    assert max(quality(header, kind) for kind in (found.media_type, *found.aliases)) > 0


@given(_HEADERS)
def test_no_header_breaks_the_languages(header: str) -> None:
    assert all(isinstance(tag, str) and tag for tag in languages(header))


def test_languages_come_in_the_order_of_the_reader() -> None:
    assert languages("en;q=0.5, et, lv;q=0.8, *;q=0.1, de;q=0, x_y") == ("et", "lv", "en")
