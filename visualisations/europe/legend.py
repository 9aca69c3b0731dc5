"""The legend of a map, in its drawing and as rows beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from visualisations import svg
from visualisations.europe.picture import Picture
from visualisations.svg import element

INK, QUIET = "#1b2430", "#55606e"
ARC, SPOT, EDGE = "#b3470d", "#f0b429", "#5c3d00"
NOTHING_KNOWN = "url(#nothing)"

_PLACE = (14.0, 250.0)  # where the sea is wide
_SIZE = 13
_ROW = 22
_SWATCH = 22.0
_WIDEST = 9.0  # pixels of the arc of most


def breadth(value: float, most: float) -> float:
    """Give the width of an arc: it grows with the value itself, but never below what is seen."""
    return max(_WIDEST * value / most, 1.0)


def legend(picture: Picture, ends: Sequence[str]) -> Iterable[Markup]:
    """Draw the legend; `ends` are the classes of values in words, in their order."""
    x, y = _PLACE
    for heading, rows in _groups(picture, ends):
        yield _text(heading, x, y, weight="bold")
        for swatch, told in rows:
            y += _ROW
            yield element("g", swatch, transform=f"translate({x} {y - 12})")
            yield _text(told, x + _SWATCH + 8, y)
        y += _ROW * 1.5


def legend_rows(
    picture: Picture, ends: Sequence[str]
) -> list[tuple[str, list[tuple[Markup, str]]]]:
    """Give the legend for a page: groups with a heading, each row a small drawing and its words."""
    return [
        (
            heading,
            [
                (element("svg", swatch, viewBox="0 0 22 14", width=22, height=14), told)
                for swatch, told in rows
            ],
        )
        for heading, rows in _groups(picture, ends)
    ]


def _groups(
    picture: Picture, ends: Sequence[str]
) -> Iterable[tuple[str, list[tuple[Markup, str]]]]:
    rows = [(step.shade, told) for step, told in zip(picture.steps, ends, strict=True)]
    if not picture.tiled:
        rows.append((NOTHING_KNOWN, picture.words.nothing))
    yield picture.words.values, [(_box(fill), told) for fill, told in rows]
    most = max((arc.value for arc in picture.arcs), default=0)
    if most:
        yield (
            picture.words.arcs,
            [(_line(value, most), str(value)) for value in sorted({1, most})],
        )
    if picture.dots:
        spot = element("circle", cx=11, cy=7, r=6, fill=SPOT, stroke=EDGE, stroke_width=0.8)
        yield picture.words.places, [(spot, picture.words.dots)]


def _box(fill: str) -> Markup:
    return element("rect", width=_SWATCH, height=14, fill=fill, stroke=QUIET, stroke_width=0.6)


def _line(value: int, most: int) -> Markup:
    return element(
        "path",
        d=svg.path([(0, 7), (_SWATCH, 7)]),
        stroke=ARC,
        stroke_width=breadth(value, most),
        stroke_opacity=0.7,
    )


def _text(text: str, x: float, y: float, *, weight: str | None = None) -> Markup:
    return element(
        "text",
        text,
        x=x,
        y=y,
        font_size=_SIZE,
        font_weight=weight,
        fill=INK,
        stroke="#ffffff",
        stroke_width=3,
        paint_order="stroke",
        stroke_linejoin="round",
    )
