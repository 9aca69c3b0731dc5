"""Measures on networks, against values worked out by hand."""

from __future__ import annotations

import networkx as nx
import pytest

from graph.analytics import betweenness, groups, neighbour_counts
from graph.network import Network


def network(links: str, *, directed: bool = False) -> Network:
    """Make a network from pairs of letters; a single letter is a node without links."""
    made: Network = nx.DiGraph() if directed else nx.Graph()
    for link in links.split():
        made.add_node(link[0])
        if len(link) > 1:
            made.add_edge(link[0], link[1])
    return made


def test_neighbours_are_counted_whatever_the_direction() -> None:
    """Two opposite links make one neighbour, a loop makes none."""
    counts = neighbour_counts(network("ab ba ca aa d", directed=True))
    assert dict(counts) == {"a": 2, "b": 1, "c": 1, "d": 0}


def test_the_middle_of_a_star_is_on_all_ways_between_others() -> None:
    """All three pairs of leaves go through it; nothing goes through a leaf."""
    shares = betweenness(network("ma mb mc"))
    assert dict(shares) == {"a": 0.0, "b": 0.0, "c": 0.0, "m": 1.0}


def test_ways_of_equal_length_share() -> None:
    """In a ring of four, each node lies on one of the two ways between its neighbours."""
    shares = betweenness(network("ab bc cd da"))
    # Three pairs of others, one of them opposite each other with two ways: half of one in three.
    assert shares["a"] == pytest.approx(1 / 6)


def test_only_pairs_that_a_path_joins_count() -> None:
    """A second part adds the pairs inside it, not those between the parts."""
    shares = betweenness(network("am mb xy"))
    # Of the others, a and b are joined through m, x and y directly.
    assert shares["m"] == pytest.approx(1 / 2)


def test_an_empty_or_scattered_network_has_no_ways() -> None:
    """No pair is joined, so nothing lies between."""
    assert dict(betweenness(network(""))) == {}
    assert dict(betweenness(network("a b"))) == {"a": 0.0, "b": 0.0}


def test_groups_are_the_connected_parts_by_size() -> None:
    """The largest first, and among equals the one with the first node."""
    assert groups(network("xy ab bc q d", directed=True)) == [
        ["a", "b", "c"],
        ["x", "y"],
        ["d"],
        ["q"],
    ]
