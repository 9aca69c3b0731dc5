"""Amounts as arrays: what a flow adds, told apart by whole numbers, so that sums are exact.

Added are floating-point numbers that hold whole ones, each a part of an amount that is small enough
for the sum of all of them to be exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from graph.facts.dimensions import Dimension, Table, Values
from graph.facts.reading import Facts

Ints: TypeAlias = NDArray[Any]  # whole numbers: of 64 bits, or of Python where these are too few
# Which lines of the table are kept: all, or those at these places.
Kept: TypeAlias = "slice | Ints"

UNKNOWN = -1  # the number of no value
_EXACT = 53  # bits of whole numbers that floating-point numbers hold
_LARGEST = 9e18  # what numbers of 64 bits hold
_FULL = 1_000_000  # of the smallest unit that amounts are kept in
_CENT = 10_000
_DIGITS = Context(prec=60)  # more than any sum has
_MOST_BINS = 4_000_000
# What a line counts as: an amount that is added, one that is not, a disputed one, or none.
ADDED, _ALONE, _DISPUTED, _MISSING = _STATES = range(4)
_STATE = (
    f"CASE WHEN missing THEN {_MISSING} WHEN value IS NULL THEN {_DISPUTED} "
    f"WHEN summed IS NULL THEN {_ALONE} ELSE {ADDED} END"
)
_UNITS = f"coalesce(summed * {_FULL}, 0)::HUGEINT"


@dataclass(frozen=True, slots=True)
class Sums:
    """What has been added for some keys: how many lines of each state, and sums in a unit."""

    keys: Ints
    states: NDArray[np.int64]
    totals: Ints
    unit: int

    def merged(self, keys: Ints) -> Sums:
        """Add further what has the same of other keys."""
        distinct, places = np.unique(keys, return_inverse=True)
        states = np.zeros((len(distinct), len(_STATES)), np.int64)
        totals = np.zeros(len(distinct), self.totals.dtype)
        np.add.at(states, places, self.states)
        np.add.at(totals, places, self.totals)
        return Sums(distinct, states, totals, self.unit)

    def numbers(self) -> Iterator[tuple[int, Decimal | None, int, int]]:
        """Give amounts, their sum, disputed and missing of each key; None is nothing to add."""
        for states, total in zip(self.states.tolist(), self.totals.tolist(), strict=True):
            added = Decimal(total * self.unit).scaleb(-6, _DIGITS) if states[ADDED] else None
            yield states[ADDED] + states[_ALONE], added, states[_DISPUTED], states[_MISSING]


@dataclass(frozen=True, slots=True)
class Grouped:
    """The values of a step, apart for each sort, in the order of both: by line their places."""

    group_of: NDArray[np.int32]
    sorts: Ints
    values: Ints


@dataclass(frozen=True, slots=True)
class Amounts:
    """The lines of the table of amounts: sort, state, and what is added, in parts of some bits."""

    sort_of: NDArray[np.int32]
    state_of: NDArray[np.int8]
    parts: Sequence[NDArray[np.float64]]
    bits: int
    unit: int

    def sums(self, keys: Ints, size: int, kept: Kept) -> Sums:
        """Add the lines that are kept by their keys, which are below a size."""
        if size > _MOST_BINS:
            distinct, keys = np.unique(keys, return_inverse=True)
            size = len(distinct)
        else:
            distinct = np.arange(size)
        width = len(_STATES)
        states = np.bincount(keys * width + self.state_of[kept], minlength=size * width)
        states = states.reshape(size, width)
        there = np.flatnonzero(states.any(axis=1))
        totals = self.totals(keys, size, kept)[there]
        return Sums(distinct[there], states[there], totals, self.unit)

    def totals(self, keys: Ints, size: int, kept: Kept) -> Ints:
        """Add what is kept by keys, exactly."""
        added = [np.bincount(keys, part[kept], minlength=size) for part in self.parts]
        # All together, since what is added here is added further.
        largest = sum(
            float(np.abs(part).sum()) * 2.0 ** (self.bits * place)
            for place, part in enumerate(added)
        )
        exact: Ints = np.zeros(size, np.int64 if largest < _LARGEST else object)
        for place, part in enumerate(added):
            exact += part.astype(np.int64).astype(exact.dtype) * (1 << self.bits * place)
        return exact


def amounts(facts: Facts, table: Table) -> Amounts:
    """Give the amounts of a table, read once and kept as long as its facts."""
    return facts.kept(f"amounts of {table.source}", lambda: _amounts(facts, table))


def grouped(facts: Facts, table: Table, item: Dimension) -> Grouped:
    """Give the values of a step of a table, read once and kept as long as its facts."""
    return facts.kept(f"{item.name} of {table.source}", lambda: _grouped(facts, table, item))


def _amounts(facts: Facts, table: Table) -> Amounts:
    ((number, largest, cents),) = facts.ask(
        f"SELECT count(*), max(abs({_UNITS})), bool_and({_UNITS} % {_CENT} = 0) FROM {table.source}"
    )
    unit = _CENT if cents else 1
    bits = _EXACT - int(number).bit_length()
    parts = range(max(1, -(-(int(largest or 0) // unit).bit_length() // bits)))
    columns = [
        f"({_UNITS} // {unit * (1 << bits * part)} % {1 << bits})::DOUBLE AS part{part}"
        for part in parts
    ]
    sort_of, state_of, *found = facts.columns(
        f"SELECT sort, {_STATE} AS state, {', '.join(columns)} FROM {table.source}"
    )
    return Amounts(sort_of.astype(np.int32), state_of.astype(np.int8), found, bits, unit)


def _grouped(facts: Facts, table: Table, item: Dimension) -> Grouped:
    column = item.column if item.values is Values.SEVERAL else f"{item.column}_place"
    sql = f"SELECT sort, coalesce({column}, {UNKNOWN}) AS value FROM {table.source}"
    sort_of, value_of = (found.astype(np.int64) for found in facts.columns(sql))
    width = int(value_of.max(initial=0)) + 2
    keys, group_of = np.unique(sort_of * width + value_of - UNKNOWN, return_inverse=True)
    return Grouped(group_of.astype(np.int32), keys // width, keys % width + UNKNOWN)
