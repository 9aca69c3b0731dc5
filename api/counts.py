"""Numbers of one process that all processes of the server can read and add up.

Each process writes to a file of its own in a shared folder, mapped to memory: adding to a number
costs as much as adding to an element of an array, and no process waits for another. The file
lives longer than its process, so that a counter never goes back when a process ends; the next
process that starts takes the file over and counts on.
"""

from __future__ import annotations

import fcntl
import mmap
import os
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

_DOUBLE = 8  # bytes of one number


@dataclass(frozen=True, slots=True)
class Part:
    """The numbers of one process, and whether it still runs."""

    numbers: Sequence[float]
    alive: bool


class Counts:
    """The numbers of this process, shared with the others through a folder if there is one.

    Meant for one thread: adding to a number reads it first.
    """

    def __init__(self, layout: str, size: int, folder: Path | None) -> None:
        """Take a file in the folder; `layout` names what the `size` numbers mean."""
        self.folder = folder
        self._layout = layout
        self._bytes = size * _DOUBLE
        self._path: Path | None = None
        if folder is None:
            mapped = mmap.mmap(-1, self._bytes)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            self._path, mapped = self._take(folder)
        self.numbers = memoryview(mapped).cast("d")

    def parts(self) -> list[Part]:
        """Give the numbers of every process, this one first, ended ones included."""
        own = Part(self.numbers.tolist(), alive=True)
        if self.folder is None:
            return [own]
        others = sorted(self.folder.glob(f"{self._layout}-*.counts"))
        return [own, *(part for path in others if (part := self._read(path)) is not None)]

    def _take(self, folder: Path) -> tuple[Path, mmap.mmap]:
        for place in count():
            path = folder / f"{self._layout}-{place}.counts"
            opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.ftruncate(opened, self._bytes)
                # The map keeps the file open, and with it the lock, as long as it lives.
                return path, mmap.mmap(opened, self._bytes)
            except BlockingIOError:
                continue
            finally:
                os.close(opened)
        raise AssertionError  # pragma: no cover  # the loop has no end

    def _read(self, path: Path) -> Part | None:
        """Read the numbers of another process; None for our own, or for a file just made."""
        if path == self._path:
            return None
        try:
            opened = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        try:
            numbers = array("d", os.pread(opened, self._bytes, 0))
            return (
                Part(numbers, _is_held(opened)) if len(numbers) * _DOUBLE == self._bytes else None
            )
        finally:
            os.close(opened)


def _is_held(opened: int) -> bool:
    """Tell whether a process holds the file: its lock goes with the process."""
    try:
        fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
