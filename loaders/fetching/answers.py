"""Answers: what an endpoint answers to the query of a source, as a copy in the cache."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime

from graph.endpoint import Endpoint
from graph.engine import Query
from graph.errors import EndpointError, MappingError
from graph.terms import Solutions, binding
from graph.trying import host_of
from loaders.fetching.cache import Copy
from loaders.fetching.hosts import PURPOSE
from loaders.fetching.options import Fetching
from loaders.fetching.pages import pages
from loaders.language.mapping import SourceMapping


def query_text(mapping: SourceMapping) -> str:
    """Read the query of a source, which stands beside its mapping; MappingError if it cannot."""
    path = mapping.path.parent / (mapping.rows.query or "")
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise MappingError(f"{mapping.path}: rows.query: {path} cannot be read: {error}") from error


def answered(mapping: SourceMapping, fetching: Fetching, place: str, text: str) -> Copy:
    """Ask an endpoint for the whole answer and keep it; EndpointError where it cannot be had."""
    rows, hosts, cache = mapping.rows, fetching.hosts, fetching.cache
    remote = Endpoint(place, allow=hosts.inner, limits=fetching.answers)

    def ask(query: Query) -> Solutions:
        hosts.wait(host_of(place, PURPOSE), rows.pause)
        return remote.select(query)

    names: tuple[str, ...] = ()
    written: list[str] = []
    size = 0
    try:
        for page in pages(ask, text, rows.page, rows.after):
            names = page.variables
            lines = [json.dumps(binding(row), ensure_ascii=False) for row in page]
            written += lines
            size += sum(map(len, lines))
            if size > rows.largest << 20:
                raise EndpointError(
                    f"{place} has more than {rows.largest} MiB: raise rows.largest if it is meant"
                )
    except MappingError as error:
        raise MappingError(f"{mapping.path}: {rows.query}: {error}") from error
    content = _document(names, written)
    now, sha256 = datetime.now(UTC), hashlib.sha256(content).hexdigest()
    with cache.writing() as file:
        file.write(content)
        cache.keep(file, sha256, rows.file)
    address = f"{place}\n{text}"
    return cache.remember(
        Copy(address=address, name=rows.file, sha256=sha256, fetched=now, checked=now)
    )


def _document(names: Iterable[str], written: Iterable[str]) -> bytes:
    """Write SPARQL 1.1 Query Results JSON, a solution a line."""
    head = json.dumps({"vars": list(names)})
    lines = ",\n".join(written)
    return f'{{"head": {head}, "results": {{"bindings": [\n{lines}\n]}}}}\n'.encode()
