"""Elements of SVG: what is written is escaped, and nothing but what was given."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from markupsafe import Markup

from visualisations.svg import drawing, element, number, path

HOSTILE = "<script>alert(\"1\")</script> & '2'"


def test_texts_and_values_are_escaped() -> None:
    made = element("text", HOSTILE, class_=HOSTILE)
    read = ET.fromstring(made)  # noqa: S314  # our own
    assert (read.text, read.get("class"), len(read)) == (HOSTILE, HOSTILE, 0)


def test_elements_are_nested_as_they_are() -> None:
    made = element("g", element("title", "a < b"), element("circle", r=1.5))
    assert made == Markup('<g><title>a &lt; b</title><circle r="1.5"/></g>')


def test_attributes_that_are_none_are_left_out() -> None:
    assert element("path", stroke_width=2, fill=None) == Markup('<path stroke-width="2"/>')


def test_a_drawing_says_what_it_shows() -> None:
    read = ET.fromstring(drawing(10, 20.5, label='two "things"'))  # noqa: S314  # our own
    assert read.get("aria-label") == 'two "things"'
    assert read.get("viewBox") == "0 0 10 20.5"
    assert read.get("role") == "img"


def test_coordinates_have_no_digits_that_nobody_sees() -> None:
    assert [number(value) for value in (0, 10, 1.005, 1.5, -0.25)] == [
        "0",
        "10",
        "1",
        "1.5",
        "-0.25",
    ]
    assert path([(0, 1), (2.5, 3)]) == "M0 1L2.5 3"
