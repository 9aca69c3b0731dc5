"""A release opened for reading: its store, its labels, its receipts and its facts."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Timer

from graph.errors import NotFoundError, SikgError, StorageError
from graph.facts.reading import Facts
from graph.identities.redirects import Redirects
from graph.identity import Identity
from graph.networks.reading import FOLDER as NETWORKS
from graph.networks.reading import Networks
from graph.reconciling.index import NameIndex
from graph.reconciling.making import FOLDER as RECONCILING
from graph.release import Release, Releases
from graph.search import SearchIndex
from graph.store import Store
from graph.withdrawn import Withdrawn


@dataclass(frozen=True, slots=True)
class Dataset:
    """What readers of one release share; it stays usable after a switch to the next."""

    release: Release
    store: Store
    search: SearchIndex
    facts: Facts
    redirects: Redirects = field(default_factory=Redirects)
    withdrawn: Withdrawn = field(default_factory=Withdrawn)
    networks: Networks = field(default_factory=Networks)
    names: NameIndex = field(default_factory=NameIndex)

    @classmethod
    def open(
        cls, release: Release, *, memory_quads: int = 0, before: Dataset | None = None
    ) -> Dataset:
        """Open the store and the index of a release for reading.

        A store of at most `memory_quads` is copied to memory, where answers come faster. The facts
        of the release that was open `before` are read on where they are the same.
        """
        store = Store.open_read_only(release.store_path)
        if release.manifest.quads <= memory_quads:
            store = store.copied_to_memory()
        folder = release.facts_path
        facts = Facts(folder) if before is None else before.facts.next(folder)
        search, redirects = SearchIndex.open(release.search_path), Redirects.read(release.path)
        networks = Networks(release.path / NETWORKS)
        withdrawn = Withdrawn.read(release.path)
        names = NameIndex(release.path / RECONCILING)
        return cls(release, store, search, facts, redirects, withdrawn, networks, names)

    @property
    def identity(self) -> Identity:
        """Give the identity under whose base the release was built."""
        return self.release.identity


_QUIET = 10.0  # seconds without a write after which a release is copied to memory
_EARLIER = 3  # releases beside the served one that are held open

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
        self._earlier: dict[int, Dataset] = {}
        self._later: Timer | None = None

    def close(self) -> None:
        """Copy nothing to memory any more."""
        if self._later is not None:
            self._later.cancel()

    def dataset(self) -> Dataset:
        """Give the dataset of the served release; NoReleaseError before the first build."""
        opened = self.opened()
        if opened is not None:
            return opened
        with self._opening:
            return self._open_current()

    def of(self, number: int) -> Dataset:
        """Give the dataset of a kept release; NotFoundError if it is not kept.

        The last few that were asked for stay open.
        """
        held = self._held
        if held is not None and held[1].release.number == number:
            return held[1]
        with self._opening:
            earlier = self._earlier.pop(number, None)
            if earlier is None or not earlier.release.path.is_dir():
                earlier = Dataset.open(self.releases.get(number))
            self._earlier[number] = earlier
            while len(self._earlier) > _EARLIER:
                self._earlier.pop(next(iter(self._earlier)))
        return earlier

    def opened(self) -> Dataset | None:
        """Give the dataset if the served release is open already, at the cost of one look."""
        held = self._held
        return held[1] if held is not None and held[0] == self._mark() else None

    @property
    def held(self) -> Dataset | None:
        """Give the dataset that was opened last, without looking whether it is served still."""
        return None if self._held is None else self._held[1]

    def _open_current(self) -> Dataset:
        while True:
            mark = self._mark()
            if self._held is not None and mark == self._held[0]:
                return self._held[1]
            try:
                release = self.releases.current()
                # Writes follow each other: a copy would be made for nothing, and waited for.
                copied = 0 if release.manifest.edits else self._memory_quads
                dataset = Dataset.open(release, memory_quads=copied, before=self.held)
            except (NotFoundError, StorageError):
                # It may have been replaced, and removed, while it was being opened.
                if mark == self._mark():
                    raise
                continue
            if mark is not None:
                self._held = (mark, dataset)
                if copied < self._memory_quads:
                    self._copy_later(mark, dataset)
            return dataset

    def _copy_later(self, mark: _Mark, dataset: Dataset) -> None:
        """Copy a release to memory when no other has followed it for a while."""

        def copy() -> None:
            release = dataset.release
            if self._held != (mark, dataset) or release.manifest.quads > self._memory_quads:
                return
            with suppress(SikgError):  # it has just been removed
                copied = Dataset.open(release, memory_quads=self._memory_quads, before=dataset)
                if self._held == (mark, dataset):
                    self._held = (mark, copied)

        self.close()
        self._later = Timer(_QUIET, copy)
        self._later.daemon = True
        self._later.start()

    def _mark(self) -> _Mark | None:
        try:
            status = self._pointer.stat()
        except FileNotFoundError:
            return None
        return status.st_ino, status.st_mtime_ns
