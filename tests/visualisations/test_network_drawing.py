"""Networks as SVG: what is drawn, what is named, and that no name lies on another."""

from __future__ import annotations

import random
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

from graph.network import Label
from visualisations.networks import drawing
from visualisations.networks.drawing import draw
from visualisations.networks.legend import legend
from visualisations.networks.naming import Box, Spot, place
from visualisations.networks.scene import Group, Line, Mark, Scene, fitted
from visualisations.styles import OTHER, PALETTE

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = {
    "long": "Ä" * 500,
    "markup": "<script>alert(1)</script>",
    "quoted": "\"'&<>",
    "right to left": "\u05de\u05e8\u05db\u05d6 \u05dc\u05d7\u05d3\u05e9\u05e0\u05d5\u05ea",
    "combining": "e\u0301" * 60,
    "empty": "",
}


def scene(names: list[str], *, directed: bool = False) -> Scene:
    """Give a chain of marks with these names, each with a page of its own."""
    marks = tuple(
        Mark(
            number, Label(name, "en"), Label(name, "en"), 0, 90.0 * number, 40.0, 9.0, f"/{number}"
        )
        for number, name in enumerate(names)
    )
    lines = tuple(Line(at, at + 1, float(at + 1)) for at in range(len(names) - 1))
    return Scene(marks, lines, (Group(Label("thing"), PALETTE[0], len(names)),), directed=directed)


def parsed(made: str) -> ET.Element:
    return ET.fromstring(made)  # noqa: S314  # made by us


def crowd(seed: int) -> list[Spot]:
    lot = random.Random(seed)  # noqa: S311  # places for a test
    return [
        Spot(at, lot.uniform(0, 900), lot.uniform(0, 600), lot.uniform(3, 14), "name " * (at % 7))
        for at in range(150)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_names_touch_neither_one_another_nor_the_edge(seed: int) -> None:
    frame = Box(0, 0, 900, 600)
    found = place(crowd(seed), 12.0, frame, 150)
    assert len(found) > 20
    assert all(frame.holds(name.box) for name in found)
    assert not [pair for pair in combinations(found, 2) if pair[0].box.meets(pair[1].box)]


@pytest.mark.parametrize("seed", range(4))
def test_only_the_names_of_the_largest_may_cover_a_mark(seed: int) -> None:
    """And then one smaller mark at most."""
    spots = crowd(seed)
    for name in place(spots, 12.0, Box(0, 0, 900, 600), 150):
        covered = [
            spot.number
            for spot in spots
            if spot.number != name.number
            and name.box.meets(
                Box(
                    spot.x - spot.radius,
                    spot.y - spot.radius,
                    spot.x + spot.radius,
                    spot.y + spot.radius,
                )
            )
        ]
        assert len(covered) <= (1 if name.number < 3 else 0)


def test_no_more_names_are_placed_than_asked_for() -> None:
    assert len(place(crowd(0), 8.0, Box(0, 0, 900, 600), 10)) <= 10


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_any_name_is_drawn_as_text(name: str) -> None:
    root = parsed(draw(scene([name, "other"]), "a drawing"))
    assert not root.findall(f".//{SVG}script")
    assert (root.findtext(f".//{SVG}a/{SVG}title") or "") == name
    written = [text.text or "" for text in root.iter(f"{SVG}text")]
    assert "other" in written
    assert max(map(len, written)) <= 60


def test_a_mark_is_a_link_that_is_no_stop_of_the_keyboard() -> None:
    root = parsed(draw(scene(["one", "two"]), "a drawing"))
    links = list(root.iter(f"{SVG}a"))
    assert [(link.get("href"), link.get("data-n")) for link in links] == [("/0", "0"), ("/1", "1")]
    assert {link.get("tabindex") for link in links} == {"-1"}
    drawing = next(root.iter(f"{SVG}svg"))
    assert drawing.get("role") == "group"
    assert drawing.get("aria-label") == "a drawing"


def test_a_drawing_has_no_style_of_its_own() -> None:
    """The policy of the pages refuses it."""
    root = parsed(draw(scene(["one", "two"]), "a drawing"))
    assert not [item for item in root.iter() if item.get("style") or item.tag == f"{SVG}style"]


def test_names_are_placed_for_two_screens_on_a_page_and_for_one_in_a_file() -> None:
    page = parsed(draw(scene(["one", "two"]), "a drawing"))
    file = parsed(draw(scene(["one", "two"]), "a drawing", standing_alone=True))
    named = [
        [group.get("class") for group in root.iter(f"{SVG}g") if "names" in group.get("class", "")]
        for root in (page, file)
    ]
    assert named == [["names wide", "names narrow"], ["names wide"]]
    assert file.get("role") == "img"


def test_lines_of_one_width_are_one_path() -> None:
    """However many: a browser paints one path sooner than a hundred."""
    root = parsed(draw(scene([str(at) for at in range(60)]), "a drawing"))
    lines = next(group for group in root.iter(f"{SVG}g") if group.get("class") == "lines")
    assert sum(item.get("d", "").count("M") for item in lines) == 59
    assert len(lines) == 6
    widths = [float(item.get("stroke-width", "")) for item in lines]
    assert widths == sorted(widths)
    assert len(set(widths)) == 6


@pytest.mark.parametrize("directed", [True, False])
def test_only_directed_networks_have_arrows(directed: bool) -> None:  # noqa: FBT001  # a parameter
    root = parsed(draw(scene(["one", "two", "three"], directed=directed), "a drawing"))
    heads = [item.get("d", "") for item in root.iter() if item.get("class") == "arrows"]
    assert [head.count("Z") for head in heads] == ([2] if directed else [])


def test_a_script_finds_the_place_of_each_mark() -> None:
    """From the plane of the layout to the drawing: what is written beside it leads there."""
    made = scene(["one", "two", "three"])
    root = parsed(draw(made, "a drawing"))
    drawing = next(root.iter(f"{SVG}svg"))
    left, top, unit = (float(drawing.get(f"data-{name}", "")) for name in ("left", "top", "unit"))
    for item in made.marks:
        circle = root.find(f".//{SVG}a[@data-n='{item.number}']/{SVG}circle")
        assert circle is not None
        found = float(circle.get("cx", "")), float(circle.get("cy", ""))
        assert found == pytest.approx(((item.x - left) / unit, (item.y - top) / unit), abs=0.02)


def test_all_marks_are_inside_and_as_large_as_the_width_allows() -> None:
    seen, frame = fitted(scene([str(at) for at in range(30)]), 860, 36)
    assert min(item.x - item.radius for item in seen.marks) == pytest.approx(36)
    assert max(item.x + item.radius for item in seen.marks) == pytest.approx(860 - 36)
    assert frame.height == pytest.approx(2 * 36 + 2 * seen.marks[0].radius)


def test_nothing_at_all_can_be_drawn() -> None:
    root = parsed(draw(Scene((), (), ()), "nothing"))
    assert not list(root.iter(f"{SVG}circle"))


def test_what_is_brought_out_has_a_ring_and_a_line() -> None:
    made = scene(["one", "two", "three"])
    shown = Scene(
        made.marks, made.lines, made.groups, shown=frozenset({0, 1}), way=(made.lines[0],)
    )
    root = parsed(draw(shown, "a drawing"))
    rings = [item for item in root.iter(f"{SVG}circle") if item.get("fill") == "none"]
    assert len(rings) == 2
    way = [item.get("d", "") for item in root.iter(f"{SVG}path") if item.get("class") == "way"]
    assert [path.count("M") for path in way] == [1]


def test_marks_of_a_large_drawing_leave_their_names_to_the_script(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And stay links; most of what a browser has to read of 5,000 marks were titles."""
    monkeypatch.setattr(drawing, "_TITLED", 2)
    few, many = (parsed(draw(scene(list(names)), "a chain")) for names in ("ab", "abc"))
    assert [title.text for title in few.iter(f"{SVG}title")] == ["a", "b"]
    assert list(many.iter(f"{SVG}title")) == []
    assert [mark.get("href") for mark in many.iter(f"{SVG}a")] == ["/0", "/1", "/2"]


def test_beyond_a_number_of_marks_those_of_a_group_are_one_path(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each in its shape still, so that the legend holds; the table has the links."""
    monkeypatch.setattr(drawing, "MOST", 2)
    root = parsed(draw(scene(["one", "two", "three"]), "a drawing"))
    assert not list(root.iter(f"{SVG}a"))
    marks = next(group for group in root.iter(f"{SVG}g") if group.get("class") == "marks")
    assert [path.get("d", "").count("M") for path in marks.iter(f"{SVG}path")] == [3]


def test_groups_that_look_alike_share_an_entry_of_the_legend() -> None:
    groups = [Group(Label("a"), PALETTE[0], 3), Group(Label("b"), OTHER, 2)]
    entries = legend([*groups, Group(Label("c"), OTHER, 1)])
    assert [[group.label.text for group in entry.groups] for entry in entries] == [
        ["a"],
        ["b", "c"],
    ]
