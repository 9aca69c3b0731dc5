"""Edits by hand, brought from the served release into the one that is being built."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from graph.digest import Digest
from graph.errors import NoReleaseError, NotFoundError, StorageError
from graph.identity import Identity
from graph.release import Release, Releases
from graph.search import SearchIndex
from graph.store.writing import WritableStore
from graph.takedowns import Takedowns
from graph.writing.edits import Edits, Tally, carry
from graph.writing.names import names_of
from graph.writing.withheld import withheld


class Carried:
    """The edits in the store of a build: as they were when it began, and as they are at its end."""

    def __init__(
        self,
        releases: Releases,
        store: WritableStore,
        identity: Identity,
        taken: Takedowns | None = None,
    ) -> None:
        self._releases = releases
        self._withheld = withheld(taken or Takedowns())
        self.dropped = 0  # statements that name what was taken down
        self._edits = Edits(store, identity, Tally(Digest(), 0, 0))
        self._taken: int | None = None

    def bring(self) -> bool:
        """Bring the edits of the served release into the store; tell whether that was needed."""
        release = self._source()
        if release is None or release.number == self._taken:
            return False
        source = WritableStore.open_read_only(release.store_path)
        self.dropped = carry(source, release.identity, self._edits, self._withheld)
        self._edits.keep()
        self._taken = release.number
        return True

    def index(self, folder: Path) -> None:
        """Bring the names of the edits into a search index made before."""
        store, identity, renamed = self._edits.store, self._edits.identity, self._edits.renamed
        if renamed:
            earlier = folder.with_name("search.before")
            folder.rename(earlier)
            SearchIndex.follow(folder, earlier, names_of(store, identity, renamed))
            shutil.rmtree(earlier)
        renamed.clear()

    def forget_names(self) -> None:
        """Take the names as indexed."""
        self._edits.renamed.clear()

    def digest(self, stated: str) -> str:
        """Add the edits to the digest of what the sources state."""
        digest = Digest(stated)
        digest.add(self._edits.tally.digest)
        return digest.hexdigest()

    def _source(self) -> Release | None:
        """Give the served release, or the last that can be read where that one is damaged."""
        try:
            return self._releases.current()
        except NoReleaseError:
            return None
        except (NotFoundError, StorageError):
            return next(self._readable(), None)

    def _readable(self) -> Iterator[Release]:
        for number in reversed(self._releases.numbers()):
            try:
                yield self._releases.get(number)
            except (NotFoundError, StorageError):
                continue
