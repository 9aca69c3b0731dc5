"""A release opened for reading: its store, its labels and its receipts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from graph.errors import NotFoundError, StorageError
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
    def open(cls, release: Release, *, memory_quads: int = 0) -> Dataset:
        """Open the store and the index of a release for reading.

        A store of at most `memory_quads` is copied to memory, where answers come faster.
        """
        store = Store.open_read_only(release.store_path)
        if release.manifest.quads <= memory_quads:
            store = store.copied_to_memory()
        return cls(release, store, SearchIndex.open(release.search_path))

    @property
    def identity(self) -> Identity:
        """Give the identity under whose base the release was built."""
        return self.release.identity


# The identity of the file that names the served release.
_Mark = tuple[int, int]


class Current:
    """Follows the served release: reopens when the pointer has moved.

    Callers keep the dataset that they were given until their answer is done, so that a switch
    never changes an answer half way.
    """

    def __init__(self, home: Path, *, memory_quads: int = 0) -> None:
        self.releases = Releases(home)
        self._pointer = home / "current"
        self._memory_quads = memory_quads
        self._opening = Lock()
        # One value, so that no thread sees a mark beside the dataset of another.
        self._held: tuple[_Mark, Dataset] | None = None

    def dataset(self) -> Dataset:
        """Give the dataset of the served release; NoReleaseError before the first build."""
        opened = self.opened()
        if opened is not None:
            return opened
        with self._opening:
            return self._open_current()

    def opened(self) -> Dataset | None:
        """Give the dataset if the served release is open already, at the cost of one look."""
        held = self._held
        return held[1] if held is not None and held[0] == self._mark() else None

    def _open_current(self) -> Dataset:
        while True:
            mark = self._mark()
            if self._held is not None and mark == self._held[0]:
                return self._held[1]
            try:
                dataset = Dataset.open(self.releases.current(), memory_quads=self._memory_quads)
            except (NotFoundError, StorageError):
                # It may have been replaced, and removed, while it was being opened.
                if mark == self._mark():
                    raise
                continue
            if mark is not None:
                self._held = (mark, dataset)
            return dataset

    def _mark(self) -> _Mark | None:
        try:
            status = self._pointer.stat()
        except FileNotFoundError:
            return None
        return status.st_ino, status.st_mtime_ns
