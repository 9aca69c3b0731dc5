"""Answers: work on the served release, done in threads and remembered.

The event loop only hands over: whatever touches a store runs in one of a few threads, and no
more work is taken than can wait.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Lock, Thread
from typing import IO, Any, Final, TypeVar

from api.errors import BusyError
from api.metrics import Metrics
from api.settings import Settings
from graph.dataset import Current, Dataset
from graph.errors import SikgError
from graph.listing import count_kinds

_T = TypeVar("_T")

_OVERHEAD: Final = 1000  # bytes that a remembered answer takes beside its body


class Served(Current):
    """Follows the served release, and counts its entities once."""

    _counted: tuple[Dataset, Mapping[str, int]] | None = None

    def counts(self, dataset: Dataset) -> Mapping[str, int]:
        """Count the entities of each kind, once a release."""
        if self._counted is None or self._counted[0] is not dataset:
            self._counted = dataset, count_kinds(dataset.store, dataset.identity)
        return self._counted[1]


@dataclass(frozen=True, slots=True)
class Answer:
    """A response for one release: its status, headers and body.

    It can be given again unless its body is in a file, which whoever sends it closes.
    """

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    etag: str | None = None
    file: IO[bytes] | None = None


def options(allow: str, headers: str, more: tuple[tuple[bytes, bytes], ...] = ()) -> Answer:
    """Answer OPTIONS: which methods are allowed, and which headers pages of others may send."""
    shared = (
        (b"access-control-allow-origin", b"*"),
        (b"access-control-allow-methods", allow.encode()),
        (b"access-control-allow-headers", headers.encode()),
        (b"access-control-max-age", b"86400"),
    )
    return Answer(204, ((b"allow", allow.encode()), *more, *shared), b"")


class Memory:
    """Remembers answers up to a number of bytes; those used longest ago go first."""

    def __init__(self, limit: int, metrics: Metrics | None = None) -> None:
        self.limit = limit
        self._metrics = Metrics() if metrics is None else metrics
        self.size = 0
        self._answers: OrderedDict[Hashable, tuple[int, Answer]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Answer | None:
        """Give a remembered answer."""
        with self._lock:
            found = self._answers.get(key)
            self._metrics.count("cache_misses" if found is None else "cache_hits")
            if found is None:
                return None
            self._answers.move_to_end(key)
            return found[1]

    def find(self, key: Hashable) -> Answer | None:
        """Give a remembered answer, and count that it was; it is looked for elsewhere, too."""
        with self._lock:
            found = self._answers.get(key)
            if found is None:
                return None
            self._metrics.count("cache_hits")
            self._answers.move_to_end(key)
            return found[1]

    def put(self, key: Hashable, answer: Answer, weight: int) -> None:
        """Remember an answer, unless it alone would take an eighth of the memory.

        `weight` is the size of the key in bytes.
        """
        weight += len(answer.body) + _OVERHEAD
        if weight > self.limit // 8 or answer.file is not None:
            return
        with self._lock:
            self.size += weight - self._answers.pop(key, (0, answer))[0]
            self._answers[key] = weight, answer
            while self.size > self.limit:
                _, (freed, _) = self._answers.popitem(last=False)
                self.size -= freed
            self._metrics.gauge("cache_bytes", self.size)
            self._metrics.gauge("cache_answers", len(self._answers))


_Job = tuple[asyncio.Future[Any], Callable[[], Any]]


class Threads:
    """A few threads that do work for an event loop.

    Less than an executor of the standard library: no second future for each piece of work, which
    took a fifth of the time of a point lookup.
    """

    def __init__(self, number: int) -> None:
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._threads = [
            Thread(target=self._work, name=f"query-{place}", daemon=True) for place in range(number)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, work: Callable[[], _T]) -> asyncio.Future[_T]:
        """Let a thread do the work; the future belongs to the running loop."""
        future: asyncio.Future[_T] = asyncio.get_running_loop().create_future()
        self._jobs.put((future, work))
        return future

    def close(self) -> None:
        """Let the threads end after the work that waits."""
        for _ in self._threads:
            self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            future, work = job
            if future.cancelled():
                continue
            result, error = None, None
            try:
                result = work()
            except Exception as caught:  # noqa: BLE001  # told where it is waited for
                error = _without_frames(caught)
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                future.get_loop().call_soon_threadsafe(_tell, future, result, error)
            # Nothing of one piece of work is kept alive until the next.
            del job, future, work, result, error


def _without_frames(error: Exception) -> Exception:
    """Take the tracebacks from an error that a user caused.

    They hold on to results of the engine, which no other thread may let go of.
    """
    told: BaseException | None = error
    while told is not None and isinstance(error, SikgError):
        told.__traceback__ = None
        told = told.__cause__ or told.__context__
    return error


def _tell(future: asyncio.Future[Any], result: object, error: Exception | None) -> None:
    if future.cancelled():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)


class Answers:
    """Makes answers in threads, a bounded number at once."""

    def __init__(self, served: Served, settings: Settings, metrics: Metrics | None = None) -> None:
        self.served = served
        self.memory = Memory(settings.cache_bytes, metrics)
        self._most = settings.threads + settings.queue
        self._under_way = 0
        self._threads = Threads(settings.threads)

    async def dataset(self) -> Dataset:
        """Give the served dataset; opens a new release in a thread."""
        opened = self.served.opened()
        return await self.run(self.served.dataset) if opened is None else opened

    async def dataset_of(self, number: int | None) -> Dataset:
        """Give the dataset of a kept release, by default the served one."""
        if number is None:
            return await self.dataset()
        return await self.run(lambda: self.served.of(number))

    async def run(self, work: Callable[[], _T]) -> _T:
        """Do work in a thread; BusyError if too much waits already."""
        if self._under_way >= self._most:
            raise BusyError(f"{self._under_way} queries are under way or waiting already")
        self._under_way += 1
        try:
            return await self._threads.submit(work)
        finally:
            self._under_way -= 1

    def close(self) -> None:
        """Let go of the threads."""
        self.served.close()
        self._threads.close()
