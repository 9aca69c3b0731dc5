"""Each request has an id, which its answer, its problem and its line of the log share."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from api.app import create_app
from api.logs import AccessLog, Lines, SlowQueries
from api.metrics import Metrics
from api.observing import Observer, Observing, RequestIds, group_of
from api.settings import Settings

TRACE = "0af7651916cd43dd8448eb211c80319c"


@contextmanager
def _serving(home: Path) -> Iterator[TestClient]:
    app = create_app(Settings(home=home, access_log="off"))
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="module")
def asked(release_home: Path) -> Iterator[TestClient]:
    """Ask a service that answers 500 where it fails."""
    with _serving(release_home) as client:
        yield client


@pytest.fixture
def counted(release_home: Path) -> Iterator[TestClient]:
    """Ask a service that has counted nothing yet."""
    with _serving(release_home) as client:
        yield client


def _id(client: TestClient, **headers: str) -> str:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get("/health", headers=given).headers["x-request-id"]


def test_a_sane_id_is_kept(asked: TestClient) -> None:
    sane = "7b4f0c1e-4c7e-4f43-9d36-1f9a1a2b3c4d"
    assert _id(asked, x_request_id=sane) == sane
    assert _id(asked, x_request_id=sane, traceparent=f"00-{TRACE}-b7ad6b7169203331-01") == sane
    assert _id(asked, traceparent=f"00-{TRACE}-b7ad6b7169203331-01") == TRACE


@pytest.mark.parametrize(
    "given",
    [
        "short",
        "x" * 65,
        "with space in it",
        '"><script>x',
        "a%0d%0aX-Evil: 1",
        "é" * 10,
        "-starts-",
    ],
)
def test_any_other_id_is_replaced(asked: TestClient, given: str) -> None:
    made = asked.get("/health", headers={b"x-request-id": given.encode()}).headers["x-request-id"]
    assert made != given
    assert made.replace("-", "").isalnum()


@pytest.mark.parametrize(
    "given", ["", "00-x-y-01", f"00-{'0' * 32}-b7ad6b7169203331-01", f"00-{TRACE}"]
)
def test_a_broken_trace_is_passed_by(asked: TestClient, given: str) -> None:
    assert _id(asked, traceparent=given) not in {given, TRACE, "0" * 32}


def test_ids_differ(asked: TestClient) -> None:
    assert len({_id(asked) for _ in range(50)}) == 50
    assert RequestIds().new() != RequestIds().new()


@pytest.mark.parametrize("path", ["/sparql?query=x", "/data/a/b", "/api/v1/x", "/x", "/maps/x"])
def test_a_problem_names_its_request_once(asked: TestClient, path: str) -> None:
    answer = asked.get(path, headers={"x-request-id": "request-1"})
    assert answer.status_code >= 400
    assert answer.json()["request"] == "request-1"
    assert answer.headers.get_list("x-request-id") == ["request-1"]
    page = asked.get(path, headers={"x-request-id": "request-1", "accept": "text/html"})
    assert "request-1" in page.text


def test_a_failure_names_its_request_too(
    asked: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.routes.entities.read_entity", None)
    answer = asked.get("/api/v1/consortium/esia?lang=lv", headers={"x-request-id": "request-1"})
    assert answer.status_code == 500
    assert answer.json()["request"] == "request-1"
    assert answer.headers.get_list("x-request-id") == ["request-1"]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/sparql?query=ASK{}", 200), ("/id/consortium/esia", 303), ("/static/style.css", 200)],
)
def test_every_kind_of_answer_carries_an_id(asked: TestClient, path: str, status: int) -> None:
    answer = asked.get(path)
    assert answer.status_code == status
    assert answer.headers["x-request-id"]
    tagged = asked.get(path, headers={"if-none-match": answer.headers["etag"]})
    assert tagged.status_code == 304
    assert tagged.headers["x-request-id"] != answer.headers["x-request-id"]


def test_the_log_names_request_and_release(
    release_home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with TestClient(create_app(Settings(home=release_home))) as client:
        client.get("/sparql?query=ASK{}", headers={"x-request-id": "request-1"})
    line = json.loads(capfd.readouterr().err.splitlines()[-1])
    assert (line["request"], line["release"], line["bytes"]) == ("request-1", 1, 26)


def test_groups_are_told_by_the_first_segment() -> None:
    paths = {
        "/": "pages",
        "/sparql": "sparql",
        "/sparql/": "sparql",
        "/id/a/b": "id",
        "/api/v1/x": "api",
        "/.well-known/void": "pages",
        "/ready": "health",
        "/sparqlx": "other",
        "//": "pages",
        "": "pages",
    }
    assert {path: group_of(path) for path in paths} == paths


async def _observed(app: Any) -> tuple[bytes, list[bytes]]:
    """Answer one request with an application; give what was counted and logged of it."""
    chunks: list[bytes] = []
    lines = Lines(chunks.append)
    metrics = Metrics()
    observer = Observer(metrics, lines, AccessLog(lines), SlowQueries(lines, 1), lambda: 0)
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(_: Message) -> None:
        return

    try:
        await Observing(app, observer)(scope, receive, send)
    except (asyncio.CancelledError, RuntimeError):
        pass
    finally:
        lines.close()
    return metrics.text(), chunks


@pytest.mark.parametrize(
    ("error", "status"), [(asyncio.CancelledError(), 499), (RuntimeError(), 500), (None, 499)]
)
def test_what_is_never_answered_is_counted(error: BaseException | None, status: int) -> None:
    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        if error is not None:
            raise error

    counted, chunks = asyncio.run(_observed(app))
    assert f'status="{status}"}} 1'.encode() in counted
    line = json.loads(b"".join(chunks))
    assert (line["status"], line["release"]) == (status, None)


def test_the_release_that_answered_is_logged_where_it_is_not_the_served_one() -> None:
    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        scope["state"]["release"] = 4
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"abc", "more_body": True})
        await send({"type": "http.response.body", "body": b"de"})

    _, chunks = asyncio.run(_observed(app))
    line = json.loads(b"".join(chunks))
    assert (line["status"], line["release"], line["bytes"]) == (200, 4, 5)


@pytest.mark.parametrize(
    ("writing", "outcome"),
    [
        (("POST", "/sparql", "application/sparql-update"), "refused"),
        (("PUT", "/graph-store?default", "text/turtle"), "refused"),
        (("DELETE", "/graph-store?default", "text/turtle"), "refused"),
    ],
)
def test_a_write_is_counted_by_its_outcome(
    counted: TestClient, writing: tuple[str, str, str], outcome: str
) -> None:
    method, path, kind = writing
    answer = counted.request(
        method, path, content="INSERT DATA { <x:a> <x:b> 1 }", headers={"content-type": kind}
    )
    assert answer.status_code in {401, 403}
    told = counted.get("/metrics").text
    assert f'sikg_writes_total{{outcome="{outcome}"}} 1' in told


def test_reading_a_graph_is_no_write(counted: TestClient) -> None:
    counted.get("/graph-store?default")
    counted.post("/sparql", data={"query": "ASK{}"})
    told = counted.get("/metrics").text
    assert told.count("sikg_writes_total{") == 3
    assert all(line.endswith(" 0") for line in told.splitlines() if "writes_total{" in line)
