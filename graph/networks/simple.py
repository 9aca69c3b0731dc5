"""The simple network of what is drawn, as igraph computes with it: this module is its wall."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cached_property
from threading import Lock
from typing import Any

# igraph draws by lot from one generator of the process, so that one thread at a time may.
_DICE = Lock()


def _igraph() -> Any:  # noqa: ANN401  # it has no types
    import igraph  # noqa: PLC0415  # most of a second, and small questions do without

    return igraph


class Simple:
    """An undirected network without loops; nodes are numbered from 0, ties have weights.

    What has a seed comes out the same for the same network, whatever else the process does.
    """

    def __init__(self, size: int, weights: dict[tuple[int, int], float]) -> None:
        self.size = size
        self.pairs = sorted(weights)
        self.weights = [weights[pair] for pair in self.pairs]

    @cached_property
    def _graph(self) -> Any:  # noqa: ANN401  # igraph has no types
        return _igraph().Graph(self.size, self.pairs)

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
        return [len(others) for others in self.neighbours]

    def strengths(self) -> list[float]:
        """Add the weights of the ties of each node."""
        found = [0.0] * self.size
        for (one, two), weight in zip(self.pairs, self.weights, strict=True):
            found[one] += weight
            found[two] += weight
        return found

    def parts(self) -> list[list[int]]:
        """List the connected parts, the largest first, each in order. O(n + m)."""
        left, found = set(range(self.size)), []
        for start in range(self.size):
            if start not in left:
                continue
            left.remove(start)
            part = [start]
            for node in part:  # which grows on the way
                for other in self.neighbours[node]:
                    if other in left:
                        left.remove(other)
                        part.append(other)
            found.append(sorted(part))
        return sorted(found, key=lambda part: (-len(part), part[0]))

    def cores(self) -> list[int]:
        """Give the largest k of each node such that it is in the k-core (Seidman 1983). O(m)."""
        return [int(core) for core in self._graph.coreness()]

    def constraints(self) -> list[float | None]:
        """Give Burt's constraint by weights, None for a node without neighbours.

        How much all that a node invests in its neighbours leads back to the same few: near 0
        where these know nobody in common (it spans structural holes), 1 and above where all do.
        Burt, Structural Holes (1992).
        """
        found = self._graph.constraint(weights=self.weights) if self.pairs else []
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

    def distances(self, sources: Sequence[int]) -> list[list[float]]:
        """Give the number of ties from each source to every node, infinite where none lead."""
        found: list[list[float]] = self._graph.distances(source=list(sources))
        return found

    def without(self, node: int) -> Simple:
        """Give the network in which a node has no ties."""
        kept = {
            pair: weight
            for pair, weight in zip(self.pairs, self.weights, strict=True)
            if node not in pair
        }
        return Simple(self.size, kept)

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
        return members, float(self._graph.modularity(members, weights=self.weights))

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
