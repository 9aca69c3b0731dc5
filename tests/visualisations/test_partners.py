"""Reasons as sentences, and paths as drawings that fit a small screen."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from visualisations.lettering import width
from visualisations.partners import Arrow, Box, draw_path, sentence
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


def _drawn(names: list[str], along: bool = True) -> ET.Element:  # noqa: FBT001, FBT002
    boxes = [Box(name, "et", end=place == 0) for place, name in enumerate(names)]
    arrows = [Arrow("funded by", "en", along)] * (len(names) - 1)
    return ET.fromstring(draw_path(boxes, arrows, label="A <path>"))  # noqa: S314  # our own


def test_boxes_stand_below_each_other_with_an_arrow_between() -> None:
    drawn = _drawn(["a", "b", "c"])
    assert drawn.get("role") == "img"
    assert drawn.get("aria-label") == "A <path>"
    tops = [float(item.get("y", "")) for item in drawn.iter(f"{SVG}rect")]
    heights = [float(item.get("height", "")) for item in drawn.iter(f"{SVG}rect")]
    assert len(tops) == 3
    assert all(
        top + height < after for top, height, after in zip(tops, heights, tops[1:], strict=False)
    )
    box = [float(number) for number in drawn.get("viewBox", "").split()]
    assert box[2] <= 320
    assert tops[-1] + heights[-1] <= box[3]
    assert len(list(drawn.iter(f"{SVG}path"))) == 4


def test_an_arrow_points_in_the_direction_of_what_is_said() -> None:
    def tip(along: bool) -> float:  # noqa: FBT001
        head = list(_drawn(["a", "b"], along=along).iter(f"{SVG}path"))[1].get("d", "")
        heights = [float(pair.split()[1]) for pair in re.split("[MLZ]", head) if pair]
        return heights[2] - heights[0]

    assert tip(along=True) > 0 > tip(along=False)


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
def test_any_name_stays_in_its_box(name: str) -> None:
    drawn = _drawn([name, "b"])
    (box, *_) = drawn.iter(f"{SVG}rect")
    texts = [item for item in drawn.iter(f"{SVG}text") if item.get("text-anchor") == "middle"][:-1]
    assert len(texts) <= 2
    for item in texts:
        assert width(item.text or "", 12) <= float(box.get("width", "")) - 16
        assert item.get("lang") == "et"
