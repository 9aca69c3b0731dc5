"""Download: one file at an address, within limits, asked for only if it is new.

Each address on the way, the first and those of redirects, is checked by name and by number.
"""

from __future__ import annotations

import hashlib
import http.client
import ssl
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import Request

from graph.calling import CutError, Line
from graph.errors import EndpointError, ForbiddenError
from graph.trying import TRANSIENT, Retries, TransientError, seconds
from loaders.fetching.cache import Copy
from loaders.fetching.hosts import Hosts

AGENT = "sikg/0.1 (social innovation knowledge graph; reads published tables)"
MAX_REDIRECTS = 5
_CHUNK = 1 << 16
_MOVED = frozenset({301, 302, 303, 307, 308})
_GZIPPED = zlib.MAX_WBITS | 16


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how often a host is asked.

    `idle` bounds each wait for the host and `whole` the whole download, in seconds; `retries` come
    after the first attempt, `pause` seconds later and then after twice the pause before.
    """

    idle: float = 30.0
    whole: float = 1_800.0
    retries: int = 2
    pause: float = 1.0
    longest_pause: float = 60.0


@dataclass(frozen=True, slots=True)
class Downloaded:
    """What came: the checksum of what was written, and what the server said of it."""

    sha256: str
    media_type: str
    etag: str | None
    modified: str | None


class Download:
    """Fetches one address; EndpointError says why it could not."""

    def __init__(self, url: str, hosts: Hosts, limits: Limits, largest: int) -> None:
        self._url = url
        self._hosts = hosts
        self._limits = limits
        self._largest = largest

    def into(self, file: IO[bytes], known: Copy | None) -> Downloaded | None:
        """Write what the address gives to a file; None where the known copy is still the latest."""
        limits = self._limits
        retries = Retries(limits.retries, limits.pause, limits.longest_pause)

        def attempt() -> Downloaded | None:
            file.seek(0)
            file.truncate()
            return self._follow(file, known)

        return retries.of(self._url, attempt)

    def _follow(self, file: IO[bytes], known: Copy | None) -> Downloaded | None:
        url = self._url
        for _ in range(MAX_REDIRECTS + 1):
            host = self._hosts.check(url, self._url)
            self._hosts.wait(host, self._limits.pause)
            got = self._attempt(url, file, known)
            if not isinstance(got, str):
                return got
            target = urljoin(url, got)
            if urlsplit(url).scheme == "https" and urlsplit(target).scheme != "https":
                raise ForbiddenError(f"{url} redirects to {target}, which is not encrypted")
            url = target
        raise EndpointError(f"{self._url} redirects more than {MAX_REDIRECTS} times")

    def _attempt(self, url: str, file: IO[bytes], known: Copy | None) -> Downloaded | str | None:
        try:
            with Line(self._hosts.inner, self._limits.whole) as line:
                try:
                    request = Request(url, headers=_headers(known))  # noqa: S310  # checked above
                    with line.opener.open(request, timeout=self._limits.idle) as response:
                        return self._written(response, file, line)
                except HTTPError as error:
                    with error:
                        return _redirected(url, error, known)
        except URLError as error:
            raise self._broken(error.reason) from error
        except (OSError, http.client.HTTPException, zlib.error) as error:
            raise self._broken(error) from error

    def _written(
        self, response: http.client.HTTPResponse, file: IO[bytes], line: Line
    ) -> Downloaded:
        told = response.headers
        coding = (told.get("Content-Encoding") or "identity").strip().lower()
        if coding not in {"identity", "gzip", "x-gzip"}:
            raise EndpointError(f"{self._url} answered packed as {coding}, which was not asked for")
        self._bound(int(response.length or 0))
        inflate = None if coding == "identity" else zlib.decompressobj(_GZIPPED)
        digest, size = hashlib.sha256(), 0
        for piece in _plain(response, inflate):
            size += len(piece)
            self._bound(size)
            digest.update(piece)
            file.write(piece)
        if line.cut or response.length or (inflate and not inflate.eof):
            raise http.client.IncompleteRead(b"", response.length)
        return Downloaded(
            digest.hexdigest(),
            told.get_content_type(),
            told.get("ETag"),
            told.get("Last-Modified"),
        )

    def _bound(self, size: int) -> None:
        if size > self._largest:
            raise EndpointError(
                f"{self._url} has more than {self._largest >> 20} MiB: "
                "raise rows.largest if it is meant"
            )

    def _broken(self, reason: object) -> Exception:
        if isinstance(reason, CutError):
            return EndpointError(f"{self._url} took more than {self._limits.whole:g} seconds")
        if isinstance(reason, ssl.SSLCertVerificationError):
            return EndpointError(f"the certificate of {self._url} is not valid: {reason}")
        if isinstance(reason, TimeoutError):
            return TransientError(f"no answer within {self._limits.idle:g} seconds")
        return TransientError(f"the connection failed ({reason})")


def _plain(response: http.client.HTTPResponse, inflate: Any) -> Iterator[bytes]:  # noqa: ANN401
    """Give what comes, unpacked a little at a time where it is packed."""
    while part := response.read1(_CHUNK):
        if inflate is None:
            yield part
            continue
        while part:
            yield inflate.decompress(part, _CHUNK)
            part = inflate.unconsumed_tail  # what the limit left over
    if inflate is not None:
        yield inflate.flush()


def _headers(known: Copy | None) -> dict[str, str]:
    headers = {"User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
    if known and known.etag:
        headers["If-None-Match"] = known.etag
    if known and known.modified:
        headers["If-Modified-Since"] = known.modified
    return headers


def _redirected(url: str, error: HTTPError, known: Copy | None) -> str | None:
    """Give where an answer leads on, or None where nothing is new; raise what else it means."""
    if error.code == HTTPStatus.NOT_MODIFIED and known is not None:
        return None
    if error.code in _MOVED and error.headers.get("Location"):
        return str(error.headers["Location"])
    if error.code in TRANSIENT:
        wait = seconds(error.headers.get("Retry-After"))
        raise TransientError(f"status {error.code} {error.reason}", wait)
    raise EndpointError(f"{url} answered status {error.code} {error.reason}")
