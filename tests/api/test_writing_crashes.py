"""What was acknowledged is there, whoever was killed: tried on real processes with SIGKILL."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest

from api.tokens import make_token
from graph.identity import Identity
from graph.release import Releases

SIKG = Path(sys.executable).with_name("sikg")
EDITS = f"{Identity().base}id/graph/edits/"
PATIENCE = 60.0  # seconds


@dataclass
class Service:
    """A server over a home, and what it has acknowledged."""

    home: Path
    token: str
    port: int
    workers: int = 1
    server: subprocess.Popen[bytes] | None = None
    acknowledged: list[str] = field(default_factory=list)
    statuses: set[int] = field(default_factory=set)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = [str(SIKG), "serve", "--home", str(self.home), "--port", str(self.port)]
        command += ["--workers", str(self.workers)]
        self.server = subprocess.Popen(
            command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
        )
        until(self.answers)

    def answers(self) -> bool:
        """Tell whether the server is there."""
        with suppress(OSError), urllib.request.urlopen(self.address("/ready"), timeout=5):
            return True
        return False

    def address(self, path: str) -> str:
        """Give a full address."""
        return f"http://127.0.0.1:{self.port}{path}"

    def write(self, name: str) -> int:
        """Write one statement; give the status, or 0 where the connection broke."""
        text = f"INSERT DATA {{ GRAPH <{EDITS}{name[0]}> {{ <http://x/{name}> <http://x/p> 1 }} }}"
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/sparql-update",
        }
        request = urllib.request.Request(self.address("/sparql"), text.encode(), headers)
        status = 0
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                status = answer.status
        except urllib.error.HTTPError as error:
            with error:
                status = error.code
        except OSError:
            status = 0
        self.statuses.add(status)
        if status == 200:
            self.acknowledged.append(name)
        return status

    def held(self) -> set[str]:
        """Give the names of all that can be read."""
        asked = urlencode({"query": "SELECT ?s { ?s <http://x/p> 1 }"})
        with urllib.request.urlopen(self.address(f"/sparql?{asked}"), timeout=60) as answer:
            rows = json.load(answer)["results"]["bindings"]
        return {row["s"]["value"].removeprefix("http://x/") for row in rows}

    @property
    def writer(self) -> int:
        """Give the process number of the writer."""
        return int((self.home / "run" / "writer.lock").read_text())

    def kill_writer(self) -> None:
        """Kill the writer, if there is one."""
        with suppress(OSError, ValueError):
            os.kill(self.writer, signal.SIGKILL)

    def kill_server(self) -> None:
        """Kill the server with all its processes."""
        if self.server is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()


@pytest.fixture
def service(
    request: pytest.FixtureRequest, release_home: Path, tmp_path: Path
) -> Iterator[Service]:
    """Serve a home of its own, with the number of workers that the parameter says, or one."""
    home = Path(shutil.copytree(release_home, tmp_path / "home"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    workers = getattr(request, "param", 1)
    service = Service(home, make_token(home / "tokens.json", "somebody"), port, workers)
    try:
        service.start()
        yield service
    finally:
        service.kill_server()
        service.kill_writer()


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.02)


class Stream:
    """Writes one statement after the other, until it is stopped."""

    def __init__(self, service: Service, letter: str) -> None:
        self._service, self._letter = service, letter
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        number = 0
        while not self._stopped.is_set():
            number += 1
            if self._service.write(f"{self._letter}{number}") != 200:
                time.sleep(0.05)

    def stop(self) -> None:
        """Stop after the write under way."""
        self._stopped.set()
        self._thread.join()


@pytest.mark.parametrize("service", [2], indirect=True, ids=["two workers"])
def test_nothing_acknowledged_is_lost_when_processes_are_killed(service: Service) -> None:
    def more(count: int) -> None:
        wanted = len(service.acknowledged) + count
        until(lambda: len(service.acknowledged) >= wanted)

    streams = [Stream(service, letter) for letter in "ab"]
    try:
        for pause in (0.0, 0.013, 0.029):  # at some place of a write each
            more(4)
            time.sleep(pause)
            service.kill_writer()
        more(4)
        service.kill_server()
        service.kill_writer()
        service.start()
        more(4)
    finally:
        for stream in streams:
            stream.stop()
    assert service.statuses <= {0, 200, 503}
    assert set(service.acknowledged) <= service.held()
    told = [json.loads(line) for line in (service.home / "audit.jsonl").read_text().splitlines()]
    assert sum(entry["inserted"] for entry in told) == len(service.held())
    assert len(Releases(service.home).numbers()) <= 11


def test_two_servers_of_one_home_share_the_writer(service: Service) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    other = Service(service.home, service.token, port)
    try:
        other.start()
        assert [service.write("a1"), other.write("b1"), service.write("a2")] == [200, 200, 200]
        assert service.held() == other.held() == {"a1", "a2", "b1"}
    finally:
        other.kill_server()


def test_a_damaged_socket_stops_no_write(service: Service) -> None:
    assert service.write("a1") == 200
    service.kill_writer()
    path = service.home / "run" / "writer.sock"
    path.unlink(missing_ok=True)
    path.write_text("no socket")
    until(lambda: service.write("a2") == 200)
    assert service.held() == {"a1", "a2"}


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a write eight seconds; on a busy machine one that is short may need more, too."""
    monkeypatch.setenv("SIKG_WRITE_SECONDS", "8")


@pytest.mark.usefixtures("hurried")  # before the service starts
def test_a_write_that_takes_too_long_is_ended_and_the_next_one_works(service: Service) -> None:
    until(lambda: service.write("a1") == 200)
    triples = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(4))
    counted = f"SELECT ?a0 ?b1 (COUNT(*) AS ?n) {{ {triples} }} GROUP BY ?a0 ?b1"
    text = f"INSERT {{ GRAPH <{EDITS}a> {{ ?a0 ?b1 ?n }} }} WHERE {{ {{ {counted} }} }}"
    headers = {
        "Authorization": f"Bearer {service.token}",
        "Content-Type": "application/sparql-update",
    }
    request = urllib.request.Request(service.address("/sparql"), text.encode(), headers)
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=60)
    with caught.value as error:
        assert error.code == 503
    until(lambda: service.write("a2") == 200)  # its writer has to start first
    assert service.held() == {"a1", "a2"}
