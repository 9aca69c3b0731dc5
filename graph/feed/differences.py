"""Differences: which statements one release makes and another does not.

Only what is stated counts, with the graph that states it: what follows from it, and what a release
tells of itself, differs along with it. Graphs are compared as text, and their lines only where that
differs: 390,000 statements in 27,000 graphs take 8 s of processor time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graph.feed.stated import lines_of, stated_graphs, subject_of
from graph.formats import Format
from graph.release import Release
from graph.store import Store
from graph.store.writing import WritableStore

PATCH = Format("patch", "application/rdf-patch", "rdfp", ("text/rdf-patch",))


@dataclass(frozen=True, slots=True)
class Difference:
    """Lines of canonical N-Quads without their ends, in order: those gone and those new."""

    removed: tuple[bytes, ...]
    added: tuple[bytes, ...]

    @property
    def subjects(self) -> set[str]:
        """Name everything of which a statement is gone or new."""
        return {subject_of(line) for line in (*self.removed, *self.added)}

    def by_graph(self) -> dict[str, tuple[int, int]]:
        """Count what is gone and new in each graph."""
        gone, new = (Counter(map(_graph_of, lines)) for lines in (self.removed, self.added))
        return {graph: (gone[graph], new[graph]) for graph in sorted({*gone, *new})}

    def patch(self, earlier: Release, later: Release) -> Iterator[bytes]:
        """Write the difference as RDF Patch, which turns the earlier release into the later one."""
        base = later.identity.base
        yield f"H id <{base}releases/{later.number}> .\n".encode()
        yield f"H prev <{base}releases/{earlier.number}> .\n".encode()
        yield b"TX .\n"
        yield from (b"D " + line + b"\n" for line in self.removed)
        yield from (b"A " + line + b"\n" for line in self.added)
        yield b"TC .\n"


def difference(before: Store, after: Store, graphs: Iterable[str]) -> Difference:
    """Compare graphs of two stores."""
    gone: list[bytes] = []
    new: list[bytes] = []
    for graph in graphs:
        old, now = lines_of(before, graph), lines_of(after, graph)
        if old == now:
            continue
        earlier, later = set(old.splitlines()), set(now.splitlines())
        gone += earlier - later
        new += later - earlier
    return Difference(tuple(sorted(gone)), tuple(sorted(new)))


def between(earlier: Release, later: Release) -> Difference:
    """Compare all that two releases state; StorageError if one cannot be read."""
    before = WritableStore.open_read_only(earlier.store_path)
    after = WritableStore.open_read_only(later.store_path)
    graphs = {
        *stated_graphs(before, earlier.identity),
        *stated_graphs(after, later.identity),
    }
    return difference(before, after, sorted(graphs))


def _graph_of(line: bytes) -> str:
    return line[line.rindex(b"<") + 1 : line.rindex(b">")].decode()
