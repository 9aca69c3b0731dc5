"""Markup: the records of an XML file, and the rows of a genericode list.

Names are told by their local part, without namespace. An attribute `name` is called `@name`, and
the text of an element that has attributes or children `#text`. Document types are refused: what
they can do (entities that grow, files that are fetched) no table needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat  # it refuses document types below

from graph.errors import TableError

MAX_DEPTH = 200
_CODES = ("SimpleCodeList", "Row")


def xml_records(path: Path, content: bytes, place: str | None) -> list[dict[str, Any]]:
    """Read the elements at a place such as `result/grant`; without one, the children of the root.

    The place is the path of element names below the root, with `/` or `.` between them.
    """
    steps = tuple((place or "").replace(".", "/").split("/")) if place else ("*",)
    found = _Records(steps).read(path, content)
    if not found:
        raise TableError(
            f"{path}: there is no element at {'/'.join(steps)!r}: name their place below the root "
            "with rows.records"
        )
    return found


def genericode_records(path: Path, content: bytes) -> tuple[list[str], list[dict[str, Any]]]:
    """Read a list in genericode 1.0: the columns of its column set, and its rows."""
    columns = [_name(path, item) for item in _found(path, content, ("ColumnSet", "Column"))]
    if not columns:
        raise TableError(f"{path}: no genericode list: it has no ColumnSet/Column")
    rows = _found(path, content, _CODES)
    return columns, [dict(_cells(path, row, columns)) for row in rows]


def _found(path: Path, content: bytes, steps: tuple[str, ...]) -> list[dict[str, Any]]:
    return _Records(steps).read(path, content)


def _name(path: Path, column: dict[str, Any]) -> str:
    if not column.get("@Id"):
        raise TableError(f"{path}: no genericode list: a Column has no Id")
    return str(column["@Id"])


def _cells(path: Path, row: dict[str, Any], columns: list[str]) -> Iterator[tuple[str, Any]]:
    """Give column and value; a value without ColumnRef stands in the column after the last."""
    given = row.get("Value", [])
    place = -1
    for value in given if isinstance(given, list) else [given]:
        named = value.get("@ColumnRef") if isinstance(value, dict) else None
        try:
            place = columns.index(named) if named else place + 1
            column = columns[place]
        except (ValueError, IndexError) as error:
            raise TableError(
                f"{path}: a value stands in the column {named or place + 1!r}, which the list "
                "does not have"
            ) from error
        yield column, value.get("SimpleValue") if isinstance(value, dict) else value


class _Records:
    """Gathers the elements at a place while a file is read."""

    def __init__(self, steps: tuple[str, ...]) -> None:
        self._steps = steps
        self._names: list[str] = []
        self._open: list[tuple[dict[str, Any], list[str]]] = []
        self._found: list[dict[str, Any]] = []

    def read(self, path: Path, content: bytes) -> list[dict[str, Any]]:
        """Read a file; TableError names line and cause."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            parser.Parse(content, True)  # noqa: FBT003  # its own signature
        except expat.ExpatError as error:
            raise TableError(
                f"{path}: line {error.lineno}, column {error.offset + 1}: no XML: "
                f"{expat.ErrorString(error.code)}"
            ) from error
        except _RefusedError as error:
            raise TableError(f"{path}: line {parser.CurrentLineNumber}: {error}") from error
        return self._found

    @staticmethod
    def _refuse(*_: object) -> None:
        raise _RefusedError("a document type (DOCTYPE) is not read; take it out")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._names.append(_local(name))
        if len(self._names) > MAX_DEPTH:
            raise _RefusedError(f"elements are nested more than {MAX_DEPTH} levels deep")
        if self._open or self._at_place():
            given = {f"@{_local(key)}": value for key, value in attributes.items() if value}
            self._open.append((given, []))

    def _at_place(self) -> bool:
        below = tuple(self._names[1:])
        return (
            self._steps == ("*",)
            if len(below) == 1 and self._steps == ("*",)
            else (below == self._steps)
        )

    def _end(self, _: str) -> None:
        name = self._names.pop()
        if not self._open:
            return
        record, parts = self._open.pop()
        text = "".join(parts).strip()
        if not self._open:
            self._found.append({**record, "#text": text} if text else record)
            return
        value: Any = text
        if record:
            value = {**record, "#text": text} if text else record
        _add(self._open[-1][0], name, value)

    def _text(self, text: str) -> None:
        if self._open:
            self._open[-1][1].append(text)


class _RefusedError(Exception):
    """The file holds what is not read."""


def _add(record: dict[str, Any], name: str, value: Any) -> None:  # noqa: ANN401  # text or record
    if name not in record:
        record[name] = value
    elif isinstance(record[name], list):
        record[name].append(value)
    else:
        record[name] = [record[name], value]


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
