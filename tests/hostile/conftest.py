"""A server of its own processes, as it stands on the open web, and how to tell that it is well."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from graph.workers.meeting import meeting_place

SIKG = Path(sys.executable).with_name("sikg")
POINT = (
    "SELECT ?name WHERE { <http://localhost:8000/id/consortium/esia> "
    "<http://www.w3.org/2004/02/skos/core#prefLabel> ?name }"
)
NAME = "European Social Innovation Alliance"
PROBLEM = "application/problem+json"
# A query without end for any engine, over any release.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?d) }"


@dataclass(frozen=True)
class Said:
    """An answer: status, headers by their names in small letters, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        """Give the body as JSON."""
        return json.loads(self.body)


@dataclass
class Server:
    """A running server: where it listens, what it logged, and how it is asked."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    home: Path
    asked: int = field(default=0)

    @property
    def address(self) -> str:
        """Give the address without a path."""
        return f"http://127.0.0.1:{self.port}"

    def ask(self, path: str, data: bytes | None = None, **headers: str) -> Said:
        """Ask once over a connection of its own; an error of HTTP is an answer too."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.address + path, data, named)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                told = {name.lower(): value for name, value in answer.headers.items()}
                return Said(answer.status, told, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                told = {name.lower(): value for name, value in error.headers.items()}
                return Said(error.code, told, error.read())

    def query(self, text: str, **headers: str) -> Said:
        """Ask a query by POST."""
        kind = {"content_type": "application/sparql-query", **headers}
        return self.ask("/sparql", text.encode("utf-8", "surrogatepass"), **kind)

    def connect(self, *, receive_buffer: int | None = None) -> socket.socket:
        """Open a connection; its timeout is one minute."""
        opened = socket.socket()
        opened.settimeout(60)
        if receive_buffer is not None:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        opened.connect(("127.0.0.1", self.port))
        return opened

    def send(self, request: bytes) -> bytes:
        """Send bytes as they are and read until the server closes or has answered in full."""
        with self.connect() as opened:
            opened.sendall(request)
            return read_answer(opened)

    def check(self) -> None:
        """Tell that the server is well: a point lookup that it cannot remember answers right."""
        assert self.process.poll() is None
        self.asked += 1
        said = self.query(f"{POINT} # {self.asked}")
        assert said.status == 200, said
        names = {row["name"]["value"] for row in said.document["results"]["bindings"]}
        assert NAME in names

    def metric(self, sample: str) -> float:
        """Give the value of a metric by its name and labels as they are written."""
        lines = self.ask("/metrics").body.decode().splitlines()
        found = [line.rsplit(" ", 1)[1] for line in lines if line.startswith(sample)]
        return sum(map(float, found))

    def wait_for(self, told: Callable[[], bool], seconds: float = 30) -> bool:
        """Wait until something is so; tell whether it came."""
        until = time.monotonic() + seconds
        while not (so := told()) and time.monotonic() < until:
            time.sleep(0.02)
        return so

    def at_work(self) -> set[int]:
        """Give the query workers that use a processor at this moment, by their numbers."""
        place = str(meeting_place(self.home, "keeper")).encode()
        found = set()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if place in (folder / "cmdline").read_bytes().split(b"\0"):
                    state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
                    keeps = (folder / "task" / folder.name / "children").read_text()
                    found |= {int(folder.name)} if state == "R" and not keeps else set()
            except OSError:
                continue
        return found


def read_answer(opened: socket.socket) -> bytes:
    """Read one answer whose length is told, or all until the connection closes."""
    received = b""
    try:
        while piece := opened.recv(65536):
            received += piece
            head, end, body = received.partition(b"\r\n\r\n")
            for line in head.lower().split(b"\r\n") if end else ():
                if line.startswith(b"content-length:") and len(body) >= int(line[15:]):
                    return received
    except ConnectionError:
        pass
    return received


@contextmanager
def serving(home: Path, log: Path, *, workers: int = 1, **settings: object) -> Iterator[Server]:
    """Serve a home with settings until the end; the server has to end well.

    With several workers only where that matters: each starts for seconds.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, **{f"SIKG_{k.upper()}": str(v) for k, v in settings.items()}}
    command = [str(SIKG), "serve", "--home", str(home)]
    command += ["--port", str(port), "--workers", str(workers)]
    with log.open("wb") as errors:
        process = subprocess.Popen(command, stderr=errors, env=environment)
        server = Server(port, process, log, home)
        try:
            assert server.wait_for(lambda: _is_ready(server), 120), log.read_text()[-3000:]
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                ended = process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise
    assert ended in {0, -signal.SIGTERM}


def _is_ready(server: Server) -> bool:
    assert server.process.poll() is None
    try:
        return server.ask("/ready").status == 200
    except (urllib.error.URLError, ConnectionError):
        return False


@pytest.fixture(scope="session")
def server(release_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the curated tables with budgets that a test can wait for."""
    log = tmp_path_factory.mktemp("server") / "log"
    with serving(
        release_home,
        log,
        workers=2,
        query_seconds=2,
        query_memory=300_000_000,
        result_rows=10_000,
    ) as server:
        yield server


@pytest.fixture
def well(server: Server) -> Iterator[Server]:
    """Give the server, which has to be well after the test."""
    yield server
    server.check()


Serve = Callable[..., Server]


@pytest.fixture
def serve(release_home: Path, tmp_path: Path) -> Iterator[Serve]:
    """Give a way to serve a home of the test's own, with settings of its own."""
    home = Path(shutil.copytree(release_home, tmp_path / "home"))
    with ExitStack() as stack:

        def start(**settings: Any) -> Server:
            return stack.enter_context(serving(home, tmp_path / "log", **settings))

        yield start


def encoded(text: str) -> str:
    """Write a text for a query string."""
    return urllib.parse.quote(text, safe="")
