"""Keepers and workers, as those who ask them see them."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from marshal import loads
from pathlib import Path
from typing import Any

import pytest

from graph.engine import Query
from graph.errors import NotAcceptableError, QueryError, StorageError
from graph.formats import GRAPH_FORMATS, RESULT_FORMATS
from graph.release import Releases
from graph.workers import meeting
from graph.workers.channel import Channel
from graph.workers.messages import Job, Reply, Wanted, framed

WANTED = Wanted(RESULT_FORMATS[0], GRAPH_FORMATS[0])
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


class Client:
    """A client of the keeper of one release."""

    def __init__(self, root: Channel, store: Path, *, memory: bool = False) -> None:
        ours, theirs = socket.socketpair()
        ours.settimeout(20)
        self.keeper = Channel(ours)
        with theirs:
            root.send(framed((str(store), memory)), (theirs.fileno(),))
        self.workers: list[Channel] = []

    def hear(self) -> Any:
        """Wait for what the keeper tells."""
        message = self.keeper.receive()
        return None if message is None else loads(message)  # noqa: S302  # of our own process

    def fork(self, memory: int = 0) -> tuple[Channel, int]:
        """Ask for a worker, and wait for its process."""
        ours, theirs = socket.socketpair()
        ours.settimeout(20)
        with theirs:
            self.keeper.send(framed(("fork", "store", memory)), (theirs.fileno(),))
        self.workers.append(Channel(ours))
        what, pid = self.hear()
        assert what == "forked"
        return self.workers[-1], pid

    def close(self) -> None:
        """Go away."""
        for channel in (self.keeper, *self.workers):
            channel.close()


def ask(worker: Channel, text: str, wanted: Wanted = WANTED, *, rows: int = 10**9) -> Reply | None:
    worker.send(Job(Query(text), wanted, rows, 10**9).packed())
    message = worker.receive()
    return None if message is None else Reply.unpacked(message)


def has_ended(pid: int) -> bool:
    limit = time.monotonic() + 10
    while time.monotonic() < limit:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Channel]:
    channel = meeting.connect_to_keeper(tmp_path)
    yield channel
    channel.close()


@pytest.fixture(scope="module")
def store(release_home: Path) -> Path:
    return Releases(release_home).current().store_path


@pytest.fixture(params=[False, True], ids=["files", "memory"])
def client(root: Channel, store: Path, request: pytest.FixtureRequest) -> Iterator[Client]:
    client = Client(root, store, memory=request.param)
    assert client.hear() == ("ready",)
    yield client
    client.close()


def test_a_worker_answers_one_query_after_another(client: Client) -> None:
    worker, _ = client.fork()
    for text, expected in (("ASK {}", b"true"), ("ASK { FILTER(false) }", b"false")):
        reply = ask(worker, text)
        assert reply is not None
        assert reply.body is not None
        assert expected in reply.body


def test_a_large_result_comes_as_a_file(client: Client) -> None:
    worker, _ = client.fork()
    reply = ask(worker, "SELECT * { ?s ?p ?o }")
    assert reply is not None
    assert reply.body is None
    with os.fdopen(worker.descriptor(), "rb") as file:
        content = file.read()
    assert len(content) == reply.size
    assert content.endswith(b"]}}")


def test_errors_come_as_what_they_are(client: Client) -> None:
    worker, _ = client.fork()
    reply = ask(worker, "SELECT * {\n ?s ?p }")
    assert reply is not None
    assert isinstance(reply.error, QueryError)
    assert reply.error.line == 2
    refused = NotAcceptableError("no format for this")
    reply = ask(worker, "ASK {}", Wanted(refused, GRAPH_FORMATS[0]))
    assert reply is not None
    assert isinstance(reply.error, NotAcceptableError)
    assert str(reply.error) == "no format for this"
    reply = ask(worker, "ASK {}")
    assert reply is not None
    assert reply.error is None


def test_a_cut_is_told(client: Client) -> None:
    worker, _ = client.fork()
    reply = ask(worker, "SELECT * { ?s ?p ?o }", rows=3)
    assert reply is not None
    assert reply.cut is not None
    assert (reply.cut.rows, reply.cut.setting) == (3, "result_rows")


def test_a_worker_is_killed_in_the_middle_of_a_query(client: Client) -> None:
    worker, pid = client.fork()
    worker.send(Job(Query(ENDLESS), WANTED, 10, 10**9).packed())
    client.keeper.send(framed(("signal", pid, int(signal.SIGKILL))))
    assert worker.receive() is None
    assert client.hear() == ("ended", pid, signal.SIGKILL)
    other, _ = client.fork()
    assert ask(other, "ASK {}") is not None


def test_a_query_that_needs_more_memory_than_allowed_ends_its_worker(
    client: Client,
) -> None:
    worker, pid = client.fork(50_000_000)
    assert ask(worker, "ASK {}") is not None
    assert ask(worker, "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a ?d") is None
    what, ended, status = client.hear()
    assert (what, ended) == ("ended", pid)
    assert os.WTERMSIG(status) == signal.SIGABRT


def test_workers_draw_different_random_numbers(client: Client) -> None:
    seen = set()
    for _ in range(3):
        reply = ask(client.fork()[0], "SELECT (UUID() AS ?u) (RAND() AS ?r) {}")
        assert reply is not None
        seen.add(reply.body)
    assert len(seen) == 3


def test_nobody_sends_signals_to_the_workers_of_others(root: Channel, store: Path) -> None:
    mine, other = Client(root, store), Client(root, store)
    assert mine.hear() == other.hear() == ("ready",)
    worker, pid = mine.fork()
    for target in (pid, os.getpid(), 1):
        other.keeper.send(framed(("signal", target, int(signal.SIGKILL))))
    other.fork()  # so that the orders before it have been read
    assert ask(worker, "ASK {}") is not None
    mine.close()
    other.close()


def test_workers_end_with_their_client(root: Channel, store: Path) -> None:
    client = Client(root, store)
    assert client.hear() == ("ready",)
    worker, pid = client.fork()
    worker.send(Job(Query(ENDLESS), WANTED, 10, 10**9).packed())
    client.keeper.close()
    assert has_ended(pid)
    client.close()


def test_a_release_that_cannot_be_opened_is_told(root: Channel, tmp_path: Path) -> None:
    client = Client(root, tmp_path / "nothing")
    what, name, told = client.hear()
    assert (what, name) == ("failed", StorageError.__name__)
    assert "nothing" in told
    client.close()


def test_a_keeper_that_has_gone_is_replaced(tmp_path: Path, store: Path) -> None:
    first = meeting.connect_to_keeper(tmp_path)
    client = Client(first, store)
    assert client.hear() == ("ready",)
    _, pid = client.fork()
    client.close()
    first.close()
    assert has_ended(pid)
    second = meeting.connect_to_keeper(tmp_path)
    again = Client(second, store)
    assert again.hear() == ("ready",)
    assert ask(again.fork()[0], "ASK {}") is not None
    again.close()
    second.close()


def test_processes_of_one_home_share_a_keeper(tmp_path: Path) -> None:
    first, second = (meeting.connect_to_keeper(tmp_path) for _ in range(2))
    credentials = [
        channel.socket.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        for channel in (first, second)
    ]
    assert credentials[0] == credentials[1]
    first.close()
    second.close()


def test_the_meeting_place_must_be_ours_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    address = meeting.meeting_place(tmp_path, "keeper")
    assert address.parent.stat().st_mode & 0o777 == 0o700
    address.parent.chmod(0o755)
    with pytest.raises(StorageError, match="not ours alone"):
        meeting.meeting_place(tmp_path, "keeper")


def test_a_program_that_does_not_start_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="did not start"):
        meeting.connect(tmp_path / "s.keeper", ["/bin/false", "-m", "nothing"])
