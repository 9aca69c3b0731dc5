"""Errors as problem documents (RFC 9457): one table from error to status and problem type.

Beside the errors of the graph, these are raised for requests:

SikgError
├── UnauthorisedError the request needs a token that is known here
├── MethodError       the resource has no such method
├── TooLargeError     the request is larger than a setting allows
├── MediaTypeError    the body is of a type that is not read here
├── TooManyError      one client asks too much at once
├── BusyError         too many queries wait already
└── GoneError         the client has gone before its answer
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from graph.errors import (
    EndpointError,
    EngineError,
    ForbiddenError,
    InputError,
    LimitError,
    MemoryLimitError,
    NoReleaseError,
    NotAcceptableError,
    NotFoundError,
    ParameterError,
    PreconditionError,
    QueryError,
    ShapesError,
    SikgError,
    StorageError,
    TimeLimitError,
    UnprocessableError,
    WithdrawnError,
    WriterError,
)

MEDIA_TYPE = "application/problem+json"


class MethodError(SikgError):
    """The resource has no such method; `allow` names those that it has."""

    def __init__(self, method: str, allow: str) -> None:
        super().__init__(f"{method[:20]} is not possible here; possible are {allow}")
        self.allow = allow


class UnauthorisedError(SikgError):
    """The request needs a token that is known here; `code` is that of RFC 6750, 3.1."""

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code

    @property
    def challenge(self) -> str:
        """Write the header WWW-Authenticate."""
        return 'Bearer realm="sikg"' + (f', error="{self.code}"' if self.code else "")


class TooLargeError(SikgError):
    """The request is larger than a setting allows."""


class MediaTypeError(SikgError):
    """The body is of a type that is not read here."""


class TooManyError(SikgError):
    """One client asks too much at once."""


class BusyError(SikgError):
    """Too many queries wait already."""


class GoneError(SikgError):
    """The client has gone before its answer."""


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of problem: status, the name that stands in its address, title and meaning.

    `detail` replaces what the error says, where that is for the operator only.
    """

    status: HTTPStatus
    name: str
    title: str
    meaning: str
    detail: str | None = None

    @property
    def address(self) -> str:
        """Give the address of the description of the problem type."""
        return f"/problems#{self.name}"


_UNAVAILABLE = HTTPStatus.SERVICE_UNAVAILABLE
PROBLEMS: Mapping[type[Exception], ProblemType] = {
    QueryError: ProblemType(
        HTTPStatus.BAD_REQUEST,
        "malformed-query",
        "The query is malformed",
        "The SPARQL text cannot be parsed or evaluated; line and column say where.",
    ),
    ParameterError: ProblemType(
        HTTPStatus.BAD_REQUEST,
        "impossible-parameter",
        "A parameter is impossible",
        "A parameter is unknown, missing, given too often, or has an impossible value.",
    ),
    InputError: ProblemType(
        HTTPStatus.BAD_REQUEST,
        "unusable-input",
        "The input cannot be used",
        "What was sent cannot be used.",
    ),
    ForbiddenError: ProblemType(
        HTTPStatus.FORBIDDEN,
        "refused",
        "The request is refused",
        "The request is understood and not carried out: what sources state is not "
        "written, a token reaches to its own graphs only, and other endpoints are called only "
        "where the operator allowed it.",
    ),
    UnauthorisedError: ProblemType(
        HTTPStatus.UNAUTHORIZED,
        "token-needed",
        "A token is needed",
        "Writing needs a token, which the operator gives out; reading needs none.",
    ),
    ShapesError: ProblemType(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "shapes-violated",
        "The shapes are violated",
        "The statements are well formed and would break the shapes of the ontology; results says "
        "where, and nothing was written.",
    ),
    UnprocessableError: ProblemType(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "not-possible",
        "This cannot be carried out",
        "What was sent is well formed and cannot be carried out; nothing was written.",
    ),
    PreconditionError: ProblemType(
        HTTPStatus.PRECONDITION_FAILED,
        "precondition-failed",
        "The graph is not as expected",
        "The graph is not as If-Match or If-None-Match expects it; nothing was written.",
    ),
    NotFoundError: ProblemType(
        HTTPStatus.NOT_FOUND,
        "not-found",
        "There is no such thing",
        "The served release knows nothing under this address.",
    ),
    WithdrawnError: ProblemType(
        HTTPStatus.GONE,
        "withdrawn",
        "This was withdrawn",
        "There was something under this address, and is no more; the detail says since when, or "
        "where to go on.",
    ),
    MethodError: ProblemType(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "The method is not possible here",
        "The header Allow names the methods that are.",
    ),
    NotAcceptableError: ProblemType(
        HTTPStatus.NOT_ACCEPTABLE,
        "not-acceptable",
        "No acceptable format",
        "None of the accepted media types can be given; the detail names those that can.",
    ),
    TooLargeError: ProblemType(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "too-large",
        "The request is too large",
        "The request is larger than this service reads; the detail names the limit.",
    ),
    MediaTypeError: ProblemType(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "unsupported-media-type",
        "The body is of another type",
        "The body is of a media type that is not read here.",
    ),
    EndpointError: ProblemType(
        HTTPStatus.BAD_GATEWAY,
        "endpoint-failed",
        "Another endpoint failed",
        "A query called another endpoint, and that failed.",
    ),
    BusyError: ProblemType(
        _UNAVAILABLE,
        "busy",
        "The service is busy",
        "Too many queries wait already; the header Retry-After says when to ask again.",
    ),
    TooManyError: ProblemType(
        HTTPStatus.TOO_MANY_REQUESTS,
        "too-many-requests",
        "Too many requests at once",
        "One client asks more at once than it may; the header Retry-After says when to ask again.",
    ),
    TimeLimitError: ProblemType(
        HTTPStatus.GATEWAY_TIMEOUT,
        "time-limit",
        "The query took too long",
        "The query was stopped when it had used its time; nothing of an answer is given.",
    ),
    MemoryLimitError: ProblemType(
        _UNAVAILABLE,
        "memory-limit",
        "The query needed too much memory",
        "The query was stopped when it had used its memory; nothing of an answer is given.",
    ),
    LimitError: ProblemType(
        _UNAVAILABLE,
        "limit",
        "A limit was reached",
        "The query needed more than it may have at present; the detail names the limit.",
    ),
    EngineError: ProblemType(
        _UNAVAILABLE,
        "engine",
        "The engine ended",
        "The process that evaluated the query ended before it had an answer.",
    ),
    GoneError: ProblemType(
        _UNAVAILABLE,
        "gone",
        "The client has gone",
        "Nobody reads this: the connection was closed before the answer, and the query stopped.",
    ),
    NoReleaseError: ProblemType(
        _UNAVAILABLE,
        "no-release",
        "Nothing has been published yet",
        "The service runs, but its operator has not built a release.",
        detail="nothing has been published here yet; the operator runs sikg build",
    ),
    WriterError: ProblemType(
        _UNAVAILABLE,
        "writer",
        "The writer does not answer",
        "The process that writes ended before it answered: whether it wrote is not known.",
    ),
    StorageError: ProblemType(
        _UNAVAILABLE,
        "storage",
        "The storage does not answer",
        "The disk of the service refused; its operator finds the reason in the log.",
        detail="the storage of the service does not answer",
    ),
    Exception: ProblemType(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal",
        "Something went wrong here",
        "An error of the service itself; its operator finds the reason in the log.",
        detail="an error of the service itself",
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem that happened: its type, what exactly, and where."""

    type: ProblemType
    detail: str
    instance: str
    headers: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, object] = field(default_factory=dict)

    def body(self) -> bytes:
        """Write the problem document."""
        document = {
            "type": self.type.address,
            "title": self.type.title,
            "status": int(self.type.status),
            "detail": self.detail,
            "instance": self.instance,
            **self.extra,
        }
        return json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")


def problem_of(error: Exception, instance: str, request: str = "") -> Problem:
    """Find the problem of an error in the table, by its class or the nearest above it.

    `request` is the id of the request, by which the operator finds it in the log.
    """
    kind = next(PROBLEMS[cls] for cls in type(error).__mro__ if cls in PROBLEMS)
    headers = {}
    if isinstance(error, MethodError):
        headers["Allow"] = error.allow
    if isinstance(error, UnauthorisedError):
        headers["WWW-Authenticate"] = error.challenge
    if kind.status in {_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}:
        headers["Retry-After"] = "5"
    if request:
        headers["X-Request-ID"] = request
    extra: dict[str, object] = {"request": request} if request else {}
    if isinstance(error, QueryError):
        places = {"line": error.line, "column": error.column}
        extra |= {name: place for name, place in places.items() if place is not None}
    if isinstance(error, ShapesError):
        extra["results"] = list(error.results)
    return Problem(kind, kind.detail or str(error), instance[:500], headers, extra)
