"""The front: SPARQL and linked data as a bare ASGI application before the routes of FastAPI.

These two are asked most and by machines, and need nothing of a framework: half of the time of a
point lookup would be spent in routing it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.answers import Answer, Answers
from api.errors import MethodError
from api.linked import alternates, by_suffix, path, read_reference
from api.negotiation import HTML, choose
from api.protocol import Operation, header, read_operation, read_parameters
from api.rendering import failure
from api.settings import Settings
from graph.dataset import Dataset
from graph.documents import document
from graph.engine import Form
from graph.entities import exists, read_entity
from graph.errors import NotFoundError, SikgError
from graph.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from graph.identity import Reference

_READING = "GET, HEAD, OPTIONS"
_ASKING = "GET, HEAD, OPTIONS, POST"

Headers = tuple[tuple[bytes, bytes], ...]
_SHARED: Headers = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Link, Location, Vary"),
    (b"vary", b"Accept"),
    (b"x-content-type-options", b"nosniff"),
)
# What routes make from the served release alone, so that its number and digest can name it.
_OF_RELEASE = ("/page/", "/browse/", "/queries", "/maps", "/api/v1/", "/report")
# A new version of the service may say the same in another way.
_BUILD = str(max(file.stat().st_mtime_ns for file in Path(__file__).parent.rglob("*.*")))
# Pages may load and send only to this service, and nobody may put them in a frame.
_POLICY = (
    b"default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    b"frame-ancestors 'none'"
)
_PAGE_HEADERS: Headers = (
    (b"content-security-policy", _POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)
_FORMATS: Mapping[Form, tuple[Format, ...]] = {
    Form.SOLUTIONS: RESULT_FORMATS,
    Form.BOOLEAN: RESULT_FORMATS,
    Form.GRAPH: GRAPH_FORMATS,
}


class Front:
    """Answers `/sparql`, `/id/…` and `/data/…` itself, and hands on everything else."""

    def __init__(self, app: ASGIApp, answers: Answers, settings: Settings) -> None:
        self._app = app
        self._answers = answers
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = scope["path"]
        try:
            if asked == "/sparql":
                answer = await self._sparql(scope, receive)
            elif asked.startswith("/data/"):
                answer = await self._data(scope)
            elif asked.startswith("/id/"):
                answer = await self._id(scope)
            else:
                answer = None
        except SikgError as error:
            response = failure(scope, error)
            for name, value in _SHARED:
                response.headers.setdefault(name.decode(), value.decode())
            await response(scope, receive, partial(_send_page, send, _PAGE_HEADERS))
            return
        if answer is None:
            await self._hand_on(scope, receive, send)
            return
        await _send(answer, scope, send)

    async def _hand_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the routes answer, unless the client has what they would say already.

        HEAD is answered as GET without body. What is made from the release alone gets a tag.
        """
        headers = _PAGE_HEADERS
        reading = scope["method"] in {"GET", "HEAD"}
        if reading and _is_of_release(scope["path"]):
            dataset = self._answers.served.opened()
            if dataset is not None:
                etag = _tag_of_page(dataset, scope)
                if _is_known(header(scope, b"if-none-match"), etag):
                    not_modified = Answer(304, ((b"etag", etag.encode()), *_SHARED), b"")
                    await _send(not_modified, scope, send)
                    return
                headers = (*headers, (b"etag", etag.encode()), (b"cache-control", b"no-cache"))
        if scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
            send = partial(_send_head, send)
        await self._app(scope, receive, partial(_send_page, send, headers))

    async def _sparql(self, scope: Scope, receive: Receive) -> Answer | None:
        if scope["method"] == "OPTIONS":
            return _options(_ASKING)
        if scope["method"] not in {"GET", "HEAD", "POST"}:
            raise MethodError(scope["method"], _ASKING)
        operation = await read_operation(scope, receive, self._settings)
        if operation is None or operation.format == HTML.name:
            scope.setdefault("state", {})["operation"] = operation
            return None
        dataset = await self._answers.dataset()
        query, accept = operation.query, header(scope, b"accept")
        asked = (query.text, *query.default_graphs, "", *query.named_graphs)
        key = (dataset.release.number, asked, operation.format, accept)
        make = partial(_answer_query, dataset, operation, accept, _tag(dataset, asked))
        if operation.volatile:
            return await self._answers.run(make)
        return await self._remembered(key, make, len(query.text) + len(accept))

    async def _data(self, scope: Scope) -> Answer:
        if scope["method"] == "OPTIONS":
            return _options(_READING)
        if scope["method"] not in {"GET", "HEAD"}:
            raise MethodError(scope["method"], _READING)
        reference = read_reference(scope, "data")
        dataset = await self._answers.dataset()
        accept = header(scope, b"accept")
        name = _format_name(scope)
        key = (dataset.release.number, reference, name, accept)
        make = partial(_answer_data, dataset, reference, name, accept, self._settings.links)
        return await self._remembered(key, make, len(reference.key) + len(accept))

    async def _id(self, scope: Scope) -> Answer:
        if scope["method"] == "OPTIONS":
            return _options(_READING)
        if scope["method"] not in {"GET", "HEAD"}:
            raise MethodError(scope["method"], _READING)
        reference = read_reference(scope, "id")
        dataset = await self._answers.dataset()
        accept, name = header(scope, b"accept"), _format_name(scope)
        key = (dataset.release.number, "id", reference, name, accept)
        make = partial(_answer_id, dataset, reference, name, accept)
        return await self._remembered(key, make, len(reference.key) + len(accept))

    async def _remembered(self, key: Hashable, make: Callable[[], Answer], weight: int) -> Answer:
        answer = self._answers.memory.get(key)
        if answer is None:
            answer = await self._answers.run(make)
            self._answers.memory.put(key, answer, weight)
        return answer


def _answer_query(dataset: Dataset, operation: Operation, accept: str, tag: str) -> Answer:
    form, body = dataset.store.answer(
        operation.query, lambda kind: choose(_FORMATS[kind], accept, name=operation.format)
    )
    etag = None if operation.volatile else f'"{tag}-{form.name}"'
    return _answer(form, body, etag)


def _answer_data(
    dataset: Dataset, reference: Reference, name: str | None, accept: str, limit: int
) -> Answer:
    divided = by_suffix(reference)
    if divided is not None and exists(dataset.store, dataset.identity, divided[0]):
        reference, form = divided
    else:
        form = choose(GRAPH_FORMATS, accept, name=name)
    entity = read_entity(dataset.store, dataset.identity, reference, limit=limit)
    link = alternates(reference).encode()
    etag = f'"{_tag(dataset, (path(reference, "data"),))}-{form.name}"'
    return _answer(form, document(entity, form), etag, ((b"link", link),))


def _answer_id(dataset: Dataset, reference: Reference, name: str | None, accept: str) -> Answer:
    if not exists(dataset.store, dataset.identity, reference):
        raise NotFoundError(
            f"this release says nothing about {dataset.identity.base}{path(reference, 'id')[1:]}"
        )
    form = choose((*GRAPH_FORMATS, HTML), accept, name=name)
    where = path(reference, "page" if form is HTML else "data")
    if name is not None and form is not HTML:
        where = f"{where}.{form.suffix}"
    etag = f'"{_tag(dataset, (path(reference, "id"),))}-{form.name}"'
    headers = (
        *_SHARED,
        (b"location", where.encode()),
        (b"link", alternates(reference).encode()),
        (b"etag", etag.encode()),
        (b"content-length", b"0"),
    )
    return Answer(303, headers, b"", etag)


def _answer(form: Format, body: bytes, etag: str | None, more: Headers = ()) -> Answer:
    headers: list[tuple[bytes, bytes]] = [
        (b"content-type", form.content_type.encode()),
        (b"content-length", str(len(body)).encode()),
        *_SHARED,
        *more,
    ]
    if etag is None:
        headers.append((b"cache-control", b"no-store"))
    else:
        headers += [(b"etag", etag.encode()), (b"cache-control", b"no-cache")]
    return Answer(200, tuple(headers), body, etag)


def _options(allow: str) -> Answer:
    return Answer(
        204,
        (
            (b"allow", allow.encode()),
            (b"access-control-allow-origin", b"*"),
            (b"access-control-allow-methods", allow.encode()),
            (b"access-control-allow-headers", b"Accept, Content-Type, If-None-Match"),
            (b"access-control-max-age", b"86400"),
        ),
        b"",
    )


def _format_name(scope: Scope) -> str | None:
    """Give the format of `?format=…`, the only parameter of linked data."""
    given = read_parameters(scope["query_string"]).get("format")
    return given[0] if given else None


def _tag(dataset: Dataset, asked: tuple[str, ...]) -> str:
    """Name an answer by the content of its release and what was asked."""
    digest = sha256("\0".join(asked).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{dataset.release.number}-{dataset.release.manifest.digest[:12]}-{digest[:24]}"


async def _send(answer: Answer, scope: Scope, send: Send) -> None:
    status, headers, body = answer.status, answer.headers, answer.body
    if answer.etag is not None and _is_known(header(scope, b"if-none-match"), answer.etag):
        dropped = {b"content-type", b"content-length", b"location"}
        status, body = 304, b""
        headers = tuple(item for item in headers if item[0] not in dropped)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _is_known(sent: str, etag: str) -> bool:
    """Tell whether If-None-Match names the tag, compared weakly (RFC 9110, 13.1.2)."""
    if not sent:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in sent.split(",")]
    return "*" in tags or etag in tags


async def _send_page(send: Send, headers: Headers, message: Message) -> None:
    """Send a message with the headers of pages, but for those that it has; errors get no tag."""
    if message["type"] == "http.response.start":
        present = {name.lower() for name, _ in message["headers"]}
        if message["status"] != HTTPStatus.OK:
            present |= {b"etag", b"cache-control"}
        added = [item for item in headers if item[0] not in present]
        message = {**message, "headers": [*message["headers"], *added]}
    await send(message)


async def _send_head(send: Send, message: Message) -> None:
    """Send a message without its body."""
    if message["type"] == "http.response.body":
        message = {**message, "body": b""}
    await send(message)


def _is_of_release(path: str) -> bool:
    return path.startswith(_OF_RELEASE) and not path.startswith("/api/v1/releases")


def _tag_of_page(dataset: Dataset, scope: Scope) -> str:
    """Name what a route makes from a release: by the address, and the headers it goes by."""
    asked = (
        _BUILD,
        scope["path"],
        scope["query_string"].decode("latin-1"),
        header(scope, b"accept"),
        header(scope, b"accept-language"),
    )
    return f'"{_tag(dataset, asked)}"'
