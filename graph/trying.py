"""Asking another host again after a failure that may pass by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from graph.errors import EndpointError, ForbiddenError

_T = TypeVar("_T")
TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})  # statuses that may pass


class TransientError(Exception):
    """A failure that may pass by itself; `wait` is what the host asks for, in seconds."""

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a host is asked again, `pause` seconds later and then after twice the pause before.

    A longer pause that the host asks for is kept up to `longest_pause`.
    """

    retries: int
    pause: float
    longest_pause: float

    def of(self, url: str, attempt: Callable[[], _T]) -> _T:
        """Give what an attempt gives; EndpointError once the last has failed for a while."""
        pause = self.pause
        for left in range(self.retries, -1, -1):
            try:
                return attempt()
            except TransientError as error:
                if not left:
                    raise EndpointError(
                        f"{url} failed {self.retries + 1} times: {error}"
                    ) from error
                time.sleep(min(max(pause, error.wait), self.longest_pause))
                pause *= 2
        raise EndpointError(f"{url} was not asked: retries must not be below 0")


def seconds(told: str | None) -> float:
    """Read a Retry-After in seconds; the form with a date counts as none (RFC 9110, 10.2.3)."""
    return float(told) if told and told.isascii() and told.isdigit() else 0.0


def host_of(url: str, purpose: str) -> str:
    """Give the host of an address, in small letters; ForbiddenError where it is no plain one.

    `purpose` ends the sentence “… is no address …”.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ForbiddenError(f"{url!r} is no address {purpose}: {error}") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise ForbiddenError(f"{url!r} is no address {purpose}: it needs http:// or https://")
    if "@" in parts.netloc:
        # The address itself is not told: it may hold a password.
        raise ForbiddenError(f"no address {purpose} holds a name or password: leave out what is @")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ForbiddenError(f"{url!r} is no address {purpose}: percent-encode its characters")
    return host.lower()
