"""Who brings others together, how sure that rank is, and the ways that depend on it."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice
from math import comb
from typing import Literal, TypeVar

import numpy as np

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
_AT_ONCE = 100  # nodes whose ways to all others are counted at a time
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
    for at, pairs in zip(chosen, _depending(simple, chosen), strict=True):
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
                pairs,
                _apart(simple, at),
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
    done = frozenset(doing)
    if all(line.reasons and done.issuperset(line.reasons) for line in sheet.lines):
        return [line.reasons for line in sheet.lines], "reasons"
    return [(at,) for at in range(len(sheet.lines))], "links"


def _resample(
    sheet: Sheet, units: Sequence[tuple[int, ...]], simple: Simple
) -> list[tuple[float, ...]]:
    """Give the betweenness of all discs in each resample, up to a factor that is the same."""
    ties = len(simple.ends)
    if not ties or ties > _MOST:
        return []
    times = _RESAMPLES if ties <= _LARGEST else _RESAMPLES // 2
    sources = None if simple.size * ties <= _WORK or simple.size <= _SOURCES else _SOURCES
    everything = sorted({unit for held in units for unit in held})
    line = np.repeat(np.arange(len(units)), [len(held) for held in units])
    unit = np.searchsorted(everything, [unit for held in units for unit in held])
    source = np.array([line.source for line in sheet.lines], np.int64)
    target = np.array([line.target for line in sheet.lines], np.int64)
    load = np.array([line.weight for line in sheet.lines], np.float64)
    found = []
    for turn in range(times):
        dice = random.Random(SEED + turn)  # noqa: S311  # no secret
        there = np.ones(len(everything), np.bool_)
        there[dice.sample(range(len(there)), max(1, round(len(there) * LEFT_OUT)))] = False
        kept = np.bincount(line[there[unit]], minlength=len(units)) > 0
        resampled = Simple.of(simple.size, source[kept], target[kept], load[kept])
        chosen = None if sources is None else dice.sample(range(simple.size), sources)
        scale = 1.0 if chosen is None else simple.size / len(chosen)
        joined = max(sum(comb(len(part), 2) for part in resampled.parts()), 1)
        paths = resampled.paths_through(chosen)
        found.append(tuple(min(number * scale / joined, 1.0) for number in paths))
    return found


def _quantile(values: Sequence[N], share: float) -> N | None:
    """Give the value at a share of sorted values; None where there are none."""
    return values[min(int(share * len(values)), len(values) - 1)] if values else None


def _depending(simple: Simple, chosen: Sequence[int]) -> list[int]:
    """Count, for each of some discs, the pairs all of whose shortest paths lead through it.

    All lead through a disc where as many lead to it and on from it as in all. Estimated from some
    nodes drawn by lot in a part that has very many.
    """
    found = [0.0] * len(chosen)
    onward, ahead = simple.ways(chosen)
    for part in simple.parts():
        held = [at for at, disc in enumerate(chosen) if disc in set(part)]
        sources = part
        if len(part) > _PAIRS_FROM:
            sources = sorted(random.Random(SEED).sample(part, _PAIRS_FROM))  # noqa: S311  # no secret
        for first in range(0, len(sources) if held else 0, _AT_ONCE):
            some = sources[first : first + _AT_ONCE]
            steps, ways = simple.ways(some)
            for at in held:
                disc = chosen[at]
                through = steps[:, disc, None] + onward[at] == steps
                every = ways[:, disc, None] * ahead[at] == ways
                needed = through & every & (steps > 0) & (onward[at] > 0)
                needed[np.array(some) == disc] = False
                found[at] += needed.sum() / 2 * len(part) / len(sources)
    return [round(number) for number in found]


def _apart(simple: Simple, broker: int) -> int:
    """Count the pairs that no path would join without a disc."""
    part = next(set(part) for part in simple.parts() if broker in part)
    pieces = [len(piece) for piece in simple.without(broker).parts() if piece[0] in part]
    joined = sum(pieces) - 1  # it is a piece of its own
    return (joined**2 - sum(size**2 for size in pieces) + 1) // 2


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
