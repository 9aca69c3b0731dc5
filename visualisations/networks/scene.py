"""What a drawing of a network shows: marks, lines and a legend, without saying how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from graph.network import Label
from visualisations.styles import Style


@dataclass(frozen=True, slots=True)
class Group:
    """Marks that look the same: their name in the legend, and how many there are."""

    label: Label
    style: Style
    count: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A node as it is drawn: its number, names, place and size, and the page that it leads to.

    One that is not `there` is faded, and has no name.
    """

    number: int
    name: Label
    short: Label
    group: int
    x: float
    y: float
    radius: float
    page: str | None
    there: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A link as it is drawn, between the numbers of two marks."""

    source: int
    target: int
    weight: float


@dataclass(frozen=True, slots=True)
class Scene:
    """A network that is ready to be drawn; the marks whose names matter most come first.

    `shown` are the numbers of marks to be brought out, `way` the lines.
    """

    marks: tuple[Mark, ...]
    lines: tuple[Line, ...]
    groups: tuple[Group, ...]
    directed: bool = False
    shown: frozenset[int] = field(default_factory=frozenset)
    way: tuple[Line, ...] = ()

    @property
    def by_number(self) -> dict[int, Mark]:
        """Give the marks by their numbers."""
        return {item.number: item for item in self.marks}


@dataclass(frozen=True, slots=True)
class Frame:
    """How a plane becomes pixels: its corner, how many units a pixel is, and the size in pixels."""

    left: float
    top: float
    unit: float
    width: float
    height: float


_LEAST = 0.6  # units that a pixel is at least: few marks are not blown up to fill the screen


def fitted(scene: Scene, width: float, edge: float) -> tuple[Scene, Frame]:
    """Move and scale a scene to pixels, `width` across, with an empty edge around all marks."""
    if not scene.marks:
        return scene, Frame(0, 0, 1, width, width / 3)
    left = min(item.x - item.radius for item in scene.marks)
    right = max(item.x + item.radius for item in scene.marks)
    top = min(item.y - item.radius for item in scene.marks)
    bottom = max(item.y + item.radius for item in scene.marks)
    room = width - 2 * edge
    unit = max((right - left) / room, (bottom - top) / room, _LEAST)
    corner = (left + right) / 2 - unit * width / 2, top - edge * unit
    marks = (
        replace(
            item,
            x=(item.x - corner[0]) / unit,
            y=(item.y - corner[1]) / unit,
            radius=item.radius / unit,
        )
        for item in scene.marks
    )
    height = (bottom - top) / unit + 2 * edge
    return replace(scene, marks=tuple(marks)), Frame(*corner, unit, width, height)
