"""Shading: values in a few classes, each with a shade of one colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

# Blues of even steps of lightness; the last still differs from borders.
SHADES = ("#d9e8f5", "#a9cce6", "#6aa9d4", "#2f7fb8", "#0f5590")
NOTHING = "#f1f3f5"


@dataclass(frozen=True, slots=True)
class Step:
    """A class of values, both ends in, and its shade."""

    least: Decimal
    most: Decimal
    shade: str


def steps(values: Sequence[Decimal]) -> tuple[Step, ...]:
    """Divide values into at most five classes whose values lie as near each other as possible.

    Natural breaks (Fisher, "On Grouping for Maximum Homogeneity", 1958), found exactly; n squared
    steps for n countries. Equal values are never in different classes.
    """
    ordered = sorted(set(values))
    if not ordered:
        return ()
    number = min(len(SHADES), len(ordered))
    firsts = _breaks([float(value) for value in ordered], number)
    lasts = [*(first - 1 for first in firsts[1:]), len(ordered) - 1]
    shades = SHADES if number > 1 else SHADES[2:]
    # Fewer classes than shades are spread over all of them, so that they stay apart.
    spread = [round(place * (len(SHADES) - 1) / max(number - 1, 1)) for place in range(number)]
    return tuple(
        Step(ordered[first], ordered[last], shades[place])
        for first, last, place in zip(firsts, lasts, spread, strict=True)
    )


def _breaks(values: list[float], number: int) -> list[int]:
    """Give where each class begins, so that the squares of differences within are least."""
    sums = list(accumulate(values, initial=0.0))
    squares = list(accumulate((value * value for value in values), initial=0.0))

    def spread(first: int, end: int) -> float:
        total = sums[end] - sums[first]
        return squares[end] - squares[first] - total * total / (end - first)

    # The least sum for the first values in some classes, and where the last class begins.
    best = [(spread(0, end), [0]) for end in range(1, len(values) + 1)]
    for classes in range(2, number + 1):
        best = [
            min(
                (best[first - 1][0] + spread(first, end), [*best[first - 1][1], first])
                for first in range(classes - 1, end)
            )
            if end >= classes
            else best[end - 1]
            for end in range(1, len(values) + 1)
        ]
    return best[-1][1]


def shade_of(value: Decimal, found: Sequence[Step]) -> str:
    """Give the shade of a value."""
    return next(step.shade for step in reversed(found) if value >= step.least)
