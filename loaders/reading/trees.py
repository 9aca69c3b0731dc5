"""Trees: files whose records have records and lists within, from JSON to XML and RDF."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath
from typing import Any

import ontology
from graph.errors import TableError
from loaders.language.rows import Rows
from loaders.reading.columns import columns_of
from loaders.reading.markup import genericode_records, xml_records
from loaders.reading.records import Body, Broken, Record
from loaders.reading.texts import decode
from loaders.reading.triples import answer_records, subject_records

_SHOWN = 80


def tree_body(path: Path, records: Sequence[dict[str, Any]], rows: Rows) -> Body:
    """Give the rows that records make by `cells` and `each`."""
    header, made = columns_of(records, rows)
    if not header:
        raise TableError(f"{path}: the table is empty")
    return Body(header, (_fit(number, cells) for number, cells in enumerate(made, start=1)))


def read_lines(path: Path, content: bytes, rows: Rows) -> Body:
    """Read a file with a JSON object in each line; a line that is none is set aside.

    Rows are numbered by their lines, or counted where a line makes several.
    """
    records: list[dict[str, Any]] = []
    numbers: list[int] = []
    broken: list[tuple[int, Broken]] = []
    for number, line in enumerate(decode(path, content, rows.encoding).split("\n"), start=1):
        if not line.strip():
            continue
        found = _object(line)
        if isinstance(found, Broken):
            broken.append((number, found))
            continue
        records.append(found)
        numbers.append(number)
    header, made = columns_of(records, rows)
    if not header:
        raise TableError(f"{path}: no line holds a JSON object")
    if rows.each is not None:
        numbers = list(range(1, len(made) + 1))
        broken = [(len(made) + place, item) for place, (_, item) in enumerate(broken, start=1)]
    kept: Iterator[Record] = (
        _fit(number, cells) for number, cells in zip(numbers, made, strict=True)
    )
    return Body(header, iter([*kept, *broken]))


def read_xml(path: Path, content: bytes, rows: Rows) -> Body:
    """Read the elements at the place that the mapping names."""
    return tree_body(path, xml_records(path, content, rows.records), rows)


def read_genericode(path: Path, content: bytes, _: Rows) -> Body:
    """Read a code list; all columns of its column set are there, filled or not."""
    columns, records = genericode_records(path, content)
    empty = dict.fromkeys(columns, "")
    made = [[str(cell or "") for cell in {**empty, **record}.values()] for record in records]
    return Body(columns, iter(list(enumerate(made, start=1))))


def read_rdf(path: Path, content: bytes, rows: Rows) -> Body:
    """Read the subjects of an RDF file that are of the class which the mapping names."""
    kind = (rows.format or PurePath(path.name.removesuffix(".gz")).suffix.lstrip(".")).lower()
    return tree_body(path, subject_records(path, content, kind, _iri(path, rows)), rows)


def read_answer(path: Path, content: bytes, _: Rows) -> Body:
    """Read an answer to a SPARQL query: a column a variable."""
    header, made = answer_records(path, content)
    return Body(header, iter(list(enumerate(made, start=1))))


def _iri(path: Path, rows: Rows) -> str | None:
    if rows.subjects is None or "://" in rows.subjects:
        return rows.subjects

    try:
        return ontology.expand(rows.subjects)
    except ValueError as error:
        raise TableError(f"{path}: rows.subjects: {error}") from error


def _object(line: str) -> dict[str, Any] | Broken:
    shown = line[:_SHOWN]
    try:
        # Numbers stay as they are written: 1.10 is not 1.1, and no size is too large.
        found = json.loads(line, parse_float=str, parse_int=str, parse_constant=str)
    except json.JSONDecodeError as error:
        return Broken(shown, f"the line is no JSON: column {error.colno}: {error.msg}")
    except RecursionError:
        return Broken(shown, "lists or objects are nested too deeply")
    if not isinstance(found, dict):
        return Broken(shown, "the line holds no JSON object")
    return found


def _fit(number: int, cells: Sequence[str]) -> Record:
    try:
        "".join(cells).encode()
    except UnicodeEncodeError:
        return number, Broken("", "a cell holds half a character (a lone surrogate)")
    return number, cells
