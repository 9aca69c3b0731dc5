"""Cache: what was fetched, kept by its content, and for each address what is known of it.

`files/{sha256}/{name}` holds the contents, `known/{sha256 of the address}.json` the latest copy of
each address. All may be deleted at any time; it is then fetched again.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ConfigDict, ValidationError

from graph.errors import disk_error

_CHUNK = 1 << 20
_LONGEST_NAME = 120


class Copy(BaseModel):
    """The latest copy of what an address gave, with what its server said of it."""

    model_config = ConfigDict(frozen=True)

    address: str
    name: str
    sha256: str
    fetched: datetime
    checked: datetime
    etag: str | None = None
    modified: str | None = None


class Cache:
    """The copies under one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, address: str) -> Copy | None:
        """Give the latest copy of an address, if there is an undamaged one."""
        try:
            copy = Copy.model_validate_json(self._record(address).read_bytes())
        except (OSError, ValidationError):
            return None
        return copy if copy.address == address and self.holds(copy.sha256, copy.name) else None

    def holds(self, sha256: str, name: str) -> bool:
        """Tell whether a content is there, and still what it was."""
        try:
            with self.path(sha256, name).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except OSError:
            return False

    def path(self, sha256: str, name: str) -> Path:
        """Give where a content is kept, under a name that keeps the suffix of the file."""
        return self._folder / "files" / sha256 / _plain(name)

    def remember(self, copy: Copy) -> Copy:
        """Take a copy as the latest of its address, and give what is then known of it.

        It was fetched when its content first came, however often it came since.
        """
        known = self.find(copy.address)
        if known is not None and known.sha256 == copy.sha256:
            copy = copy.model_copy(update={"fetched": known.fetched})
        record = self._record(copy.address)
        with self.writing() as file:
            file.write(copy.model_dump_json(indent=1).encode())
            _move(file, record)
        return copy

    @contextmanager
    def writing(self) -> Iterator[IO[bytes]]:
        """Open a new file in the cache, which is deleted if nobody keeps it."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            file = tempfile.NamedTemporaryFile(  # noqa: SIM115  # closed below, moved before
                dir=self._folder, prefix="new-", delete=False
            )
        except OSError as error:
            raise disk_error(self._folder, error) from error
        try:
            yield file
        finally:
            file.close()
            Path(file.name).unlink(missing_ok=True)

    def keep(self, file: IO[bytes], sha256: str, name: str) -> Path:
        """Keep a written file by its content."""
        place = self.path(sha256, name)
        _move(file, place)
        return place

    def _record(self, address: str) -> Path:
        return self._folder / "known" / f"{hashlib.sha256(address.encode()).hexdigest()}.json"


def _move(file: IO[bytes], place: Path) -> None:
    try:
        file.flush()
        os.fsync(file.fileno())
        place.parent.mkdir(parents=True, exist_ok=True)
        Path(file.name).replace(place)
    except OSError as error:
        raise disk_error(place, error) from error


def _plain(name: str) -> str:
    """Give a name that leads nowhere else and that every file system takes."""
    kept = "".join(c if c.isalnum() or c in "._-" else "_" for c in Path(name).name)
    return kept.lstrip(".")[-_LONGEST_NAME:] or "table"
