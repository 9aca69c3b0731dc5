"""Positions of nodes: computed here, with a fixed seed, so that a picture is always the same.

Each connected part is laid out for itself by forces, its nodes are pushed apart, and the parts
are packed in rows, the largest first; nodes without links come last, as a block. Nodes are
sorted before anything is drawn by lot, and the results are rounded: the same network gives the
same picture in every process. Another processor or another numpy may differ in the last bit of a
sum and so give another, equally good picture.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from graph.network import Network
from graph.networks.simple import Simple
from visualisations.atlas import atlas
from visualisations.overlap import Point, separate
from visualisations.packing import ASPECT, Box, pack

SEED = 20210514
_GAP = 18.0  # between circles, in units of the drawing; a name is 13 high
_LINK = 95.0  # the mean length of the links of a part, before its nodes are pushed apart
_MARGIN = 45.0  # around a part, for the names of its outermost nodes
_FINE = 300  # nodes up to which ForceAtlas2 is quick enough to be waited for
_FEW = 8  # nodes up to which parts are alike so often that they are laid out once
_ROOM = 2.0  # how much more than the squares of its circles a large part covers


def place(network: Network, radii: Mapping[str, float]) -> dict[str, Point]:
    """Give every node a position such that no two circles of the given radii touch.

    Positions are rounded to whole units, x to the right and y downwards.
    """
    names = sorted(network)
    number = {name: at for at, name in enumerate(names)}
    weights: dict[tuple[int, int], float] = defaultdict(float)
    for source, target in network.edges:
        ends = sorted((number[source], number[target]))
        if source != target:
            weights[ends[0], ends[1]] += 1.0
    points = spread(Simple(len(names), dict(weights)), [radii[name] for name in names])
    return dict(zip(names, points, strict=True))


def spread(
    simple: Simple, radii: Sequence[float], near: Mapping[int, Point] | None = None
) -> list[Point]:
    """Give the nodes of a simple network positions, as `place` does.

    Nodes begin where they are in another picture, `near`, so that they are found again; a part
    that has others, too, is laid out anew.
    """
    known = near or {}
    parts = simple.parts()
    boxes = []
    for part in parts:
        if len(part) == 1:
            continue
        points = _room(_forces(part, simple.neighbours, known), radii)
        moved = separate(points, {node: radii[node] for node in part}, _GAP)
        boxes.append(_to_origin(moved, radii))
    alone = [part[0] for part in parts if len(part) == 1]
    if alone:
        boxes.append(_block(alone, radii))
    placed = pack(boxes)
    return [
        (float(round(placed[node][0])), float(round(placed[node][1])))
        for node in range(simple.size)
    ]


def _forces(
    part: Sequence[int],
    neighbours: Sequence[Sequence[int]],
    known: Mapping[int, Point],
) -> dict[int, Point]:
    """Lay out one connected part, so that its links are of a certain mean length.

    ForceAtlas2 (Jacomy et al. 2014, 10.1371/journal.pone.0098679) keeps groups apart and their
    members together better than springs (Fruchterman and Reingold) or distances (Kamada and
    Kawai) did on our maps, but takes O(n²) a round; large parts are laid out by springs.
    """
    place_of = {node: at for at, node in enumerate(part)}
    pairs = [
        (place_of[node], place_of[other])
        for node in part
        for other in neighbours[node]
        if node < other
    ]
    start = [known[node] for node in part] if all(node in known for node in part) else None
    if len(part) <= _FEW:
        drawn = list(_small(len(part), tuple(sorted(pairs))))
    elif len(part) > _FINE:
        inner = Simple(len(part), dict.fromkeys(pairs, 1.0))
        drawn = inner.spread(SEED, start, rounds=300 if start is None else 60)
    else:
        drawn = _atlas(len(part), pairs, start)
    lengths = [math.dist(drawn[one], drawn[two]) for one, two in pairs]
    unit = _LINK * len(lengths) / max(sum(lengths), 1e-9)
    return {node: (drawn[at][0] * unit, drawn[at][1] * unit) for node, at in place_of.items()}


@lru_cache(maxsize=1024)
def _small(size: int, pairs: tuple[tuple[int, int], ...]) -> tuple[Point, ...]:
    """Lay out a small part; there are many alike, and each takes longer than it looks."""
    return tuple(_atlas(size, pairs, None))


def _atlas(
    size: int, pairs: Sequence[tuple[int, int]], start: Sequence[Point] | None
) -> list[Point]:
    rounds = max(75, min(500, 25 * size, 150_000 // size))
    if start is not None:
        return atlas(size, pairs, [(x / _LINK, y / _LINK) for x, y in start], rounds // 4)
    chance = random.Random(SEED)  # noqa: S311  # no secret
    begin = [(chance.uniform(-1, 1), chance.uniform(-1, 1)) for _ in range(size)]
    return atlas(size, pairs, begin, rounds)


def _room(points: Mapping[int, Point], radii: Sequence[float]) -> dict[int, Point]:
    """Give a large part room for its circles, so that pushing them does not ruin its shape.

    Springs heap nodes in the middle. Each keeps its direction from there and its rank in distance,
    and the distance becomes that of a disc that is equally full everywhere.
    """
    if len(points) <= _FINE:
        return dict(points)
    nodes = list(points)
    at = np.array([points[node] for node in nodes])
    at -= at.mean(axis=0)
    distance = np.hypot(at[:, 0], at[:, 1])
    order = np.argsort(distance, kind="stable")
    area = np.array([(2 * radii[node] + _GAP) ** 2 for node in nodes]) * _ROOM
    wanted = np.empty(len(nodes))
    wanted[order] = np.sqrt(np.cumsum(area[order]) / math.pi)
    at *= (wanted / np.maximum(distance, 1e-9))[:, None]
    return {node: (float(x), float(y)) for node, (x, y) in zip(nodes, at, strict=True)}


def _to_origin(points: Mapping[int, Point], radii: Sequence[float]) -> Box:
    """Move a part so that its box begins at 0, and turn it so that it lies rather than stands."""
    across = _extent(points, radii, 0)
    down = _extent(points, radii, 1)
    if down[1] - down[0] > across[1] - across[0]:
        points = {node: (y, x) for node, (x, y) in points.items()}
        across, down = down, across
    moved = {node: (x - across[0], y - down[0]) for node, (x, y) in points.items()}
    return across[1] - across[0], down[1] - down[0], moved


def _extent(points: Mapping[int, Point], radii: Sequence[float], axis: int) -> tuple[float, float]:
    low = min(point[axis] - radii[node] for node, point in points.items())
    high = max(point[axis] + radii[node] for node, point in points.items())
    return low - _MARGIN, high + _MARGIN


def _block(nodes: Sequence[int], radii: Sequence[float]) -> Box:
    """Set nodes without links in columns, with room for a name below each."""
    step = 2 * max(radii[node] for node in nodes) + 2 * _MARGIN
    columns = max(1, math.ceil(math.sqrt(len(nodes) * ASPECT)))
    rows = math.ceil(len(nodes) / columns)
    places = {
        node: ((at % columns + 0.5) * step, (at // columns + 0.5) * step)
        for at, node in enumerate(nodes)
    }
    return min(columns, len(nodes)) * step, rows * step, places
