"""Shrinking: a source that lost half of its rows overnight is more likely broken than small.

The rows that would load are held against those of the served release, before anything is loaded.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from graph.errors import NoReleaseError, NotFoundError, ShrunkError, StorageError
from graph.release import Manifest, Releases
from loaders.building.check import Checked

FEWEST = 4  # rows before: of fewer, one that is taken away by hand may be half


def served(releases: Releases) -> Manifest | None:
    """Give the manifest of the served release; None where there is none to compare with."""
    try:
        return releases.current().manifest
    except (NoReleaseError, NotFoundError, StorageError):
        return None


def refuse_shrunk(
    sources: Sequence[Checked], before: Manifest | None, allowed: Collection[str] = ()
) -> None:
    """Stop a build in which a source has half as many rows as before, or fewer.

    ShrunkError names the source, both numbers and how to allow it. Sources in `allowed`, and
    those whose mapping says `expect: {shrink: allowed}`, may shrink.
    """
    if before is None:
        return
    earlier = {entry.name: entry for entry in before.sources}
    for source in sources:
        name, expect = source.mapping.name, source.mapping.expect
        entry = earlier.get(name)
        if entry is None or name in allowed or expect.shrink == "allowed":
            continue
        for what, was, now in (
            ("has", entry.rows_read, source.table.rows_read),
            ("would load", entry.rows_loaded, len(source.good)),
        ):
            if _shrunk(was, now):
                raise ShrunkError(
                    f"{name}: {source.table.path.name} {what} {now:,} rows, in release "
                    f"{before.number} it was {was:,}: a source that loses half of its rows is "
                    "more often broken than true. Look at the table; if it is right, build with "
                    f"--allow-shrink {name}, or say expect: {{shrink: allowed}} in "
                    f"{source.mapping.path}"
                )


def _shrunk(was: int, now: int) -> bool:
    return 2 * now <= was and (was >= FEWEST or (now == 0 and was > 0))
