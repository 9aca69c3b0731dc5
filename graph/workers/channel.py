"""Messages over a stream socket, with file descriptors beside them."""

from __future__ import annotations

import os
import socket
from array import array
from collections import deque
from collections.abc import Sequence
from weakref import finalize

from graph.workers.messages import HEAD, length

_SPACE = socket.CMSG_SPACE(4 * array("i").itemsize)  # for the descriptors of one message
_ONCE = 1 << 15


class Channel:
    """One end of a connection between two processes of ours.

    Descriptors are given out in the order in which they came; whoever takes one closes it.
    """

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self._buffer = bytearray()
        self._descriptors: deque[int] = deque()
        # A channel that is let go of hangs up, so that no process waits for nobody.
        self._closing = finalize(self, _hang_up, connection, self._descriptors)

    def fileno(self) -> int:
        """Give the descriptor to wait on."""
        return self.socket.fileno()

    def send(self, framed: bytes, descriptors: Sequence[int] = ()) -> None:
        """Send a framed message; the receiver gets copies of the descriptors."""
        if descriptors:
            sent = socket.send_fds(self.socket, [framed], descriptors)
            if sent < len(framed):
                self.socket.sendall(memoryview(framed)[sent:])
        else:
            self.socket.sendall(framed)

    def receive(self) -> bytes | None:
        """Wait for a message; None once the other end is closed."""
        while (message := self.next()) is None:
            if not self.read():
                return None
        return message

    def read(self, *, wait: bool = True) -> bool:
        """Read what has come; False at the end.

        BlockingIOError if nothing has come yet and is not to be waited for.
        """
        try:
            data, beside, _, _ = self.socket.recvmsg(
                _ONCE, _SPACE, 0 if wait else socket.MSG_DONTWAIT
            )
        except ConnectionError:
            return False
        for _, _, found in beside:
            whole = len(found) - len(found) % array("i").itemsize
            self._descriptors.extend(array("i", found[:whole]))
        self._buffer += data
        return bool(data)

    def next(self) -> bytes | None:
        """Give the next message that has come whole; None if there is none."""
        if len(self._buffer) < HEAD:
            return None
        end = HEAD + length(self._buffer)
        if len(self._buffer) < end:
            return None
        message = bytes(memoryview(self._buffer)[HEAD:end])
        del self._buffer[:end]
        return message

    def descriptor(self) -> int:
        """Give the next descriptor that has come."""
        return self._descriptors.popleft()

    def close(self) -> None:
        """Close the connection, and the descriptors that nobody took."""
        self._closing()


def _hang_up(connection: socket.socket, descriptors: deque[int]) -> None:
    connection.close()
    while descriptors:
        os.close(descriptors.popleft())
