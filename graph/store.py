"""The embedded store: the one module that knows pyoxigraph.

A result may be touched only by the thread that made it (another aborts the process), so every
method evaluates and serialises in one call and hands out plain bytes and values.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from graph.engine import Form, Query
from graph.errors import NotAcceptableError, QueryError, StorageError
from graph.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from graph.terms import Solutions, Term

_RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_GRAPHS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
_POSITION = re.compile(r"at (?:line )?(\d+)(?::| column )(\d+)")

# Given the form of the answer, names the format to write it in.
Choose = Callable[[Form], Format]


class Store:
    """A quad store in a directory.

    One process owns a writable store; readers open only the checkpoint that `checkpoint`
    leaves, by `open_read_only`. Opening the directory of a live writer gives corrupt reads.
    """

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    @classmethod
    def create(cls, path: Path) -> Store:
        """Open a writable store in a new directory."""
        with _told_as_storage_error(path):
            return cls(ox.Store(str(path)))

    @classmethod
    def open_read_only(cls, path: Path) -> Store:
        """Open a checkpoint for reading; many processes may do so at once."""
        with _told_as_storage_error(path):
            return cls(ox.Store.read_only(str(path)))

    @classmethod
    def in_memory(cls) -> Store:
        """Make an empty store without a directory."""
        return cls(ox.Store())

    def load_statements(self, path: Path) -> None:
        """Add the statements of an N-Quads file written by us.

        The text is trusted to be well formed: terms were checked when they were made.
        """
        with _told_as_storage_error(path):
            self._store.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS, lenient=True)

    def load(self, data: IO[bytes] | bytes, form: Format, *, base: str | None = None) -> None:
        """Add the statements of a document in any graph format; QueryError if malformed."""
        try:
            self._store.bulk_load(data, format=_GRAPHS[form.name], base_iri=base)
        except SyntaxError as error:
            raise _query_error(error) from error

    def optimise(self) -> None:
        """Compact the files after a bulk load, for faster reads."""
        with _told_as_storage_error(None):
            self._store.optimize()

    def checkpoint(self, path: Path) -> None:
        """Write a read-only copy of the store to a new directory."""
        with _told_as_storage_error(path):
            self._store.backup(str(path))

    def __len__(self) -> int:
        return len(self._store)

    def named_graphs(self) -> Iterator[str]:
        """Give the IRIs of all named graphs."""
        for graph in self._store.named_graphs():
            if isinstance(graph, ox.NamedNode):
                yield graph.value

    def dump(self, target: IO[bytes], form: Format, *, graph: str | None = None) -> None:
        """Write the store, or one graph of it, to a binary file.

        A format of single graphs holds the default graph where `graph` is None; QuadsFormats
        hold everything.
        """
        from_graph: ox.NamedNode | ox.DefaultGraph | None = None
        if graph is not None:
            from_graph = ox.NamedNode(graph)
        elif not form.quads:
            from_graph = ox.DefaultGraph()
        with _told_as_storage_error(None):
            self._store.dump(target, format=_GRAPHS[form.name], from_graph=from_graph)

    def answer(self, query: Query, choose: Choose) -> tuple[Format, bytes]:
        """Evaluate a query and serialise its answer in the format that `choose` names."""
        results = self._evaluate(query)
        if isinstance(results, ox.QueryTriples):
            form = choose(Form.GRAPH)
            return form, _whole(results.serialize(format=_GRAPHS[form.name]))
        kind = Form.BOOLEAN if isinstance(results, ox.QueryBoolean) else Form.SOLUTIONS
        form = choose(kind)
        try:
            return form, _whole(results.serialize(format=_RESULTS[form.name]))
        except ValueError as error:
            raise NotAcceptableError(f"this answer cannot be written as {form.name}") from error

    def select(self, query: Query) -> Solutions:
        """Answer a SELECT query with plain values."""
        _, body = self.answer(query, _only(Form.SOLUTIONS, RESULT_FORMATS[0]))
        return Solutions.from_json(body)

    def ask(self, query: Query) -> bool:
        """Answer an ASK query."""
        results = self._evaluate(query)
        if not isinstance(results, ox.QueryBoolean):
            raise QueryError("an ASK query is expected here")
        return bool(results)

    def construct(self, query: Query, form: Format = GRAPH_FORMATS[0]) -> bytes:
        """Answer a CONSTRUCT or DESCRIBE query in one of the graph formats."""
        return self.answer(query, _only(Form.GRAPH, form))[1]

    def _evaluate(self, query: Query) -> ox.QueryBoolean | ox.QuerySolutions | ox.QueryTriples:
        default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] | None = None
        named: list[ox.NamedNode | ox.BlankNode] | None = None
        if query.default_graphs or query.named_graphs:
            default = [ox.NamedNode(iri) for iri in query.default_graphs]
            named = [ox.NamedNode(iri) for iri in query.named_graphs]
        try:
            return self._store.query(query.text, default_graph=default, named_graphs=named)
        except SyntaxError as error:
            raise _query_error(error) from error
        except (RuntimeError, ValueError) as error:
            raise QueryError(f"the query cannot be evaluated: {error}") from error


def serialise(statements: Iterable[Sequence[Term]], form: Format) -> bytes:
    """Write triples (or quads, where the fourth term names the graph) in a graph format."""
    if form.quads:
        quads = [_quad(statement) for statement in statements]
        return _whole(ox.serialize(quads, format=_GRAPHS[form.name]))
    triples = [_triple(statement) for statement in statements]
    return _whole(ox.serialize(triples, format=_GRAPHS[form.name]))


def parse(data: bytes, form: Format, *, base: str | None = None) -> list[tuple[Term, Term, Term]]:
    """Read the triples of a document; QueryError if it is malformed."""
    try:
        return [
            (_plain(quad.subject), _plain(quad.predicate), _plain(quad.object))
            for quad in ox.parse(data, format=_GRAPHS[form.name], base_iri=base)
        ]
    except SyntaxError as error:
        raise _query_error(error) from error


def _triple(terms: Sequence[Term]) -> ox.Triple:
    subject, predicate, value = (_native(term) for term in terms[:3])
    if isinstance(subject, ox.Literal) or not isinstance(predicate, ox.NamedNode):
        raise TypeError("a statement needs a subject that is no literal and an IRI as predicate")
    return ox.Triple(subject, predicate, value)


def _quad(terms: Sequence[Term]) -> ox.Quad:
    triple = _triple(terms)
    if len(terms) == 3:  # noqa: PLR2004  # in the default graph
        return ox.Quad(triple.subject, triple.predicate, triple.object)
    graph = ox.NamedNode(terms[3].value)
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def _native(term: Term) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if term.kind == "uri":
        return ox.NamedNode(term.value)
    if term.kind == "bnode":
        return ox.BlankNode(term.value)
    if term.language:
        return ox.Literal(term.value, language=term.language)
    if term.datatype:
        return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))
    return ox.Literal(term.value)


def _plain(node: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Term:
    if isinstance(node, ox.NamedNode):
        return Term("uri", node.value)
    if isinstance(node, ox.BlankNode):
        return Term("bnode", node.value)
    if isinstance(node, ox.Literal):
        return Term("literal", node.value, node.language, node.datatype.value)
    raise TypeError("triple terms are not used in this graph")


def _whole(body: bytes | None) -> bytes:
    if body is None:
        raise TypeError("the engine wrote to a file instead of returning bytes")
    return body


def _only(expected: Form, form: Format) -> Choose:
    def choose(found: Form) -> Format:
        if found is not expected:
            raise QueryError(f"a query that answers with {expected.value} is expected here")
        return form

    return choose


def _query_error(error: SyntaxError) -> QueryError:
    message = str(error.msg)
    line, column = error.lineno, error.offset
    found = _POSITION.search(message)
    if found and line is None:
        line, column = int(found[1]), int(found[2])
    return QueryError(message, line=line, column=column)


class _told_as_storage_error:  # noqa: N801  # reads as a statement where it is used
    """Turn the operating system's errors into one sentence with the path."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            where = f" at {self._path}" if self._path else ""
            raise StorageError(f"the store{where} cannot be used: {error}") from error


def new_buffer() -> io.BytesIO:
    """Make an empty in-memory file to dump into."""
    return io.BytesIO()
