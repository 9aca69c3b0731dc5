"""What a release states: the quads of which its digest is made, read graph by graph.

Left out are the default graph, which follows from them, and the graphs in which a release tells
of itself.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from graph.errors import NotFoundError
from graph.formats import GRAPH_FORMATS, by_name
from graph.identity import Identity
from graph.store import Store

# Graphs that are made of a release, under `{base}id/graph/`.
DERIVED = frozenset({"void", "service", "quality", "catalogue"})

_NTRIPLES = by_name(GRAPH_FORMATS, "ntriples")


def derived(identity: Identity) -> frozenset[str]:
    """Name the graphs that are made of a release."""
    return frozenset(map(identity.graph, DERIVED))


def stated_graphs(store: Store, identity: Identity) -> list[str]:
    """Name the graphs of what a release states, in order."""
    made = derived(identity)
    return sorted(graph for graph in store.named_graphs() if graph not in made)


def lines_of(store: Store, graph: str) -> bytes:
    """Give a graph as lines of canonical N-Quads; nothing where there is no such graph."""
    assert _NTRIPLES is not None  # noqa: S101  # a constant of ours
    target = io.BytesIO()
    try:
        store.dump(target, _NTRIPLES, graph=graph)
    except NotFoundError:
        return b""
    # No literal holds the end of a line as it is, so that nothing else is changed.
    return target.getvalue().replace(b" .\n", f" <{graph}> .\n".encode())


def all_lines(store: Store, identity: Identity) -> Iterator[bytes]:
    """Give everything that a release states, a graph at a time."""
    for graph in stated_graphs(store, identity):
        yield lines_of(store, graph)


def subject_of(line: bytes) -> str:
    """Give the IRI that a line of N-Quads is about."""
    return line[1 : line.index(b">")].decode()
