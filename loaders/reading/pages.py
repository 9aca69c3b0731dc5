"""Pages: the tables of an HTML page, which many programs write under the name of a workbook."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from graph.errors import TableError
from graph.report import Note
from loaders.language.rows import Rows
from loaders.reading.records import Body, Merged, headed
from loaders.reading.texts import decode_noted

# The encoding that a page names in its head (HTML standard, section 4.2.5.4).
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
_HEAD = 4096
_BREAKING = {"br", "p", "div", "li"}
_UNSHOWN = {"script", "style", "template"}
_WIDEST = 1000
MAX_CELLS = 5_000_000


@dataclass
class _Grid:
    """A table as it is read: rows of texts, and the places that cells from above reach into."""

    rows: list[list[str]] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)
    reached: set[tuple[int, int]] = field(default_factory=set)
    size: int = 0

    def place(self, text: str, down: int, across: int) -> None:
        """Put a cell into the next free place of the last row."""
        row = self.rows[-1]
        number = len(self.rows)
        self.size += down * across
        if self.size > MAX_CELLS:
            raise OverflowError
        self.fill_up()
        first = len(row)
        row += [text, *[""] * (across - 1)]
        if down > 1 or across > 1:
            self.merged.append(((number, first), (number + down - 1, first + across - 1)))
        self.reached |= {
            (number + under, first + beside) for under in range(1, down) for beside in range(across)
        }

    def fill_up(self) -> None:
        """Leave the places empty that cells from above reach into."""
        row, number = self.rows[-1], len(self.rows)
        while (number, len(row)) in self.reached:
            row.append("")


class _Page(HTMLParser):
    """Collects the tables of a page; a table inside a cell is part of its text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Grid] = []
        self._depth = 0
        self._cell: list[str] | None = None
        self._span = (1, 1)
        self._unshown = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append(_Grid())
        elif tag in _UNSHOWN:
            self._unshown += 1
        elif self._cell is not None and tag in _BREAKING:
            self._cell.append("\n")
        elif self._depth == 1 and tag == "tr":
            self._end_row()
            self.tables[-1].rows.append([])
        elif self._depth == 1 and tag in {"td", "th"}:
            self._end_cell()
            if not self.tables[-1].rows:
                self.tables[-1].rows.append([])
            given = dict(attrs)
            self._cell = []
            self._span = (_span(given.get("rowspan")), _span(given.get("colspan")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._depth:
            if self._depth == 1:
                self._end_row()
            self._depth -= 1
        elif tag in _UNSHOWN and self._unshown:
            self._unshown -= 1
        elif self._depth == 1 and tag in {"td", "th"}:
            self._end_cell()
        elif self._depth == 1 and tag == "tr":
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._unshown:
            # A browser shows line ends as blanks; in a published table they part what it lists.
            self._cell.append(data)

    def close(self) -> None:
        super().close()
        if self._depth:
            self._end_row()

    def _end_cell(self) -> None:
        if self._cell is not None:
            lines = (" ".join(line.split()) for line in "".join(self._cell).split("\n"))
            text = "\n".join(line for line in lines if line)
            self._cell = None
            self.tables[-1].place(text, *self._span)

    def _end_row(self) -> None:
        self._end_cell()
        if self.tables and self.tables[-1].rows:
            self.tables[-1].fill_up()


def read_page(path: Path, content: bytes, rows: Rows) -> Body:
    """Read a table of a page: the first with two rows, or that of the number in `rows.sheet`."""
    text, notes = _text(path, content, rows)
    page = _page(path, text)
    tables = [grid for grid in page.tables if len(grid.rows) > 1]
    if rows.sheet is not None:
        tables = page.tables
    place = _number(path, rows.sheet, len(tables))
    grid = tables[place - 1]
    header, data = headed(path, iter(list(enumerate(grid.rows, start=1))), rows)
    return Body(
        header,
        data,
        padded=True,
        sheet=rows.sheet,
        merged=grid.merged,
        notes=notes,
    )


def tables_of(path: Path, text: str) -> list[list[list[str]]]:
    """Give the rows of every table of a page, in order."""
    return [grid.rows for grid in _page(path, text).tables]


def _page(path: Path, text: str) -> _Page:
    page = _Page()
    try:
        page.feed(text)
        page.close()
    except OverflowError as error:
        raise TableError(
            f"{path}: the cells of the page span more than {MAX_CELLS:,} places"
        ) from error
    return page


def _text(path: Path, content: bytes, rows: Rows) -> tuple[str, list[Note]]:
    encodings = rows.encoding
    found = _CHARSET.search(content[:_HEAD])
    if encodings is None and found is not None:
        encodings = (found[1].decode("ascii"),)
    return decode_noted(path, content, encodings)


def _number(path: Path, sheet: str | None, count: int) -> int:
    if count == 0:
        raise TableError(f"{path}: the page holds no table with rows")
    if sheet is None:
        return 1
    if not sheet.isdecimal() or not 1 <= int(sheet) <= count:
        raise TableError(f"{path}: there is no table {sheet!r}; the page has {count}")
    return int(sheet)


def _span(number: str | None) -> int:
    try:
        return min(max(int(number or 1), 1), _WIDEST)
    except ValueError:
        return 1
