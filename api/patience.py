"""Patience with clients: how long and how large the parts of a request may be, and how slow.

A connection costs memory and a descriptor, and whoever sends or takes a byte a minute could hold
thousands of them. A head has to be complete in time and of bounded size; bodies and answers have
to move on.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# The name under which the application gives its `Patience` to the server, in the lifespan's state.
PATIENCE: Final = "patience"
_RATE: Final = 500  # bytes/s that a body or an answer has to make: less than any line of today
_REFUSED: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds for the head of a request and for each stretch of a body, and bytes of a head."""

    seconds: float = 30.0
    head: int = 1_065_536


class Patient(HttpToolsProtocol):
    """A connection that is closed when its client takes too long or sends too much of a head."""

    _patience = Patience()
    _watching: asyncio.TimerHandle | None = None
    _since: float | None = None  # when the request that is being read began
    _in_head = False
    _head = 0
    _received = 0  # bytes since the last look
    _moving = False  # since the last look
    _unsent = 0

    def connection_made(  # type: ignore[override]  # as the class above
        self, transport: asyncio.Transport
    ) -> None:
        """Wait for the first request from now on."""
        super().connection_made(transport)
        self._patience = self.app_state.get(PATIENCE, self._patience)
        self._since = self.loop.time()
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Take bytes of a connection, unless they make a head too large."""
        self._received += len(data)
        super().data_received(data)
        if self._in_head:
            self._head += len(data)
            if self._head > self._patience.head and not self.transport.is_closing():
                self.transport.write(_REFUSED)
                self.transport.close()

    def on_message_begin(self) -> None:
        """Note that a request is being read."""
        self._since = self.loop.time()
        self._in_head, self._head = True, 0
        self._moving = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Note that the head has been read."""
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Note that a request has been read."""
        self._since = None
        super().on_message_complete()

    def resume_writing(self) -> None:
        """Note that the client takes its answer."""
        self._moving = True
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching."""
        if self._watching is not None:
            self._watching.cancel()
        super().connection_lost(exc)

    def request_taken(self) -> None:
        """Note that a request was read in another way than by the parser."""
        self._since = None
        self._moving = True

    def _watch(self) -> None:
        self._watching = self.loop.call_later(self._patience.seconds, self._look)

    def _look(self) -> None:
        """Close the connection if its client is too slow; look again later if not."""
        unsent = self.transport.get_write_buffer_size()
        if self._is_too_slow_to_send() or self._is_too_slow_to_take(unsent):
            self.transport.abort()
            return
        self._received, self._moving, self._unsent = 0, False, unsent
        self._watch()

    def _is_too_slow_to_send(self) -> bool:
        if self._since is None or self.flow.read_paused:
            return False
        # Of a request that has just begun, less than a whole stretch has been seen.
        if self.loop.time() - self._since < self._patience.seconds * 0.99:
            return False
        return self._in_head or self._received < _RATE * self._patience.seconds

    def _is_too_slow_to_take(self, unsent: int) -> bool:
        if not unsent or not self._unsent or self._moving:
            return False
        return self._unsent - unsent < _RATE * self._patience.seconds
