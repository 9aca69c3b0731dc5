"""A release opened for reading: its store, its labels and its receipts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from graph.identity import Identity
from graph.release import Release, Releases
from graph.search import SearchIndex
from graph.store import Store


@dataclass(frozen=True, slots=True)
class Dataset:
    """What readers of one release share; it stays usable after a switch to the next."""

    release: Release
    store: Store
    search: SearchIndex

    @classmethod
    def open(cls, release: Release) -> Dataset:
        """Open the store and the index of a release for reading."""
        return cls(
            release, Store.open_read_only(release.store_path), SearchIndex.open(release.search_path)
        )

    @property
    def identity(self) -> Identity:
        """Give the identity under whose base the release was built."""
        return self.release.identity


class Current:
    """Follows the served release: reopens when the pointer has moved.

    Callers keep the dataset that they were given until their answer is done, so that a switch
    never changes an answer half way.
    """

    def __init__(self, home: Path) -> None:
        self.releases = Releases(home)
        self._pointer = home / "current"
        self._seen: tuple[int, int] | None = None
        self._dataset: Dataset | None = None

    def dataset(self) -> Dataset:
        """Give the dataset of the served release; NoReleaseError before the first build."""
        mark = self._mark()
        if self._dataset is None or mark != self._seen:
            self._dataset = Dataset.open(self.releases.current())
            self._seen = mark
        return self._dataset

    def _mark(self) -> tuple[int, int] | None:
        try:
            status = self._pointer.stat()
        except FileNotFoundError:
            return None
        return status.st_ino, status.st_mtime_ns
