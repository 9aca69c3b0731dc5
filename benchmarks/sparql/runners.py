"""This server's application under uvicorn and under granian, two processes each.

Uvicorn is measured as `sikg serve` runs it, whose connections answer plain queries themselves,
and without that: what granian can run is the application alone.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

from benchmarks.sparql.asking import AskError
from benchmarks.sparql.generate import Graph
from benchmarks.sparql.load import Manner, load
from benchmarks.sparql.measuring import DISTINCT, REPEATED, Bench
from benchmarks.sparql.release import Ours
from benchmarks.sparql.servers import Command, installed
from benchmarks.sparql.workloads import Workload

_APPLICATION = "api.app:create"
_WORKERS = str(os.cpu_count() or 1)


class Uvicorn(Ours):
    """The application under uvicorn's own protocol."""

    def command(self, graph: Graph) -> Command:  # noqa: ARG002  # the release knows its graph
        """Serve the application by uvicorn's own command."""
        return _python(
            *("uvicorn", "--factory", _APPLICATION, "--port", str(self.port)),
            *("--workers", _WORKERS, "--log-level", "warning", "--no-access-log"),
        )


class Granian(Ours):
    """The application under granian."""

    def command(self, graph: Graph) -> Command:  # noqa: ARG002  # the release knows its graph
        """Serve the application by granian's own command."""
        return _python(
            *("granian", "--interface", "asgi", "--factory", _APPLICATION),
            *("--host", "127.0.0.1", "--port", str(self.port), "--workers", _WORKERS),
            *("--log-level", "warning", "--no-access-log"),
        )


_TITLES = {
    Ours: "uvicorn, as served",
    Uvicorn: "uvicorn, the application",
    Granian: "granian, the application",
}


def runners(bench: Bench, folder: Path, measured: list[Workload]) -> dict[str, Any]:
    """Measure workloads under each runner in turn; requests a second, by runner and workload."""
    found: dict[str, Any] = {}
    kinds: list[type[Ours]] = [Ours, Uvicorn, *([Granian] if installed("granian") else [])]
    for run in range(bench.runs):
        for kind in kinds:
            server = kind(folder)
            with server.running(bench.graph):
                for workload, distinct in product(measured, (True, False)):
                    label = f"{workload.title}, {'distinct' if distinct else 'repeated'}"
                    rates = found.setdefault(label, {}).setdefault(_TITLES[kind], [])
                    try:
                        rates.append(_rate(bench, server, workload, distinct=distinct))
                    except AskError as error:
                        bench.say(f"{_TITLES[kind]}, {label}: {error}")
                bench.say(f"{_TITLES[kind]}: run {run + 1} of {bench.runs}")
    return found


def _rate(bench: Bench, server: Ours, workload: Workload, *, distinct: bool) -> float:
    texts = bench.texts(workload, DISTINCT if distinct else REPEATED)
    manner = Manner(bench.seconds, distinct=distinct)
    with suppress(AskError):  # it will fail again when it counts
        load(server, texts, workload.accept, replace(manner, seconds=1))
    return load(server, texts, workload.accept, manner).rate


def _python(*words: str) -> Command:
    return [sys.executable, "-m", *words]
