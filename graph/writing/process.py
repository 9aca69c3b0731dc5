"""The process of the writer: takes writes from a socket, those that wait together as one group.

It ends when nobody has been connected for a while, and when a write takes longer than it may: it
is then killed by an alarm, since nothing else stops the engine, and the next write starts another.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue

from graph.errors import SikgError, StorageError, WriterError
from graph.release import Releases
from graph.writing import place
from graph.writing.requests import REQUEST_HEAD, Outcome, Write, encode_answer
from graph.writing.writer import Writer

_GROUP = 256  # writes that are published together at most
_LOOK = 1.0  # seconds between looks at whether anybody is connected
_LAST = 0.1  # seconds for who connected at the last moment
_STACK = 64 * 1024 * 1024  # bytes; the engine is recursive


@dataclass(slots=True)
class _Waiting:
    """A write and the place of its answer."""

    write: Write
    done: threading.Event = field(default_factory=threading.Event)
    answer: Outcome | SikgError | None = None


class Server:
    """Listens on a socket and lets one thread write."""

    def __init__(self, writer: Writer, *, idle: float, limit: float) -> None:
        self._writer = writer
        self._idle = idle
        self._limit = limit
        self._queue: Queue[_Waiting] = Queue()
        self._connected = 0
        self._lock = threading.Lock()

    @property
    def wanted(self) -> bool:
        """Tell whether anybody is connected."""
        return self._connected > 0

    def serve(self, listener: socket.socket) -> None:
        """Answer until nobody has been connected for the idle time."""
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        last = time.monotonic()
        while self.wanted or time.monotonic() - last < self._idle:
            group = self._gathered()
            if group:
                self._write(group)
            else:
                with suppress(SikgError):  # the next write will tell what is wrong
                    self._writer.let_go()
            if group or self.wanted:
                last = time.monotonic()

    def _gathered(self) -> list[_Waiting]:
        """Wait for a write, and take those with it that wait already."""
        try:
            group = [self._queue.get(timeout=_LOOK)]
        except Empty:
            return []
        with suppress(Empty):
            while len(group) < _GROUP:
                group.append(self._queue.get_nowait())
        return group

    def _write(self, group: list[_Waiting]) -> None:
        signal.setitimer(signal.ITIMER_REAL, self._limit)
        answers: list[Outcome | SikgError]
        try:
            answers = self._writer.write([item.write for item in group])
        except Exception as error:  # noqa: BLE001  # told to each client; the writer goes on
            sys.stderr.write(f"sikg writer: {type(error).__name__}: {error}\n")
            answers = [WriterError("the writer failed, and wrote nothing")] * len(group)
        signal.setitimer(signal.ITIMER_REAL, 0)
        for item, answer in zip(group, answers, strict=True):
            item.answer = answer
            item.done.set()
        with suppress(SikgError):  # the next write will tell what is wrong
            self._writer.tidy()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return  # closed
            with self._lock:
                self._connected += 1
            threading.Thread(target=self._answer, args=(line,), daemon=True).start()

    def _answer(self, line: socket.socket) -> None:
        try:
            with line, line.makefile("rb") as stream:
                while head := stream.read(REQUEST_HEAD.size):
                    length, size = REQUEST_HEAD.unpack(head)
                    waiting = _Waiting(Write.decode(stream.read(length), stream.read(size)))
                    self._queue.put(waiting)
                    waiting.done.wait()
                    if waiting.answer is not None:
                        line.sendall(encode_answer(waiting.answer))
        except (OSError, ValueError, TypeError):
            return  # the client has gone, in the middle of a request or before its answer
        finally:
            with self._lock:
                self._connected -= 1


def run(home: Path, *, keep: int, idle: float, limit: float) -> None:
    """Be the writer of a home, unless another process is; return when nobody needs one."""
    folder = place.folder(home)
    with (folder / place.LOCK).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # it outlives the terminal of a server
        threading.stack_size(_STACK)
        _clear(folder)
        writer = Writer(Releases(home, keep=keep), folder)
        with suppress(SikgError):  # told at the first write, when it is not mended before
            writer.open()
        server = Server(writer, idle=idle, limit=limit)
        while True:
            with socket.socket(socket.AF_UNIX) as listener:
                with place.address(home) as where:
                    listener.bind(where)
                listener.listen(128)
                server.serve(listener)
                (folder / place.SOCKET).unlink(missing_ok=True)
                time.sleep(_LAST)
            if not server.wanted:
                break
        _clear(folder)


def _clear(folder: Path) -> None:
    """Remove what another writer left, which cannot be alive: we hold the lock."""
    for item in folder.iterdir():
        if item.name == place.LOCK:
            continue
        if item.is_dir() and not item.is_symlink():
            shutil.rmtree(item, ignore_errors=True)
        else:
            item.unlink(missing_ok=True)


def main(arguments: list[str]) -> int:
    """Run the writer as the words of a command say: home, keep, idle and limit."""
    home, keep, idle, limit = arguments
    try:
        run(Path(home), keep=int(keep), idle=float(idle), limit=float(limit))
    except (OSError, StorageError) as error:
        sys.stderr.write(f"sikg writer: {error}\n")
        return 1
    return 0
