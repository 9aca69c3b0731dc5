"""The outlines of Europe, and where in the drawing a place on the ground is."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "outlines.json"


@dataclass(frozen=True, slots=True)
class Outline:
    """A country: the data of its path, and the point in its middle with the room around it."""

    code: str
    path: str
    x: float
    y: float
    room: float


@dataclass(frozen=True, slots=True)
class Europe:
    """The outlines by ISO 3166 code, all land beside them, and the projection they are drawn in.

    Lambert's azimuthal equal-area projection of a sphere: `centre` in degrees is drawn at
    `shift`, and `scale` is the radius of the Earth in pixels.
    """

    width: float
    height: float
    ground: str
    countries: Mapping[str, Outline]
    centre: tuple[float, float]
    scale: float
    shift: tuple[float, float]

    def place(self, longitude: float, latitude: float) -> tuple[float, float] | None:
        """Give where a point in degrees is drawn; None where it lies outside of the drawing."""
        east = math.radians(longitude - self.centre[0])
        north, middle = math.radians(latitude), math.radians(self.centre[1])
        near = 1 + (
            math.sin(middle) * math.sin(north) + math.cos(middle) * math.cos(north) * math.cos(east)
        )
        if near <= 1:  # on the other half of the Earth
            return None
        factor = self.scale * math.sqrt(2 / near)
        x = self.shift[0] + factor * math.cos(north) * math.sin(east)
        y = self.shift[1] - factor * (
            math.cos(middle) * math.sin(north) - math.sin(middle) * math.cos(north) * math.cos(east)
        )
        return (x, y) if 0 <= x <= self.width and 0 <= y <= self.height else None


@cache
def europe() -> Europe:
    """Read the outlines."""
    read = json.loads(_FILE.read_text("utf-8"))
    return Europe(
        read["width"],
        read["height"],
        read["ground"],
        {item["code"]: Outline(**item) for item in read["countries"]},
        tuple(read["centre"]),
        read["scale"],
        tuple(read["shift"]),
    )
