"""Logs: one JSON line an event, no secrets, no addresses, and nobody waits for a reader."""

from __future__ import annotations

import json
import logging
import logging.config
import re
import sys
import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.logs import AccessLog, Exchange, JsonFormatter, Lines, SlowQueries, configuration, redacted
from api.settings import Settings
from graph.entities import read_entity

PLANTED = "s3cr3tPlanted"
EXCHANGE = Exchange("GET", "/sparql", "", 200, 12, 0.0125, "abcdefgh", 3)


class Kept:
    """Keeps the lines that are written."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []
        self.lines = Lines(self.chunks.append)

    @property
    def documents(self) -> list[dict[str, Any]]:
        """Give all lines so far as documents."""
        self.lines.flush()
        return [json.loads(line) for line in b"".join(self.chunks).splitlines()]


@pytest.fixture
def kept() -> Iterator[Kept]:
    """Give lines that are kept."""
    kept = Kept()
    yield kept
    kept.lines.close()


def test_a_request_leaves_one_line(kept: Kept) -> None:
    AccessLog(kept.lines).write(EXCHANGE._replace(query="query=ASK{}"))
    (line,) = kept.documents
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert line == {
        "event": "request",
        "method": "GET",
        "path": "/sparql",
        "status": 200,
        "bytes": 12,
        "ms": 12.5,
        "request": "abcdefgh",
        "release": 3,
    }


@pytest.mark.parametrize(
    "path", ['/a"b\\c', "/a\nb\r{}", "/\udcff\x00é", "/" + "x" * 5000, '/"},{"event":"x"}']
)
def test_no_path_breaks_a_line(kept: Kept, path: str) -> None:
    AccessLog(kept.lines).write(EXCHANGE._replace(path=path))
    (line,) = kept.documents
    assert line["path"] == path[:300]
    assert all(len(chunk) <= 4096 for chunk in kept.chunks)


def test_the_access_log_can_be_off_or_tell_the_address_without_secrets(kept: Kept) -> None:
    asked = EXCHANGE._replace(query=f"q=a%20b&access_token={PLANTED}")
    AccessLog(kept.lines, "off").write(asked)
    AccessLog(kept.lines, "address").write(asked)
    (line,) = kept.documents
    assert line["query"] == "q=a b&access_token=…"


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {PLANTED}",
        f"Authorization: Basic {PLANTED}==",
        f"{{'authorization': 'Bearer {PLANTED}'}}",
        f"(b'authorization', b'Digest username={PLANTED}')",
        f"bearer  {PLANTED}",
        f"/sparql?token={PLANTED}&query=x",
        f"/sparql?query=x&api_key={PLANTED}",
        f"x&refresh_token={PLANTED}",
        f"password={PLANTED}",
        f"https://someone:{PLANTED}@host.example/",
        f"Cookie: session={PLANTED}",
        f"'x-api-key': '{PLANTED}'",
    ],
)
def test_secrets_are_taken_out(text: str) -> None:
    assert PLANTED not in redacted(text)
    assert redacted(text) != text


def test_other_texts_stay_as_they_are() -> None:
    text = "the key=value of http://localhost:8000/id/x?query=SELECT is basic, author=me"
    assert redacted(text) == text


def test_a_slow_query_leaves_its_shape_and_not_its_text(kept: Kept) -> None:
    slow = SlowQueries(kept.lines, 0.5)
    query = f'SELECT * {{ ?{PLANTED} ?p "{PLANTED}" }}'
    slow.observe(query, 0.4, "answered")
    slow.observe(query, 2.0, "timed_out", "request-1")
    (line,) = kept.documents
    assert line.pop("time")
    assert line == {
        "event": "slow query",
        "outcome": "timed_out",
        "seconds": 2.0,
        "sha256": sha256(query.encode()).hexdigest(),
        "shape": 'SELECT * { ?v1 ?v2 "…" }',
        "request": "request-1",
    }


def test_a_query_that_is_no_text_is_logged_still(kept: Kept) -> None:
    SlowQueries(kept.lines, 0).observe("\udcff", 0, "malformed")
    assert kept.documents[0]["outcome"] == "malformed"


def test_lines_are_written_whole_in_pieces_that_a_pipe_takes_at_once(kept: Kept) -> None:
    log = AccessLog(kept.lines)
    for number in range(1000):
        log.write(EXCHANGE._replace(path=f"/{number}" + "x" * (number % 200)))
    paths = [line["path"] for line in kept.documents]
    assert [int(path[1:].rstrip("x")) for path in paths] == list(range(1000))
    assert all(len(chunk) <= 4096 and chunk.endswith(b"\n") for chunk in kept.chunks)
    assert len(kept.chunks) < 100


def test_nobody_waits_for_a_reader_that_takes_nothing() -> None:
    stuck, freed = threading.Event(), threading.Event()
    chunks: list[bytes] = []
    dropped: list[int] = []

    def write(chunk: bytes) -> None:
        stuck.set()
        freed.wait()
        chunks.append(chunk)

    lines = Lines(write, dropped.append)
    lines.put(b'{"first":1}')
    assert stuck.wait(10)

    def put_many() -> None:
        for number in range(20_500):
            lines.put(b'{"n":%d}' % number)

    putting = threading.Thread(target=put_many, daemon=True)
    putting.start()
    putting.join(60)
    waited = putting.is_alive()
    freed.set()
    assert not waited
    lines.close()
    written = [json.loads(line) for line in b"".join(chunks).splitlines()]
    lost = [line["lines"] for line in written if line.get("event") == "dropped"]
    assert lost == dropped == [500]
    assert len(written) == 1 + 20_000 + 1


def test_a_closed_log_does_not_end_the_service() -> None:
    tried = threading.Event()

    def write(_: bytes) -> None:
        tried.set()
        raise BrokenPipeError

    lines = Lines(write)
    lines.put(b"1")
    assert tried.wait(10)
    lines.put(b"2")
    lines._closing.set()


def test_records_of_the_standard_library_become_lines_without_secrets() -> None:
    def fail() -> None:
        raise RuntimeError(f"Authorization: Bearer {PLANTED}")

    try:
        fail()
    except RuntimeError:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "a %s", ("b",), sys.exc_info())
    document = json.loads(JsonFormatter().format(record))
    assert (document["level"], document["logger"], document["message"]) == ("error", "x", "a b")
    assert "RuntimeError" in document["traceback"]
    assert PLANTED not in json.dumps(document)


def test_no_secret_of_a_request_is_in_any_log_or_answer(
    release_home: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plant secrets wherever a client can put them, let the service fail too, look everywhere."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(f"https://user:{PLANTED}@x.example said Bearer {PLANTED}")

    monkeypatch.setattr(f"{read_entity.__module__}.read_names", fail)
    handlers = logging.root.handlers[:]
    logging.config.dictConfig(configuration())
    settings = Settings(home=release_home, slow_seconds=0, access_log="address")
    headers = {
        "authorization": f"Bearer {PLANTED}",
        "cookie": f"session={PLANTED}",
        "x-request-id": f"Bearer {PLANTED}",
        "traceparent": PLANTED,
    }
    told = []
    try:
        app = create_app(settings)
        with TestClient(app, raise_server_exceptions=False, headers=headers) as client:
            for path in ("/sparql", "/data/consortium/esia", "/api/v1/kinds", "/nothing"):
                answer = client.get(path, params={"access_token": PLANTED, "query": "ASK{}"})
                told.append(answer.text + repr(answer.headers))
            answer = client.post("/sparql", data={"query": f'ASK {{ ?s ?p "{PLANTED}" }}'})
            assert answer.status_code == 200
            told.append(client.get("/metrics").text)
            logging.getLogger("uvicorn.error").error("failed at ?token=%s", PLANTED)
    finally:
        logging.root.handlers = handlers
    written = capfd.readouterr().err
    assert '"event":"request"' in written
    assert '"event":"slow query"' in written
    assert '"event":"log"' in written
    assert PLANTED not in written
    assert not [text for text in told if PLANTED in text]


def test_the_thread_of_a_log_ends_with_its_application(
    odd_home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """All lines are written by then, and none comes after it."""
    before = set(threading.enumerate())
    with TestClient(create_app(Settings(home=odd_home))) as client:
        assert client.get("/health").status_code == 200
        assert "log" in {thread.name for thread in set(threading.enumerate()) - before}
    assert "log" not in {thread.name for thread in set(threading.enumerate()) - before}
    assert capfd.readouterr().err.count('"event":"request"') == 1
