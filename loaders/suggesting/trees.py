"""Trees: the records of a JSON or XML file that may end in their midst, and their place.

The place is the list whose items say the most: many objects with members of their own.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.parsers import expat  # it refuses document types below

from graph.errors import TableError
from loaders.reading.markup import xml_records
from loaders.reading.objects import KEY, MEMBERS

_BLANK = re.compile(r"[\s,]*")
_MAX_RECORDS = 3_000
_SEVERAL = 3
_MOSTLY = 0.5


def is_json_lines(text: str) -> bool:
    """Tell whether each line is a JSON object by itself."""
    first, _, rest = text.lstrip().partition("\n")
    return rest.lstrip()[:1] == "{" and _object(first) is not None


def json_lines(text: str) -> list[dict[str, Any]]:
    """Read the objects of the lines; a line that is cut off is left out."""
    read = (_object(line) for line in text.splitlines()[:_MAX_RECORDS])
    return [item for item in read if item is not None]


def _object(line: str) -> dict[str, Any] | None:
    try:
        item = json.loads(line, parse_float=str, parse_int=str, parse_constant=str)
    except (json.JSONDecodeError, RecursionError):
        return None
    return item if isinstance(item, dict) else None


def json_records(path: Path, text: str, *, whole: bool) -> tuple[str | None, list[Any]]:
    """Give the place of the records of a JSON document, and the records in its head.

    Records are objects, or lists of which the first may name the columns.
    """
    try:
        document = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (json.JSONDecodeError, RecursionError) as error:
        cut = _cut_records(text) if not whole else None
        if cut is None:
            raise TableError(f"{path}: no readable JSON: {error}") from error
        return cut
    found = max(_lists(document, ()), key=lambda item: len(item[1]), default=None)
    if found is None:
        raise TableError(f"{path}: the document holds no list of objects")
    return ".".join(found[0]) or None, found[1][:_MAX_RECORDS]


def _lists(
    value: Any,  # noqa: ANN401  # any JSON value
    place: tuple[str, ...],
) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    """Give the lists of objects or of lists that are reached through objects alone.

    An object of several objects that are alike is a list of them, under their names.
    """
    if isinstance(value, list):
        if value and (
            all(isinstance(item, dict) for item in value)
            or (len(value) > 1 and all(isinstance(item, list) for item in value))
        ):
            yield place, value
    elif isinstance(value, dict):
        if _alike(list(value.values())):
            yield (*place, MEMBERS), [{KEY: name, **item} for name, item in value.items()]
        for name, item in value.items():
            yield from _lists(item, (*place, name))


def _alike(items: list[Any]) -> bool:
    """Tell whether several objects have mostly the same members, as records have."""
    if len(items) < _SEVERAL or not all(isinstance(item, dict) and item for item in items):
        return False
    counts = Counter(name for item in items for name in item)
    return sum(counts.values()) > _MOSTLY * len(items) * len(counts)


def inner_lists(records: Sequence[Mapping[str, Any]]) -> tuple[str | None, bool]:
    """Name the member whose lists hold the true records, if one does; tell if there are any lists.

    That is so where it is the only list of objects, and its objects say more than what is around.
    """
    inner: dict[str, list[dict[str, Any]]] = {}
    plain: Counter[str] = Counter()
    any_lists = False
    for record in records:
        for name, value in record.items():
            any_lists = any_lists or _holds_list(value)
            items = value if isinstance(value, list) else [value]
            if all(isinstance(item, dict) for item in items):
                inner.setdefault(name, []).extend(items)
            elif not isinstance(value, list):
                plain[name] += 1
    if len(inner) != 1:
        return None, any_lists
    name, found = next(iter(inner.items()))
    members = {key for item in found for key in item}
    many = len(found) >= _SEVERAL * len(records) and len(members) >= max(len(plain), 2)
    return (name if many else None), any_lists


def _holds_list(value: Any) -> bool:  # noqa: ANN401  # any JSON value
    if isinstance(value, dict):
        return any(map(_holds_list, value.values()))
    return isinstance(value, list)


def _cut_records(text: str) -> tuple[str | None, list[dict[str, Any]]] | None:
    """Read the objects of the first long list of a document that is cut off."""
    decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
    for opening in re.finditer(r'(?:"((?:[^"\\]|\\.)*)"\s*:\s*)?\[\s*(?=\{)', text):
        records: list[dict[str, Any]] = []
        position = opening.end()
        while position < len(text) and text[position] == "{" and len(records) < _MAX_RECORDS:
            try:
                item, position = decoder.raw_decode(text, position)
            except (json.JSONDecodeError, RecursionError):
                break
            records.append(item)
            position = _blank_end(text, position)
        if len(records) > 1:
            return _names_to(text, opening.start(), opening[1]), records
    return None


def _blank_end(text: str, position: int) -> int:
    found = _BLANK.match(text, position)
    return found.end() if found else position


def _names_to(text: str, end: int, name: str | None) -> str | None:
    """Name the objects that are open where a list begins."""
    names: list[str] = []
    token = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(:)?|[{}]')
    last = ""
    for found in token.finditer(text, 0, end):
        if found[0] == "{":
            names.append(last)
            last = ""
        elif found[0] == "}":
            names.pop()
        elif found[2]:
            last = found[1]
    return ".".join(part for part in [*names, name or ""] if part) or None


def xml_records_of(
    path: Path, content: bytes, *, whole: bool
) -> tuple[str | None, list[dict[str, Any]]]:
    """Give the place of the records of an XML document below its root, and those in its head."""
    outline = _Outline()
    outline.read(path, content, whole=whole)
    place = outline.place()
    if place is None:
        raise TableError(f"{path}: the document holds no elements that repeat")
    body = content if whole else content[: outline.ends[place]] + outline.closing(place)
    steps = "/".join(place[1:])
    return steps, xml_records(path, body, steps)[:_MAX_RECORDS]


class _Outline:
    """Counts the elements of a document by the path of their names, and their members."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, ...]] = Counter()
        self.members: dict[tuple[str, ...], set[str]] = {}
        self.ends: dict[tuple[str, ...], int] = {}
        self._open: list[tuple[str, str]] = []
        self._written: dict[tuple[str, ...], list[str]] = {}
        self._refused = False

    def read(self, path: Path, content: bytes, *, whole: bool) -> None:
        """Read a document; TableError where it is none, unless only its end is missing."""
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start

        def end(_: str) -> None:
            names = tuple(name for name, _ in self._open)
            # The position is that of the end tag: what it takes is added.
            close = content.find(b">", parser.CurrentByteIndex)
            self.ends[names] = close + 1
            self._open.pop()

        parser.EndElementHandler = end
        try:
            parser.Parse(content, whole)
        except expat.ExpatError as error:
            raise TableError(
                f"{path}: line {error.lineno}: no XML: {expat.ErrorString(error.code)}"
            ) from error
        if self._refused:
            raise TableError(f"{path}: a document type (DOCTYPE) is not read; take it out")

    def place(self) -> tuple[str, ...] | None:
        """Give the path of the elements that repeat and have the most members."""
        # One alone may be the record of a short document; the root never is.
        fit = {
            names: (len(self.members.get(names, ())) > 1, count > 1, -len(names), count)
            for names, count in self.counts.items()
            if len(names) > 1 and self.members.get(names)
        }
        return max(fit, key=fit.__getitem__, default=None)

    def closing(self, place: tuple[str, ...]) -> bytes:
        """Write the end tags of the elements that the records stand in."""
        tags = self._written[place][:-1]
        return "".join(f"</{tag}>" for tag in reversed(tags)).encode()

    def _refuse(self, *_: object) -> None:
        self._refused = True

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        above = tuple(item for item, _ in self._open)
        self._open.append((local, name))
        names = (*above, local)
        self.counts[names] += 1
        self._written.setdefault(names, [tag for _, tag in self._open])
        self.members.setdefault(above, set()).add(local)
        if attributes:
            self.members.setdefault(names, set()).update(f"@{key}" for key in attributes)
