"""The map of Europe: where places are drawn, how values are shaded, and what is in the drawing."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visualisations.europe import Arc, Area, Dot, Picture, Words, draw, europe, legend_rows
from visualisations.europe.shading import SHADES, shade_of, steps
from visualisations.europe.tiles import blocks

SVG = "{http://www.w3.org/2000/svg}"
WORDS = Words("Map & all", "Things", "none known", "Together in", "Places", "with coordinates")


def _picture(areas: list[Area], arcs: tuple[Arc, ...] = (), dots: tuple[Dot, ...] = ()) -> Picture:
    return Picture(areas, arcs, dots, WORDS)


def _area(code: str, value: int) -> Area:
    return Area(code, Decimal(value), f"<{code}>: {value}", str(value), f"/find?country={code}")


def _drawn(picture: Picture, *, linked: bool = True) -> ET.Element:
    ends = [str(step.least) for step in picture.steps]
    return ET.fromstring(str(draw(picture, ends, linked=linked)))  # noqa: S314  # made here


# As d3-geo projects them with the same parameters.
@pytest.mark.parametrize(
    ("longitude", "latitude", "x", "y"),
    [(12, 53, 478, 452), (24.75, 59.44, 610.87, 307.33), (-9.14, 38.71, 140.61, 697.64)],
)
def test_places_are_drawn_where_the_outlines_are(
    longitude: float, latitude: float, x: float, y: float
) -> None:
    assert europe().place(longitude, latitude) == pytest.approx((x, y), abs=0.01)


def test_places_outside_of_the_drawing_are_left_out() -> None:
    assert europe().place(-168, -53) is None  # the other side of the Earth
    assert europe().place(18.4, -33.9) is None
    assert europe().place(-74, 40.7) is None


def test_all_countries_of_the_table_have_outlines_with_a_middle() -> None:
    known = europe().countries
    assert {"EE", "MT", "LU", "CY", "XK", "GB", "UA", "IS"} <= known.keys()
    for outline in known.values():
        assert re.fullmatch(r"(M[-0-9. ]+l[-0-9. ]+z)+", outline.path)
        assert 0 < outline.x < europe().width
        assert 0 < outline.y < europe().height


@given(st.lists(st.integers(0, 40), min_size=1, max_size=9))
def test_classes_are_the_best_there_are(values: list[int]) -> None:
    found = steps([Decimal(value) for value in values])
    apart = sorted(set(values))
    number = min(len(SHADES), len(apart))
    assert len(found) == number
    assert [step.least for step in found] == sorted(step.least for step in found)
    assert len({step.shade for step in found}) == number

    def spread(parts: list[list[int]]) -> float:
        return sum(
            sum((value - sum(part) / len(part)) ** 2 for value in part) for part in parts if part
        )

    ours = [[v for v in apart if step.least <= v <= step.most] for step in found]
    assert sorted(v for part in ours for v in part) == apart
    best = min(
        spread([apart[a:b] for a, b in zip((0, *cuts), (*cuts, len(apart)), strict=True)])
        for cuts in combinations(range(1, len(apart)), number - 1)
    )
    assert spread(ours) == pytest.approx(best)
    for value in apart:
        held = next(step for step in found if step.least <= value <= step.most)
        assert shade_of(Decimal(value), found) == held.shade


def test_nothing_has_no_classes() -> None:
    assert steps([]) == ()


def test_a_country_without_a_value_is_hatched_and_has_no_link() -> None:
    root = _drawn(_picture([_area("EE", 3)]))
    fills = {item.get("data-code"): item.get("fill") for item in root.iter(f"{SVG}path")}
    assert fills["EE"] == SHADES[2]
    assert fills["LV"] == "url(#nothing)"
    links = [link.get("href") for link in root.iter(f"{SVG}a")]
    assert links == ["/find?country=EE"]
    assert root.get("role") == "group"
    (link,) = root.iter(f"{SVG}a")
    assert link.get("aria-label") == "<EE>: 3"


def test_a_file_has_no_links_and_says_what_it_shows() -> None:
    root = _drawn(_picture([_area("EE", 3)]), linked=False)
    assert root.get("role") == "img"
    assert root.get("aria-label") == "Map & all"
    assert not list(root.iter(f"{SVG}a"))


def test_no_element_has_a_style_which_the_policy_forbids() -> None:
    picture = _picture([_area("EE", 3)], (Arc("EE", "LV", 2, "both"),), (Dot(25, 58, 1, "one"),))
    assert all("style" not in item.attrib for item in _drawn(picture).iter())


def test_arcs_grow_with_their_value_and_skip_what_is_not_drawn() -> None:
    arcs = (Arc("EE", "LV", 1, "a"), Arc("DE", "EE", 4, "b"), Arc("EE", "US", 9, "c"))
    root = _drawn(_picture([], arcs))
    drawn = [item for item in root.iter(f"{SVG}path") if item.get("data-one")]
    widths = {item.get("data-one"): float(item.get("stroke-width") or 0) for item in drawn}
    assert widths == {"DE": 4.0, "EE": 1.0}


def test_numbers_never_lie_on_each_other() -> None:
    areas = [_area(code, 10**7 + place) for place, code in enumerate(europe().countries)]
    root = _drawn(_picture(areas))
    (group,) = [item for item in root.iter(f"{SVG}g") if item.get("class") == "numbers"]
    boxes = [(float(t.get("x") or 0), float(t.get("y") or 0), t.text or "") for t in group]
    assert 8 < len(boxes) < len(areas)
    for (x, y, text), (ox, oy, _) in combinations(boxes, 2):
        assert abs(x - ox) >= 6 * len(text) or abs(y - oy) >= 12


def test_spots_lie_where_they_are_and_grow_with_their_number() -> None:
    dots = (Dot(24.75, 59.44, 9, "nine"), Dot(25.5, 58.9, 1, "one", "/page/x"), Dot(0, 0, 5, "far"))
    root = _drawn(_picture([], (), dots))
    (group,) = [item for item in root.iter(f"{SVG}g") if item.get("class") == "dots"]
    circles = list(group.iter(f"{SVG}circle"))
    assert [float(item.get("r") or 0) for item in circles] == [20, pytest.approx(6.67)]
    assert [link.get("href") for link in group.iter(f"{SVG}a")] == ["/page/x"]


def test_the_legend_says_every_class() -> None:
    picture = _picture([_area("EE", 3), _area("LV", 9)], (Arc("EE", "LV", 5, "both"),))
    groups = legend_rows(picture, ["3", "9"])
    assert [heading for heading, _ in groups] == ["Things", "Together in"]
    assert [told for _, rows in groups for _, told in rows] == ["3", "9", "none known", "1", "5"]
    assert SHADES[0] in str(groups[0][1][0][0])


CODES = st.builds(
    "{}{}".format,
    st.sampled_from(["NL", "BE", "LU", "DE", "FR", "AT", "CH", "EL", "UK", "MT", "IS"]),
    st.text("0123456789ABCD", min_size=2, max_size=2),
)


@given(st.lists(CODES, min_size=1, max_size=120, unique=True))
def test_blocks_of_regions_do_not_lie_on_each_other_and_stay_in_the_drawing(
    codes: list[str],
) -> None:
    found = blocks(europe(), [_area(code, 1) for code in codes])
    assert sorted(area.code for block in found for area in block.areas) == sorted(codes)
    for block in found:
        assert block.columns * block.rows >= len(block.areas)
        assert block.width / 2 - 0.1 <= block.x <= europe().width - block.width / 2 + 0.1
        assert block.height / 2 - 0.1 <= block.y <= europe().height - block.height / 2 + 0.1
    for one, other in combinations(found, 2):
        across = (one.width + other.width) / 2 - abs(one.x - other.x)
        down = (one.height + other.height) / 2 - abs(one.y - other.y)
        assert min(across, down) < 1.5, (one.code, other.code)


def test_regions_are_tiles_of_their_country_in_the_order_of_their_codes() -> None:
    areas = [_area(code, at) for at, code in enumerate(["EE009", "XX001", "EL301", "EE001"], 1)]
    picture = Picture([area for area in areas if area.code != "XX001"], (), (), WORDS, tiled=True)
    root = _drawn(picture)
    links = list(root.iter(f"{SVG}a"))
    assert [link.get("data-code") for link in links] == ["EE001", "EE009", "EL301"]
    assert links[0].get("aria-label") == "<EE001>: 4"
    told = [text.text for text in root.iter(f"{SVG}text")]
    assert {"EE", "GR", "001", "009", "301"} <= set(told)
    assert "none known" not in told  # only regions of which something is known are drawn
    assert len(list(_drawn(picture, linked=False).iter(f"{SVG}a"))) == 0
