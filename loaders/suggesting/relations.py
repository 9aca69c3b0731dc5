"""Relations: what columns tell of each other, row by row.

The Union's part is not above what is eligible, and that not above the total; a rate times what
is eligible is the Union's part; an operation does not end before it starts; what rows of one
project have in common is the project's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations, permutations

import numpy as np
from numpy.typing import NDArray

from loaders.suggesting.values import Profile

Values = NDArray[np.float64]

_ROWS = 5  # what a relation must hold in to be one
_MOST = 0.95
_SOME = 0.8
_CENT = 0.011
_NEAR = 0.005
_SHARES = (1.0, 100.0)
_SUMS = {"date", "cents", "organisation", "country"}  # what numbers or names no project
_THINGS = 2  # that must stand in several rows
_MAINLY = 0.6  # of the rows are of such things
_LARGE = 15  # rows that a thing has at most on average


def add_relations(profiles: Sequence[Profile], rows: Sequence[Sequence[str]]) -> None:
    """Add to the features of columns what they are to each other; rows are cells by column."""
    amounts = {
        place: _column(rows, place, [*profile.cells], profile.amounts.values)
        for place, profile in enumerate(profiles)
        if profile.features.get("number", 0.0) > _SOME
    }
    money = {place: cells for place, cells in amounts.items() if profiles[place].features["big"]}
    rates = {
        place: cells
        for place, cells in amounts.items()
        if profiles[place].features["share"] or profiles[place].features["rate"]
    }
    _order(profiles, money, ("lower", "upper"))
    for one, two in permutations(money, 2):
        for place, rate in rates.items():
            if _product(money[one], money[two], rate):
                profiles[one].features["part_of_rate"] = 1.0
                profiles[two].features["whole_of_rate"] = 1.0
                profiles[place].features["of_rate"] = 1.0
    days = {
        place: _column(rows, place, [*profile.cells], profile.days.values)
        for place, profile in enumerate(profiles)
        if profile.features.get("date", 0.0) > _SOME / 2
    }
    _order(profiles, days, ("earlier", "later"))


def add_shared(profiles: Sequence[Profile], rows: Sequence[Sequence[str]]) -> None:
    """Add to the features of columns how far rows that tell of one thing have the same cell.

    The thing is told by the column of codes or names with most values that stand in several rows,
    such as the number of a project in a list of partners. Rows are in the order of the file.
    """
    groups = max(
        (
            _grouped(rows, place)
            for place, profile in enumerate(profiles)
            if not _SUMS & {name for name, share in profile.features.items() if share > _SOME}
        ),
        key=len,
        default=[],
    )
    if len(groups) < _THINGS:
        return
    for place, profile in enumerate(profiles):
        alike = sum(len({rows[number][place] for number in group}) == 1 for group in groups)
        profile.features["shared"] = alike / len(groups)


def _grouped(rows: Sequence[Sequence[str]], place: int) -> list[list[int]]:
    """Give the rows that have the same cell, where most rows have it from another, by their places.

    Nothing where groups are as large as those of a kind or a region.
    """
    groups: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        if row[place]:
            groups[row[place]].append(number)
    several = [group for group in groups.values() if len(group) > 1]
    found = sum(map(len, several))
    small = len(rows) <= _LARGE * len(groups)
    return several if small and found > _MAINLY * len(rows) else []


def _column(
    rows: Sequence[Sequence[str]],
    place: int,
    cells: Sequence[str],
    values: Sequence[float | None],
) -> Values:
    """Give the values of a column by row, and nothing where a cell is none."""
    known = dict(zip(cells, values, strict=True))
    column = [known.get(row[place].strip()) for row in rows]
    return np.array([np.nan if value is None else value for value in column])


def _order(profiles: Sequence[Profile], columns: dict[int, Values], names: tuple[str, str]) -> None:
    """Tell of each column in how many pairs it is the lesser one, and in how many the greater."""
    if len(columns) < 2:  # noqa: PLR2004  # a pair
        return
    below = dict.fromkeys(columns, 0)
    above = dict.fromkeys(columns, 0)
    for one, two in combinations(columns, 2):
        for low, high in ((one, two), (two, one)):
            both = ~(np.isnan(columns[low]) | np.isnan(columns[high]))
            differ = both & (columns[low] != columns[high])
            if differ.sum() < _ROWS:
                continue
            if (columns[low][differ] < columns[high][differ]).mean() >= _MOST:
                below[low] += 1
                above[high] += 1
    for place in columns:
        profiles[place].features[names[0]] = below[place] / (len(columns) - 1)
        profiles[place].features[names[1]] = above[place] / (len(columns) - 1)


def _product(part: Values, whole: Values, rate: Values) -> bool:
    """Tell whether a rate times the whole gives the part in most rows, and not by being 1."""
    for hundred in _SHARES:
        expected = whole * rate / hundred
        known = ~np.isnan(expected) & ~np.isnan(part) & (whole != 0) & (rate != hundred)
        if known.sum() < _ROWS:
            continue
        near = np.abs(part - expected) <= np.maximum(_CENT, _NEAR * np.abs(whole))
        if near[known].mean() >= _SOME:
            return True
    return False
