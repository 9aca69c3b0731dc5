"""The journal: who wrote what when, one line of JSON a write, only ever added to."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError

from graph.errors import NotFoundError, StorageError, disk_error
from graph.release import EditEntry, Releases

NAME = "audit.jsonl"


class Journal:
    """The journal of one home.

    The manifest of a release holds the entries of its own writes, so that none is lost where a
    process ends between publishing and writing here.
    """

    def __init__(self, home: Path) -> None:
        self.path = home / NAME

    def read(self) -> Iterator[EditEntry]:
        """Give all entries, the oldest first; what a crash left of a line is passed over."""
        try:
            with self.path.open("rb") as file:
                for line in file:
                    try:
                        yield EditEntry.model_validate_json(line)
                    except ValidationError:
                        continue
        except FileNotFoundError:
            return
        except OSError as error:
            raise disk_error(self.path, error) from error

    def append(self, entries: Iterable[EditEntry]) -> None:
        """Add entries, durably; StorageError if the disk refuses."""
        text = "".join(entry.model_dump_json() + "\n" for entry in entries)
        if not text:
            return
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "r+b", buffering=0) as file:
                size = os.fstat(descriptor).st_size
                whole = size == 0 or os.pread(descriptor, 1, size - 1) == b"\n"
                file.write(("" if whole else "\n").encode() + text.encode())
                os.fsync(descriptor)
        except OSError as error:
            raise disk_error(self.path, error) from error

    def catch_up(self, releases: Releases) -> None:
        """Add what kept releases tell of writes and this does not."""
        known = {(entry.release, entry.when, entry.sha256) for entry in self.read()}
        missing: list[EditEntry] = []
        for number in releases.numbers():
            try:
                edits = releases.get(number).manifest.edits
            except (NotFoundError, StorageError):
                continue  # removed meanwhile, or damaged: whoever serves it will say so
            missing += [
                entry for entry in edits if (entry.release, entry.when, entry.sha256) not in known
            ]
        self.append(missing)
