"""Push nodes apart until none lies on another."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Point = tuple[float, float]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]

_ROUNDS = 200
_GROWTH = 1.05
_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


def separate(
    points: Mapping[str, Point], radii: Mapping[str, float], gap: float
) -> dict[str, Point]:
    """Move the points so that their circles keep at least `gap` between each other.

    In each round, every two circles that are too near move apart along the line of their
    centres, each by half of what is missing. Where crowding stops that from coming to an end,
    the whole picture grows by a twentieth after each 200 rounds, so that an end always comes.
    Only points that are near each other from left to right are compared, so that a round takes
    far less than O(n²) unless the points stand in one column.
    """
    names = list(points)
    if len(names) < 2:  # noqa: PLR2004  # it takes two to overlap
        return dict(points)
    at = np.array([points[name] for name in names], dtype=np.float64)
    size = np.array([radii[name] for name in names], dtype=np.float64)
    # Points that coincide have no line between them: each starts a little off, its own way.
    turn = np.arange(len(names)) * _GOLDEN_ANGLE
    at += np.stack([np.cos(turn), np.sin(turn)], axis=1) * 1e-3
    while not _settle(at, size + gap / 2):
        at *= _GROWTH
    return {name: (float(x), float(y)) for name, (x, y) in zip(names, at, strict=True)}


def _settle(at: Floats, reach: Floats) -> bool:
    """Push apart in place, for some rounds; tell whether nothing is left to do."""
    for _ in range(_ROUNDS):
        one, two = _touching(at, reach)
        if not len(one):
            return True
        between = at[one] - at[two]
        distance = np.hypot(between[:, 0], between[:, 1])
        # A hair more than half, so that rounding leaves no remainder to chase.
        step = (reach[one] + reach[two] - distance) / 2 + 1e-6
        push = between * (step / np.maximum(distance, 1e-9))[:, None]
        np.add.at(at, one, push)
        np.subtract.at(at, two, push)
    return False


def _touching(at: Floats, reach: Floats) -> tuple[Integers, Integers]:
    """Find the pairs whose circles touch, sweeping over the points from left to right."""
    order = np.argsort(at[:, 0], kind="stable")
    x, widest = at[order, 0], 2 * reach.max()
    ends = np.searchsorted(x, x + widest, side="right")
    counts = ends - np.arange(1, len(x) + 1)
    left = np.repeat(np.arange(len(x)), counts)
    nth = np.arange(len(left)) - np.repeat(np.cumsum(counts) - counts, counts)
    one, two = order[left], order[left + 1 + nth]
    between = at[one] - at[two]
    near = np.hypot(between[:, 0], between[:, 1]) < reach[one] + reach[two]
    return one[near], two[near]
