"""Measures on networks: how many neighbours a node has, and how often it lies between others."""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx

from graph.network import Network


def neighbour_counts(network: Network) -> Mapping[str, int]:
    """Count the neighbours of each node, whatever the direction of the links.

    A node is no neighbour of itself, and two nodes linked both ways are neighbours once. This
    is the degree of the simple undirected graph. O(n + m).
    """
    simple = _simple(network)
    return {node: len(simple.adj[node]) for node in simple}


def betweenness(network: Network) -> Mapping[str, float]:
    """Give the share of the shortest ways between two others that lead through each node.

    Freeman's betweenness of the simple undirected graph, from 0 to 1: for each pair of other
    nodes, the part of the shortest paths between them on which the node lies, averaged over the
    pairs that any path joins. (The usual norm divides by all pairs, and so tells little where a
    network falls into parts.) Links have no length: a weight says how strong a link is, not how
    long. Exact, by Brandes' algorithm (2001, doi 10.1080/0022250X.2001.9990249). O(n m).
    """
    simple = _simple(network)
    parts = groups(network)
    joined = sum(len(part) * (len(part) - 1) // 2 for part in parts)
    others = {node: joined - (len(part) - 1) for part in parts for node in part}
    paths = nx.betweenness_centrality(simple, normalized=False)
    return {node: float(paths[node]) / max(others[node], 1) for node in simple}


def groups(network: Network) -> list[list[str]]:
    """List the connected parts, the largest first, each in the order of its IRIs.

    Parts of equal size stand in the order of their first node. O(n + m).
    """
    parts = [sorted(part) for part in nx.connected_components(_simple(network))]
    return sorted(parts, key=lambda part: (-len(part), part[0]))


def _simple(network: Network) -> Network:
    """Copy the network as undirected, without loops or attributes, in sorted order.

    Sorted, so that sums of fractions come out the same to the last bit whatever the order in
    which a network was built.
    """
    simple: Network = nx.Graph()
    simple.add_nodes_from(sorted(network))
    links = ((min(pair), max(pair)) for pair in network.edges if pair[0] != pair[1])
    simple.add_edges_from(sorted(links))
    return simple
