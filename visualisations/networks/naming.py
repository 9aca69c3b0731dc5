"""Names beside marks: as many as fit without touching a mark or one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from visualisations.lettering import shortened, width

_ROOMS = (19.0, 11.0)  # widths of a name, in heights of a letter: usual, and where it fits badly
_LINE = 1.25  # height of a line, in heights of a letter
_BESIDE = 0.2  # between mark and name, in heights of a letter
_EAGER = 0.02  # part of the marks, the largest, whose names may cover smaller marks
_LEAST = 3  # how many of the largest that are in any case
_MOST_EAGER = 20
_COVERED = 1  # most smaller marks that such a name may cover
_DUST = 0.4  # radius, in heights of a letter, below which marks in a crowd do not count as covered


class Spot(NamedTuple):
    """Where a mark is, how far it reaches, and its name; the number is that of its mark."""

    number: int
    x: float
    y: float
    radius: float
    name: str


class Box(NamedTuple):
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Tell whether two rectangles have more than an edge in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: Box) -> bool:
        """Tell whether a rectangle lies inside this one."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and self.right >= other.right
            and self.bottom >= other.bottom
        )


@dataclass(frozen=True, slots=True)
class Name:
    """A name that has its place: its middle, and the number of its mark."""

    number: int
    text: str
    x: float
    y: float
    box: Box


def place(spots: Sequence[Spot], letter: float, frame: Box, most: int) -> list[Name]:
    """Place at most so many names of marks inside a frame; the first marks choose first.

    `letter` is the height of a letter in units of the drawing. Each name is tried below, above,
    right and left of its mark and at its corners, then shortened. The names of the first few
    marks, which are the largest, go where they cover the fewest smaller marks if they fit nowhere
    else, at most one unless these are as small as dust; all others are left out then. O(n) for
    marks that do not crowd.
    """
    marks = _Ground(letter * 4)
    written = _Ground(letter * 4)
    for spot in spots:
        marks.take(_around(spot), spot.number)
    eagerly = min(max(_LEAST, int(len(spots) * _EAGER)), _MOST_EAGER)
    eager = {spot.number for spot in spots[:eagerly]}
    dust = {spot.number for spot in spots if spot.radius < letter * _DUST}
    found: list[Name] = []
    for spot in spots[:most]:
        tries = [
            (text, box)
            for text in _texts(spot.name)
            for box in _places(spot, width(text, letter), letter)
            if frame.holds(box) and written.free(box)
        ]
        best = next((one for one in tries if marks.free(one[1], spot.number)), None)
        if best is None and spot.number in eager:
            best = _least(tries, [marks.met(box, spot.number) for _, box in tries], eager, dust)
        if best is None:
            continue
        text, box = best
        written.take(box, spot.number)
        middle = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        found.append(Name(spot.number, text, *middle, box))
    return found


def _least(
    tries: Sequence[tuple[str, Box]],
    covered: Sequence[set[int]],
    eager: set[int],
    dust: set[int],
) -> tuple[str, Box] | None:
    """Give the try that covers the fewest marks, the first of equals; None where none may."""
    allowed = [
        (len(marks), at)
        for at, marks in enumerate(covered)
        if not marks & eager and len(marks - dust) <= _COVERED
    ]
    return tries[min(allowed)[1]] if allowed else None


def _texts(name: str) -> list[str]:
    """Give a name, shortened to each of the widths that are tried."""
    return [*dict.fromkeys(shortened(name, 1.0, room) for room in _ROOMS)]


def _around(spot: Spot) -> Box:
    return Box(
        spot.x - spot.radius, spot.y - spot.radius, spot.x + spot.radius, spot.y + spot.radius
    )


def _places(spot: Spot, across: float, letter: float) -> Iterator[Box]:
    """Give where a name may stand, the best first."""
    height, reach = letter * _LINE, spot.radius + letter * _BESIDE
    slant = spot.radius * 0.7 + letter * _BESIDE
    for left, top in (
        (spot.x - across / 2, spot.y + reach),
        (spot.x - across / 2, spot.y - reach - height),
        (spot.x + reach, spot.y - height / 2),
        (spot.x - reach - across, spot.y - height / 2),
        (spot.x + slant, spot.y + slant),
        (spot.x + slant, spot.y - slant - height),
        (spot.x - slant - across, spot.y + slant),
        (spot.x - slant - across, spot.y - slant - height),
    ):
        yield Box(left, top, left + across, top + height)


class _Ground:
    """Remembers which rectangles are taken, by the cells of a grid."""

    def __init__(self, cell: float) -> None:
        self._cell = cell
        self._cells: dict[tuple[int, int], list[tuple[Box, int]]] = defaultdict(list)

    def take(self, box: Box, owner: int) -> None:
        """Take a rectangle for its owner."""
        for key in self._keys(box):
            self._cells[key].append((box, owner))

    def free(self, box: Box, but: int = -1) -> bool:
        """Tell whether a rectangle meets nothing but what one owner has taken."""
        left, top, right, bottom = box
        return not any(
            owner != but
            and left < other.right
            and other.left < right
            and top < other.bottom
            and other.top < bottom
            for key in self._keys(box)
            for other, owner in self._cells.get(key, ())
        )

    def met(self, box: Box, but: int) -> set[int]:
        """Name the owners of what a rectangle meets, but one."""
        return {
            owner
            for key in self._keys(box)
            for other, owner in self._cells.get(key, ())
            if owner != but and box.meets(other)
        }

    def _keys(self, box: Box) -> Iterable[tuple[int, int]]:
        size = self._cell
        across = range(int(box.left // size), int(box.right // size) + 1)
        down = range(int(box.top // size), int(box.bottom // size) + 1)
        return ((column, row) for column in across for row in down)
