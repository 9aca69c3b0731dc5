"""Marks of nodes: a shape of the palette about a point, of the same area as its circle."""

from __future__ import annotations

import math
from collections.abc import Mapping

from markupsafe import Markup

from visualisations.svg import element, number, path

_Corners = tuple[tuple[float, float], ...]


def _regular(corners: int, size: float, turn: float = 0.0) -> _Corners:
    """Give the corners of a regular shape about the origin, the first at the top."""
    angles = (turn + 2 * math.pi * corner / corners for corner in range(corners))
    return tuple((size * math.sin(angle), -size * math.cos(angle)) for angle in angles)


def _star() -> _Corners:
    outer, inner = _regular(5, 1.4), _regular(5, 0.62, math.pi / 5)
    return tuple(point for pair in zip(outer, inner, strict=True) for point in pair)


# Corners for a radius of 1. None reaches beyond 1.4, so that marks keep apart as circles do.
_SHAPES: Mapping[str, _Corners] = {
    "square": ((-0.89, -0.89), (0.89, -0.89), (0.89, 0.89), (-0.89, 0.89)),
    "triangle": _regular(3, 1.4),
    "triangleDown": _regular(3, 1.4, math.pi),
    "diamond": _regular(4, 1.25),
    "star": _star(),
    "hexagon": _regular(6, 1.1, math.pi / 6),
}


def mark(shape: str, x: float, y: float, radius: float) -> Markup:
    """Draw a mark about a point; a shape that is not known is a circle."""
    if shape not in _SHAPES:
        return element("circle", cx=x, cy=y, r=radius)
    return element("path", d=outline(shape, x, y, radius))


def outline(shape: str, x: float, y: float, radius: float) -> str:
    """Write the outline of a mark as data of a path, so that many can be one element."""
    corners = _SHAPES.get(shape)
    if corners is not None:
        return path((x + radius * a, y + radius * b) for a, b in corners) + "Z"
    r, across = number(radius), number(2 * radius)
    return f"M{number(x - radius)} {number(y)}a{r} {r} 0 1 0 {across} 0a{r} {r} 0 1 0 -{across} 0Z"
