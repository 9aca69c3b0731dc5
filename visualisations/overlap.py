"""Push nodes apart until none lies on another."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import TypeVar

import numpy as np
import numpy.typing as npt

K = TypeVar("K", bound=Hashable)
Point = tuple[float, float]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]

_ROUNDS = 200
_GROWTH = 1.05
_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


def separate(points: Mapping[K, Point], radii: Mapping[K, float], gap: float) -> dict[K, Point]:
    """Move the points so that their circles keep at least `gap` between each other.

    In each round, every two circles that are too near move apart along the line of their
    centres, each by half of what is missing. Where crowding stops that from coming to an end,
    the whole picture grows by a twentieth after each 200 rounds, so that an end always comes.
    Only points of neighbouring cells are compared, so that a round takes far less than O(n²)
    unless the points stand in one heap.
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
    """Push apart in place, for some rounds; tell whether nothing is left to do.

    What is near is looked for again only when circles have moved so far that others may touch.
    """
    margin = float(reach.mean())
    one, two, moved = *_near(at, reach + margin / 2), 0.0
    for _ in range(_ROUNDS):
        if 2 * moved > margin:
            one, two, moved = *_near(at, reach + margin / 2), 0.0
        between = at[one] - at[two]
        distance = np.hypot(between[:, 0], between[:, 1])
        missing = reach[one] + reach[two] - distance
        touching = np.flatnonzero(missing > 0)
        if not len(touching):
            return True
        # A hair more than half, so that rounding leaves no remainder to chase.
        step = (missing[touching] / 2 + 1e-6) / np.maximum(distance[touching], 1e-9)
        push = between[touching] * step[:, None]
        ends = np.concatenate([one[touching], two[touching]])
        across, down = (
            np.bincount(ends, np.concatenate([push[:, axis], -push[:, axis]]), len(at))
            for axis in (0, 1)
        )
        at[:, 0] += across
        at[:, 1] += down
        moved += float(np.hypot(across, down).max())
    return False


def _near(at: Floats, reach: Floats) -> tuple[Integers, Integers]:
    """Find the pairs whose circles touch, comparing each only with those of the cells beside it."""
    cells = np.floor((at - at.min(axis=0)) / (2 * reach.max())).astype(np.intp)
    width = cells[:, 1].max() + 3
    key = cells[:, 0] * width + cells[:, 1]
    order = np.argsort(key, kind="stable")
    key = key[order]
    ones, twos = [], []
    # The cell itself and half of those around it: the others find it from their side.
    for step in (0, 1, width - 1, width, width + 1):
        starts = np.searchsorted(key, key + step, side="left")
        if step == 0:
            starts = np.arange(1, len(key) + 1)
        counts = np.searchsorted(key, key + step, side="right") - starts
        left = np.repeat(np.arange(len(key)), counts)
        nth = np.arange(len(left)) - np.repeat(np.cumsum(counts) - counts, counts)
        ones.append(order[left])
        twos.append(order[np.repeat(starts, counts) + nth])
    one, two = np.concatenate(ones), np.concatenate(twos)
    between = at[one] - at[two]
    near = np.hypot(between[:, 0], between[:, 1]) < reach[one] + reach[two]
    return one[near], two[near]
