"""Postings: the things that each value of a facet has, as arrays, so that counting is adding.

A count looks once at each line of a facet: 7 million lines take 12 ms of one processor.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from graph.facts.facets import PERIOD
from graph.facts.reading import Facts

# Whether a thing is kept, by its number.
Mask: TypeAlias = NDArray[np.bool_]
Numbers: TypeAlias = NDArray[np.int32]

_NONE = -1  # the kind of what is not listed, and the year of what has none
_GROUPS = (
    "SELECT kind, name, value, period, count(*) FROM facet GROUP BY ALL "
    "ORDER BY kind, name, value, period"  # which is the order of the table
)
_YEARS = "SELECT DISTINCT period FROM facet WHERE period IS NOT NULL ORDER BY 1"
_LISTED = "SELECT thing, list_position($kinds, kind) - 1 FROM listed ORDER BY place"


@dataclass(frozen=True, slots=True)
class Held:
    """What things of a kind have of a facet: `values[n]` is had by `things` from `starts[n]` on."""

    values: Numbers
    starts: NDArray[np.int64]
    things: Numbers

    def counts(self, kept: Mask) -> NDArray[np.int64]:
        """Count the things that are kept, for each value."""
        return np.add.reduceat(kept[self.things], self.starts, dtype=np.int64)

    def having(self, values: Collection[int]) -> Iterator[Numbers]:
        """Give the things that have some values, value by value."""
        ends = np.append(self.starts[1:], len(self.things))
        for place in np.flatnonzero(np.isin(self.values, list(values))):
            yield self.things[self.starts[place] : ends[place]]

    def pairs(self, kept: Mask) -> Iterator[tuple[int, int]]:
        """Give the things that are kept, with each value that they have."""
        at = np.flatnonzero(kept[self.things])
        places = np.searchsorted(self.starts, at, side="right") - 1
        yield from zip(self.things[at].tolist(), self.values[places].tolist(), strict=True)


@dataclass(frozen=True, slots=True)
class Postings:
    """All that is listed, in the order of names, with its kind, year of beginning and facets.

    `kinds` and `years` are named by places in `kind_of` and `year_of`, which are by the numbers of
    things. `keys` has those of the things that are values.
    """

    order: Numbers
    kinds: tuple[str, ...]
    kind_of: NDArray[np.int8]
    years: tuple[str, ...]
    year_of: NDArray[np.int16]
    held: Mapping[tuple[str, str], Held]
    keys: Mapping[int, str]

    def nothing(self) -> Mask:
        """Keep nothing."""
        return np.zeros(len(self.kind_of), bool)

    def of_kinds(self, kinds: Collection[str]) -> Mask:
        """Keep what is of some kinds."""
        places = [place for place, kind in enumerate(self.kinds) if kind in kinds]
        kept: Mask = np.isin(self.kind_of, places)
        return kept

    def everything(self) -> Mask:
        """Keep all that is listed."""
        kept: Mask = self.kind_of != _NONE
        return kept

    def having(self, name: str, values: Collection[int]) -> Mask:
        """Keep what has one of some values of a facet."""
        kept = self.nothing()
        for held in self._of(name, self.kinds):
            for things in held.having(values):
                kept[things] = True
        return kept

    def any(self, name: str, kinds: Sequence[str] = ()) -> Mask:
        """Keep what has any value of a facet, of some kinds or of all."""
        kept = self.nothing()
        if name == PERIOD:
            kept[:] = self.year_of != _NONE
        for held in self._of(name, kinds or self.kinds):
            kept[held.things] = True
        return kept

    def within(self, first: str, last: str) -> Mask:
        """Keep what begins in some years, both ends in."""
        places = [place for place, year in enumerate(self.years) if first <= year <= last]
        return np.isin(self.year_of, places)

    def count_kinds(self, kept: Mask) -> dict[str, int]:
        """Count what is kept by kind, those with most things first."""
        counts = np.bincount(self.kind_of[kept], minlength=len(self.kinds)).tolist()
        found = zip(self.kinds, counts, strict=True)
        return dict(sorted((item for item in found if item[1]), key=lambda item: -item[1]))

    def count(
        self, name: str, kinds: Sequence[str], kept: Mask
    ) -> list[tuple[str, int | None, int]]:
        """Count what is kept by the values of a facet, most first: keys, numbers and counts.

        The keys of a period are years, the latest first, and have no numbers. Only what is of
        some kinds is looked at, or of all where none are given.
        """
        if name == PERIOD:
            years = self.year_of[kept]
            counts = np.bincount(years[years != _NONE], minlength=len(self.years)).tolist()
            told = zip(self.years, counts, strict=True)
            return [(year, None, number) for year, number in reversed([*told]) if number]
        found = [(held.values, held.counts(kept)) for held in self._of(name, kinds or self.kinds)]
        if not found:
            return []
        values, places = np.unique(np.concatenate([of for of, _ in found]), return_inverse=True)
        sums = np.zeros(len(values), np.int64)
        np.add.at(sums, places, np.concatenate([counts for _, counts in found]))
        most = np.lexsort((values, -sums))
        most = most[sums[most] > 0]
        return [
            (self.keys[value], value, number)
            for value, number in zip(values[most].tolist(), sums[most].tolist(), strict=True)
        ]

    def ordered(self, kept: Mask) -> Numbers:
        """Give the numbers of what is kept in the order of names."""
        return self.order[kept[self.order]]

    def _of(self, name: str, kinds: Collection[str]) -> list[Held]:
        return [held for (kind, of), held in self.held.items() if of == name and kind in kinds]


def postings(facts: Facts) -> Postings:
    """Give the postings of a release, read once and kept as long as its facts."""
    return facts.kept("postings", lambda: _read(facts))


def _read(facts: Facts) -> Postings:
    kinds = tuple(kind for (kind,) in facts.ask("SELECT kind FROM kind_counts ORDER BY kind"))
    ((size,),) = facts.ask("SELECT coalesce(max(id) + 1, 0) FROM thing")
    order, of_order = facts.columns(_LISTED, {"kinds": list(kinds)})
    kind_of = np.full(size, _NONE, np.int8)
    kind_of[order] = of_order
    (things,) = facts.columns("SELECT thing FROM facet")
    years = tuple(year for (year,) in facts.ask(_YEARS))
    year_of = np.full(size, _NONE, np.int16)
    values: dict[tuple[str, str], list[tuple[int, int, int]]] = {}
    first = 0
    for kind, name, value, period, number in facts.ask(_GROUPS):
        if name == PERIOD:
            year_of[things[first : first + number]] = years.index(period)
        else:
            values.setdefault((kind, name), []).append((value, first, first + number))
        first += number
    return Postings(
        order=order.astype(np.int32),
        kinds=kinds,
        kind_of=kind_of,
        years=years,
        year_of=year_of,
        held={of: _held(things, found) for of, found in values.items()},
        keys=dict(facts.ask("SELECT id, key FROM thing WHERE id IN (SELECT value FROM facet)")),
    )


def _held(things: NDArray[Any], found: Sequence[tuple[int, int, int]]) -> Held:
    """Cut what things of a kind have of a facet out of all, by values with their first and last."""
    values, firsts, lasts = zip(*found, strict=True)
    own = things[firsts[0] : lasts[-1]].astype(np.int32)
    return Held(np.array(values, np.int32), np.array(firsts) - firsts[0], own)
