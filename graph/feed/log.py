"""The log of a feed: its pages on disk, and the head that says how far they count.

    {home}/feed/head.json               what counts, replaced by one rename
    {home}/feed/{epoch}/000001.nq.gz    a full page, which never changes
    {home}/feed/{epoch}/000002-17.nq.gz the open page, written anew under another name as it grows
    {home}/feed/{epoch}/news.jsonl      the same for people, only ever added to
    {home}/feed/base/                   the store of the release that the pages lead up to

Pages are written before the head that counts them, so that a crash leaves nothing half told. An
epoch ends where the past may not be told any more: then the pages are removed, and a new feed
begins with everything that is stated.
"""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from graph.errors import NotFoundError, WithdrawnError, disk_error

FOLDER = "feed"
FULL = 1_000  # changes of a page
_LEVEL = 3  # of compression: whoever asks first waits for it


class PageEntry(BaseModel):
    """What the head says of a page: its file, its number of changes, and when they happened."""

    model_config = ConfigDict(frozen=True)

    file: str
    changes: int
    first: datetime
    last: datetime
    closed: bool


class Head(BaseModel):
    """How far a feed goes: to which release, with which digest, on which pages.

    `built` is the build that the release goes back to, `marks` are the takedowns applied to it,
    `news` is how many bytes of the news count, and `began` how the feed began.
    """

    model_config = ConfigDict(frozen=True)

    epoch: str
    base: str
    release: int
    built: int
    digest: str
    marks: tuple[str, ...]
    began: datetime
    pages: tuple[PageEntry, ...] = ()
    news: int = 0

    @property
    def changes(self) -> int:
        """Count the changes of all pages."""
        return sum(page.changes for page in self.pages)

    @property
    def last(self) -> datetime:
        """Give when the latest change happened."""
        return self.pages[-1].last if self.pages else self.began

    @property
    def address(self) -> str:
        """Give the address of the root of the feed."""
        return f"{self.base}feed"

    @property
    def stream(self) -> str:
        """Give the IRI of the stream of changes."""
        return f"{self.base}feed#stream"

    def page_address(self, number: int) -> str:
        """Give the address of a page, which is counted from 1."""
        return f"{self.base}feed/{self.epoch}/{number}"


class Log:
    """The feed of one home."""

    def __init__(self, home: Path) -> None:
        self.folder = home / FOLDER

    @property
    def base(self) -> Path:
        """Name the folder of the store that the pages lead up to."""
        return self.folder / "base"

    def head(self) -> Head | None:
        """Give the head; None where there is no feed yet, or only a damaged one."""
        path = self.folder / "head.json"
        try:
            return Head.model_validate_json(path.read_bytes())
        except (FileNotFoundError, ValidationError):
            return None
        except OSError as error:
            raise disk_error(path, error) from error

    def page(self, head: Head, epoch: str, number: int) -> bytes:
        """Give the packed lines of a page.

        WithdrawnError if the page is of a feed that ended, NotFoundError if it never was.
        """
        if epoch != head.epoch:
            raise WithdrawnError(
                f"this page was of the feed {epoch[:40]!r}, which has ended: what it told may not "
                f"be told any more, or is too long ago; begin anew at {head.address}"
            )
        if not 1 <= number <= len(head.pages):
            raise NotFoundError(f"the feed has {len(head.pages)} pages, and no page {number}")
        path = self.folder / epoch / head.pages[number - 1].file
        try:
            return path.read_bytes()
        except OSError as error:
            raise disk_error(path, error) from error

    def lines(self, head: Head, number: int) -> list[bytes]:
        """Give the lines of a page, unpacked."""
        return gzip.decompress(self.page(head, head.epoch, number)).splitlines(keepends=True)

    def write_page(
        self, epoch: str, number: int, lines: Sequence[bytes], changes: int | None
    ) -> str:
        """Write a page and give the name of its file, which no other page has had.

        `changes` is how many an open page holds, None for a full one.
        """
        name = f"{number:06d}{'' if changes is None else f'-{changes}'}.nq.gz"
        path = self.folder / epoch / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f"{name}.part")
            # Without a time in it, so that the same lines are the same bytes.
            part.write_bytes(gzip.compress(b"".join(lines), _LEVEL, mtime=0))
            part.replace(path)
        except OSError as error:
            raise disk_error(path, error) from error
        return name

    def write_head(self, head: Head, before: Head | None) -> None:
        """Let pages count from now on; those that counted before stay for who is reading them."""
        path = self.folder / "head.json"
        try:
            part = path.with_name("head.json.part")
            part.write_text(head.model_dump_json(indent=1) + "\n", encoding="utf-8")
            part.replace(path)
            self._tidy(head, before)
        except OSError as error:
            raise disk_error(path, error) from error

    def add_news(self, head: Head, lines: Iterable[str]) -> int:
        """Add news after those that count; give how many bytes count then."""
        path = self.folder / head.epoch / "news.jsonl"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab") as file:
                file.truncate(head.news)
                file.seek(head.news)
                file.writelines(f"{line}\n".encode() for line in lines)
                return file.tell()
        except OSError as error:
            raise disk_error(path, error) from error

    def news(self, head: Head) -> list[bytes]:
        """Give the lines of the news, the oldest first."""
        path = self.folder / head.epoch / "news.jsonl"
        try:
            with path.open("rb") as file:
                return file.read(head.news).splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise disk_error(path, error) from error

    def remember(self, store: Path) -> None:
        """Keep the store of a release by hard links, to compare the next one with."""
        made = self.folder / "base.part"
        try:
            shutil.rmtree(made, ignore_errors=True)
            made.mkdir(parents=True)
            for file in store.iterdir():
                (made / file.name).hardlink_to(file)
            shutil.rmtree(self.base, ignore_errors=True)
            made.rename(self.base)
        except OSError as error:
            raise disk_error(made, error) from error

    def forget(self) -> None:
        """Remove the feed with all that it told."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _tidy(self, head: Head, before: Head | None) -> None:
        """Remove earlier states of the open page, and the pages of earlier epochs."""
        counted = (*head.pages, *(before.pages if before else ()))
        kept = {entry.file for entry in counted} | {"news.jsonl"}
        for folder in self.folder.iterdir():
            if not folder.is_dir() or folder.name.startswith("base"):
                continue
            if folder.name != head.epoch:
                shutil.rmtree(folder, ignore_errors=True)
                continue
            for file in folder.iterdir():
                if file.name not in kept:
                    file.unlink(missing_ok=True)
