"""JSON: a list of objects, each a row; nested objects become columns with dotted names.

The rows may also be the members of one object, or a list of lists whose first names the columns.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from graph.errors import TableError
from loaders.language.rows import Rows
from loaders.reading.records import Body, Broken, Record, headed
from loaders.reading.texts import decode
from loaders.reading.trees import tree_body
from loaders.reading.workbooks import cell_text

MEMBERS = "*"  # the step of rows.records to the members of an object
KEY = "@key"  # the column of their names


def read_json(path: Path, content: bytes, rows: Rows) -> Body:
    """Read the list of objects at the place that the mapping names."""
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
    document = _at(path, document, rows)
    if isinstance(document, list) and document and all(isinstance(x, list) for x in document):
        lines = (
            _fit(number, [_part(cell) for cell in row]) for number, row in enumerate(document, 1)
        )
        header, data = headed(path, lines, rows)
        return Body(header, data, padded=True)
    if not isinstance(document, list) or not all(isinstance(item, dict) for item in document):
        raise TableError(f"{path}: a list of objects is expected; name its place with rows.records")
    if rows.cells or rows.each:
        return tree_body(path, document, rows)
    flat = [dict(_flatten(item)) for item in document]
    header = list(dict.fromkeys(name for record in flat for name in record))
    if not header:
        raise TableError(f"{path}: the table is empty")
    if not _encodable("".join(header)):
        raise TableError(f"{path}: a name holds half a character (a lone surrogate)")
    return Body(header, (_record(number, item, header) for number, item in enumerate(flat, 1)))


def _at(path: Path, document: Any, rows: Rows) -> Any:  # noqa: ANN401  # any JSON value
    """Give what stands at the place of the records; `*` are the members of an object."""
    steps = rows.records.split(".") if rows.records else []
    for step in steps:
        if step == MEMBERS and isinstance(document, dict):
            return [
                {KEY: name, **item} for name, item in document.items() if isinstance(item, dict)
            ]
        if not isinstance(document, dict) or step not in document:
            raise TableError(f"{path}: there is no {step!r} of rows.records {rows.records!r}")
        document = document[step]
    return document


def _record(number: int, record: dict[str, str], header: Sequence[str]) -> Record:
    return _fit(number, [record.get(name, "") for name in header])


def _fit(number: int, cells: Sequence[str]) -> Record:
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
