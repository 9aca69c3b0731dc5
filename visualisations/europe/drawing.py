"""Drawing the map: countries with shades and numbers, arcs between them, spots on the ground.

A drawing is whole in itself, so that it is the same on a page, in a file and in print.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from markupsafe import Markup

from visualisations import svg
from visualisations.europe.legend import ARC, EDGE, INK, QUIET, SPOT, breadth, legend
from visualisations.europe.outlines import Europe, Outline, europe
from visualisations.europe.picture import Arc, Area, Dot, Picture
from visualisations.europe.shading import NOTHING, Step, shade_of
from visualisations.europe.tiles import tiles
from visualisations.lettering import FAMILY, width
from visualisations.svg import element

_SIZE = 13  # of numbers, in pixels
_LAND, _SEA, _HATCH = "#e3e6ea", "#f8fafc", "#c3cad3"
_LARGEST = 20.0  # pixels of the spot of most


def draw(picture: Picture, ends: Sequence[str], *, linked: bool) -> Markup:
    """Draw the map; `ends` are the classes of its legend in words, in their order.

    Links lead from countries or regions to what is behind them, for the page; a file has none.
    """
    ground = europe()
    found = picture.steps
    shaded = () if picture.tiled else picture.areas
    shapes = _bare(ground) if picture.tiled else _countries(ground, shaded, found, linked=linked)
    parts = [
        _hatching(),
        element("rect", width=ground.width, height=ground.height, fill=_SEA),
        element("path", d=ground.ground, fill=_LAND),
        element("g", *shapes, class_="countries"),
        # Arcs lie over countries, which are what is pointed at.
        element(
            "g",
            *_arcs(ground, picture.arcs),
            class_="arcs",
            fill="none",
            stroke=ARC,
            pointer_events="none",
        ),
        element("g", *_dots(ground, picture.dots, linked=linked), class_="dots"),
        element("g", *_numbers(ground, shaded), class_="numbers", font_family=FAMILY),
        element("g", *_tiles(ground, picture, linked=linked), class_="tiles", font_family=FAMILY),
        element("g", *legend(picture, ends), class_="legend", font_family=FAMILY),
    ]
    size = f"0 0 {svg.number(ground.width)} {svg.number(ground.height)}"
    return element(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=size,
        # What holds links is no image: readers of screens would not find them.
        role="group" if linked else "img",
        aria_label=picture.words.label,
        class_="europe",
    )


def _hatching() -> Markup:
    line = element("path", d="M0 6L6 0", stroke=_HATCH, stroke_width=1.2)
    ground = element("rect", width=6, height=6, fill=NOTHING)
    held = element(
        "pattern", ground, line, id="nothing", width=6, height=6, patternUnits="userSpaceOnUse"
    )
    return element("defs", held)


def _tiles(ground: Europe, picture: Picture, *, linked: bool) -> Iterable[Markup]:
    if not picture.tiled:
        return ()
    return tiles(ground, picture.areas, picture.steps, linked=linked)


def _bare(ground: Europe) -> Iterable[Markup]:
    """Draw countries that stand for nothing but themselves, below tiles."""
    for outline in ground.countries.values():
        yield element("path", d=outline.path, fill=NOTHING, stroke=_HATCH, stroke_width=0.8)


def _countries(
    ground: Europe, areas: Sequence[Area], found: Sequence[Step], *, linked: bool
) -> Iterable[Markup]:
    by_code = {area.code: area for area in areas}
    for outline in ground.countries.values():
        area = by_code.get(outline.code)
        drawn = _country(outline, area, found)
        if linked and area is not None and area.link is not None:
            # The table beside the map has the same links: here they are for the pointer, and
            # the script makes one stop of the whole map.
            yield element(
                "a", drawn, href=area.link, tabindex="-1", aria_label=area.told, data_code=area.code
            )
        else:
            yield drawn


def _country(outline: Outline, area: Area | None, found: Sequence[Step]) -> Markup:
    fill = "url(#nothing)" if area is None else shade_of(area.value, found)
    title = () if area is None else (element("title", area.told),)
    shape = element(
        "path",
        *title,
        d=outline.path,
        fill=fill,
        stroke="#ffffff",
        stroke_width=0.8,
        class_="country",
        data_code=outline.code,
    )
    if outline.room >= 5 or area is None:  # noqa: PLR2004  # pixels: smaller cannot be pointed at
        return shape
    knob = element(
        "circle",
        *title,
        cx=outline.x,
        cy=outline.y,
        r=5.5,
        fill=fill,
        stroke=QUIET,
        stroke_width=0.8,
        class_="country",
    )
    return element("g", shape, knob)


def _arcs(ground: Europe, arcs: Sequence[Arc]) -> Iterable[Markup]:
    most = max((arc.value for arc in arcs), default=1)
    # The widest first, so that the thin ones lie above them.
    for arc in sorted(arcs, key=lambda arc: -arc.value):
        one, other = ground.countries.get(arc.one), ground.countries.get(arc.other)
        if one is not None and other is not None:
            yield element(
                "path",
                element("title", arc.told),
                d=_bow(one, other),
                stroke_width=breadth(arc.value, most),
                stroke_opacity=0.55,
                stroke_linecap="round",
                data_one=arc.one,
                data_other=arc.other,
            )


def _bow(one: Outline, other: Outline) -> str:
    """Bend a line to the north, the more the longer it is."""
    x, y = (one.x + other.x) / 2, (one.y + other.y) / 2
    rise = 0.22 * math.hypot(one.x - other.x, one.y - other.y)
    ends = [svg.number(value) for value in (one.x, one.y, x, y - rise, other.x, other.y)]
    return "M{} {}Q{} {} {} {}".format(*ends)


def _dots(ground: Europe, dots: Sequence[Dot], *, linked: bool) -> Iterable[Markup]:
    most = max((dot.value for dot in dots), default=1)
    for dot in sorted(dots, key=lambda dot: -dot.value):
        place = ground.place(dot.longitude, dot.latitude)
        if place is None:
            continue
        circle = element(
            "circle",
            element("title", dot.told),
            cx=place[0],
            cy=place[1],
            r=max(_LARGEST * math.sqrt(dot.value / most), 2.5) if most > 1 else 4,
            fill=SPOT,
            fill_opacity=0.75,
            stroke=EDGE,
            stroke_width=0.8,
        )
        if linked and dot.link is not None:
            yield element("a", circle, href=dot.link, tabindex="-1", aria_label=dot.told)
        else:
            yield circle


def _numbers(ground: Europe, areas: Sequence[Area]) -> Iterable[Markup]:
    """Write values where they fit, those of the largest values first."""
    taken: list[tuple[float, float, float, float]] = []
    for area in sorted(areas, key=lambda area: -area.value):
        outline = ground.countries.get(area.code)
        if outline is None:
            continue
        half, up = width(area.short, _SIZE) / 2 + 1, _SIZE / 2
        box = (outline.x - half, outline.y - up, outline.x + half, outline.y + up)
        if any(_overlap(box, other) for other in taken):
            continue
        taken.append(box)
        yield element(
            "text",
            area.short,
            x=outline.x,
            y=outline.y + _SIZE * 0.36,
            font_size=_SIZE,
            font_weight="bold",
            text_anchor="middle",
            fill=INK,
            stroke="#ffffff",
            stroke_width=3,
            stroke_linejoin="round",
            paint_order="stroke",
            pointer_events="none",
        )


def _overlap(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
