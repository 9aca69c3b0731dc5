"""Timelines: dates become places, names fit, and what has no end says so."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from visualisations.lettering import width
from visualisations.timeline import Bar, Lane, Strip, draw_bars, draw_strips, scale
from visualisations.timeline.scale import LEFT, RIGHT, SIZE, WIDTH, moment

SVG = "{http://www.w3.org/2000/svg}"
LONG = "A programme with a name that no timeline has ever had room for, however wide it is. " * 3


def _bars(*bars: Bar, linked: bool = True) -> ET.Element:
    years = [int(text[:4]) for bar in bars for text in (bar.begin, bar.end) if text]
    lanes = [Lane("Programmes", "#123456", "#000000", bars)]
    drawn = draw_bars(lanes, scale(years), "All of it", linked=linked)
    return ET.fromstring(str(drawn))  # noqa: S314  # made here


def _bar(begin: str, end: str | None, name: str = "Name", *, is_moment: bool = False) -> Bar:
    return Bar(name, None, begin, end, f"{name}: told", "/page/x", is_moment)


@pytest.mark.parametrize(
    ("text", "end", "at"),
    [
        ("2021", False, 2021),
        ("2021", True, 2022),
        ("2021-07", False, 2021.5),
        ("2021-12", True, 2022),
        ("2021-01-01", False, 2021),
        ("2020-12-31", True, 2021),
        ("2021-13", False, 2021 + 11 / 12),
        ("2021-02-31", True, 2021 + 59 / 365),
    ],
)
def test_a_date_is_its_beginning_or_its_end(text: str, end: bool, at: float) -> None:  # noqa: FBT001
    assert moment(text, end=end) == pytest.approx(at)


def test_a_long_time_is_drawn_for_its_last_sixty_years() -> None:
    of = scale([1632, 2020])
    assert (of.first, of.last) == (1961, 2021)
    assert of.x(1632) == LEFT
    assert of.x(2021) == WIDTH - RIGHT
    assert scale([]).last > scale([]).first


def test_labels_of_years_never_touch() -> None:
    for years in ([2020], range(2014, 2028), range(1960, 2028)):
        of = scale(years)
        places = [of.x(year) for year in of.ticks()]
        assert all(after - before >= 44 for before, after in pairwise(places))


def test_a_bar_goes_from_beginning_to_end() -> None:
    root = _bars(_bar("2014", "2020"), _bar("2021", "2027"))
    first, second = [item for item in root.iter(f"{SVG}rect") if item.get("rx")]
    assert float(first.get("x") or 0) == LEFT
    joined = float(first.get("x") or 0) + float(first.get("width") or 0)
    assert joined == pytest.approx(float(second.get("x") or 0), abs=0.02)


def test_without_an_end_there_is_no_length() -> None:
    root = _bars(_bar("2014", None), _bar("2016", "2020"))
    assert len([item for item in root.iter(f"{SVG}rect") if item.get("rx")]) == 1
    assert len(list(root.iter(f"{SVG}circle"))) == 1
    assert [item for item in root.iter(f"{SVG}path") if item.get("stroke-dasharray")]


def test_a_moment_is_a_diamond() -> None:
    root = _bars(_bar("2014-05-06", None, is_moment=True), _bar("2016", "2020"))
    assert not list(root.iter(f"{SVG}circle"))
    assert any((item.get("d") or "").endswith("Z") for item in root.iter(f"{SVG}path"))


@pytest.mark.parametrize(
    "bar",
    [
        _bar("2014", "2027", LONG),
        _bar("2014", "2015", LONG),
        _bar("2026", "2027", LONG),
        _bar("2027", None, LONG),
        _bar("2027-12-30", None, LONG, is_moment=True),
        _bar("2019", "2021", "مبادرة " * 30),
    ],
)
def test_names_stay_inside_the_drawing(bar: Bar) -> None:
    root = _bars(bar, _bar("2014", "2027", "x"))
    (text,) = [item for item in root.iter(f"{SVG}text") if (item.text or "").endswith("…")]
    x, wide = float(text.get("x") or 0), width(text.text or "", SIZE)
    left = x - wide if text.get("text-anchor") == "end" else x
    assert left >= -1
    assert left + wide <= WIDTH + 1


def test_bars_lead_to_pages_on_a_page_only() -> None:
    assert [link.get("href") for link in _bars(_bar("2014", "2020")).iter(f"{SVG}a")] == ["/page/x"]
    plain = _bars(_bar("2014", "2020"), linked=False)
    assert not list(plain.iter(f"{SVG}a"))
    assert plain.get("role") == "img"


def test_strips_have_a_column_for_each_year_with_its_number() -> None:
    strip = Strip("practice", "Practices", "#123456", "#000000", {2014: 1, 2016: 4})
    drawn = draw_strips(
        [strip], scale([2014, 2016]), "Label", lambda _, year, n: f"{year}: {n}",
        lambda kind, year: f"/when?kind={kind}&period={year}",
    )  # fmt: skip
    root = ET.fromstring(str(drawn))  # noqa: S314  # made here
    links = {link.get("href"): link for link in root.iter(f"{SVG}a")}
    assert list(links) == ["/when?kind=practice&period=2014", "/when?kind=practice&period=2016"]
    heights = [float(next(link.iter(f"{SVG}rect")).get("height") or 0) for link in links.values()]
    assert heights[1] == pytest.approx(4 * heights[0])
    assert [next(link.iter(f"{SVG}text")).text for link in links.values()] == ["1", "4"]
