"""Peers: what other nodes state, brought into a build from their replicas.

Each statement stays in the graph that it has at its peer, and stands in the default graph with what
is entailed of it, as our own statements do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from graph.errors import disk_error
from graph.formats import GRAPH_FORMATS, by_name
from graph.identity import Identity
from graph.replicas.replica import STATEMENTS, Progress, peers
from graph.store.subjects import parse_quads
from graph.store.templates import Quad
from graph.takedowns import Takedowns
from graph.terms import Term
from graph.writing.edits import entailed
from graph.writing.ownership import Ownership
from graph.writing.withheld import withheld
from loaders.statements import Written, write_lines
from ontology import expand

_NQUADS = by_name(GRAPH_FORMATS, "nquads")
_SLICE = 50_000_000  # bytes of statements that are read at once


def write_peers(home: Path, identity: Identity, taken: Takedowns, folder: Path) -> list[Written]:
    """Write what the peers of a home state for the store; nothing of one with the same base."""
    written = []
    for place, progress in peers(home):
        path = place / STATEMENTS
        if path.is_file() and progress.base != identity.base:
            written.append(_write(path, progress, identity, taken, folder / f"peer-{place.name}"))
    return written


def _write(
    path: Path, progress: Progress, identity: Identity, taken: Takedowns, target: Path
) -> Written:
    stated, merged = target.with_suffix(".stated.nq"), target.with_suffix(".merged.nq")
    ownership, hidden, count = Ownership(identity), withheld(taken), 0
    try:
        with stated.open("wb") as stated_file, merged.open("wb") as merged_file:
            count += write_lines(_about(progress, identity), stated_file)
            for quads in _read(path):
                kept = [quad for quad in quads if not hidden(quad)]
                count += write_lines(iter(kept), stated_file)
                seen = (quad for quad in kept if ownership.is_merged(quad[3].value))
                write_lines(_merged(seen), merged_file)
    except OSError as error:
        raise disk_error(path, error) from error
    return Written.whole(stated, merged, count)


def _merged(quads: Iterable[Quad]) -> Iterator[Quad]:
    for quad in quads:
        yield quad[:3]
        yield from entailed(quad)


def _read(path: Path) -> Iterator[list[Quad]]:
    assert _NQUADS is not None  # noqa: S101  # a constant of ours
    with path.open("rb") as file:
        while lines := file.readlines(_SLICE):
            yield parse_quads(b"".join(lines), _NQUADS)


def _about(progress: Progress, identity: Identity) -> Iterator[Quad]:
    """Say among the receipts where the statements of a peer were read."""
    graph = Term("uri", identity.graph("receipts"))
    peer = Term("uri", progress.base)
    feed = Term("uri", f"{progress.url}feed")
    yield peer, Term("uri", expand("rdf:type")), Term("uri", expand("dcat:Dataset")), graph
    yield peer, Term("uri", expand("dcterms:source")), feed, graph
    version = Term("literal", str(progress.release))
    yield peer, Term("uri", expand("schema:version")), version, graph
