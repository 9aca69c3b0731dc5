"""Files of text: their encoding, and rows of cells with a separator."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from charset_normalizer import from_bytes

from graph.errors import TableError
from graph.report import Note
from loaders.language.rows import Rows
from loaders.reading.records import Body, Broken, Record, headed

MAX_FILE = 2 << 30
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_GUESSED_FROM = 100_000
_SEARCHED = 4_000_000

# The csv module counts its own limit for all readers of the process; ours is told per cell.
csv.field_size_limit(MAX_FILE)


def decode(path: Path, content: bytes, encodings: Sequence[str] | None) -> str:
    """Decode a text file by its byte order mark, its declared encoding, or as UTF-8."""
    declared = encodings[0] if encodings else "utf-8"
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


def decode_noted(
    path: Path, content: bytes, encodings: Sequence[str] | None
) -> tuple[str, list[Note]]:
    """Decode a file; where several encodings are declared, each line in the first that fits."""
    if encodings is None or len(encodings) == 1:
        return decode(path, content, encodings), []
    texts: list[str] = []
    found = dict.fromkeys(encodings[1:], 0)
    for number, line in enumerate(content.splitlines(keepends=True), start=1):
        for name in encodings:
            try:
                texts.append(line.decode(name))
            except UnicodeDecodeError:
                continue
            if name in found:
                found[name] += 1
            break
        else:
            raise TableError(
                f"{path}: line {number} is in none of the encodings {', '.join(encodings)}"
            )
    notes = [
        Note(
            kind="mixed-encoding",
            text=f"Lines of the file are not in {encodings[0]} and were read as {name}.",
            count=count,
        )
        for name, count in found.items()
        if count
    ]
    return "".join(texts).removeprefix("\ufeff"), notes


def _telling(content: bytes, position: int) -> bytes:
    """Give the lines from a position on that tell their encoding: those beyond ASCII."""
    begin = content.rfind(b"\n", 0, position) + 1
    lines = content[begin : begin + _SEARCHED].splitlines(keepends=True)
    return b"".join(line for line in lines if not line.isascii())[:_GUESSED_FROM]


def read_commas(path: Path, content: bytes, rows: Rows) -> Body:
    """Read a file whose cells are parted by commas, or by what the mapping says."""
    return _separated(path, content, rows, ",")


def read_tabs(path: Path, content: bytes, rows: Rows) -> Body:
    """Read a file whose cells are parted by tabs, or by what the mapping says."""
    return _separated(path, content, rows, "\t")


def _separated(path: Path, content: bytes, rows: Rows, usual: str) -> Body:
    text, notes = decode_noted(path, content, rows.encoding)
    delimiter = rows.delimiter or usual
    lines = io.StringIO(text, newline="")
    if rows.quotes == "none":
        reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE, strict=True)
    else:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
    records = _records(path, reader)
    header, data = headed(path, records, rows)
    return Body(header, data, notes=notes)


def _records(path: Path, reader: Any) -> Iterator[Record]:  # noqa: ANN401  # csv's own type
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
