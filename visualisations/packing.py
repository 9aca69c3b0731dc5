"""Setting parts of a picture beside and below one another, without wasting room."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from visualisations.overlap import Point

ASPECT = 1.35  # width to height of the drawing, as on a common screen
_MANY = 120  # boxes from which on they are set in rows, since fitting each would take seconds

# Width, height, and the places of nodes by their numbers, from the corner of the box.
Box: TypeAlias = tuple[float, float, Mapping[int, Point]]


def pack(boxes: Sequence[Box]) -> dict[int, Point]:
    """Set the boxes beside and below one another, in the width that makes them look largest.

    Each box goes to the highest place where it fits, the leftmost of these (the bottom-left rule
    of Baker, Coffman and Rivest, 1980, over a skyline), O(k²) for k boxes; very many boxes are
    set in rows.
    """
    if not boxes:
        return {}
    area = sum(width * height for width, height, _ in boxes)
    least = max(width for width, _, _ in boxes)
    lines = [max(least, math.sqrt(area * ASPECT) * (0.8 + step / 20)) for step in range(13)]
    if len(boxes) > _MANY:
        corners = _rows(boxes, lines[4])
    else:
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
    return max(widest / ASPECT, depth), corners


def _rows(boxes: Sequence[Box], line: float) -> list[Point]:
    """Place the boxes in rows of the given width, the next below the highest of the last."""
    corners, left, top, highest = [], 0.0, 0.0, 0.0
    for width, height, _ in boxes:
        if left + width > line + 1e-6:
            left, top, highest = 0.0, top + highest, 0.0
        corners.append((left, top))
        left, highest = left + width, max(highest, height)
    return corners


def _depth(skyline: Sequence[Point], left: float, right: float) -> float:
    """Tell how far down the strip is taken anywhere between left and right."""
    ends = [*(start for start, _ in skyline[1:]), math.inf]
    return max(
        taken
        for (start, taken), end in zip(skyline, ends, strict=True)
        if (start < right and end > left) or start <= left < end
    )
