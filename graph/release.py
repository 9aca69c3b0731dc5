"""Releases: immutable numbered folders, and the atomic switch from one to the next.

    {home}/releases/000007/   manifest.json, report.json, store/, search/, facts/ …
    {home}/current            the number of the served release, replaced by one rename
    {home}/draft-…/           a build under way, or what a killed one left behind
    {home}/lock               held by the one process that builds
    {home}/publish            held while a release is numbered and published
    {home}/switch             held for the moment in which `current` is replaced

A reader sees a release whole or not at all: a draft is renamed into place only when complete,
and `current` is replaced only after that.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from graph.errors import BuildError, NoReleaseError, NotFoundError, StorageError, disk_error
from graph.identity import Identity

DEFAULT_KEEP = 5
STOCK = "stock"  # the folder of what the next build may take over

_NUMBER = re.compile(r"[0-9]{1,18}")


class SourceEntry(BaseModel):
    """What a manifest says of one source."""

    model_config = ConfigDict(frozen=True)

    name: str
    title: str
    publisher: str
    licence: str
    file: str
    sha256: str
    mapping_version: str
    rows_read: int
    rows_loaded: int
    rows_quarantined: int


class EditEntry(BaseModel):
    """What a manifest says of one write: by whom, when, how, to which graphs and how much.

    `sha256` is that of what was sent.
    """

    model_config = ConfigDict(frozen=True)

    when: datetime
    writer: str
    request: str
    operation: str
    graphs: tuple[str, ...]
    inserted: int
    removed: int
    sha256: str
    release: int
    violations: int = 0


class Manifest(BaseModel):
    """What a release is: its number, content and origin.

    `digest` is that of all statements with a receipt, the ontology and the receipts (the
    entailed and merged ones follow from them); `statements` counts the merged default graph.
    A release made by writing names in `built` the build that it goes back to, whose report and
    tables of facts it shares, and in `edits` the writes by which it differs from the one before.
    """

    model_config = ConfigDict(frozen=True)

    number: int
    created: datetime
    base: str
    digest: str
    statements: int
    quads: int
    conforms: bool
    software: str
    ontology: str
    sources: tuple[SourceEntry, ...]
    built: int | None = None
    edits: tuple[EditEntry, ...] = ()

    @field_validator("base")
    @classmethod
    def _is_base(cls, value: str) -> str:
        return Identity(value).base


@dataclass(frozen=True, slots=True)
class Release:
    """A published release in its folder."""

    path: Path
    manifest: Manifest

    @property
    def number(self) -> int:
        """Give the number of the release."""
        return self.manifest.number

    @property
    def identity(self) -> Identity:
        """Give the identity under whose base the release was built."""
        return Identity(self.manifest.base)

    @property
    def store_path(self) -> Path:
        """Name the folder of the read-only store."""
        return self.path / "store"

    @property
    def search_path(self) -> Path:
        """Name the folder of the search index."""
        return self.path / "search"

    @property
    def facts_path(self) -> Path:
        """Name the folder of the fact tables."""
        return self.path / "facts"

    @property
    def built_path(self) -> Path:
        """Give the folder of the build that edits made this of, which may be gone; else its own."""
        built = self.manifest.built
        return self.path if built is None else self.path.with_name(_named(built))

    @property
    def report_path(self) -> Path:
        """Name the file of the build report."""
        return self.path / "report.json"

    @classmethod
    def read(cls, path: Path) -> Release:
        """Read the manifest of a release folder.

        NotFoundError if there is none, StorageError if it is damaged.
        """
        try:
            content = (path / "manifest.json").read_bytes()
            return cls(path, Manifest.model_validate_json(content))
        except FileNotFoundError as error:
            raise NotFoundError(f"there is no release in {path}") from error
        except OSError as error:
            raise disk_error(path, error) from error
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"])) or "the whole"
            raise StorageError(
                f"the manifest of the release in {path} is damaged ({place}: {first['msg']}): "
                "roll back to another release, or build again"
            ) from error


class Releases:
    """The releases under one home folder."""

    def __init__(self, home: Path, *, keep: int = DEFAULT_KEEP) -> None:
        self.home = home
        self._folder = home / "releases"
        self._pointer = home / "current"
        self._keep = max(keep, 1)

    def numbers(self) -> list[int]:
        """Give the numbers of all kept releases, in order."""
        if not self._folder.is_dir():
            return []
        return sorted(
            int(item.name)
            for item in self._folder.iterdir()
            if _NUMBER.fullmatch(item.name) and item.is_dir()
        )

    def all(self) -> list[Release]:
        """Give all kept releases, in order."""
        return [self.get(number) for number in self.numbers()]

    def get(self, number: int) -> Release:
        """Give one release; NotFoundError if it is not kept."""
        path = self._path(number)
        if not path.is_dir():
            kept = ", ".join(map(str, self.numbers())) or "none"
            raise NotFoundError(f"release {number} is not kept here (kept: {kept})")
        return Release.read(path)

    def current_number(self) -> int | None:
        """Give the number of the served release; None before the first.

        StorageError if the file that names it is damaged.
        """
        try:
            content = self._pointer.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise disk_error(self._pointer, error) from error
        if not _NUMBER.fullmatch(content.strip().decode("latin-1")):
            raise StorageError(
                f"{self._pointer} is damaged and names no release: "
                "run sikg rollback with the number of one"
            )
        return int(content)

    def current(self) -> Release:
        """Give the served release; NoReleaseError before the first build."""
        number = self.current_number()
        if number is None:
            raise NoReleaseError(f"nothing has been built in {self.home} yet: run sikg build")
        return self.get(number)

    def next_number(self) -> int:
        """Give the number that the next release will have."""
        try:
            served = self.current_number() or 0
        except StorageError:
            served = 0  # the folders tell the numbers, too
        return max([*self.numbers(), served]) + 1

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """Hold the build lock and give an empty folder on the same disk, removed afterwards.

        Leftovers of killed builds are removed first. BuildError if another build is running,
        StorageError if the disk refuses.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = (self.home / "lock").open("w")
        except OSError as error:
            raise disk_error(self.home, error) from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise BuildError(
                    f"another build is running in {self.home}; wait for it to end"
                ) from error
            except OSError as error:
                raise disk_error(self.home / "lock", error) from error
            for leftover in self.home.glob("draft-*"):
                shutil.rmtree(leftover, ignore_errors=True)
            folder = self.home
            try:
                folder = Path(tempfile.mkdtemp(prefix="draft-", dir=self.home))
                yield folder
            except OSError as error:
                raise disk_error(folder, error) from error
            finally:
                if folder != self.home:
                    shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def publishing(self) -> Iterator[None]:
        """Hold the lock under which releases are numbered and published, one after the other.

        Whoever publishes looks under it for what was published meanwhile.
        """
        with self._locked("publish"):
            yield

    def publish(self, folder: Path, manifest: Manifest, *, prune: bool = True) -> Release:
        """Move a finished draft into place, serve it, and remove what is beyond the last kept."""
        target = self._path(manifest.number)
        try:
            (folder / "manifest.json").write_text(
                manifest.model_dump_json(indent=2) + "\n", encoding="utf-8"
            )
            _sync_tree(folder)
            folder.rename(target)
            _sync(self._folder)
            with self._switching():
                self._serve(manifest.number)
        except OSError as error:
            self._withdraw(manifest.number)
            raise disk_error(folder, error) from error
        if prune:
            self.prune()
        return Release.read(target)

    def prune(self) -> None:
        """Remove what is beyond the last builds and the last edits that are kept."""
        with self._switching():
            current = self.current_number()
            kept: dict[bool, int] = {}
            for number in reversed(self.numbers()):
                edited = self._is_edited(number)
                kept[edited] = kept.get(edited, 0) + 1
                if kept[edited] > self._keep and number != current:
                    self._remove(number)

    def remove(self, number: int) -> None:
        """Remove a release for good, unless it is the served one."""
        with self._switching():
            if number != self.current_number():
                self._remove(number)

    def _is_edited(self, number: int) -> bool:
        try:
            return self.get(number).manifest.built is not None
        except (NotFoundError, StorageError):
            return False  # a damaged release is kept as long as a build would be

    def rollback(self, number: int | None = None) -> Release:
        """Serve a kept release again: the given one, or the one before the current.

        NotFoundError if it is not kept. A damaged release is not served.
        """
        with self.publishing(), self._switching():
            if number is None:
                current = self.current_number()
                earlier = [kept for kept in self.numbers() if kept < (current or 0)]
                if not earlier:
                    raise NotFoundError(f"no release before {current or 'the first'} is kept")
                number = earlier[-1]
            release = self.get(number)
            try:
                self._serve(number)
            except OSError as error:
                raise disk_error(self._pointer, error) from error
        return release

    @contextmanager
    def _switching(self) -> Iterator[None]:
        # So that no release is removed between its choice by a rollback and its service.
        with self._locked("switch"):
            yield

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            lock = (self.home / name).open("w")
        except OSError as error:
            raise disk_error(self.home, error) from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _serve(self, number: int) -> None:
        new = self.home / "current.new"
        with new.open("w", encoding="ascii") as file:
            file.write(f"{number}\n")
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._pointer)
        _sync(self.home)

    def _withdraw(self, number: int) -> None:
        # A release that could not be served would stay for nothing, on a disk that is full.
        with suppress(StorageError):  # the file that names the release was damaged before
            if self.current_number() != number:
                self._remove(number)

    def _remove(self, number: int) -> None:
        # Moved out of sight first, so that nobody opens half of it. Readers that have it open
        # keep their files until they let go of them; what a crash leaves, the next build removes.
        path = self._path(number)
        gone = self.home / f"draft-removed-{number}"
        try:
            path.rename(gone)
        except OSError:
            gone = path
        shutil.rmtree(gone, ignore_errors=True)

    def _path(self, number: int) -> Path:
        return self._folder / _named(number)


def _named(number: int) -> str:
    return f"{number:06d}"


def _sync_tree(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some file systems cannot synchronise a folder; a disk that is full says so in other words.
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(descriptor)
