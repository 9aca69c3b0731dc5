"""Loading: statements go into the store while others are still being written.

The store sorts on its own threads, and what is stated is hashed beside it: large files by another
process, since hashing lines would hold up everything else that Python does here.
"""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Self

from graph.digest import Digest, digest_of_file
from graph.identity import Identity
from graph.lines import Lines
from graph.store.renewed import RenewedStore
from loaders.building.stock import Made, Stock
from loaders.printing import place_of, write_prints
from loaders.statements import Written

_LARGE = 20_000_000  # bytes of a file that are worth a process


class Loading:
    """A store that is being filled with all statements, and what its stock is to say of them."""

    def __init__(self, store: RenewedStore, stock: Stock, identity: Identity) -> None:
        self.store = store
        self.stock = stock
        self.receipts = identity.graph("receipts")
        self._loader = ThreadPoolExecutor(1)
        self._beside = ThreadPoolExecutor(1)
        self._apart: ProcessPoolExecutor | None = None
        self._prints: dict[str, list[Future[Path]]] = defaultdict(list)
        self._hashes: dict[str, list[Future[str]]] = defaultdict(list)
        self._made: dict[str, Made] = {}
        self._written: dict[str, tuple[Written, str]] = {}
        self._settled: Future[None] | None = None

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

    def digest(self) -> str:
        """Give the digest of all that is stated; it is known when all is loaded."""
        digest = Digest()
        for made in self._made.values():
            digest.add(Digest(made.digest))
        return digest.hexdigest()

    def take(self, name: str, stated: Path, merged: Path, *, keep: bool = False) -> None:
        """Load and hash files of a source that are whole; then remove them unless told to keep."""
        hashed = self._hasher(stated).submit(digest_of_file, stated)
        self._hashes[name].append(hashed)
        taken = self._loader.submit(self._take, name, (stated, merged), hashed, keep=keep)
        self._prints[name].append(taken)

    def end(self, written: Written, key: str = "") -> None:
        """Take note of what a source made in all, and of what."""
        self._written[written.name] = written, key

    def take_all(self, written: Written) -> None:
        """Load and hash the files of what was written at once, which are counted from later."""
        for stated, merged in zip(written.stated, written.merged, strict=True):
            write_prints(stated, self.receipts)
            self.take(written.name, stated, merged, keep=True)
        self.end(written)

    def wait(self, lines: Lines) -> None:
        """Wait until all is loaded, and can be read; what went wrong is raised here.

        `lines` are those of all sources. The files of the store are merged from then on, until
        `settle` is called. Waiting again does nothing.
        """
        if self._settled is not None:
            return
        for name, (written, key) in self._written.items():
            self._made[name] = self._told(written, key)
        self.stock = self.stock.holding(self._made)
        self._finish(lines)
        self._settled = self._loader.submit(self._settle)

    def settle(self) -> None:
        """Wait until what was loaded is merged and in stock; before that nobody may write."""
        if self._settled is not None:
            self._settled.result()

    def _settle(self) -> None:
        self._order()
        self.store.checkpoint(self.stock.store)

    def _told(self, written: Written, key: str) -> Made:
        """Wait for what was made of a source."""
        prints = [found.result().name for found in self._prints[written.name]]
        digest = Digest()
        for hashed in self._hashes[written.name]:
            digest.add(Digest(hashed.result()))
        return Made(
            key=key,
            statements=written.statements,
            digest=digest.hexdigest(),
            merged=tuple(path.name for path in written.lines.merged),
            stated=tuple(path.name for path in written.lines.stated),
            prints=tuple(prints),
        )

    def _finish(self, lines: Lines) -> None:
        """Bring the store to the state of its sources, when all files are loaded."""
        del lines  # whatever they hold is in the store

    def _order(self) -> None:
        """Merge the files of the store, which others may read meanwhile."""
        self.store.optimise()

    def _take(
        self, name: str, files: tuple[Path, Path], hashed: Future[str], *, keep: bool
    ) -> Path:
        prints = place_of(files[0])
        self._load(name, *files, prints)
        if not keep:  # a million rows make 16 GB, which need not all reach the disk
            hashed.result()
            for file in files:
                file.unlink()
        return prints

    def _load(self, name: str, stated: Path, merged: Path, prints: Path) -> None:
        del name, prints  # all is new
        for file in (stated, merged):
            self.store.load_statements(file)

    def _hasher(self, file: Path) -> Executor:
        if file.stat().st_size < _LARGE:
            return self._beside
        if self._apart is None:
            # Not forked: the threads of the store would be missing there.
            self._apart = ProcessPoolExecutor(1, get_context("spawn"))
        return self._apart
