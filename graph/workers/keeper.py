"""Keepers: processes that fork others, and end them.

They run no query and hold no thread, so that a fork gets a process in a known state.
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from marshal import loads
from pathlib import Path
from typing import NoReturn

from graph.errors import SikgError
from graph.store import Store
from graph.workers.channel import Channel
from graph.workers.messages import framed
from graph.workers.rival import by_second, second_folder
from graph.workers.worker import by_store, work

STORE, SECOND = "store", "second"  # the engines of workers
_GRACE = 2.0  # seconds that a root keeper without clients waits for the next


class Root:
    """The root keeper: hands clients to the keeper of the release that they name."""

    def __init__(self, listener: socket.socket, spool: Path) -> None:
        self._listener = listener
        self._spool = spool
        self._selector = selectors.DefaultSelector()
        self._keepers: dict[tuple[str, bool], Channel] = {}
        self._clients: set[Channel] = set()

    def run(self) -> None:
        """Serve until no client has been connected for a moment."""
        self._selector.register(self._listener, selectors.EVENT_READ)
        while self._clients or self._selector.select(_GRACE):
            for key, _ in self._selector.select():
                if key.fileobj is self._listener:
                    self._accept()
                else:
                    self._read(key.data)

    def _accept(self) -> None:
        client = Channel(self._listener.accept()[0])
        self._clients.add(client)
        self._selector.register(client, selectors.EVENT_READ, client)

    def _read(self, client: Channel) -> None:
        if not client.read():
            self._selector.unregister(client)
            self._clients.discard(client)
            client.close()
            return
        while (message := client.next()) is not None:
            path, in_memory = loads(message)  # noqa: S302  # of our own process
            descriptor = client.descriptor()
            self._hand_over((path, in_memory), descriptor)
            os.close(descriptor)
        _reap()

    def _hand_over(self, key: tuple[str, bool], descriptor: int) -> None:
        order = framed(("client",))
        for _ in range(2):
            keeper = self._keepers.get(key) or self._start(key, descriptor)
            try:
                keeper.send(order, (descriptor,))
            except ConnectionError:  # it has ended, having had no clients
                self._keepers.pop(key).close()
            else:
                return

    def _start(self, key: tuple[str, bool], descriptor: int) -> Channel:
        ours, theirs = socket.socketpair()
        if os.fork() == 0:
            # Whatever this process holds of others must end with them, not with it.
            self._selector.close()
            os.close(descriptor)
            for held in (self._listener, ours):
                held.close()
            for channel in (*self._clients, *self._keepers.values()):
                channel.close()
            _run(Keeper(Channel(theirs), Path(key[0]), self._spool, in_memory=key[1]).run)
        theirs.close()
        self._keepers[key] = Channel(ours)
        return self._keepers[key]


@dataclass(frozen=True, slots=True)
class _Worker:
    """A forked worker and who asked for it."""

    pid: int
    client: Channel


class Keeper:
    """The keeper of one release: forks workers over it for its clients.

    Orders: `(fork, engine, memory)` with the socket of the new worker, and for a worker that the
    client asked for `(signal, pid, number)` and `(nice, pid, value)`. Told are `(ready,)` or
    `(failed, reason)`, `(forked, pid)` in the order of the orders, and `(ended, pid, status)`.
    """

    def __init__(self, root: Channel, path: Path, spool: Path, *, in_memory: bool) -> None:
        self._root = root
        self._path = path
        self._spool = spool
        self._in_memory = in_memory
        self._store: Store | None = None
        self._selector = selectors.DefaultSelector()
        self._workers: dict[int, _Worker] = {}
        self._clients: set[Channel] = set()
        self._ready = framed(("ready",))
        self._failed = False

    def run(self) -> None:
        """Serve until the last client, or the root, has gone."""
        waker, woken = socket.socketpair()
        for end in (waker, woken):
            end.settimeout(0)
        signal.set_wakeup_fd(woken.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._open()
        self._selector.register(self._root, selectors.EVENT_READ, self._meet)
        self._selector.register(waker, selectors.EVENT_READ, lambda: self._bury(waker))
        met = False
        while self._clients or not met:
            for key, _ in self._selector.select():
                key.data()
            met = met or bool(self._clients)
            if met and self._failed:
                break  # the next one tries anew
        self._kill_all()

    def _open(self) -> None:
        try:
            if self._in_memory:
                self._store = Store.open_read_only(self._path).copied_to_memory()
            else:
                Store.open_read_only(self._path)  # so that a damaged one is told at once
        except SikgError as error:
            self._ready = framed(("failed", type(error).__name__, str(error)))
            self._failed = True
        gc.collect()
        gc.freeze()  # or the collector would write to every page that workers share

    def _meet(self) -> None:
        if not self._root.read():
            self._kill_all()
            os._exit(0)
        while self._root.next() is not None:
            client = Channel(socket.socket(fileno=self._root.descriptor()))
            self._clients.add(client)
            self._selector.register(
                client, selectors.EVENT_READ, lambda who=client: self._obey(who)
            )
            self._tell(client, self._ready)

    def _obey(self, client: Channel) -> None:
        if not client.read():
            self._part(client)
            return
        while (message := client.next()) is not None:
            match loads(message):  # noqa: S302  # of our own process
                case ("fork", str(engine), int(memory)):
                    self._fork(client, client.descriptor(), engine, memory)
                case ("signal", int(pid), int(number)) if self._owns(client, pid):
                    os.kill(pid, number)
                case ("nice", int(pid), int(value)) if self._owns(client, pid):
                    with suppress(OSError):
                        os.setpriority(os.PRIO_PROCESS, pid, value)

    def _owns(self, client: Channel, pid: int) -> bool:
        worker = self._workers.get(pid)
        return worker is not None and worker.client is client

    def _part(self, client: Channel) -> None:
        self._selector.unregister(client)
        self._clients.discard(client)
        client.close()
        for worker in self._workers.values():
            if worker.client is client:
                os.kill(worker.pid, signal.SIGKILL)

    def _fork(self, client: Channel, descriptor: int, engine: str, memory: int) -> None:
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self._selector.close()
            for held in (self._root, *self._clients):
                held.close()
            channel = Channel(socket.socket(fileno=descriptor))
            _run(lambda: self._work(channel, engine, memory))
        os.close(descriptor)
        self._workers[pid] = _Worker(pid, client)
        self._tell(client, framed(("forked", pid)))

    def _work(self, channel: Channel, engine: str, memory: int) -> None:
        folder = second_folder(self._path) if engine == SECOND else None
        if folder is None:
            evaluate = by_store(self._store or Store.open_read_only(self._path))
        else:
            evaluate = by_second(folder)
        work(channel, evaluate, folder=self._spool, memory=memory)

    def _bury(self, waker: socket.socket) -> None:
        with suppress(BlockingIOError):
            while waker.recv(1024):
                pass
        for pid, status in _reap():
            worker = self._workers.pop(pid, None)
            if worker is not None and worker.client in self._clients:
                self._tell(worker.client, framed(("ended", pid, status)))

    def _tell(self, client: Channel, message: bytes) -> None:
        with suppress(ConnectionError):  # its end is read soon
            client.send(message)

    def _kill_all(self) -> None:
        for pid in self._workers:
            os.kill(pid, signal.SIGKILL)


def _reap() -> list[tuple[int, int]]:
    """Give the processes that have ended, with their wait status."""
    ended = []
    with suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            ended.append(found)
    return ended


def _run(main: Callable[[], None]) -> NoReturn:
    """Run a forked process to its end, never returning into its parent's code."""
    status = 1
    try:
        main()
        status = 0
    except KeyboardInterrupt:
        status = 0
    except BaseException as error:  # noqa: BLE001  # its last words
        sys.stderr.write(f"sikg worker: {type(error).__name__}: {error}\n")
    finally:
        os._exit(status)
