"""Reasons as sentences, and a ranking as bars."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from visualisations.lettering import width
from visualisations.partners import Standing, draw_ranking, sentence
from visualisations.wording import wording

SVG = "{http://www.w3.org/2000/svg}"
WORDS = wording(["en"])


@pytest.mark.parametrize(
    ("aspect", "number", "names", "expected"),
    [
        ("theme", 1, ["care"], "Works on 1 theme that counts here: care."),
        ("theme", 4, ["a", "b", "c"], "Works on 4 themes that count here: a; b; c; …."),
        ("shared-partner", 2, ["X", "Y"], "2 organisations have worked with both of you: X; Y."),
        ("experience", 1200, [], "Takes part in, or runs, 1,200 things that are known here."),
    ],
)
def test_a_reason_is_a_sentence(aspect: str, number: int, names: list[str], expected: str) -> None:
    assert sentence(aspect, WORDS, number=number, names=names, completed=False) == expected


def test_roles_are_those_that_are_wanted_or_those_that_complete() -> None:
    said = [
        sentence("role", WORDS, number=2, names=["funder"], completed=completed)
        for completed in (True, False)
    ]
    assert "that you have not had: funder" in said[0]
    assert "that is wanted 2 times: funder" in said[1]


@pytest.mark.parametrize(
    ("deadline", "words"),
    [
        ("2026-12-24", "is open until 24 December 2026."),
        ("2027", "is open until 2027."),
        (None, "no deadline is known of its call “100 % C”."),
    ],
)
def test_a_call_is_told_with_what_is_known_of_its_deadline(
    deadline: str | None, words: str
) -> None:
    text = sentence(
        "call",
        WORDS,
        number=1,
        names=["Fund %s"],
        completed=True,
        call="100 % C",
        deadline=deadline,
    )
    assert text.startswith("Fund %s has paid")
    assert words in text


def _drawn(*standings: Standing) -> ET.Element:
    drawn = draw_ranking(standings, ["Themes", "Roles"], WORDS, label="A <ranking>")
    return ET.fromstring(drawn)  # noqa: S314  # our own


def test_bars_are_as_long_as_what_speaks_for_a_partner() -> None:
    drawn = _drawn(Standing("a", "et", 100, (0.5, 0.5)), Standing("b", "", 25, (0.0, 0.25)))
    assert drawn.get("role") == "img"
    assert drawn.get("aria-label") == "A <ranking>"
    first, second = drawn.findall(f"{SVG}g")
    widths = [
        [float(bar.get("width", "")) for bar in g.iter(f"{SVG}rect")] for g in (first, second)
    ]
    assert widths[0][0] == widths[0][1]
    assert widths[1] == [pytest.approx(widths[0][0] / 2)]
    left, right = first.findall(f"{SVG}rect")
    assert float(left.get("x", "")) + widths[0][0] == pytest.approx(float(right.get("x", "")))
    # What stands for an aspect has the same colour in each bar, and in the legend.
    legend = {
        text.text: bar.get("fill")
        for bar, text in zip(drawn.findall(f"{SVG}rect"), drawn.findall(f"{SVG}text"), strict=True)
    }
    assert legend == {"Themes": left.get("fill"), "Roles": right.get("fill")}
    assert [bar.get("fill") for bar in second.iter(f"{SVG}rect")] == [legend["Roles"]]
    assert [text.text for text in second.iter(f"{SVG}text")] == ["b", "25"]


@pytest.mark.parametrize(
    "name",
    [
        "short",
        "word " * 100,
        "x" * 500,
        "<script>alert(1)</script> & “friends”",
        "مؤسسة الابتكار الاجتماعي " * 9,
        "é̂" * 90,
        "",
    ],
)
def test_any_name_stays_in_the_drawing(name: str) -> None:
    drawn = _drawn(Standing(name, "et", 3, (0.01, 0.02)))
    whole = float(drawn.get("viewBox", "").split()[2])
    text = next(drawn.iter(f"{SVG}text"))
    assert width(text.text or "", 13) <= whole - 10
    assert text.get("lang") == "et"
