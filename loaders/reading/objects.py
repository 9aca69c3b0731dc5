"""JSON: a list of objects, each a row; nested objects become columns with dotted names."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from graph.errors import TableError
from loaders.language.rows import Rows
from loaders.reading.records import Body, Broken, Record
from loaders.reading.texts import decode
from loaders.reading.trees import tree_body
from loaders.reading.workbooks import cell_text


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
    for step in rows.records.split(".") if rows.records else ():
        if not isinstance(document, dict) or step not in document:
            raise TableError(f"{path}: there is no {step!r} of rows.records {rows.records!r}")
        document = document[step]
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


def _record(number: int, record: dict[str, str], header: Sequence[str]) -> Record:
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
