"""Listening: every process of a server has a socket of its own on the one port.

On a socket that processes share, whoever wakes first takes all connections that have come, and
the others stay idle. With one for each (SO_REUSEPORT) the system deals them out, and those of a
process that ends go to the others.
"""

from __future__ import annotations

from typing import Any

import uvloop


class Loop(uvloop.Loop):
    """An event loop whose servers share their port with those of other processes."""

    async def create_server(self, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401  # handed on
        """Create a server as the loop below does."""
        return await super().create_server(*arguments, **{**named, "reuse_port": True})


def new_loop() -> Loop:
    """Make an event loop for a process that serves."""
    return Loop()
