"""Fields and choices of pages: each name in its language."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from api.choosing import Chip, Option, plain, together
from graph.labels import Label

HERE = Label("hoole", "et", asked=True)
FALLBACK = Label("care", "en", asked=False)


@pytest.mark.parametrize(
    "path", ["/money", "/where?kind=practice", "/when", "/networks/countries", "/partners"]
)
def test_fields_and_chips_tell_the_language_of_names(client: TestClient, path: str) -> None:
    """This programme has no name in Latvian, and countries have."""
    query = "programme=esf-plus&lang=lv"
    page = client.get(f"{path}{'&' if '?' in path else '?'}{query}").text
    assert re.search(r'<option value="esf-plus" lang="en" selected>', page)
    assert re.search(r': ?(</strong> )?<span lang="en" dir="auto">European Social Fund Plus', page)
    assert re.search(r'<option value="EE">Igaunija', page)


def test_an_option_has_a_language_where_all_its_names_share_one() -> None:
    options = {"a": Option("a", (HERE,)), "b": Option("b", (FALLBACK,))}
    assert options["a"].language == ""  # that of the page
    assert options["b"].language == "en"
    several = together(options, "a, b,c")
    assert (several.text, several.language) == ("hoole, care, c", "")
    assert together(options, "b,b").language == "en"
    assert Option("u", (Label("x", "und", asked=False),)).language == ""
    assert Chip("Theme", (HERE, plain("?")), "/", " → ").text == "hoole → ?"
