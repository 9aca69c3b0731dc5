"""Records: what a reader of any kind of file gives, before it becomes a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from graph.errors import TableError
from graph.report import Note
from loaders.language.rows import Rows


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that is no list of cells, for a reason; `text` is where it begins."""

    text: str
    reason: str


# A record: its number in the file, and its cells.
Record = tuple[int, Sequence[str] | Broken]

# Cells that are one: rows count from 1, columns from 0, and both ends belong to it.
Merged = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Body:
    """The column names of a table and its records.

    `padded` where short rows are no fault; `notes` may grow until the records are at their end.
    """

    header: Sequence[str]
    records: Iterator[Record]
    padded: bool = False
    sheet: str | None = None
    merged: Sequence[Merged] = ()
    notes: list[Note] = field(default_factory=list)


Reader = Callable[[Path, bytes, Rows], Body]


def headed(path: Path, records: Iterator[Record], rows: Rows) -> tuple[list[str], Iterator[Record]]:
    """Give the names of the columns, and the records of the data: those below the header.

    Where the mapping says that there is no header, columns are called after their places, and there
    are as many as the first row of data has cells.
    """
    if rows.header:
        return _header_of(path, records, rows), _below(records, rows)
    data = _below(records, rows)
    for first in data:
        cells = first[1]
        if not isinstance(cells, Broken) and any(cells):
            names = [f"column {place}" for place, _ in enumerate(cells, start=1)]
            return names, chain([first], data)
    raise TableError(f"{path}: the table is empty")


def _header_of(path: Path, records: Iterator[Record], rows: Rows) -> list[str]:
    """Take the records up to the header; give the names of the columns."""
    lines: list[list[str]] = []
    for number, cells in records:
        if number not in rows.header:
            if number > rows.header[-1]:
                break
            continue
        if isinstance(cells, Broken):
            raise TableError(f"{path}: {cells.text}, the header: {cells.reason}")
        lines.append([" ".join(cell.split()) for cell in cells])
        if number == rows.header[-1]:
            break
    names = _joined(lines)
    while names and not names[-1]:
        names.pop()
    if not names:
        where = " and ".join(map(str, rows.header))
        raise TableError(f"{path}: no header in row {where}: the table is empty")
    names = [name or f"column {place}" for place, name in enumerate(names, start=1)]
    doubled = sorted(name for name, times in Counter(names).items() if times > 1)
    if doubled:
        raise TableError(
            f"{path}: row {rows.header[-1]}: the column name {doubled[0]!r} stands there "
            "more than once; give each column its own name"
        )
    return names


def _below(records: Iterator[Record], rows: Rows) -> Iterator[Record]:
    """Give the records from the first row of data on."""
    first = rows.first or 0
    return (record for record in records if record[0] >= first)


def _joined(lines: Sequence[Sequence[str]]) -> list[str]:
    """Join header rows; over several columns, a heading stands in the first of them only."""
    if not lines:
        return []
    width = max(map(len, lines))
    names = [""] * width
    for depth, line in enumerate(lines, start=1):
        above = ""
        for place in range(width):
            cell = line[place] if place < len(line) else ""
            above = cell or above
            part = cell if depth == len(lines) else above
            names[place] = f"{names[place]} {part}".strip()
    return names
