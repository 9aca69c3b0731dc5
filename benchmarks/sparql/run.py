"""Run the comparison: generate, load, start, check, measure, and write results."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import signal
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.measure import RESULTS
from benchmarks.sparql import report, workloads
from benchmarks.sparql.aggregates import sums
from benchmarks.sparql.generate import Graph, generate
from benchmarks.sparql.isolation import felt, streamed
from benchmarks.sparql.measuring import Bench, plain
from benchmarks.sparql.release import Ours
from benchmarks.sparql.runners import runners
from benchmarks.sparql.servers import Oxigraph, RdflibEndpoint, Server
from benchmarks.sparql.virtuoso import Virtuoso
from benchmarks.sparql.writing import written

SERVERS: tuple[type[Server], ...] = (Ours, Oxigraph, Virtuoso, RdflibEndpoint)
_SIZES = {"1m": 1_000_000, "10m": 10_000_000}
_MORE = ("aggregates", "memory", "isolation", "writing")
_ASKED_FOR = ("runners",)  # measured only where it is named


def main() -> None:
    """Measure what the options ask for."""
    chosen = _options()
    # Ended from outside, it still ends the servers that it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    for size in chosen.size.split(","):
        work = chosen.work / size
        print(f"… {size}", flush=True)
        graph = generate(work / "data", _statements(size))
        print(f"  {graph.statements:,} statements, generated in {graph.seconds:.0f} s", flush=True)
        results = chosen.results if size in _SIZES else work
        file = results / f"sparql-{size}.json"
        found = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        found |= {"statements": graph.statements, "generated": graph.seconds} | _where()
        servers = _prepared(chosen, work, graph, found)
        if not chosen.load_only:
            bench = Bench(graph, servers, chosen.runs, chosen.seconds)
            for _ in _measure(bench, chosen.only.split(","), found):
                # After each, so that a run that is broken off leaves what it measured.
                file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
            report.write(results)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sparql")
    parser.add_argument("--size", default="1m,10m", help="sizes, by commas: 1m, 10m, 50k …")
    parser.add_argument("--work", type=Path, default=Path("var/benchmark"), help="folder of loads")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument(
        "--only",
        default=",".join((*workloads.ORDER, *_MORE)),
        help="workloads by their names, aggregates, memory, isolation, writing, runners",
    )
    parser.add_argument("--servers", default=",".join(kind.name for kind in SERVERS))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3, help="of each measurement by wrk")
    parser.add_argument("--again", default="", help="servers, by commas, that load once more")
    parser.add_argument("--load-only", action="store_true", help="generate and load, no more")
    chosen = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is needed: install the package of that name")
    known = {*workloads.ORDER, *_MORE, *_ASKED_FOR}
    if unknown := set(chosen.only.split(",")) - known:
        sys.exit(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}")
    chosen.work = chosen.work.absolute()
    return chosen


def _statements(size: str) -> int:
    return int(size[:-1]) * {"k": 1000, "m": 1_000_000}[size[-1]]


def _prepared(
    chosen: argparse.Namespace, work: Path, graph: Graph, found: dict[str, Any]
) -> list[Server]:
    """Load each server that takes part; the results say why others do not."""
    present = []
    for kind in SERVERS:
        server = kind(work)
        about: dict[str, Any] = {"title": server.title, "version": server.version()}
        if absent := server.absent(graph):
            about["absent"] = absent
            print(f"  {server.title}: {absent}", flush=True)
        elif server.name in chosen.servers.split(","):
            print(f"  loading {server.title} {server.version()}", flush=True)
            about |= asdict(server.prepare(graph, again=server.name in chosen.again.split(",")))
            present.append(server)
        else:
            continue
        found.setdefault("servers", {})[server.name] = about
    return present


def _measure(bench: Bench, only: list[str], found: dict[str, Any]) -> Iterator[None]:
    """Put what is measured among what was found before; pauses after each measurement."""
    chosen = workloads.read([name for name in workloads.ORDER if name in only])
    with bench.running():
        for workload in chosen:
            outcome = plain(bench.workload(workload))
            about = {"title": workload.title, "load": workload.load}
            found.setdefault("workloads", {})[workload.name] = outcome | about
            yield
        for server in bench.servers:
            if "aggregates" in only and isinstance(server, Ours):
                [question] = workloads.read(["sums"])
                found["aggregates"] = asdict(sums(bench, server, question))
                yield
        if "memory" in only:
            [large] = workloads.read(["json"])
            for server in bench.servers:
                memory = asdict(streamed(bench, server, large))
                bench.say(f"{server.title}: MiB {memory}")
                found.setdefault("memory", {})[server.name] = memory
                yield
    # The others would disturb what follows, where servers are started again and again.
    point, rows, heavy = workloads.read(["point", "rows", "heavy"])
    for server in bench.servers:
        if "isolation" in only:
            with server.running(bench.graph):
                told = asdict(felt(bench, server, point, heavy))
            found.setdefault("isolation", {})[server.name] = told
            yield
        if "runners" in only and isinstance(server, Ours):
            found["runners"] = runners(bench, server.folder.parent, [point, rows])
            yield
        if "writing" in only and isinstance(server, Ours):
            found["writing"] = asdict(written(bench, server.folder.parent))
            yield


def _where() -> dict[str, str | int | None]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "measured": f"{datetime.now(UTC):%Y-%m-%d}",
        "cores": os.cpu_count(),
        "installed": f"{memory:.0f} GiB",
        "machine": platform.machine(),
        "python": platform.python_version(),
    }
