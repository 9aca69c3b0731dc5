"""Positions of nodes: computed here, with a fixed seed, so that a picture is always the same.

Each connected part is laid out for itself by forces, its nodes are pushed apart, and the parts
are packed in rows, the largest first. Nodes are sorted before anything is drawn by lot, and the
results are rounded: the same network gives the same picture in every process. Another processor
or another numpy may differ in the last bit of a sum and so give another, equally good picture.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import networkx as nx

from graph.analytics import groups
from graph.network import Network
from visualisations.overlap import Point, separate

SEED = 20210514
_GAP = 18.0  # between circles, in units of the drawing; a name is 13 high
_LINK = 95.0  # the mean length of the links of a part, before its nodes are pushed apart
_MARGIN = 45.0  # around a part, for the names of its outermost nodes
_ASPECT = 1.35  # width to height of the drawing, as on a common screen


def place(network: Network, radii: Mapping[str, float]) -> dict[str, Point]:
    """Give every node a position such that no two circles of the given radii touch.

    Positions are rounded to whole units, x to the right and y downwards.
    """
    boxes = []
    for part in groups(network):
        points = separate(_forces(network, part), radii, _GAP)
        boxes.append(_to_origin(points, radii))
    return {
        node: (float(round(x)), float(round(y))) for node, (x, y) in sorted(_pack(boxes).items())
    }


def _forces(network: Network, part: Sequence[str]) -> dict[str, Point]:
    """Lay out one connected part by ForceAtlas2 (Jacomy et al. 2014, 10.1371/journal.pone.0098679).

    It keeps groups apart and their members together better than springs (Fruchterman and
    Reingold) or distances (Kamada and Kawai) did on our maps. O(n²) a round; the rounds become
    fewer as the part grows, which keeps 2,000 nodes to some 15 s.
    """
    if len(part) == 1:
        return {part[0]: (0.0, 0.0)}
    simple: Network = nx.Graph()
    simple.add_nodes_from(part)
    links = {(source, target) for source, target in network.edges(part) if source != target}
    simple.add_edges_from(sorted((min(link), max(link)) for link in links))
    rounds = max(75, min(500, 150_000 // len(part)))
    drawn = nx.forceatlas2_layout(simple, max_iter=rounds, seed=SEED)
    lengths = [math.dist(drawn[source], drawn[target]) for source, target in simple.edges]
    unit = _LINK * len(lengths) / sum(lengths)
    return {node: (float(x) * unit, float(y) * unit) for node, (x, y) in drawn.items()}


Box = tuple[float, float, dict[str, Point]]


def _to_origin(points: Mapping[str, Point], radii: Mapping[str, float]) -> Box:
    """Move a part so that its box begins at 0, and turn it so that it lies rather than stands."""
    across = _extent(points, radii, 0)
    down = _extent(points, radii, 1)
    if down[1] - down[0] > across[1] - across[0]:
        points = {node: (y, x) for node, (x, y) in points.items()}
        across, down = down, across
    moved = {node: (x - across[0], y - down[0]) for node, (x, y) in points.items()}
    return across[1] - across[0], down[1] - down[0], moved


def _extent(
    points: Mapping[str, Point], radii: Mapping[str, float], axis: int
) -> tuple[float, float]:
    low = min(point[axis] - radii[node] for node, point in points.items())
    high = max(point[axis] + radii[node] for node, point in points.items())
    return low - _MARGIN, high + _MARGIN


def _pack(boxes: Sequence[Box]) -> dict[str, Point]:
    """Set the boxes beside and below one another, in the width that makes them look largest.

    Each box goes to the highest place where it fits, the leftmost of these (the bottom-left rule
    of Baker, Coffman and Rivest, 1980, over a skyline). O(k²) for k boxes.
    """
    if not boxes:
        return {}
    area = sum(width * height for width, height, _ in boxes)
    least = max(width for width, _, _ in boxes)
    lines = [max(least, math.sqrt(area * _ASPECT) * (0.8 + step / 20)) for step in range(13)]
    corners = min((_corners(boxes, line) for line in lines), key=lambda found: found[0])[1]
    return {
        node: (left + x, top + y)
        for (left, top), (_, _, points) in zip(corners, boxes, strict=True)
        for node, (x, y) in points.items()
    }


def _corners(boxes: Sequence[Box], line: float) -> tuple[float, list[Point]]:
    """Place the boxes in a strip of the given width; give the size of the whole, and the places."""
    skyline = [(0.0, 0.0)]  # from where on, how far down the strip is taken
    corners, widest = [], 0.0
    for width, height, _ in boxes:
        starts = [start for start, _ in skyline if start + width <= line + 1e-6]
        top, left = min((_depth(skyline, start, start + width), start) for start in starts)
        corners.append((left, top))
        widest = max(widest, left + width)
        after = _depth(skyline, left + width, left + width)
        skyline = [
            *(step for step in skyline if step[0] < left),
            (left, top + height),
            (left + width, after),
            *(step for step in skyline if step[0] > left + width),
        ]
    depth = max(taken for _, taken in skyline)
    return max(widest / _ASPECT, depth), corners


def _depth(skyline: Sequence[Point], left: float, right: float) -> float:
    """Tell how far down the strip is taken anywhere between left and right."""
    ends = [*(start for start, _ in skyline[1:]), math.inf]
    return max(
        taken
        for (start, taken), end in zip(skyline, ends, strict=True)
        if (start < right and end > left) or start <= left < end
    )
