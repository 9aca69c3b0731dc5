"""Which addresses of other hosts may be called: those on the public internet."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from graph.errors import EndpointError, ForbiddenError

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def refuse_inner(host: str, address: str) -> None:
    """Refuse an address that is not on the public internet; ForbiddenError."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif found in _NAT64:
            found = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    if not found.is_global or found.is_multicast:
        raise ForbiddenError(
            f"{host} is at the inner address {found}, which is refused: name the host among the "
            "allowed ones if it is meant"
        )


def check_resolved(url: str) -> None:
    """Refuse an endpoint that was allowed by a name which stands for an inner address.

    An address written as numbers, and localhost, were meant as they are. ForbiddenError, or
    EndpointError if the name cannot be resolved.
    """
    host = urlsplit(url).hostname or ""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    else:
        return
    if host == "localhost":
        return
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise EndpointError(f"the host {host} cannot be found: {error.strerror}") from error
    for *_, address in found:
        refuse_inner(host, str(address[0]))
