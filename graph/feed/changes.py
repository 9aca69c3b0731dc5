"""Changes: which things a release makes, alters or takes away, each with all that is stated of it.

A change holds the whole of what is stated of a thing afterwards, and not what differs: whoever
reads it needs to know nothing of before, and may read it twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from graph.feed.differences import Difference
from graph.feed.stated import derived, stated_lines, subject_of
from graph.identity import Identity
from graph.store import Store
from graph.store.subjects import SubjectStore
from graph.terms import n3

Action = Literal["Create", "Update", "Delete"]


@dataclass(frozen=True, slots=True)
class EntityChange:
    """What happened to a thing, and the lines of N-Quads that are about it now, in order."""

    subject: str
    action: Action
    lines: tuple[bytes, ...] = ()


def snapshot(store: Store, identity: Identity) -> Iterator[EntityChange]:
    """Give everything that a release states as things made, in the order of their IRIs."""
    import polars as pl  # noqa: PLC0415  # it starts threads, and servers need none of them

    read = (
        pl.Series("line", b"".join(part).decode().split("\n")[:-1])
        for part in stated_lines(store, derived(identity))
    )
    lines = pl.concat([pl.Series("line", [], pl.String), *read]).to_frame()
    about = pl.col("line").str.extract(r"^<([^<>]*)>")
    grouped = (
        lines.with_columns(subject=about)
        .drop_nulls("subject")
        .sort("subject", "line")
        .group_by("subject", maintain_order=True)
        .agg("line")
    )
    for subject, found in grouped.iter_rows():
        yield EntityChange(subject, "Create", tuple(line.encode() for line in found))


def changes_of(found: Difference, after: SubjectStore, identity: Identity) -> list[EntityChange]:
    """Tell what a difference means for each thing, in the order of their IRIs.

    `after` is the store of the later release.
    """
    gone = Counter(map(subject_of, found.removed))
    new = Counter(map(subject_of, found.added))
    changes = []
    for subject in sorted({*gone, *new}):
        lines = statements_about(after, identity, subject)
        if not lines:
            changes.append(EntityChange(subject, "Delete"))
        elif not gone[subject] and len(lines) == new[subject]:
            changes.append(EntityChange(subject, "Create", lines))
        else:
            changes.append(EntityChange(subject, "Update", lines))
    return changes


def statements_about(store: SubjectStore, identity: Identity, subject: str) -> tuple[bytes, ...]:
    """Give what is stated of a thing as lines of canonical N-Quads, in order."""
    made = derived(identity)
    quads = (quad for quad in store.about(subject) if quad[3].value not in made)
    return tuple(sorted((" ".join(map(n3, quad)) + " .").encode() for quad in quads))
