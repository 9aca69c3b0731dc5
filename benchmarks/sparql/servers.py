"""The servers that are compared: how each loads the graph, starts, and is asked.

Each keeps what it loaded in a folder of its own, so that a second run need not load again.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from benchmarks.sparql.generate import Graph

BIN = Path(sys.executable).parent
Command = list[str | Path]
_LOOKS = 8
_GONE_SECONDS = 10  # in which all processes of a server that was ended let go of its port
_READY_SECONDS = 600  # what is loaded when it starts takes its time


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a graph took: seconds, and MiB on disk; and by what it was loaded."""

    fingerprint: str
    seconds: float
    size: float


class Server(ABC):
    """A SPARQL server on a port of this machine.

    `largest` is the number of statements beyond which it is not tried.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    port: ClassVar[int]
    ask_path: ClassVar[str]
    largest: ClassVar[int | None] = None

    def __init__(self, folder: Path) -> None:
        self.folder = folder / self.name
        self.environment: dict[str, str] = {}
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def version(self) -> str | None:
        """Give the version that is installed here; None if there is none."""

    @abstractmethod
    def command(self, graph: Graph) -> Command:
        """Give the command that serves the loaded graph."""

    @abstractmethod
    def load(self, graph: Graph) -> None:
        """Load the graph into the folder, which is empty."""

    def fingerprint(self) -> str:
        """Tell by what a graph is loaded: where this changes, it is loaded anew."""
        return self.version() or ""

    def absent(self, graph: Graph) -> str | None:
        """Say why the server takes no part, if so."""
        if self.version() is None:
            return "absent: not installed"
        beyond = self.largest is not None and graph.statements > self.largest
        return f"absent: not tried above {self.largest:,} statements" if beyond else None

    def prepare(self, graph: Graph, *, again: bool = False) -> Loaded:
        """Load the graph, unless the same program has done so before."""
        mark, found = self.folder / "loaded.json", self.fingerprint()
        if mark.exists() and not again:
            known = Loaded(**json.loads(mark.read_text(encoding="utf-8")))
            if known.fingerprint == found:
                return known
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        began = time.perf_counter()
        self.load(graph)
        seconds = time.perf_counter() - began
        sizes = (file.stat().st_size for file in self.folder.rglob("*") if file.is_file())
        loaded = Loaded(found, seconds, sum(sizes) / 2**20)
        mark.write_text(json.dumps(asdict(loaded)), encoding="utf-8")
        return loaded

    @contextmanager
    def running(self, graph: Graph) -> Iterator[None]:
        """Serve the graph; on leaving, nothing of the server is left."""
        try:
            self.start(graph)
            yield
        finally:
            self.stop()

    def start(self, graph: Graph) -> None:
        """Start the server and wait until it answers.

        RuntimeError if it ends instead, or if something else listens there already.
        """
        if self._listens():
            raise RuntimeError(f"the port {self.port} of {self.title} is taken")
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command(graph),
                stdout=log,
                stderr=log,
                env={**os.environ, **self.environment},
                cwd=self.folder,
                start_new_session=True,
            )
        deadline = time.monotonic() + _READY_SECONDS
        while not (self._listens() and self._answers()):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} does not answer: see {self.folder / 'log'}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        # Several times, since it may have processes that are ready and others that are not.
        address = f"http://127.0.0.1:{self.port}{self.path('ASK {}')}"
        try:
            for _ in range(_LOOKS):
                with urllib.request.urlopen(address, timeout=60) as answer:
                    answer.read()
        except OSError:
            return False
        return True

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        """End the server; one that is busy with a query is not waited for long."""
        if self._process is not None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=10)
            self.kill()

    def kill(self) -> None:
        """End the server and all that it started at once."""
        if self._process is not None:
            with suppress(ProcessLookupError):  # nothing is left of the group
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
            deadline = time.monotonic() + _GONE_SECONDS
            while self._listens() and time.monotonic() < deadline:
                time.sleep(0.05)

    def restart(self, graph: Graph) -> None:
        """Be rid of whatever the server is busy with."""
        self.kill()
        self.start(graph)

    def path(self, text: str) -> str:
        """Give path and query string that ask a query."""
        return f"{self.ask_path}query={quote(text, safe='')}"

    def processes(self) -> list[int]:
        """Give the identifiers of the server's processes."""
        return [] if self._process is None else _family(self._process.pid)


class Oxigraph(Server):
    """The native server of the engine that we read with."""

    name, title, port, ask_path = "oxigraph", "oxigraph server", 8752, "/query?"

    def version(self) -> str | None:
        """Give the version of the package."""
        return installed("oxigraph")

    def load(self, graph: Graph) -> None:
        """Load and optimise by its own commands."""
        place: Command = ["--location", self.folder / "store"]
        oxigraph = BIN / "oxigraph"
        _run([oxigraph, "load", *place, "--lenient", "--file", *graph.files])
        _run([oxigraph, "optimize", *place])

    def command(self, graph: Graph) -> Command:  # noqa: ARG002  # the store knows its graph
        """Serve read-only."""
        place: Command = ["--location", self.folder / "store", "--bind", f"127.0.0.1:{self.port}"]
        return [BIN / "oxigraph", "serve-read-only", *place]


class RdflibEndpoint(Server):
    """Rdflib behind FastAPI, with rdflib's own store in memory, filled when it starts."""

    name, title, port, ask_path = "rdflib-endpoint", "rdflib-endpoint", 8754, "/?"
    # A million statements take it about a minute and some GB; ten, ten times that.
    largest = 2_000_000

    def version(self) -> str | None:
        """Give the version of the package."""
        return installed("rdflib-endpoint")

    def load(self, graph: Graph) -> None:
        """Start and stop once, since starting loads."""
        with self.running(graph):
            pass

    def command(self, graph: Graph) -> Command:
        """Serve the files."""
        return [
            BIN / "rdflib-endpoint",
            "serve",
            *("--host", "127.0.0.1", "--port", str(self.port)),
            *graph.files,
        ]


def _run(command: Command) -> None:
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    if told.returncode:
        raise RuntimeError(told.stderr)


def installed(name: str) -> str | None:
    """Give the version of a package; None if it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _family(process: int) -> list[int]:
    """Give a process and all that descend from it."""
    found = [process]
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in task.read_text().split():
            found += _family(int(child))
    return found
