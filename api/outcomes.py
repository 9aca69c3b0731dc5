"""How queries ended: told to the observer, with what the workers do meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from api.errors import BusyError, TooManyError
from api.metrics import Metrics, Outcome
from api.observing import Observer
from api.tickets import Result
from graph.errors import (
    EngineError,
    InputError,
    LimitError,
    MemoryLimitError,
    NotAcceptableError,
    TimeLimitError,
)
from graph.workers.messages import HEAD, Job

_LOOK: Final = 0.5  # seconds between two looks at the workers


def outcome_of(ended: Result | Exception | None) -> Outcome:
    """Name how a query ended; None is for a client that went before."""
    outcome: Outcome = "failed"
    match ended:
        case None:
            outcome = "cancelled"
        case Result():
            outcome = "answered" if ended.cut is None else "cut"
        case TimeLimitError():
            outcome = "timed_out"
        case MemoryLimitError() | EngineError():
            outcome = "killed"
        case LimitError() | BusyError() | TooManyError():
            outcome = "refused"
        case InputError() | NotAcceptableError():
            outcome = "malformed"
        case _:
            pass
    return outcome


class Outcomes:
    """Tells an observer how the queries of a pool ended."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer

    def ended(
        self,
        message: Callable[[], bytes],
        ended: Result | Exception | None,
        seconds: float,
        request: str,
    ) -> None:
        """Count the query of a packed job, which is asked for only to log it if it was slow."""
        outcome = outcome_of(ended)
        self._observer.metrics.observe_query(outcome, seconds)
        if outcome in {"timed_out", "killed"}:
            self._observer.metrics.count("workers_killed")
        if seconds >= self._observer.slow.seconds:
            text = Job.unpacked(message()[HEAD:]).query.text
            self._observer.slow.observe(text, seconds, outcome, request)


async def tell_workers(counts: Callable[[], Mapping[str, int]], metrics: Metrics) -> None:
    """Keep telling how many workers there are, from `counts` of a pool, until cancelled."""
    while True:
        now = counts()
        total = now["quick"] + now["slow"] + now["stopped"]
        metrics.gauge("workers", total)
        metrics.gauge("workers_busy", max(0, total - now.get("idle", 0)))
        metrics.gauge("queries_waiting", now.get("waiting", 0))
        await asyncio.sleep(_LOOK)
