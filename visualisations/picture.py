"""A map as a picture: what is drawn and what is told, before anything is written as HTML.

Everything that a reader sees of a map, be it the drawing, the tables or the sentence that sums
it up, is taken from one `Picture`, so that they cannot disagree.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from graph.analytics import betweenness, groups, neighbour_counts
from graph.engine import Engine
from graph.errors import ParameterError
from graph.identity import Identity
from graph.network import Label, Network, project
from ontology import SIKG
from visualisations.layout import place
from visualisations.maps import MapSpec
from visualisations.styles import OTHER, Style, assign

MAX_NODES = 2000  # more cannot be told apart, nor drawn at a bearable speed


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of nodes, as in the legend."""

    label: Label
    style: Style
    count: int


@dataclass(frozen=True, slots=True)
class Node:
    """A node: its number in the picture, names, measures and place."""

    number: int
    iri: str
    label: Label
    short: Label
    kind: Kind
    page: str | None
    neighbours: int
    between: float
    radius: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Ground:
    """Why two nodes are linked: a name, and its page where it has one."""

    label: Label
    page: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """A link between two nodes, with its weight and grounds."""

    source: Node
    target: Node
    weight: float
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """All that a map shows; nodes by number of neighbours and links by weight, falling.

    `parts` counts the connected parts of two or more nodes, `alone` the nodes without links.
    """

    kinds: tuple[Kind, ...]
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    parts: int
    alone: int

    @property
    def distinct(self) -> tuple[Kind, ...]:
        """Give the kinds that have a look of their own."""
        return tuple(kind for kind in self.kinds if kind.style != OTHER)

    @property
    def others(self) -> tuple[Kind, ...]:
        """Give the kinds that share one look because they are too many."""
        return tuple(kind for kind in self.kinds if kind.style == OTHER)

    @property
    def bridge(self) -> Node | None:
        """Give the node that most shortest paths between others lead through, if any does."""
        node = max(self.nodes, key=lambda node: node.between, default=None)
        return node if node is not None and node.between > 0 else None


def draw(
    spec: MapSpec, engine: Engine, identity: Identity, *, language: str, served: bool
) -> Picture:
    """Query, lay out and measure a map.

    Pages are addressed by paths where the picture is `served` by the server that has them, and
    else by their IRIs. ParameterError if there are more nodes than can be drawn.
    """
    network = project(engine, spec.query, directed=spec.directed, language=language)
    if len(network) > MAX_NODES:
        raise ParameterError(
            f"the map {spec.name} has {len(network):,} nodes, and at most {MAX_NODES:,} can be "
            "drawn so that they can be told apart: narrow its query"
        )
    address = _Address(identity, served=served)
    nodes = _nodes(network, address)
    links = [
        Link(
            nodes[source],
            nodes[target],
            data["weight"],
            tuple(Ground(reason.label, address.of(reason.iri)) for reason in data["reasons"]),
        )
        for source, target, data in network.edges(data=True)
    ]
    by_kind = sorted(nodes.values(), key=lambda node: (-node.kind.count, node.kind.label))
    sizes = [len(part) for part in groups(network)]
    return Picture(
        tuple(dict.fromkeys(node.kind for node in by_kind)),
        tuple(sorted(nodes.values(), key=lambda node: (-node.neighbours, node.number))),
        tuple(sorted(links, key=lambda link: (-link.weight, link.source.iri, link.target.iri))),
        parts=sum(size > 1 for size in sizes),
        alone=sizes.count(1),
    )


@dataclass(frozen=True, slots=True)
class _Address:
    """Says where the page of a thing is."""

    identity: Identity
    served: bool

    def of(self, iri: str | None) -> str | None:
        """Give the address of the page, or None for what has none that is safe to follow."""
        if iri is None or iri.startswith(SIKG):
            return None
        if self.served and (path := self.identity.path(iri, "page")) is not None:
            return path
        return iri if iri.startswith(("http://", "https://")) else None


def _nodes(network: Network, address: _Address) -> dict[str, Node]:
    data = network.nodes
    neighbours, between = neighbour_counts(network), betweenness(network)
    kinds = [data[node]["kind"] for node in network]
    labels = {data[node]["kind"]: data[node]["kind_label"] for node in network}
    legend = {
        kind: Kind(labels[kind], style, kinds.count(kind)) for kind, style in assign(kinds).items()
    }
    radii = {node: _radius(count) for node, count in neighbours.items()}
    places = place(network, radii)
    shorts = Counter(data[node]["short_label"] for node in network)
    return {
        node: Node(
            number,
            node,
            data[node]["label"],
            # An acronym of several nodes, such as of a fund in each period, names none of them.
            data[node]["short_label" if shorts[data[node]["short_label"]] == 1 else "label"],
            legend[data[node]["kind"]],
            address.of(node),
            neighbours[node],
            between[node],
            radii[node],
            *places[node],
        )
        for number, node in enumerate(network)
    }


def _radius(neighbours: int) -> float:
    """Let the area, not the width, grow with the number of neighbours."""
    return round(min(7 + 2.4 * math.sqrt(neighbours), 24.0), 1)
