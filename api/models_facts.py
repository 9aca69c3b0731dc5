"""The documents of aggregates, facets and flows."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from api.models import Model, Rate


class FactsOf(Model):
    """What numbers are of: a release, and whether it is the one that was asked."""

    release: Annotated[int, Field(description="Number of the release that was counted.")]
    asked: Annotated[int, Field(description="Number of the release that was asked.")]
    exact: Annotated[
        bool, Field(description="Whether both say the same; false after edits since the count.")
    ]


class Original(Model):
    """What a converted sum is made of: a sum in its own currency, and the rate, null for none."""

    currency: Annotated[str, Field(examples=["EEK"])]
    sum: Annotated[str, Field(examples=["156466"], description="A decimal.")]
    rate: Annotated[str | None, Field(description="IRI of the rate.")]


class RateUsed(Rate):
    """A rate by which something was converted."""

    amounts: Annotated[int, Field(description="How many amounts it converted.")]


class Unconverted(Model):
    """Amounts for which there is no rate, in their own currency; the year is null where unknown."""

    currency: Annotated[str, Field(examples=["HUF"])]
    year: Annotated[str | None, Field(examples=["2019"])]
    amounts: int


class Conversion(Model):
    """What was converted, by which rates, and what was left."""

    target: Annotated[str, Field(examples=["EUR"])]
    rates: tuple[RateUsed, ...]
    unconverted: tuple[Unconverted, ...]


class AggregateRow(Model):
    """A row: a value for each dimension, then the measures. Unknown is null.

    Countries, programmes, themes and the like are lists of keys: several belong together. Where
    sums are converted, `original` is what each is made of.
    """

    model_config = ConfigDict(extra="allow", frozen=True)


class Aggregates(Model):
    """Counts, or exact sums, by dimensions; money always by kind, phase and currency, too."""

    table: Annotated[str, Field(examples=["funding"])]
    of: FactsOf
    by: Annotated[tuple[str, ...], Field(examples=[["country", "programme"]])]
    filters: dict[str, str]
    measures: Annotated[
        tuple[str, ...], Field(examples=[["amounts", "sum", "disputed", "missing"]])
    ]
    additive: Annotated[bool, Field(description="Whether nothing is counted in more than one row.")]
    total: Annotated[int, Field(description="Rows in all, whatever the limit.")]
    next: Annotated[str | None, Field(description="Address of the next page; null at the end.")]
    labels: Annotated[
        dict[str, dict[str, str]],
        Field(description="Names of keys, by dimension; a key that has none is left out."),
    ]
    notes: Annotated[tuple[str, ...], Field(description="What the numbers do not tell.")]
    conversion: Annotated[
        Conversion | None, Field(description="By which rates sums were converted, where asked.")
    ] = None
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
    """An exact sum, of how many amounts, how many are left out, and what has none.

    Without `sum` nothing can be added: kind, phase or currency of the amounts is unknown.
    """

    amounts: int
    sum: Annotated[
        str | None,
        Field(examples=["1064413.5"], description="A decimal; null where there is none to add."),
    ]
    disputed: int
    missing: Annotated[int, Field(description="Projects and practices without any amount.")]


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
    original: Annotated[
        tuple[Original, ...], Field(description="What the total is made of, where converted.")
    ] = ()
    bands: tuple[FlowBand, ...]
    links: tuple[FlowLink, ...]


class Flows(Model):
    """Flows of money through some dimensions, one for each kind, phase and currency."""

    of: FactsOf
    through: Annotated[tuple[str, ...], Field(examples=[["programme", "country"]])]
    filters: dict[str, str]
    flows: tuple[Flow, ...]
    conversion: Conversion | None = None
    notes: tuple[str, ...]


class AmountRow(Model):
    """An amount, or a project or practice without any, with what it is of."""

    iri: Annotated[str, Field(description="IRI of the amount, or of what has none.")]
    amount: Annotated[
        str | None, Field(examples=["851530"], description="A decimal; null where none is known.")
    ]
    added: Annotated[
        Literal["yes", "open", "disputed", "missing"],
        Field(
            description="Whether it is in sums; open: kind, phase or currency is unknown or "
            "several; disputed: sources differ; missing: there is no amount."
        ),
    ]
    keys: Annotated[
        dict[str, tuple[str, ...]], Field(description="By dimension; none where unknown.")
    ]
    labels: Annotated[dict[str, str], Field(description="Names of these keys.")]
    rows: Annotated[tuple[str, ...], Field(description="IRIs of the rows that state the amount.")]


class AmountRows(Model):
    """The amounts behind a sum, the largest first."""

    of: FactsOf
    filters: dict[str, str]
    total: Annotated[int, Field(description="Rows in all, whatever the limit.")]
    rows: tuple[AmountRow, ...]
