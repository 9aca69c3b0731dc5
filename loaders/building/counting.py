"""Counting: what files of statements tell without the store, which is filled meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from graph import facts, statistics
from graph.identity import Identity
from graph.lines import Lines
from graph.reconciling import making
from graph.search import SearchIndex
from graph.second import encoding
from graph.statistics import Statistics
from graph.store import Store
from graph.validation import Sorted, sort_things
from graph.writing.names import all_names
from loaders.building.progress import Progress


@dataclass(frozen=True, slots=True)
class Counted:
    """The numbers of a draft, and its things by profile, unless one of them has no IRI."""

    statistics: Statistics
    things: Sorted | None


def count(
    lines: Lines, identity: Identity, folder: Path, progress: Progress, edited: Store | None = None
) -> Counted:
    """Make the fact tables, the index of names and the second engine's columns of a draft.

    `edited` is the store, where it holds what no file does.
    """
    progress.step("Counting and summing", 2)
    found = statistics.measure(lines, identity)
    progress.advance()
    facts.count(lines, identity, folder / "facts")
    progress.advance()
    progress.step("Indexing names", 1)
    SearchIndex.build(folder / "search", all_names(lines, identity))
    progress.advance()
    progress.step("Gathering names to match", 1)
    making.make(folder / "facts", folder / making.FOLDER)
    progress.advance()
    progress.step("Numbering terms", 1)
    encoding.build(edited or lines, folder / "second")
    progress.advance()
    progress.step("Sorting things by profile", 1)
    things = sort_things(lines)
    progress.advance()
    return Counted(found, things)
