"""Recording: the feed brought up to the served release, by whoever needs it and finds it behind.

Nothing is recorded while a release is published, which others wait for. What changed is found by
comparing the served release with the one that the feed leads up to, whichever way it came to be
served: built, edited or rolled back to.
"""

from __future__ import annotations

import fcntl
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from graph.digest import Digest
from graph.errors import StorageError, disk_error
from graph.feed.changes import EntityChange, changes_of, snapshot
from graph.feed.differences import Difference, compared, difference
from graph.feed.log import FULL, Head, Log, PageEntry
from graph.feed.members import member_lines, page_lines, subjects_on
from graph.feed.news import news_of
from graph.feed.stated import derived
from graph.release import Release, Releases
from graph.store.subjects import SubjectStore
from graph.takedowns import Applied
from graph.writing.journal import Journal

_LONGEST = 4_000_000  # changes of a feed, after which a new one begins


def record(releases: Releases) -> Head:
    """Bring the feed up to the served release and give its head; NoReleaseError without one.

    While another process does so, the feed is given as it is, if there is one.
    """
    log = Log(releases.home)
    release, head = releases.current(), log.head()
    if head is not None and _is_current(head, release):
        return head
    with _recording(log.folder, wait=head is None) as mine:
        if not mine and head is not None:
            return head
        return _recorded(releases, log, releases.current(), log.head())


def forget_taken(releases: Releases, marks: Iterable[str]) -> bool:
    """Remove a feed to which a takedown was not applied; tell whether there was one."""
    log = Log(releases.home)
    head = log.head()
    if head is not None and set(marks) <= set(head.marks):
        return False
    there = log.folder.exists()
    if there:
        log.forget()
    return there


def _is_current(head: Head, release: Release) -> bool:
    manifest = release.manifest
    return (head.release, head.digest, head.base) == (
        manifest.number,
        manifest.digest,
        manifest.base,
    )


def _recorded(releases: Releases, log: Log, release: Release, head: Head | None) -> Head:
    if head is not None and _is_current(head, release):
        return head
    after = SubjectStore.open_read_only(release.store_path)
    before = None if head is None or not _goes_on(head, release) else _opened(log.base)
    if head is None or before is None:
        begun = _begun(release)
        changes: Iterable[EntityChange] = snapshot(after, release.identity)
        made = _appended(log, begun, changes, release.manifest.created)
    else:
        found = _difference(releases, head, release, (before, after))
        listed = changes_of(found, after, release.identity)
        begun = _following(head, release)
        when = max(head.last, release.manifest.created)
        told = news_of(listed, (before, after), release.identity, release.number, when)
        news = log.add_news(head, (item.model_dump_json() for item in told))
        made = _appended(log, begun.model_copy(update={"news": news}), listed, when)
    log.write_head(made, head)
    log.remember(release.store_path)
    return made


def _goes_on(head: Head, release: Release) -> bool:
    """Tell whether the feed may go on: under the same base, no takedown since, and not too long."""
    marks = tuple(sorted(Applied.read(release.path).marks))
    known = head.base == release.manifest.base and set(marks) <= set(head.marks)
    return known and head.changes < _LONGEST


def _opened(path: Path) -> SubjectStore | None:
    try:
        return SubjectStore.open_read_only(path)
    except StorageError:
        return None


def _begun(release: Release) -> Head:
    manifest = release.manifest
    return Head(
        epoch=secrets.token_hex(6),
        base=manifest.base,
        release=manifest.number,
        built=manifest.built or manifest.number,
        digest=manifest.digest,
        marks=tuple(sorted(Applied.read(release.path).marks)),
        began=manifest.created,
    )


def _following(head: Head, release: Release) -> Head:
    manifest = release.manifest
    return head.model_copy(
        update={
            "release": manifest.number,
            "built": manifest.built or manifest.number,
            "digest": manifest.digest,
        }
    )


def _difference(
    releases: Releases, head: Head, release: Release, stores: tuple[SubjectStore, SubjectStore]
) -> Difference:
    """Compare the graphs that were written to, and all if that does not explain the digest."""
    before, after = stores
    touched = _touched(releases, head, release)
    if touched:
        found = difference(before, after, sorted(touched))
        digest = Digest(head.digest)
        digest.add_lines(found.added)
        digest.remove_lines(found.removed)
        if digest.hexdigest() == release.manifest.digest:
            return found
    return compared(before, after, derived(release.identity))


def _touched(releases: Releases, head: Head, release: Release) -> set[str]:
    """Name the graphs that were written to since; none where it was not only writing."""
    manifest = release.manifest
    if not manifest.edits or manifest.built != head.built or release.number < head.release:
        return set()
    entries = [*Journal(releases.home).read(), *manifest.edits]
    since = (entry for entry in entries if head.release < entry.release <= release.number)
    return {graph for entry in since for graph in entry.graphs} | {
        release.identity.graph("receipts")
    }


def _appended(log: Log, head: Head, changes: Iterable[EntityChange], when: datetime) -> Head:
    """Write changes to the open page and to new ones."""
    writer = _Pages(log, head, when)
    for change in changes:
        writer.add(change)
    return head.model_copy(update={"pages": tuple(writer.end())})


class _Pages:
    """Writes changes of one moment, page after page; the last page stays open if there is room."""

    def __init__(self, log: Log, head: Head, when: datetime) -> None:
        self._log, self._head, self._when = log, head, when
        self._pages = list(head.pages)
        self._lines: list[bytes] = []
        self._count, self._first = 0, when
        self._told: set[str] = set()
        if self._pages and not self._pages[-1].closed:
            number = len(self._pages)
            itself = f"<{head.page_address(number)}> ".encode()
            lines = log.lines(head, number)
            self._lines = [line for line in lines if not line.startswith(itself)]
            self._told = subjects_on(self._lines)
            going = self._pages.pop()
            self._count, self._first = going.changes, going.first

    def add(self, change: EntityChange) -> None:
        """Write one change, on a new page if this one is full or tells of the same thing."""
        if self._count == FULL or change.subject in self._told:
            self._write(closed=True)
        self._count += 1
        self._told.add(change.subject)
        number = len(self._pages) + 1
        self._lines += member_lines(self._head, number, self._count, change, self._when)

    def end(self) -> list[PageEntry]:
        """Write the last page and give the entries of all."""
        if self._count:
            self._write(closed=self._count == FULL)
        return self._pages

    def _write(self, *, closed: bool) -> None:
        number = len(self._pages) + 1
        lines = [*page_lines(self._head, number, closed=closed), *self._lines]
        count = None if closed else self._count
        self._pages.append(
            PageEntry(
                file=self._log.write_page(self._head.epoch, number, lines, count),
                changes=self._count,
                first=self._first,
                last=self._when,
                closed=closed,
            )
        )
        self._lines, self._told = [], set()
        self._count, self._first = 0, self._when


@contextmanager
def _recording(folder: Path, *, wait: bool) -> Iterator[bool]:
    """Hold the lock of the feed; give False where another process holds it and nobody waits."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    except OSError as error:
        raise disk_error(folder, error) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
