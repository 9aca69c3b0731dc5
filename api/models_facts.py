"""The documents of aggregates, facets and flows."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from api.models import Model


class FactsOf(Model):
    """What numbers are of: a release, and whether it is the one that was asked."""

    release: Annotated[int, Field(description="Number of the release that was counted.")]
    asked: Annotated[int, Field(description="Number of the release that was asked.")]
    exact: Annotated[
        bool, Field(description="Whether both say the same; false after edits since the count.")
    ]


class AggregateRow(Model):
    """A row: a value for each dimension, then the measures. Unknown is null.

    Countries, programmes, themes and the like are lists of keys: several belong together.
    """

    model_config = ConfigDict(extra="allow", frozen=True)


class Aggregates(Model):
    """Counts, or exact sums, by dimensions; money always by kind, phase and currency, too."""

    table: Annotated[str, Field(examples=["funding"])]
    of: FactsOf
    by: Annotated[tuple[str, ...], Field(examples=[["country", "programme"]])]
    filters: dict[str, str]
    measures: Annotated[tuple[str, ...], Field(examples=[["amounts", "sum", "disputed"]])]
    additive: Annotated[bool, Field(description="Whether nothing is counted in more than one row.")]
    total: Annotated[int, Field(description="Rows in all, whatever the limit.")]
    next: Annotated[str | None, Field(description="Address of the next page; null at the end.")]
    labels: Annotated[
        dict[str, dict[str, str]],
        Field(description="Names of keys, by dimension; a key that has none is left out."),
    ]
    notes: Annotated[tuple[str, ...], Field(description="What the numbers do not tell.")]
    rows: tuple[AggregateRow, ...]


class TableInfo(Model):
    """A table: its dimensions with their meaning, and its measures."""

    table: Annotated[str, Field(examples=["funding"])]
    dimensions: dict[str, str]
    measures: tuple[str, ...]
    notes: tuple[str, ...]
    result: Annotated[str, Field(description="Address of its aggregates.")]


class Tables(Model):
    """The tables that can be aggregated."""

    items: tuple[TableInfo, ...]


class FacetValue(Model):
    """A value of a facet and how many things have it."""

    key: Annotated[str, Field(examples=["EE"])]
    label: Annotated[str | None, Field(examples=["Estonia"])]
    count: int


class Facet(Model):
    """A facet: a filter of a list with its values, the most frequent first."""

    name: Annotated[str, Field(examples=["country"])]
    values: tuple[FacetValue, ...]
    unknown: Annotated[int, Field(description="How many things have no value of it.")]


class Facets(Model):
    """How many things there are, by the filters of their list; a thing can have several values."""

    of: FactsOf
    kind: Annotated[str | None, Field(examples=["practice"])]
    filters: dict[str, str]
    total: int
    facets: tuple[Facet, ...]
    notes: tuple[str, ...]


class FlowMoney(Model):
    """An exact sum, of how many amounts, and how many are left out as disputed."""

    amounts: int
    sum: Annotated[
        str | None,
        Field(examples=["1064413.5"], description="A decimal; null where there is none to add."),
    ]
    disputed: int


class FlowBand(FlowMoney):
    """A band of a step; `keys` is null where unknown, `others` tells of how many it is made."""

    id: Annotated[int, Field(description="What links name it by, within its flow.")]
    step: Annotated[str, Field(examples=["programme"])]
    keys: Annotated[tuple[str, ...] | None, Field(examples=[["esf-plus"]])]
    label: Annotated[str, Field(examples=["ESF+"])]
    others: Annotated[int, Field(description="Bands drawn as this one; 0 where it is one.")]


class FlowLink(FlowMoney):
    """Money that belongs to a band of one step and to one of the next."""

    source: int
    target: int


class Flow(Model):
    """The flow of the money of one kind, phase and currency."""

    kind: str | None
    phase: str | None
    currency: str | None
    total: FlowMoney
    bands: tuple[FlowBand, ...]
    links: tuple[FlowLink, ...]


class Flows(Model):
    """Flows of money through some dimensions, one for each kind, phase and currency."""

    of: FactsOf
    through: Annotated[tuple[str, ...], Field(examples=[["programme", "country"]])]
    filters: dict[str, str]
    flows: tuple[Flow, ...]
    notes: tuple[str, ...]
