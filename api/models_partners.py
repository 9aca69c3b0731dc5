"""The documents of partners: who could work with whom, and why."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.models import Label, Model, Receipt, Thing
from api.models_facts import FactsOf


class PathHop(Model):
    """One step of a path: what it says, in which direction, and the rows that state it."""

    label: Label
    along: Annotated[
        bool, Field(description="Whether it is said from the node before to the one after.")
    ]
    rows: Annotated[tuple[str, ...], Field(description="IRIs of rows; see `receipts`.")]


class ReasonPath(Model):
    """A path in the graph; there is one step less than there are nodes."""

    nodes: tuple[Thing, ...]
    hops: tuple[PathHop, ...]


class PartnerReason(Model):
    """Why an aspect speaks for a partner.

    Points are from 0 to 1000. `number` tells on how many things it rests, of which `things` and
    `paths` give the first three.
    """

    aspect: Annotated[str, Field(examples=["theme"])]
    points: Annotated[int, Field(ge=0, le=1000)]
    text: Annotated[str, Field(description="The reason as a sentence in the reader's language.")]
    number: int
    things: tuple[Thing, ...]
    paths: tuple[ReasonPath, ...]
    call: Annotated[Thing | None, Field(description="A call that is open to both.")]
    deadline: Annotated[str | None, Field(description="Of the call; null where none is known.")]


class Partner(Model):
    """An organisation that could be a partner: its rank, its points of 1000, and why."""

    rank: Annotated[int, Field(ge=1)]
    organisation: Thing
    countries: tuple[Thing, ...]
    points: Annotated[int, Field(ge=0, le=1000)]
    undertakings: Annotated[int, Field(description="In how many things it takes part.")]
    reasons: tuple[PartnerReason, ...]
    together: Annotated[
        tuple[Thing, ...], Field(description="What both have done together already.")
    ]


class AspectWeight(Model):
    """An aspect, how its points are given, and what it weighs; nothing where it cannot apply."""

    aspect: Annotated[str, Field(examples=["theme"])]
    weight: Annotated[int, Field(ge=0, le=5)]
    usual: Annotated[int, Field(description="What it weighs where nothing is asked.")]
    method: str


class Partners(Model):
    """Organisations ranked by how well they fit who asks, or what is looked for."""

    of: FactsOf
    organisation: Annotated[Thing | None, Field(description="Who asks.")]
    filters: dict[str, str]
    on: Annotated[str, Field(description="The day on which calls have to be open.")]
    aspects: tuple[AspectWeight, ...]
    total: Annotated[int, Field(description="How many fit, whatever the limit.")]
    next: Annotated[str | None, Field(description="Address of the next page; null at the end.")]
    items: tuple[Partner, ...]
    receipts: dict[str, Receipt]
    notes: tuple[str, ...]
