"""Results on their way out of an engine: kept within limits, and cut where they pass one.

A result is gathered whole before anything is sent, in memory while it is small and in a file
without name beyond, so that what it is (whole, cut, failed) is known before its first byte.
"""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, TypeVar

from graph.errors import LimitError

_T = TypeVar("_T")

INLINE = 128 * 1024  # bytes of a result that are kept in memory
_PIECE = 1 << 20
_SHORTEST = 2  # bytes of a row
_LONGEST = 32  # bytes of what can be looked for


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a result may be: `rows` are solutions or statements, `size` is in bytes."""

    rows: float = math.inf
    size: float = math.inf


@dataclass(frozen=True, slots=True)
class Cut:
    """That a result was cut: after how many rows, and by which setting."""

    rows: int
    setting: str

    def __str__(self) -> str:
        return f"cut after {self.rows} rows by the limit {self.setting}"


@dataclass(frozen=True, slots=True)
class _Layout:
    """How rows end in a format as the engine writes it, on one line.

    `sign` stands in every end, and is sooner counted than ends are found. `width` is the length of
    what the pattern looks at, `before` the number of ends before that of the first row, `beyond`
    the number after that of the last kept one from which another follows.
    """

    sign: bytes
    end: re.Pattern[bytes]
    width: int
    before: int
    beyond: int


# In JSON, `}},{"` begins a row unless a string ends in it: then a comma or a brace follows. A row
# without any value is not seen; what has only such rows is cut by its size.
_LAYOUTS: Mapping[str, _Layout] = {
    "json": _Layout(b"}},{", re.compile(rb'\}\}(?=,\{"[^},])'), 6, 0, 0),
    "xml": _Layout(b"</result>", re.compile(rb"</result>"), 9, 0, 1),
    "tsv": _Layout(b"\n", re.compile(rb"\n"), 1, 1, 1),
    "csv": _Layout(b"\n", re.compile(rb"\n"), 1, 1, 1),
    "ntriples": _Layout(b"\n", re.compile(rb"\n"), 1, 0, 1),
}
_CLOSINGS: Mapping[str, str] = {
    "json": ']}},"cut":{{"rows":{rows},"limit":"{setting}"}}}}',
    "xml": "</results><!-- {cut} --></sparql>",
    "tsv": "",
    "csv": "",
    "turtle": "# {cut}\n",
    "ntriples": "# {cut}\n",
    "nquads": "# {cut}\n",
    "trig": "# {cut}\n",
    "rdfxml": "<!-- {cut} -->",
    "jsonld": "",
}


class EnoughError(Exception):
    """Tells the engine to stop writing: the result has been cut. Never leaves this package."""


class Spool:
    """Takes a result as a binary file, in memory up to `inline` bytes and on disk beyond."""

    def __init__(
        self, limits: Limits, *, inline: float = INLINE, folder: str | None = None
    ) -> None:
        self.limits = limits
        self.size = 0
        self.cut: Cut | None = None
        self._inline = inline
        self._folder = folder
        self._memory = bytearray()
        self._file: IO[bytes] | None = None
        self._rows: _Rows | None = None
        self._closing = ""
        self._harmless: float = 0
        self._most = 0  # rows that there can be at most

    def begin(self, form: str, *, counted: bool) -> None:
        """Say in which format the result comes, and whether its rows are counted on the way."""
        self._rows = _Rows(form) if counted else None
        # What is shorter cannot pass a limit: most results are never looked through.
        self._harmless = min(self.limits.rows * _SHORTEST, self.limits.size)

    def restart(self) -> None:
        """Forget what was taken: the result is written anew."""
        if self._file is not None:
            self._file.close()
        self.size, self.cut, self._file, self._rows, self._most = 0, None, None, None, 0
        self._memory.clear()

    def write(self, data: bytes) -> int:
        """Take a piece; EnoughError once the result has been cut."""
        if self._rows is not None and self.cut is not None:  # what the engine still held back
            raise EnoughError
        self._append(data)
        if self._rows is not None and self._may_pass(self._rows, data):
            begun = self._rows.offset + len(data) == self.size
            self._rows.feed(data if begun else self._taken())
            if self._rows.has_more_than(self.limits.rows):
                self._cut_rows(self._rows, int(self.limits.rows), "result_rows")
            elif self.size > self.limits.size:
                self._cut_rows(self._rows, self._rows.complete, "result_bytes")
        return len(data)

    def flush(self) -> None:
        """Do nothing: nothing is held back."""

    def contains(self, pattern: re.Pattern[bytes]) -> bool:
        """Tell whether a pattern of at most a few bytes occurs in what was taken."""
        if self._file is None:
            return pattern.search(self._memory) is not None
        self._file.seek(0)
        tail = b""
        while piece := self._file.read(_PIECE):
            if pattern.search(tail + piece):
                return True
            tail = piece[-_LONGEST:]
        return False

    def bounded(self, statements: Iterator[_T], form: str) -> Iterator[_T]:
        """Give statements until a limit is reached; `finish` then says so in the result."""
        for count, statement in enumerate(statements):
            if count == self.limits.rows:
                self.cut = Cut(count, "result_rows")
            elif self.size > self.limits.size:
                self.cut = Cut(count, "result_bytes")
            if self.cut is not None:
                self._closing = _CLOSINGS[form].format(cut=self.cut)
                return
            yield statement

    def finish(self) -> bytes | IO[bytes]:
        """Give the result: its bytes, or a file from its beginning."""
        if self._closing:
            self._append(self._closing.encode())
        if self._file is None:
            return bytes(self._memory)
        self._file.flush()
        self._file.seek(0)
        return self._file

    def _may_pass(self, rows: _Rows, data: bytes) -> bool:
        """Tell whether a limit may be passed, with what has just been taken."""
        self._most += rows.most(data)
        if self.size <= self._harmless:
            return False
        return self._most >= self.limits.rows or self.size > self.limits.size

    def _taken(self) -> bytes:
        if self._file is None:
            return bytes(self._memory)
        self._file.seek(0)
        return self._file.read()

    def _append(self, data: bytes) -> None:
        self.size += len(data)
        if self._file is None and self.size > self._inline:
            self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115  # given on
            self._file.write(self._memory)
            self._memory.clear()
        if self._file is None:
            self._memory += data
        else:
            self._file.write(data)

    def _cut_rows(self, rows: _Rows, count: int, setting: str) -> None:
        end = rows.end_of(count)
        if end is None:
            raise LimitError(
                f"the result is larger than {self.limits.size:.0f} bytes (setting result_bytes) "
                "and has no row to be cut after: ask for less"
            )
        self.cut = Cut(count, setting)
        self._truncate(end)
        closing = _CLOSINGS[rows.form]
        self._append(closing.format(rows=count, setting=setting, cut=self.cut).encode())
        raise EnoughError

    def _truncate(self, end: int) -> None:
        self.size = end
        if self._file is None:
            del self._memory[end:]
        else:
            self._file.flush()
            self._file.seek(end)
            self._file.truncate()


class _Rows:
    """Finds where the rows of solutions end in the bytes of a format."""

    def __init__(self, form: str) -> None:
        self.form = form
        self._layout = _LAYOUTS[form]
        self.offset = 0  # of the next piece
        self._tail = b""
        self._quoted = False
        self._count = 0  # of ends before those of the latest piece
        self._last: int | None = None  # of those
        self._ends: list[int] = []  # in the latest piece

    @property
    def complete(self) -> int:
        """Count the rows whose end has been seen."""
        return max(self._count + len(self._ends) - self._layout.before, 0)

    def most(self, data: bytes) -> int:
        """Count the rows that can end in a piece at most: one may end where it begins."""
        return data.count(self._layout.sign) + 1

    def has_more_than(self, rows: float) -> bool:
        """Tell whether a row after the given number has been seen."""
        return self._count + len(self._ends) >= rows + self._layout.before + self._layout.beyond

    def end_of(self, row: int) -> int | None:
        """Give the offset where a row ends: one of the latest piece, or the last before it."""
        place = row + self._layout.before - self._count
        return self._ends[place - 1] if place > 0 else self._last

    def feed(self, data: bytes) -> None:
        """Look through a piece."""
        if self._ends:
            self._count += len(self._ends)
            self._last = self._ends[-1]
        start = self.offset - len(self._tail)
        window = self._tail + data
        self._ends = [start + end for end in self._ends_in(window)]
        self.offset += len(data)
        width = self._layout.width - 1
        self._tail = window[-width:] if width else b""

    def _ends_in(self, window: bytes) -> Iterator[int]:
        quoted = self.form == "csv" and (self._quoted or b'"' in window)
        if not quoted:
            yield from (match.end() for match in self._layout.end.finditer(window))
            return
        place = 0
        for part in window.split(b'"'):
            if not self._quoted:
                yield from (place + match.end() for match in self._layout.end.finditer(part))
            place += len(part) + 1
            self._quoted = not self._quoted
        self._quoted = not self._quoted  # one part more than quotes
