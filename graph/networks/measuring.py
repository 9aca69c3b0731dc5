"""Measures on what is drawn: how each disc is connected, and one way to divide them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import comb, sqrt
from statistics import fmean
from typing import TypeAlias

import numpy as np

from graph.networks.simple import Simple

Point: TypeAlias = tuple[float, float]

SEED = 20210514
_EXACT = 20_000_000  # nodes times ties up to which all shortest paths are followed: half a second
_SOURCES = 50  # nodes from which paths are followed at least
_BATCHES = 10  # of sources, from whose differences the error is told
_NORMAL = 1.96  # of a normal distribution within which 95 % lie
_MANY = 3000  # ties from which on a division is looked for with less patience


@dataclass(frozen=True, slots=True)
class Betweenness:
    """The share of the shortest paths between others that lead through each disc, from 0 to 1.

    `sampled` is the number of sources where not all paths were followed, `error` then the largest
    half-width of a 95 % interval among the discs.
    """

    shares: tuple[float, ...]
    sampled: int | None = None
    error: float | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A group of discs; `stability` is the share of its pairs that other runs keep together."""

    number: int
    members: tuple[int, ...]
    stability: float


@dataclass(frozen=True, slots=True)
class Grouping:
    """One possible division of the discs that have ties, and how much other runs agree with it.

    `stability` is the mean adjusted Rand index to the other runs: 1 where all found the same,
    about 0 where they agree no more than chance (Hubert and Arabie 1985).
    """

    groups: tuple[Group, ...]
    stability: float
    modularity: float
    runs: int

    def of(self, size: int) -> list[int | None]:
        """Give the number of the group of each disc, None for one without ties."""
        found: list[int | None] = [None] * size
        for group in self.groups:
            for member in group.members:
                found[member] = group.number
        return found

    def among(self, discs: Sequence[int]) -> Grouping:
        """Give the same division of some of the discs, numbered by their places among these."""
        place = {disc: at for at, disc in enumerate(discs)}
        held = [
            replace(group, members=tuple(place[at] for at in group.members if at in place))
            for group in self.groups
        ]
        return replace(self, groups=tuple(group for group in held if group.members))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many nodes and links there are, connected parts of two or more, and nodes alone."""

    nodes: int
    links: int
    parts: int
    alone: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was computed of a whole map when its release was built, by the numbers of its nodes.

    `points` is None where the map is too large to be drawn node by node. Then `outside` says
    where its groups are drawn, and `inside` where each node is from the middle of its group.
    """

    counts: Counts
    points: tuple[Point, ...] | None
    betweenness: Betweenness | None
    grouping: Grouping | None
    outside: Mapping[str, Point] = field(default_factory=dict)
    inside: tuple[Point, ...] | None = None


@dataclass(frozen=True, slots=True)
class Measures:
    """What is measured of each disc, in their order, and the connected parts."""

    degree: tuple[int, ...]
    strength: tuple[float, ...]
    betweenness: Betweenness
    constraint: tuple[float | None, ...]
    core: tuple[int, ...]
    grouping: Grouping | None
    parts: tuple[int, ...]  # sizes


def measure(
    simple: Simple, known: Prepared | None = None, grouping: Grouping | None = None
) -> Measures:
    """Measure a network; what is known of it, such as a grouping, is not computed again."""
    shares = None if known is None else known.betweenness
    grouping = known.grouping if known is not None and grouping is None else grouping
    return Measures(
        tuple(simple.degrees()),
        tuple(simple.strengths()),
        betweenness(simple) if shares is None else shares,
        tuple(simple.constraints()),
        tuple(simple.cores()),
        divide(simple) if grouping is None else grouping,
        tuple(len(part) for part in simple.parts()),
    )


def counts(nodes: int, links: int, parts: Sequence[int]) -> Counts:
    """Count what is there, given the sizes of its connected parts."""
    return Counts(nodes, links, sum(size > 1 for size in parts), list(parts).count(1))


def betweenness(simple: Simple, patience: int = _EXACT) -> Betweenness:
    """Give the betweenness of each disc, averaged over the pairs of others that a path joins.

    Exact where nodes times ties are within `patience`; otherwise from as many seeded sources as
    half of it allows, with the error (Brandes and Pich 2007, doi 10.1142/S0218127407018403).
    """
    parts = simple.parts()
    joined = sum(comb(len(part), 2) for part in parts)
    pairs = [0] * simple.size
    for part in parts:
        for node in part:
            pairs[node] = max(joined - (len(part) - 1), 1)
    ties = max(len(simple.ends), 1)
    each = max(patience // 2 // ties, _SOURCES) // _BATCHES
    if simple.size * ties <= patience or each * _BATCHES >= simple.size:
        found = simple.paths_through()
        return Betweenness(tuple(sum_ / of for sum_, of in zip(found, pairs, strict=True)))
    sources = each * _BATCHES
    chosen = random.Random(SEED).sample(range(simple.size), sources)  # noqa: S311  # no secret
    batches = [simple.paths_through(chosen[at : at + each]) for at in range(0, sources, each)]
    estimates = np.array(batches) * (simple.size / each) / np.array(pairs)
    shares: list[float] = np.minimum(estimates.mean(axis=0), 1.0).tolist()
    error = _NORMAL * float(estimates.std(axis=0, ddof=1).max()) / sqrt(_BATCHES)
    return Betweenness(tuple(shares), sources, error)


def divide(simple: Simple, most: int | None = None) -> Grouping | None:
    """Divide the discs that have ties by several runs, and tell how much these agree.

    The run of the highest modularity is told, the first of equals, with groups of more than
    `most` members divided again, which the agreement of runs leaves aside. None where there are
    no ties.
    """
    if not len(simple.ends):
        return None
    runs, rounds = (12, -1) if len(simple.ends) <= _MANY else (4, 2)
    tied = [node for node, degree in enumerate(simple.degrees()) if degree]
    found = [simple.grouping(SEED + run, rounds) for run in range(runs)]
    best = max(range(runs), key=lambda run: (found[run][1], -run))
    first = found[best][0]
    kept = first if most is None else _cut(simple, first, most)
    told, uncut = [kept[node] for node in tied], [first[node] for node in tied]
    others = [
        [members[node] for node in tied] for run, (members, _) in enumerate(found) if run != best
    ]
    return Grouping(
        _groups(told, tied, others),
        fmean(adjusted_rand(uncut, other) for other in others),
        simple.modularity(kept),
        runs,
    )


def _cut(simple: Simple, groups: Sequence[int], most: int) -> list[int]:
    """Divide groups of more than `most` members again, while that divides them."""
    members: dict[int, list[int]] = {}
    for node, group in enumerate(groups):
        members.setdefault(group, []).append(node)
    found, number, waiting = list(groups), max(groups) + 1, list(members.values())
    while waiting:
        nodes = waiting.pop()
        parts = simple.within([nodes])[0].grouping(SEED, 2)[0] if len(nodes) > most else []
        pieces: dict[int, list[int]] = {}
        for node, part in zip(nodes, parts, strict=False):
            pieces.setdefault(part, []).append(node)
        if len(pieces) > 1:
            for piece in pieces.values():
                for node in piece:
                    found[node] = number
                number += 1
            waiting += pieces.values()
    return found


def _groups(
    told: Sequence[int], tied: Sequence[int], others: Sequence[Sequence[int]]
) -> tuple[Group, ...]:
    """Give groups their numbers, the largest first, those of equal size by their first disc."""
    places: dict[int, list[int]] = {}
    for at, group in enumerate(told):
        places.setdefault(group, []).append(at)
    ordered = sorted(places.values(), key=lambda part: (-len(part), part[0]))
    return tuple(
        Group(number, tuple(tied[at] for at in part), _kept(part, others))
        for number, part in enumerate(ordered)
    )


def _kept(part: Sequence[int], others: Sequence[Sequence[int]]) -> float:
    """Give the share of the pairs of a group that other runs keep in one group."""
    pairs = comb(len(part), 2)
    if not pairs:
        return 1.0
    return fmean(
        sum(comb(count, 2) for count in _counts([other[at] for at in part]).values()) / pairs
        for other in others
    )


def _counts(values: Sequence[object]) -> dict[object, int]:
    found: dict[object, int] = {}
    for value in values:
        found[value] = found.get(value, 0) + 1
    return found


def adjusted_rand(one: Sequence[int], two: Sequence[int]) -> float:
    """Compare two divisions of the same things: 1 where they are the same, about 0 by chance."""
    both = sum(comb(count, 2) for count in _counts(list(zip(one, two, strict=True))).values())
    first = sum(comb(count, 2) for count in _counts(list(one)).values())
    second = sum(comb(count, 2) for count in _counts(list(two)).values())
    expected = first * second / max(comb(len(one), 2), 1)
    most = (first + second) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)
