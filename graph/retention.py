"""Retention: which earlier releases go when a new one is published.

Beside the number that is kept, two rules hold on every build. A release to which a takedown was
not applied is removed, since it may tell what was taken down. And where a number of days is given,
a release that is older is removed. The served release always stays. A feed of changes to which a
takedown was not applied ends with all that it told. What readers proposed goes by the same rules:
with what it names, or so many days after it was decided; and a recording of another graph goes with
what it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from graph.corrections import Correction, Corrections
from graph.errors import NotFoundError, StorageError
from graph.federated.examples import forget_recordings
from graph.feed.recording import forget_taken
from graph.release import Releases
from graph.takedowns import Applied, Takedowns

_BETWEEN = re.compile(r"[\s\"<>@]+")
_LONGEST = 8  # words of a name


def retire(releases: Releases, taken: Takedowns, days: int | None = None) -> list[int]:
    """Remove what may not be kept; give the numbers of what was removed."""
    wanted = {item.mark for item in taken.entries}
    forget_taken(releases, wanted)
    oldest = None if days is None else datetime.now(UTC) - timedelta(days=days)
    Corrections(releases.home).forget(lambda item: _is_over(item, taken, oldest))
    forget_recordings(releases.home, lambda text: _names(text, taken))
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


def _is_over(correction: Correction, taken: Takedowns, oldest: datetime | None) -> bool:
    """Tell whether a correction names what was taken down, or was decided too long ago."""
    decided = correction.decided
    if oldest is not None and decided is not None and decided < oldest:
        return True
    texts = (correction.value, correction.instead, correction.reason, correction.source)
    return any(_names(text, taken) for text in (correction.about, *texts))


def _names(text: str, taken: Takedowns) -> bool:
    """Tell whether a text holds an address, a key or a name that was taken down."""
    gone = {*taken.iris, *(iri.partition("/id/")[2] for iri in taken.iris)}
    if not gone.isdisjoint(_BETWEEN.split(text)):
        return True
    return taken.has_names and any(map(taken.holds_name, _runs(text)))


def _runs(text: str) -> Iterator[str]:
    """Give what may be a name in a text: words that follow each other."""
    words = _BETWEEN.split(text)
    for begin in range(len(words)):
        for end in range(begin + 1, min(begin + _LONGEST, len(words)) + 1):
            yield " ".join(words[begin:end])
