"""The outermost layer: gives each request an id, and counts and logs how it was answered."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from itertools import count
from time import perf_counter
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.logs import REQUEST, AccessLog, Exchange, Lines, SlowQueries
from api.metrics import Counter, Group, Metrics

# The status that is counted for a client that went before its answer began.
CLIENT_WENT: Final = 499

_WRITE: Final = "write"
_SANE: Final = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._:-]{7,63}")
_TRACE: Final = re.compile(rb"[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_FIRST: Final[Mapping[str, Group]] = {
    "sparql": "sparql",
    "graph-store": "graph-store",
    "id": "id",
    "data": "data",
    "api": "api",
    "static": "static",
    "health": "health",
    "ready": "health",
    "metrics": "health",
    "": "pages",
    "page": "pages",
    "browse": "pages",
    "search": "pages",
    "queries": "pages",
    "maps": "pages",
    "ontology": "pages",
    "context.jsonld": "pages",
    ".well-known": "pages",
    "report": "pages",
    "about": "pages",
    "problems": "pages",
}


@dataclass(frozen=True, slots=True)
class Observer:
    """What one process observes with; `release` tells which release it serves, 0 for none."""

    metrics: Metrics
    lines: Lines
    access: AccessLog
    slow: SlowQueries
    release: Callable[[], int]

    def exchanged(self, told: Exchange) -> None:
        """Count and log a request that is answered."""
        self.metrics.observe_request(
            group_of(told.path), told.method, told.status, told.seconds, told.size
        )
        self.access.write(told)


class RequestIds:
    """Names requests: as the client or a server before us did, if that is a sane name."""

    def __init__(self) -> None:
        # Unlike those of any other process, and counted on: cheaper than chance for each.
        self._prefix = secrets.token_hex(6)
        self._numbers = count(1)

    def of(self, scope: Scope) -> str:
        """Give the id of a request: X-Request-ID, the trace of traceparent, or a new one."""
        given = traced = b""
        for name, value in scope["headers"]:
            if name == b"x-request-id":
                given = value
            elif name == b"traceparent":
                traced = value
        if given and _SANE.fullmatch(given):
            return str(given, "ascii")
        if traced and (trace := _TRACE.fullmatch(traced)):
            return str(trace[1], "ascii")
        return self.new()

    def new(self) -> str:
        """Give an id that no other request of the server has."""
        return f"{self._prefix}-{next(self._numbers):x}"


class Observing:
    """Answers with another application, and tells an observer of each exchange.

    The id stands in `scope["state"]["request_id"]` for whoever answers, and in the header
    X-Request-ID of the answer. Who answers from another release than the served one puts its
    number into `scope["state"]["release"]`.
    """

    def __init__(self, app: ASGIApp, observer: Observer) -> None:
        self._app = app
        self._observer = observer
        self._ids = RequestIds()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        request = self._ids.of(scope)
        state = scope.setdefault("state", {})
        state["request_id"] = request
        REQUEST.set(request)
        status = size = 0

        async def told(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                # Problems name the request themselves, since some are told outside of this layer.
                if status < HTTPStatus.BAD_REQUEST or not _has_id(message):
                    headers = [*message["headers"], (b"x-request-id", request.encode())]
                    message = {**message, "headers": headers}
            else:
                size += len(message.get("body", b""))
            await send(message)

        unanswered: int = CLIENT_WENT
        try:
            await self._app(scope, receive, told)
        except Exception:
            unanswered = HTTPStatus.INTERNAL_SERVER_ERROR
            raise
        finally:
            exchange = Exchange(
                scope["method"],
                scope["path"],
                scope["query_string"].decode("latin-1"),
                status or unanswered,
                size,
                perf_counter() - started,
                request,
                state.get("release") or self._observer.release(),
            )
            self._observer.exchanged(exchange)
            if _WRITE in state:
                self._observer.metrics.count(_outcome_of_write(exchange.status))


def note_write(scope: Scope) -> None:
    """Note that a request asks to write, so that its outcome is counted as that of a write."""
    scope.setdefault("state", {})[_WRITE] = True


def _outcome_of_write(status: int) -> Counter:
    if status < HTTPStatus.BAD_REQUEST:
        return "writes_accepted"
    failed = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return "writes_failed" if failed else "writes_refused"


def _has_id(message: Message) -> bool:
    return any(name == b"x-request-id" for name, _ in message["headers"])


def group_of(path: str) -> Group:
    """Give the group that a path is counted in."""
    return _FIRST.get(path[1:].partition("/")[0], "other")
