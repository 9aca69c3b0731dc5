"""Readers: from a file to a table of text cells, each row with its number in the file.

Every cell is text, as the file shows it; an empty cell is the empty string. A row that does not
fit the header is set aside as a problem, with the rest of the table unharmed.

A column of the header without a name is called after its place: `column 3`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from graph.errors import TableError
from graph.report import Note
from loaders.language.rows import Rows
from loaders.reading.characters import CONTROL, misread, suspect
from loaders.reading.columns import with_cells
from loaders.reading.objects import read_json
from loaders.reading.packing import unpacked
from loaders.reading.pages import read_page
from loaders.reading.records import Body, Broken, Reader
from loaders.reading.shaping import ROW, shaped
from loaders.reading.sheets import read_workbook
from loaders.reading.texts import MAX_FILE, read_commas, read_tabs
from loaders.reading.trees import (
    read_answer,
    read_genericode,
    read_lines,
    read_rdf,
    read_xml,
)
from loaders.reading.triples import SUFFIXES

__all__ = ["MAX_CELL", "MAX_FILE", "READERS", "ROW", "Problem", "Table", "read_table"]

MAX_CELL = 1_000_000
_BATCH = 50_000
_SHOWN = 80
# How word processors write line and page breaks in a cell.
_BREAK = r"[\x0B\x0C]"

READERS: Mapping[str, Reader] = {
    "csv": read_commas,
    "txt": read_commas,
    "tsv": read_tabs,
    **dict.fromkeys(("xlsx", "xls", "ods", "xlsm"), read_workbook),
    "html": read_page,
    "json": read_json,
    **dict.fromkeys(("ndjson", "jsonl"), read_lines),
    "xml": read_xml,
    "gc": read_genericode,
    **dict.fromkeys(SUFFIXES, read_rdf),
    "srj": read_answer,
}
# The readers of these make the cells that a mapping asks for by themselves.
_TREES = {"json", "ndjson", "jsonl", "xml", *SUFFIXES}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row, or the whole table where `row` is None, is not loaded."""

    file: str
    row: int | None
    column: str | None
    value: str | None
    reason: str

    def sentence(self) -> str:
        """Say in one line what is wrong and where."""
        place = self.file if self.row is None else f"{self.file}, row {self.row}"
        if self.column:
            place += f", column {self.column}"
        shown = f" (value {self.value!r})" if self.value is not None else ""
        return f"{place}: {self.reason}{shown}"


@dataclass(frozen=True, slots=True)
class Table:
    """The text cells of one table: one column a header cell, and `__row`, its 1-based number.

    Columns whose names begin with two underscores are the loader's own.
    """

    path: Path
    sha256: str
    frame: pl.DataFrame
    sheet: str | None = None
    problems: list[Problem] = field(default_factory=list)
    rows_read: int = 0
    notes: list[Note] = field(default_factory=list)

    @property
    def columns(self) -> list[str]:
        """Name the columns of the file, in order."""
        return [name for name in self.frame.columns if not name.startswith("__")]


def read_table(path: Path, rows: Rows) -> Table:
    """Read a table as its mapping describes it; TableError names the file and the cause."""
    packed = _read_bytes(path)
    name, content = unpacked(path, packed, rows.member)
    kind = (rows.format or Path(name).suffix.lstrip(".")).lower()
    reader = READERS.get(kind)
    if reader is None:
        raise TableError(
            f"{path}: files of the kind {kind!r} are not read; "
            "use csv, tsv, xlsx, xls, ods or json, or name the kind with rows.format"
        )
    table = _assemble(path, packed, reader(path, content, rows), rows)
    if rows.cells and kind not in _TREES:
        return replace(table, frame=with_cells(path.name, table.frame, rows))
    return table


def _read_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE:
            raise TableError(f"{path}: larger than {MAX_FILE >> 30} GiB; split the file")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise TableError(f"{path}: there is no such file") from error
    except OSError as error:
        raise TableError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise TableError(f"{str(path)!r}: no name of a file: {error}") from error


@dataclass
class _Gathered:
    """The rows of a table as they are read; `unfit` are those that only a skip rule may excuse."""

    frame: pl.DataFrame
    count: int
    problems: list[Problem]
    unfit: dict[int, Problem]


def _assemble(path: Path, content: bytes, body: Body, rows: Rows) -> Table:
    gathered = _gather(path, body, excusable=bool(rows.skip))
    frame = gathered.frame.with_columns(pl.col(pl.String).str.replace_all(_BREAK, "\n"))
    made = shaped(path, frame, rows, body.merged)
    wrong = [item for row, item in gathered.unfit.items() if row not in made.skipped]
    odd = suspect(made.frame)
    wrong += _unwritable(path, made.frame, odd)
    if wrong:
        rest = ~pl.col(ROW).is_in([item.row for item in wrong])
        made.frame = made.frame.filter(rest)
    made.notes += body.notes
    made.notes += misread(made.frame, odd, ROW)
    return Table(
        path,
        hashlib.sha256(content).hexdigest(),
        made.frame,
        body.sheet,
        sorted(gathered.problems + wrong, key=lambda item: item.row or 0),
        gathered.count - len(made.skipped) - made.joined,
        made.notes,
    )


def _gather(path: Path, body: Body, *, excusable: bool) -> _Gathered:
    header, width = body.header, len(body.header)
    batches: list[pl.DataFrame] = []
    made = _Gathered(pl.DataFrame(), 0, [], {})
    numbers: list[int] = []
    kept: list[Sequence[str]] = []
    for number, cells in body.records:
        if isinstance(cells, Broken):
            made.count += 1
            made.problems.append(Problem(path.name, number, None, cells.text, cells.reason))
            continue
        if not any(cells):
            continue
        made.count += 1
        reason = _misfit(cells, width, padded=body.padded)
        if reason:
            problem = Problem(path.name, number, None, ",".join(cells)[:_SHOWN], reason)
            if not excusable or len(cells) >= width:
                made.problems.append(problem)
                continue
            made.unfit[number] = problem
        numbers.append(number)
        kept.append(_trim(cells, width))
        if len(kept) == _BATCH:
            batches.append(_batch(path, header, numbers, kept))
            numbers, kept = [], []
    batches.append(_batch(path, header, numbers, kept))
    made.frame = pl.concat(batches, rechunk=True)
    return made


def _unwritable(path: Path, frame: pl.DataFrame, columns: Sequence[str]) -> Iterator[Problem]:
    for name in columns:
        found = frame.filter(pl.col(name).str.contains(CONTROL)).select(ROW, name)
        for row, value in found.iter_rows():
            reason = "the cell holds a control character, which no document can carry"
            yield Problem(path.name, row, name, value[:_SHOWN], reason)


def _misfit(cells: Sequence[str], width: int, *, padded: bool) -> str | None:
    if len(cells) != width:
        # Empty cells beyond the header are what spreadsheets leave when they write CSV.
        too_long = any(cells[width:])
        if too_long or (len(cells) < width and not padded):
            return f"the row has {len(cells)} cells, the header {width}"
    longest = max(map(len, cells))
    if longest > MAX_CELL:
        return f"a cell has {longest:,} characters; at most {MAX_CELL:,} are loaded"
    return None


def _trim(cells: Sequence[str], width: int) -> Sequence[str]:
    if len(cells) == width:
        return cells
    return [*cells[:width], *[""] * (width - len(cells))]


def _batch(
    path: Path, header: Sequence[str], numbers: Iterable[int], records: Sequence[Sequence[str]]
) -> pl.DataFrame:
    own = [name for name in header if name.startswith("__")]
    if own:
        raise TableError(f"{path}: no column can have the name {own[0]}; give it another")
    columns = zip(*records, strict=True) if records else ((),) * len(header)
    series = [
        pl.Series(name, list(cells), dtype=pl.String)
        for name, cells in zip(header, columns, strict=True)
    ]
    return pl.DataFrame([pl.Series(ROW, list(numbers), dtype=pl.Int64), *series])
