"""What is drawn of a map for one reader: nodes, links, reasons, with names and measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graph.network import Label
from graph.networks.asking import Asked
from graph.networks.measuring import Counts, Grouping
from graph.networks.narrowing import Way
from graph.networks.timing import Time, Years
from visualisations.maps import MapSpec
from visualisations.remarks import Measure
from visualisations.shaping import Collapsed
from visualisations.styles import Style


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of nodes in the legend; `iri` is None for groups of nodes."""

    iri: str | None
    label: Label
    style: Style
    count: int


@dataclass(frozen=True, slots=True)
class Node:
    """What is drawn as one: a node, or a group of `size` members with `inside` links.

    `attributes` has keys by facet; `period` is the year in which it begins. `years` counts what
    of it begins when, and is None where that is not asked of it.
    """

    number: int
    id: str
    iri: str | None
    page: str | None
    label: Label
    short: Label
    kind: int
    segment: str
    x: float
    y: float
    radius: float
    size: int
    inside: int
    group: str | None
    degree: int
    strength: float
    betweenness: float
    constraint: float | None
    core: int
    community: int | None
    attributes: Mapping[str, tuple[str, ...]]
    period: int | None
    years: Years | None


@dataclass(frozen=True, slots=True)
class Link:
    """A line between two nodes by number: `merged` links, and the reasons where it is one.

    `years` counts what it rests on by the year in which it begins; None where not all is asked.
    """

    source: int
    target: int
    weight: float
    merged: int
    reasons: tuple[int, ...]
    years: Years | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why nodes are linked: a thing, or a text, which has no IRI."""

    id: str | None
    iri: str | None
    page: str | None
    label: Label


@dataclass(frozen=True, slots=True)
class Attribute:
    """The values that nodes have of a facet, with their names."""

    name: str
    values: tuple[tuple[str, Label], ...]


@dataclass(frozen=True, slots=True)
class View:
    """A map as it is drawn for a reader; `whole` counts the map without any question.

    Communities of `grouping` are called by `called`, in their order.
    """

    spec: MapSpec
    asked: Asked
    whole: Counts
    counts: Counts
    collapsed: Collapsed | None
    facets: tuple[str, ...]
    collapses: tuple[str, ...]
    kinds: tuple[Kind, ...]
    attributes: tuple[Attribute, ...]
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    reasons: tuple[Reason, ...]
    time: Time | None
    grouping: Grouping | None
    called: tuple[str, ...]
    measures: tuple[Measure, ...]
    path: Way | None
    box: tuple[float, float, float, float]
    notes: tuple[str, ...]
    language: str
