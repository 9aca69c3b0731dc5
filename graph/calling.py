"""Calls to other hosts over HTTP: guarded addresses, a deadline, no proxy and no redirect.

A name is resolved once, each address found is checked, and the connection is made to one of
them: a second answer of the name servers cannot lead elsewhere.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
)

from graph.addresses import refuse_inner


class CutError(OSError):
    """The attempt was cut at its deadline."""


class Line:
    """One attempt: its connection, the guard of its addresses and its deadline."""

    def __init__(self, allow: frozenset[str], timeout: float) -> None:
        self._allow = allow
        self._sockets: list[socket.socket] = []
        self._deadline = threading.Timer(timeout, self._end)
        self._deadline.daemon = True
        self.cut = False

    @property
    def opener(self) -> OpenerDirector:
        """Give an opener of http and https only, which goes straight and follows no redirect.

        Redirects lead past the check of the address, and turn a POST into a GET.
        """
        opener = OpenerDirector()
        for handler in (
            _Plain(self),
            _Secure(self),
            HTTPErrorProcessor(),
            HTTPDefaultErrorHandler(),
        ):
            opener.add_handler(handler)
        return opener

    def __enter__(self) -> Self:
        self._deadline.start()
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._deadline.cancel()
        if self.cut and isinstance(error, OSError | http.client.HTTPException):
            raise CutError("the deadline has passed") from error

    def dial(self, host: str, port: int, timeout: float | None) -> socket.socket:
        """Connect to a host at one of its addresses, all of which have been checked.

        The name is resolved once, so that no second answer can lead elsewhere.
        """
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        if host.lower() not in self._allow:
            for *_, address in found:
                refuse_inner(host, str(address[0]))
        failure: OSError = OSError(f"{host} has no address")
        for family, kind, protocol, _, address in found:
            connection = socket.socket(family, kind, protocol)
            connection.settimeout(timeout)
            try:
                connection.connect(address)
            except OSError as error:
                connection.close()
                failure = error
            else:
                return self.watch(connection)
        raise failure

    def watch(self, connection: socket.socket) -> socket.socket:
        """Take a connection to be cut at the deadline."""
        self._sockets.append(connection)
        return connection

    def _end(self) -> None:
        self.cut = True
        for connection in self._sockets:
            with _ignored():
                connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def _ignored() -> Iterator[None]:
    """Let a socket that is gone already be."""
    try:
        yield
    except OSError:
        return


class _Connection(http.client.HTTPConnection):
    """A connection that dials through the line."""

    def __init__(self, host: str, line: Line, timeout: float) -> None:
        super().__init__(host, timeout=timeout)
        self._line = line

    def connect(self) -> None:
        """Connect to a checked address."""
        self.sock = self._line.dial(self.host, self.port, self.timeout)


class _SecureConnection(http.client.HTTPSConnection):
    """The same under TLS; certificates are always checked."""

    def __init__(self, host: str, line: Line, timeout: float) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(host, timeout=timeout, context=self._tls)
        self._line = line

    def connect(self) -> None:
        """Connect to a checked address and agree on keys."""
        plain = self._line.dial(self.host, self.port, self.timeout)
        secure = self._tls.wrap_socket(
            plain, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.sock = self._line.watch(secure)  # closed with the connection if they do not agree
        secure.do_handshake()


class _Plain(HTTPHandler):
    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line

    def http_open(self, req: Request) -> http.client.HTTPResponse:
        def connect(host: str, /, *, timeout: float = 0, **_: object) -> _Connection:
            return _Connection(host, self._line, timeout)

        return self.do_open(connect, req)


class _Secure(HTTPSHandler):
    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line

    def https_open(self, req: Request) -> http.client.HTTPResponse:
        def connect(host: str, /, *, timeout: float = 0, **_: object) -> _SecureConnection:
            return _SecureConnection(host, self._line, timeout)

        return self.do_open(connect, req)
