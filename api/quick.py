"""Quick answers: plain requests, read from their bytes and answered without a framework.

Most requests to an endpoint are GETs of a query with a handful of common headers. Those are read
here, in a tenth of the time that parser, scope, task and middlewares take together; and so are
those of documents and pages that were answered before. Whatever is not one of them, or is not sure
to be, is left to the ordinary way, which answers alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from time import perf_counter
from urllib.parse import unquote

from api.answers import Answer, Answers
from api.crew import Crew
from api.front import OF_RELEASE, answer_of, failed, memory_key, remembered, tag_of
from api.logs import REQUEST, Exchange
from api.negotiation import HTML, wanted
from api.observing import Observer, RequestIds
from api.pool import Pool
from api.protocol import Operation, read_operation_of
from api.settings import Settings
from api.tickets import Result, Ticket
from graph.dataset import Dataset
from graph.errors import SikgError
from graph.workers.messages import Job

_LONGEST = 16_384  # bytes of a request that is read here
_ASKED = b"GET /sparql?"
_STARTS = (_ASKED, *(f"GET {path}".encode() for path in ("/data/", "/id/", *OF_RELEASE)))
_END = b"\r\n\r\n"
_HEAD = re.compile(
    rb"GET /sparql\?(?P<query>[!$%&'()*+,./0-9:;=?@A-Z_a-z~\[\]-]*) HTTP/1\.1\r\n"
    rb"(?P<headers>(?:[A-Za-z-]+:[ \t]*[\x20-\x7e]*\r\n)+)\r\n"
)
_TOLD = re.compile(
    rb"GET (?P<path>/[!$&'()*+,./0-9:;=@A-Z_a-z~%-]*)"
    rb"(?:\?(?P<query>[!$%&'()*+,./0-9:;=?@A-Z_a-z~-]*))?"
    rb" HTTP/1\.1\r\n(?P<headers>(?:[A-Za-z-]+:[ \t]*[\x20-\x7e]*\r\n)+)\r\n"
)
# What other headers say may change the answer.
_HEADERS = re.compile(
    rb"(?:(?:Host|User-Agent|Accept-Encoding|Accept-Language|Cache-Control|Pragma|DNT|Origin"
    rb"|Referer|Priority|Sec-[A-Za-z-]+|Upgrade-Insecure-Requests"
    rb"|X-Forwarded-[A-Za-z]+|X-Real-IP|Via):[^\r]*\r\n"
    rb"|Connection:[ \t]*keep-alive[ \t]*\r\n|Accept:[ \t]*(?P<accept>[^\r]*)\r\n)+",
    re.IGNORECASE,
)
_ACCEPT = re.compile(rb"(?:^|\n)accept:", re.IGNORECASE)
_HOST = re.compile(rb"(?:^|\n)host:", re.IGNORECASE)
_FORWARDED = re.compile(rb"\nx-forwarded-for:[ \t]*([^\r]*)", re.IGNORECASE)

Tell = Callable[[Answer, str], None]


@dataclass(slots=True)
class Asking:
    """A request that is being answered: what to call off if its client goes."""

    request: bytes
    query_string: bytes
    accept: str
    began: float
    id: str
    dataset: Dataset
    path: str = "/sparql"
    operation: Operation | None = None
    crew: Crew | None = None
    ticket: Ticket | None = None


class Quick:
    """Answers plain requests of one process."""

    def __init__(
        self, answers: Answers, pool: Pool, settings: Settings, observer: Observer
    ) -> None:
        self._answers = answers
        self._pool = pool
        self._settings = settings
        self._observer = observer
        self._ids = RequestIds()

    def remembered(self, request: bytes) -> tuple[Answer, str] | None:
        """Give the answer to a request of which the very bytes have been answered, and its id."""
        dataset = self._answers.served.opened()
        if dataset is None:
            return None
        began = perf_counter()
        answer = self._answers.memory.find((dataset.release.number, request))
        if answer is None:
            return None
        name = self._ids.new()
        path, _, query = request[4 : request.index(b" ", 4)].partition(b"?")
        self._observe(answer, unquote(path.decode("ascii")), query, began, name, dataset)
        return answer, name

    def ask(self, request: bytes, client: str, tell: Tell) -> Asking | None:
        """Answer or ask the workers; None if the request is to go the ordinary way."""
        if not request.startswith(_ASKED):
            return self._again(request, tell)
        found = _HEAD.fullmatch(request)
        headers = None if found is None else _common(found["headers"])
        dataset = self._answers.served.opened()
        if found is None or headers is None or dataset is None:
            return None
        accept = (headers["accept"] or b"").decode("ascii").strip()
        try:
            operation = read_operation_of(found["query"], self._settings)
        except SikgError:
            return None
        if operation is None or operation.release is not None or operation.format == HTML.name:
            return None
        asking = Asking(
            request,
            found["query"],
            accept,
            perf_counter(),
            self._ids.new(),
            dataset,
            operation=operation,
        )
        known = self._answers.memory.get(memory_key(dataset, operation, accept))
        if known is not None:
            self._finish(asking, known, tell)
            return asking
        return asking if self._ask(asking, operation, client, tell) else None

    def _again(self, request: bytes, tell: Tell) -> Asking | None:
        """Answer a request for a document or page as it was answered before."""
        found = _TOLD.fullmatch(request)
        dataset = self._answers.served.opened()
        if found is None or dataset is None or _common(found["headers"]) is None:
            return None
        began, path = perf_counter(), unquote(found["path"].decode("ascii"))
        query, headers = found["query"] or b"", _pairs(found["headers"])
        scope = {
            "path": path,
            "raw_path": found["path"],
            "query_string": query,
            "headers": headers,
        }
        answer = remembered(self._answers, dataset, scope)
        if answer is None:
            return None
        name = self._ids.new()
        self._answers.memory.put((dataset.release.number, request), answer, len(request))
        self._observe(answer, path, query, began, name, dataset)
        tell(answer, name)
        return Asking(request, query, "", began, name, dataset, path)

    def _ask(self, asking: Asking, operation: Operation, client: str, tell: Tell) -> bool:
        """Answer or ask a worker; False while there are none."""
        REQUEST.set(asking.id)
        job = Job(
            operation.query,
            wanted(asking.accept, operation.format),
            self._settings.result_rows,
            self._settings.result_bytes,
        )
        found = self._pool.look_up(asking.dataset, job)
        if found is not None:
            self._told(asking, found, tell)
            return True
        crew = self._pool.crew(asking.dataset.release)
        if crew is None:
            return False
        try:
            asking.ticket = self._pool.submit(
                crew, job.packed(), client, lambda outcome: self._told(asking, outcome, tell)
            )
        except SikgError as error:
            self._told(asking, error, tell)
        asking.crew = crew
        return True

    def call_off(self, asking: Asking) -> None:
        """Forget a request whose client has gone."""
        if asking.crew is not None and asking.ticket is not None:
            self._pool.cancel(asking.crew, asking.ticket)

    def _told(self, asking: Asking, outcome: Result | Exception, tell: Tell) -> None:
        if isinstance(outcome, Exception):
            self._finish(asking, _problem(outcome, asking), tell)
            return
        operation = asking.operation
        if operation is None:
            raise TypeError("a query is asked with its operation")
        tag = None if operation.volatile else tag_of(asking.dataset, operation)
        answer = answer_of(outcome, tag)
        if tag is not None and answer.status == HTTPStatus.OK:
            weight = len(operation.query.text) + len(asking.accept)
            key = memory_key(asking.dataset, operation, asking.accept)
            self._answers.memory.put(key, answer, weight)
        self._finish(asking, answer, tell)

    def _finish(self, asking: Asking, answer: Answer, tell: Tell) -> None:
        if answer.etag is not None and answer.file is None:
            key = (asking.dataset.release.number, asking.request)
            self._answers.memory.put(key, answer, len(asking.request))
        self._observe(
            answer, asking.path, asking.query_string, asking.began, asking.id, asking.dataset
        )
        tell(answer, asking.id)

    def _observe(  # what a line of the log is made of
        self, answer: Answer, path: str, query: bytes, began: float, name: str, dataset: Dataset
    ) -> None:
        self._observer.exchanged(
            Exchange(
                "GET",
                path,
                query.decode("latin-1"),
                answer.status,
                _size(answer),
                perf_counter() - began,
                name,
                dataset.release.number,
            )
        )


def _size(answer: Answer) -> int:
    if answer.file is None:
        return len(answer.body)
    return next(int(value) for name, value in answer.headers if name == b"content-length")


def _common(headers: bytes) -> re.Match[bytes] | None:
    """Read headers that are all common, with one host and at most one wish for a format."""
    if len(_ACCEPT.findall(headers)) > 1 or len(_HOST.findall(headers)) != 1:
        return None
    return _HEADERS.fullmatch(headers)


def _pairs(headers: bytes) -> list[tuple[bytes, bytes]]:
    lines = (line.partition(b":") for line in headers.split(b"\r\n") if line)
    return [(name.lower(), value.strip()) for name, _, value in lines]


def forwarded_for(request: bytes) -> str:
    """Give the addresses for which proxies forwarded a request, divided by commas."""
    return b", ".join(_FORWARDED.findall(request)).decode("latin-1")


def may_be_quick(data: bytes) -> bool:
    """Tell whether bytes are one whole request of the kind that is answered here."""
    return (
        data.startswith(_STARTS)
        and len(data) <= _LONGEST
        and data.find(_END) == len(data) - len(_END)
    )


def _problem(error: Exception, asking: Asking) -> Answer:
    scope = {
        "type": "http",
        "path": "/sparql",
        "headers": [(b"accept", asking.accept.encode())],
        "state": {"request_id": asking.id},
    }
    answer = failed(scope, error)
    # The wire adds the id to every answer.
    headers = tuple(item for item in answer.headers if item[0] != b"x-request-id")
    return Answer(answer.status, headers, answer.body)
