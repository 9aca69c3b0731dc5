"""Where the bands of a Sankey diagram stand, and how its links run between them.

Bands of a step stand below each other, each with room for its label, so that no label lies on
another however small its band. Their height, and that of the links, is their share of the money.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import count

from visualisations.lettering import lines, shortened, width
from visualisations.money.telling import band_name
from visualisations.money.view import Band, Link, View
from visualisations.styles import OTHER, PALETTE
from visualisations.wording import Wording

NODE, COLUMN = 14.0, 270.0  # width of a band, and from one step to the next
HEAD, MARGIN = 34.0, 8.0
NAME, SUM = 13.0, 11.0  # sizes of letters
LINE = 16.0  # of a name; most have one, and none more than two
GREY, QUIET = "#8a94a1", "#55606e"

_GAP, _LAST = 6.0, 230.0  # between two bands, and for the labels of the last step
_TALL = 340.0  # pixels for all money of a step
_NAMED = 2
_LEAST = 1.0  # pixels of the smallest band and link


@dataclass(frozen=True, slots=True)
class Placed:
    """A band where it stands: its number, the lines of its name, the colour of its links."""

    number: int
    band: Band
    name: tuple[str, ...]
    x: float
    y: float
    height: float
    fill: str
    border: str

    @property
    def room(self) -> float:
        """Give the height of the band or of its label, whichever is more."""
        return max(self.height, label_height(self.name))


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A link where it runs: where it leaves and arrives, and how thick it is."""

    link: Link
    source: Placed
    target: Placed
    leaves: float
    arrives: float
    thickness: float


@dataclass(frozen=True, slots=True)
class Layout:
    """All bands and links of a picture, and its size in pixels."""

    bands: tuple[Placed, ...]
    ribbons: tuple[Ribbon, ...]
    width: float
    height: float


def lay_out(view: View, words: Wording) -> Layout:
    """Place the bands of each step below each other, in their order, and the links between them."""
    scale = _TALL / float(view.total.sum) if view.total.sum else 0.0
    numbers = count()
    columns = [
        [
            Placed(
                next(numbers),
                band, _name(band, words), MARGIN + step * COLUMN, 0.0,
                max(_LEAST, _size(band.money.sum) * scale), *_colour(band, place),
            )
            for place, band in enumerate(bands.bands)
        ]
        for step, bands in enumerate(view.steps)
    ]  # fmt: skip
    needed = [sum(item.room + _GAP for item in column) for column in columns]
    tallest = max(needed, default=0.0)
    placed: dict[int, Placed] = {}
    for column, height in zip(columns, needed, strict=True):
        # What is left of the height stands between the bands, so that no column ends early.
        spare = (tallest - height) / max(len(column), 1)
        y = HEAD + MARGIN + spare / 2
        for item in column:
            placed[id(item.band)] = replace(item, y=y + (item.room - item.height) / 2)
            y += item.room + _GAP + spare
    wide = 2 * MARGIN + (len(columns) - 1) * COLUMN + NODE + _LAST
    ribbons = tuple(_ribbons(view.links, placed, scale))
    return Layout(tuple(placed.values()), ribbons, wide, HEAD + tallest + 2 * MARGIN)


def _name(band: Band, words: Wording) -> tuple[str, ...]:
    """Break the name of a band into lines that end before the next step."""
    name, room = band_name(band, words), COLUMN - NODE - 40
    found = lines(name, NAME, room)
    if len(found) > _NAMED and len(band.labels) > 1:
        # Both lines name something, so that two combinations with one thing in common differ.
        first = band.labels[0].text
        rest = name.removeprefix(f"{first} + ")
        cut = shortened(first, NAME, room - width(" +", NAME))
        found = [f"{cut} +", shortened(rest, NAME, room)]
    elif len(found) > _NAMED:
        rest = " ".join(found[_NAMED - 1 :])
        found = [*found[: _NAMED - 1], shortened(rest, NAME, room)]
    return tuple(found)


def label_height(name: tuple[str, ...]) -> float:
    """Give the height of a label: the lines of a name, and its sum."""
    return len(name) * LINE + SUM + 3


def _size(value: Decimal | None) -> float:
    return max(0.0, float(value or 0))


def _colour(band: Band, place: int) -> tuple[str, str]:
    """Colour the bands of the first step; all others are alike, and say who they are."""
    if band.unknown:
        return "url(#unknown)", QUIET
    if band.made_of:
        return OTHER.fill, OTHER.border
    if band.step == 0 and place < len(PALETTE) - 1:
        return PALETTE[place].fill, PALETTE[place].border
    return GREY, QUIET


def _ribbons(links: Iterable[Link], placed: Mapping[int, Placed], scale: float) -> Iterable[Ribbon]:
    """Stack links at both ends in the order of what they lead to, so that few of them cross."""
    drawn = [link for link in links if _size(link.money.sum) > 0]
    ends = {id(link): (placed[id(link.source)], placed[id(link.target)]) for link in drawn}
    thick = {id(link): max(_LEAST / 2, _size(link.money.sum) * scale) for link in drawn}
    leaves: dict[int, float] = {}
    arrives: dict[int, float] = {}
    filled: defaultdict[tuple[int, bool], float] = defaultdict(float)
    for link in sorted(drawn, key=lambda link: ends[id(link)][1].y):
        leaves[id(link)] = filled[id(link.source), True]
        filled[id(link.source), True] += thick[id(link)]
    for link in sorted(drawn, key=lambda link: ends[id(link)][0].y):
        arrives[id(link)] = filled[id(link.target), False]
        filled[id(link.target), False] += thick[id(link)]
    for link in drawn:
        source, target = ends[id(link)]
        yield Ribbon(
            link, source, target,
            source.y + leaves[id(link)], target.y + arrives[id(link)], thick[id(link)],
        )  # fmt: skip
