"""Readers: from a file to a table of text cells, each row with its number in the file.

Every cell is text, as the file shows it; an empty cell is the empty string. A row that does not
fit the header is set aside as a problem, with the rest of the table unharmed.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import polars as pl
from charset_normalizer import from_bytes
from python_calamine import CalamineError, CalamineWorkbook

from graph.errors import TableError
from loaders.mapping import Rows

ROW = "__row"
MAX_CELL = 1_000_000
MAX_FILE = 2 << 30
_BATCH = 50_000
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DELIMITERS = {"csv": ",", "tsv": "\t"}
_SHOWN = 80

# The csv module counts its own limit for all readers of the process; ours is told per cell.
csv.field_size_limit(MAX_FILE)


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
    """The text cells of one table: one column a header cell, and `__row`, its 1-based number."""

    path: Path
    sha256: str
    frame: pl.DataFrame
    sheet: str | None = None
    problems: list[Problem] = field(default_factory=list)
    rows_read: int = 0

    @property
    def columns(self) -> list[str]:
        """Name the columns of the file, in order."""
        return [name for name in self.frame.columns if name != ROW]


def read_table(path: Path, rows: Rows) -> Table:
    """Read a table as its mapping describes it; TableError names the file and the cause."""
    content = _read_bytes(path)
    kind = (rows.format or path.suffix.lstrip(".")).lower()
    if kind in {"csv", "tsv", "txt"}:
        records = _csv_records(path, content, rows, kind)
        body = _Body(_header(path, records, rows), records)
    elif kind in {"xlsx", "xls", "ods", "xlsm"}:
        records = _sheet_records(path, content, rows)
        body = _Body(_header(path, records, rows), records, padded=True)
    elif kind == "json":
        body = _json_body(path, content, rows)
    else:
        raise TableError(
            f"{path}: files of the kind {kind!r} are not read; "
            "use csv, tsv, xlsx, xls, ods or json, or name the kind with rows.format"
        )
    return _assemble(path, content, body, rows.sheet)


# A record: its number in the file, and its cells.
Record = tuple[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class _Body:
    """The column names of a table and its records; `padded` where short rows are no fault."""

    header: Sequence[str]
    records: Iterator[Record]
    padded: bool = False


def _read_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE:
            raise TableError(f"{path}: larger than {MAX_FILE >> 30} GiB; split the file")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise TableError(f"{path}: there is no such file") from error
    except OSError as error:
        raise TableError(f"{path}: cannot be read: {error.strerror}") from error


def decode(path: Path, content: bytes, encoding: str | None) -> str:
    """Decode a text file by its byte order mark, its declared encoding, or as UTF-8."""
    declared = encoding or "utf-8"
    for mark, name in _BOMS:
        if content.startswith(mark):
            declared = name
            break
    try:
        return content.decode(declared)
    except LookupError as error:
        raise TableError(f"{path}: there is no encoding {declared!r} (rows.encoding)") from error
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        guess = from_bytes(content[:200_000]).best()
        hint = f"; it may be {guess.encoding}" if guess else ""
        raise TableError(
            f"{path}: line {line} holds the byte 0x{content[error.start]:02X}, which is not "
            f"{declared}{hint}: name the encoding with rows.encoding"
        ) from error


def _csv_records(path: Path, content: bytes, rows: Rows, kind: str) -> Iterator[Record]:
    text = decode(path, content, rows.encoding)
    delimiter = rows.delimiter or _DELIMITERS.get(kind, ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise TableError(f"{path}: line {reader.line_num}: {error}") from error
        number += 1
        yield number, cells


def _sheet_records(path: Path, content: bytes, rows: Rows) -> Iterator[Record]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if rows.sheet is not None and rows.sheet not in book.sheet_names:
            raise TableError(
                f"{path}: there is no sheet {rows.sheet!r}; it has {', '.join(book.sheet_names)}"
            )
        name = rows.sheet or book.sheet_names[0]
        cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, zipfile.BadZipFile, IndexError) as error:
        raise TableError(f"{path}: no readable workbook: {error}") from error
    for number, record in enumerate(cells, start=1):
        yield number, [_cell(value) for value in record]


def _cell(value: Any) -> str:  # noqa: ANN401  # whatever a spreadsheet or JSON cell holds
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)  # noqa: PLR2004  # beyond, doubles are no exact integers
    if isinstance(value, datetime):
        at_midnight = value.time() == time()
        return value.date().isoformat() if at_midnight else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _assemble(path: Path, content: bytes, body: _Body, sheet: str | None) -> Table:
    header = body.header
    problems: list[Problem] = []
    batches: list[pl.DataFrame] = []
    count = 0
    numbers: list[int] = []
    kept: list[Sequence[str]] = []
    for number, cells in body.records:
        if not any(cells):
            continue
        count += 1
        reason = _misfit(cells, len(header), padded=body.padded)
        if reason:
            problems.append(Problem(path.name, number, None, ",".join(cells)[:_SHOWN], reason))
            continue
        numbers.append(number)
        kept.append(_trim(cells, len(header)))
        if len(kept) == _BATCH:
            batches.append(_batch(header, numbers, kept))
            numbers, kept = [], []
    batches.append(_batch(header, numbers, kept))
    frame = pl.concat(batches, rechunk=True)
    return Table(path, _sha256(content), frame, sheet, problems, count)


def _header(path: Path, records: Iterator[Record], rows: Rows) -> list[str]:
    for number, cells in records:
        if number < rows.header:
            continue
        names = [" ".join(cell.split()) for cell in cells]
        while names and not names[-1]:
            names.pop()
        if not any(names):
            break
        doubled = {name for name in names if names.count(name) > 1}
        if doubled:
            raise TableError(
                f"{path}: row {number}: the column name {min(doubled)!r} stands there "
                "more than once; give each column its own name"
            )
        return names
    raise TableError(f"{path}: no header in row {rows.header}: the table is empty")


def _misfit(cells: Sequence[str], width: int, *, padded: bool) -> str | None:
    too_long = len(cells) > width and (not padded or any(cells[width:]))
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
    header: Sequence[str], numbers: Iterable[int], records: Sequence[Sequence[str]]
) -> pl.DataFrame:
    columns = zip(*records, strict=True) if records else ((),) * len(header)
    series = [
        pl.Series(name, list(cells), dtype=pl.String)
        for name, cells in zip(header, columns, strict=True)
    ]
    return pl.DataFrame([pl.Series(ROW, list(numbers), dtype=pl.Int64), *series])


def _json_body(path: Path, content: bytes, rows: Rows) -> _Body:
    try:
        document = json.loads(decode(path, content, rows.encoding))
    except json.JSONDecodeError as error:
        raise TableError(
            f"{path}: line {error.lineno}, column {error.colno}: {error.msg}"
        ) from error
    for step in rows.records.split(".") if rows.records else ():
        if not isinstance(document, dict) or step not in document:
            raise TableError(f"{path}: there is no {step!r} of rows.records {rows.records!r}")
        document = document[step]
    if not isinstance(document, list) or not all(isinstance(item, dict) for item in document):
        raise TableError(f"{path}: a list of objects is expected; name its place with rows.records")
    flat = [dict(_flatten(item)) for item in document]
    header = list(dict.fromkeys(name for record in flat for name in record))
    if not header:
        raise TableError(f"{path}: the table is empty")
    records = (
        (number, [record.get(name, "") for name in header])
        for number, record in enumerate(flat, start=1)
    )
    return _Body(header, records)


def _flatten(item: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in item.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            yield prefix + name, ";".join(_cell(part) for part in value)
        else:
            yield prefix + name, _cell(value)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
