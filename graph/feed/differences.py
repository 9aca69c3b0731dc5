"""Differences: which statements one release makes and another does not.

Only what is stated counts, with the graph that states it: what follows from it, and what a release
tells of itself, differs along with it. Stores that hold the same write it in the same order, so
that both are read side by side, and only what differs is held.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from graph.feed.stated import derived, graph_of, lines_of, stated_lines, subject_of
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
        gone, new = (Counter(map(graph_of, lines)) for lines in (self.removed, self.added))
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
    return compared(before, after, {*derived(earlier.identity), *derived(later.identity)})


def compared(before: Store, after: Store, left_out: Collection[str]) -> Difference:
    """Compare all named graphs of two stores but some.

    Lines wait until they are met in the other store. Those of the same statements come in the same
    order, so that few wait that are not different; were it not so, more would wait, and no less
    would be found.
    """
    gone: set[bytes] = set()
    new: set[bytes] = set()
    nothing: list[bytes] = []
    sides = stated_lines(before, left_out), stated_lines(after, left_out)
    for old, now in zip_longest(*sides, fillvalue=nothing):
        earlier, later = set(old), set(now)
        same = earlier & later
        met, come = gone & later, new & earlier
        gone = (gone - met) | (earlier - same - come)
        new = (new - come) | (later - same - met)
    return Difference(_ordered(gone), _ordered(new))


def _ordered(lines: Iterable[bytes]) -> tuple[bytes, ...]:
    return tuple(sorted(line.rstrip(b"\n") for line in lines))
