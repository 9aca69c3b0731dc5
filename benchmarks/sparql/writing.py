"""How long an acknowledged update takes: durable, published and visible to every process."""

from __future__ import annotations

import http.client
import json
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from api.tokens import make_token
from benchmarks.measure import median
from benchmarks.sparql.asking import AskError, Client
from benchmarks.sparql.measuring import Bench
from benchmarks.sparql.release import Ours
from benchmarks.sparql.statements import IDENTITY
from benchmarks.sparql.workloads import JSON

_WRITES = 100
_GRAPH = IDENTITY.entity("graph", "edits/benchmark").replace("%2F", "/")
_INSERT = 'INSERT DATA {{ GRAPH <{graph}> {{ <{thing}> <http://www.w3.org/2004/02/skos/core#note> "{note}"@en }} }}'
_SEEN = "ASK {{ <{thing}> <http://www.w3.org/2004/02/skos/core#note> '{note}'@en }}"


@dataclass(slots=True)
class Written:
    """Seconds of each update, and how many could not be seen at once when acknowledged."""

    seconds: list[float]
    unseen: int = 0
    failed: str | None = None

    @property
    def p95(self) -> float:
        """Give the 95th percentile."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.95)]


def written(bench: Bench, folder: Path) -> Written:
    """Update a copy of the release again and again, each time with a look at what was written."""
    server = Ours(folder)
    home = folder / "written"
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(server.folder, home)
    server.folder = home
    server.environment |= {"SIKG_HOME": str(home)}
    token = make_token(home / "tokens.json", "benchmark")
    found = Written([])
    with server.running(bench.graph):
        try:
            for number in range(_WRITES):
                thing = bench.chance.choice(bench.graph.constants["project"])
                note = f"{bench.chance.getrandbits(60):x}"
                took = _update(server, token, _INSERT.format(graph=_GRAPH, thing=thing, note=note))
                if number:  # the first also starts the writer
                    found.seconds.append(took)
                found.unseen += not _seen(server, _SEEN.format(thing=thing, note=note))
        except AskError as error:
            found.failed = str(error)
    shutil.rmtree(home)
    if found.seconds:
        bench.say(
            f"updates: median {median(found.seconds) * 1000:.1f} ms, 95 % in "
            f"{found.p95 * 1000:.1f} ms, {found.unseen} not seen at once"
        )
    return found


def _update(server: Ours, token: str, text: str) -> float:
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {"Content-Type": "application/sparql-update", "Authorization": f"Bearer {token}"}
    try:
        connection.request("POST", "/sparql", text.encode(), headers)
        response = connection.getresponse()
        told = response.read()
    except (OSError, http.client.HTTPException) as error:
        raise AskError(f"broken off ({type(error).__name__})") from error
    finally:
        connection.close()
    if response.status // 100 != 2:
        raise AskError(f"status {response.status}: {told[:300]!r}")
    return time.perf_counter() - began


def _seen(server: Ours, text: str) -> bool:
    client = Client(server)
    try:
        return bool(json.loads(client.query(text, JSON).body)["boolean"])
    finally:
        client.close()
