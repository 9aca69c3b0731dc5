"""The documents of networks. Columns of one table are equally long; places in them are numbers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from api.models import Model
from api.models_facts import FactsOf

ID = "organisation/ee-kysk"

Texts = Annotated[tuple[str, ...], Field(description="One for each.")]
Maybe = tuple[str | None, ...]
# Of null it is not asked when it begins; empty are years that are unknown.
Years = Annotated[
    tuple[tuple[int, int], ...],
    Field(description="Years with the number that begins in each.", examples=[[[2019, 2]]]),
]


class Called(Model):
    """A name, with the BCP-47 tag of its language; empty where it is not known."""

    text: Annotated[str, Field(examples=["Estonia"])]
    lang: Annotated[str, Field(examples=["en"])]


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


class NodeKind(Model):
    """A kind of nodes with its look in the legend; `iri` is null for groups of nodes."""

    iri: str | None
    label: Called
    shape: Annotated[str, Field(examples=["dot"])]
    fill: Annotated[str, Field(examples=["#0072b2"])]
    border: Annotated[str, Field(examples=["#003d60"])]
    count: int


class AttributeValue(Model):
    """A value of a facet."""

    key: Annotated[str, Field(examples=["EE"])]
    label: Annotated[str, Field(examples=["Estonia"])]


class Attribute(Model):
    """The values that nodes have of a facet."""

    name: Annotated[str, Field(examples=["country"])]
    values: tuple[AttributeValue, ...]


class Nodes(Model):
    """The nodes as columns.

    `x` and `y` are the middle of a circle with the radius `r`, y downwards; no two touch. A group
    stands for `size` nodes with `inside` links between them, and is opened by its name in `group`.
    """

    id: Annotated[tuple[str, ...], Field(examples=[[ID]])]
    iri: Maybe
    page: Maybe
    label: Texts
    lang: Texts
    short: Texts
    kind: Annotated[tuple[int, ...], Field(description="Place in `kinds`.")]
    segment: Texts
    x: tuple[float, ...]
    y: tuple[float, ...]
    r: tuple[float, ...]
    degree: tuple[int, ...]
    strength: tuple[float, ...]
    betweenness: tuple[float, ...]
    constraint: Annotated[
        tuple[float | None, ...], Field(description="Null where there is no neighbour.")
    ]
    core: tuple[int, ...]
    community: Annotated[
        tuple[int | None, ...], Field(description="Number of a community of `grouping`.")
    ]
    size: tuple[int, ...]
    inside: tuple[int, ...]
    group: Maybe
    attributes: Annotated[
        dict[str, tuple[tuple[int, ...], ...]],
        Field(description="By facet, the places of a node's values in `attributes`."),
    ]
    period: Annotated[tuple[int | None, ...], Field(description="Year in which it begins.")]
    years: Annotated[
        tuple[Years | None, ...],
        Field(description="Of what begins when: itself, or what a group stands for."),
    ]


class Links(Model):
    """The links as columns: places of nodes, and for a single link those of its reasons."""

    source: tuple[int, ...]
    target: tuple[int, ...]
    weight: tuple[float, ...]
    merged: Annotated[tuple[int, ...], Field(description="Links that are drawn as this one.")]
    reasons: tuple[tuple[int, ...], ...]
    years: Annotated[
        tuple[Years | None, ...], Field(description="When what the links rest on begins.")
    ]


class Reasons(Model):
    """The reasons of links as columns; a text has no IRI."""

    id: Maybe
    iri: Maybe
    page: Maybe
    label: Texts
    lang: Texts


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
