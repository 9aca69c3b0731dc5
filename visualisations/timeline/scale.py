"""The scale of a timeline: from dates, as precise as they are, to pixels."""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from visualisations.svg import element

WIDTH = 1000.0
LEFT, RIGHT = 150.0, 16.0
INK, QUIET, LINE, GROUND = "#1b2430", "#55606e", "#d5dbe3", "#ffffff"
SIZE = 13  # of letters, in pixels
_LONGEST = 60  # years that one drawing shows
_STEPS = (1, 2, 5, 10)
_LABEL = 46  # pixels that a year takes


@dataclass(frozen=True, slots=True)
class Scale:
    """The first year that is drawn, and the first that is not."""

    first: int
    last: int

    def x(self, moment: float) -> float:
        """Give the place of a moment, in years, kept within the drawing."""
        share = (moment - self.first) / (self.last - self.first)
        return LEFT + min(max(share, 0.0), 1.0) * (WIDTH - LEFT - RIGHT)

    def ticks(self) -> tuple[int, ...]:
        """Give the years that have a line and a label."""
        room = (WIDTH - LEFT - RIGHT) / (self.last - self.first)
        step = next((step for step in _STEPS if step * room >= _LABEL), _STEPS[-1])
        return tuple(year for year in range(self.first, self.last + 1) if year % step == 0)


def scale(years: Iterable[int]) -> Scale:
    """Make the scale that shows some years; of a long time the last sixty."""
    known = sorted(set(years)) or [2000]
    last = known[-1] + 1
    return Scale(max(known[0], last - _LONGEST), last)


def moment(text: str, *, end: bool = False) -> float:
    """Read a date as years: the beginning of the year, month or day, or its end."""
    parts = [int(part) for part in text.split("-")]
    year = parts[0]
    if len(parts) == 1:
        return year + end
    month = min(max(parts[1], 1), 12)
    if len(parts) == 2:  # noqa: PLR2004  # a month
        return year + (month - 1 + end) / 12
    days = monthrange(max(year, 1), month)[1]
    before = sum(monthrange(max(year, 1), place)[1] for place in range(1, month))
    return year + (before + min(parts[2], days) - 1 + end) / (366 if isleap(year) else 365)


def axis(of: Scale, top: float, bottom: float) -> Iterable[Markup]:
    """Draw a line for each labelled year, and the labels above and below."""
    for year in of.ticks():
        x = of.x(year)
        yield element("path", d=f"M{x:.1f} {top}V{bottom}", stroke=LINE, stroke_width=1)
        for y in (top - 6, bottom + 16):
            yield element(
                "text", str(year), x=x, y=y, font_size=SIZE, fill=QUIET, text_anchor="middle"
            )
