"""Drawings as files: SVG, PNG and reports in PDF, whatever names they hold."""

from __future__ import annotations

import struct
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from markupsafe import Markup

from visualisations import svg
from visualisations.exporting import Sheet, Source, Table, as_pdf, as_png, as_svg
from visualisations.wording import wording

WORDS = wording(["en"])
HOSTILE = [
    "<script>alert(1)</script>",
    '#eval("1") *bold* $x$ @label',
    "\N{HEBREW LETTER ALEF}\N{RIGHT-TO-LEFT OVERRIDE}e\N{COMBINING ACUTE ACCENT}",
    "x" * 500,
    "bell \x07 null \x00 \ud800",
]


def _sheet(name: str = "Money") -> Sheet:
    text = svg.element("text", name, x=10, y=30, font_size=14)
    return Sheet(
        name,
        svg.drawing(600, 200, text, label=name),
        f"Shows {name}.",
        f"Release 3, {name}",
        datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC),
        author=name,
        address="http://localhost:8000/money",
        told=(name,),
        tables=(Table(name, (name, "n"), ((name, "1"),), frozenset({1})),),
        sources=(Source(name, name, "https://example.org/licence", "http://localhost:8000/id/x"),),
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_can_be_taken_away(name: str) -> None:
    sheet = _sheet(name)
    root = ET.fromstring(as_svg(sheet))  # noqa: S314  # our own
    assert root.tag.endswith("}svg")
    assert not [item for item in root.iter() if item.tag.endswith("script")]
    assert as_png(sheet).startswith(b"\x89PNG")
    assert as_pdf(sheet, WORDS).startswith(b"%PDF")


def test_a_picture_has_its_title_and_credit_around_it() -> None:
    sheet = _sheet()
    root = ET.fromstring(as_svg(sheet))  # noqa: S314  # our own
    texts = [item.text for item in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[0] == "Money"
    assert texts[-1] == "Release 3, Money"
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    assert width > 600
    assert height > 200
    assert struct.unpack(">II", as_png(sheet)[16:24]) == (round(2 * width), round(2 * height))


def test_a_very_large_drawing_is_no_larger_than_a_screen_can_show() -> None:
    drawn = svg.drawing(40_000, 100, svg.element("rect", width=9, height=9), label="x")
    width, _ = struct.unpack(">II", as_png(replace(_sheet(), drawing=drawn))[16:24])
    assert width <= 8001


def test_letters_are_drawn_in_a_font_of_our_own() -> None:
    """Were no font found, both would be the same empty ground."""
    assert as_png(_sheet("a")) != as_png(replace(_sheet("b"), title="a", credit="Release 3, a"))


def test_a_report_is_tagged_names_its_language_and_is_the_same_each_time() -> None:
    report = as_pdf(_sheet(), WORDS)
    assert b"pdfuaid:part" in report
    assert b"/MarkInfo" in report
    assert b"/Lang" in report
    assert report == as_pdf(_sheet(), WORDS)
    # It claims no standard where a letter is missing in the font.
    assert b"pdfuaid:part" not in as_pdf(_sheet("\N{CJK UNIFIED IDEOGRAPH-6F22}"), WORDS)


def test_long_tables_end_and_say_so() -> None:
    rows = tuple((str(number), "1") for number in range(450))
    sheet = replace(_sheet(), tables=(Table("Long", ("a", "b"), rows),))
    short = replace(_sheet(), tables=(Table("Long", ("a", "b"), rows[:400]),))
    whole = len(as_pdf(sheet, WORDS))
    assert abs(whole - len(as_pdf(short, WORDS))) < 3_000


def test_what_has_no_size_is_no_drawing() -> None:
    with pytest.raises(ValueError, match="viewBox"):
        replace(_sheet(), drawing=Markup("<svg></svg>"))
