"""The front: SPARQL and linked data as a bare ASGI application before the routes of FastAPI.

These two are asked most and by machines, and need nothing of a framework: half of the time of a
point lookup would be spent in routing it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.answers import Answer, Answers, options
from api.compressing import compressed, is_text, takes_gzip
from api.dereferencing import Wish, choose_view, make_document, read_wish
from api.errors import MethodError
from api.linked import alternates, moved_to, path, read_reference
from api.negotiation import HTML, wanted
from api.pool import Pool
from api.protocol import Operation, Update, header, read_operation, read_parameters, read_release
from api.rendering import failure
from api.settings import Settings
from api.tickets import Result
from api.writing import Writing, is_of_graphs
from graph.dataset import Dataset
from graph.errors import SikgError
from graph.formats import Format
from graph.identity import Reference
from graph.workers.messages import FORMATS, Job

_READING = "GET, HEAD, OPTIONS"
_ASKING = "GET, HEAD, OPTIONS, POST"
_SENT = "Accept, Authorization, Content-Type, If-None-Match"

Headers = tuple[tuple[bytes, bytes], ...]
_SHARED: Headers = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Link, Location, SIKG-Cut, Vary, X-Request-ID"),
    (b"vary", b"Accept"),
    (b"x-content-type-options", b"nosniff"),
)
# What routes make from the served release alone, so that its number and digest can name it.
OF_RELEASE = (
    "/page/",
    "/browse/",
    "/links/",
    "/queries",
    "/maps",
    "/networks",
    "/api/v1/",
    "/report",
    "/embed/",
    "/find",
    "/money",
    "/partners",
    "/peers",
    "/where",
    "/when",
)
_OF_ALL_RELEASES = ("/api/v1/releases", "/api/v1/news")
# A new version of the service may say the same in another way.
_ROOT = Path(__file__).parents[1]
_CODE = ("api", "graph", "ontology", "visualisations")
_BUILD = str(
    max(
        file.stat().st_mtime_ns
        for name in _CODE
        for file in (_ROOT / name).rglob("*.*")
        if "node_modules" not in file.parts
    )
)
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
# Views that are made to stand in pages of others; they hold no form and know of no reader.
_EMBEDDED = "/embed/"
_EMBEDDED_HEADERS: Headers = (
    (b"content-security-policy", _POLICY.replace(b"ancestors 'none'", b"ancestors *")),
    *_PAGE_HEADERS[1:],
)
_LARGEST = 4_000_000  # bytes of an answer of a route that is remembered
_SHORT = 8_000  # bytes that are compressed sooner than a thread takes them over
_PIECE = 1 << 18  # bytes of a large result that are sent at once


class Front:
    """Answers `/sparql`, `/id/…` and `/data/…` itself, and hands on everything else."""

    def __init__(
        self, app: ASGIApp, answers: Answers, pool: Pool, settings: Settings, writing: Writing
    ) -> None:
        self._app = app
        self._writing = writing
        self._answers = answers
        self._pool = pool
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
            elif is_of_graphs(scope):
                answer = await self._writing.graph_store(scope, receive)
            elif asked.startswith("/data/"):
                answer = await self._data(scope)
            elif asked.startswith("/id/"):
                answer = await self._id(scope)
            else:
                answer = None
        except SikgError as error:
            await _send(failed(scope, error), scope, send)
            return
        if answer is None:
            await self._hand_on(scope, receive, send)
            return
        await _send(answer, scope, send)

    async def _hand_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the routes answer, unless the client has what they would say already.

        HEAD is answered as GET without body. What is made from the release alone gets a tag.
        """
        headers = _EMBEDDED_HEADERS if scope["path"].startswith(_EMBEDDED) else _PAGE_HEADERS
        reading = scope["method"] in {"GET", "HEAD"}
        dataset = self._answers.served.opened()
        key = None
        if reading and _is_of_release(scope["path"]) and dataset is not None:
            etag = _tag_of_page(dataset, scope)
            if _is_known(header(scope, b"if-none-match"), etag):
                not_modified = Answer(304, ((b"etag", etag.encode()), *_SHARED), b"")
                await _send(not_modified, scope, send)
                return
            key = _page_key(etag, scope)
            remembered = self._answers.memory.get(key)
            if remembered is not None:
                await _send(remembered, scope, send)
                return
            tagged = ((b"etag", etag.encode()), (b"cache-control", b"no-cache"))
            headers = (*headers, *tagged, (b"vary", b"Accept-Encoding"))
        # Dumps answer HEAD themselves, without reading what may be large.
        if scope["method"] == "HEAD" and not scope["path"].startswith("/dumps/"):
            scope = {**scope, "method": "GET"}
            send = partial(_send_head, send)
        if key is None:
            await self._app(scope, receive, partial(_send_page, send, headers))
            return
        taking = _Taking(send)
        await self._app(scope, receive, partial(_send_page, taking.send, headers))
        answer = taking.answer()
        if answer is None:
            return
        if takes_gzip(header(scope, b"accept-encoding")) and is_text(answer):
            short = len(answer.body) < _SHORT
            answer = (
                compressed(answer)
                if short
                else await self._answers.run(partial(compressed, answer))
            )
        if answer.status == HTTPStatus.OK:
            self._answers.memory.put(key, answer, len(key[0]))
        await _send(answer, scope, send)

    async def _sparql(self, scope: Scope, receive: Receive) -> Answer | None:
        if scope["method"] == "OPTIONS":
            return options(_ASKING, _SENT)
        if scope["method"] not in {"GET", "HEAD", "POST"}:
            raise MethodError(scope["method"], _ASKING)
        operation = await read_operation(scope, receive, self._settings)
        if isinstance(operation, Update):
            return await self._writing.update(scope, operation)
        if operation is None or operation.format == HTML.name:
            scope.setdefault("state", {})["operation"] = operation
            return None
        dataset = await self._answers.dataset_of(operation.release)
        accept = header(scope, b"accept")
        key = memory_key(dataset, operation, accept)
        found = self._answers.memory.get(key)
        if found is None:
            tag = None if operation.volatile else tag_of(dataset, operation)
            found = await self._ask(dataset, operation, accept, tag, scope, receive)
            if tag is not None and found.status == HTTPStatus.OK:
                self._answers.memory.put(key, found, len(operation.query.text) + len(accept))
        return found

    async def _ask(
        self,
        dataset: Dataset,
        operation: Operation,
        accept: str,
        tag: str | None,
        scope: Scope,
        receive: Receive,
    ) -> Answer:
        job = Job(
            operation.query,
            wanted(accept, operation.format),
            self._settings.result_rows,
            self._settings.result_bytes,
        )
        result = await self._pool.answer(
            dataset, job, client_of(scope), partial(wait_for_disconnect, receive)
        )
        return answer_of(result, tag)

    async def _data(self, scope: Scope) -> Answer:
        if scope["method"] == "OPTIONS":
            return options(_READING, _SENT)
        if scope["method"] not in {"GET", "HEAD"}:
            raise MethodError(scope["method"], _READING)
        reference, release = read_reference(scope, "data"), _release_asked(scope)
        dataset = await self._answers.dataset_of(release)
        wish = read_wish(scope)
        key = _linked_key("data", dataset, release, reference, wish)
        make = partial(_answer_data, dataset, reference, wish, self._settings.links)
        make = make if release is None else partial(_pinned, make, release)
        return await self._remembered(key, make, len(reference.key) + len(wish.accept))

    async def _id(self, scope: Scope) -> Answer:
        if scope["method"] == "OPTIONS":
            return options(_READING, _SENT)
        if scope["method"] not in {"GET", "HEAD"}:
            raise MethodError(scope["method"], _READING)
        reference, release = read_reference(scope, "id"), _release_asked(scope)
        dataset = await self._answers.dataset_of(release)
        wish = read_wish(scope)
        key = _linked_key("id", dataset, release, reference, wish)
        make = partial(_answer_id, dataset, reference, wish)
        make = make if release is None else partial(_pinned, make, release)
        return await self._remembered(key, make, len(reference.key) + len(wish.accept))

    async def _remembered(self, key: Hashable, make: Callable[[], Answer], weight: int) -> Answer:
        answer = self._answers.memory.get(key)
        if answer is None:
            answer = await self._answers.run(make)
            self._answers.memory.put(key, answer, weight)
        return answer


class _Taking:
    """Holds the messages of a response until it is whole, unless it is too large to be kept."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        """Take one message; from the size on at which nothing is kept, send all of them on."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        if self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if len(self._body) > _LARGEST:
            await self._send(self._start)
            self._start = None
            await self._send({**message, "body": bytes(self._body)})
            self._body.clear()

    def answer(self) -> Answer | None:
        """Give the response; None if it has been sent."""
        if self._start is None:
            return None
        headers = tuple(self._start["headers"])
        return Answer(self._start["status"], headers, bytes(self._body))


def remembered(answers: Answers, dataset: Dataset, scope: Scope) -> Answer | None:
    """Give what a plain GET was answered before, of linked data and of pages; None if it was not.

    The scope needs path, query string and headers; it asks for no part, and has no tags.
    """
    asked = scope["path"]
    view = next((name for name in ("data", "id") if asked.startswith(f"/{name}/")), None)
    if view is not None:
        if scope["query_string"]:
            return None
        with suppress(SikgError):
            reference, wish = read_reference(scope, view), read_wish(scope)
            return answers.memory.find(_linked_key(view, dataset, None, reference, wish))
    elif _is_of_release(asked):
        return answers.memory.find(_page_key(_tag_of_page(dataset, scope), scope))
    return None


def _linked_key(
    view: str, dataset: Dataset, release: int | None, reference: Reference, wish: Wish
) -> Hashable:
    return dataset.release.number, release, view, reference, wish


def _page_key(etag: str, scope: Scope) -> tuple[str, bool]:
    # Where a request tells its origin, the answer has headers about it.
    return etag, bool(header(scope, b"origin"))


def memory_key(dataset: Dataset, operation: Operation, accept: str) -> Hashable:
    """Give the key under which the answer to a query is remembered."""
    return dataset.release.number, _asked(operation), operation.format, accept


def tag_of(dataset: Dataset, operation: Operation) -> str:
    """Name the answer to a query, whatever its format, by the release and what is asked."""
    return _tag(dataset, _asked(operation))


def _asked(operation: Operation) -> tuple[str, ...]:
    query = operation.query
    return (query.text, *query.default_graphs, "", *query.named_graphs)


def told(scope: Scope, error: Exception) -> Response:
    """Tell an error with the headers that all answers have."""
    response = failure(scope, error)
    for name, value in (*_SHARED, *_PAGE_HEADERS):
        response.headers.setdefault(name.decode(), value.decode())
    return response


def answer_of(result: Result, tag: str | None) -> Answer:
    """Make the response of a result; `tag` names what was asked of which release.

    A cut result has the status 206, as of other endpoints of the field, and says so in a header.
    """
    form = FORMATS[result.format]
    cut = result.cut
    # Weak: the order of solutions may differ from one worker to another.
    etag = None if tag is None or cut is not None else f'W/"{tag}-{form.name}"'
    more: Headers = ()
    if cut is not None:
        more = ((b"sikg-cut", f"rows={cut.rows}; limit={cut.setting}".encode()),)
    headers = _headers(form, result.size, etag, more)
    status = HTTPStatus.OK if cut is None else HTTPStatus.PARTIAL_CONTENT
    if isinstance(result.body, bytes):
        return Answer(status, headers, result.body, etag)
    return Answer(status, headers, b"", etag, result.body)


def failed(scope: Scope, error: Exception) -> Answer:
    """Make the response that tells an error."""
    response = failure(scope, error)
    present = {name for name, _ in response.raw_headers}
    added = dict((*_PAGE_HEADERS, *_SHARED))
    more = ((name, value) for name, value in added.items() if name not in present)
    return Answer(response.status_code, (*response.raw_headers, *more), bytes(response.body))


def client_of(scope: Scope) -> str:
    """Name the client of a request by its address."""
    client = scope.get("client")
    return client[0] if client else ""


async def wait_for_disconnect(receive: Receive) -> None:
    """Return when the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _answer_data(dataset: Dataset, reference: Reference, wish: Wish, limit: int) -> Answer:
    moved = _moved(dataset, reference, "data", wish)
    if moved is not None:
        return moved
    made = make_document(dataset, reference, wish, limit)
    if made.gone:
        return Answer(410, _headers(made.form, len(made.body), None, made.headers), made.body)
    etag = f'"{_tag(dataset, made.asked)}-{made.form.name}"'
    return _answer(made.form, made.body, etag, made.headers)


def _answer_id(dataset: Dataset, reference: Reference, wish: Wish) -> Answer:
    moved = _moved(dataset, reference, "id", wish)
    if moved is not None:
        return moved
    form = choose_view(dataset, reference, wish)
    where = path(reference, "page" if form is HTML else "data")
    if wish.form is not None and form is not HTML:
        where = f"{where}.{form.suffix}"
    if form is not HTML:
        more = {name: value for name, value in wish.query.items() if name != "format"}
        where += f"?{urlencode(more)}" if more else ""
    etag = f'"{_tag(dataset, (path(reference, "id"), wish.profile))}-{form.name}"'
    headers = (
        *_SHARED,
        (b"vary", b"Accept-Profile"),
        (b"location", where.encode()),
        (b"link", alternates(reference).encode()),
        (b"etag", etag.encode()),
        (b"content-length", b"0"),
    )
    return Answer(303, headers, b"", etag)


def _moved(dataset: Dataset, reference: Reference, view: str, wish: Wish) -> Answer | None:
    """Lead from a merged thing to the one that it is; None for all others."""
    where = moved_to(dataset.redirects, reference, view)
    if where is None:
        return None
    if wish.query:
        where += "?" + urlencode(wish.query)
    headers = (
        *_SHARED,
        (b"location", where.encode()),
        (b"cache-control", b"no-cache"),  # a judgement can be withdrawn
        (b"content-length", b"0"),
    )
    return Answer(301, headers, b"")


def _answer(form: Format, body: bytes, etag: str | None, more: Headers = ()) -> Answer:
    return Answer(200, _headers(form, len(body), etag, more), body, etag)


def _headers(form: Format, size: int, etag: str | None, more: Headers) -> Headers:
    headers: list[tuple[bytes, bytes]] = [
        (b"content-type", form.content_type.encode()),
        (b"content-length", str(size).encode()),
        *_SHARED,
        *more,
    ]
    if etag is None:
        headers.append((b"cache-control", b"no-store"))
    else:
        headers += [(b"etag", etag.encode()), (b"cache-control", b"no-cache")]
    return tuple(headers)


def _release_asked(scope: Scope) -> int | None:
    """Give the number of `?release=…`; ParameterError if it is none."""
    return read_release(read_parameters(scope["query_string"]).get("release", [""])[0])


def _pinned(make: Callable[[], Answer], release: int) -> Answer:
    """Make an answer whose way on leads to the same release."""
    answer = make()
    headers = tuple(
        (name, value + (b"&" if b"?" in value else b"?") + f"release={release}".encode())
        if name == b"location"
        else (name, value)
        for name, value in answer.headers
    )
    return replace(answer, headers=headers)


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
    if answer.file is not None:
        with answer.file as file:
            if status != HTTPStatus.NOT_MODIFIED and scope["method"] != "HEAD":
                while piece := file.read(_PIECE):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _is_known(sent: str, etag: str) -> bool:
    """Tell whether If-None-Match names the tag, compared weakly (RFC 9110, 13.1.2)."""
    if not sent:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in sent.split(",")]
    return "*" in tags or etag.removeprefix("W/") in tags


async def _send_page(send: Send, headers: Headers, message: Message) -> None:
    """Send a message with the headers of pages, but for those that it has; errors get no tag."""
    if message["type"] == "http.response.start":
        present = {name.lower() for name, _ in message["headers"]}
        if message["status"] != HTTPStatus.OK:
            present |= {b"etag", b"cache-control"}
        # Of what an answer goes by, there may be several lines.
        added = [item for item in headers if item[0] not in present or item[0] == b"vary"]
        message = {**message, "headers": [*message["headers"], *added]}
    await send(message)


async def _send_head(send: Send, message: Message) -> None:
    """Send a message without its body."""
    if message["type"] == "http.response.body":
        message = {**message, "body": b""}
    await send(message)


def _is_of_release(path: str) -> bool:
    return path.startswith(OF_RELEASE) and not path.startswith(_OF_ALL_RELEASES)


def _tag_of_page(dataset: Dataset, scope: Scope) -> str:
    """Name what a route makes from a release: by the address, and the headers it goes by."""
    asked = (
        _BUILD,
        scope["path"],
        scope["query_string"].decode("latin-1"),
        header(scope, b"accept"),
        header(scope, b"accept-language"),
        str(takes_gzip(header(scope, b"accept-encoding"))),
    )
    return f'"{_tag(dataset, asked)}"'
