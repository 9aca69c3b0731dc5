"""A crew: the workers of one release, as one process of the service sees them.

Queries begin in the quick lane. One that is not answered soon moves to the slow lane with its
worker, and a new worker takes its place, so that short queries never wait behind long ones.
Where the slow lane is full, the worker is stopped and goes on when there is room. A query in the
quick lane that is not answered at once is given to a worker of the second engine as well, its
rival: the first answer is taken.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections import deque
from contextlib import suppress
from marshal import loads

from api.tickets import Lane, Measure, Result, Ticket, Worker, processor_time, why_it_ended
from graph import errors
from graph.errors import EngineError, LimitError, SikgError, TimeLimitError
from graph.release import Release
from graph.workers.channel import Channel
from graph.workers.keeper import SECOND, STORE
from graph.workers.messages import HEAD, Job, Reply, framed
from graph.workers.rival import may_be_long, second_folder

_NICE = 15
_LARGE = 500_000  # quads from which on a second engine is worth its memory
_DEATHS = 8  # workers in a row that end without a query: there is no use in more
_WAITING = 10  # times the quick time that a query may wait for others, or for other hosts
_AHEAD = 3  # queries that a worker is sent beside the one that it works on, if others rest
_MOST = 16  # and if none does
_FRESH = 0.005  # seconds after which what a worker does may take long
_IN_VAIN = 10.0  # seconds that a rival may go on when the store has answered
_WHOLE = 4_000_000  # bytes of a result that is read from its file at once
_SWEEP = 0.02  # seconds between two looks at what runs long


class Crew:
    """The workers over one release.

    It belongs to the event loop in which it is made. `ready` is done when the first worker can
    be asked, or has the error for which there will be none.
    """

    def __init__(self, root: Channel, release: Release, measure: Measure, *, memory: bool) -> None:
        self.release = release
        self.in_memory = memory
        self.used = 0.0  # when it was last asked, by the clock of the loop
        self._measure = measure
        self._loop = asyncio.get_running_loop()
        self.ready: asyncio.Future[None] = self._loop.create_future()
        ours, theirs = socket.socketpair()
        self._keeper = Channel(ours)
        with theirs:
            try:
                root.send(framed((str(release.store_path.resolve()), memory)), (theirs.fileno(),))
            except OSError:
                ours.close()
                raise
        self._forks: deque[Worker] = deque()
        self.workers: set[Worker] = set()
        self._idle: list[Worker] = []
        self._waiting: deque[Ticket] = deque()
        self._dead: dict[int, Ticket] = {}
        self._deaths = 0  # in a row, of workers that had answered nothing
        self._sweep: asyncio.TimerHandle | None = None
        self._closed = False
        self._planned = False
        self._retiring = False
        self._has_second = (
            release.manifest.quads >= _LARGE and second_folder(release.store_path) is not None
        )
        self._loop.add_reader(ours, self._hear)

    @property
    def busy(self) -> bool:
        """Tell whether a query runs or waits."""
        working = any(worker.ticket is not None for worker in self.workers)
        return working or bool(self._waiting or self._dead)

    def counts(self) -> dict[str, int]:
        """Count the workers of each lane, and the queries that wait."""
        lanes = {lane.value: 0 for lane in Lane}
        for worker in self.workers:
            lanes[worker.lane.value] += 1
        return {**lanes, "idle": len(self._idle), "waiting": len(self._waiting)}

    @property
    def closed(self) -> bool:
        """Tell whether it has ended."""
        return self._closed

    def loop_time(self) -> float:
        """Tell the time by the clock of the loop, in seconds."""
        return self._loop.time()

    def submit(self, ticket: Ticket) -> None:
        """Let a worker answer, as soon as one is free."""
        self._waiting.append(ticket)
        self._plan()

    def cancel(self, ticket: Ticket) -> None:
        """Forget a query whose answer nobody waits for; a worker that runs long with it ends."""
        ticket.told = None
        if ticket in self._waiting:
            self._waiting.remove(ticket)

    def retire(self) -> None:
        """Close as soon as what runs and waits is answered."""
        self._retiring = True
        self._rest()

    def close(self) -> None:
        """End all workers; whoever waits gets an error."""
        if self._closed:
            return
        self._closed = True
        if self._sweep is not None:
            self._sweep.cancel()
        self._hang_up(self._keeper)
        gone = EngineError("the workers were stopped")
        for worker in list(self.workers):
            self._dismiss(worker)
            for ticket in (worker.ticket, *worker.ahead):
                if ticket is not None:
                    ticket.tell(gone)
        for ticket in (*self._waiting, *self._dead.values()):
            ticket.tell(gone)
        self._waiting.clear()
        self._dead.clear()

    # Hiring and giving work

    def _hire(self) -> None:
        """Keep as many workers in the quick lane as there should be."""
        if not self.ready.done() or self._closed:
            return
        for _ in range(self._count(Lane.QUICK), self._measure.quick):
            worker = self._fork(Lane.QUICK)
            if worker is not None:
                self._next(worker)
        if self._has_second and not self._count(Lane.RIVAL):
            self._fork(Lane.RIVAL)

    def _fork(self, lane: Lane) -> Worker | None:
        """Ask for a worker; None if the keeper has gone, which is heard soon."""
        ours, theirs = socket.socketpair()
        ours.settimeout(0)
        engine = SECOND if lane is Lane.RIVAL else STORE
        with theirs:
            try:
                order = framed(("fork", engine, self._measure.memory))
                self._keeper.send(order, (theirs.fileno(),))
            except OSError:
                ours.close()
                return None
        worker = Worker(Channel(ours), lane)
        self.workers.add(worker)
        self._forks.append(worker)
        self._loop.add_reader(ours, self._listen, worker)
        return worker

    def _plan(self) -> None:
        """Give out what waits when this turn of the loop is over: what came in it goes together.

        A call of the system takes longer than most of what is done for a request.
        """
        if not self._planned and not self._closed:
            self._planned = True
            self._loop.call_soon(self._give_out)

    def _give_out(self) -> None:
        self._planned = False
        now = self._loop.time()
        sent: dict[Worker, list[bytes]] = {}
        while self._waiting and (worker := self._free(now)) is not None:
            ticket = self._waiting.popleft()
            if worker.ticket is None:
                worker.ticket, ticket.began = ticket, now
            else:
                worker.ahead.append(ticket)
            sent.setdefault(worker, []).append(ticket.message)
        for worker, messages in sent.items():
            self._send(worker, b"".join(messages))
        if sent and self._sweep is None:
            self._sweep = self._loop.call_later(_SWEEP, self._look)
        if self._waiting:
            self._hire()

    def _free(self, now: float) -> Worker | None:
        """Choose who gets the next query: who has begun only now and has little to do, or rests.

        To wake another process costs more than a short query, and a long one is soon known.
        """
        fresh = [
            worker
            for worker in self.workers
            if worker.lane is Lane.QUICK
            and worker.ticket is not None
            and now - worker.ticket.began < _FRESH
        ]
        chosen = min(fresh, key=lambda worker: len(worker.ahead), default=None)
        if chosen is not None and len(chosen.ahead) < (_AHEAD if self._idle else _MOST):
            return chosen
        return self._idle.pop() if self._idle else None

    def _send(self, worker: Worker, message: bytes) -> None:
        if worker.unsent:
            worker.unsent += message
            return
        try:
            sent = worker.channel.socket.send(message)
        except BlockingIOError:
            sent = 0
        except OSError:
            return  # it has ended: that is read soon
        if sent < len(message):
            worker.unsent += memoryview(message)[sent:]
            self._loop.add_writer(worker.channel, self._send_rest, worker)

    def _send_rest(self, worker: Worker) -> None:
        try:
            del worker.unsent[: worker.channel.socket.send(worker.unsent)]
        except BlockingIOError:
            return
        except OSError:
            worker.unsent.clear()
        if not worker.unsent:
            self._loop.remove_writer(worker.channel)

    def _next(self, worker: Worker) -> None:
        """Let a worker go on with what it has been sent, or rest until there is something."""
        if worker.ahead:
            worker.ticket = worker.ahead.popleft()
            worker.ticket.began = self._loop.time()
            return
        self._idle.append(worker)
        if self._waiting:
            self._plan()

    def _take_back(self, worker: Worker) -> None:
        """Let others do what a worker has been sent to do later."""
        wanted = [ticket for ticket in worker.ahead if ticket.told is not None]
        if wanted:
            self._waiting.extendleft(reversed(wanted))
            # It may do it all the same: nobody waits for that.
            worker.ahead = deque(Ticket(b"", None, "") for _ in worker.ahead)
            self._plan()

    # Hearing from workers and the keeper

    def _listen(self, worker: Worker, *, ended: bool = False) -> None:
        channel = worker.channel
        try:
            alive = channel.read(wait=False)
        except BlockingIOError:
            if not ended:
                return
            alive = False  # whoever else may hold its socket
        if not alive:
            self._lose(worker)
            return
        while (message := channel.next()) is not None:
            self._replied(worker, Reply.unpacked(message))
        if self._retiring:
            self._rest()

    def _replied(self, worker: Worker, reply: Reply) -> None:
        self._deaths = 0
        ticket, body = worker.ticket, reply.body
        file = os.fdopen(worker.channel.descriptor(), "rb") if reply.in_file else None
        if file is not None and reply.size <= _WHOLE:
            with file:  # so that it can be remembered
                body, file = file.read(), None
        worker.ticket = None
        answer = reply.error or Result(reply.format, reply.size, file or body or b"", reply.cut)
        if worker.lane is Lane.QUICK:
            self._next(worker)
        elif worker.lane is Lane.RIVAL:
            ticket = self._after_rival(ticket, answer)
        else:
            # Its niceness cannot be taken back, nor the memory that it used.
            self._dismiss(worker)
            self._resume()
        if ticket is not None:
            ticket.tell(answer)

    def _after_rival(self, ticket: Ticket | None, answer: Result | Exception) -> Ticket | None:
        """Give the ticket that a rival has answered, and end who worked on it beside."""
        if ticket is None:
            return None
        if isinstance(answer, Exception):
            return None  # the store answers, or says why not
        for other in [item for item in self.workers if item.ticket is ticket]:
            self._order("signal", other, signal.SIGKILL)
            self._dismiss(other)
            self._take_back(other)
        self._hire()
        self._resume()
        return ticket

    def _lose(self, worker: Worker) -> None:
        """Part with a worker whose socket has closed; the keeper tells why."""
        ticket = worker.ticket
        self._dismiss(worker)
        self._take_back(worker)
        if worker.lane is Lane.RIVAL:
            return
        if ticket is not None:
            if ticket.fate is not None:
                ticket.tell(ticket.fate)
            elif worker.pid is None:
                ticket.tell(EngineError("the worker of the query ended before it began"))
            else:
                self._dead[worker.pid] = ticket
        else:
            self._deaths += 1
            if self._deaths > _DEATHS:
                self.close()
                return
        self._hire()
        self._resume()

    def _dismiss(self, worker: Worker) -> None:
        self._hang_up(worker.channel)
        self.workers.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)

    def _hang_up(self, channel: Channel) -> None:
        if not self._loop.is_closed():
            self._loop.remove_reader(channel)
            self._loop.remove_writer(channel)
        channel.close()

    def _hear(self) -> None:
        try:
            alive = self._keeper.read(wait=False)
        except BlockingIOError:
            return
        if not alive:
            if not self.ready.done():
                self.ready.set_exception(EngineError("the keeper of the workers ended"))
            self.close()
            return
        while (message := self._keeper.next()) is not None:
            self._obey(loads(message))  # noqa: S302  # of our own process
        self._rest()

    def _obey(self, message: tuple[str | int, ...]) -> None:
        match message:
            case ("ready",) if not self.ready.done():
                self.ready.set_result(None)
                self._hire()
            case ("failed", str(name), str(told)) if not self.ready.done():
                kind: type[SikgError] = getattr(errors, name)
                self.ready.set_exception(kind(told))
            case ("forked", int(pid)):
                self._met(self._forks.popleft(), pid)
            case ("ended", int(pid), int(status)):
                self._bury(pid, status)

    def _met(self, worker: Worker, pid: int) -> None:
        """Learn which process a worker is, and give it the orders that came before."""
        worker.pid = pid
        for what, value in worker.orders:
            self._order(what, worker, value)

    def _bury(self, pid: int, status: int) -> None:
        """Tell why a worker ended, which may be known before its last words have been read."""
        for worker in [worker for worker in self.workers if worker.pid == pid]:
            while worker in self.workers:
                self._listen(worker, ended=True)
        ticket = self._dead.pop(pid, None)
        if ticket is not None:
            ticket.tell(why_it_ended(status, self._measure))

    def _rest(self) -> None:
        """Close, if that was asked for and nothing is left to do."""
        if self._retiring and not self.busy:
            self.close()

    # What runs long

    def _look(self) -> None:
        """Move what runs long to the slow lane, and end what has used its time."""
        busy = [worker for worker in self.workers if worker.ticket is not None]
        self._sweep = self._loop.call_later(_SWEEP, self._look) if busy else None
        now = self._loop.time()
        for worker in busy:
            ticket = worker.ticket
            if ticket is None or ticket.fate is not None:
                continue
            taken = now - ticket.began
            if worker.lane is Lane.RIVAL:
                if ticket.told is None and taken > _IN_VAIN:
                    self.end(worker, EngineError("the store has answered"))
                continue
            if self._has_second and not ticket.rivalled and taken > _SWEEP:
                self._rival(ticket)
            if taken > self._measure.seconds:
                self.end(worker, self._out_of_time(worker))
            elif ticket.told is None and taken > self._measure.quick_seconds:
                self.end(worker, EngineError("nobody waits for the answer any more"))
            elif worker.lane is Lane.QUICK and self._is_long(worker, ticket, taken):
                self._set_aside(worker)
            elif taken > _FRESH and self._idle:
                self._take_back(worker)

    def _is_long(self, worker: Worker, ticket: Ticket, taken: float) -> bool:
        """Tell whether a query has had its quick time: of the processor, if that is known.

        On a machine with much to do a short query takes long by the clock, and is none to be
        set aside for it.
        """
        quick = self._measure.quick_seconds
        if taken > _WAITING * quick:
            return True
        if worker.pid is None:
            return False  # it may not have begun
        spent = processor_time(worker.pid)
        if spent is None:
            return taken > quick
        if ticket.spent is None:
            ticket.spent = spent
        return spent - ticket.spent + _SWEEP > quick

    def _out_of_time(self, worker: Worker) -> Exception:
        seconds = self._measure.seconds
        if worker.lane is Lane.STOPPED:
            return LimitError(
                f"other long queries took the whole time of {seconds:g} s (setting query_seconds) "
                "that this one may take: ask again later"
            )
        return TimeLimitError(
            f"the query was stopped after {seconds:g} s (setting query_seconds): ask for less, or "
            "load a dump into a store of your own"
        )

    def _set_aside(self, worker: Worker) -> None:
        if worker.ticket is not None and worker.ticket.lingers is not None:
            worker.ticket.lingers()
        if self._has_room(worker):
            self._slow_down(worker)
        elif self._count(Lane.STOPPED) < self._measure.stopped:
            worker.lane = Lane.STOPPED
            self._order("signal", worker, signal.SIGSTOP)
        else:
            self.end(worker, LimitError("too many long queries run already: ask again later"))
        self._take_back(worker)
        self._hire()

    def _rival(self, ticket: Ticket) -> None:
        """Let the second engine try as well, if one is free, once for each query."""
        ticket.rivalled = True
        if not may_be_long(Job.unpacked(ticket.message[HEAD:])):
            return
        rivals = [item for item in self.workers if item.lane is Lane.RIVAL]
        free = next((item for item in rivals if item.ticket is None), None)
        if free is None and len(rivals) < self._measure.quick:
            free = self._fork(Lane.RIVAL)
        if free is not None:
            free.ticket = ticket
            self._send(free, ticket.message)

    def _has_room(self, worker: Worker) -> bool:
        client = worker.ticket.client if worker.ticket else ""
        slow = [other for other in self.workers if other.lane is Lane.SLOW]
        own = sum(other.ticket is not None and other.ticket.client == client for other in slow)
        return len(slow) < self._measure.slow and own < self._measure.slow_each

    def _slow_down(self, worker: Worker) -> None:
        worker.lane = Lane.SLOW
        self._order("nice", worker, _NICE)

    def _resume(self) -> None:
        """Let stopped workers go on where there is room."""
        for worker in [other for other in self.workers if other.lane is Lane.STOPPED]:
            if self._has_room(worker):
                self._slow_down(worker)
                self._order("signal", worker, signal.SIGCONT)

    def end(self, worker: Worker, why: Exception) -> None:
        """Kill a worker; whoever waits for its answer is told why."""
        if worker.ticket is not None:
            worker.ticket.fate = why
        self._order("signal", worker, signal.SIGKILL)

    def _order(self, what: str, worker: Worker, value: int) -> None:
        if worker.pid is None:
            worker.orders.append((what, int(value)))
            return
        with suppress(OSError):  # the keeper has gone, which is heard soon
            self._keeper.send(framed((what, worker.pid, int(value))))

    def _count(self, lane: Lane) -> int:
        return sum(worker.lane is lane for worker in self.workers)
