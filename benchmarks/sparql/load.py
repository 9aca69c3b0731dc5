"""Ask a server by many requests at once, with wrk (Debian's package of that name)."""

from __future__ import annotations

import re
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.sparql.asking import AskError
from benchmarks.sparql.servers import Server

_LUA = Path(__file__).with_name("load.lua")
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_TOLD = re.compile(r"failed (\d+) done (\d+) p50 ([\d.]+) p99 ([\d.]+)")


@dataclass(frozen=True, slots=True)
class Asked:
    """What wrk measured: requests a second, and latencies in milliseconds."""

    rate: float
    median: float
    p99: float


@dataclass(frozen=True, slots=True)
class Manner:
    """How wrk asks.

    `pause` is the milliseconds that each connection rests between requests. With `tell`, answers
    that are failures are written to standard error, which costs speed.
    """

    seconds: int
    connections: int = 16
    threads: int = 2
    pause: int = 0
    distinct: bool = True
    tell: bool = False


def load(server: Server, queries: list[str], accept: str, manner: Manner) -> Asked:
    """Ask the queries again and again; AskError if a request fails or none is answered.

    Distinct requests have a comment with a number of their own at the end.
    """
    told = _wrk(server, queries, accept, manner)
    rate, counts = _RATE.search(told.stdout), _TOLD.search(told.stdout)
    if rate is None or counts is None:
        raise AskError("wrk told nothing")
    if int(counts[1]):
        again = _wrk(server, queries, accept, replace(manner, tell=True)).stderr.strip()
        reason = again.partition("\n")[0] or "no answer in time"
        raise AskError(f"{counts[1]} of {counts[2]} requests failed: {reason}")
    if not int(counts[2]):
        raise AskError("no answers")
    return Asked(float(rate[1]), float(counts[3]), float(counts[4]))


def _wrk(
    server: Server, queries: list[str], accept: str, manner: Manner
) -> subprocess.CompletedProcess[str]:
    command = (
        *("wrk", f"-t{manner.threads}", f"-c{manner.connections}", f"-d{manner.seconds}s"),
        *("--timeout", "30s", "-s", _LUA, f"http://127.0.0.1:{server.port}"),
    )
    with tempfile.NamedTemporaryFile("w", suffix=".paths", encoding="utf-8") as paths:
        paths.write("\n".join(server.path(query) for query in queries))
        paths.flush()
        environment = {
            "SIKG_BENCH_PATHS": paths.name,
            "SIKG_BENCH_DISTINCT": "1" if manner.distinct else "0",
            "SIKG_BENCH_TELL": "1" if manner.tell else "0",
            "SIKG_BENCH_PAUSE": str(manner.pause),
            "SIKG_BENCH_ACCEPT": accept,
            "PATH": "/usr/bin:/bin",
        }
        return subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
