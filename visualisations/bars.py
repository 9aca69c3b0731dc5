"""Bars: how many things there are of each of some sorts, one beneath the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from visualisations.lettering import FAMILY, shortened, width
from visualisations.styles import PALETTE
from visualisations.svg import drawing, element
from visualisations.wording import Wording

_WIDTH, _ROW, _BAR, _MARGIN = 640.0, 26.0, 16.0, 6.0
_NAMES = 220.0  # left of the bars
_SIZE = 13  # of letters
_INK = "#1b2430"


@dataclass(frozen=True, slots=True)
class Bar:
    """What is counted, the language of its name, and how many there are."""

    name: str
    language: str
    count: int


def draw_bars(bars: Sequence[Bar], words: Wording, *, label: str) -> Markup:
    """Draw a bar for each of what is counted, with its name and number."""
    most = max((bar.count for bar in bars), default=1)
    room = max((width(words.number(bar.count), _SIZE) for bar in bars), default=0.0)
    scale = (_WIDTH - _NAMES - room - 3 * _MARGIN) / max(most, 1)
    rows = (_row(bar, _MARGIN + at * _ROW, scale, words) for at, bar in enumerate(bars))
    return drawing(
        _WIDTH,
        len(bars) * _ROW + 2 * _MARGIN,
        *rows,
        label=label,
        font_family=FAMILY,
        font_size=_SIZE,
        fill=_INK,
    )


def _row(bar: Bar, top: float, scale: float, words: Wording) -> Markup:
    length = bar.count * scale
    name = element(
        "text",
        shortened(bar.name, _SIZE, _NAMES - 2 * _MARGIN),
        x=_NAMES - _MARGIN,
        y=top + _BAR - 3,
        text_anchor="end",
        lang=bar.language or None,
    )
    shape = element("rect", x=_NAMES, y=top, width=length, height=_BAR, fill=PALETTE[0].fill)
    number = element("text", words.number(bar.count), x=_NAMES + length + _MARGIN, y=top + _BAR - 3)
    return element("g", name, shape, number)
