"""A replica: what one peer states, as far as its feed was read.

    {home}/peers/{name}/peer.json        how far the feed was read; replaced by one rename
    {home}/peers/{name}/store-{epoch}/   everything the peer states, as it was read
    {home}/peers/{name}/statements.nq    what of it is published here, once all was read

Changes are applied before they count, and may be applied twice: a process that is killed goes on
where the last page ended.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from graph.digest import Digest
from graph.errors import BuildError, NotFoundError, StorageError, disk_error
from graph.feed.stated import stated_lines
from graph.replicas.admission import Admission
from graph.store.subjects import SubjectStore

FOLDER = "peers"
STATEMENTS = "statements.nq"
_STATE = "peer.json"
Kind = Literal["node", "stream"]

_PLAIN = re.compile(r"[^a-z0-9]+")


class Progress(BaseModel):
    """How far the feed of a peer was read.

    A peer is a node of this kind, or the stream of somebody else, whose address is its `base` then,
    and which may speak of what begins with any of `own`. `page` is the page that was read last,
    `place` how many of its changes were applied, and `last` when the latest of them happened.
    `release`, `digest` and `converged` are of the last time when everything had been read; `aside`
    counts what was not published, by reason.
    """

    model_config = ConfigDict(frozen=True)

    url: str
    kind: Kind = "node"
    base: str = ""
    own: tuple[str, ...] = ()
    epoch: str = ""
    page: int = 0
    place: int = 0
    closed: bool = False
    last: datetime | None = None
    release: int = 0
    digest: str = ""
    converged: datetime | None = None
    statements: int = 0
    published: int = 0
    aside: dict[str, int] = {}

    @property
    def feed(self) -> str:
        """Give the address of what is read."""
        return f"{self.url}feed" if self.kind == "node" else self.url

    def whole(self, gathered: Gathered, release: int = 0) -> Progress:
        """Give the progress at the moment when everything has been read."""
        return self.model_copy(update={"release": release, "converged": now(), **asdict(gathered)})


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a replica holds: digest and number of all statements, and how many are published."""

    digest: str
    statements: int
    published: int
    aside: dict[str, int]


class Replica:
    """The replica of one peer in one home."""

    def __init__(self, home: Path, url: str) -> None:
        self.folder = home / FOLDER / name_of(url)
        self._url = url

    def progress(self) -> Progress:
        """Tell how far the feed was read; StorageError if the file that says so is damaged."""
        return read_progress(self.folder) or Progress(url=self._url)

    def save(self, progress: Progress) -> None:
        """Let what was applied count from now on."""
        part = self.folder / f"{_STATE}.part"
        try:
            with part.open("w", encoding="utf-8") as file:
                file.write(progress.model_dump_json(indent=1) + "\n")
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.folder / _STATE)
        except OSError as error:
            raise disk_error(part, error) from error

    def store(self, epoch: str, *, anew: bool = False) -> SubjectStore:
        """Open what was read of a feed; `anew` begins with nothing."""
        path = self.folder / f"store-{epoch}"
        if anew:
            shutil.rmtree(path, ignore_errors=True)
        return SubjectStore.open(path)

    def gather(
        self, store: SubjectStore, admission: Admission, left_out: Collection[str] = ()
    ) -> Gathered:
        """Write what builds are to publish beside what they do, and count and digest everything.

        Some graphs are left out of all that.
        """
        digest, count, published = Digest(), 0, 0
        part = self.folder / f"{STATEMENTS}.part"
        try:
            with part.open("wb") as file:
                for lines in stated_lines(store, left_out):
                    digest.add_lines(lines)
                    admitted = admission.admitted(lines)
                    count += len(lines)
                    published += len(admitted)
                    file.writelines(admitted)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise disk_error(part, error) from error
        aside = {str(reason): number for reason, number in admission.aside.items()}
        return Gathered(digest.hexdigest(), count, published, aside)

    def publish(self, progress: Progress) -> Progress:
        """Let builds publish what was gathered, and give the progress, which counts from now on."""
        part = self.folder / f"{STATEMENTS}.part"
        try:
            part.replace(self.folder / STATEMENTS)
        except OSError as error:
            raise disk_error(part, error) from error
        self.save(progress)
        return progress

    def tidy(self, epoch: str) -> None:
        """Remove what was read of feeds that ended."""
        for path in self.folder.glob("store-*"):
            if path.name != f"store-{epoch}":
                shutil.rmtree(path, ignore_errors=True)

    def forget(self) -> None:
        """Remove the replica; the next build publishes nothing of it."""
        if not self.folder.is_dir():
            raise NotFoundError(f"{self._url} is not followed here")
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock of the replica; BuildError if another process follows the same peer."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / "lock").open("w")
        except OSError as error:
            raise disk_error(self.folder, error) from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise BuildError(f"{self._url} is being followed already; wait for it") from error
            yield


def name_of(url: str) -> str:
    """Give the name of a peer's folder: its address in small letters and figures."""
    return _PLAIN.sub("-", url.partition("://")[2].lower()).strip("-") or "peer"


def read_progress(folder: Path) -> Progress | None:
    """Read how far a peer was followed; None where it never was."""
    path = folder / _STATE
    try:
        return Progress.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise disk_error(path, error) from error
    except ValidationError as error:
        raise StorageError(f"{path} is damaged: remove its folder and follow anew") from error


def peers(home: Path) -> list[tuple[Path, Progress]]:
    """Give the folders of all peers that are followed, and how far."""
    found = []
    for folder in sorted((home / FOLDER).glob("*")):
        progress = read_progress(folder) if folder.is_dir() else None
        if progress is not None:
            found.append((folder, progress))
    return found


def now() -> datetime:
    """Give the time, in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)
