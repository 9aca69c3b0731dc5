"""What a release states: the quads of which its digest is made, read graph by graph.

Left out are the default graph, which follows from them, and the graphs in which a release tells
of itself.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Collection, Iterator

from graph.errors import NotFoundError
from graph.formats import NQUADS, NTRIPLES
from graph.identity import Identity
from graph.store import Store

# Graphs that are made of a release, under `{base}id/graph/`.
DERIVED = frozenset({"void", "service", "quality", "catalogue"})

_SLICE = 1 << 24  # bytes of lines that are held at once


def derived(identity: Identity) -> frozenset[str]:
    """Name the graphs that are made of a release."""
    return frozenset(map(identity.graph, DERIVED))


def lines_of(store: Store, graph: str) -> bytes:
    """Give a graph as lines of canonical N-Quads; nothing where there is no such graph."""
    target = io.BytesIO()
    try:
        store.dump(target, NTRIPLES, graph=graph)
    except NotFoundError:
        return b""
    # No literal holds the end of a line as it is, so that nothing else is changed.
    return target.getvalue().replace(b" .\n", f" <{graph}> .\n".encode())


def stated_lines(store: Store, left_out: Collection[str] = ()) -> Iterator[list[bytes]]:
    """Give the lines of all named graphs but some, with their ends, a slice at a time.

    Stores that hold the same give the same order. The store is written once, to a file without a
    name: graph by graph takes three times as long where each row is a graph.
    """
    ends = tuple(f" <{graph}> .\n".encode() for graph in left_out)
    with tempfile.TemporaryFile() as file:
        store.dump(file, NQUADS)
        file.seek(0)
        while lines := file.readlines(_SLICE):
            yield [line for line in lines if is_quad(line) and not (ends and line.endswith(ends))]


def is_quad(line: bytes) -> bool:
    """Tell a line of a named graph from one of the default graph, which has a term less."""
    rest, _, last = line[:-3].rpartition(b" ")
    # An IRI holds no quotation mark; the end of a literal may look like one otherwise.
    return last.startswith(b"<") and b'"' not in last and rest.count(b" ") > 1


def graph_of(line: bytes) -> str:
    """Give the graph of a line of N-Quads in a named graph."""
    return line[line.rindex(b"<") + 1 : line.rindex(b">")].decode()


def subject_of(line: bytes) -> str:
    """Give the IRI that a line of N-Quads is about."""
    return line[1 : line.index(b">")].decode()
