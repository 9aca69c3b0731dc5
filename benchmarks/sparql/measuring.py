"""Measure the workloads on all running servers, in turn within each run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from random import Random

from benchmarks.measure import median
from benchmarks.sparql.asking import Answer, AskError, Client, told
from benchmarks.sparql.generate import Graph
from benchmarks.sparql.load import Manner, load
from benchmarks.sparql.servers import Server
from benchmarks.sparql.workloads import Workload

DISTINCT, REPEATED = 1000, 20  # texts that wrk asks with
_REPEATS = 5
_LONG = 20.0  # seconds for a text and its repetitions, of which the last may be beyond
_CHECKS = {"wrk": 3, "one": 1, "none": 0}


@dataclass(slots=True)
class Series:
    """What was measured of one server: a value for each run, or why there is none."""

    values: list[float] = field(default_factory=list)
    failed: str | None = None


# By server.
Measured = dict[str, Series]


@dataclass(slots=True)
class Outcome:
    """What was measured of one workload: requests a second (wrk) or seconds (one)."""

    distinct: Measured
    repeated: Measured
    differs: dict[str, str]
    answer: str


class Bench:
    """Running servers over one graph."""

    def __init__(self, graph: Graph, servers: Sequence[Server], runs: int, seconds: int) -> None:
        self.graph = graph
        self.servers = servers
        self.runs = runs
        self.seconds = seconds
        self.chance = Random(time.time_ns())
        self._began = time.monotonic()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Start all servers; on leaving, none of them is left."""
        with ExitStack() as stack:
            for server in self.servers:
                self.say(f"starting {server.title}")
                stack.enter_context(server.running(self.graph))
            yield

    def say(self, text: str) -> None:
        """Print progress with the seconds since the beginning."""
        print(f"  {time.monotonic() - self._began:6.0f} s  {text}", flush=True)

    def workload(self, workload: Workload) -> Outcome:
        """Compare the answers of the servers, then measure those that gave one."""
        differs, answer = self._check(workload)
        distinct, repeated = self.series(differs), self.series(differs)
        if workload.load == "wrk":
            self._rates(workload, distinct, distinct_texts=True)
            self._rates(workload, repeated, distinct_texts=False)
        else:
            self._times(workload, distinct, repeated)
        return Outcome(distinct, repeated, differs, answer)

    def series(self, differs: dict[str, str] | None = None) -> Measured:
        """Give an empty series for each server, failed where its answer differs from the rest."""
        return {
            server.name: Series(failed=(differs or {}).get(server.name)) for server in self.servers
        }

    def texts(self, workload: Workload, count: int) -> list[str]:
        """Give so many queries of a workload, each unlike all others."""
        return [workload.query(self.graph.constants, self.chance) for _ in range(count)]

    def ask(self, server: Server, text: str, accept: str, times: int = 1) -> list[Answer]:
        """Ask a query so many times over one new connection; a server that fails starts anew.

        The same text comes again over the same connection, where it reaches the same process,
        and less often where answers take long.
        """
        client = Client(server)
        answers: list[Answer] = []
        try:
            while len(answers) < times and sum(item.seconds for item in answers) < _LONG:
                answers.append(client.query(text, accept))
        except AskError as error:
            self.say(f"{server.title}: {error}")
            # It may go on computing, and would disturb what is measured next.
            if not str(error).startswith("status"):
                server.restart(self.graph)
            raise
        finally:
            client.close()
        return answers

    def each(self, measured: Measured, measure: Callable[[Server], float]) -> None:
        """Measure each server that has not failed once; AskError is its failure."""
        for server in self.servers:
            series = measured[server.name]
            if series.failed is None:
                try:
                    series.values.append(measure(server))
                except AskError as error:
                    series.failed = str(error)

    def _check(self, workload: Workload) -> tuple[dict[str, str], str]:
        differs: dict[str, str] = {}
        shown = ""
        for text in self.texts(workload, _CHECKS[workload.load]):
            found: dict[str, object] = {}
            for server in self.servers:
                try:
                    [whole] = self.ask(server, text, workload.accept)
                    found[server.name] = told(workload, whole.body)
                except AskError as error:
                    differs[server.name] = str(error)
            answers = list(found.values())
            expected = max(answers, key=answers.count, default=None)
            for name, answer in found.items():
                if answer != expected:
                    differs[name] = f"another answer ({_size(answer)}, not {_size(expected)})"
            shown = _size(expected)
        for name, reason in differs.items():
            self.say(f"{workload.title}: {name}: {reason}")
        return differs, shown

    def _rates(self, workload: Workload, measured: Measured, *, distinct_texts: bool) -> None:
        texts = self.texts(workload, DISTINCT if distinct_texts else REPEATED)
        manner = Manner(self.seconds, distinct=distinct_texts)
        brief = replace(manner, seconds=1)
        for server in self.servers:
            if measured[server.name].failed is None:
                with suppress(AskError):  # it will fail again when it counts
                    load(server, texts, workload.accept, brief)
        for run in range(self.runs):
            self.each(measured, lambda server: load(server, texts, workload.accept, manner).rate)
            self.say(_line(workload, measured, run, "distinct" if distinct_texts else "repeated"))

    def _times(self, workload: Workload, distinct: Measured, repeated: Measured) -> None:
        for run in range(self.runs):
            text = self.texts(workload, 1)[0]
            self.each(distinct, partial(self._time, workload, text, repeated))
            for kind, measured in (("distinct", distinct), ("repeated", repeated)):
                self.say(_line(workload, measured, run, kind))
        for name, series in distinct.items():
            repeated[name].failed = series.failed

    def _time(self, workload: Workload, text: str, repeated: Measured, server: Server) -> float:
        first, *again = self.ask(server, text, workload.accept, 1 + _REPEATS)
        if again:
            repeated[server.name].values.append(median([answer.seconds for answer in again]))
        return first.seconds


def plain(outcome: Outcome) -> dict[str, object]:
    """Give an outcome as plain values for JSON."""
    return asdict(outcome)


def _size(answer: object) -> str:
    if isinstance(answer, dict):
        return f"{sum(answer.values()):,} rows"
    return f"{answer:,} rows" if isinstance(answer, int) else ""


def _line(workload: Workload, measured: Measured, run: int, kind: str) -> str:
    values = (
        f"{name} {series.values[run]:.5g}" if len(series.values) > run else f"{name} —"
        for name, series in measured.items()
    )
    return f"{workload.title}, {kind}: {', '.join(values)}"
