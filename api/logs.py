"""Logs as JSON, one line an event, without personal data and without secrets.

A line of the access log costs the event loop no system call: a thread of its own writes what has
gathered. Nobody waits for whoever reads the log; lines that are not taken in time are dropped
and counted.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from hashlib import sha256
from json.encoder import encode_basestring_ascii as quoted
from threading import Event, Lock, Thread
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import unquote_plus

from graph.shape import shape

Detail = Literal["off", "path", "address"]

# The request that the running task answers; what is logged meanwhile names it.
REQUEST: Final[ContextVar[str]] = ContextVar("request")

_GATHERING: Final = 0.1  # s between two writes
_MOST: Final = 20_000  # lines that wait at most
_CHUNK: Final = 4096  # bytes that a pipe takes whole, so that processes can share one (PIPE_BUF)
_LONGEST: Final = 300  # characters of a path or query string
_SECRETS: Final = re.compile(
    r"(?P<scheme>\b(?:bearer|basic)\s+)[\w.~+/=-]{6,}"
    r"|(?P<header>\b(?:authorization|cookie|x-api-key)\b[\"']?\s*[:=,]\s*b?[\"']?)[^\"'\r\n]+"
    r"|(?P<name>\b[\w.-]*(?:token|secret|passw(?:or)?d|signature|authorization|api[_-]?key)=)"
    r"[^&\s\"']+"
    r"|(?P<user>://)[^/\s@]+@",
    re.IGNORECASE,
)


def redacted(text: str) -> str:
    """Take tokens, passwords and the like out of a text, wherever they are recognised."""
    return _SECRETS.sub(_without_secret, text)


def _without_secret(match: re.Match[str]) -> str:
    before = match["scheme"] or match["header"] or match["name"] or match["user"]
    return f"{before}…@" if match["user"] else f"{before}…"


class Lines:
    """Hands lines to `write`, gathered and from a thread of its own."""

    def __init__(
        self, write: Callable[[bytes], object], dropped: Callable[[int], object] | None = None
    ) -> None:
        self._write = write
        self._dropped = dropped
        self._waiting: deque[bytes] = deque()
        self._lost = 0
        self._any = Event()
        self._closing = Event()
        self._writing, self._starting = Lock(), Lock()
        self._thread: Thread | None = None

    def put(self, line: bytes) -> None:
        """Take one line, without its end."""
        if len(self._waiting) >= _MOST:
            self._lost += 1
            return
        self._waiting.append(line)
        if not self._any.is_set():
            self._start()
            self._any.set()

    def flush(self) -> None:
        """Write all lines that wait."""
        with self._writing:
            chunk: list[bytes] = []
            size = 0
            for _ in range(len(self._waiting)):
                line = self._waiting.popleft()
                size += len(line) + 1
                if size > _CHUNK and chunk:
                    self._write(b"\n".join((*chunk, b"")))
                    chunk, size = [], len(line) + 1
                chunk.append(line)
            if chunk:
                self._write(b"\n".join((*chunk, b"")))
            if self._lost:
                lost, self._lost = self._lost, 0
                self._write(
                    f'{{"time":{quoted(_now())},"event":"dropped","lines":{lost}}}\n'.encode()
                )
                if self._dropped is not None:
                    self._dropped(lost)

    def close(self) -> None:
        """Write what waits and end the thread; neither if whoever reads takes nothing."""
        self._closing.set()
        self._any.set()
        if self._thread is not None:
            self._thread.join(timeout=5)
            if self._thread.is_alive():
                return
        with suppress(OSError):
            self.flush()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = Thread(target=self._work, name="log", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while not self._closing.is_set():
            self._any.wait()
            self._closing.wait(_GATHERING)
            self._any.clear()
            try:
                self.flush()
            except OSError:  # nobody reads any more: the service goes on
                self._waiting.clear()


class Exchange(NamedTuple):
    """A request and its answer, as they are counted and logged.

    `query` is the query string, `size` the bytes of the answer's body, `request` the id, and
    `release` the number of the release that answered, 0 where none did.
    """

    method: str
    path: str
    query: str
    status: int
    size: int
    seconds: float
    request: str
    release: int


class AccessLog:
    """One line for each request: no address of a client, and by default no query string."""

    def __init__(self, lines: Lines, detail: Detail = "path") -> None:
        self.detail = detail
        self._lines = lines
        self._second = 0
        self._stamp = ""

    def write(self, told: Exchange) -> None:
        """Log a request."""
        if self.detail == "off":
            return
        more = ""
        if self.detail == "address" and told.query:
            given = redacted(unquote_plus(told.query, "latin-1")[:_LONGEST])
            more = f',"query":{quoted(given)}'
        self._lines.put(
            f'{{"time":"{self._now()}","event":"request","method":{quoted(told.method[:20])},'
            f'"path":{quoted(told.path[:_LONGEST])}{more},"status":{told.status},'
            f'"bytes":{told.size},"ms":{told.seconds * 1000:.2f},"request":{quoted(told.request)},'
            f'"release":{told.release or "null"}}}'.encode()
        )

    def _now(self) -> str:
        """Tell the time; only its fraction is written anew within one second."""
        now = time.time()
        second = int(now)
        if second != self._second:
            self._second = second
            self._stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
        return f"{self._stamp}.{int((now - second) * 1000):03d}Z"


class SlowQueries:
    """One line for each query that took long or was not answered in full.

    It holds what an operator needs to find the query again and to see what kind it is, and
    nothing that tells who asked or about whom.
    """

    def __init__(self, lines: Lines, seconds: float) -> None:
        self.seconds = seconds
        self._lines = lines

    def observe(self, query: str, seconds: float, outcome: str, request: str = "") -> None:
        """Log a query if it took at least the threshold."""
        if seconds < self.seconds:
            return
        digest = sha256(query.encode("utf-8", "surrogatepass")).hexdigest()
        document = {
            "time": _now(),
            "event": "slow query",
            "outcome": outcome,
            "seconds": round(seconds, 3),
            "sha256": digest,
            "shape": shape(query),
            "request": request or REQUEST.get(""),
        }
        self._lines.put(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())


class JsonFormatter(logging.Formatter):
    """Writes records of the standard library as our lines."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record; secrets are taken out of its text and of its traceback."""
        document: dict[str, object] = {
            "time": _now(record.created),
            "event": "log",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redacted(record.getMessage()),
        }
        request = REQUEST.get("")
        if request:
            document["request"] = request
        if record.exc_info:
            document["traceback"] = redacted(self.formatException(record.exc_info))
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def configuration() -> dict[str, Any]:
    """Give the configuration of logging for a server: warnings and errors as JSON to stderr."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "api.logs.JsonFormatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
    }


def _now(at: float | None = None) -> str:
    now = time.time() if at is None else at
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now))
    return f"{stamp}.{int(now % 1 * 1000):03d}Z"
