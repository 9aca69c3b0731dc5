"""Money over years as stacked bars."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import accumulate

from markupsafe import Markup

from visualisations import svg
from visualisations.lettering import FAMILY, shortened
from visualisations.money.telling import amount, amounts, band_name, over_years, rounded
from visualisations.money.view import Band, View, Year
from visualisations.styles import OTHER, PALETTE
from visualisations.wording import Wording

_WIDE, _TALL = 780.0, 260.0  # of the bars
_LEFT, _TOP, _FOOT, _LEGEND = 70.0, 30.0, 44.0, 24.0  # around them, and of a line of the legend
_SMALL = 11.0
_MOST = 60.0  # width of a bar
# Ends of an axis whose quarters are round, too.
_STEPS = tuple(map(Decimal, ("1", "1.2", "1.6", "2", "2.4", "3.2", "4", "6", "8", "10")))
_INK, _QUIET, _LINE = "#1b2430", "#55606e", "#d5dbe3"


def draw(view: View, words: Wording, *, linked: bool = True) -> Markup:
    """Draw the sums of years, each divided by the bands of a step; bars lead to their rows."""
    years = filled(view.years)
    highest = max((year.money.sum or Decimal(0) for year in years), default=Decimal(0))
    top = ceiling(highest)
    height = _TOP + _TALL + _FOOT + len(view.parts) * _LEGEND
    room = _WIDE / max(len(years), 1)
    return svg.element(
        "svg",
        *_axis(top, view.currency, words),
        *(
            _bar(year, place, room, top, view, words, linked=linked)
            for place, year in enumerate(years)
        ),
        *_legend(view, words),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {svg.number(_LEFT + _WIDE + 10)} {svg.number(height)}",
        role="group" if linked else "img",
        aria_label=over_years(view, words),
        font_family=FAMILY,
        font_size=_SMALL,
        class_="years",
    )


def filled(years: tuple[Year, ...]) -> list[Year]:
    """Give all years from the first to the last, those without money too, and unknown last."""
    known = {int(year.year): year for year in years if year.year is not None}
    if not known:
        return [year for year in years if year.year is None]
    parts = len(next(iter(known.values())).parts)
    empty = next(iter(known.values())).money.__class__(0, None, 0, 0)
    whole = [
        known.get(number, Year(str(number), empty, (Decimal(0),) * parts))
        for number in range(min(known), max(known) + 1)
    ]
    return [*whole, *(year for year in years if year.year is None)]


def ceiling(value: Decimal) -> Decimal:
    """Give the next round number, at which an axis ends."""
    if value <= 0:
        return Decimal(1)
    power = Decimal(10) ** value.adjusted()
    return next(step * power for step in _STEPS if step * power >= value)


def _axis(top: Decimal, currency: str, words: Wording) -> Iterator[Markup]:
    yield svg.element("text", currency, x=_LEFT - 8, y=_TOP - 14, text_anchor="end", fill=_QUIET)
    for part in range(5):
        value = top * part / 4
        y = _TOP + _TALL * (1 - part / 4)
        yield svg.element(
            "path", d=svg.path([(_LEFT, y), (_LEFT + _WIDE, y)]), stroke=_LINE, stroke_width=1
        )
        yield svg.element(
            "text", rounded(value, words), x=_LEFT - 8, y=y + 4, text_anchor="end", fill=_QUIET
        )


def _bar(  # noqa: PLR0913  # one bar of a picture that is given whole
    year: Year, place: int, room: float, top: Decimal, view: View, words: Wording, *, linked: bool
) -> Markup:
    width = min(room * 0.8, _MOST)
    x = _LEFT + room * (place + 0.5)
    name = year.year if year.year is not None else words.gettext("unknown")
    told = words.gettext("%(year)s: %(sum)s, %(amounts)s") % {
        "year": name,
        "sum": amount(year.money.sum, view.currency, words),
        "amounts": amounts(year.money, words),
    }
    heights = [float(part / top) * _TALL for part in year.parts]
    parts = [
        svg.element("title", told),
        svg.element(
            "rect", x=x - room / 2, y=_TOP, width=room, height=_TALL + 20, fill="none",
            pointer_events="all",
        ),
        *(
            svg.element(
                "rect", x=x - width / 2, y=_TOP + _TALL - above, width=width, height=height,
                fill=fill, stroke=border, stroke_width=0.6,
            )
            for (fill, border), height, above in zip(
                (_look(band, at) for at, band in enumerate(view.parts)),
                heights, accumulate(heights), strict=True,
            ) if height > 0
        ),
    ]  # fmt: skip
    if _is_labelled(place, room) or year.year is None:
        parts.append(
            svg.element("text", name, x=x, y=_TOP + _TALL + 18, text_anchor="middle", fill=_INK)
        )
    if not linked or year.address is None:
        return svg.element("g", *parts, class_="year")
    return svg.element("a", *parts, href=year.address, class_="year")


def _is_labelled(place: int, room: float) -> bool:
    """Tell whether a year is written: every one where they fit, otherwise one in a few."""
    every = next((step for step in (1, 2, 5, 10, 20) if step * room >= 38), 50)  # noqa: PLR2004  # pixels of a year
    return place % every == 0


def _look(band: Band, place: int) -> tuple[str, str]:
    if band.unknown:
        return "#ffffff", _QUIET
    if band.made_of or place >= len(PALETTE) - 1:
        return OTHER.fill, OTHER.border
    return PALETTE[place].fill, PALETTE[place].border


def _legend(view: View, words: Wording) -> Iterator[Markup]:
    """Name the colours, one a line, in the order in which they stand on each other."""
    y = _TOP + _TALL + _FOOT
    for place, band in enumerate(view.parts):
        fill, border = _look(band, place)
        middle = y + place * _LEGEND
        yield svg.element("rect", x=_LEFT, y=middle, width=14, height=14, fill=fill, stroke=border)
        yield svg.element(
            "text", shortened(band_name(band, words), _SMALL, _WIDE - 30),
            x=_LEFT + 22, y=middle + 11, fill=_INK,
        )  # fmt: skip
