"""A small server of tests: it notes what it is asked and answers as the test says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request as the server got it."""

    path: str
    headers: dict[str, str]
    query: str


@dataclass(frozen=True)
class Answer:
    """What the server answers; `told` is the length it tells where it is not the true one."""

    body: bytes = b""
    media_type: str = "text/csv"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    told: int | None = None


Answering = Callable[[Asked], Answer]


class Server(ThreadingHTTPServer):
    """A server on a free port of this machine."""

    daemon_threads = True

    def __init__(self, answering: Answering) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[Asked] = []
        self.answering = answering

    @property
    def address(self) -> str:
        """Give the address of the root."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self._answer(urlsplit(self.path).query)

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def _answer(self, encoded: str) -> None:
        query = parse_qs(encoded).get("query", [""])[0]
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(urlsplit(self.path).path, headers, query)
        self.server.asked.append(asked)
        answer = self.server.answering(asked)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        length = len(answer.body) if answer.told is None else answer.told
        self.send_header("Content-Length", str(length))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)
        self.close_connection = answer.told is not None

    def log_message(self, *_: object) -> None:
        """Keep the output of the tests clean."""


@contextmanager
def serving(answering: Answering) -> Iterator[Server]:
    """Serve while the test runs."""
    server = Server(answering)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
