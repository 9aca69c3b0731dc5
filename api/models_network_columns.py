"""What a network is made of, in columns: equally long ones of each table, numbers as places."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.models import Model

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
