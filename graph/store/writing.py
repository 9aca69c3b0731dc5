"""A store that is written to: what an update would change, and the changes carried out.

The patterns of an update are evaluated as a query, and its templates filled in a small store
beside this one. So the quads that would be removed and inserted are known before anything is
written, and whoever writes can refuse each of them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pyoxigraph as ox

from graph.errors import ForbiddenError, QueryError
from graph.guard import check_size
from graph.store.failures import told_as_storage_error
from graph.store.quads import Store
from graph.store.templates import (
    IN_NAMED,
    Quad,
    filled,
    graph_of,
    in_graph,
    iri_of,
    named,
    pattern_of,
    plain_quad,
    read_update,
    told,
    value_of,
    values_of,
)
from graph.store.terms import graph_name, native_quad
from graph.terms import Term
from graph.updates import Operation

__all__ = ["MAX_SOLUTIONS", "Change", "Quad", "WritableStore", "named"]

MAX_SOLUTIONS = 1_000_000  # of one operation; they are held in memory
_SLICE = 10_000  # solutions that are filled into templates at once


@dataclass(slots=True)
class Change:
    """What an operation changes, removals first: quads, and graphs made or dropped as such."""

    removed: list[Quad] = field(default_factory=list)
    inserted: list[Quad] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


class WritableStore(Store):
    """A store that one process writes to."""

    @classmethod
    def clone(cls, source: Path, target: Path) -> Self:
        """Open a writable copy of a checkpoint in a new directory.

        Its large files are shared by hard links: they are never written again. StorageError if
        the disk refuses.
        """
        with told_as_storage_error(target):
            target.mkdir(mode=0o700)
            for file in source.iterdir():
                if file.suffix == ".sst":
                    (target / file.name).hardlink_to(file)
                elif file.name != "LOCK":
                    shutil.copyfile(file, target / file.name)
            return cls(ox.Store(str(target)))

    def update(
        self,
        text: str,
        *,
        base: str | None = None,
        using: Sequence[str] = (),
        using_named: Sequence[str] = (),
    ) -> None:
        """Carry out an update, whole or not at all.

        `using` and `using_named` are the graphs of SPARQL 1.1 Protocol, 2.2.3. QueryError for
        what is malformed or cannot be carried out, ForbiddenError for LOAD, ParameterError where
        text and parameters both name a dataset.
        """
        done: list[Change] = []
        try:
            for operation in self.operations(text, base, using, using_named):
                done.append(self.apply(self.change(operation, base=base)))  # noqa: PERF401  # kept if one fails
        except Exception:
            for change in reversed(done):
                self.undo(change)
            raise

    def operations(
        self,
        text: str,
        base: str | None,
        using: Sequence[str] = (),
        using_named: Sequence[str] = (),
    ) -> list[Operation]:
        """Read the operations of an update; QueryError if it is malformed."""
        return [operation.over(using, using_named) for operation in read_update(text, base)]

    def change(self, operation: Operation, *, base: str | None = None) -> Change:
        """Tell what an operation would change as the store is now, and change nothing."""
        with told():
            match operation.kind:
                case "insert data":
                    return Change(inserted=filled(operation, operation.data, base, None))
                case "delete data":
                    return Change(removed=filled(operation, operation.data, base, None))
                case "modify":
                    return self._modified(operation, base)
                case "load":
                    raise ForbiddenError("LOAD is refused here: send the statements themselves")
                case "clear" | "drop":
                    return self._emptied(operation, base)
                case "create":
                    return self._created(operation, base)
                case _:
                    return self._copied(operation, base)

    def apply(self, change: Change) -> Change:
        """Carry out a change; give what of it made a difference."""
        with told_as_storage_error(None):
            inserted = dict.fromkeys(change.inserted)
            gone = [
                quad
                for quad in dict.fromkeys(change.removed)
                if quad not in inserted and native_quad(quad) in self._store
            ]
            new = [quad for quad in inserted if native_quad(quad) not in self._store]
            graphs = dict.fromkeys(
                [*change.created, *(quad[3].value for quad in new if len(quad) == IN_NAMED)]
            )
            created = [graph for graph in graphs if not self.has_graph(graph)]
            dropped = [graph for graph in change.dropped if self.has_graph(graph)]
            self._remove(gone)
            for graph in dropped:
                self._store.remove_graph(ox.NamedNode(graph))
            for graph in created:
                self._store.add_graph(ox.NamedNode(graph))
            self._store.extend(map(native_quad, new))
        return Change(gone, new, created, dropped)

    def undo(self, change: Change) -> None:
        """Take back a change that `apply` gave."""
        with told_as_storage_error(None):
            self._remove(change.inserted)
            for graph in change.created:
                self._store.remove_graph(ox.NamedNode(graph))
            for graph in change.dropped:
                self._store.add_graph(ox.NamedNode(graph))
            self._store.extend(map(native_quad, change.removed))

    def _remove(self, quads: Iterable[Quad]) -> None:
        for quad in quads:
            self._store.remove(native_quad(quad))

    def has_graph(self, graph: str) -> bool:
        """Tell whether there is a named graph, with or without statements."""
        return self._store.contains_named_graph(graph_name(graph))

    def has(self, quad: Quad) -> bool:
        """Tell whether the store holds a quad."""
        return native_quad(quad) in self._store

    def quads(
        self,
        graph: str | None,
        subject: Term | None = None,
        predicate: Term | None = None,
        value: Term | None = None,
    ) -> Iterator[Quad]:
        """Give the quads of one graph (None: the default graph) with these terms."""
        where = ox.DefaultGraph() if graph is None else graph_name(graph)
        for quad in self._store.quads_for_pattern(*pattern_of(subject, predicate, value), where):
            yield plain_quad(quad)

    def graphs_stating(self, subject: Term, predicate: Term, value: Term) -> Iterator[str]:
        """Give the named graphs that hold a statement."""
        for quad in self._store.quads_for_pattern(*pattern_of(subject, predicate, value), None):
            if isinstance(quad.graph_name, ox.NamedNode):
                yield quad.graph_name.value

    def _modified(self, operation: Operation, base: str | None) -> Change:
        rows = self._solutions(operation, base)
        change = Change()
        for start in range(0, len(rows), _SLICE):
            values = values_of(operation.variables, rows[start : start + _SLICE])
            if operation.delete is not None:
                change.removed += filled(operation, operation.delete, base, values)
            if operation.insert is not None:
                change.inserted += filled(operation, operation.insert, base, values)
        return change

    def _solutions(self, operation: Operation, base: str | None) -> list[tuple[str, ...]]:
        variables = operation.variables
        asked = " ".join(f"?{name}" for name in variables) or "*"
        distinct = "" if operation.makes_blank_nodes else "DISTINCT "
        text = f"{operation.prologue}SELECT {distinct}{asked} WHERE {operation.where}"
        check_size(text)
        default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] | None = None
        named: list[ox.NamedNode | ox.BlankNode] | None = None
        if operation.using or operation.using_named:
            default = [graph_name(iri_of(operation, name, base)) for name in operation.using]
            named = [graph_name(iri_of(operation, name, base)) for name in operation.using_named]
        elif operation.within is not None:
            default = [graph_name(iri_of(operation, operation.within, base))]
        found = self._store.query(text, base_iri=base, default_graph=default, named_graphs=named)
        if not isinstance(found, ox.QuerySolutions):
            raise QueryError("the pattern of the update cannot be evaluated")
        rows: list[tuple[str, ...]] = []
        for row in found:
            rows.append(tuple(value_of(row[name]) for name in variables))
            if len(rows) > MAX_SOLUTIONS:
                raise QueryError(
                    f"the update has more than {MAX_SOLUTIONS} solutions: divide it into several"
                )
        return rows

    def _emptied(self, operation: Operation, base: str | None) -> Change:
        word = operation.graphs[0].upper()
        graphs: list[str | None]
        if word in {"ALL", "NAMED"}:
            graphs = [*self.named_graphs(), *([None] if word == "ALL" else [])]
        elif word == "DEFAULT":
            graphs = [None]
        else:
            graphs = [self._existing(operation, operation.graphs[0], base)]
        removed = [quad for graph in graphs for quad in self._quads_if_any(graph)]
        named = [graph for graph in graphs if graph is not None]
        return Change(removed, dropped=named if operation.kind == "drop" else [])

    def _created(self, operation: Operation, base: str | None) -> Change:
        graph = iri_of(operation, operation.graphs[0], base)
        if self.has_graph(graph) and not operation.silent:
            raise QueryError(f"there is a graph <{graph[:200]}> already")
        return Change(created=[graph])

    def _copied(self, operation: Operation, base: str | None) -> Change:
        source = self._existing(operation, operation.graphs[0], base)
        target = graph_of(operation, operation.graphs[1], base)
        if source == target or (source is not None and not self.has_graph(source)):
            return Change()
        change = Change(inserted=[in_graph(quad, target) for quad in self.quads(source)])
        if operation.kind != "add":
            change.removed += self._quads_if_any(target)
        if operation.kind == "move":
            change.removed += self.quads(source)
            change.dropped += [] if source is None else [source]
        change.created += [] if target is None else [target]
        return change

    def _existing(self, operation: Operation, name: str, base: str | None) -> str | None:
        graph = graph_of(operation, name, base)
        if graph is not None and not operation.silent and not self.has_graph(graph):
            raise QueryError(f"there is no graph <{graph[:200]}>")
        return graph

    def _quads_if_any(self, graph: str | None) -> list[Quad]:
        return list(self.quads(graph))
