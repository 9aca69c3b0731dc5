"""Regions as tiles: those of a country stand together at its place, in the order of their codes.

Outlines of regions may not be given on (docs/explorer.md), so that none are drawn, and where in its
country a region lies is not shown. Blocks that would lie on each other move apart.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from visualisations.europe.legend import INK, QUIET
from visualisations.europe.outlines import Europe
from visualisations.europe.picture import Area
from visualisations.europe.shading import Step, shade_of
from visualisations.svg import element

# Sides of tiles in pixels, by how many the fullest country has at most.
_SIDES = ((9, 30.0), (25, 23.0), (64, 16.0), (10_000, 8.0))
_LEGIBLE = 20.0  # the side from which a tile has room for its code
_HEAD = 15.0  # above a block, for the code of the country
_GAP = 5.0
_ROUNDS = 400
_FAR = 45.0  # pixels from its country at which a block has a line to it
_ISO = {"EL": "GR", "UK": "GB"}  # where NUTS has other letters


@dataclass(slots=True)
class Block:
    """The tiles of a country: its ISO code, the middle of the block, its columns and rows."""

    code: str
    areas: Sequence[Area]
    x: float
    y: float
    columns: int
    rows: int
    side: float

    @property
    def width(self) -> float:
        """Give its width with the gap to others."""
        return self.columns * self.side + _GAP

    @property
    def height(self) -> float:
        """Give its height with its head and the gap to others."""
        return self.rows * self.side + _HEAD + _GAP


def country_of(code: str) -> str:
    """Give the ISO code of the country of a region."""
    return _ISO.get(code[:2], code[:2])


def blocks(ground: Europe, areas: Sequence[Area]) -> list[Block]:
    """Arrange regions of countries that are on the map; no two blocks lie on each other."""
    by_country: dict[str, list[Area]] = {}
    for area in sorted(areas, key=lambda area: area.code):
        if country_of(area.code) in ground.countries:
            by_country.setdefault(country_of(area.code), []).append(area)
    most = max(map(len, by_country.values()), default=0)
    side = next(side for bound, side in _SIDES if most <= bound)
    found = []
    for code, held in by_country.items():
        columns = math.ceil(math.sqrt(len(held)))
        at = ground.countries[code]
        rows = math.ceil(len(held) / columns)
        found.append(Block(code, held, at.x, at.y, columns, rows, side))
    for _ in range(_ROUNDS):
        if not _apart(ground, found):
            break
    return found


def _apart(ground: Europe, found: Sequence[Block]) -> bool:
    """Move blocks that overlap away from each other, by the shorter way; tell whether any did."""
    moved = False
    for place, one in enumerate(found):
        for other in found[place + 1 :]:
            across = (one.width + other.width) / 2 - abs(one.x - other.x)
            down = (one.height + other.height) / 2 - abs(one.y - other.y)
            if min(across, down) <= 0.01:  # noqa: PLR2004  # less than is seen
                continue
            moved = True
            if across < down:
                step = math.copysign(across / 2, one.x - other.x)
                one.x, other.x = one.x + step, other.x - step
            else:
                step = math.copysign(down / 2, one.y - other.y)
                one.y, other.y = one.y + step, other.y - step
    for block in found:
        block.x = min(max(block.x, block.width / 2), ground.width - block.width / 2)
        block.y = min(max(block.y, block.height / 2), ground.height - block.height / 2)
    return moved


def tiles(
    ground: Europe, areas: Sequence[Area], found: Sequence[Step], *, linked: bool
) -> Iterable[Markup]:
    """Draw regions as tiles, each country under its code."""
    for block in blocks(ground, areas):
        left = block.x - block.columns * block.side / 2
        top = block.y - (block.height - _GAP) / 2 + _HEAD
        at = ground.countries[block.code]
        if math.hypot(at.x - block.x, at.y - block.y) > _FAR:
            yield element(
                "line", x1=at.x, y1=at.y, x2=block.x, y2=block.y, stroke=QUIET, stroke_width=1
            )
        yield _text(block.code, left, top - 4, 12, anchor="start")
        for place, area in enumerate(block.areas):
            row, column = divmod(place, block.columns)
            x, y = left + column * block.side, top + row * block.side
            drawn = _tile(area, x, y, block.side, shade_of(area.value, found))
            if linked and area.link is not None:
                yield element(
                    "a",
                    drawn,
                    href=area.link,
                    tabindex="-1",
                    aria_label=area.told,
                    data_code=area.code,
                )
            else:
                yield drawn
            if block.side >= _LEGIBLE:
                size = block.side * 0.4
                middle = (x + block.side / 2, y + block.side / 2 + size * 0.36)
                # Beside the link, whose name has the code within a word.
                yield _text(area.code[2:], *middle, size, anchor="middle")


def _tile(area: Area, x: float, y: float, side: float, fill: str) -> Markup:
    return element(
        "rect",
        element("title", area.told),
        x=x,
        y=y,
        width=side - 1,
        height=side - 1,
        fill=fill,
        stroke=QUIET,
        stroke_width=0.6,
        class_="country",
    )


def _text(text: str, x: float, y: float, size: float, *, anchor: str) -> Markup:
    return element(
        "text",
        text,
        x=x,
        y=y,
        font_size=size,
        font_weight="bold",
        text_anchor=anchor,
        fill=INK,
        stroke="#ffffff",
        stroke_width=3,
        stroke_linejoin="round",
        paint_order="stroke",
        pointer_events="none",
    )
