"""Queries on their way to a worker and back, and how a worker runs."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import IO, Final

from graph.errors import EngineError, MemoryLimitError
from graph.results import Cut
from graph.workers.channel import Channel

_OF_PROCESS: Final = 2  # the kind of clock that counts the time scheduled (Linux, posix-timers.h)


class Lane(Enum):
    """How a worker runs; a rival runs beside another, with the second engine."""

    QUICK = "quick"
    SLOW = "slow"
    STOPPED = "stopped"
    RIVAL = "rival"


@dataclass(frozen=True, slots=True)
class Result:
    """What a query gave: bytes, or a file of `size` bytes that the taker closes."""

    format: str
    size: int
    body: bytes | IO[bytes]
    cut: Cut | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """The budget of a query and the number of workers: times in seconds, memory in bytes."""

    seconds: float
    quick_seconds: float
    memory: int
    quick: int
    slow: int
    slow_each: int
    stopped: int


Told = Callable[[Result | Exception], None]


@dataclass(slots=True, eq=False)
class Ticket:
    """A query on its way.

    `told` is called once with what comes of it, `lingers` when it moves out of the quick lane.
    """

    message: bytes
    told: Told | None
    client: str
    lingers: Callable[[], None] | None = None
    began: float = 0.0
    spent: float | None = None
    fate: Exception | None = None
    rivalled: bool = False

    def tell(self, outcome: Result | Exception) -> None:
        """Tell what came of the query, unless nobody waits any more."""
        told, self.told = self.told, None
        if told is not None:
            told(outcome)
        elif isinstance(outcome, Result) and not isinstance(outcome.body, bytes):
            outcome.body.close()


class Worker:
    """One worker process; `pid` is known soon after it was asked for.

    `ticket` is what it works on, `ahead` what it has been sent to do after that, and `unsent`
    what its socket has not taken yet. `orders` wait until `pid` is known.
    """

    def __init__(self, channel: Channel, lane: Lane) -> None:
        self.channel = channel
        self.pid: int | None = None
        self.lane = lane
        self.ticket: Ticket | None = None
        self.ahead: deque[Ticket] = deque()
        self.unsent = bytearray()
        self.orders: list[tuple[str, int]] = []


def processor_time(pid: int | None) -> float | None:
    """Give the seconds of processor time that a process has had; None if that is not told."""
    if pid is None or not sys.platform.startswith("linux"):
        return None
    try:
        return time.clock_gettime(~pid << 3 | _OF_PROCESS)
    except OSError:
        return None


def why_it_ended(status: int, measure: Measure) -> Exception:
    """Tell from its wait status why a worker ended in the middle of a query."""
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in {signal.SIGABRT, signal.SIGKILL}:
        return MemoryLimitError(
            f"the query needed more than {measure.memory // 1_000_000} MB of memory (setting "
            "query_memory), or more than the engine can bear: ask for less"
        )
    return EngineError("the engine ended in the middle of the query: ask in another way")
