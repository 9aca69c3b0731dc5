"""Retention: which earlier releases go when a new one is published.

Beside the number that is kept, two rules hold on every build. A release to which a takedown was
not applied is removed, since it may tell what was taken down. And where a number of days is given,
a release that is older is removed. The served release always stays. A feed of changes to which a
takedown was not applied ends with all that it told.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from graph.errors import NotFoundError, StorageError
from graph.feed.recording import forget_taken
from graph.release import Releases
from graph.takedowns import Applied, Takedowns


def retire(releases: Releases, taken: Takedowns, days: int | None = None) -> list[int]:
    """Remove what may not be kept; give the numbers of what was removed."""
    wanted = {item.mark for item in taken.entries}
    forget_taken(releases, wanted)
    oldest = None if days is None else datetime.now(UTC) - timedelta(days=days)
    current = releases.current_number()
    gone = []
    for number in releases.numbers():
        if number == current:
            continue
        with suppress(NotFoundError):  # removed meanwhile
            if _is_kept(releases, number, wanted, oldest):
                continue
            releases.remove(number)
            gone.append(number)
    return gone


def _is_kept(releases: Releases, number: int, wanted: set[str], oldest: datetime | None) -> bool:
    try:
        release = releases.get(number)
    except StorageError:
        return not wanted and oldest is None  # damaged: it says neither what it holds nor its age
    if not wanted <= Applied.read(release.path).marks:
        return False
    return oldest is None or release.manifest.created >= oldest
