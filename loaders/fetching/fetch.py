"""Fetch: give the file of a source whose rows are elsewhere, from there, from a copy or a record.

When the place does not answer, or answers something else, the latest copy is taken, and without
one the recorded file that the mapping names; both are told in a note of the report.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from graph.errors import EndpointError, MappingError, TableError
from graph.report import Note
from loaders.fetching.answers import answered, query_text
from loaders.fetching.cache import Copy
from loaders.fetching.options import Fetching
from loaders.fetching.web import downloaded
from loaders.language.mapping import SourceMapping


@dataclass(frozen=True, slots=True)
class Fetched:
    """The file of a source, the mapping with the day it is of, and what there is to note."""

    path: Path
    mapping: SourceMapping
    notes: tuple[Note, ...] = ()


def located(
    mapping: SourceMapping, find: Callable[[str], Path], fetching: Fetching | None
) -> Fetched:
    """Give the file of a source, fetched where its rows are elsewhere.

    TableError where it is another than the one whose checksum is declared.
    """
    if mapping.rows.url is not None or mapping.rows.endpoint is not None:
        return fetch(mapping, find, fetching)
    path = find(mapping.rows.file)
    _check_kept(mapping, path)
    return Fetched(path, mapping)


def fetch(
    mapping: SourceMapping, find: Callable[[str], Path], fetching: Fetching | None
) -> Fetched:
    """Give the file of a source whose rows have an address or an endpoint.

    `find` gives the path of a file by its name in the data folders. EndpointError where there is
    neither an answer nor a copy nor a record.
    """
    rows = mapping.rows
    if fetching is None:
        raise MappingError(
            f"{mapping.path}: its rows are fetched, and there is no place for copies"
        )
    if rows.sha256 and fetching.cache.holds(rows.sha256, rows.file):
        return Fetched(fetching.cache.path(rows.sha256, rows.file), mapping)
    address, get = _way(mapping, fetching)
    known = fetching.cache.find(address)
    if known is not None and rows.sha256 not in {None, known.sha256}:
        known = None
    if fetching.offline:
        return _instead(mapping, find, fetching, known, "nothing is fetched: offline was asked for")
    if known and (datetime.now(UTC) - known.checked).total_seconds() < fetching.fresh:
        return _copy(mapping, fetching, known)
    try:
        return _copy(mapping, fetching, get(known))
    except EndpointError as error:
        return _instead(mapping, find, fetching, known, str(error), error)


def _way(mapping: SourceMapping, fetching: Fetching) -> tuple[str, Callable[[Copy | None], Copy]]:
    """Give under which address copies are kept, and how a new one is got."""
    if mapping.rows.url is not None:
        url = mapping.rows.url
        fetching.hosts.check(url, url)
        return url, lambda known: downloaded(mapping, fetching, url, known)
    text, place = query_text(mapping), mapping.rows.endpoint or ""
    fetching.hosts.check(place, place)
    return f"{place}\n{text}", lambda _: answered(mapping, fetching, place, text)


def _copy(mapping: SourceMapping, fetching: Fetching, copy: Copy, *notes: Note) -> Fetched:
    dated = mapping.model_copy(update={"retrieved": copy.fetched.date()})
    return Fetched(fetching.cache.path(copy.sha256, copy.name), dated, notes)


def _instead(
    mapping: SourceMapping,
    find: Callable[[str], Path],
    fetching: Fetching,
    known: Copy | None,
    reason: str,
    error: EndpointError | None = None,
) -> Fetched:
    """Give the latest copy, or the recorded file, with a note that says so and why."""
    if known is not None:
        day = known.checked.date().isoformat()
        text = f"The copy of {day} is used: {reason}."
        return _copy(mapping, fetching, known, Note(kind="stale-copy", text=text))
    recorded = mapping.rows.recorded
    path = find(recorded) if recorded is not None else None
    if path is None or not path.is_file():
        raise EndpointError(
            f"{mapping.name}: {reason}; there is no copy of it, and no file in rows.recorded"
        ) from error
    _check_kept(mapping, path)
    text = f"The recorded file {recorded} of {mapping.retrieved.isoformat()} is used: {reason}."
    return Fetched(path, mapping, (Note(kind="recorded-fallback", text=text),))


def _check_kept(mapping: SourceMapping, path: Path) -> None:
    if mapping.rows.sha256 is None:
        return
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise TableError(f"{path}: cannot be read: {error.strerror}") from error
    if found != mapping.rows.sha256:
        raise TableError(f"{path}: is another file than the one whose checksum is declared")
