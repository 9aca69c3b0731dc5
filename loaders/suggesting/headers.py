"""Headers: which rows of a grid are titles, names of columns, data and footers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graph.errors import TableError
from loaders.suggesting.amounts import read_amounts
from loaders.suggesting.cues import Cues
from loaders.suggesting.days import read_days
from loaders.suggesting.grids import Grid
from loaders.suggesting.vocabulary import Vocabulary

_SEARCHED = 40
_JUDGED = 30
_FULL = 0.6
_LEAST = 0.3
_NAMED = 0.5
_LONG_NAME = 160
_MANY_NAMED = 0.3
_SOME = 0.15


@dataclass(frozen=True, slots=True)
class Layout:
    """The rows of a grid: numbers count from 1 as in the file.

    `header` holds the rows whose cells make the names, none where no row does; `first` the first
    row of data where other rows stand between, `titles` the text above, and `names` the names of
    the columns as the reader makes them. `doubled` are names that stand more than once.
    """

    header: tuple[int, ...]
    first: int | None
    titles: tuple[str, ...]
    names: tuple[str, ...]
    data: list[list[str]]
    doubled: tuple[str, ...]
    second: tuple[str, ...] = ()

    @property
    def called(self) -> tuple[str, ...]:
        """Give what the columns are called: nothing where they are named after their places."""
        places = (f"column {place}" for place, _ in enumerate(self.names, start=1))
        return tuple(
            "" if name == place else name for name, place in zip(self.names, places, strict=True)
        )


def find_header(grid: Grid, vocabulary: Vocabulary, cues: Cues) -> Layout:
    """Find the header of a grid, or that it has none; TableError where there are no rows."""
    rows = [[" ".join(cell.split()) for cell in row] for row in grid.rows]
    if grid.named:
        return _layout(rows, (1,), None)
    width = _width(rows)
    shown = range(min(len(rows), _SEARCHED))
    scores = [_likeness(rows, place, width, vocabulary, cues) for place in shown]
    best = int(np.argmax(scores))
    if best and _names_above(rows, best, vocabulary, cues):
        best -= 1
    if scores[best] < 1 or _is_data(rows, best, vocabulary, cues):
        return _headless(grid, rows, width)
    header, first = [best + 1], None
    if best and _groups(rows, best, width):
        header.insert(0, best)
    below = best + 1
    while below < len(rows) and _names_too(rows, below, best, vocabulary, cues):
        below += 1
    while below < len(rows) and not any(rows[below]):
        below += 1
    if below > best + 1:
        first = below + 1
    return _layout(rows, tuple(header), first)


def _width(rows: Sequence[Sequence[str]]) -> int:
    """Give the number of columns that rows of data fill."""
    filled = Counter(sum(map(bool, row)) for row in rows if any(row))
    several = {width: times for width, times in filled.items() if width > 1} or filled
    return max(several, key=lambda width: (several[width] * width, width))


def _likeness(
    rows: Sequence[Sequence[str]], place: int, width: int, vocabulary: Vocabulary, cues: Cues
) -> float:
    """Tell how much a row is like a header: full, short texts, known names, unlike what follows."""
    cells = [cell for cell in rows[place] if cell]
    if not cells:
        return -1.0
    full = min(len(cells) / max(width, 1), 1.0)
    if full < _LEAST or not any(any(row) for row in rows[place + 1 :]):
        return -1.0
    texts = 1 - _valued(cells, cues)
    known = vocabulary.likeness(cells)
    distinct = len(set(cells)) / len(cells)
    long = sum(len(cell) > _LONG_NAME for cell in cells) / len(cells)
    unlike = _contrast(rows, place, cues)
    return full + texts + 1.5 * known + unlike + 0.5 * distinct - 2 * long - 1.5 - 0.01 * place


def _valued(cells: Sequence[str], cues: Cues) -> float:
    """Tell how many cells hold a number or a date."""
    numbers = read_amounts(cells, dict(cues.currencies)).values
    days = read_days(cells).values
    found = [one is not None or two is not None for one, two in zip(numbers, days, strict=True)]
    return sum(found) / max(len(cells), 1)


def _contrast(rows: Sequence[Sequence[str]], place: int, cues: Cues) -> float:
    """Tell in how many columns the cells below hold numbers or dates, and this row's does not."""
    below = [row for row in rows[place + 1 : place + 1 + _JUDGED] if any(row)]
    found = total = 0
    for column, cell in enumerate(rows[place]):
        values = [row[column] for row in below if column < len(row) and row[column]]
        if not values or not cell:
            continue
        total += 1
        found += not _valued([cell], cues) and _valued(values, cues) > _FULL
    return min(1.0, 2 * found / total) if total else 0.0


def _is_data(rows: Sequence[Sequence[str]], place: int, vocabulary: Vocabulary, cues: Cues) -> bool:
    """Tell whether a row is like those below: it holds values where they do, or the same ones."""
    cells = [cell for cell in rows[place] if cell]
    if _contrast(rows, place, cues) >= _MANY_NAMED:
        return False
    if _valued(cells, cues) > _MANY_NAMED:
        return True
    unknown = vocabulary.likeness(cells) < _NAMED
    return unknown and (_valued(cells, cues) > 0 or _recurring(rows, place) > _SOME)


def _recurring(rows: Sequence[Sequence[str]], place: int) -> float:
    """Tell how many cells of a row stand again below, in the same column."""
    below = [row for row in rows[place + 1 :] if any(row)]
    filled = [column for column, cell in enumerate(rows[place]) if cell]
    again = [
        any(column < len(row) and row[column] == rows[place][column] for row in below)
        for column in filled
    ]
    return sum(again) / max(len(filled), 1)


def _names_too(
    rows: Sequence[Sequence[str]], place: int, header: int, vocabulary: Vocabulary, cues: Cues
) -> bool:
    """Tell whether a row below the header names the columns again, as in another language."""
    cells = [cell for cell in rows[place] if cell]
    named = sum(map(bool, rows[header]))
    if len(cells) < _FULL * named or _valued(cells, cues) > 0 or not _contrast(rows, place, cues):
        # Numbers of the columns, `1 2 3 …`, are no data either.
        return cells == [str(number) for number in range(1, len(cells) + 1)] and len(cells) > 1
    return vocabulary.likeness(cells) > _NAMED


def _names_above(
    rows: Sequence[Sequence[str]], place: int, vocabulary: Vocabulary, cues: Cues
) -> bool:
    """Tell whether a row names again, as in another language, what the row above names already."""
    above = [cell for cell in rows[place - 1] if cell]
    many = sum(map(bool, rows[place]))
    if len(above) < many or len(set(above)) < len(above) or _valued(above, cues) > 0:
        return False
    known = vocabulary.likeness(above) > _MANY_NAMED
    return known and _names_too(rows, place, place - 1, vocabulary, cues)


def _groups(rows: Sequence[Sequence[str]], place: int, width: int) -> bool:
    """Tell whether the row above heads groups of columns whose names need it."""
    above, names = rows[place - 1], rows[place]
    filled = sum(map(bool, above))
    doubled = len(set(filter(None, names))) < sum(map(bool, names))
    gaps = any(not name and cell for name, cell in zip(names, above, strict=False))
    return 1 < filled < width + 1 and (doubled or gaps)


def _headless(grid: Grid, rows: Sequence[Sequence[str]], width: int) -> Layout:
    """Give the layout of rows that no row names: the data begin with the first one that is full."""
    full = [place for place, row in enumerate(rows) if sum(map(bool, row)) >= _FULL * width]
    # One column says nothing without a name, and neither do numbers alone.
    worded = sum(any(map(str.isalpha, "".join(row))) for row in rows) > len(rows) / 2
    if not full or width < 2 or not worded:  # noqa: PLR2004  # as above
        raise TableError(
            f"{grid.path}: no row names the columns: put a row with their names above the others"
        )
    begin = full[0]
    count = len(rows[begin])
    data = [[*row[:count], *[""] * (count - len(row))] for row in rows[begin:] if any(row)]
    names = tuple(f"column {place}" for place in range(1, count + 1))
    titles = tuple(cell for row in rows[:begin] for cell in row if cell)
    return Layout((), begin + 1 if begin else None, titles, names, data, ())


def _layout(rows: list[list[str]], header: tuple[int, ...], first: int | None) -> Layout:
    lines = [rows[number - 1] for number in header]
    width = max(map(len, lines))
    names = [""] * width
    for depth, line in enumerate(lines, start=1):
        above = ""
        for place in range(width):
            cell = line[place] if place < len(line) else ""
            above = cell or above
            names[place] = f"{names[place]} {cell if depth == len(lines) else above}".strip()
    while names and not names[-1]:
        names.pop()
    names = [name or f"column {place}" for place, name in enumerate(names, start=1)]
    begin = (first or header[-1] + 1) - 1
    data = [
        [*row[: len(names)], *[""] * (len(names) - len(row))] for row in rows[begin:] if any(row)
    ]
    titles = tuple(cell for row in rows[: header[0] - 1] for cell in row if cell)
    doubled = tuple(sorted(name for name, times in Counter(names).items() if times > 1))
    second = tuple(rows[header[-1]]) if first and first > header[-1] + 1 else ()
    return Layout(header, first, titles, tuple(names), data, doubled, second)
