"""Hosts: which may be called, and how often."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Collection
from dataclasses import dataclass, field

from graph.errors import ForbiddenError
from graph.trying import host_of

PURPOSE = "to fetch"
_ANY_BELOW = "*."


@dataclass
class Hosts:
    """The hosts that may be called, and when each was called last.

    `allowed` are names (`*.europa.eu` for all below one); where it is empty, only the host that a
    mapping itself names may be called for it. Inner addresses are refused at the connection; they
    are meant only where `allowed` has them written as numbers, or `localhost`.
    """

    allowed: Collection[str] = ()
    _called: dict[str, float] = field(default_factory=dict)

    def check(self, url: str, named: str) -> str:
        """Give the host of an address that may be called for a mapping which names another.

        ForbiddenError where it may not, or is no plain http(s) address.
        """
        host = host_of(url, PURPOSE)
        patterns = [item.lower() for item in self.allowed] or [host_of(named, PURPOSE)]
        if not any(_fits(host, pattern) for pattern in patterns):
            raise ForbiddenError(
                f"{url}: the host {host} is not among those that may be called "
                f"({', '.join(sorted(patterns))}): allow it with SIKG_FETCH_HOSTS if it is meant"
            )
        return host

    @property
    def inner(self) -> frozenset[str]:
        """Give the allowed hosts that may be at inner addresses."""
        return frozenset(item.lower() for item in self.allowed if _is_inner_by_name(item))

    def wait(self, host: str, pause: float) -> None:
        """Wait until the last call of a host is long enough ago, in seconds."""
        now = time.monotonic()
        if host in self._called:
            time.sleep(max(0.0, self._called[host] + pause - now))
        self._called[host] = time.monotonic()


def _fits(host: str, pattern: str) -> bool:
    if pattern.startswith(_ANY_BELOW):
        return host.endswith(pattern[1:])
    return host == pattern


def _is_inner_by_name(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return False
    return True
