"""Readers: from a file to a table of text cells, each row with its number in the file.

Every cell is text, as the file shows it; an empty cell is the empty string. A row that does not
fit the header is set aside as a problem, with the rest of the table unharmed.

A column of the header without a name is called after its place: `column 3`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
from charset_normalizer import from_bytes

from graph.errors import TableError
from loaders.mapping import Rows
from loaders.workbooks import cell_text, read_sheet

ROW = "__row"
MAX_CELL = 1_000_000
MAX_FILE = 2 << 30
_BATCH = 50_000
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DELIMITERS = {"csv": ",", "tsv": "\t"}
_SHOWN = 80
_GUESSED_FROM = 100_000
_SEARCHED = 4_000_000
# What no serialisation of XML can hold; tabs and line ends are no problem.
_CONTROL = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]"
# How word processors write line and page breaks in a cell.
_BREAK = r"[\x0B\x0C]"

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
        body = _csv_body(path, content, rows, kind)
    elif kind in {"xlsx", "xls", "ods", "xlsm"}:
        sheet = read_sheet(path, content, rows.sheet)
        records: Iterator[Record] = iter(enumerate(sheet.rows, start=1))
        header = _header(path, records, rows)
        body = _Body(header, records, padded=True, sheet=sheet.name)
    elif kind == "json":
        body = _json_body(path, content, rows)
    else:
        raise TableError(
            f"{path}: files of the kind {kind!r} are not read; "
            "use csv, tsv, xlsx, xls, ods or json, or name the kind with rows.format"
        )
    return _assemble(path, content, body)


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that is no list of cells, for a reason; `text` is where it begins."""

    text: str
    reason: str


# A record: its number in the file, and its cells.
Record = tuple[int, Sequence[str] | Broken]


@dataclass(frozen=True, slots=True)
class _Body:
    """The column names of a table and its records; `padded` where short rows are no fault."""

    header: Sequence[str]
    records: Iterator[Record]
    padded: bool = False
    sheet: str | None = None


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
        guess = from_bytes(_telling(content, error.start)).best()
        hint = f"; it may be {guess.encoding}" if guess else ""
        raise TableError(
            f"{path}: line {line} holds the byte 0x{content[error.start]:02X}, which is not "
            f"{declared}{hint}: name the encoding with rows.encoding"
        ) from error
    except ValueError as error:
        raise TableError(f"{path}: the encoding {declared!r} cannot be used: {error}") from error


def _telling(content: bytes, position: int) -> bytes:
    """Give the lines from a position on that tell their encoding: those beyond ASCII."""
    begin = content.rfind(b"\n", 0, position) + 1
    lines = content[begin : begin + _SEARCHED].splitlines(keepends=True)
    return b"".join(line for line in lines if not line.isascii())[:_GUESSED_FROM]


def _csv_body(path: Path, content: bytes, rows: Rows, kind: str) -> _Body:
    text = decode(path, content, rows.encoding)
    delimiter = rows.delimiter or _DELIMITERS.get(kind, ",")
    lines = io.StringIO(text, newline="")
    if rows.quotes == "none":
        reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE, strict=True)
    else:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
    records = _csv_records(path, reader)
    return _Body(_header(path, records, rows), records)


def _csv_records(path: Path, reader: Any) -> Iterator[Record]:  # noqa: ANN401  # csv's own type
    number = 0
    while True:
        before = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if str(error) == "unexpected end of data":
                raise TableError(
                    f"{path}: a quoted cell begins in line {before + 1} or later and is not closed "
                    "before the end of the file: look for a quotation mark too many, or say "
                    "rows.quotes: none where they are plain characters"
                ) from error
            # The reader goes on with the next line: one row is lost, and told.
            cells = Broken(
                f"line {reader.line_num}",
                f"the quotation marks do not match: {error}; where they are plain characters, "
                "say rows.quotes: none",
            )
        number += 1
        yield number, cells


def _assemble(path: Path, content: bytes, body: _Body) -> Table:
    header = body.header
    problems: list[Problem] = []
    batches: list[pl.DataFrame] = []
    count = 0
    numbers: list[int] = []
    kept: list[Sequence[str]] = []
    for number, cells in body.records:
        if isinstance(cells, Broken):
            count += 1
            problems.append(Problem(path.name, number, None, cells.text, cells.reason))
            continue
        if not any(cells):
            continue
        count += 1
        reason = _misfit(cells, len(header), padded=body.padded)
        if reason:
            shown = ",".join(cells)[:_SHOWN]
            problems.append(Problem(path.name, number, None, shown, reason))
            continue
        numbers.append(number)
        kept.append(_trim(cells, len(header)))
        if len(kept) == _BATCH:
            batches.append(_batch(path, header, numbers, kept))
            numbers, kept = [], []
    batches.append(_batch(path, header, numbers, kept))
    frame = pl.concat(batches, rechunk=True)
    frame = frame.with_columns(pl.col(pl.String).str.replace_all(_BREAK, "\n"))
    unwritable = list(_unwritable(path, frame))
    if unwritable:
        frame = frame.filter(~pl.col(ROW).is_in([item.row for item in unwritable]))
    return Table(path, _sha256(content), frame, body.sheet, problems + unwritable, count)


def _unwritable(path: Path, frame: pl.DataFrame) -> Iterator[Problem]:
    for name in frame.columns[1:]:
        found = frame.filter(pl.col(name).str.contains(_CONTROL)).select(ROW, name)
        for row, value in found.iter_rows():
            reason = "the cell holds a control character, which no document can carry"
            yield Problem(path.name, row, name, value[:_SHOWN], reason)


def _header(path: Path, records: Iterator[Record], rows: Rows) -> list[str]:
    for number, cells in records:
        if number < rows.header:
            continue
        if isinstance(cells, Broken):
            raise TableError(f"{path}: {cells.text}, the header: {cells.reason}")
        names = [" ".join(cell.split()) for cell in cells]
        while names and not names[-1]:
            names.pop()
        if not names:
            break
        names = [name or f"column {place}" for place, name in enumerate(names, start=1)]
        doubled = sorted(name for name, times in Counter(names).items() if times > 1)
        if doubled:
            raise TableError(
                f"{path}: row {number}: the column name {doubled[0]!r} stands there "
                "more than once; give each column its own name"
            )
        return names
    raise TableError(f"{path}: no header in row {rows.header}: the table is empty")


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
    if ROW in header:
        raise TableError(f"{path}: no column can have the name {ROW}; give it another")
    columns = zip(*records, strict=True) if records else ((),) * len(header)
    series = [
        pl.Series(name, list(cells), dtype=pl.String)
        for name, cells in zip(header, columns, strict=True)
    ]
    return pl.DataFrame([pl.Series(ROW, list(numbers), dtype=pl.Int64), *series])


def _json_body(path: Path, content: bytes, rows: Rows) -> _Body:
    text = decode(path, content, rows.encoding)
    try:
        # Numbers stay as they are written: 1.10 is not 1.1, and no size is too large.
        document = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except json.JSONDecodeError as error:
        raise TableError(
            f"{path}: line {error.lineno}, column {error.colno}: {error.msg}"
        ) from error
    except RecursionError as error:
        raise TableError(f"{path}: lists or objects are nested too deeply") from error
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
    if not _encodable("".join(header)):
        raise TableError(f"{path}: a name holds half a character (a lone surrogate)")
    records = (_json_record(number, record, header) for number, record in enumerate(flat, start=1))
    return _Body(header, records)


def _json_record(number: int, record: dict[str, str], header: Sequence[str]) -> Record:
    cells = [record.get(name, "") for name in header]
    if not _encodable("".join(cells)):
        return number, Broken("", "a cell holds half a character (a lone surrogate)")
    return number, cells


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _flatten(item: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in item.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            yield prefix + name, ";".join(_part(part) for part in value)
        else:
            yield prefix + name, cell_text(value)


def _part(value: Any) -> str:  # noqa: ANN401  # any JSON value
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return cell_text(value)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
