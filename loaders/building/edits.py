"""Edits by hand, brought from the served release into the one that is being built."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from graph.digest import Digest
from graph.errors import NoReleaseError, NotFoundError, StorageError
from graph.identities.redirects import Redirects
from graph.identity import Identity
from graph.reconciling.making import FOLDER as RECONCILING
from graph.reconciling.making import follow
from graph.release import Release, Releases
from graph.search import SearchIndex
from graph.store.writing import Change, WritableStore
from graph.takedowns import Takedowns
from graph.writing.as_written import AsWritten
from graph.writing.edits import Edits, Tally, carry, has_edits
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
        redirects: Redirects | None = None,
    ) -> None:
        self._releases = releases
        self._withheld = withheld(taken or Takedowns())
        self.dropped = 0  # statements that name what was taken down
        canonical = (redirects or Redirects()).addresses(identity)
        self._edits = Edits(store, identity, Tally(Digest(), 0, 0), AsWritten(canonical))
        self._taken: int | None = None
        self._counted = 0  # statements of edits when the draft was counted

    def waiting(self) -> bool:
        """Tell whether the served release has edits."""
        release = self._source()
        if release is None:
            return False
        source = WritableStore.open_read_only(release.store_path)
        if has_edits(source, release.identity):
            return True
        self._taken = release.number
        return False

    def bring(self) -> bool:
        """Bring the edits of the served release into the store; tell whether that was needed."""
        release = self._source()
        if release is None or release.number == self._taken:
            return False
        source = WritableStore.open_read_only(release.store_path)
        written = AsWritten.read(release.path, release.identity)
        self.dropped = carry(source, release.identity, self._edits, self._withheld, written)
        changed = any(change != Change() for change in self._edits.done)
        self._edits.keep()
        self._taken = release.number
        return changed

    def keep_written(self, folder: Path) -> None:
        """Write what people wrote of merged things, as they did, into the folder of a draft."""
        self._edits.as_written.write(folder, self._edits.store.has)

    def index(self, folder: Path) -> None:
        """Bring the names of the edits into the indices of names made before."""
        store, identity, renamed = self._edits.store, self._edits.identity, self._edits.renamed
        if renamed:
            earlier = folder.with_name("search.before")
            folder.rename(earlier)
            names = names_of(store, identity, renamed)
            SearchIndex.follow(folder, earlier, names)
            follow(folder.with_name(RECONCILING), identity, names)
            shutil.rmtree(earlier)
        renamed.clear()

    def take_as_counted(self) -> None:
        """Take the names as indexed, and the statements as counted."""
        self._edits.renamed.clear()
        self._counted = self._edits.tally.statements

    def total(self, statements: int, stated: str) -> Tally:
        """Add the edits since then to a number of statements, and all to what sources state.

        `stated` is the digest of the latter; quads are not counted.
        """
        tally, digest = self._edits.tally, Digest(stated)
        digest.add(tally.digest)
        return Tally(digest, statements + tally.statements - self._counted, 0)

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
