"""Workbooks: the cells of one sheet of an XLSX, XLS or ODS file as text.

A workbook is packed, and a small file can hold a sheet that fills the memory of any machine: how
much there is to unpack, and how wide the cells lie apart, is measured before it is opened.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from graph.errors import TableError
from graph.report import Note

MAX_UNPACKED = 1 << 30
MAX_CELLS = 20_000_000
_CHUNK = 1 << 20
_OVERLAP = 64  # longer than any reference of a cell
_REFERENCE = re.compile(rb"""\sr=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_FORMULA = re.compile(rb"(?:</f>|<f(?:\s[^<>]{0,40})?/>)(?:<v\s?/>|<v></v>)?</c>")
_DEFLATED_HEADER = 30
_UNVALUED = Note(
    kind="formula-without-value",
    text=(
        "Cells hold a formula whose value the workbook does not store, and are read as empty: "
        "open it in a spreadsheet and save it again."
    ),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The name of a sheet and the text of its cells, row by row.

    `merged` holds the first and the last cell of each range that is one cell: row from 1, column
    from 0.
    """

    name: str
    rows: list[list[str]]
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def read_sheet(path: Path, content: bytes, name: str | None) -> Sheet:
    """Read a sheet, by default the first; TableError if it is too large or not readable."""
    if content.lstrip()[:1] == b"<":
        raise TableError(
            f"{path}: no workbook, but a page of HTML or XML under that name; where it is a table "
            "of HTML, say rows.format: html; else open it in a spreadsheet and save it as XLSX"
        )
    formulas = _measure(path, content) if zipfile.is_zipfile(io.BytesIO(content)) else 0
    with _told(path):
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if name is not None and name not in book.sheet_names:
            raise TableError(
                f"{path}: there is no sheet {name!r}; it has {', '.join(book.sheet_names)}"
            )
        chosen = name or book.sheet_names[0]
        sheet = book.get_sheet_by_name(chosen)
        if sheet.total_height * sheet.total_width > MAX_CELLS:
            raise _too_wide(path, sheet.total_height, sheet.total_width)
        cells = sheet.to_python(skip_empty_area=False)
        merged = [
            ((first[0] + 1, first[1]), (last[0] + 1, last[1]))
            for first, last in sheet.merged_cell_ranges or ()
        ]
    notes = [_UNVALUED.model_copy(update={"count": formulas})] if formulas else []
    return Sheet(chosen, [[cell_text(cell) for cell in row] for row in cells], merged, notes)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except (CalamineError, IndexError, ValueError) as error:
        raise TableError(f"{path}: no readable workbook: {error}") from error
    except BaseException as error:
        # A panic of calamine is no Exception, and its type cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise TableError(f"{path}: no readable workbook: it is damaged ({error})") from error


def cell_text(value: Any) -> str:  # noqa: ANN401  # whatever a cell holds
    """Write a cell as text: numbers in positional notation, days and times as in ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # The shortest digits that give this number, as a spreadsheet shows it.
        return f"{Decimal(repr(value)).normalize():f}"
    if isinstance(value, datetime):
        at_midnight = value.time() == time()
        return value.date().isoformat() if at_midnight else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _measure(path: Path, content: bytes) -> int:
    """Refuse a packed file by what it really holds: the sizes in its directory may lie.

    Gives the number of formulas without a stored value, which would read as empty cells.
    """
    formulas = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            total = 0
            for item in packed.infolist():
                extent = _Extent() if "worksheets/" in item.filename else None
                for piece in _unpacked(content, item):
                    total += len(piece)
                    if total > MAX_UNPACKED:
                        raise TableError(
                            f"{path}: unpacks to more than {MAX_UNPACKED >> 20:,} MiB; "
                            "split the table, or give it as CSV"
                        )
                    if extent:
                        extent.add(piece)
                if extent and extent.rows * extent.columns > MAX_CELLS:
                    raise _too_wide(path, extent.rows, extent.columns)
                formulas += extent.formulas if extent else 0
    except (zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        raise TableError(f"{path}: no readable workbook: {error}") from error
    return formulas


def _too_wide(path: Path, rows: int, columns: int) -> TableError:
    return TableError(
        f"{path}: the sheet spans {rows:,} rows and {columns:,} columns; at most {MAX_CELLS:,} "
        "cells are read: is there a stray cell far from the table?"
    )


def _unpacked(content: bytes, item: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpack a member piece by piece, as far as its data go."""
    header = content[item.header_offset : item.header_offset + _DEFLATED_HEADER]
    names = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    start = item.header_offset + _DEFLATED_HEADER + names
    packed = content[start : start + item.compress_size]
    if item.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    while packed and not inflate.eof:
        yield inflate.decompress(packed, _CHUNK)
        packed = inflate.unconsumed_tail


class _Extent:
    """The last row and column that the cells of a sheet name, and its formulas without value."""

    def __init__(self) -> None:
        self.rows = 1
        self.columns = 1
        self.formulas = 0
        self._rest = b""

    def add(self, piece: bytes) -> None:
        """Take the next piece of the sheet."""
        found = _REFERENCE.findall(self._rest + piece)
        # What ended in the piece before has been counted with it.
        self.formulas += sum(
            match.end() > len(self._rest) for match in _FORMULA.finditer(self._rest + piece)
        )
        self._rest = piece[-_OVERLAP:]
        if found:
            self.rows = max(self.rows, *(int(row) for _, row in found))
            self.columns = max(self.columns, *map(_column, {letters for letters, _ in found}))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number
