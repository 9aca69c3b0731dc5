"""A store of quads: answers queries, and is loaded and dumped whole.

A result may be touched only by the thread that made it (another aborts the process), so every
method evaluates and serialises in one call and hands out plain bytes and values.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import IO, Self, cast

import pyoxigraph as ox

from graph.engine import Form, Held, Query
from graph.errors import NotAcceptableError, NotFoundError, QueryError
from graph.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from graph.guard import check_size, without_escapes
from graph.results import EnoughError, Limits, Spool
from graph.store.failures import query_error, told_as_query_error, told_as_storage_error
from graph.store.streams import MisfitError, XmlStream, stream_to, write_csv
from graph.store.terms import GRAPHS, PREFIXES, RESULTS, graph_name, held
from graph.terms import Solutions, is_absolute_iri

# Characters that XML 1.0 cannot hold in any way, and an element without a local name, of a
# property whose IRI ends in no XML name: the engine writes them all the same.
_NOT_IN_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]|<oxprefix: ")

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
    def create(cls, path: Path) -> Self:
        """Open a writable store in a new directory."""
        with told_as_storage_error(path):
            return cls(ox.Store(str(path)))

    @classmethod
    def open_read_only(cls, path: Path) -> Self:
        """Open a checkpoint for reading; many processes may do so at once."""
        with told_as_storage_error(path):
            return cls(ox.Store.read_only(str(path)))

    @classmethod
    def in_memory(cls) -> Self:
        """Make an empty store without a directory."""
        return cls(ox.Store())

    def copied_to_memory(self) -> Store:
        """Give a copy that answers without reading files (about 0.4 kB of memory a quad)."""
        copy = ox.Store()
        with told_as_storage_error(None):
            copy.bulk_extend(self._store)
        return Store(copy)

    def load_statements(self, path: Path) -> None:
        """Add the statements of an N-Quads file written by us.

        The text is trusted to be well formed: terms were checked when they were made.
        """
        with told_as_storage_error(path):
            self._store.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS, lenient=True)

    def load(self, data: IO[bytes] | bytes, form: Format, *, base: str | None = None) -> None:
        """Add the statements of a document in any graph format; QueryError if malformed."""
        try:
            with told_as_storage_error(None):
                self._store.bulk_load(data, format=GRAPHS[form.name], base_iri=base)
        except SyntaxError as error:
            raise query_error(error) from error

    def optimise(self) -> None:
        """Compact the files after a bulk load, for faster reads."""
        with told_as_storage_error(None):
            self._store.optimize()

    def checkpoint(self, path: Path) -> None:
        """Write a read-only copy of the store to a new directory."""
        with told_as_storage_error(path):
            self._store.backup(str(path))

    def __len__(self) -> int:
        return len(self._store)

    def named_graphs(self) -> Iterator[str]:
        """Give the IRIs of all named graphs."""
        for graph in self._store.named_graphs():
            if isinstance(graph, ox.NamedNode):
                yield graph.value

    def dump(self, target: IO[bytes] | Path, form: Format, *, graph: str | None = None) -> None:
        """Write the store, or one graph of it, to a binary file or to what is named by a path.

        Where `graph` is None, a format of quads holds everything and another the default graph.
        NotFoundError if there is no such graph. Other threads go on while a path is written to.
        """
        written = GRAPHS[form.name]
        if form.name == "rdfxml" and not isinstance(target, Path):
            target = cast("IO[bytes]", XmlStream(target))
        with told_as_storage_error(None):
            if graph is None:
                everything = None if form.quads else ox.DefaultGraph()
                self._store.dump(target, format=written, from_graph=everything, prefixes=PREFIXES)
                return
            named = ox.NamedNode(graph) if is_absolute_iri(graph) else None
            if named is None or not self._store.contains_named_graph(named):
                raise NotFoundError(f"there is no graph {graph[:200]!r} in this release")
            if form.quads:
                # The engine's dump of one graph leaves out its name.
                quads = self._store.quads_for_pattern(None, None, None, named)
                ox.serialize(quads, target, format=written, prefixes=PREFIXES)
            else:
                self._store.dump(target, format=written, from_graph=named, prefixes=PREFIXES)

    def answer(self, query: Query, choose: Choose) -> tuple[Format, bytes]:
        """Evaluate a query and serialise its answer in the format that `choose` names.

        QueryError if the query is malformed or more than can be evaluated, EndpointError if an
        endpoint that it calls fails, NotAcceptableError if the format cannot hold the answer.
        """
        spool = Spool(Limits(), inline=math.inf)
        form = self.write_answer(query, choose, spool)
        body = spool.finish()
        return form, body if isinstance(body, bytes) else body.read()

    def write_answer(self, query: Query, choose: Choose, spool: Spool) -> Format:
        """Evaluate a query and serialise its answer into a spool, which may cut it.

        Errors are those of `answer`, and LimitError if the spool can neither hold nor cut it.
        """
        with told_as_query_error(query):
            results = self._evaluate(query)
            try:
                if isinstance(results, ox.QueryTriples):
                    form = choose(Form.GRAPH)
                    _write_graph(results, form, spool)
                else:
                    solutions = isinstance(results, ox.QuerySolutions)
                    form = choose(Form.SOLUTIONS if solutions else Form.BOOLEAN)
                    self._write_results(results, query, form, spool)
            finally:
                # The frames of an error may be let go of by another thread: not with results.
                del results
        if form.name in {"xml", "rdfxml"} and spool.contains(_NOT_IN_XML):
            raise NotAcceptableError(
                f"this answer cannot be written as {form.name}: it holds a control character, or "
                "a property that ends in no XML name; ask for another format"
            )
        return form

    def _write_results(
        self, results: ox.QuerySolutions | ox.QueryBoolean, query: Query, form: Format, spool: Spool
    ) -> None:
        solutions = isinstance(results, ox.QuerySolutions)
        spool.begin(form.name, counted=solutions)
        try:
            with suppress(EnoughError):
                results.serialize(stream_to(spool, form, results), format=RESULTS[form.name])
        except MisfitError:
            results = cast("ox.QuerySolutions", self._evaluate(query))
            spool.restart()
            spool.begin(form.name, counted=solutions)
            with suppress(EnoughError):
                write_csv(results, spool)
        finally:
            del results  # as in write_answer

    def look_up(
        self, subjects: Iterable[str], *, name: str | None = None, graph: str | None = None
    ) -> list[Held]:
        """Give the statements about things, of one property or all, in one graph or all."""
        predicate, within = _where(name, graph)
        with told_as_storage_error(None):
            return [
                held(subject, quad)
                for subject in subjects
                for quad in self._store.quads_for_pattern(
                    ox.NamedNode(subject), predicate, None, within
                )
            ]

    def look_back(
        self, value: str, limit: int, *, name: str | None = None, graph: str | None = None
    ) -> list[Held]:
        """Give the first statements that name a thing as their value, as `look_up` does."""
        predicate, within = _where(name, graph)
        with told_as_storage_error(None):
            found = self._store.quads_for_pattern(None, predicate, ox.NamedNode(value), within)
            return [
                held(quad.subject.value, quad)
                for quad in islice(found, limit)
                if isinstance(quad.subject, ox.NamedNode)
            ]

    def select(self, query: Query) -> Solutions:
        """Answer a SELECT query with plain values."""
        _, body = self.answer(query, _only(Form.SOLUTIONS, RESULT_FORMATS[0]))
        try:
            return Solutions.from_json(body)
        except ValueError as error:
            raise QueryError(f"the query has an answer that is not used here: {error}") from error

    def ask(self, query: Query) -> bool:
        """Answer an ASK query."""
        with told_as_query_error(query):
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
            default = [graph_name(iri) for iri in query.default_graphs]
            named = [graph_name(iri) for iri in query.named_graphs]
        try:
            return self._store.query(query.text, default_graph=default, named_graphs=named)
        except SyntaxError:
            # The engine undoes escapes in strings and IRIs only; elsewhere nothing else can be
            # meant by them.
            text = without_escapes(query.text)
            if text == query.text:
                raise
            check_size(text)
            return self._store.query(text, default_graph=default, named_graphs=named)


def _where(
    name: str | None, graph: str | None
) -> tuple[ox.NamedNode | None, ox.NamedNode | ox.DefaultGraph | None]:
    """Give the property and the graph of a pattern; None for any, an empty graph is the default."""
    predicate = None if name is None else ox.NamedNode(name)
    if graph is None:
        return predicate, None
    return predicate, ox.NamedNode(graph) if graph else ox.DefaultGraph()


def _write_graph(results: ox.QueryTriples, form: Format, spool: Spool) -> None:
    try:
        if form.name == "ntriples":  # a line each, so that they can be counted as they are written
            spool.begin(form.name, counted=True)
            with suppress(EnoughError):
                results.serialize(cast("IO[bytes]", spool), format=GRAPHS[form.name])
        else:
            stream = stream_to(spool, form, results)
            ox.serialize(spool.bounded(results, form.name), stream, format=GRAPHS[form.name])
    finally:
        del results  # as in write_answer


def _only(expected: Form, form: Format) -> Choose:
    def choose(found: Form) -> Format:
        if found is not expected:
            raise QueryError(f"a query that answers with {expected.value} is expected here")
        return form

    return choose


def new_buffer() -> io.BytesIO:
    """Make an empty in-memory file to dump into."""
    return io.BytesIO()
