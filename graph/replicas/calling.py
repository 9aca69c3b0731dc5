"""Calls to a peer: one host, bounded in time and size, redirected within that host only."""

from __future__ import annotations

import http.client
import ssl
import time
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.error import HTTPError, URLError
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.request import Request

from graph.calling import CutError, Line
from graph.errors import EndpointError, ForbiddenError, NotFoundError, WithdrawnError

AGENT = "sikg/0.1 (social innovation knowledge graph; follows feeds)"
_CHUNK = 1 << 16
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_MOVED = frozenset({301, 302, 303, 307, 308})
_REDIRECTIONS = 5
_GONE = 410
_MISSING = 404
_GZIPPED = zlib.MAX_WBITS | 16


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long, how often and how much a peer is asked.

    `seconds` bound each attempt; `retries` come after the first, `pause` seconds later and then
    after twice the pause before. `largest` bounds what an answer may unpack to, in bytes.
    """

    seconds: float = 120.0
    retries: int = 3
    pause: float = 1.0
    longest_pause: float = 30.0
    largest: int = 256_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands at an address, which may be another than was asked for, and its media type."""

    address: str
    media_type: str
    body: bytes


class Caller:
    """Asks one peer; EndpointError, with cause, for whatever fails.

    A host that is written as numbers, or localhost, may be at an inner address, and so may those
    in `allow`: they were meant.
    """

    def __init__(
        self, url: str, *, allow: Collection[str] = (), bounds: Bounds | None = None
    ) -> None:
        self.root, self.address = root_of(url), url
        self.document, _ = urldefrag(url)
        self.origin = urljoin(self.root, "/")
        host = urlsplit(self.root).hostname or ""
        meant = {host} if _is_meant(host) else set[str]()
        self._allow = frozenset({name.lower() for name in allow} | meant)
        self._bounds = bounds or Bounds()

    def get(self, path: str, accept: str) -> bytes:
        """Get what stands at a path under the root; errors are those of `ask`."""
        return self.ask(self.root + path, accept).body

    def ask(self, address: str, accept: str) -> Answer:
        """Get what stands at an address of the peer, wherever on its host that leads.

        NotFoundError and WithdrawnError where the peer says that it is not or no more there.
        """
        for _ in range(_REDIRECTIONS + 1):
            if urljoin(address, "/") != self.origin:
                raise EndpointError(f"{self.address} leads to another host: {address[:200]}")
            try:
                return self._asked(address, accept)
            except _RedirectedError as error:
                address = urljoin(address, error.to)
        raise EndpointError(f"{self.address} leads on and on, at last to {address[:200]}")

    def _asked(self, address: str, accept: str) -> Answer:
        pause = self._bounds.pause
        for left in range(self._bounds.retries, -1, -1):
            try:
                return self._attempt(address, accept)
            except _TransientError as error:
                if not left:
                    told = f"{address} failed {self._bounds.retries + 1} times: {error}"
                    raise EndpointError(told) from error
                time.sleep(min(max(pause, error.wait), self._bounds.longest_pause))
                pause *= 2
        raise EndpointError(f"{address} was not asked: retries must not be below 0")

    def _attempt(self, address: str, accept: str) -> Answer:
        headers = {"User-Agent": AGENT, "Accept": accept, "Accept-Encoding": "gzip"}
        request = Request(address, headers=headers)  # noqa: S310  # http(s) only, see root_of
        try:
            with Line(self._allow, self._bounds.seconds) as line:
                try:
                    with line.opener.open(request, timeout=self._bounds.seconds) as response:
                        body = self._read(response, line, address)
                        return Answer(address, response.headers.get("Content-Type", ""), body)
                except HTTPError as error:
                    with error:
                        raise _failure(address, error) from error
        except URLError as error:
            raise _broken(address, error.reason) from error
        except (OSError, http.client.HTTPException, zlib.error) as error:
            raise _broken(address, error) from error

    def _read(self, response: http.client.HTTPResponse, line: Line, address: str) -> bytes:
        packed = response.headers.get("Content-Encoding", "identity").strip().lower()
        if packed not in {"identity", "gzip"}:
            raise EndpointError(f"{address} answered packed as {packed[:40]}, not asked for")
        inflate = zlib.decompressobj(_GZIPPED) if packed == "gzip" else None
        parts: list[bytes] = []
        size = 0
        while part := response.read1(_CHUNK):
            while part:
                piece = part if inflate is None else inflate.decompress(part, _CHUNK)
                part = b"" if inflate is None else inflate.unconsumed_tail
                size += len(piece)
                if size > self._bounds.largest:
                    raise EndpointError(f"{address} has more than {self._bounds.largest} bytes")
                parts.append(piece)
        if line.cut or response.length or (inflate and not inflate.eof):
            raise http.client.IncompleteRead(b"", response.length)
        return b"".join(parts)


class _TransientError(Exception):
    """A failure that may pass by itself; `wait` is what the peer asks for, in seconds."""

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait


class _RedirectedError(Exception):
    """The peer says that what is asked for stands elsewhere."""

    def __init__(self, to: str) -> None:
        super().__init__(to)
        self.to = to


def root_of(url: str) -> str:
    """Give the address under which a node stands, from its own or that of its feed."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ForbiddenError(f"{url!r} is no address of a node: {error}") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise ForbiddenError(f"{url!r} is no address of a node: it needs http:// or https://")
    if "@" in parts.netloc:
        raise ForbiddenError(f"{url!r} is no address of a node: leave out @")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ForbiddenError(f"{url!r} is no address of a node: percent-encode its characters")
    path = parts.path.removesuffix("/").removesuffix("/feed")
    return f"{parts.scheme}://{parts.netloc}{path}/"


def _is_meant(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _failure(address: str, error: HTTPError) -> Exception:
    if error.code == _GONE:
        return WithdrawnError(f"{address} is gone")
    if error.code == _MISSING:
        return NotFoundError(f"there is nothing at {address}")
    if error.code in _MOVED and error.headers.get("Location"):
        return _RedirectedError(error.headers["Location"])
    if error.code in _TRANSIENT:
        told = error.headers.get("Retry-After") or ""
        wait = float(told) if told.isascii() and told.isdigit() else 0.0
        return _TransientError(f"status {error.code} {error.reason}", wait)
    return EndpointError(f"{address} answered status {error.code} {error.reason}")


def _broken(address: str, reason: object) -> Exception:
    if isinstance(reason, ssl.SSLCertVerificationError):
        return EndpointError(f"the certificate of {address} is not valid: {reason}")
    if isinstance(reason, TimeoutError | CutError):
        return _TransientError("no whole answer in time")
    return _TransientError(f"the connection failed ({reason})")
