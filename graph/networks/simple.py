"""The simple network of what is drawn, as igraph computes with it: this module is its wall."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import cached_property
from threading import Lock
from typing import Any, Self

import numpy as np

from graph.networks.ties import Floats, Integers

# igraph draws by lot from one generator of the process, so that one thread at a time may.
_DICE = Lock()


def _igraph() -> Any:  # noqa: ANN401  # it has no types
    import igraph  # noqa: PLC0415  # most of a second, and small questions do without

    return igraph


class Simple:
    """An undirected network without loops; nodes are numbered from 0, ties have weights.

    What has a seed comes out the same for the same network, whatever else the process does.
    """

    def __init__(self, size: int, weights: Mapping[tuple[int, int], float]) -> None:
        pairs = sorted(weights)
        self.size = size
        self.ends = np.array(pairs, np.int64).reshape(-1, 2)
        self.load = np.array([weights[pair] for pair in pairs], np.float64)

    @classmethod
    def of(cls, size: int, source: Integers, target: Integers, load: Floats) -> Self:
        """Make a network from ties in any direction: loops go, and several of a pair are added."""
        low, high = np.minimum(source, target), np.maximum(source, target)
        apart = low != high
        keys, place = np.unique(low[apart] * size + high[apart], return_inverse=True)
        made = cls(size, {})
        made.ends = np.stack([keys // max(size, 1), keys % max(size, 1)], axis=1)
        made.load = np.bincount(place, load[apart], len(keys)).astype(np.float64)
        return made

    @cached_property
    def pairs(self) -> list[tuple[int, int]]:
        """Give the ends of each tie, the lower number first, in order."""
        return [(one, two) for one, two in self.ends.tolist()]

    @cached_property
    def weights(self) -> list[float]:
        """Give the weight of each tie."""
        found: list[float] = self.load.tolist()
        return found

    @cached_property
    def _graph(self) -> Any:  # noqa: ANN401  # igraph has no types
        return _igraph().Graph(self.size, self.ends)

    @cached_property
    def _matrix(self) -> Any:  # noqa: ANN401  # scipy has no types
        from scipy.sparse import csr_matrix  # noqa: PLC0415  # a fifth of a second, as above

        one, two = self.ends.T
        ends = np.concatenate([one, two]), np.concatenate([two, one])
        return csr_matrix((np.ones(2 * len(self.ends)), ends), shape=(self.size, self.size))

    @cached_property
    def neighbours(self) -> list[list[int]]:
        """Give the neighbours of each node, in order."""
        found: list[list[int]] = [[] for _ in range(self.size)]
        for one, two in self.pairs:
            found[one].append(two)
            found[two].append(one)
        return [sorted(others) for others in found]

    def degrees(self) -> list[int]:
        """Count the neighbours of each node."""
        found: list[int] = np.bincount(self.ends.ravel(), minlength=self.size).tolist()
        return found

    def strengths(self) -> list[float]:
        """Add the weights of the ties of each node."""
        load = np.repeat(self.load, 2)
        found: list[float] = np.bincount(self.ends.ravel(), load, self.size).tolist()
        return found

    def parts(self) -> list[list[int]]:
        """List the connected parts, the largest first, each in order. O(n + m)."""
        from scipy.sparse.csgraph import connected_components  # noqa: PLC0415  # as above

        if not self.size:
            return []
        _, part = connected_components(self._matrix, directed=False)
        order = np.argsort(part, kind="stable")
        cuts = np.flatnonzero(np.diff(part[order])) + 1
        found: list[list[int]] = [nodes.tolist() for nodes in np.split(order, cuts)]
        return sorted(found, key=lambda nodes: (-len(nodes), nodes[0]))

    def steps(self, start: int) -> Integers:
        """Count the ties from a node to each, -1 where none lead. O(n + m)."""
        from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415  # as above

        found = dijkstra(self._matrix, indices=start, unweighted=True)
        return np.where(np.isfinite(found), found, -1).astype(np.int64)

    def within(self, groups: Sequence[Sequence[int]]) -> list[Simple]:
        """Give the network between the nodes of each group, numbered by their places in it.

        A node is of one group at most.
        """
        group, place = np.full(self.size, -1, np.int64), np.zeros(self.size, np.int64)
        for number, nodes in enumerate(groups):
            group[list(nodes)] = number
            place[list(nodes)] = np.arange(len(nodes))
        of = group[self.ends]
        inner = np.flatnonzero((of[:, 0] == of[:, 1]) & (of[:, 0] >= 0))
        inner = inner[np.argsort(of[inner, 0], kind="stable")]
        cuts = np.searchsorted(of[inner, 0], np.arange(1, len(groups)))
        return [
            Simple.of(
                len(nodes), place[self.ends[ties, 0]], place[self.ends[ties, 1]], self.load[ties]
            )
            for nodes, ties in zip(groups, np.split(inner, cuts), strict=True)
        ]

    def cores(self) -> list[int]:
        """Give the largest k of each node such that it is in the k-core (Seidman 1983). O(m)."""
        return [int(core) for core in self._graph.coreness()]

    def constraints(self) -> list[float | None]:
        """Give Burt's constraint by weights, None for a node without neighbours.

        How much all that a node invests in its neighbours leads back to the same few: near 0
        where these know nobody in common (it spans structural holes), 1 and above where all do.
        Burt, Structural Holes (1992).
        """
        found = self._graph.constraint(weights=self.weights) if len(self.ends) else []
        degrees = self.degrees()
        return [None if not degrees[node] else float(found[node]) for node in range(self.size)]

    def paths_through(self, sources: Sequence[int] | None = None) -> list[float]:
        """Give the sum, over pairs of others, of the part of their shortest paths through a node.

        Paths are as long as they have ties. Brandes' algorithm (2001), O(n m). From some sources
        only, each pair counts one half for each of its ends that is a source.
        """
        if sources is None:
            return [float(number) for number in self._graph.betweenness(directed=False)]
        found = self._graph.betweenness(directed=False, sources=list(sources))
        return [float(number) for number in found]

    def ways(self, sources: Sequence[int]) -> tuple[Integers, Floats]:
        """Count the ties from each source to every node, and the shortest ways there.

        Both have a row for each source; -1 and 0 where no way leads. Counts are exact below 2⁵³.
        """
        shape = self.size, len(sources)
        steps, counts = np.full(shape, -1, np.int64), np.zeros(shape)
        steps[list(sources), np.arange(len(sources))] = 0
        counts[list(sources), np.arange(len(sources))] = 1
        front, level = counts.copy(), 0
        while front.any():
            level += 1
            front = self._matrix @ front
            front[steps >= 0] = 0
            steps[front > 0] = level
            counts += front
        return steps.T, counts.T

    def without(self, node: int) -> Simple:
        """Give the network in which a node has no ties."""
        kept = (self.ends != node).all(axis=1)
        return Simple.of(self.size, self.ends[kept, 0], self.ends[kept, 1], self.load[kept])

    def grouping(self, seed: int, rounds: int) -> tuple[list[int], float]:
        """Divide the nodes by Leiden with modularity; give the group of each, and the modularity.

        Rounds below 0 go on until nothing becomes better.

        Traag, Waltman and van Eck (2019), doi 10.1038/s41598-019-41695-z.
        """
        with _DICE:
            _igraph().set_random_number_generator(random.Random(seed))  # noqa: S311  # no secret
            found = self._graph.community_leiden(
                objective_function="modularity", weights=self.weights, n_iterations=rounds
            )
        members: list[int] = found.membership
        return members, self.modularity(members)

    def modularity(self, members: Sequence[int]) -> float:
        """Tell how much weight lies within groups beyond what chance would put there."""
        return float(self._graph.modularity(list(members), weights=self.weights))

    def spread(
        self, seed: int, start: Sequence[tuple[float, float]] | None, rounds: int
    ) -> list[tuple[float, float]]:
        """Lay the nodes out by springs (Fruchterman and Reingold 1991), from a start or by lot."""
        with _DICE:
            _igraph().set_random_number_generator(random.Random(seed))  # noqa: S311  # no secret
            found = self._graph.layout_fruchterman_reingold(
                niter=rounds, seed=None if start is None else [list(point) for point in start]
            )
        return [(float(x), float(y)) for x, y in found]
