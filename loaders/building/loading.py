"""Loading: files of statements go into the store while others are still being written.

The store sorts on its own threads, and what is stated is hashed beside it: large files by another
process, since hashing lines would hold up everything else that Python does here.
"""

from __future__ import annotations

from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Self

from graph.digest import Digest, digest_of_file
from graph.store.writing import WritableStore
from loaders.statements import Written

_LARGE = 20_000_000  # bytes of a file that are worth a process


class Loading:
    """A store that is being filled, and the digest of what goes into it."""

    def __init__(self, path: Path) -> None:
        self.store = WritableStore.create(path)
        self._loader = ThreadPoolExecutor(1)
        self._beside = ThreadPoolExecutor(1)
        self._apart: ProcessPoolExecutor | None = None
        self._loads: list[Future[None]] = []
        self._hashes: list[Future[str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for executor in (self._loader, self._beside, self._apart):
            if executor is not None:
                executor.shutdown(cancel_futures=True)

    def take(self, stated: Path, merged: Path, *, keep: bool = False) -> None:
        """Load and hash files that are whole, and remove them then unless they are to be kept."""
        hashed = self._hasher(stated).submit(digest_of_file, stated)
        self._hashes.append(hashed)
        self._loads.append(self._loader.submit(self._load, (stated, merged), hashed, keep=keep))

    def take_all(self, written: Written) -> None:
        """Load and hash the files of what was written at once, which are counted from later."""
        for stated, merged in zip(written.stated, written.merged, strict=True):
            self.take(stated, merged, keep=True)

    def wait(self) -> None:
        """Wait until all is loaded; what went wrong there is raised here."""
        for load in self._loads:
            load.result()
        self._loads.clear()
        self.store.optimise()

    def digest(self) -> str:
        """Wait for the digest of all that is stated."""
        digest = Digest()
        for hashed in self._hashes:
            digest.add(Digest(hashed.result()))
        return digest.hexdigest()

    def _load(self, files: tuple[Path, ...], hashed: Future[str], *, keep: bool) -> None:
        for file in files:
            self.store.load_statements(file)
        if not keep:  # a million rows make 16 GB, which need not all reach the disk
            hashed.result()
            for file in files:
                file.unlink()

    def _hasher(self, file: Path) -> Executor:
        if file.stat().st_size < _LARGE:
            return self._beside
        if self._apart is None:
            # Not forked: the threads of the store would be missing there.
            self._apart = ProcessPoolExecutor(1, get_context("spawn"))
        return self._apart
