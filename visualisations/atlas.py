"""ForceAtlas2: layout by forces that keeps groups apart and their members together.

Jacomy, Venturini, Heymann and Bastian (2014), doi 10.1371/journal.pone.0098679, with forces between
all pairs at once, O(n²) a round. For the few hundred nodes that it serves here it took a quarter of
the time of networkx's, whose arrays of pairs have a further dimension.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from visualisations.overlap import Floats, Point

_REPULSION = 2.0
_TOLERANCE = 1.0  # of swinging, as the paper calls it
_FASTER = 1.5  # by how much the speed may rise from one round to the next


def atlas(
    size: int, pairs: Sequence[tuple[int, int]], start: Sequence[Point], rounds: int
) -> list[Point]:
    """Give nodes places by forces, from a start; the same start gives the same places."""
    x, y = np.array(start, np.float64).reshape(-1, 2).T.copy()
    ends = np.array(pairs, np.int64).reshape(-1, 2)
    mass: Floats = (np.bincount(ends.ravel(), minlength=size) + 1).astype(np.float64)
    field = _Field(mass, ends)
    before_x, before_y, speed = np.zeros(size), np.zeros(size), 1.0
    for _ in range(rounds):
        force_x, force_y = field.forces(x, y)
        swing = np.hypot(force_x - before_x, force_y - before_y)
        pull = np.hypot(force_x + before_x, force_y + before_y) / 2
        swings, pulls = float((mass * swing).sum()), float((mass * pull).sum())
        wanted = _TOLERANCE * pulls / max(swings, 1e-9)
        speed = min(wanted, speed * _FASTER)
        step = speed / (1.0 + speed * np.sqrt(mass * swing))
        x += force_x * step
        y += force_y * step
        before_x, before_y = force_x, force_y
    return list(zip(x.tolist(), y.tolist(), strict=True))


class _Field:
    """The forces on nodes of some masses: all repel, ties attract, and the middle does a little."""

    def __init__(self, mass: Floats, ends: npt.NDArray[np.int64]) -> None:
        size = len(mass)
        self._mass, self._size = mass, size
        self._one, self._two = ends.T
        self._masses = _REPULSION * np.multiply.outer(mass, mass)
        self._across, self._down = np.empty((size, size)), np.empty((size, size))
        self._weight, self._square = np.empty((size, size)), np.empty((size, size))

    def forces(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Give the forces on nodes at some places, across and down."""
        across, down, weight, square = self._across, self._down, self._weight, self._square
        np.subtract.outer(x, x, out=across)
        np.subtract.outer(y, y, out=down)
        np.multiply(across, across, out=weight)
        np.multiply(down, down, out=square)
        np.add(weight, square, out=weight)
        np.maximum(weight, 1e-4, out=weight)
        np.divide(self._masses, weight, out=weight)
        far = np.maximum(np.hypot(x, y), 1e-9)
        pushed_x = np.einsum("ij,ij->i", weight, across) - self._mass * x / far
        pushed_y = np.einsum("ij,ij->i", weight, down) - self._mass * y / far
        return pushed_x + self._pulled(x), pushed_y + self._pulled(y)

    def _pulled(self, at: Floats) -> Floats:
        """Give how much ties pull each node along one axis."""
        by = at[self._two] - at[self._one]
        there = np.bincount(self._one, by, self._size)
        back = np.bincount(self._two, by, self._size)
        return (there - back).astype(np.float64, copy=False)
