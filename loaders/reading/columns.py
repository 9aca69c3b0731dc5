"""Columns: make the cells that a mapping asks for, from records and from tables.

A cell of a record takes the values at its path; several are parted by line ends. What no path
reaches becomes a column under its dotted name, so that nothing of a record is lost unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from graph.errors import TableError
from loaders.language import paths
from loaders.language.places import Cell, Place

_BETWEEN = "\n"


def columns_of(
    records: Sequence[dict[str, Any]], place: Place
) -> tuple[list[str], list[list[str]]]:
    """Give the header and the rows that records make: those of `cells` first, then the rest."""
    cells = _cells(place)
    omitted = [paths.read_path(name) for name in place.omit]
    rest = paths.Rest([*(cell.steps for cell in cells.values()), *omitted])
    rows = [
        ([_joined(_values(record, cell)) for cell in cells.values()], rest.of(record))
        for record in _each(records, place.each)
    ]
    names = [name for name in rest.names if name not in cells]
    return [*cells, *names], [
        [*made, *(_joined(others[name]) if name in others else "" for name in names)]
        for made, others in rows
    ]


def _each(records: Iterable[dict[str, Any]], each: str | None) -> Iterator[dict[str, Any]]:
    if each is None:
        yield from records
        return
    path = paths.read_path(each)
    for record in records:
        yield from paths.items(record, path)


def _values(record: dict[str, Any], cell: Cell) -> list[str]:
    found = paths.values(record, cell.steps)
    if cell.after is None and cell.before is None and cell.map is None:
        return found
    return list(_changed(found, cell))


def _changed(found: Iterable[str], cell: Cell) -> Iterator[str]:
    for value in found:
        text = value
        if cell.after is not None:
            text = text.partition(cell.after)[2] or text
        if cell.before is not None:
            text = text.partition(cell.before)[0]
        yield cell.map.get(text, text) if cell.map else text


def _joined(found: Sequence[str]) -> str:
    """Join values; a line end within one of several becomes a blank, or it would part them."""
    if len(found) < 2:  # noqa: PLR2004  # most cells have one value or none
        return found[0] if found else ""
    return _BETWEEN.join(dict.fromkeys(" ".join(value.split()) for value in found))


def with_cells(file: str, frame: pl.DataFrame, place: Place) -> pl.DataFrame:
    """Make the columns of `cells` from those of a table, and take out the columns they are of."""
    cells = _cells(place)
    if not cells:
        return frame
    used = {name for cell in cells.values() for name in _names(cell)}
    missing = sorted(used - set(frame.columns))
    if missing:
        raise TableError(
            f"{file}: there is no column {missing[0]!r}, of which rows.cells makes another; it has "
            f"{', '.join(frame.columns[1:])}"
        )
    made = [_made(cell).alias(name) for name, cell in cells.items()]
    rest = [name for name in frame.columns if name not in used and name not in cells]
    return frame.select(*rest, *made)


def _made(cell: Cell) -> pl.Expr:
    filled = [pl.when(pl.col(name) != "").then(pl.col(name)) for name in _names(cell)]
    text = pl.coalesce(*filled, pl.lit(""))
    if cell.after is not None:
        end = text.str.split_exact(cell.after, 1).struct.field("field_1")
        text = pl.when(end.is_null() | (end == "")).then(text).otherwise(end)
    if cell.before is not None:
        text = text.str.split_exact(cell.before, 1).struct.field("field_0")
    return text.replace(dict(cell.map)) if cell.map else text


def _names(cell: Cell) -> list[str]:
    return [".".join(step.name for step in steps) for steps in cell.steps]


def _cells(place: Place) -> Mapping[str, Cell]:
    return {
        name: cell if isinstance(cell, Cell) else Cell(path=cell)
        for name, cell in (place.cells or {}).items()
    }
