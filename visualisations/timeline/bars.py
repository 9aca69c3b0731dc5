"""Bars: each thing from its beginning to its end, in lanes by kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from visualisations import svg
from visualisations.lettering import FAMILY, shortened, width
from visualisations.svg import element
from visualisations.timeline.scale import (
    GROUND,
    INK,
    LINE,
    RIGHT,
    SIZE,
    WIDTH,
    Scale,
    axis,
    moment,
)

_ROW = 26.0  # high enough to be pointed at
_HEAD = 30.0
_THICK = 16.0
_TOP, _BOTTOM = 26.0, 26.0
_SHORTEST = 5.0
_GAP = 6.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A thing: its name with the language, its dates, what is told of it, its page.

    Without an end it may still go on, or nobody said; `moment` is what has a day and no length.
    """

    name: str
    language: str | None
    begin: str
    end: str | None
    told: str
    link: str | None
    moment: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """The bars of a kind, with its name and colours."""

    name: str
    fill: str
    border: str
    bars: Sequence[Bar]


def draw_bars(lanes: Sequence[Lane], of: Scale, label: str, *, linked: bool) -> Markup:
    """Draw the bars of all lanes below each other."""
    height = _TOP + sum(_HEAD + _ROW * len(lane.bars) for lane in lanes) + _BOTTOM
    parts = [
        element("rect", width=WIDTH, height=height, fill=GROUND),
        *axis(of, _TOP, height - _BOTTOM),
    ]
    y = _TOP
    for lane in lanes:
        parts.append(element("path", d=f"M0 {y}H{WIDTH}", stroke=LINE, stroke_width=1))
        parts.append(
            element("text", lane.name, x=2, y=y + 20, font_size=SIZE, font_weight="bold", fill=INK)
        )
        y += _HEAD
        for bar in lane.bars:
            drawn = element("g", *_bar(bar, lane, of, y))
            if linked and bar.link is not None:
                # Its title names it: a label of its own could not begin as a shortened name does.
                drawn = element("a", drawn, href=bar.link, tabindex="-1")
            parts.append(drawn)
            y += _ROW
    return element(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {svg.number(WIDTH)} {svg.number(height)}",
        role="group" if linked else "img",
        aria_label=label,
        font_family=FAMILY,
        class_="bars",
    )


def _bar(bar: Bar, lane: Lane, of: Scale, top: float) -> Iterable[Markup]:
    left = of.x(moment(bar.begin))
    right = left if bar.end is None else max(of.x(moment(bar.end, end=True)), left + _SHORTEST)
    middle = top + _ROW / 2
    title = element("title", bar.told)
    colours: dict[str, svg.Value] = {"fill": lane.fill, "stroke": lane.border, "stroke_width": 0.8}
    if bar.moment:
        points = [(left, middle - 8), (left + 8, middle), (left, middle + 8), (left - 8, middle)]
        yield element("path", title, d=svg.path(points) + "Z", **colours)
        left, right = left - 8, left + 8
    elif bar.end is None:
        # Dashes, not a length: how long it goes on is not said.
        right = min(left + 40, WIDTH - RIGHT)
        yield element(
            "path", d=svg.path([(left, middle), (right, middle)]), stroke=lane.border,
            stroke_width=3, stroke_dasharray="5 4",
        )  # fmt: skip
        yield element("circle", title, cx=left, cy=middle, r=_THICK / 2 - 1, **colours)
    else:
        yield element(
            "rect", title, x=left, y=middle - _THICK / 2, width=right - left, height=_THICK, rx=2,
            **colours,
        )  # fmt: skip
    yield _name(bar, left, right, middle)


def _name(bar: Bar, left: float, right: float, middle: float) -> Markup:
    """Write the name behind the bar where it fits, and else where there is most room."""
    wanted = width(bar.name, SIZE)
    after, before, inside = WIDTH - RIGHT - right - _GAP, left - _GAP - 2, right - left - 2 * _GAP
    if after >= wanted or after >= max(before, inside):
        room, x, anchor = after, right + _GAP, "start"
    elif before >= min(wanted, inside):
        # The column of the kinds' names is free beside the bars, too.
        room, x, anchor = before, left - _GAP, "end"
    else:
        room, x, anchor = inside, left + _GAP, "start"
    return element(
        "text",
        shortened(bar.name, SIZE, room),
        x=x,
        y=middle + SIZE * 0.36,
        font_size=SIZE,
        fill=INK,
        text_anchor=anchor,
        lang=bar.language or None,
        stroke=GROUND,
        stroke_width=3,
        stroke_linejoin="round",
        paint_order="stroke",
    )
