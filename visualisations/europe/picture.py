"""What a map shows: countries with values, arcs between them, spots, and its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from visualisations.europe.outlines import europe
from visualisations.europe.shading import Step, steps


@dataclass(frozen=True, slots=True)
class Area:
    """A country with a value: what it is called, what is told of it, a short form, its page."""

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
    """All that a map shows."""

    areas: Sequence[Area]
    arcs: Sequence[Arc]
    dots: Sequence[Dot]
    words: Words

    @property
    def steps(self) -> tuple[Step, ...]:
        """Give the classes of the values of countries that are on the map."""
        known = europe().countries
        return steps([area.value for area in self.areas if area.code in known])
