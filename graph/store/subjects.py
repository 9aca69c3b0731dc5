"""Statements gathered by what they are about, and documents of quads.

A page of a feed says everything that is stated of a thing now. So a replica is kept by replacing
all statements of a thing at once, which may be repeated after a crash.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

import pyoxigraph as ox

from graph.errors import QueryError
from graph.formats import Format
from graph.store.failures import query_error, told_as_storage_error
from graph.store.templates import Quad, plain_quad
from graph.store.terms import GRAPHS, PREFIXES, whole
from graph.store.writing import WritableStore


@dataclass(frozen=True, slots=True)
class Payload:
    """The quads of a page, by what they are about, as the engine has read them."""

    by_subject: Mapping[str, Sequence[ox.Quad]]

    @property
    def subjects(self) -> set[str]:
        """Name everything that something is stated of."""
        return set(self.by_subject)

    def __len__(self) -> int:
        return sum(map(len, self.by_subject.values()))


class SubjectStore(WritableStore):
    """A store whose statements are read and replaced by their subject."""

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the writable store of a directory, made where there is none."""
        with told_as_storage_error(path):
            path.mkdir(parents=True, exist_ok=True)
            return cls(ox.Store(str(path)))

    def about(self, subject: str) -> Iterator[Quad]:
        """Give the quads of named graphs about a subject."""
        with told_as_storage_error(None):
            found = self._store.quads_for_pattern(ox.NamedNode(subject), None, None, None)
            for quad in found:
                if isinstance(quad.graph_name, ox.NamedNode):
                    yield plain_quad(quad)

    def replace(self, subjects: Iterable[str], payload: Payload) -> None:
        """Let what a payload states of these subjects be all that the store holds of them."""
        for subject in subjects:
            with told_as_storage_error(None):
                held = self._store.quads_for_pattern(ox.NamedNode(subject), None, None, None)
                for quad in list(held):
                    self._store.remove(quad)
                self._store.extend(payload.by_subject.get(subject, ()))

    def fill(self, payloads: Iterable[tuple[Iterable[str], Payload]]) -> None:
        """Add in bulk what payloads state of subjects of which the store holds nothing yet."""
        quads = [
            quad
            for subjects, payload in payloads
            for subject in subjects
            for quad in payload.by_subject.get(subject, ())
        ]
        if quads:
            with told_as_storage_error(None):
                self._store.bulk_extend(quads)

    def flush(self) -> None:
        """Make durable what was written."""
        with told_as_storage_error(None):
            self._store.flush()


def parse_quads(data: bytes, form: Format, base: str | None = None) -> list[Quad]:
    """Read the quads of a document, three terms where they stand in the default graph.

    QueryError if it is malformed, or holds triple terms.
    """
    try:
        read = ox.parse(data, format=GRAPHS[form.name], base_iri=base)
        return [plain_quad(quad) for quad in read]
    except SyntaxError as error:
        raise query_error(error) from error
    except TypeError as error:
        raise QueryError(f"the document holds what is not used here: {error}") from error


def parse_page(data: bytes, members: str) -> tuple[dict[str, dict[str, str]], Payload]:
    """Read N-Quads as what stands in the default graph, and what stands in graphs.

    The former is told by subject and property, the last of several values. What ends in a name that
    begins with `members` and goes on with a number is passed over, unread. QueryError if it is
    malformed, or holds a blank node.
    """
    told: dict[str, dict[str, str]] = {}
    payload: dict[str, list[ox.Quad]] = {}
    again = re.compile(rb"^.* <" + re.escape(members.encode()) + rb"[0-9]+> \.\n", re.MULTILINE)
    try:
        for quad in ox.parse(again.sub(b"", data), format=ox.RdfFormat.N_QUADS):
            graph, subject, value = quad.graph_name, quad.subject, quad.object
            if not isinstance(subject, ox.NamedNode) or isinstance(value, ox.BlankNode | ox.Triple):
                raise QueryError("it holds a blank node, which has no name elsewhere, or a triple")
            if isinstance(graph, ox.NamedNode):
                payload.setdefault(subject.value, []).append(quad)
            elif isinstance(graph, ox.DefaultGraph):
                told.setdefault(subject.value, {})[quad.predicate.value] = value.value
            else:
                raise QueryError("it holds a blank node for a graph, which has no name elsewhere")
    except SyntaxError as error:
        raise query_error(error) from error
    return told, Payload(payload)


def convert(source: Path, read: Format, target: IO[bytes], form: Format) -> None:
    """Write a file of statements, which is trusted to be well formed, in another format.

    Statements of graphs need a format that can hold them.
    """
    with told_as_storage_error(source):
        statements = ox.parse(path=source, format=GRAPHS[read.name], lenient=True)
        ox.serialize(statements, target, format=GRAPHS[form.name], prefixes=PREFIXES)


def converted(nquads: bytes, form: Format, *, graphs: Collection[str] = ()) -> bytes:
    """Write a document of N-Quads in another format.

    A format without graphs holds the statements of the default graph and of `graphs`.
    """
    named = {"turtle", "trig"} & {form.name}
    read = ox.parse(nquads, format=ox.RdfFormat.N_QUADS)
    written, prefixes = GRAPHS[form.name], PREFIXES if named else None
    target = io.BytesIO()
    if written.supports_datasets:
        ox.serialize(read, target, format=written, prefixes=prefixes)
        return target.getvalue()
    kept = {ox.NamedNode(graph) for graph in graphs}
    triples = dict.fromkeys(
        quad.triple
        for quad in read
        if isinstance(quad.graph_name, ox.DefaultGraph) or quad.graph_name in kept
    )
    return whole(ox.serialize(triples, format=written, prefixes=prefixes))
