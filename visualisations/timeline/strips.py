"""Strips: for each kind of thing a row of columns, one a year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from visualisations.lettering import FAMILY, lines, width
from visualisations.svg import element, number
from visualisations.timeline.scale import GROUND, INK, LEFT, LINE, SIZE, WIDTH, Scale, axis

_HEIGHT = 64.0  # of a strip, with what is above its columns
_HIGHEST = 44.0  # of a column
_TOP, _BOTTOM = 26.0, 26.0
_SMALL = 11


@dataclass(frozen=True, slots=True)
class Strip:
    """A kind of thing: its name, colours, and number of things by year."""

    kind: str
    name: str
    fill: str
    border: str
    things: Mapping[int, int]


def draw_strips(
    strips: Sequence[Strip],
    of: Scale,
    label: str,
    told: Callable[[Strip, int, int], str],
    link: Callable[[str, int], str] | None = None,
) -> Markup:
    """Draw strips with one scale of years; each has its own scale of numbers.

    `told` says what a column shows, `link` gives the address of what is behind it.
    """
    height = _TOP + _HEIGHT * len(strips) + _BOTTOM
    parts = [
        element("rect", width=WIDTH, height=height, fill=GROUND),
        *axis(of, _TOP, height - _BOTTOM),
    ]
    for place, strip in enumerate(strips):
        base = _TOP + _HEIGHT * (place + 1)
        parts += _strip(strip, of, base, told, link)
    return element(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(WIDTH)} {number(height)}",
        role="img" if link is None else "group",
        aria_label=label,
        font_family=FAMILY,
        class_="strips",
    )


def _strip(
    strip: Strip,
    of: Scale,
    base: float,
    told: Callable[[Strip, int, int], str],
    link: Callable[[str, int], str] | None,
) -> Iterable[Markup]:
    yield element("path", d=f"M{LEFT} {base}H{WIDTH}", stroke=LINE, stroke_width=1)
    for row, line in enumerate(lines(strip.name, SIZE, LEFT - 12)[:2]):
        yield element(
            "text", line, x=2, y=base - 22 + 16 * row, font_size=SIZE, font_weight="bold", fill=INK
        )
    most = max(strip.things.values(), default=1)
    for year, things in sorted(strip.things.items()):
        if of.first <= year < of.last:
            column = _column(strip, of, base, year, most, told(strip, year, things))
            if link is None:
                yield column
            else:
                said = told(strip, year, things)
                yield element(
                    "a", column, href=link(strip.kind, year), tabindex="-1", aria_label=said
                )


def _column(strip: Strip, of: Scale, base: float, year: int, most: int, said: str) -> Markup:
    things = strip.things[year]
    left, right = of.x(year), of.x(year + 1)
    high = max(_HIGHEST * things / most, 2.0)
    bar = element(
        "rect",
        element("title", said),
        x=left + 1,
        y=base - high,
        width=max(right - left - 2, 1.5),
        height=high,
        fill=strip.fill,
        stroke=strip.border,
        stroke_width=0.8,
    )
    if width(str(things), _SMALL) > right - left + 4:
        return bar
    text = element(
        "text",
        str(things),
        x=(left + right) / 2,
        y=base - high - 4,
        font_size=_SMALL,
        fill=INK,
        text_anchor="middle",
    )
    return element("g", bar, text)
