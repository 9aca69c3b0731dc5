"""Peers: what other nodes state, brought into a build from their replicas.

Each statement stays in the graph that it has at its peer, and stands in the default graph with what
is entailed of it, as our own statements do. What a stream of somebody else states stands in a graph
of ours for each of its members, and a receipt leads from there to the member.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from graph.errors import disk_error
from graph.feed.members import moment
from graph.formats import NQUADS
from graph.identity import Identity
from graph.replicas.replica import STATEMENTS, Progress, peers
from graph.store.subjects import parse_quads
from graph.store.templates import Quad
from graph.takedowns import Takedowns
from graph.terms import XSD, Term
from graph.writing.edits import entailed
from graph.writing.ownership import PEERS, Ownership
from graph.writing.withheld import withheld
from loaders.statements import Written, write_lines
from ontology import expand

_SLICE = 50_000_000  # bytes of statements that are read at once


def write_peers(
    home: Path, identity: Identity, taken: Takedowns, folder_of: Callable[[str], Path]
) -> list[Written]:
    """Write what the peers of a home state for the store; nothing of one with the same base.

    `folder_of` gives the folder for what has a name.
    """
    written = []
    for place, progress in peers(home):
        path = place / STATEMENTS
        if path.is_file() and progress.base != identity.base:
            name = f"peer-{place.name}"
            written.append(_write(path, progress, identity, taken, folder_of(name) / name))
    return written


def _write(
    path: Path, progress: Progress, identity: Identity, taken: Takedowns, target: Path
) -> Written:
    stated, merged = target.with_suffix(".stated.nq"), target.with_suffix(".merged.nq")
    ownership, hidden, count = Ownership(identity), withheld(taken), 0
    received = _Received(progress, identity, path.parent.name)
    try:
        with stated.open("wb") as stated_file, merged.open("wb") as merged_file:
            count += write_lines(_about(progress, identity), stated_file)
            for quads in _read(path):
                kept = [quad for quad in quads if not hidden(quad)]
                if progress.kind == "stream":
                    kept = list(received.quads(kept))
                count += write_lines(iter(kept), stated_file)
                seen = (quad for quad in kept if ownership.is_merged(quad[3].value))
                write_lines(_merged(seen), merged_file)
    except OSError as error:
        raise disk_error(path, error) from error
    return Written.whole(target.name, stated, merged, count)


@dataclass(frozen=True, slots=True)
class _Received:
    """Gives what a stream states as it stands here, where it may not speak of our things."""

    progress: Progress
    identity: Identity
    name: str
    met: set[Term] = field(default_factory=set)

    def quads(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        """Give statements in the graphs of their members, and a receipt for each graph."""
        receipts = Term("uri", self.identity.graph("receipts"))
        for subject, name, value, member in quads:
            if subject.value.startswith(self.identity.base):
                continue
            key = hashlib.sha256(member.value.encode()).hexdigest()[:16]
            graph = Term("uri", f"{self.identity.graph(PEERS)}/{self.name}/{key}")
            if member not in self.met:
                self.met.add(member)
                yield graph, Term("uri", expand("dcterms:source")), member, receipts
                stream = Term("uri", self.progress.base)
                yield graph, Term("uri", expand("dcterms:isPartOf")), stream, receipts
            yield subject, name, value, graph


def _merged(quads: Iterable[Quad]) -> Iterator[Quad]:
    for quad in quads:
        yield quad[:3]
        yield from entailed(quad)


def _read(path: Path) -> Iterator[list[Quad]]:
    with path.open("rb") as file:
        while lines := file.readlines(_SLICE):
            yield parse_quads(b"".join(lines), NQUADS)


def _about(progress: Progress, identity: Identity) -> Iterator[Quad]:
    """Say among the receipts where the statements of a peer were read."""
    graph = Term("uri", identity.graph("receipts"))
    peer = Term("uri", progress.base)
    feed = Term("uri", progress.feed)
    yield peer, Term("uri", expand("rdf:type")), Term("uri", expand("dcat:Dataset")), graph
    yield peer, Term("uri", expand("dcterms:source")), feed, graph
    if progress.kind == "node":
        version = Term("literal", str(progress.release))
        yield peer, Term("uri", expand("schema:version")), version, graph
    elif progress.last is not None:
        last = Term("literal", moment(progress.last), None, f"{XSD}dateTime")
        yield peer, Term("uri", expand("dcterms:modified")), last, graph
