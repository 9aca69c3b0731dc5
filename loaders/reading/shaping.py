"""Shaping: from the rows of a sheet made for people to records, one a row.

Headings of groups are carried down, totals and footnotes passed over, rows that go on with the
one above joined to it, and cells that stand for several rows filled down: only what the mapping
declares, and all of it is noted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from graph.errors import TableError
from graph.report import Note
from loaders.language.mistakes import nearest
from loaders.language.rows import Continued, Rows, Skip
from loaders.reading.records import Merged

ROW = "__row"
_ABOVE = "__above"


@dataclass
class Shaped:
    """The records of a table, the rows that are none of their own, and what is to be noted."""

    frame: pl.DataFrame
    skipped: set[int] = field(default_factory=set)
    joined: int = 0
    notes: list[Note] = field(default_factory=list)


def shaped(path: Path, frame: pl.DataFrame, rows: Rows, merged: Sequence[Merged]) -> Shaped:
    """Apply to the rows of a table what its mapping says of them.

    TableError where the mapping names a column that the table lacks, or makes one that it has.
    """
    _check(path, frame, rows)
    made = Shaped(frame)
    header = frame.columns[1:]
    if rows.merged:
        _spread(made, header, merged, rows.merged)
    _skip(made, header, rows.skip)
    if rows.continued:
        carried = {rule.carry for rule in rows.skip if rule.carry}
        _continue(made, rows.continued, carried)
    if rows.fill:
        made.notes += _filled(made.frame, rows.fill)
        down = [_or_null(name).forward_fill().fill_null("") for name in rows.fill]
        made.frame = made.frame.with_columns(down)
    if rows.empty:
        empty = pl.col(pl.String).str.strip_chars().is_in(list(rows.empty))
        texts = pl.when(~empty).then(pl.col(pl.String)).otherwise(pl.lit(""))
        made.frame = made.frame.with_columns(texts)
    return made


def _check(path: Path, frame: pl.DataFrame, rows: Rows) -> None:
    carried = [rule.carry for rule in rows.skip if rule.carry]
    for name in carried:
        if name in frame.columns:
            raise TableError(f"{path}: rows.skip carries cells into {name!r}, which is a column")
    for name in sorted(rows.columns() - set(carried)):
        if name not in frame.columns:
            known = frame.columns[1:]
            raise TableError(
                f"{path}: rows names the column {name!r}, which the table lacks"
                f"{nearest(name, known)}; it has {', '.join(known)}"
            )


def _or_null(name: str) -> pl.Expr:
    cell = pl.col(name)
    return pl.when(cell.str.strip_chars() != "").then(cell)


def _spread(
    made: Shaped, header: Sequence[str], merged: Sequence[Merged], columns: Sequence[str]
) -> None:
    """Give the cells of a merged range the value of its first one."""
    cells: dict[str, dict[int, str]] = {name: {} for name in columns}
    places = {header.index(name): name for name in columns}
    for (top, left), (bottom, right) in merged:
        for place, name in places.items():
            if left <= place <= right and left < len(header):
                found = made.frame.filter(pl.col(ROW) == top)[header[left]]
                value = found[0] if len(found) else ""
                cells[name] |= dict.fromkeys(range(top, bottom + 1), value)
    for name, values in cells.items():
        if values:
            known = pl.col(ROW).replace_strict(
                list(values), list(values.values()), default=None, return_dtype=pl.String
            )
            made.frame = made.frame.with_columns(pl.coalesce(known, pl.col(name)).alias(name))


def _skip(made: Shaped, header: Sequence[str], rules: Sequence[Skip]) -> None:
    """Take out the rows that are no records; their cells go down where a rule says so."""
    for rule in rules:
        meets = _meets(rule, header)
        found = made.frame.filter(meets)[ROW].to_list()
        if rule.carry:
            carried = pl.when(meets).then(pl.col(rule.column).str.strip_chars())
            made.frame = made.frame.with_columns(
                carried.forward_fill().fill_null("").alias(rule.carry)
            )
        if found:
            made.skipped.update(found)
            made.notes.append(
                Note(
                    kind="row-skipped",
                    text=f"A row is no record: {rule.name}.",
                    column=rule.column,
                    row=found[0],
                    count=len(found),
                )
            )
    if made.skipped:
        kept = ~pl.col(ROW).is_in(sorted(made.skipped))
        made.frame = made.frame.filter(kept)


def _meets(rule: Skip, header: Sequence[str]) -> pl.Expr:
    cell = pl.col(rule.column).str.strip_chars()
    meets = cell != ""
    if rule.among is not None:
        meets = meets & cell.is_in(list(rule.among))
    if rule.matches is not None:
        meets = meets & cell.str.contains(rule.matches)
    if rule.alone:
        others = [pl.col(name).str.strip_chars() == "" for name in header if name != rule.column]
        meets = meets & pl.all_horizontal(others) if others else meets
    return meets


def _continue(made: Shaped, rule: Continued, carried: Collection[str]) -> None:
    """Join rows to the one above, or let them take its cells."""
    frame = made.frame.with_columns(
        pl.when(pl.col(rule.without).str.strip_chars() != "")
        .then(pl.col(ROW))
        .forward_fill()
        .alias(_ABOVE)
    )
    follows = pl.col(_ABOVE).is_not_null() & (pl.col(_ABOVE) != pl.col(ROW))
    found = frame.filter(follows)
    if len(found):
        what = "takes cells from" if rule.take else "is joined to"
        made.notes.append(
            Note(
                kind="row-continued",
                text=f"A row goes on with the one above and {what} it.",
                column=rule.without,
                row=found[ROW][0],
                count=len(found),
            )
        )
    if rule.take:
        taken = [
            pl.when(follows)
            .then(pl.col(name).first().over(_ABOVE))
            .otherwise(pl.col(name))
            .alias(name)
            for name in rule.take
        ]
        made.frame = frame.with_columns(taken).drop(_ABOVE)
    else:
        made.frame = _joined(frame, rule.join or "", carried)
        made.joined = len(found)


def _joined(frame: pl.DataFrame, between: str, carried: Collection[str]) -> pl.DataFrame:
    """Join the cells of rows that belong together; what was carried down is one cell already."""
    alone = frame.filter(pl.col(_ABOVE).is_null()).drop(_ABOVE)
    names = [name for name in frame.columns if name not in {ROW, _ABOVE}]
    filled = [
        pl.col(name).first()
        if name in carried
        else pl.col(name).filter(pl.col(name).str.strip_chars() != "").str.join(between)
        for name in names
    ]
    joined = frame.filter(pl.col(_ABOVE).is_not_null()).group_by(_ABOVE, maintain_order=True)
    return pl.concat([alone, joined.agg(filled).rename({_ABOVE: ROW})]).sort(ROW)


def _filled(frame: pl.DataFrame, columns: Sequence[str]) -> Iterator[Note]:
    for name in columns:
        own = _or_null(name)
        found = frame.filter(own.is_null() & own.forward_fill().is_not_null())[ROW]
        if len(found):
            yield Note(
                kind="filled-down",
                text="An empty cell takes the one above.",
                column=name,
                row=found[0],
                count=len(found),
            )
