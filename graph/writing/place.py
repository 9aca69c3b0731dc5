"""Where the writer of a home is found: a private folder with its socket and its lock."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = "run"
SOCKET = "writer.sock"
LOCK = "writer.lock"  # held by the writer as long as it lives, and holds its process number
_LONGEST = 100  # bytes of the address of a socket; Linux takes 107, others fewer


def folder(home: Path) -> Path:
    """Give the private folder of a home's writer; make it if need be."""
    found = home / FOLDER
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    found.chmod(0o700)
    return found


@contextmanager
def address(home: Path) -> Iterator[str]:
    """Give the address of the writer's socket, for as long as it takes to bind or connect.

    The address of a socket is short by definition, and the path of a home may not be.
    """
    path = home / FOLDER / SOCKET
    if len(os.fsencode(path)) <= _LONGEST:
        yield str(path)
        return
    descriptor = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}/{path.name}"
    finally:
        os.close(descriptor)


def connected(home: Path) -> socket.socket | None:
    """Connect to the writer of a home; None if there is none that listens."""
    line = socket.socket(socket.AF_UNIX)
    try:
        with address(home) as where:
            line.connect(where)
    except OSError:
        line.close()
        return None
    return line
