"""Lines of a network: all of one width as one path, which a browser paints soonest."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping

from markupsafe import Markup

from visualisations.networks.scene import Line, Mark, Scene
from visualisations.svg import element, number, path

_THIN, _THINNER, _STEP = 0.9, 0.5, 0.8  # pixels: weight 1, the same in a crowd, each step
_STEPS = 6  # how many widths there are
_CROWD = 800  # lines from which they are drawn thinner and fainter
_ARROW = 7.0  # length of an arrow, in pixels
_GREY = "#8590a2"


def line_width(weight: float, *, crowded: bool) -> float:
    """Give the width of a line in pixels: a step more with each doubling of its weight."""
    step = min(int(math.log2(max(weight, 1.0))), _STEPS - 1)
    return (_THINNER if crowded else _THIN) + step * _STEP


def draw_lines(scene: Scene) -> Markup:
    """Draw all lines, in pixels."""
    crowded = len(scene.lines) > _CROWD
    by_width: dict[float, list[Line]] = defaultdict(list)
    for line in scene.lines:
        by_width[line_width(line.weight, crowded=crowded)].append(line)
    places = _places(scene)
    paths = (
        element("path", d=_through(places, lines), stroke_width=width)
        for width, lines in sorted(by_width.items())
    )
    return element(
        "g",
        *paths,
        class_="lines",
        fill="none",
        stroke=_GREY,
        stroke_opacity=0.55 if crowded else 0.85,
        aria_hidden="true",
    )


def draw_arrows(scene: Scene) -> Markup:
    """Draw the heads of arrows, each before the mark that its line leads to, as one path."""
    marks = scene.by_number
    heads = (
        _head(marks[line.source], marks[line.target], _ARROW)
        for line in scene.lines
        if line.source != line.target
    )
    return element("path", d="".join(heads), fill=_GREY, class_="arrows", aria_hidden="true")


def draw_way(scene: Scene, colour: str) -> Markup:
    """Draw the lines to be brought out over the others; nothing where there are none."""
    if not scene.way:
        return Markup("")
    return element(
        "path",
        d=_through(_places(scene), scene.way),
        fill="none",
        stroke=colour,
        stroke_width=3.5,
        class_="way",
        aria_hidden="true",
    )


def _places(scene: Scene) -> dict[int, str]:
    """Write the place of each mark once, however many lines lead there."""
    return {item.number: f"{number(item.x)} {number(item.y)}" for item in scene.marks}


def _through(places: Mapping[int, str], lines: Iterable[Line]) -> str:
    return "".join(f"M{places[line.source]}L{places[line.target]}" for line in lines)


def _head(source: Mark, target: Mark, length: float) -> str:
    across, down = target.x - source.x, target.y - source.y
    distance = math.hypot(across, down) or 1.0
    a, b = across / distance, down / distance
    tip = target.x - a * target.radius * 1.15, target.y - b * target.radius * 1.15
    back = tip[0] - a * length, tip[1] - b * length
    half = length * 0.38
    left = back[0] - b * half, back[1] + a * half
    right = back[0] + b * half, back[1] - a * half
    return path((tip, left, right)) + "Z"
