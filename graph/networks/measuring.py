"""Measures on what is drawn: how each disc is connected, and one way to divide them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, sqrt
from statistics import fmean, stdev

from graph.networks.simple import Simple

SEED = 20210514
_EXACT = 20_000_000  # nodes times ties up to which all shortest paths are followed: half a second
_SOURCES = 200  # nodes from which paths are followed in larger networks
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


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was computed of a whole map when its release was built, by the numbers of its nodes.

    `points` is None where the map is too large to be drawn node by node.
    """

    points: tuple[tuple[float, float], ...] | None
    betweenness: tuple[float, ...] | None
    grouping: Grouping | None


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


def measure(simple: Simple, known: Prepared | None = None) -> Measures:
    """Measure a network; what was computed of it before is not computed again."""
    shares = None if known is None else known.betweenness
    grouping = None if known is None else known.grouping
    return Measures(
        tuple(simple.degrees()),
        tuple(simple.strengths()),
        betweenness(simple) if shares is None else Betweenness(shares),
        tuple(simple.constraints()),
        tuple(simple.cores()),
        divide(simple) if grouping is None else grouping,
        tuple(len(part) for part in simple.parts()),
    )


def betweenness(simple: Simple, *, exact: bool = False) -> Betweenness:
    """Give the betweenness of each disc, averaged over the pairs of others that a path joins.

    Exact in small networks or where asked for; otherwise from seeded sources (Brandes and Pich
    2007, doi 10.1142/S0218127407018403), with its error.
    """
    parts = simple.parts()
    joined = sum(comb(len(part), 2) for part in parts)
    pairs = [0] * simple.size
    for part in parts:
        for node in part:
            pairs[node] = max(joined - (len(part) - 1), 1)
    if exact or simple.size * len(simple.pairs) <= _EXACT or simple.size <= _SOURCES:
        found = simple.paths_through()
        return Betweenness(tuple(sum_ / of for sum_, of in zip(found, pairs, strict=True)))
    chosen = random.Random(SEED).sample(range(simple.size), _SOURCES)  # noqa: S311  # no secret
    each = _SOURCES // _BATCHES
    batches = [simple.paths_through(chosen[at : at + each]) for at in range(0, _SOURCES, each)]
    scale = simple.size / each
    shares, error = [], 0.0
    for node, of in enumerate(pairs):
        estimates = [batch[node] * scale / of for batch in batches]
        shares.append(min(fmean(estimates), 1.0))
        error = max(error, _NORMAL * stdev(estimates) / sqrt(_BATCHES))
    return Betweenness(tuple(shares), _SOURCES, error)


def divide(simple: Simple) -> Grouping | None:
    """Divide the discs that have ties by several runs, and tell how much these agree.

    The run of the highest modularity is told, the first of equals. None where there are no ties.
    """
    if not simple.pairs:
        return None
    runs, rounds = (12, -1) if len(simple.pairs) <= _MANY else (4, 2)
    tied = sorted({end for pair in simple.pairs for end in pair})
    found = [simple.grouping(SEED + run, rounds) for run in range(runs)]
    best = max(range(runs), key=lambda run: (found[run][1], -run))
    told = [found[best][0][node] for node in tied]
    others = [
        [members[node] for node in tied] for run, (members, _) in enumerate(found) if run != best
    ]
    return Grouping(
        _groups(told, tied, others),
        fmean(adjusted_rand(told, other) for other in others),
        found[best][1],
        runs,
    )


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
