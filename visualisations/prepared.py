"""What is drawn and measured of a whole map beforehand, so that readers need not wait for it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from graph.networks.collapsing import Sheet, collapsed, plain
from graph.networks.measuring import Prepared, betweenness, counts, divide
from graph.networks.narrowing import Selection, whole
from graph.networks.projection import Drawn, Projection
from graph.networks.simple import Simple
from graph.networks.ties import distinct
from visualisations.grouping import by_number, communities
from visualisations.layout import spread
from visualisations.maps import MapSpec
from visualisations.overlap import Point

DRAWN = 5000  # nodes beyond which a map is drawn by groups
LINKS = 40_000  # links beyond which it is
GROUPED = 2000  # members of a group of a large map, so that each can be opened
_MEASURED = 20_000  # nodes beyond which nothing is drawn of each
_PATIENCE = 300_000_000  # nodes times links up to which all paths are followed: some ten seconds


def computed(projection: Projection) -> Prepared:
    """Draw and measure a whole map: node by node, or by groups and within each of them."""
    selection = whole(projection)
    simple = selection.simple()
    nodes, links = len(selection.nodes), len(selection.ties)
    found = counts(nodes, links, [len(part) for part in simple.parts()])
    shares = betweenness(simple, _PATIENCE) if nodes <= _MEASURED else None
    if not crowded(nodes, links):
        sheet = plain(selection)
        points = tuple(spread(simple, radii_of(sheet, simple)))
        return Prepared(found, points, shares, divide(simple))
    grouping = divide(simple, GROUPED)
    keys = communities(selection.nodes, grouping)
    sheet = collapsed(selection, keys, (), by_number, directed=projection.directed)
    drawn = sheet.simple()
    points = tuple(spread(drawn, radii_of(sheet, drawn)))
    outside = {disc.group or "": point for disc, point in zip(sheet.discs, points, strict=True)}
    return Prepared(found, None, shares, grouping, outside, _inside(selection, simple, keys))


def crowded(nodes: int, links: int) -> bool:
    """Tell whether so much cannot be told apart when it is drawn node by node."""
    return nodes > DRAWN or links > LINKS


def _inside(
    selection: Selection, simple: Simple, keys: Mapping[int, tuple[str]]
) -> tuple[Point, ...]:
    """Draw the members of each group that can be opened, around its middle."""
    members: dict[str, list[int]] = {}
    for at, node in enumerate(selection.nodes):
        members.setdefault(keys[node][0], []).append(at)
    found = [(0.0, 0.0)] * len(selection.nodes)
    groups = [places for places in members.values() if len(places) <= DRAWN]
    outer = _outer(simple, groups)
    for places, part in zip(groups, simple.within(groups), strict=True):
        # As large as members are when they are drawn beside the other groups.
        degrees = zip(part.degrees(), places, strict=True)
        points = spread(part, [node_radius(degree + outer[at]) for degree, at in degrees])
        x = (min(x for x, _ in points) + max(x for x, _ in points)) / 2
        y = (min(y for _, y in points) + max(y for _, y in points)) / 2
        for at, point in zip(places, points, strict=True):
            found[at] = point[0] - x, point[1] - y
    return tuple(found)


def _outer(simple: Simple, groups: Sequence[Sequence[int]]) -> list[int]:
    """Count the other groups that each node is linked with."""
    group = np.full(simple.size, len(groups), np.int64)
    for number, places in enumerate(groups):
        group[list(places)] = number
    one, two = simple.ends.T
    node, other = np.concatenate([one, two]), group[np.concatenate([two, one])]
    apart = group[node] != other
    different = distinct(node[apart] * (len(groups) + 1) + other[apart])
    found: list[int] = np.bincount(different // (len(groups) + 1), minlength=simple.size).tolist()
    return found


def drawn_of(spec: MapSpec) -> Drawn:
    """Give the question of a map."""
    return Drawn(spec.query, spec.directed)


def node_radius(degree: int) -> float:
    """Let the area, not the width, of a node grow with its neighbours."""
    return round(min(7 + 2.4 * math.sqrt(degree), 24.0), 1)


def radii_of(sheet: Sheet, simple: Simple) -> list[float]:
    """Give the radii of discs: those of groups grow with their members."""
    return [
        node_radius(degree)
        if disc.node is not None
        else round(min(10 + 3.0 * disc.size**0.5, 60.0), 1)
        for disc, degree in zip(sheet.discs, simple.degrees(), strict=True)
    ]


def placed(
    prepared: Prepared | None, sheet: Sheet, simple: Simple, radii: Sequence[float]
) -> list[Point]:
    """Give places to discs, near to where the picture of the whole map has them."""
    if prepared is None or prepared.points is None:
        return spread(simple, radii)
    points = prepared.points
    near = {at: points[disc.node] for at, disc in enumerate(sheet.discs) if disc.node is not None}
    return spread(simple, radii, near)
