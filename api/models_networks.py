"""The documents of networks: what was asked of a map, what was found, and which maps there are."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from api.models import Model
from api.models_facts import FactsOf
from api.models_network_columns import (
    Attribute,
    Called,
    Links,
    NodeKind,
    Nodes,
    Reasons,
    Years,
)


class Counts(Model):
    """How many nodes and links, connected parts of two or more nodes, and nodes without links."""

    nodes: int
    links: int
    parts: int
    alone: int


class AskedOf(Model):
    """What was asked of the map, as it was understood."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    filters: Annotated[dict[str, str], Field(examples=[{"country": "EE"}])]
    kind: tuple[str, ...]
    ends: Literal["both", "one"]
    centre: str | None
    depth: int
    source: Annotated[str | None, Field(serialization_alias="from")]
    target: Annotated[str | None, Field(serialization_alias="to")]
    collapse: str | None
    open: tuple[str, ...]


class CollapsedBy(Model):
    """By what nodes are drawn as one; `asked` is false where there were too many to draw."""

    by: Annotated[str, Field(examples=["country"])]
    asked: bool
    groups: int


class TimeOf(Model):
    """When what is drawn begins: of nodes, or else of the reasons of links.

    Of the years from a to b, as the filter `period=a-b` does, there stay links whose `years` are
    null or within and both of whose ends stay, and nodes that are within; those that are not
    asked stay while they have such a link.
    """

    of: Literal["nodes", "reasons"]
    first: int
    last: int
    years: Years
    unknown: int


class Community(Model):
    """A group that a division found; `stability` is the share of its pairs that others keep."""

    number: int
    size: int
    stability: float
    label: Annotated[str, Field(description="Its best connected members.")]


class GroupingOf(Model):
    """One possible division of the nodes that have links, and how much other runs agree."""

    method: Annotated[str, Field(examples=["Leiden"])]
    runs: int
    stability: Annotated[float, Field(description="Mean adjusted Rand index to the other runs.")]
    modularity: float
    communities: tuple[Community, ...]


class MeasureOf(Model):
    """A measure of nodes; estimated where `exact` is false, with its error."""

    name: Annotated[str, Field(examples=["betweenness"])]
    label: str
    explanation: str
    exact: bool
    sampled: Annotated[int | None, Field(description="Nodes from which it was estimated.")]
    error: Annotated[float | None, Field(description="Largest half-width of a 95 % interval.")]


class PathOf(Model):
    """The first of the shortest ways that were asked for; without nodes where none leads."""

    nodes: tuple[int, ...]
    length: int | None
    several: Annotated[int, Field(description="How many ways are as short.")]


class BoxOf(Model):
    """The rectangle around all circles."""

    x: float
    y: float
    width: float
    height: float


class Network(Model):
    """A map, or the part of it that was asked for: nodes with places and measures, and links."""

    map: Annotated[str, Field(examples=["organisations"])]
    title: Called
    description: Called
    weight: Annotated[Called, Field(description="What the weight of a link counts.")]
    directed: bool
    of: FactsOf
    asked: AskedOf
    whole: Annotated[Counts, Field(description="The map without any filter.")]
    counts: Annotated[Counts, Field(description="What is kept, before any is drawn as one.")]
    collapsed: CollapsedBy | None
    facets: Annotated[tuple[str, ...], Field(description="Filters that the map takes.")]
    collapse: tuple[str, ...]
    kinds: tuple[NodeKind, ...]
    attributes: tuple[Attribute, ...]
    nodes: Nodes
    links: Links
    reasons: Reasons
    time: TimeOf | None
    grouping: GroupingOf | None
    measures: tuple[MeasureOf, ...]
    path: PathOf | None
    box: BoxOf
    query: Annotated[str, Field(description="The SPARQL that the map is projected by.")]
    notes: tuple[str, ...]
    links_to: Annotated[dict[str, str], Field(description="The same in other forms.")]


class MapInfo(Model):
    """A map that there is."""

    map: Annotated[str, Field(examples=["organisations"])]
    title: Called
    description: Called
    weight: Called
    directed: bool
    nodes: int | None
    links: int | None
    facets: tuple[str, ...]
    collapse: tuple[str, ...]
    left_out: Annotated[
        str | None, Field(description="Why the build left it out, so that it cannot be asked for.")
    ]
    result: Annotated[str, Field(description="Address of its network.")]
    page: str


class Maps(Model):
    """The maps that there are."""

    items: tuple[MapInfo, ...]
