"""The operations of the SPARQL 1.1 Protocol: from a request to a query or an update."""

from __future__ import annotations

import re
from asyncio import to_thread
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

_ONCE = ("query", "format", "release", "lang")  # the last is of the page that shows the answer
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_MANY = ("default-graph-uri", "named-graph-uri")
_MOST = 1000  # parameters of one request

# What these functions answer differs from one evaluation to the next. Whatever could be one of
# them counts, also in a text or comment, and so does an escape that could hide one.
# One pattern each, on folded text: a megabyte is searched in milliseconds, for which others wait.
_VOLATILE = tuple(
    re.compile(pattern)
    for pattern in (r"now\s*\(", r"rand\s*\(", r"uuid\s*\(", r"bnode\s*\(", "service", r"\\u")
)
_LONG = 65_536  # characters from which reading a text is no matter of a moment


@dataclass(frozen=True, slots=True)
class Operation:
    """A query as a client asked it.

    `format` is the short name of a format and `release` the number of a release, if given.
    """

    query: Query
    format: str | None = None
    release: int | None = None

    @property
    def volatile(self) -> bool:
        """Tell whether the same query may answer differently on the same release."""
        folded = self.query.text.casefold()
        return any(pattern.search(folded) for pattern in _VOLATILE)


@dataclass(frozen=True, slots=True)
class Update:
    """An update as a client asked it; `validate` is what it says of validation, if anything."""

    text: str
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    validate: str | None = None


async def read_operation(
    scope: Scope, receive: Receive, settings: Settings
) -> Operation | Update | None:
    """Read the operation of a GET, HEAD or POST request; None for a GET without a query.

    ParameterError, QueryError, ForbiddenError, MediaTypeError and TooLargeError.
    """
    address = scope["query_string"]
    if len(address) > settings.request_bytes:
        raise TooLargeError(_limit("query string", "request_bytes", settings.request_bytes))
    parameters = read_parameters(address)
    if scope["method"] == "POST":
        kind, charset = content_type(scope)
        if kind not in {FORM, QUERY, UPDATE}:
            raise MediaTypeError(
                f"the body is of type “{kind[:60]}”; read are {QUERY} and {UPDATE} with the text "
                f"as body, and {FORM} with the parameter query or update"
            )
        body = await read_body(scope, receive, settings.request_bytes)
        if kind == FORM:
            long = len(body) > _LONG
            read = await to_thread(read_parameters, body) if long else read_parameters(body)
            parameters = _merged(parameters, read)
        else:
            check_charset(charset)
            name = "update" if kind == UPDATE else "query"
            parameters = _merged(parameters, {name: [decoded(body)]})
        if "update" in parameters and "query" not in parameters:
            return _update(parameters)
    return _operation(parameters, settings, posted=scope["method"] == "POST")


def read_operation_of(query_string: bytes, settings: Settings) -> Operation | None:
    """Read the query operation of a GET without body; errors are those of `read_operation`."""
    return _operation(read_parameters(query_string), settings, posted=False)


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
        raise ParameterError(
            "an update is sent by POST, as body or in the body, and without a query beside it"
        )
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
    _check_calls(query.text, settings)
    form = parameters.get("format", (None,))[0]
    return Operation(query, form, read_release(*parameters.get("release", ())))


def _check_calls(text: str, settings: Settings) -> None:
    """Refuse calls of other endpoints that are not allowed, in the time that is there for it."""
    folded = text.casefold()
    if "service" not in folded and "\\u" not in folded:
        return
    if len(text) > _LONG:
        raise ForbiddenError(
            f"the query has more than {_LONG} characters and the word “service” or an escape of "
            "the form \\u0000 in it: write letters as they are, and ask in several queries"
        )
    check_service(text, settings.service_allow)


def read_release(given: str = "") -> int | None:
    """Read the number of a release; None where none is given, ParameterError if it is none."""
    if not given:
        return None
    if not _NUMBER.fullmatch(given):
        raise ParameterError(f"the release “{given[:40]}” is no number of a release")
    return int(given)


def _update(parameters: Mapping[str, Sequence[str]]) -> Update:
    for name in ("update", "validate"):
        if len(parameters.get(name, ())) > 1:
            raise ParameterError(f"the parameter {name} is given {len(parameters[name])} times")
    known = ("update", "using-graph-uri", "using-named-graph-uri", "validate")
    unknown = sorted(set(parameters) - set(known))
    if unknown:
        raise ParameterError(
            f"an update has no parameter “{unknown[0][:80]}”; there are {', '.join(known)}"
        )
    return Update(
        parameters["update"][0],
        tuple(parameters.get("using-graph-uri", ())),
        tuple(parameters.get("using-named-graph-uri", ())),
        parameters.get("validate", (None,))[0],
    )


def content_type(scope: Scope) -> tuple[str, str]:
    """Give the media type and the charset of a body, in small letters."""
    kind, _, rest = header(scope, b"content-type").partition(";")
    charset = re.search(r'charset\s*=\s*"?([^";\s]*)', rest, re.IGNORECASE)
    return kind.strip().lower(), charset[1].lower() if charset else ""


def check_charset(charset: str) -> None:
    """Refuse a text that is not sent in UTF-8; QueryError then."""
    if charset not in {"", "utf-8", "utf8"}:
        raise QueryError(f"the query is sent in “{charset[:40]}”; it has to be in UTF-8")


def decoded(body: bytes) -> str:
    """Read a body as UTF-8; QueryError if it is not."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise QueryError(f"the query is not in UTF-8: byte {error.start} cannot be read") from error


def _merged(first: dict[str, list[str]], second: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {name: [*first.get(name, ()), *second.get(name, ())] for name in {**first, **second}}


def _limit(what: str, setting: str, limit: int) -> str:
    return f"the {what} is longer than {limit} bytes (setting {setting})"
