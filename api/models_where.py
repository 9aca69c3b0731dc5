"""The documents of places and times: what is where, and what begins when."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.models import Label, Model
from api.models_facts import FactsOf


class Place(Model):
    """A country or region with what is there; `sum` is a decimal where money is asked for.

    `of` are the combinations of keys that are counted in it, as sources name them.
    """

    key: Annotated[str, Field(examples=["EE"])]
    label: Label
    page: Annotated[str | None, Field(examples=["/page/country/EE"])]
    drawn: Annotated[bool, Field(description="Whether the map of Europe shows it.")]
    things: Annotated[int, Field(description="Things, or amounts where money is asked for.")]
    sum: Annotated[str | None, Field(examples=["1064413.5"])] = None
    of: Annotated[tuple[tuple[str, ...], ...], Field(examples=[[["EE008"], ["EE009"]]])]


class Together(Model):
    """Money of several countries or regions together, which nobody divides."""

    keys: tuple[str, ...]
    of: tuple[tuple[str, ...], ...]
    things: int
    sum: str


class Sorted(Model):
    """A kind, phase and currency of money; `name` is what the parameter `money` takes."""

    name: Annotated[str, Field(examples=["total.approved.EUR"])]
    kind: Annotated[str, Field(examples=["total"])]
    phase: Annotated[str, Field(examples=["approved"])]
    currency: Annotated[str, Field(examples=["EUR"])]
    label: Annotated[str, Field(description="In the reader's language.")]
    amounts: int


class Cooperation(Model):
    """Two countries, and in how many projects, consortia and practices both take part."""

    one: Annotated[str, Field(examples=["DE"])]
    other: Annotated[str, Field(examples=["EE"])]
    things: int


class Spot(Model):
    """Things near each other, with the middle of their coordinates (WGS 84)."""

    latitude: float
    longitude: float
    things: int
    one: Annotated[str, Field(description="IRI of one of them.")]


class Where(Model):
    """Where the things of a kind, or the money, of a release are."""

    of: FactsOf
    kind: Annotated[str, Field(examples=["organisation"])]
    nuts: Annotated[int, Field(description="Level of the regions; 0 for countries.")] = 0
    filters: dict[str, str]
    total: Annotated[int, Field(description="Things or amounts that the filters keep.")]
    unknown: Annotated[
        int, Field(description="Of these, how many have no country or, by region, no region.")
    ]
    several: Annotated[int, Field(description="How many have more than one.")]
    located: Annotated[int, Field(description="How many have coordinates.")]
    money: Annotated[Sorted | None, Field(description="What is added up, where money is.")] = None
    sorts: Annotated[tuple[Sorted, ...], Field(description="What could be, most first.")] = ()
    countries: tuple[Place, ...]
    regions: tuple[Place, ...]
    together: tuple[Together, ...] = ()
    unplaced: Annotated[str | None, Field(description="Sum of what is in none.")] = None
    cooperation: tuple[Cooperation, ...]
    spots: tuple[Spot, ...]
    notes: tuple[str, ...]


class Dated(Model):
    """A thing with its beginning and end, as precise as its sources are."""

    iri: str
    kind: Annotated[str, Field(examples=["programme"])]
    label: Label
    page: str | None
    begin: Annotated[str | None, Field(examples=["2021-05"])]
    end: Annotated[str | None, Field(examples=["2023"])]
    differ: Annotated[bool, Field(description="Whether sources give several dates.")]


class YearCount(Model):
    """How many things of a kind begin in a year."""

    kind: str
    year: Annotated[int, Field(examples=[2021])]
    things: int


class When(Model):
    """What begins when; `years` and `undated` leave out the filter by period."""

    of: FactsOf
    kinds: tuple[str, ...]
    left_out: Annotated[
        tuple[str, ...], Field(description="Kinds to which a filter does not apply.")
    ]
    filters: dict[str, str]
    total: int
    next: Annotated[str | None, Field(description="Address of the next page; null at the end.")]
    items: tuple[Dated, ...]
    years: tuple[YearCount, ...]
    undated: dict[str, int]
    notes: tuple[str, ...]
