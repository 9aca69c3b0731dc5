"""What a build withdraws: things that the release served before tells of, and this one does not.

Why something is gone is not known here. So that no tombstone tells of somebody who was taken down
or hidden, a change of the list of takedowns forgets all tombstones, and what may be a person's name
never gets one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from graph.errors import NoReleaseError, NotFoundError, StorageError
from graph.identities.redirects import Redirects
from graph.identity import Reference
from graph.release import Release, Releases
from graph.takedowns import Applied, Takedowns
from graph.withdrawn import Last, Withdrawn, named
from loaders.privacy.persons import Judge

_THINGS = Path("facts", "thing.parquet")
_LABELS = Path("facts", "label.parquet")


def withdraw(releases: Releases, folder: Path, taken: Takedowns) -> Withdrawn:
    """Compare a finished draft with the release served before, and add to what that withdrew.

    What is told of again or merged with another thing is not withdrawn.
    """
    before = _served(releases)
    if before is None or {item.mark for item in taken.entries} != Applied.read(before.path).marks:
        return Withdrawn()
    things = set(_things(folder))
    merged = Redirects.read(folder).targets
    last = Last(before.number, before.manifest.created.date(), datetime.now(UTC).date())
    gone = [item for item in _things(before.path) if item not in things and item not in merged]
    earlier = Withdrawn.read(before.path).things
    kept = {
        thing: told
        for thing, told in earlier.items()
        if thing not in things and thing not in merged
    }
    return Withdrawn({**dict.fromkeys(_of_nobody(before, gone), last), **kept})


def _of_nobody(before: Release, things: Collection[str]) -> Iterator[str]:
    """Leave out things of which a name, or what stands in their address, may name a person."""
    if not things:
        return
    judge = Judge()
    names = _names(before.path)
    for thing in things:
        key = thing.partition("/")[2].replace("-", " ")
        if not any(judge.is_person(name) for name in (key, *names.get(thing, ()))):
            yield thing


def _served(releases: Releases) -> Release | None:
    try:
        return releases.current()
    except (NoReleaseError, NotFoundError, StorageError):
        return None


def _things(folder: Path) -> list[str]:
    """Name the things of a release by kind and encoded key; none where it has no facts."""
    path = folder / _THINGS
    if not path.is_file():
        return []
    rows = pl.read_parquet(path, columns=["kind", "key"]).iter_rows()
    return [named(Reference(kind, key)) for kind, key in rows if kind and key is not None]


def _names(folder: Path) -> dict[str, list[str]]:
    """Give the names of the things of a release."""
    things = pl.read_parquet(folder / _THINGS, columns=["id", "kind", "key"])
    labels = pl.read_parquet(folder / _LABELS, columns=["subject", "value"])
    found: dict[str, list[str]] = {}
    joined = things.join(labels, left_on="id", right_on="subject").drop_nulls()
    for _, kind, key, value in joined.iter_rows():
        found.setdefault(named(Reference(kind, key)), []).append(value)
    return found
