"""What the processes of one server are given before they start."""

from __future__ import annotations

import fcntl
import os
import resource
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_FOLDER = "SIKG_METRICS_FOLDER"
_PREFIX, _LOCK = "sikg-metrics-", "lock"
# The engine asks for many small pieces of memory for each query and gives them back together:
# more of them than the C library keeps at hand, unless it is told to.
_TUNABLES, _AT_HAND = "GLIBC_TUNABLES", "glibc.malloc.tcache_count=500"


def allow_connections() -> None:
    """Let this process and those it starts open as many files as the system allows at all."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def keep_memory_at_hand() -> None:
    """Let the processes that are started from now on reuse small pieces of memory at once."""
    os.environ.setdefault(_TUNABLES, _AT_HAND)


@contextmanager
def metrics_folder() -> Iterator[None]:
    """Give the processes a folder in which they add up their metrics, unless one is set."""
    if _FOLDER in os.environ:
        yield
        return
    _clear()
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as folder, _held(Path(folder)):
        os.environ[_FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[_FOLDER]


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold a folder, so that the next server does not take it for one of a server that is gone."""
    with (folder / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _clear() -> None:
    """Remove the folders of servers that were killed: a lock ends with its process."""
    for lock in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/{_LOCK}"):
        with suppress(OSError), lock.open() as held:  # of another user, or gone by now
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(lock.parent)
