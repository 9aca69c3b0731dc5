"""What a map shows: countries or regions with values, arcs between them, spots, and its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from visualisations.europe.outlines import europe
from visualisations.europe.shading import Step, steps


@dataclass(frozen=True, slots=True)
class Area:
    """A country or region with a value: its code, what is told of it, a short form, its page."""

    code: str
    value: Decimal
    told: str
    short: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Arc:
    """What two countries have together."""

    one: str
    other: str
    value: int
    told: str


@dataclass(frozen=True, slots=True)
class Dot:
    """Things in one spot, in degrees."""

    longitude: float
    latitude: float
    value: int
    told: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """What the drawing as a whole and its legend say."""

    label: str
    values: str
    nothing: str
    arcs: str
    places: str
    dots: str


@dataclass(frozen=True, slots=True)
class Picture:
    """All that a map shows; `tiled` where its areas are regions, by their codes."""

    areas: Sequence[Area]
    arcs: Sequence[Arc]
    dots: Sequence[Dot]
    words: Words
    tiled: bool = False

    @property
    def steps(self) -> tuple[Step, ...]:
        """Give the classes of the values of what is on the map."""
        known = europe().countries
        return steps([area.value for area in self.areas if self.tiled or area.code in known])
