"""The pool: queries of clients, answered by worker processes within a budget."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from time import perf_counter

from api.crew import Crew
from api.errors import BusyError, GoneError, TooManyError
from api.logs import REQUEST
from api.outcomes import Outcomes
from api.settings import Settings
from api.tickets import Lane, Measure, Result, Ticket, Told
from graph.dataset import Dataset
from graph.errors import EngineError, SikgError
from graph.lookups import is_lookup
from graph.release import Release
from graph.results import INLINE, Limits, Spool
from graph.workers.channel import Channel
from graph.workers.meeting import connect_to_keeper
from graph.workers.messages import Job

_CREWS = 3  # releases that have workers at once: the served one, and those asked last
_QUIET = 10.0  # seconds without another release after which one made by a write is copied
_TRIES = 3
_FEW = 1_000  # rows of a lookup that is answered at once
_STOPPED = 4  # queries that are kept stopped, for each that runs in the slow lane


class Pool:
    """The crews of the releases that are asked, and who may ask how much.

    Belongs to one event loop at a time, that of the request.
    """

    def __init__(self, settings: Settings, outcomes: Outcomes | None = None) -> None:
        self._outcomes = outcomes
        self._home: Path = settings.home
        self._most = settings.queue
        self._each = settings.client_queries
        self._memory_quads = settings.memory_quads
        self._measure = Measure(
            seconds=settings.query_seconds,
            quick_seconds=settings.quick_seconds,
            memory=settings.query_memory,
            quick=settings.quick_workers,
            slow=settings.slow_workers,
            slow_each=settings.client_slow,
            stopped=_STOPPED * settings.slow_workers,
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self._root: Channel | None = None
        self._crews: dict[int, Crew] = {}
        self._made: set[Crew] = set()
        self._under_way = 0
        self._clients: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._opening, self._connecting = asyncio.Lock(), asyncio.Lock()

    async def answer(
        self,
        dataset: Dataset,
        job: Job,
        client: str = "",
        gone: Callable[[], Coroutine[None, None, None]] | None = None,
    ) -> Result:
        """Answer a query over a release.

        Beside the errors of the query: TooManyError and BusyError where too many are under way,
        TimeLimitError and MemoryLimitError where one exceeds its budget, and EngineError where a
        worker ended for another reason. A caller that is cancelled ends the query, and so does
        `gone` when it returns; it is waited for only while a query runs long.
        """
        found = self.look_up(dataset, job)
        if found is not None:
            return found
        crew = self.crew(dataset.release) or await self._open(dataset.release)
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        watchers: list[asyncio.Task[None]] = []

        def watch() -> None:
            if gone is not None:
                watchers.append(asyncio.ensure_future(gone()))
                watchers[0].add_done_callback(lambda _: future.cancel())

        ticket = self.submit(crew, job.packed(), client, _resolve(future), watch)
        try:
            return await future
        except asyncio.CancelledError:
            self.cancel(crew, ticket)
            if watchers and watchers[0].done():
                raise GoneError("the client has gone before its answer") from None
            raise
        finally:
            for watcher in watchers:
                watcher.cancel()

    def look_up(self, dataset: Dataset, job: Job) -> Result | None:
        """Answer a lookup at once and without a worker; None if a worker is to answer.

        The form of the query bounds its time, and these limits what is read of a subject that
        has very much. Errors are told by a worker, in the same words as all others.
        """
        if not is_lookup(job.query):
            return None
        began = perf_counter()
        spool = Spool(Limits(min(job.rows, _FEW), min(job.size, INLINE)))
        try:
            form = dataset.store.write_answer(job.query, job.wanted.choose, spool)
            body = spool.finish()
        except SikgError:
            return None
        if spool.cut is not None or not isinstance(body, bytes):
            return None
        result = Result(form.name, len(body), body)
        self._ended(job.packed, result, perf_counter() - began, REQUEST.get(""))
        return result

    def crew(self, release: Release) -> Crew | None:
        """Give the crew of a release if it can be asked at once."""
        if self._loop is not asyncio.get_running_loop():
            self._begin()
        crew = self._crews.get(release.number)
        if crew is not None and crew.closed:
            del self._crews[release.number]
            return None
        return crew

    def submit(
        self,
        crew: Crew,
        message: bytes,
        client: str,
        told: Told,
        lingers: Callable[[], None] | None = None,
    ) -> Ticket:
        """Let a crew answer a packed job, and be told of the outcome once.

        TooManyError and BusyError.
        """
        refusal = self._refusal(client)
        if refusal is not None:
            self._ended(lambda: message, refusal, 0.0, REQUEST.get(""))
            raise refusal
        self._under_way += 1
        self._clients[client] += 1
        crew.used = began = crew.loop_time()
        request = REQUEST.get("")

        def tell(outcome: Result | Exception) -> None:
            self._leave(client)
            self._ended(lambda: message, outcome, crew.loop_time() - began, request)
            told(outcome)

        ticket = Ticket(message, tell, client, lingers)
        crew.submit(ticket)
        return ticket

    def cancel(self, crew: Crew, ticket: Ticket) -> None:
        """Forget a query whose answer nobody waits for."""
        if ticket.told is not None:
            self._leave(ticket.client)
            crew.cancel(ticket)
            ran = crew.loop_time() - ticket.began if ticket.began else 0.0
            self._ended(lambda: ticket.message, None, ran, REQUEST.get(""))

    def counts(self) -> Mapping[str, int]:
        """Count the workers of each lane, those that are idle, and the queries that wait."""
        total = Counter({lane.value: 0 for lane in Lane})
        for crew in self._crews.values():
            total.update(crew.counts())
        return total

    def close(self) -> None:
        """End all workers of this process."""
        for task in self._tasks:
            task.cancel()
        for crew in self._made:  # those too that are not asked yet, or no longer
            crew.close()
        self._made.clear()
        self._crews.clear()
        if self._root is not None:
            self._root.close()
        self._root, self._loop = None, None

    def _begin(self) -> None:
        self.close()
        self._under_way = 0
        self._clients.clear()
        self._loop = asyncio.get_running_loop()
        self._opening, self._connecting = asyncio.Lock(), asyncio.Lock()

    def _refusal(self, client: str) -> SikgError | None:
        """Say why a client may not ask now."""
        if self._under_way >= self._most:
            return BusyError(f"{self._under_way} queries are under way or waiting already")
        if self._clients[client] >= self._each:
            return TooManyError(
                f"{self._each} queries of yours are under way (setting client_queries): wait for "
                "their answers"
            )
        return None

    def _ended(
        self,
        message: Callable[[], bytes],
        ended: Result | Exception | None,
        seconds: float,
        request: str,
    ) -> None:
        if self._outcomes is not None:
            self._outcomes.ended(message, ended, seconds, request)

    def _leave(self, client: str) -> None:
        self._under_way -= 1
        self._clients[client] -= 1
        if self._clients[client] <= 0:
            del self._clients[client]

    async def _open(self, release: Release) -> Crew:
        """Make the crew of a release, first over its files, then over a copy in memory."""
        async with self._opening:
            for _ in range(_TRIES):
                found = self.crew(release)
                if found is not None:
                    return found
                try:
                    crew = await self._make(release, memory=False)
                except (ConnectionError, EngineError):
                    # The root keeper ended as we met it.
                    if self._root is not None:
                        self._root.close()
                    self._root = None
                    continue
                self._adopt(crew)
                if 0 < release.manifest.quads <= self._memory_quads:
                    self._start(self._copy(release))
                return crew
        raise EngineError("the workers of this service cannot be started")

    async def _make(self, release: Release, *, memory: bool) -> Crew:
        async with self._connecting:
            if self._root is None:
                self._root = await asyncio.to_thread(connect_to_keeper, self._home)
            root = self._root
        crew = Crew(root, release, self._measure, memory=memory)
        self._made = {made for made in self._made if not made.closed} | {crew}
        try:
            await crew.ready
        except BaseException:
            crew.close()
            raise
        return crew

    def _adopt(self, crew: Crew) -> None:
        """Ask a crew from now on, and let go of those that nobody asks."""
        replaced = self._crews.get(crew.release.number)
        self._crews[crew.release.number] = crew
        if replaced is not None:
            replaced.retire()
        crew.used = crew.loop_time()
        others = sorted(self._crews.values(), key=lambda other: -other.used)
        for other in others[_CREWS:]:
            del self._crews[other.release.number]
            other.retire()

    async def _copy(self, release: Release) -> None:
        if release.manifest.edits:
            await asyncio.sleep(_QUIET)
        if release.number not in self._crews:
            return
        try:
            crew = await self._make(release, memory=True)
        except (SikgError, ConnectionError):
            return  # the files serve on; if they are gone, whoever asks is told
        if release.number in self._crews:
            self._adopt(crew)
        else:
            crew.close()

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _resolve(future: asyncio.Future[Result]) -> Told:
    def told(outcome: Result | Exception) -> None:
        if future.done():
            if isinstance(outcome, Result) and not isinstance(outcome.body, bytes):
                outcome.body.close()
            return
        if isinstance(outcome, Result):
            future.set_result(outcome)
        else:
            future.set_exception(outcome)

    return told
