"""Who brings others together, how sure that rank is, and the ways that depend on it."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice
from math import comb, inf
from typing import Literal, TypeVar

from graph.networks.collapsing import Sheet
from graph.networks.measuring import SEED, Betweenness, Grouping
from graph.networks.simple import Simple

N = TypeVar("N", int, float)

LEFT_OUT = 0.1  # of the reasons in each resample
_RESAMPLES = 60
_WORK = 1_000_000  # nodes times ties up to which resamples follow all paths, and 60 take seconds
_SOURCES = 100  # from which they are followed otherwise
_LARGEST = 5000  # ties beyond which half as many resamples are drawn
_MOST = 20_000  # ties beyond which none are
_LOW, _HIGH = 0.05, 0.95
_PAIRS_FROM = 400  # nodes whose pairs are looked at; beyond, so many are drawn by lot
_EXAMPLES = 3
_LOOKED_AT = 300  # pairs of neighbours among which examples are looked for


@dataclass(frozen=True, slots=True)
class Broker:
    """A disc that many shortest paths between others lead through, and what depends on it.

    `low` and `high` are the 5th and 95th percentile of its rank in resamples, `share_low` and
    `share_high` those of its betweenness; None where there were none. `pairs` counts the pairs of
    others all of whose shortest paths lead through it, `apart` those of them that no path would
    join without it; `joins` are the communities of its neighbours, `paths` examples.
    """

    disc: int
    rank: int
    low: int | None
    high: int | None
    share: float
    share_low: float | None
    share_high: float | None
    pairs: int
    apart: int
    joins: tuple[int, ...]
    paths: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Brokerage:
    """The brokers of a network, the first by rank; how often and from what it was resampled."""

    brokers: tuple[Broker, ...]
    resamples: int
    unit: Literal["reasons", "links"]
    sampled: bool  # whether pairs are estimated from some of the nodes


def find_brokers(
    sheet: Sheet,
    between: Betweenness,
    grouping: Grouping | None,
    doing: Collection[int],
    top: int,
) -> Brokerage:
    """Find the brokers of what is drawn, with the rank that each has when a tenth is unknown.

    Each resample leaves out a tenth of the reasons, with all links that have no other, where
    these are all things that are done (`doing`), and a tenth of the links otherwise (a delete-d
    jackknife; Efron and Tibshirani 1993, 11.7): data about the field are incomplete, and a rank
    that is lost with a tenth of them should not be told as one.
    """
    simple = sheet.simple()
    shares = between.shares
    order = sorted(range(simple.size), key=lambda at: (-shares[at], at))
    chosen = [at for at in order[:top] if shares[at] > 0]
    units, unit = _units(sheet, doing)
    resampled = _resample(sheet, units, simple) if chosen else []
    members = [None] * simple.size if grouping is None else grouping.of(simple.size)
    neighbours = simple.neighbours
    found = []
    for at in chosen:
        ranks = sorted(1 + sum(other > sample[at] for other in sample) for sample in resampled)
        values = sorted(sample[at] for sample in resampled)
        found.append(
            Broker(
                at,
                1 + sum(other > shares[at] for other in shares),
                _quantile(ranks, _LOW),
                _quantile(ranks, _HIGH),
                shares[at],
                _quantile(values, _LOW),
                _quantile(values, _HIGH),
                *_dependent(simple, at),
                tuple(sorted({m for n in neighbours[at] if (m := members[n]) is not None})),
                _examples(at, neighbours, members),
            )
        )
    largest = max((len(part) for part in simple.parts()), default=0)
    return Brokerage(tuple(found), len(resampled), unit, largest > _PAIRS_FROM)


def _units(
    sheet: Sheet, doing: Collection[int]
) -> tuple[list[tuple[int, ...]], Literal["reasons", "links"]]:
    """Give what each line rests on: what is done together, or else itself."""
    if all(line.reasons and set(line.reasons) <= set(doing) for line in sheet.lines):
        return [line.reasons for line in sheet.lines], "reasons"
    return [(at,) for at in range(len(sheet.lines))], "links"


def _resample(
    sheet: Sheet, units: Sequence[tuple[int, ...]], simple: Simple
) -> list[tuple[float, ...]]:
    """Give the betweenness of all discs in each resample, up to a factor that is the same."""
    ties = len(simple.pairs)
    if not ties or ties > _MOST:
        return []
    times = _RESAMPLES if ties <= _LARGEST else _RESAMPLES // 2
    sources = None if simple.size * ties <= _WORK or simple.size <= _SOURCES else _SOURCES
    everything = sorted({unit for held in units for unit in held})
    found = []
    for turn in range(times):
        dice = random.Random(SEED + turn)  # noqa: S311  # no secret
        gone = set(dice.sample(everything, max(1, round(len(everything) * LEFT_OUT))))
        weights: dict[tuple[int, int], float] = defaultdict(float)
        for line, held in zip(sheet.lines, units, strict=True):
            if line.source != line.target and not gone.issuperset(held):
                ends = min(line.source, line.target), max(line.source, line.target)
                weights[ends] += line.weight
        resampled = Simple(simple.size, dict(weights))
        chosen = None if sources is None else dice.sample(range(simple.size), sources)
        scale = 1.0 if chosen is None else simple.size / len(chosen)
        joined = max(sum(comb(len(part), 2) for part in resampled.parts()), 1)
        paths = resampled.paths_through(chosen)
        found.append(tuple(min(number * scale / joined, 1.0) for number in paths))
    return found


def _quantile(values: Sequence[N], share: float) -> N | None:
    """Give the value at a share of sorted values; None where there are none."""
    return values[min(int(share * len(values)), len(values) - 1)] if values else None


def _dependent(simple: Simple, broker: int) -> tuple[int, int]:
    """Count the pairs all of whose shortest paths lead through a disc, and those it holds together.

    The first is estimated from some nodes drawn by lot where its part has very many.
    """
    without = simple.without(broker)
    part = next(part for part in simple.parts() if broker in part)
    pieces = [
        len(piece) for piece in without.parts() if piece[0] in set(part) and piece != [broker]
    ]
    apart = (sum(pieces) ** 2 - sum(size**2 for size in pieces)) // 2
    others = [node for node in part if node != broker]
    sources = others
    if len(others) > _PAIRS_FROM:
        sources = sorted(random.Random(SEED).sample(others, _PAIRS_FROM))  # noqa: S311  # no secret
    longer = 0
    for before, after in zip(simple.distances(sources), without.distances(sources), strict=True):
        longer += sum(after[node] > before[node] and before[node] < inf for node in others)
    return round(longer / 2 * len(others) / len(sources)), apart


def _examples(
    broker: int, neighbours: Sequence[Sequence[int]], members: Sequence[int | None]
) -> tuple[tuple[int, ...], ...]:
    """Give paths of two links that lead through a disc and have no way as short beside it.

    Those between different communities come first, then those between well connected nodes.
    """
    around = neighbours[broker]
    sets = {node: set(neighbours[node]) - {broker} for node in around}
    ranked = sorted(around, key=lambda node: (-len(neighbours[node]), node))
    apart = (
        (one, broker, two)
        for at, one in enumerate(ranked)
        for two in ranked[at + 1 :]
        if two not in sets[one] and not sets[one] & sets[two]
    )
    looked_at = list(islice(apart, _LOOKED_AT))
    looked_at.sort(key=lambda path: members[path[0]] == members[path[2]])
    return tuple(looked_at[:_EXAMPLES])
