"""The wire: uvicorn's HTTP protocol, with a shorter way for plain requests."""

from __future__ import annotations

import asyncio
from typing import Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from api.answers import Answer
from api.patience import Patient
from api.quick import Asking, Quick, forwarded_for, may_be_quick

# The name under which the application gives its `Quick` to the server, in the lifespan's state.
QUICK: Final = "quick"
_PIECE = 1 << 18
_MOST_HELD = 1 << 16  # bytes of further requests on a connection, before it is not read on


class Wire(Patient):
    """A connection whose plain requests are answered from their bytes.

    They are taken only when nothing else is under way on the connection, so that answers keep
    the order of their requests.
    """

    _asking: Asking | None = None
    _sending: asyncio.Task[None] | None = None
    _reading = False
    _held = b""
    _ending = False

    def data_received(self, data: bytes) -> None:
        """Take bytes of a connection."""
        if self._asking is not None or self._sending is not None:
            self._held += data
            if len(self._held) > _MOST_HELD:
                self.flow.pause_reading()
            return
        if self._is_free() and may_be_quick(data):
            quick: Quick | None = self.app_state.get(QUICK)
            if quick is not None and self._answer(quick, data):
                self.request_taken()
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Note that a request is being read."""
        self._reading = True
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """Note that a request has been read."""
        self._reading = False
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Call off what nobody waits for any more."""
        asking, self._asking = self._asking, None
        quick: Quick | None = self.app_state.get(QUICK)
        if asking is not None and quick is not None:
            quick.call_off(asking)
        if self._sending is not None:
            self._sending.cancel()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Close, once the request under way is answered."""
        if self._asking is not None or self._sending is not None:
            self._ending = True
        else:
            super().shutdown()

    def _is_free(self) -> bool:
        return (
            not self._reading
            and (self.cycle is None or self.cycle.response_complete)
            and not self.flow.write_paused
            and not self.pipeline
        )

    def _answer(self, quick: Quick, data: bytes) -> bool:
        known = quick.remembered(data)
        if known is not None:
            self._unset_keepalive_if_required()
            self._write(*known)
            return True
        answered = False

        def tell(answer: Answer, name: str) -> None:
            nonlocal answered
            answered = True
            self._asking = None
            if self.transport.is_closing():
                if answer.file is not None:
                    answer.file.close()
                return
            self._write(answer, name)

        asking = quick.ask(data, self._client_of(data), tell)
        if asking is None:
            return False
        self._unset_keepalive_if_required()
        if not answered:
            self._asking = asking
        return True

    def _client_of(self, request: bytes) -> str:
        """Name the client by its address, which proxies that are trusted tell (as uvicorn does)."""
        client = self.client[0] if self.client else ""
        trusted = getattr(self.app, "trusted_hosts", None)
        if trusted is None or client not in trusted:
            return client
        told = forwarded_for(request)
        return (told and trusted.get_trusted_client_address(told)[0]) or client

    def _write(self, answer: Answer, name: str) -> None:
        """Write an answer with its request id."""
        lines = [STATUS_LINE[answer.status]]
        for key, value in (*self.server_state.default_headers, *answer.headers):
            lines += [key, b": ", value, b"\r\n"]
        lines += [b"x-request-id: ", name.encode(), b"\r\n\r\n", answer.body]
        self.transport.write(b"".join(lines))
        if answer.file is None:
            self._complete()
        else:
            self._sending = self.loop.create_task(self._send_file(answer))

    async def _send_file(self, answer: Answer) -> None:
        if answer.file is None:
            return
        with answer.file as file:
            while piece := file.read(_PIECE):
                await self.flow.drain()
                self.transport.write(piece)
        self._sending = None
        self._complete()

    def _complete(self) -> None:
        """Count the answer and go on with what came meanwhile."""
        self.server_state.total_requests += 1
        if self._ending:
            self.transport.close()
            return
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )
        if self._held:
            held, self._held = self._held, b""
            self.flow.resume_reading()
            self.data_received(held)
