"""Grids: the first rows of a table as text cells, and how its file is written."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from graph.errors import TableError
from graph.languages import Detector
from loaders.language.places import Place
from loaders.reading.columns import columns_of
from loaders.reading.markup import genericode_records
from loaders.reading.pages import tables_of
from loaders.reading.workbooks import cell_text, read_sheet
from loaders.suggesting.heads import HEAD, Encoding, Head, decode_head
from loaders.suggesting.trees import (
    inner_lists,
    is_json_lines,
    json_lines,
    json_records,
    xml_records_of,
)

MAX_ROWS = 3_000
_DELIMITERS = ",;\t|"
_USUAL = {".csv": ",", ".tsv": "\t", ".txt": ","}
_PAGES = {".html"}
_BOOKS = {".xlsx", ".xls", ".ods", ".xlsm"}
_JUDGED = 400
_SHEETS = 20
_NOTED = 60  # rows of another sheet that may tell of the table
_CODES = re.compile(rb"<(?:[\w.-]+:)?CodeList\b[^>]*genericode")
_PLAIN = re.compile(r"[^\W\d][\w ]*")  # a name that is a path, too
_SEARCHED = 8_192
_OLE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of text cells; row 1 is the first of the file.

    `named`: the first row holds the names of the columns for certain, and is no row of the file.
    `whole`: there are no other rows. `each` names the lists in records whose items are the rows;
    `path_of` is a column that must be told by its path, so that the others are, too. `notes` are
    texts of the file beside the table: of other sheets, or around the records of a document.
    """

    path: Path
    rows: list[list[str]]
    whole: bool
    suffix: str
    named: bool = False
    format: str | None = None
    encoding: Encoding | None = None
    delimiter: str | None = None
    quotes: str | None = None
    sheet: str | None = None
    records: str | None = None
    each: str | None = None
    path_of: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def usual_delimiter(self) -> str:
        """Tell which delimiter the name of the file says."""
        return _USUAL.get(self.suffix, ",")


def read_grid(head: Head, detector: Detector) -> Grid:
    """Read the first rows of a table; TableError where there are none."""
    if head.kind == "xlsx":
        grid = _of_workbook(head)
    else:
        text, encoding = decode_head(head, detector)
        grid = _of_text(head, text, encoding)
    if not any(any(row) for row in grid.rows):
        raise TableError(f"{head.path}: the table is empty")
    return grid


def _of_text(head: Head, text: str, encoding: Encoding) -> Grid:
    if head.kind == "html":
        return _of_page(head, text, encoding)
    if head.kind in {"json", "xml"}:
        return _of_tree(head, text, encoding)
    delimiter, quotes = _separation(text)
    rows = list(_split(text, delimiter, quotes))
    if not head.whole and len(rows) > 1:
        rows.pop()  # cut off within a row
    return Grid(
        head.path,
        rows[:MAX_ROWS],
        whole=head.whole and len(rows) <= MAX_ROWS,
        suffix=head.suffix,
        format=None if head.suffix in _USUAL else "csv",
        encoding=encoding,
        delimiter=delimiter,
        quotes=quotes,
    )


def _of_page(head: Head, text: str, encoding: Encoding) -> Grid:
    """Take the table of a page with the most rows."""
    tables = tables_of(head.path, text)
    if not any(tables):
        raise TableError(f"{head.path}: the page holds no table with rows")
    place, rows = max(enumerate(tables, 1), key=lambda item: len(item[1]))
    first = next((number for number, table in enumerate(tables, 1) if len(table) > 1), place)
    return Grid(
        head.path,
        rows[:MAX_ROWS],
        whole=head.whole,
        suffix=head.suffix,
        format=None if head.suffix in _PAGES else "html",
        encoding=encoding,
        sheet=None if place == first else str(place),
    )


def _of_tree(head: Head, text: str, encoding: Encoding) -> Grid:
    kind = head.kind
    records: list[Any]
    if kind == "xml" and _CODES.search(head.content[:_SEARCHED]):
        return _of_codes(head, encoding)
    if kind == "xml":
        place, records = xml_records_of(head.path, head.content, whole=head.whole)
    elif is_json_lines(text):
        kind, (place, records) = "ndjson", (None, json_lines(text))
    else:
        place, records = json_records(head.path, text, whole=head.whole)
    grid = Grid(
        head.path,
        [],
        whole=head.whole and len(records) <= MAX_ROWS,
        suffix=head.suffix,
        format=None if head.suffix == f".{kind}" else kind,
        encoding=encoding,
        records=place,
        notes=(text[:_SEARCHED], text[-_SEARCHED:]),
    )
    if isinstance(records[0], list):
        return replace(grid, rows=[[cell_text(cell) for cell in row] for row in records])
    each, lists = inner_lists(records)
    names, cells = columns_of(records[:MAX_ROWS], Place(file=head.path.name, each=each))
    # A JSON file whose records hold lists has columns with dotted names where one is a path.
    path = next((name for name in names if _PLAIN.fullmatch(name)), None) if lists else None
    path = path if kind == "json" and not each else None
    return replace(grid, rows=[names, *cells[:MAX_ROWS]], named=True, each=each, path_of=path)


def _of_codes(head: Head, encoding: Encoding) -> Grid:
    """Read a code list in genericode, of which there is no part."""
    if not head.whole:
        raise TableError(f"{head.path}: a code list of more than {HEAD >> 20} MiB; split it")
    names, records = genericode_records(head.path, head.content)
    rows = [[str(record.get(name) or "") for name in names] for record in records]
    return Grid(
        head.path,
        [names, *rows[:MAX_ROWS]],
        whole=len(rows) <= MAX_ROWS,
        suffix=head.suffix,
        named=True,
        format=None if head.suffix == ".gc" else "gc",
        encoding=encoding,
    )


def _separation(text: str) -> tuple[str, str | None]:
    """Choose the delimiter that parts most rows into equally many cells."""
    scored: list[tuple[float, int, str, str | None]] = []
    for place, delimiter in enumerate(_DELIMITERS):
        for quotes in (None, "none"):
            split = _split(text, delimiter, quotes, strict=True)
            widths = Counter(len(row) for _, row in zip(range(_JUDGED), split, strict=False))
            widths.pop(0, None)
            if not widths:
                continue
            width, times = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
            even = times / widths.total()
            score = even * min(width - 1, 4) / 4 - (0.05 if quotes else 0.0)
            scored.append((score, -place, delimiter, quotes))
    if not scored or max(scored)[0] <= 0:
        return ",", None
    return max(scored, key=lambda item: item[:2])[2:]


def _split(
    text: str, delimiter: str, quotes: str | None, *, strict: bool = False
) -> Iterator[list[str]]:
    """Split lines into cells; one whose quotation marks do not match is one cell, or no row."""
    lines = io.StringIO(text, newline="")
    if quotes == "none":
        reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    else:
        reader = csv.reader(lines, delimiter=delimiter, strict=strict)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            if strict:
                yield [""]


def _of_workbook(head: Head) -> Grid:
    """Take the sheet with the most filled rows."""
    first = read_sheet(head.path, head.content, None)
    sheets = {first.name: first}
    # It is measured by now, and can be opened.
    for name in CalamineWorkbook.from_filelike(io.BytesIO(head.content)).sheet_names[1:_SHEETS]:
        sheets[name] = read_sheet(head.path, head.content, name)
    filled = {name: sum(any(row) for row in item.rows) for name, item in sheets.items()}
    chosen = max(filled, key=filled.__getitem__)
    rows = sheets[chosen].rows
    beside = [item.rows for name, item in sheets.items() if name != chosen]
    notes = tuple(cell for table in beside for row in table[:_NOTED] for cell in row if cell)
    form = None
    if head.suffix not in _BOOKS:
        form = "xls" if head.content.startswith(_OLE) else "xlsx"
    return Grid(
        head.path,
        rows[:MAX_ROWS],
        whole=len(rows) <= MAX_ROWS,
        suffix=head.suffix,
        format=form,
        sheet=None if chosen == first.name else chosen,
        notes=notes,
    )
