"""Writing over HTTP: SPARQL Update, and the Graph Store HTTP Protocol whole.

Reading a graph needs no token and is answered from the served release. A write is checked for its
token here, turned into what the writer understands, and answered when it is durable and served.
"""

from __future__ import annotations

import json
import tempfile
import uuid
from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from typing import IO
from urllib.parse import quote

from starlette.types import Receive, Scope

from api.answers import Answer, Answers, options
from api.documents import Sent, read_sent
from api.errors import MediaTypeError, MethodError
from api.logs import REQUEST
from api.negotiation import choose
from api.observing import note_write
from api.protocol import (
    UPDATE,
    Update,
    check_charset,
    content_type,
    decoded,
    header,
    read_body,
    read_parameters,
)
from api.settings import Settings
from api.tokens import Token, Tokens
from graph.dataset import Dataset
from graph.errors import ForbiddenError, ParameterError, SikgError
from graph.formats import GRAPH_FORMATS, Format
from graph.identity import Identity
from graph.store import graph_name
from graph.writing.client import Client
from graph.writing.ownership import Ownership
from graph.writing.requests import Operation, Outcome, Policy, Write
from graph.writing.tags import tag_of_lines

ALLOWED = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
FORMATS = tuple(form for form in GRAPH_FORMATS if not form.quads)

_PATH = "/graph-store"
_DIRECT = "/id/graph/"
_EDITS = "/id/graph/edits/"
_WRITING = frozenset({"PUT", "POST", "PATCH", "DELETE"})
_PARAMETERS = ("graph", "default", "format", "validate")
_OPERATIONS: dict[str, Operation] = {"PUT": "put", "POST": "post", "DELETE": "delete"}
_SAFE = "!#$%&'()*+,/:;=?@[]~"  # of an IRI that stands in a header

Headers = tuple[tuple[bytes, bytes], ...]
_SENT = "Accept, Authorization, Content-Type, If-Match, If-None-Match"
_SHARED: Headers = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Location, SIKG-Release, Vary, X-Request-ID"),
    (b"vary", b"Accept"),
    (b"x-content-type-options", b"nosniff"),
)


class Writing:
    """Answers updates and everything about graphs."""

    def __init__(self, settings: Settings, answers: Answers) -> None:
        self._settings = settings
        self._answers = answers
        self._tokens = Tokens(settings.tokens or settings.home / "tokens.json")
        self._client = Client(settings.home, settings.keep, settings.write_seconds)

    async def start(self) -> None:
        """Start the writer where anybody may write, so that the first write is as fast as any."""
        if self._tokens.configured:
            await self._client.warm()

    def close(self) -> None:
        """Let go of the writer."""
        self._client.close()

    async def update(self, scope: Scope, update: Update) -> Answer:
        """Carry out an update of the SPARQL 1.1 Protocol (2.2)."""
        note_write(scope)
        token = self._tokens.holder(header(scope, b"authorization"))
        for graph in (*update.using, *update.using_named):
            graph_name(graph)
        sent = update.text.encode()
        write = Write(
            "update",
            token.name,
            sha256(sent).hexdigest(),
            sent,
            scopes=token.scopes,
            using=update.using,
            using_named=update.using_named,
            services=tuple(self._settings.service_allow),
            validation=self._policy(update.validate),
            request=REQUEST.get(""),
        )
        return _written(await self._client.write(write))

    async def graph_store(self, scope: Scope, receive: Receive) -> Answer:
        """Answer a request of the Graph Store HTTP Protocol, by parameter or by address."""
        method = scope["method"]
        if method == "OPTIONS":
            return options(ALLOWED, _SENT, ((b"accept-patch", UPDATE.encode()),))
        if method not in {"GET", "HEAD"} | _WRITING:
            raise MethodError(method, ALLOWED)
        token = None
        if method in _WRITING:
            note_write(scope)
            token = self._tokens.holder(header(scope, b"authorization"))
        parameters = _read_parameters(scope)
        if token is None:
            dataset = await self._answers.dataset()
            graph = _graph(scope, parameters, dataset.identity)
            name = parameters.get("format")
            form = choose(FORMATS, header(scope, b"accept"), name=name)
            return await self._answers.run(partial(_dumped, dataset, graph, form))
        # Only the base is needed: to open the release would take longer than the write.
        identity = self._answers.served.releases.current().identity
        graph = _graph(scope, parameters, identity)
        policy = self._policy(parameters.get("validate"))
        write = await self._graph_write(scope, receive, (identity, graph), token, policy)
        return _written(await self._client.write(write), located=method == "POST" and not graph)

    async def _graph_write(
        self,
        scope: Scope,
        receive: Receive,
        place: tuple[Identity, str | None],
        token: Token,
        policy: Policy,
    ) -> Write:
        """Read a request that writes to a graph; an empty one stands for a new graph."""
        method = scope["method"]
        ownership, graph = Ownership(place[0]), place[1]
        if graph == "":
            if method != "POST":
                raise ParameterError(
                    "name the graph: ?graph=IRI, or ?default; only POST makes a graph of its own"
                )
            graph = f"{ownership.edits}{uuid.uuid4()}"
        ownership.check(graph, token.scopes)
        if graph is None:  # refused by the check
            raise ForbiddenError("the default graph cannot be written")
        operation = _OPERATIONS.get(method, "patch")
        if operation == "delete":
            sent = Sent(b"", b"")
        elif operation == "patch":
            sent = await self._patch(scope, receive)
        else:
            read = await read_sent(scope, receive, FORMATS, self._settings.write_bytes)
            sent = await self._answers.run(partial(read, graph))
        return Write(
            operation,
            token.name,
            sha256(sent.sent).hexdigest(),
            sent.body,
            scopes=token.scopes,
            graph=graph,
            base=graph,
            services=tuple(self._settings.service_allow),
            validation=policy,
            request=REQUEST.get(""),
            expected=_tags(header(scope, b"if-match")),
            absent=header(scope, b"if-none-match").strip() == "*",
        )

    async def _patch(self, scope: Scope, receive: Receive) -> Sent:
        kind, charset = content_type(scope)
        if kind != UPDATE:
            raise MediaTypeError(f"a PATCH is of type {UPDATE}, not “{kind[:60]}”")
        check_charset(charset)
        body = await read_body(scope, receive, self._settings.request_bytes)
        decoded(body)
        return Sent(body, body)

    def _policy(self, asked: str | None) -> Policy:
        """Give what is validated: as the operator says, or more where a client asks for it."""
        if asked not in {None, "true", "false"}:
            raise ParameterError("the parameter validate is true or false")
        return "enforce" if asked == "true" else self._settings.write_validation


def is_of_graphs(scope: Scope) -> bool:
    """Tell whether a request is one of the Graph Store Protocol."""
    asked: str = scope["path"]
    if asked == _PATH:
        return True
    writes = scope["method"] in _WRITING and asked.startswith(_DIRECT)
    return writes or asked.startswith(_EDITS)


def _read_parameters(scope: Scope) -> dict[str, str]:
    found = read_parameters(scope["query_string"])
    unknown = sorted(set(found) - set(_PARAMETERS))
    if unknown:
        raise ParameterError(
            f"there is no parameter “{unknown[0][:80]}”; there are {', '.join(_PARAMETERS)}"
        )
    for name, values in found.items():
        if len(values) > 1:
            raise ParameterError(f"the parameter {name} is given {len(values)} times")
    return {name: values[0] for name, values in found.items()}


def _graph(scope: Scope, parameters: dict[str, str], identity: Identity) -> str | None:
    """Give the graph of a request: None for the default graph, empty for the store itself."""
    named = "graph" in parameters
    if scope["path"] != _PATH:
        if named or "default" in parameters:
            raise ParameterError("the address names the graph: leave out graph and default")
        sent: bytes = scope.get("raw_path") or scope["path"].encode()
        graph = identity.base + sent.decode("latin-1").removeprefix("/")
        graph_name(graph)
        return graph
    if named and "default" in parameters:
        raise ParameterError("give either graph or default, not both")
    if named:
        graph_name(parameters["graph"])
        return parameters["graph"]
    if "default" in parameters:
        if parameters["default"]:
            raise ParameterError("the parameter default has no value")
        return None
    if scope["method"] in {"GET", "HEAD"}:
        raise ParameterError("name the graph to read: ?graph=IRI, or ?default")
    return ""


def _dumped(dataset: Dataset, graph: str | None, form: Format) -> Answer:
    """Write a graph of the release to a file that has no name any more."""
    # why: closed by whoever sends it, and by the garbage collector where nobody does
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        dataset.store.dump(file, form, graph=graph)
    except SikgError:
        file.close()
        raise
    size = file.tell()
    file.seek(0)
    number = dataset.release.number
    if graph is not None and Ownership(dataset.identity).is_edit(graph):
        lines = file
        if form.name != "ntriples":
            lines = tempfile.TemporaryFile()  # noqa: SIM115
            dataset.store.dump(lines, next(f for f in FORMATS if f.name == "ntriples"), graph=graph)
            lines.seek(0)
        tag = tag_of_lines(lines)
        if lines is not file:
            lines.close()
        file.seek(0)
    else:
        tag = f"{number}-{sha256((graph or '').encode()).hexdigest()[:16]}"
    etag = f'"{tag}-{form.name}"'
    headers = (
        (b"content-type", form.content_type.encode()),
        (b"content-length", str(size).encode()),
        (b"etag", etag.encode()),
        (b"cache-control", b"no-cache"),
        (b"sikg-release", str(number).encode()),
        *_SHARED,
    )
    return Answer(HTTPStatus.OK, headers, b"", etag, file)


def _written(outcome: Outcome, *, located: bool = False) -> Answer:
    document = {
        "release": outcome.release,
        "inserted": outcome.inserted,
        "removed": outcome.removed,
        "graphs": list(outcome.graphs),
    }
    if outcome.shapes is not None:
        document["shapes"] = [item.model_dump() for item in outcome.shapes]
    body = json.dumps(document, ensure_ascii=False).encode() + b"\n"
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"sikg-release", str(outcome.release).encode()),
        *_SHARED,
    ]
    if located or (outcome.created and len(outcome.graphs) == 1):
        headers.append((b"location", quote(outcome.graphs[0], safe=_SAFE).encode()))
    status = HTTPStatus.CREATED if outcome.created else HTTPStatus.OK
    return Answer(status, tuple(headers), body)


def _tags(sent: str) -> tuple[str, ...]:
    """Read If-Match: the tags without the formats that they end in (RFC 9110, 13.1.1)."""
    if sent.strip() == "*":
        return ("*",)
    found: Sequence[str] = [tag.strip().strip('"') for tag in sent.split(",") if tag.strip()]
    return tuple(tag.rpartition("-")[0] or tag for tag in found)
