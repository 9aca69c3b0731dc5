"""The query operation of the SPARQL 1.1 Protocol: from a request to a query."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_plus

from starlette.types import Receive, Scope

from api.errors import MediaTypeError, TooLargeError
from api.settings import Settings
from graph.engine import Query
from graph.errors import ForbiddenError, ParameterError, QueryError
from graph.guard import check_service

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

_ONCE = ("query", "format")
_MANY = ("default-graph-uri", "named-graph-uri")
_MOST = 1000  # parameters of one request

# What these functions answer differs from one evaluation to the next. Whatever could be one of
# them counts, also in a text or comment, and so does an escape that could hide one.
_VOLATILE = re.compile(r"\b(?:now|rand|uuid|struuid|bnode)\s*\(|\bservice\b|\\[uU]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Operation:
    """A query as a client asked it; `format` is the short name of a format, if one was given."""

    query: Query
    format: str | None = None

    @property
    def volatile(self) -> bool:
        """Tell whether the same query may answer differently on the same release."""
        return _VOLATILE.search(self.query.text) is not None


async def read_operation(scope: Scope, receive: Receive, settings: Settings) -> Operation | None:
    """Read the query operation of a GET, HEAD or POST request; None for a GET without a query.

    ParameterError, QueryError, ForbiddenError for updates, MediaTypeError and TooLargeError.
    """
    address = scope["query_string"]
    if len(address) > settings.request_bytes:
        raise TooLargeError(_limit("query string", "request_bytes", settings.request_bytes))
    parameters = read_parameters(address)
    if scope["method"] == "POST":
        kind, charset = _content_type(scope)
        if kind not in {FORM, QUERY, UPDATE}:
            raise MediaTypeError(
                f"the body is of type “{kind[:60]}”; read are {QUERY} with the query as body, "
                f"and {FORM} with the parameter query"
            )
        if kind == UPDATE:
            raise _read_only()
        body = await read_body(scope, receive, settings.request_bytes)
        if kind == FORM:
            parameters = _merged(parameters, read_parameters(body))
        else:
            if charset not in {"", "utf-8", "utf8"}:
                raise QueryError(f"the query is sent in “{charset[:40]}”; it has to be in UTF-8")
            parameters = _merged(parameters, {"query": [_decoded(body)]})
    return _operation(parameters, settings, posted=scope["method"] == "POST")


def read_parameters(encoded: bytes) -> dict[str, list[str]]:
    """Read URL-encoded parameters; ParameterError if they are not in UTF-8 or too many."""
    if encoded.count(b"&") >= _MOST:
        raise ParameterError(f"there are more than {_MOST} parameters")
    parameters: dict[str, list[str]] = {}
    try:
        # Not by parse_qsl, whose checks of separators cost a point lookup a tenth of its time.
        for pair in filter(None, encoded.decode("ascii").split("&")):
            name, _, value = pair.partition("=")
            found = parameters.setdefault(unquote_plus(name, errors="strict"), [])
            found.append(unquote_plus(value, errors="strict"))
    except UnicodeDecodeError as error:
        raise ParameterError(
            f"the parameters cannot be read as URL-encoded UTF-8: {error}"
        ) from error
    return parameters


async def read_body(scope: Scope, receive: Receive, limit: int) -> bytes:
    """Read the body of a request; TooLargeError as soon as it is known to be above the limit."""
    declared = header(scope, b"content-length")
    if declared.isdigit() and int(declared) > limit:
        raise TooLargeError(_limit("body", "request_bytes", limit))
    parts: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise TooLargeError(_limit("body", "request_bytes", limit))
        parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)


def header(scope: Scope, name: bytes) -> str:
    """Give the value of a header; several of one name are one list (RFC 9110, 5.3)."""
    return ", ".join(value.decode("latin-1") for key, value in scope["headers"] if key == name)


def _operation(
    parameters: Mapping[str, Sequence[str]], settings: Settings, *, posted: bool
) -> Operation | None:
    if "update" in parameters:
        raise _read_only()
    for name in _ONCE:
        if len(parameters.get(name, ())) > 1:
            raise ParameterError(f"the parameter {name} is given {len(parameters[name])} times")
    unknown = sorted(set(parameters) - {*_ONCE, *_MANY})
    if unknown:
        raise ParameterError(
            f"there is no parameter “{unknown[0][:80]}”; there are {', '.join((*_ONCE, *_MANY))}"
        )
    if "query" not in parameters:
        if posted:
            raise ParameterError("the parameter query is missing")
        return None
    query = Query(
        parameters["query"][0],
        tuple(parameters.get("default-graph-uri", ())),
        tuple(parameters.get("named-graph-uri", ())),
    )
    check_service(query.text, settings.service_allow)
    return Operation(query, *parameters.get("format", ()))


def _content_type(scope: Scope) -> tuple[str, str]:
    kind, _, rest = header(scope, b"content-type").partition(";")
    charset = re.search(r'charset\s*=\s*"?([^";\s]*)', rest, re.IGNORECASE)
    return kind.strip().lower(), charset[1].lower() if charset else ""


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise QueryError(f"the query is not in UTF-8: byte {error.start} cannot be read") from error


def _merged(first: dict[str, list[str]], second: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {name: [*first.get(name, ()), *second.get(name, ())] for name in {**first, **second}}


def _read_only() -> ForbiddenError:
    return ForbiddenError("this endpoint only reads: updates are refused")


def _limit(what: str, setting: str, limit: int) -> str:
    return f"the {what} is longer than {limit} bytes (setting {setting})"
