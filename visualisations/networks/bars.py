"""How much begins in each year, as bars: the slider of years lies below them."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from visualisations.networks.spans import Span
from visualisations.svg import element, number

_STEP, _HEIGHT, _LEAST = 20.0, 40.0, 1.5  # pixels: of a year, of the highest bar, of the lowest


def bars(years: Sequence[tuple[int, int]], first: int, last: int, span: Span | None) -> Markup:
    """Draw a bar for each year from the first to the last; those outside the span are `out`.

    The drawing is as wide as its place and has no words: a table beside it has the numbers.
    """
    most = max((found for _, found in years), default=1)
    drawn = [
        element(
            "rect",
            x=(year - first) * _STEP + 2,
            y=_HEIGHT - max(found / most * _HEIGHT, _LEAST),
            width=_STEP - 4,
            height=max(found / most * _HEIGHT, _LEAST),
            class_=None if span is None or span.first <= year <= span.last else "out",
            data_year=str(year),
        )
        for year, found in years
    ]
    return element(
        "svg",
        *drawn,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number((last - first + 1) * _STEP)} {number(_HEIGHT)}",
        preserveAspectRatio="none",
        class_="bars",
        aria_hidden="true",
        focusable="false",
    )
