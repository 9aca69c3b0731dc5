"""The writer: carries out writes on a copy of the served release and publishes the result.

What is written together is published together. Nothing is told as done before its release is on
disk and served; when anything fails the copy is thrown away and made anew from the release.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from graph.digest import Digest
from graph.errors import (
    NotFoundError,
    PreconditionError,
    ShapesError,
    SikgError,
    UnprocessableError,
)
from graph.guard import check_service
from graph.release import EditEntry, Release, Releases
from graph.report import ShapeResult
from graph.store.sent import read_graph, skolemised
from graph.store.writing import Change, WritableStore, named
from graph.takedowns import Applied
from graph.updates import Operation
from graph.validation import validate_things
from graph.writing.as_written import AsWritten
from graph.writing.edits import Edits, Tally
from graph.writing.journal import Journal
from graph.writing.publishing import publish
from graph.writing.requests import HOW, Outcome, Write
from graph.writing.tags import tag_of
from graph.writing.withheld import refuse_withheld


@dataclass(frozen=True, slots=True)
class _Staged:
    """A write that was carried out and waits to be published."""

    outcome: Outcome
    entry: EditEntry | None


class Writer:
    """Writes to one home; `folder` is a private folder on the same disk."""

    def __init__(self, releases: Releases, folder: Path) -> None:
        self._releases = releases
        self._folder = folder
        self._journal = Journal(releases.home)
        self._release: Release | None = None
        self._edits: Edits | None = None
        self._applied = Applied()

    def write(self, writes: Sequence[Write]) -> list[Outcome | SikgError]:
        """Carry out writes in order and publish them as one release; give the answer to each.

        A write that is refused changes nothing and keeps no other from being done.
        """
        try:
            with self._releases.publishing():
                edits = self._current()
                staged = [self._staged(edits, write) for write in writes]
                entries = [
                    item.entry for item in staged if isinstance(item, _Staged) and item.entry
                ]
                if entries:
                    self._publish(edits, entries)
            self._journal.append(entries)
        except Exception as error:
            self._forget()
            if isinstance(error, SikgError):
                return [error] * len(writes)
            raise
        return [item.outcome if isinstance(item, _Staged) else item for item in staged]

    def tidy(self) -> None:
        """Remove what is beyond the kept releases."""
        self._releases.prune()

    def let_go(self) -> None:
        """Throw the copy away when another release is served: it may hold what was taken down."""
        served = self._release
        if served is not None and served.number != self._releases.current_number():
            self._forget()

    def open(self) -> None:
        """Make the copy of the served release, so that the first write need not wait for it."""
        with self._releases.publishing():
            self._current()

    def _current(self) -> Edits:
        """Give the copy of the served release, a new one if another has been published."""
        number = self._releases.current_number()
        if self._edits is not None and self._release and self._release.number == number:
            return self._edits
        self._forget()
        release = self._releases.current()
        self._journal.catch_up(self._releases)
        target = self._folder / f"store-{secrets.token_hex(4)}"
        store = WritableStore.clone(release.store_path, target)
        manifest = release.manifest
        tally = Tally(Digest(manifest.digest), manifest.statements, manifest.quads)
        as_written = AsWritten.read(release.path, release.identity)
        self._release, self._edits = release, Edits(store, release.identity, tally, as_written)
        self._applied = Applied.read(release.path)
        return self._edits

    def _forget(self) -> None:
        self._release = self._edits = None
        for leftover in self._folder.glob("store-*"):
            shutil.rmtree(leftover, ignore_errors=True)

    def _staged(self, edits: Edits, write: Write) -> _Staged | SikgError:
        """Carry out one write; whole or not at all."""
        try:
            created, changes = self._carried_out(edits, write)
            shapes = self._validated(edits, write)
        except SikgError as error:
            edits.take_back()
            return error
        except Exception:
            edits.take_back()
            raise
        graphs = sorted({graph for change in changes for graph in _graphs(change)})
        when = datetime.now(UTC)
        outcome = Outcome(
            release=self._number() if graphs else self._served().number,
            inserted=sum(len(change.inserted) for change in changes),
            removed=sum(len(change.removed) for change in changes),
            graphs=tuple(graphs),
            created=created,
            shapes=shapes,
        )
        if not graphs:
            edits.keep()
            return _Staged(outcome, None)
        edits.receipt(graphs, write.writer, HOW[write.operation], when)
        edits.keep()
        return _Staged(outcome, _entry(write, outcome, when))

    def _carried_out(self, edits: Edits, write: Write) -> tuple[bool, list[Change]]:
        if write.operation in {"update", "patch"}:
            return self._updated(edits, write)
        edits.ownership.check(write.graph, write.scopes)
        store, graph = edits.store, write.graph
        there = store.has_graph(graph)
        _check_precondition(edits, write)
        if write.operation == "delete":
            if not there:
                raise NotFoundError(f"there is no graph <{graph[:200]}>")
            return False, [edits.apply(Change(list(store.quads(graph)), dropped=[graph]))]
        found = read_graph(write.body, graph)
        seed = write.sha256 if write.operation == "put" else secrets.token_hex(16)
        base = f"{edits.identity.base}.well-known/genid/"
        change = Change(inserted=skolemised(found, base, f"{graph} {seed}"), created=[graph])
        if write.operation == "put":
            change.removed = list(store.quads(graph))
        return not there, [self._apply(edits, change)]

    def _apply(self, edits: Edits, change: Change) -> Change:
        # Looked at before: the store keeps the text of what was ever in it.
        refuse_withheld(self._applied, change)
        return edits.apply(change)

    def _updated(self, edits: Edits, write: Write) -> tuple[bool, list[Change]]:
        text = write.body.decode()
        check_service(text, write.services)
        store, changes = edits.store, []
        base = write.base or edits.identity.base
        there = not write.graph or store.has_graph(write.graph)
        if write.graph:
            edits.ownership.check(write.graph, write.scopes)
            _check_precondition(edits, write)
        genid = f"{edits.identity.base}.well-known/genid/"
        for operation in store.operations(text, base, write.using, write.using_named):
            within = _within(operation, write.graph)
            _check_target(edits, within, write)
            change = store.change(within, base=base)
            change.inserted = skolemised(change.inserted, genid, secrets.token_hex(16))
            for graph in _touched(change):
                edits.ownership.check(graph, write.scopes)
                if write.graph and graph != write.graph:
                    raise UnprocessableError(
                        f"a PATCH changes the graph of its address only, and not <{graph}>"
                    )
            changes.append(self._apply(edits, change))
        return not there and store.has_graph(write.graph), changes

    def _validated(self, edits: Edits, write: Write) -> tuple[ShapeResult, ...] | None:
        """Validate what a write changed; only what was not at fault before counts."""
        if write.validation == "off":
            return None
        things = edits.subjects()
        found = validate_things(edits.store, things)
        if not found:
            return ()
        taken = edits.take_back()
        before = set(validate_things(edits.store, things))
        edits.repeat(taken)
        new = tuple(item for item in found if item not in before)
        violations = [item for item in new if item.severity == "Violation"]
        if violations and write.validation == "enforce":
            first = violations[0]
            raise ShapesError(
                f"this would break the shapes of the ontology in {len(violations)} places, such as "
                f"{first.focus}: {first.message}",
                [item.model_dump() for item in violations[:100]],
            )
        return new

    def _number(self) -> int:
        return self._releases.next_number()

    def _served(self) -> Release:
        if self._release is None:
            raise NotFoundError("no release is open")
        return self._release

    def _publish(self, edits: Edits, entries: Sequence[EditEntry]) -> None:
        draft = self._folder / f"release-{secrets.token_hex(4)}"
        try:
            self._release = publish(self._releases, self._served(), draft, edits, entries)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def _entry(write: Write, outcome: Outcome, when: datetime) -> EditEntry:
    return EditEntry(
        when=when,
        writer=write.writer,
        request=write.request,
        operation=HOW[write.operation],
        graphs=outcome.graphs,
        inserted=outcome.inserted,
        removed=outcome.removed,
        sha256=write.sha256,
        release=outcome.release,
        violations=sum(item.severity == "Violation" for item in outcome.shapes or ()),
    )


def _within(operation: Operation, graph: str) -> Operation:
    """Give an operation whose unnamed graph is the one of the address, for a PATCH."""
    if not graph or operation.within is not None:
        return operation
    if operation.kind not in {"insert data", "delete data", "modify"}:
        raise UnprocessableError(
            "a PATCH inserts and deletes statements of its graph: send "
            f"{operation.kind.upper()} as an update to /sparql"
        )
    return replace(operation, within=f"<{graph}>")


def _check_target(edits: Edits, operation: Operation, write: Write) -> None:
    """Refuse what concerns all graphs before all of them are read."""
    words = {name.upper() for name in operation.graphs[-1:]}
    if operation.kind in {"clear", "drop", "add", "move", "copy"} and words & {"ALL", "DEFAULT"}:
        edits.ownership.check(None, write.scopes)
    if "NAMED" in words:
        edits.ownership.check(edits.identity.graph("receipts"), write.scopes)


def _touched(change: Change) -> Iterable[str | None]:
    """Name the graphs that a change would write to (None: the default graph)."""
    touched: dict[str | None, None] = dict.fromkeys([*change.created, *change.dropped])
    for quad in (*change.inserted, *change.removed):
        touched[named(quad)] = None
    return touched


def _graphs(change: Change) -> set[str]:
    """Name the graphs that a change of edit graphs made different."""
    quads = (*change.inserted, *change.removed)
    return {*change.created, *change.dropped, *(named(quad) or "" for quad in quads)}


def _check_precondition(edits: Edits, write: Write) -> None:
    there = edits.store.has_graph(write.graph)
    if write.absent and there:
        raise PreconditionError(f"there is a graph <{write.graph[:200]}> already")
    if not write.expected:
        return
    tag = tag_of(edits.store.quads(write.graph)) if there else ""
    if not there or not ({"*", tag} & set(write.expected)):
        raise PreconditionError(
            f"the graph <{write.graph[:200]}> is not as it was when it was read: read it again"
        )
