"""Edits: changes of the graphs of people, followed through to the default graph and counted.

The default graph holds what any merged graph states and what the alignments of the ontology
entail of it. A statement leaves it only when no graph states it and nothing that remains entails
it any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import ontology
from graph.digest import Digest
from graph.identity import Identity
from graph.store.writing import Change, Quad, WritableStore
from graph.terms import XSD, Term, iri, literal, n3
from graph.writing.as_written import AsWritten
from graph.writing.overruling import Overruled
from graph.writing.ownership import Ownership
from ontology import Class, Property, expand

_TYPE = Term("uri", expand("rdf:type"))
_NAMES = {expand("skos:prefLabel"), expand("skos:altLabel")}
_IN_NAMED = 4  # terms of a quad in a named graph


@dataclass(slots=True)
class Tally:
    """What a release counts, and its digest, as changes are made."""

    digest: Digest
    statements: int
    quads: int

    def add(self, change: Change, *, sign: int = 1) -> None:
        """Count a change, or take it back where `sign` is -1."""
        new, gone = (change.inserted, change.removed)[::sign]
        self.quads += len(new) - len(gone)
        self.statements += _default(new) - _default(gone)
        self.digest.add_lines(_lines(new))
        self.digest.remove_lines(_lines(gone))


@dataclass(slots=True)
class Edits:
    """Makes changes to a store; those since the last `keep` can be taken back."""

    store: WritableStore
    identity: Identity
    tally: Tally
    as_written: AsWritten = field(default_factory=AsWritten)
    ownership: Ownership = field(init=False)
    overruled: Overruled = field(init=False)
    renamed: set[str] = field(default_factory=set)
    done: list[Change] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ownership = Ownership(self.identity)
        self.overruled = Overruled(self.store, self.identity)

    def apply(self, change: Change) -> Change:
        """Make a change of edit graphs and what follows from it; give what made a difference.

        What is said of a merged thing is said of what stands for it.
        """
        made = self._make(self.as_written.followed(change, self.store.has))
        self._make(self._followed(made))
        return made

    def receipt(self, graphs: Iterable[str], writer: str, how: str, when: datetime) -> None:
        """Say in the graph of receipts who wrote to graphs, when and how."""
        about = self.identity.graph("receipts")
        time = iri(expand("prov:generatedAtTime"))
        # Whole seconds, as the store keeps them: it drops zeros at the end of a fraction.
        told = when.replace(microsecond=0).isoformat().replace("+00:00", "Z")
        change = Change()
        for graph in graphs:
            this = iri(graph)
            if not self.store.has_graph(graph):
                change.removed += self.store.quads(about, this)
                continue
            change.removed += self.store.quads(about, this, time)
            for name, value in (
                (_TYPE, iri(Class.EDIT_GRAPH)),
                (time, literal(told, f"{XSD}dateTime")),
                (iri(Property.EDITED_BY), literal(writer, f"{XSD}string")),
                (iri(Property.EDITED_THROUGH), literal(how, f"{XSD}string")),
            ):
                change.inserted.append((this, name, value, iri(about)))
        self._make(change)

    def keep(self) -> None:
        """Take what was done as kept."""
        self.done.clear()

    def take_back(self) -> list[Change]:
        """Take back all since the last `keep`; give it for `repeat`."""
        taken = list(self.done)
        for change in reversed(taken):
            self.store.undo(change)
            self.tally.add(change, sign=-1)
        self.done.clear()
        return taken

    def repeat(self, taken: Iterable[Change]) -> None:
        """Do again what was taken back."""
        for change in taken:
            self._make(change)

    def subjects(self) -> set[str]:
        """Give what the changes since the last `keep` are about, in the default graph."""
        return {
            quad[0].value
            for change in self.done
            for quad in (*change.inserted, *change.removed)
            if len(quad) < _IN_NAMED
        }

    def _make(self, change: Change) -> Change:
        made = self.store.apply(change)
        self.done.append(made)
        self.tally.add(made)
        self.renamed |= {
            quad[0].value
            for quad in (*made.inserted, *made.removed)
            if quad[1].value in _NAMES and len(quad) < _IN_NAMED
        }
        return made

    def _followed(self, made: Change) -> Change:
        """Tell what a change of edit graphs changes in the default graph."""
        merged = self.ownership.is_merged
        new = {
            found
            for quad in made.inserted
            if merged(quad[3].value)
            for found in (quad[:3], *entailed(quad))
        }
        doubtful = {
            found
            for quad in made.removed
            if merged(quad[3].value)
            for found in (quad[:3], *entailed(quad))
        }
        for corrected in self.overruled.changed((*made.inserted, *made.removed)):
            found = {corrected, *entailed(corrected)}
            new |= {triple for triple in found if self._holds(triple)}
            doubtful |= found
        if self.overruled.any():
            new = {triple for triple in new if self._holds(triple)}
        gone = [triple for triple in doubtful - new if not self._holds(triple)]
        return Change(removed=gone, inserted=list(new))

    def _holds(self, triple: Quad) -> bool:
        """Tell whether any merged graph states a statement or one that entails it."""
        subject, predicate, value = triple
        if self._stated(subject, predicate, value):
            return True
        if predicate == _TYPE:
            return any(
                value.value in ontology.superclasses(kind.value)
                and self._stated(subject, predicate, kind)
                for _, _, kind in self.store.quads(None, subject, _TYPE)
            )
        return any(
            predicate.value in ontology.superproperties(name.value)
            and self._stated(subject, name, value)
            for _, name, _ in self.store.quads(None, subject, None, value)
        )

    def _stated(self, subject: Term, predicate: Term, value: Term) -> bool:
        if self.overruled.holds(subject, predicate, value):
            return False
        graphs = self.store.graphs_stating(subject, predicate, value)
        return any(self.ownership.is_merged(graph) for graph in graphs)


def entailed(quad: Sequence[Term]) -> Iterator[Quad]:
    """Give what the alignments of the ontology entail of one statement."""
    subject, predicate, value = quad[:3]
    if predicate == _TYPE:
        for parent in ontology.superclasses(value.value):
            yield subject, predicate, Term("uri", parent)
    for parent in ontology.superproperties(predicate.value):
        yield subject, Term("uri", parent), value


def carry(
    source: WritableStore,
    old: Identity,
    edits: Edits,
    withheld: Callable[[Quad], bool] = lambda _: False,
    as_written: AsWritten | None = None,
) -> int:
    """Bring the edit graphs of one store, and their receipts, up to date in another.

    `old` is the identity of the store that they are taken from, and `as_written` tells what was
    written there of merged things; what is `withheld` is left behind, and its number is given.
    """
    restored = (as_written or AsWritten()).restored
    before, after = Ownership(old), edits.ownership
    theirs = set(_written(source, before))
    ours = set(_written(edits.store, after))
    about = edits.identity.graph("receipts")
    change, receipts, left = Change(), Change(), 0
    for graph in sorted(theirs | ours):
        receipts.removed += edits.store.quads(about, iri(graph))
        change.removed += edits.store.quads(graph)
        if graph not in theirs:
            change.dropped.append(graph)
            continue
        change.created.append(graph)
        quads = list(restored(source.quads(graph)))
        kept = [quad for quad in quads if not withheld(quad)]
        left += len(quads) - len(kept)
        change.inserted += kept
        for quad in source.quads(old.graph("receipts"), iri(graph)):
            receipts.inserted.append((*quad[:3], iri(about)))
    edits.apply(change)
    edits.repeat([receipts])
    return left


def has_edits(store: WritableStore, identity: Identity) -> bool:
    """Tell whether people wrote to a store."""
    return any(_written(store, Ownership(identity)))


def _written(store: WritableStore, ownership: Ownership) -> Iterator[str]:
    """Name the graphs that people wrote here, and not those that were written at a peer."""
    about = ownership.identity.graph("receipts")
    for graph in store.named_graphs():
        if not ownership.is_edit(graph):
            continue
        if not ownership.may_be_of_peer(graph) or any(store.quads(about, iri(graph))):
            yield graph


def _default(quads: Iterable[Quad]) -> int:
    return sum(len(quad) < _IN_NAMED for quad in quads)


def _lines(quads: Iterable[Quad]) -> Iterator[bytes]:
    """Write the quads of named graphs as lines: of these the digest of a release is made."""
    for quad in quads:
        if len(quad) == _IN_NAMED:
            yield (" ".join(map(n3, quad)) + " .").encode()
