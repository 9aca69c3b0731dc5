"""The short way of plain requests, in a real server: it answers as the ordinary way does."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
import uvicorn

from api.app import create_app
from api.quick import Asking, Quick, Tell
from api.settings import Settings
from api.wire import Wire
from tests.api.odd import publish_odd

SELECT = "SELECT ?p ?o WHERE { <http://localhost:8000/id/country/EE> ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
Ask = Callable[..., "Reply"]


class Reply:
    """A response as it came over the wire."""

    def __init__(self, head: bytes, body: bytes) -> None:
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split()[1])
        pairs = [line.partition(": ") for line in lines[1:]]
        self.headers = {name.lower(): value for name, _, value in pairs}
        self.body = body

    def same(self) -> tuple[int, dict[str, str], bytes]:
        """Give what must not depend on the way, nor on the moment."""
        moving = {"date", "x-request-id", "connection"}
        if self.status != 200:
            moving.add("content-length")  # the request id stands in the body
        headers = {name: value for name, value in self.headers.items() if name not in moving}
        return self.status, headers, re.sub(rb'"request": ?"[^"]*"', b"", self.body)


class Server(uvicorn.Server):
    """A server in a thread; `quick` counts what went the short way."""

    def __init__(self, settings: Settings) -> None:
        quick: list[bytes] = []

        class Counting(Wire):
            def _answer(self, *given: object) -> bool:
                taken = super()._answer(*given)  # type: ignore[arg-type]
                if taken:
                    quick.append(b"")
                return taken

        config = uvicorn.Config(
            create_app(settings), http=Counting, port=0, log_config=None, server_header=False
        )
        super().__init__(config)
        self.quick = quick

    @property
    def port(self) -> int:
        """Give the port that it listens on."""
        return int(self.servers[0].sockets[0].getsockname()[1])


@contextmanager
def serve(settings: Settings) -> Iterator[Server]:
    """Run a server until the end of the block."""
    server = Server(settings)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield server
    finally:
        server.should_exit = True
        thread.join(timeout=20)


@pytest.fixture(scope="module")
def server(release_home: Path) -> Iterator[Server]:
    with serve(Settings(home=release_home, access_log="off")) as server:
        with connect(server) as warm:
            warm.sendall(get(SELECT))  # so that the workers are there
            read(warm)
        yield server


def connect(server: Server) -> closing[socket.socket]:
    return closing(socket.create_connection(("127.0.0.1", server.port), timeout=20))


def get(query: str, *lines: str, more: str = "") -> bytes:
    """Write a request."""
    rows = [f"GET /sparql?query={quote(query, safe='')}{more} HTTP/1.1", "Host: x", *lines, "", ""]
    return "\r\n".join(rows).encode("latin-1")


def ask_for(path: str, *lines: str) -> bytes:
    """Write a request for a document or a page."""
    return "\r\n".join((f"GET {path} HTTP/1.1", "Host: x", *lines, "", "")).encode("latin-1")


def read(connection: socket.socket, held: bytearray | None = None) -> Reply:
    """Read one response; what came after it stays in `held`."""
    held = bytearray() if held is None else held
    while b"\r\n\r\n" not in held:
        piece = connection.recv(65536)
        assert piece, "the connection was closed"
        held += piece
    head, _, rest = bytes(held).partition(b"\r\n\r\n")
    reply = Reply(head, b"")
    size = int(reply.headers.get("content-length", "0"))
    while len(rest) < size:
        piece = connection.recv(1 << 20)
        assert piece, "the connection was closed"
        rest += piece
    reply.body = rest[:size]
    held[:] = rest[size:]
    return reply


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        (SELECT, ()),
        (SELECT, ("Accept: application/sparql-results+json",)),
        (SELECT, ("Accept: text/csv;q=0.5, application/sparql-results+xml",)),
        (SELECT, ("accept: text/csv", "User-Agent: a", "Accept-Encoding: gzip")),
        (SELECT, ("Accept: image/png",)),
        ("ASK {}", ("Connection: keep-alive",)),
        ("DESCRIBE <http://localhost:8000/id/country/EE>", ("Accept: text/turtle",)),
        ("SELECT * WHERE { ?s ?p }", ()),
        ("SELECT * WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", ()),
        ("SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o", ("Accept: text/tab-separated-values",)),
        ("SELECT ('õ ö 漢' AS ?x) {}", ()),
        ("", ()),
    ],
)
def test_both_ways_give_the_same(server: Server, query: str, lines: tuple[str, ...]) -> None:
    with connect(server) as connection:
        answers = []
        for extra in ((), ("X-Ordinary: yes",), ()):
            connection.sendall(get(query, *lines, *extra))
            answers.append(read(connection).same())
    assert answers[0] == answers[1] == answers[2]


def test_plain_requests_go_the_short_way_and_others_do_not(server: Server) -> None:
    def short(request: bytes) -> bool:
        before = len(server.quick)
        with connect(server) as connection:
            connection.sendall(request)
            read(connection)
        return len(server.quick) > before

    plain = get("ASK { FILTER(1 = 1) }", "Accept: text/csv")
    assert short(plain)
    assert short(plain)
    assert short(get("ASK {}", "X-Forwarded-For: 192.0.2.1", "X-Forwarded-Proto: https"))
    assert not short(get("ASK {}", "Authorization: Bearer secret"))
    assert not short(get("ASK {}", 'If-None-Match: "x"'))
    assert not short(get("ASK {}", "Accept: text/csv", "Accept: text/turtle"))
    assert not short(get("ASK {}", "X-Request-ID: from-the-client"))
    assert not short(get("ASK {}", "Connection: close"))
    assert not short(get("ASK {}", more="&format=html"))
    assert not short(get("ASK {}", more="&release=1"))
    assert not short(get("ASK {}").replace(b"GET", b"OPTIONS"))
    assert not short(plain.replace(b"HTTP/1.1", b"HTTP/1.0"))
    assert not short(plain.replace(b"Host: x\r\n", b"Host: x\r\nHost: y\r\n"))


def test_the_client_behind_a_proxy_is_who_asks(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    plain = Quick.ask

    def ask(self: Quick, request: bytes, client: str, tell: Tell) -> Asking | None:
        asked.append(client)
        return plain(self, request, client, tell)

    monkeypatch.setattr(Quick, "ask", ask)
    with connect(server) as connection:
        for place, lines in enumerate(
            [
                (),
                ("X-Forwarded-For: 192.0.2.1",),
                ("X-Forwarded-For: 198.51.100.7, 192.0.2.2",),
                ("x-forwarded-for: 198.51.100.7", "X-Forwarded-For: 192.0.2.3, 127.0.0.1"),
                ("X-Forwarded-For: ",),
            ]
        ):
            connection.sendall(get(f"SELECT ({place} AS ?client) {{}}", *lines))
            assert read(connection).status == 200
    assert asked == ["127.0.0.1", "192.0.2.1", "192.0.2.2", "192.0.2.3", "127.0.0.1"]


def test_answers_keep_the_order_of_requests_in_a_row(server: Server) -> None:
    queries = [f"SELECT ({place} AS ?n) {{}}" for place in range(40)]
    whole = b"".join(
        get(query, *(("X-Ordinary: yes",) if place % 3 == 0 else ()))
        for place, query in enumerate(queries)
    )
    for step in (1, 50, 333, len(whole)):
        with connect(server) as connection:
            for start in range(0, len(whole), step):
                connection.sendall(whole[start : start + step])
            held = bytearray()
            for place in range(len(queries)):
                assert f'"value":"{place}"'.encode() in read(connection, held).body


def test_a_request_while_another_is_answered_waits(server: Server) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { { SELECT * { ?a ?b ?c } LIMIT 900 } { SELECT * { ?d ?e ?f } LIMIT 900 } }"  # noqa: E501
    with connect(server) as connection:
        connection.sendall(get(slow))
        time.sleep(0.02)
        connection.sendall(get("SELECT (7 AS ?n) {}"))
        held = bytearray()
        assert b'"810000"' in read(connection, held).body
        assert b'"7"' in read(connection, held).body


def test_a_large_result_comes_whole_to_a_slow_reader(server: Server) -> None:
    before = len(server.quick)
    with connect(server) as connection:
        connection.sendall(get("SELECT * { ?s ?p ?o . FILTER(?p != <x:y>) }"))
        time.sleep(0.5)
        reply = read(connection)
        assert reply.status == 200
        assert reply.body.endswith(b"]}}")
        connection.sendall(get("ASK {}"))
        assert read(connection).body == b'{"head":{},"boolean":true}'
    assert len(server.quick) >= before + 2


def test_every_answer_has_an_id_of_its_own(server: Server) -> None:
    with connect(server) as connection:
        seen = set()
        for _ in range(3):
            connection.sendall(get("ASK {}"))
            seen.add(read(connection).headers["x-request-id"])
    assert len(seen) == 3


@pytest.mark.parametrize(
    "request_", [get("ASK {}"), ask_for("/data/theme/care")], ids=["query", "document"]
)
def test_a_new_release_is_seen_by_remembered_requests(tmp_path: Path, request_: bytes) -> None:
    publish_odd(tmp_path, digest="1" * 128)
    with serve(Settings(home=tmp_path, access_log="off")) as server, connect(server) as connection:
        tags = []
        for _ in range(3):
            connection.sendall(request_)
            tags.append(read(connection).headers["etag"])
        publish_odd(tmp_path, digest="2" * 128)
        connection.sendall(request_)
        later = read(connection).headers["etag"]
        assert len(set(tags)) == 1
        assert later != tags[0]


def test_a_client_that_goes_frees_its_worker(release_home: Path) -> None:
    settings = Settings(home=release_home, slow_workers=1, access_log="off")
    with serve(settings) as server:
        pool = server.config.loaded_app.app.state.service.pool
        with connect(server) as warm:
            warm.sendall(get("ASK {}"))
            read(warm)
            before = len(server.quick)
            with connect(server) as connection:
                connection.sendall(get(ENDLESS))
                _until(lambda: pool.counts()["slow"] == 1)
            assert len(server.quick) == before + 1
            _until(lambda: pool.counts()["slow"] == 0)
            warm.sendall(get("ASK {}"))
            assert read(warm).status == 200


def _until(condition: Callable[[], bool]) -> None:
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come to hold")


TOLD = (
    ("/data/organisation/ee-kysk", ("Accept: text/turtle",)),
    ("/data/organisation/ee-kysk", ()),
    ("/data/organisation/ee-kysk.jsonld", ("Accept-Encoding: gzip",)),
    ("/id/organisation/ee-kysk", ("Accept: text/html",)),
    ("/page/organisation/ee-kysk", ("Accept-Language: et", "Accept: text/html")),
    ("/page/organisation/ee-kysk", ("Origin: https://a.example",)),
    ("/page/practice/vunki-mano?lang=lv", ("Accept-Encoding: gzip",)),
    ("/api/v1/organisation?country=EE&limit=2", ()),
)


@pytest.mark.parametrize(("path", "lines"), TOLD)
def test_what_was_told_once_is_told_the_same_the_short_way(
    server: Server, path: str, lines: tuple[str, ...]
) -> None:
    with connect(server) as connection:
        replies, ways = [], []
        for _ in range(3):
            before = len(server.quick)
            connection.sendall(ask_for(path, *lines))
            replies.append(read(connection))
            ways.append(len(server.quick) - before)
    first, second, third = (reply.same() for reply in replies)
    assert first == second == third
    assert replies[0].status in {200, 303}
    assert len({reply.headers["x-request-id"] for reply in replies}) == 3
    # The first may be known from another test; what is told again needs no route.
    assert ways[1:] == [1, 1]


@pytest.mark.parametrize(
    "lines",
    [
        ("If-None-Match: *",),
        ("Accept-Profile: <https://schema.org/>",),
        ("Range: bytes=0-9",),
        ("Connection: close",),
        ("Accept: text/html", "Accept: text/turtle"),
        ("Authorization: Bearer x",),
    ],
)
def test_what_asks_for_more_goes_the_ordinary_way(server: Server, lines: tuple[str, ...]) -> None:
    path = "/data/organisation/ee-kysk"
    with connect(server) as connection:
        connection.sendall(ask_for(path))
        read(connection)
        before = len(server.quick)
        connection.sendall(ask_for(path, *lines))
        read(connection)
    assert len(server.quick) == before
