"""Positions: no node on another, parts beside each other, the same every time."""

from __future__ import annotations

import itertools
import math
import random

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.network import Network
from graph.networks.simple import Simple
from visualisations.layout import place, spread
from visualisations.overlap import Point, separate

COORDINATES = st.floats(-500, 500, allow_nan=False)


def closest(points: dict[str, Point], radii: dict[str, float]) -> float:
    """Give the smallest gap between the circles of two nodes."""
    return min(
        math.dist(points[one], points[two]) - radii[one] - radii[two]
        for one, two in itertools.combinations(points, 2)
    )


@given(st.lists(st.tuples(COORDINATES, COORDINATES, st.floats(1, 40)), min_size=2, max_size=25))
def test_separated_circles_keep_their_gap(circles: list[tuple[float, float, float]]) -> None:
    """Wherever they lay before."""
    points = {str(at): (x, y) for at, (x, y, _) in enumerate(circles)}
    radii = {str(at): radius for at, (_, _, radius) in enumerate(circles)}
    assert closest(separate(points, radii, 10), radii) >= 10 - 1e-6


def test_a_crowd_in_one_point_is_taken_apart() -> None:
    """Coincident points have no direction to flee to, and yet must."""
    points = {str(at): (3.0, 3.0) for at in range(60)}
    radii = dict.fromkeys(points, 12.0)
    assert closest(separate(points, radii, 5), radii) >= 5 - 1e-6


def test_points_that_are_apart_stay() -> None:
    """Nothing moves that need not, but for the hair that breaks ties."""
    points = {"a": (0.0, 0.0), "b": (100.0, 0.0)}
    moved = separate(points, {"a": 10, "b": 10}, 5)
    assert all(math.dist(moved[name], points[name]) < 0.01 for name in points)


def test_one_point_or_none_is_left_alone() -> None:
    """It takes two to overlap."""
    assert separate({}, {}, 5) == {}
    assert separate({"a": (1.0, 2.0)}, {"a": 5.0}, 5) == {"a": (1.0, 2.0)}


def cliques_and_loners() -> Network:
    """Make a dense part, a chain, a pair and nodes without links."""
    made: Network = nx.Graph()
    made.add_edges_from(itertools.combinations([f"a{at:02}" for at in range(20)], 2))
    made.add_edges_from(itertools.pairwise(f"b{at}" for at in range(9)))
    made.add_edge("c", "d")
    made.add_nodes_from(f"e{at}" for at in range(7))
    return made


def test_no_node_lies_on_another() -> None:
    """Within a part and between the parts, even after rounding."""
    network = cliques_and_loners()
    radii = {node: 7.0 + 2 * (len(network.adj[node]) ** 0.5) for node in network}
    points = place(network, radii)
    assert set(points) == set(network)
    assert closest(points, radii) > 10


def test_the_order_of_building_does_not_move_a_node() -> None:
    """Nodes and links are sorted before the dice are thrown."""
    network = cliques_and_loners()
    nodes, links = list(network), [link[::-1] for link in network.edges]
    random.Random(5).shuffle(nodes)  # noqa: S311  # a shuffle, no cryptography
    random.Random(6).shuffle(links)  # noqa: S311  # as above
    other: Network = nx.Graph()
    other.add_nodes_from(nodes)
    other.add_edges_from(links)
    radii = dict.fromkeys(network, 9.0)
    assert place(other, radii) == place(network, radii)


def test_the_picture_is_about_as_wide_as_a_screen() -> None:
    """Forty pairs are set in rows and columns, not in a line."""
    network: Network = nx.Graph([(f"{at}a", f"{at}b") for at in range(40)])
    points = place(network, dict.fromkeys(network, 10.0)).values()
    width, height = (
        max(point[axis] for point in points) - min(point[axis] for point in points)
        for axis in (0, 1)
    )
    assert 0.9 < width / height < 2


def test_linked_nodes_are_nearer_than_others() -> None:
    """Two cliques joined by one link stay apart."""
    network: Network = nx.relabel_nodes(nx.barbell_graph(8, 0), str)
    points = place(network, dict.fromkeys(network, 8.0))
    pairs = list(itertools.combinations(network, 2))
    linked = [math.dist(points[a], points[b]) for a, b in pairs if network.has_edge(a, b)]
    apart = [math.dist(points[a], points[b]) for a, b in pairs if not network.has_edge(a, b)]
    assert sum(linked) / len(linked) < 0.7 * sum(apart) / len(apart)


@pytest.mark.parametrize("directed", [False, True])
def test_loops_and_single_nodes_are_placed(*, directed: bool) -> None:
    """A node linked with itself only, and an empty network, are no trouble."""
    made: Network = nx.DiGraph() if directed else nx.Graph()
    assert place(made, {}) == {}
    made.add_edge("a", "a")
    assert len(place(made, {"a": 8.0})) == 1
    made.add_edge("a", "b")
    made.add_edge("b", "a")
    points = place(made, {"a": 8.0, "b": 8.0})
    assert math.dist(points["a"], points["b"]) > 16


def skewed(size: int) -> Simple:
    """Make a network in which few nodes have many neighbours."""
    chance = random.Random(3)  # noqa: S311  # no secret
    pairs = {(int(chance.random() ** 2 * one), one) for one in range(1, size) for _ in (0, 1)}
    return Simple(size, dict.fromkeys(pairs, 1.0))


def test_a_large_part_has_no_node_on_another() -> None:
    """Springs lay it out, which heap nodes in the middle."""
    network = skewed(700)
    radii = [7.0 + degree**0.5 for degree in network.degrees()]
    points = spread(network, radii)
    named = {str(at): point for at, point in enumerate(points)}
    assert closest(named, {str(at): radius for at, radius in enumerate(radii)}) > 10
    assert spread(network, radii) == points


def test_a_narrower_picture_keeps_nodes_about_where_they_were() -> None:
    """What was left stays left: the order from left to right is mostly that of the whole."""
    network = skewed(60)
    radii = [9.0] * 60
    before = spread(network, radii)
    fewer = Simple(60, {pair: 1.0 for pair in network.pairs if max(pair) < 40})
    after = spread(fewer, radii, dict(enumerate(before)))
    anew = spread(fewer, radii)

    def kept(points: list[Point]) -> float:
        pairs = list(itertools.combinations(range(40), 2))
        same = sum(
            math.dist(before[one], before[two]) < 300 and math.dist(points[one], points[two]) < 300
            for one, two in pairs
        )
        return same / len(pairs)

    assert kept(after) > kept(anew)


def test_many_nodes_without_links_are_a_block() -> None:
    network = Simple(400, {(0, 1): 1.0})
    points = spread(network, [8.0] * 400)
    named = {str(at): point for at, point in enumerate(points)}
    assert closest(named, dict.fromkeys(named, 8.0)) > 10
    width, height = (max(p[axis] for p in points) for axis in (0, 1))
    assert 0.8 < width / height < 2.2


def test_very_many_parts_are_set_in_rows() -> None:
    network = Simple(600, {(at, at + 1): 1.0 for at in range(0, 600, 2)})
    points = spread(network, [8.0] * 600)
    named = {str(at): point for at, point in enumerate(points)}
    assert closest(named, dict.fromkeys(named, 8.0)) > 10
