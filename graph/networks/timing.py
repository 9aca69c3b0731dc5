"""When what is drawn begins: numbers by year, for a picture that is walked through in time.

The same rule as the filter by period: nodes are asked when they begin where they are things that
are done, else the reasons of links are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from graph.facts.facets import PERIOD
from graph.networks.attributes import answering
from graph.networks.collapsing import Sheet
from graph.networks.narrowing import Selection
from graph.networks.projection import Projection
from graph.networks.ties import Bools, Integers, Ties, distinct

# Years with the number of things that begin in each, in order.
Years: TypeAlias = tuple[tuple[int, int], ...]

_YEARS = 100_000  # more than any year


@dataclass(frozen=True, slots=True)
class Time:
    """Of what years are told, the first and the last, and how many begin in each or unknown."""

    of: Literal["nodes", "reasons"]
    first: int
    last: int
    years: Years
    unknown: int


@dataclass(frozen=True, slots=True)
class Timed:
    """When what is drawn begins; None for the discs and lines that are not asked."""

    time: Time | None
    discs: tuple[Years | None, ...]
    lines: tuple[Years | None, ...]


def timed(projection: Projection, selection: Selection, sheet: Sheet) -> Timed:
    """Tell when discs and lines begin, groups by their members or by what links these."""
    asked = answering(projection, PERIOD)
    discs, lines = sheet.discs, sheet.lines
    if not asked:
        return Timed(None, (None,) * len(discs), (None,) * len(lines))
    begun, parts, ties = _Begun(projection, asked), sheet.parts, selection.ties
    if min(asked) < len(projection.nodes):
        owners = np.concatenate([parts.lines, parts.lines])
        ends = np.concatenate([ties.source[parts.ties], ties.target[parts.ties]]).astype(np.int64)
        return Timed(
            begun.told("nodes", parts.nodes),
            begun.tally(parts.discs, parts.nodes, len(discs)),
            begun.tally(owners, ends, len(lines)),
        )
    reasons = np.where(ties.reason < 0, -1, ties.reason + len(projection.nodes)).astype(np.int64)
    inner, inside = _reasons_of(ties, parts.inner, parts.inside)
    merged, owners = _reasons_of(ties, parts.ties, parts.lines)
    return Timed(
        begun.told("reasons", reasons),
        begun.tally(inside, reasons[inner], len(discs)),
        begun.tally(owners, reasons[merged], len(lines), strict=True),
    )


class _Begun:
    """The years in which things begin, of those that are asked."""

    def __init__(self, projection: Projection, asked: frozenset[int]) -> None:
        column = projection.attributes[PERIOD]
        self._asked: Bools = np.zeros(len(column) + 1, np.bool_)  # the last is of no reason
        self._asked[list(asked)] = True
        known = {keys: sorted({int(year) for year in keys or ()}) for keys in set(column)}
        held = [known[keys] for keys in column]
        self._count = np.array([*(len(years) for years in held), 0], np.int64)
        self._first = np.cumsum(self._count) - self._count
        self._flat = np.array([year for years in held for year in years], np.int64)

    def tally(
        self, owners: Integers, things: Integers, size: int, *, strict: bool = False
    ) -> tuple[Years | None, ...]:
        """Count, for each owner, its different things by year.

        None for an owner of which nothing is asked; where `strict`, of which not all are.
        """
        width = len(self._asked)
        pairs = distinct(owners * width + things % width)
        owner, thing = pairs // width, pairs % width
        asked = self._asked[thing]
        found: list[list[tuple[int, int]] | None] = [None] * size
        told = np.zeros(size, np.bool_)
        told[owner[asked]] = True
        if strict:
            told[owner[~asked]] = False
        for at in np.flatnonzero(told).tolist():
            found[at] = []
        dated = self._dated(owner[asked], thing[asked])
        keys, counts = np.unique(dated, return_counts=True)
        for key, count in zip(keys.tolist(), counts.tolist(), strict=True):
            years = found[key // _YEARS]
            if years is not None:
                years.append((key % _YEARS, count))
        return tuple(None if years is None else tuple(years) for years in found)

    def _dated(self, owner: Integers, thing: Integers) -> Integers:
        """Give owner and year of each thing, as one number."""
        count = self._count[thing]
        nth = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        years = self._flat[np.repeat(self._first[thing], count) + nth]
        found: Integers = np.repeat(owner, count) * _YEARS + years
        return found

    def told(self, of: Literal["nodes", "reasons"], things: Integers) -> Time | None:
        """Count different things by year; None where none of them has one."""
        there = np.zeros(len(self._asked), np.bool_)
        there[things] = True
        different = np.flatnonzero(there & self._asked)
        years = self.tally(np.zeros(len(different), np.int64), different, 1)[0]
        if not years:
            return None
        unknown = int((self._count[different] == 0).sum())
        return Time(of, years[0][0], years[-1][0], years, unknown)


def _reasons_of(ties: Ties, held: Integers, owners: Integers) -> tuple[Integers, Integers]:
    """Give the places of all reasons of some ties, and the owner of each tie beside them."""
    times = np.diff(ties.first)[held]
    nth = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    return np.repeat(ties.first[held], times) + nth, np.repeat(owners, times)
