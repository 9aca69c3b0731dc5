"""The embedded store: the one module that knows pyoxigraph.

A result may be touched only by the thread that made it (another aborts the process), so every
method evaluates and serialises in one call and hands out plain bytes and values.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyoxigraph as ox

import ontology
from graph.engine import Form, Query
from graph.errors import (
    EndpointError,
    NotAcceptableError,
    NotFoundError,
    ParameterError,
    QueryError,
    StorageError,
    disk_error,
)
from graph.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from graph.guard import check_size
from graph.terms import Solutions, Term, is_absolute_iri

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
_POSITION = re.compile(r"at (?:line )?(\d+)(?::| (?:between )?columns? )(\d+)")
_EXPECTED = re.compile(r"error at \d+:\d+: expected (?:one of )?(.*)", re.DOTALL)
# What the parser names beside quoted words: classes of characters, of no use to people.
_CHARACTERS = re.compile(r"\[[^\[\]]*\]")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_EXPECTED_SHOWN = 12
# Characters that XML 1.0 cannot hold in any way, which the engine writes all the same.
_NOT_IN_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
# An element without a local name: of a property whose IRI ends in no XML name.
_NAMELESS = b"<oxprefix: "

# So that people can read Turtle and TriG.
_PREFIXES = dict(ontology.PREFIXES)
_PREFIXED = {"turtle", "trig"}

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

    def copied_to_memory(self) -> Store:
        """Give a copy that answers without reading files (about 0.4 kB of memory a quad)."""
        copy = ox.Store()
        with _told_as_storage_error(None):
            copy.bulk_extend(self._store)
        return Store(copy)

    def load_statements(self, path: Path) -> None:
        """Add the statements of an N-Quads file written by us.

        The text is trusted to be well formed: terms were checked when they were made.
        """
        with _told_as_storage_error(path):
            self._store.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS, lenient=True)

    def load(self, data: IO[bytes] | bytes, form: Format, *, base: str | None = None) -> None:
        """Add the statements of a document in any graph format; QueryError if malformed."""
        try:
            with _told_as_storage_error(None):
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

        Where `graph` is None, a format of quads holds everything and another the default graph.
        NotFoundError if there is no such graph.
        """
        written = _GRAPHS[form.name]
        with _told_as_storage_error(None):
            if graph is None:
                everything = None if form.quads else ox.DefaultGraph()
                self._store.dump(target, format=written, from_graph=everything, prefixes=_PREFIXES)
                return
            named = ox.NamedNode(graph) if is_absolute_iri(graph) else None
            if named is None or not self._store.contains_named_graph(named):
                raise NotFoundError(f"there is no graph {graph[:200]!r} in this release")
            if form.quads:
                # The engine's dump of one graph leaves out its name.
                quads = self._store.quads_for_pattern(None, None, None, named)
                ox.serialize(quads, target, format=written, prefixes=_PREFIXES)
            else:
                self._store.dump(target, format=written, from_graph=named, prefixes=_PREFIXES)

    def answer(self, query: Query, choose: Choose) -> tuple[Format, bytes]:
        """Evaluate a query and serialise its answer in the format that `choose` names.

        QueryError if the query is malformed or more than can be evaluated, EndpointError if an
        endpoint that it calls fails, NotAcceptableError if the format cannot hold the answer.
        """
        with _told_as_query_error(query):
            results = self._evaluate(query)
            try:
                if isinstance(results, ox.QueryTriples):
                    form = choose(Form.GRAPH)
                    return form, _checked(form, results.serialize(format=_GRAPHS[form.name]))
                kind = Form.BOOLEAN if isinstance(results, ox.QueryBoolean) else Form.SOLUTIONS
                form = choose(kind)
                return form, _checked(form, results.serialize(format=_RESULTS[form.name]))
            finally:
                # The frames of an error may be let go of by another thread: not with results.
                del results

    def select(self, query: Query) -> Solutions:
        """Answer a SELECT query with plain values."""
        _, body = self.answer(query, _only(Form.SOLUTIONS, RESULT_FORMATS[0]))
        try:
            return Solutions.from_json(body)
        except ValueError as error:
            raise QueryError(f"the query has an answer that is not used here: {error}") from error

    def ask(self, query: Query) -> bool:
        """Answer an ASK query."""
        with _told_as_query_error(query):
            results = self._evaluate(query)
            answer = bool(results) if isinstance(results, ox.QueryBoolean) else None
            del results  # as in answer
        if answer is None:
            raise QueryError("an ASK query is expected here")
        return answer

    def construct(self, query: Query, form: Format = GRAPH_FORMATS[0]) -> bytes:
        """Answer a CONSTRUCT or DESCRIBE query in one of the graph formats."""
        return self.answer(query, _only(Form.GRAPH, form))[1]

    def _evaluate(self, query: Query) -> ox.QueryBoolean | ox.QuerySolutions | ox.QueryTriples:
        check_size(query.text)
        default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] | None = None
        named: list[ox.NamedNode | ox.BlankNode] | None = None
        if query.default_graphs or query.named_graphs:
            default = [_graph_name(iri) for iri in query.default_graphs]
            named = [_graph_name(iri) for iri in query.named_graphs]
        return self._store.query(query.text, default_graph=default, named_graphs=named)


def serialise(statements: Iterable[Sequence[Term]], form: Format) -> bytes:
    """Write triples (or quads, where the fourth term names the graph) in a graph format.

    The same statements in the same order give the same bytes.
    """
    written, prefixes = _GRAPHS[form.name], _PREFIXES if form.name in _PREFIXED else None
    if form.quads:
        quads = [_quad(statement) for statement in statements]
        body = _whole(ox.serialize(quads, format=written, prefixes=prefixes))
    else:
        triples = [_triple(statement) for statement in statements]
        body = _whole(ox.serialize(triples, format=written, prefixes=prefixes))
    return body if prefixes is None else _with_sorted_prefixes(body)


def _with_sorted_prefixes(body: bytes) -> bytes:
    """Sort the lines of prefixes, which the engine writes in another order in each process."""
    lines = body.split(b"\n")
    count = next((n for n, line in enumerate(lines) if not line.startswith(b"@prefix ")), 0)
    return b"\n".join([*sorted(lines[:count]), *lines[count:]])


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


def _graph_name(iri: str) -> ox.NamedNode:
    if not is_absolute_iri(iri):
        raise ParameterError(f"the graph {iri[:200]!r} has no absolute IRI as its name")
    return ox.NamedNode(iri)


def _checked(form: Format, body: bytes | None) -> bytes:
    whole = _whole(body)
    if form.name in {"xml", "rdfxml"} and (_NOT_IN_XML.search(whole) or _NAMELESS in whole):
        raise NotAcceptableError(
            f"this answer cannot be written as {form.name}: it holds a control character, or a "
            "property that ends in no XML name; ask for another format"
        )
    return whole


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
    expected = _EXPECTED.fullmatch(message)
    if expected:
        message = f"line {line}, column {column}: {_readable(expected[1])}"
    return QueryError(" ".join(message.split()), line=line, column=column)


def _readable(expected: str) -> str:
    """Say what the parser expected without its classes of characters."""
    if "Prefix not found" in expected:
        return "the prefix is not declared: write PREFIX name: <…> before the query"
    words = _QUOTED.findall(expected)
    named = _CHARACTERS.sub("", _QUOTED.sub("", expected)).split(",")
    offered: list[str] = [*(item.strip() for item in named if item.strip()), *words]
    # Keywords are single words; what has more is a reason of its own.
    reasons = [item for item in offered if " " in item.strip('"')]
    if reasons:
        return reasons[0]
    if not offered:
        return "the query cannot be read from here on"
    more = " …" if len(offered) > _EXPECTED_SHOWN else ""
    possible = ", ".join(offered[:_EXPECTED_SHOWN])
    return f"the query cannot be read from here on; possible are among others {possible}{more}"


@contextmanager
def _told_as_query_error(query: Query) -> Iterator[None]:
    try:
        yield
    except SyntaxError as error:
        raise _query_error(error) from error
    except OSError as error:
        # The engine tells failures of endpoints and of the disk alike.
        if "service" in query.text.lower():
            raise EndpointError(f"an endpoint that the query calls fails: {error}") from error
        raise disk_error(Path(), error) from error
    except (RuntimeError, ValueError) as error:
        told = " ".join(str(error).split())
        raise QueryError(f"the query cannot be evaluated: {told}") from error


@contextmanager
def _told_as_storage_error(path: Path | None) -> Iterator[None]:
    """Turn the errors of the engine's files into one sentence with the path."""
    try:
        yield
    except OSError as error:
        raise disk_error(path or Path(), error) from error
    except RuntimeError as error:
        where = f" at {path}" if path else ""
        told = " ".join(str(error).split())
        raise StorageError(f"the store{where} cannot be used: {told}") from error


def new_buffer() -> io.BytesIO:
    """Make an empty in-memory file to dump into."""
    return io.BytesIO()
