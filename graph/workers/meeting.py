"""Where the processes of one service meet: a socket that only its user can reach."""

from __future__ import annotations

import fcntl
import os
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from graph.errors import StorageError
from graph.workers.channel import Channel


def connect_to_keeper(home: Path) -> Channel:
    """Connect to the root keeper of a home folder; starts it if it does not run.

    StorageError if it cannot be started.
    """
    address = meeting_place(home, "keeper")
    return Channel(connect(address, [sys.executable, "-m", "graph.workers", str(address), spool()]))


def spool() -> str:
    """Give the folder of files without name."""
    return tempfile.gettempdir()


def meeting_place(home: Path, name: str) -> Path:
    """Give the address of a socket for a home folder and a purpose, in a private folder.

    Programs of another version or installation meet elsewhere. StorageError if the folder
    belongs to somebody else.
    """
    # Not in the home folder: the path of a socket has at most 107 bytes.
    folder = Path(tempfile.gettempdir()) / f"sikg-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if (
        not stat.S_ISDIR(status.st_mode)
        or status.st_uid != os.getuid()
        or stat.S_IMODE(status.st_mode) & 0o077
    ):
        raise StorageError(
            f"{folder} is not ours alone: remove it, or set TMPDIR to another folder"
        )
    of = (
        str(home.resolve()),
        sys.executable,
        str(Path(__file__)),
        version("social-innovation-knowledge-graph"),
    )
    return folder / f"{sha256(chr(0).join(of).encode()).hexdigest()[:20]}.{name}"


def connect(address: Path, program: Sequence[str]) -> socket.socket:
    """Connect to a socket; where nobody listens, start the program that does (see `listen`)."""
    found = _try(address)
    if found is not None:
        return found
    with address.with_suffix(f"{address.suffix}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = _try(address)
        if found is not None:
            return found
        began = subprocess.run(  # noqa: S603  # ours
            program, stdin=subprocess.DEVNULL, start_new_session=True, check=False
        )
        found = _try(address)
        if found is None:
            raise StorageError(
                f"{' '.join(program[1:3])} did not start (it ended with {began.returncode}): see "
                "its messages"
            )
    return found


def listen(address: Path) -> socket.socket:
    """Listen at an address, and go on in a process of its own: who started this one may go on.

    For a program that `connect` starts.
    """
    address.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(address))
    listener.listen(64)
    if os.fork():
        os._exit(0)
    return listener


def _try(address: Path) -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(address))
    except (FileNotFoundError, ConnectionRefusedError):
        connection.close()
        return None
    return connection
