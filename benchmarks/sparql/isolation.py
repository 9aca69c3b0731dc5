"""What others feel while heavy queries run, and what memory a server takes to stream results."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.sparql.asking import AskError, Client
from benchmarks.sparql.load import Asked, Manner, load
from benchmarks.sparql.measuring import Bench
from benchmarks.sparql.servers import Server
from benchmarks.sparql.workloads import Workload

HEAVY = 4
# Few enough requests that an idle server rests most of the time.
_PACED = Manner(6, connections=4, threads=1, pause=20)
_WARMING = replace(_PACED, seconds=2)
_STREAMS = 10
_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


@dataclass(slots=True)
class Felt:
    """Latencies of point lookups in milliseconds, idle and beside heavy queries."""

    idle_median: list[float]
    idle_p99: list[float]
    busy_median: list[float]
    busy_p99: list[float]
    failed: str | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """MiB of all processes of a server: before, most while streaming, and after; of the answer."""

    before: float
    most: float
    after: float
    body: float


def felt(bench: Bench, server: Server, point: Workload, heavy: Workload) -> Felt:
    """Measure point lookups on an idle server and beside heavy queries, in turn."""
    found = Felt([], [], [], [])
    try:
        for _ in range(bench.runs):
            idle = _asked(bench, server, point)
            found.idle_median.append(idle.median)
            found.idle_p99.append(idle.p99)
            busy = _busy(bench, server, point, heavy)
            found.busy_median.append(busy.median)
            found.busy_p99.append(busy.p99)
            bench.say(
                f"{server.title}: p99 of {idle.p99:.2f} ms idle, {busy.p99:.2f} ms beside "
                f"{HEAVY} heavy queries (median {idle.median:.2f}, {busy.median:.2f})"
            )
    except AskError as error:
        found.failed = str(error)
        bench.say(f"{server.title}: {error}")
    return found


def streamed(bench: Bench, server: Server, workload: Workload) -> Memory:
    """Watch the memory of a server while it answers one large query after another."""
    for text in bench.texts(workload, 2):  # so that every process has answered once
        bench.ask(server, text, workload.accept)
    before = most = _memory(server)
    ended = threading.Event()

    def watch() -> None:
        nonlocal most
        while not ended.wait(0.02):
            most = max(most, _memory(server))

    watcher = threading.Thread(target=watch)
    watcher.start()
    body = 0
    try:
        for text in bench.texts(workload, _STREAMS):
            body = len(bench.ask(server, text, workload.accept)[0].body)
    finally:
        ended.set()
        watcher.join()
    return Memory(before, most, _memory(server), body / 2**20)


def _asked(bench: Bench, server: Server, point: Workload) -> Asked:
    texts = bench.texts(point, 1000)
    load(server, texts, point.accept, _WARMING)
    return load(server, texts, point.accept, _PACED)


def _busy(bench: Bench, server: Server, point: Workload, heavy: Workload) -> Asked:
    ended = threading.Event()

    def ask() -> None:
        while not ended.is_set():
            client = Client(server)
            try:
                client.query(bench.texts(heavy, 1)[0], heavy.accept)
            except AskError:
                # Refused or ended by a limit: another takes its place.
                ended.wait(0.1)
            finally:
                client.close()

    askers = [threading.Thread(target=ask) for _ in range(HEAVY)]
    for asker in askers:
        asker.start()
    time.sleep(1)
    try:
        return _asked(bench, server, point)
    finally:
        ended.set()
        # The queries have no end: only a new server is surely rid of them.
        server.restart(bench.graph)
        for asker in askers:
            asker.join()


def _memory(server: Server) -> float:
    """Give the memory of all processes, that which they share counted once, in MiB."""
    total = 0
    for process in server.processes():
        try:
            told = _PSS.search(Path(f"/proc/{process}/smaps_rollup").read_text())
        except OSError:  # it ended meanwhile
            continue
        total += int(told[1]) if told else 0
    return total / 1024
