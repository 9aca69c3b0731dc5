"""A remote SPARQL 1.1 endpoint as an engine: the one module that knows SPARQLWrapper.

SPARQLWrapper writes the requests of the protocol. They are opened here and not by it, since it
bounds neither size nor time, follows redirects anywhere and takes any web page as an answer.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request

from SPARQLWrapper import GET, JSON, POST, SELECT, SPARQLWrapper

from graph.calling import CutError, Line
from graph.engine import Query
from graph.errors import EndpointError, ForbiddenError, QueryError
from graph.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from graph.terms import Solutions
from graph.trying import TRANSIENT, Retries, TransientError, host_of, seconds

AGENT = "sikg/0.1 (social innovation knowledge graph; SPARQL client)"

_LONGEST_GET = 2_000  # characters of a query that still fit an address everywhere
_CHUNK = 65_536
_SHOWN = 300  # characters of an error page that are told


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, how often and how much an endpoint is asked.

    `timeout` is in seconds and bounds each attempt as a whole; `retries` come after the first
    attempt, `pause` seconds later and then after twice the pause before. A longer Retry-After of
    the endpoint is kept up to `longest_pause`.
    """

    timeout: float = 30.0
    retries: int = 2
    pause: float = 0.5
    longest_pause: float = 10.0
    max_bytes: int = 64 * 1024 * 1024


class Endpoint:
    """Asks a remote endpoint, within limits.

    Only http and https are spoken, straight (proxies of the environment are not used) and only
    with public addresses: a host that resolves to a private, loopback or link-local address is
    refused with ForbiddenError unless its name is in `allow`. Redirects are not followed.
    EndpointError, with cause, for whatever else fails.
    """

    def __init__(
        self,
        url: str,
        *,
        allow: Collection[str] = (),
        limits: Limits | None = None,
        agent: str = AGENT,
    ) -> None:
        self._url = _checked(url)
        self._allow = frozenset(host.lower() for host in allow)
        self._limits = limits or Limits()
        self._agent = agent

    def select(self, query: Query) -> Solutions:
        """Answer a SELECT query with plain values."""
        body = self._results(query)
        try:
            return Solutions.from_json(body)
        except (ValueError, RecursionError) as error:
            raise EndpointError(f"{self._url} answered no SPARQL results: {error}") from error

    def ask(self, query: Query) -> bool:
        """Answer an ASK query."""
        body = self._results(query)
        try:
            document: Any = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise EndpointError(f"{self._url} answered no SPARQL results: {error}") from error
        answer = document.get("boolean") if isinstance(document, dict) else None
        if not isinstance(answer, bool):
            raise EndpointError(f"{self._url} answered neither true nor false to an ASK query")
        return answer

    def construct(self, query: Query, form: Format = GRAPH_FORMATS[0]) -> bytes:
        """Answer a CONSTRUCT or DESCRIBE query in one of the graph formats."""
        return self._ask(query, form)

    def _results(self, query: Query) -> bytes:
        return self._ask(query, RESULT_FORMATS[0])

    def _ask(self, query: Query, form: Format) -> bytes:
        request = _Wrapper(self._url, agent=self._agent).request(query, form)
        limits = self._limits
        retries = Retries(limits.retries, limits.pause, limits.longest_pause)
        return retries.of(self._url, lambda: self._attempt(request, form))

    def _attempt(self, request: Request, form: Format) -> bytes:
        try:
            with Line(self._allow, self._limits.timeout) as line:
                return self._answer(line, request, form)
        except URLError as error:
            raise self._broken(error.reason) from error
        except (OSError, http.client.HTTPException) as error:
            raise self._broken(error) from error

    def _answer(self, line: Line, request: Request, form: Format) -> bytes:
        try:
            with line.opener.open(request, timeout=self._limits.timeout) as response:
                if line.cut:  # among the headers, which then look complete
                    raise CutError("the deadline has passed")
                self._check_type(response.headers.get("Content-Type", ""), form)
                return self._read(response, line)
        except HTTPError as error:
            with error:
                raise self._failure(error) from error

    def _check_type(self, told: str, form: Format) -> None:
        media_type = told.partition(";")[0].strip().lower()
        if media_type not in {form.media_type, *form.aliases}:
            raise EndpointError(
                f"{self._url} answered {media_type or 'something without a type'} instead of "
                f"{form.media_type}: is this the address of a SPARQL endpoint?"
            )

    def _read(self, response: http.client.HTTPResponse, line: Line) -> bytes:
        parts: list[bytes] = []
        size = 0
        # read1 gives what has come, so that the deadline also holds for a trickle.
        while part := response.read1(_CHUNK):
            size += len(part)
            if size > self._limits.max_bytes:
                raise EndpointError(
                    f"{self._url} answered more than {self._limits.max_bytes} bytes: "
                    "ask for less, with LIMIT"
                )
            parts.append(part)
        if line.cut or response.length:
            raise http.client.IncompleteRead(b"", response.length)
        return b"".join(parts)

    def _failure(self, error: HTTPError) -> Exception:
        """Say what an error status means."""
        if error.code in TRANSIENT:
            return TransientError(
                f"status {error.code} {error.reason}", seconds(error.headers.get("Retry-After"))
            )
        if 300 <= error.code < 400:  # noqa: PLR2004  # the class of redirections
            target = error.headers.get("Location", "nowhere")
            return EndpointError(
                f"{self._url} redirects to {target[:_SHOWN]}, which is not followed: "
                "give the address of the endpoint itself"
            )
        told = " ".join(error.read(_CHUNK).decode("utf-8", "replace").split())[:_SHOWN]
        if error.code == http.HTTPStatus.BAD_REQUEST:
            return QueryError(f"{self._url} refuses the query: {told or 'it is malformed'}")
        return EndpointError(f"{self._url} answered status {error.code} {error.reason}: {told}")

    def _broken(self, reason: object) -> Exception:
        """Say why there was no answer; only what may pass by itself is asked again."""
        if isinstance(reason, TimeoutError | CutError):
            return EndpointError(
                f"{self._url} did not answer within {self._limits.timeout:g} seconds"
            )
        if isinstance(reason, ssl.SSLCertVerificationError):
            return EndpointError(f"the certificate of {self._url} is not valid: {reason}")
        if isinstance(reason, socket.gaierror):
            return EndpointError(f"the host of {self._url} is not known: {reason}")
        return TransientError(f"the connection failed ({reason})")


class _Wrapper(SPARQLWrapper):
    """Writes requests, and leaves it to others to open them."""

    def request(self, query: Query, form: Format) -> Request:
        """Write the request of a query, of whatever form.

        Text and kind are set without `setQuery`, which guesses the kind from the first word that
        looks like one, in comments too: “address” counts as ADD, an update. SELECT stands for
        all; the Accept header that would follow from it is replaced.
        """
        self.queryString = query.text
        self.queryType = SELECT
        self.setMethod(GET if len(query.text) <= _LONGEST_GET else POST)
        self.setReturnFormat(JSON)
        self.setOnlyConneg(True)
        self.addCustomHttpHeader("Accept", form.media_type)
        for graph in query.default_graphs:
            self.addDefaultGraph(graph)
        for graph in query.named_graphs:
            self.addNamedGraph(graph)
        return self._createRequest()


def _checked(url: str) -> str:
    """Refuse an address that is no plain http(s) address."""
    host_of(url, "of an endpoint")
    if "?" in url or "#" in url:
        raise ForbiddenError(f"{url!r} is no address of an endpoint: leave out ? and #")
    return url
