"""The documents of what stands behind a network: brokers, gaps, and why two are linked."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.models import Model, Receipt
from api.models_facts import FactsOf
from api.models_network_columns import ID, AttributeValue, Called
from api.models_networks import AskedOf


class NodeNamed(Model):
    """A node with its name and page."""

    id: Annotated[str, Field(examples=[ID])]
    iri: str
    page: str | None
    label: Called


class BrokerPath(Model):
    """A way that leads through a broker."""

    nodes: tuple[NodeNamed, ...]


class BrokerOf(NodeNamed):
    """Who lies between others, and what depends on it.

    `low` and `high` are the 5th and 95th percentile of its rank when a tenth of the data is left
    out; null where that was not computed.
    """

    rank: int
    low: int | None
    high: int | None
    betweenness: float
    betweenness_low: float | None
    betweenness_high: float | None
    constraint: float | None
    degree: int
    pairs: Annotated[int, Field(description="Pairs of others whose shortest ways all need it.")]
    apart: Annotated[int, Field(description="Pairs of others that no way joins without it.")]
    joins: Annotated[tuple[int, ...], Field(description="Communities of its neighbours.")]
    paths: Annotated[tuple[BrokerPath, ...], Field(description="Examples.")]


class Brokers(Model):
    """Who brings others together in a map."""

    map: str
    of: FactsOf
    asked: AskedOf
    measure: Literal["betweenness"]
    exact: bool
    resamples: int
    left_out: float
    unit: Literal["reasons", "links"]
    items: tuple[BrokerOf, ...]
    notes: tuple[str, ...]


class GapSide(Model):
    """A country, and how many undertakings are active there; `list` names their addresses."""

    key: Annotated[str, Field(examples=["EE"])]
    label: Annotated[str, Field(examples=["Estonia"])]
    active: int
    list: tuple[str, ...]


class Gap(Model):
    """Two countries that are active in a theme, and do nothing in it together."""

    theme: AttributeValue
    countries: tuple[GapSide, GapSide]


class Gaps(Model):
    """Gaps between countries, those with most on both sides first."""

    map: str
    of: FactsOf
    asked: AskedOf
    kinds: Annotated[tuple[str, ...], Field(description="Kinds of undertakings that count.")]
    total: int
    next: str | None
    items: tuple[Gap, ...]
    notes: tuple[str, ...]


class LinkReason(Model):
    """A reason of a link, and the rows that state it."""

    id: str | None
    iri: str | None
    page: str | None
    label: Called
    weight: float
    rows: tuple[Receipt, ...]


class LinkWhy(Model):
    """Why two nodes are linked."""

    map: str
    of: FactsOf
    source: Annotated[NodeNamed, Field(serialization_alias="from")]
    target: Annotated[NodeNamed, Field(serialization_alias="to")]
    reasons: tuple[LinkReason, ...]
