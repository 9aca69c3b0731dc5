"""Following money through several steps.

What is kept is added by the values of each step first, apart for each sort of money, so that the
largest are known; then every amount is told by what is drawn for it, which are few bands, and only
these are added from step to step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from graph.facts.amounts import ADDED, UNKNOWN, Amounts, Grouped, Kept, Sums, amounts, grouped
from graph.facts.dimensions import Dimension, Table, Values
from graph.facts.filtering import conditions
from graph.facts.reading import Facts
from graph.facts.sorts import Sort, places, sorts

OTHERS = "\0others"  # no key
_REST = -2  # the number of what is drawn as one

# Keys of what a band is of, None where unknown, or the mark of those that are drawn as one.
Band = str | None


@dataclass(frozen=True, slots=True)
class Line:
    """Money of one sort in a band of a step, or between it and one of the next, the target.

    `linked` tells these apart, since a band of what is unknown has no key. `made_of` says of how
    many values a band is made, `numbers` how many amounts there are, their sum, how many are
    disputed, and what has no amount.
    """

    step: int
    sort: Sort
    source: Band
    target: Band
    linked: bool
    made_of: int
    numbers: tuple[int, Decimal | None, int, int]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What is drawn in a step: the places of the lines that are kept, of `width` places for a sort.

    `values` are at the first ones, by sort; the last but one is for what is unknown, the last for
    the rest. `known` says how many values of a sort there are.
    """

    place_of: NDArray[np.int64]
    width: int
    values: Mapping[int, Sequence[int]]
    known: Mapping[int, int]

    def value(self, sort: int, place: int) -> int:
        """Give the number of what is at a place."""
        behind = place - self.width
        return self.values[sort][place] if behind < _REST else UNKNOWN if behind == _REST else _REST

    def made_of(self, sort: int, place: int) -> int:
        """Tell of how many values it is made."""
        last = place == self.width - 1
        return self.known[sort] - len(self.values[sort]) if last else 1


def follow(
    facts: Facts, table: Table, steps: Sequence[Dimension], filters: Mapping[str, str], top: int
) -> list[Line]:
    """Give the bands of all steps, the largest first, and what goes between those of two.

    Unknown ones stand behind the known, and those drawn as one last. ParameterError as for
    filters.
    """
    conditioned = conditions(facts, table, filters)
    kept: Kept = slice(None)
    if conditioned.all:
        where = " AND ".join(conditioned.all)
        sql = f"SELECT rowid FROM {table.source} AS facts WHERE {where}"
        (kept,) = facts.columns(sql, conditioned.values)
    lines = amounts(facts, table)
    drawn = [_draw(lines, grouped(facts, table, item), kept, top) for item in steps]
    found = list(_added(lines, drawn, kept))
    sort_of = sorts(facts)
    names = [
        _names(facts, item, sorted({number for held in each.values.values() for number in held}))
        for item, each in zip(steps, drawn, strict=True)
    ]
    return [
        Line(
            step,
            sort_of[sort],
            names[step][source],
            None if target is None else names[step + 1][target],
            target is not None,
            made_of,
            numbers,
        )
        for step, sort, source, target, made_of, numbers in sorted(found, key=_order)
    ]


def _draw(lines: Amounts, step: Grouped, kept: Kept, top: int) -> _Drawn:
    """Choose the largest values of each sort."""
    group_of = step.group_of[kept]
    size = len(step.values)
    there, adding = np.zeros(size, bool), np.zeros(size, bool)
    there[group_of] = True
    adding[group_of[lines.state_of[kept] == ADDED]] = True
    totals = lines.totals(group_of, size, kept)
    known = np.flatnonzero(there & (step.values != UNKNOWN))
    told, firsts, numbers = np.unique(step.sorts[known], return_index=True, return_counts=True)
    largest = {}
    for sort, first, number in zip(told.tolist(), firsts, numbers, strict=True):
        groups = known[first : first + number]
        rich = groups[adding[groups]]
        if len(rich) > top:
            rich = rich[totals[rich] >= np.partition(totals[rich], -top)[-top]]
        rich = rich[np.argsort(-totals[rich], kind="stable")]
        # What has nothing to add comes behind, in the order of its numbers.
        largest[sort] = np.concatenate([rich, groups[~adding[groups]][:top]])[:top]
    width = max(map(len, largest.values()), default=0) + 2
    place = np.where(step.values == UNKNOWN, width - 2, width - 1)
    for chosen in largest.values():
        place[chosen] = np.arange(len(chosen))
    return _Drawn(
        place[group_of],
        width,
        {sort: step.values[chosen].tolist() for sort, chosen in largest.items()},
        dict(zip(told.tolist(), numbers.tolist(), strict=True)),
    )


# Step, sort, number of a band and of the one that follows, of how many values, and the numbers.
_Found = tuple[int, int, int, int | None, int, tuple[int, Decimal | None, int, int]]


def _added(lines: Amounts, drawn: Sequence[_Drawn], kept: Kept) -> Iterator[_Found]:
    """Add from step to step, and give what goes there and the bands of both ends."""
    sort_of = lines.sort_of[kept].astype(np.int64)
    number = int(sort_of.max(initial=0)) + 1
    for step, (one, other) in enumerate(pairwise(drawn)):
        keys = (sort_of * one.width + one.place_of) * other.width + other.place_of
        sums = lines.sums(keys, number * one.width * other.width, kept)
        sources, targets = np.divmod(sums.keys, other.width)
        for source, target, numbers in zip(sources, targets, sums.numbers(), strict=True):
            sort, place = divmod(int(source), one.width)
            to = other.value(sort, int(target))
            yield step, sort, one.value(sort, place), to, 1, numbers
        yield from _bands(step, one, sums.merged(sources))
        if step == len(drawn) - 2:
            last = sources // one.width * other.width + targets
            yield from _bands(step + 1, other, sums.merged(last))


def _bands(step: int, drawn: _Drawn, sums: Sums) -> Iterator[_Found]:
    for key, numbers in zip(sums.keys.tolist(), sums.numbers(), strict=True):
        sort, place = divmod(key, drawn.width)
        made_of = drawn.made_of(sort, place)
        yield step, sort, drawn.value(sort, place), None, made_of, numbers


def _order(line: _Found) -> tuple[object, ...]:
    step, sort, source, target, _, (_, total, *_) = line
    return (
        target is not None, step, sort, source == _REST, source == UNKNOWN,
        -(total or 0), source, target or 0,
    )  # fmt: skip


def _names(facts: Facts, item: Dimension, held: Sequence[int]) -> dict[int, Band]:
    """Give the keys of bands by their numbers."""
    found: dict[int, Band] = {UNKNOWN: None, _REST: OTHERS}
    if item.values is Values.SEVERAL:
        sql = (
            f"SELECT held, keys FROM {item.column}_set "
            "WHERE held IN (SELECT unnest($held::INTEGER[]))"
        )
        return found | dict(facts.ask(sql, {"held": held}))
    return found | {place: text for text, place in places(facts, item.column).items()}
