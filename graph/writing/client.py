"""The way from a server to the writer: starts it where none runs, and waits for its answers."""

from __future__ import annotations

import asyncio
import math
import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from graph.errors import WriterError
from graph.writing import place
from graph.writing.requests import ANSWER_HEAD, Outcome, Write, decode_answer

_START = 20.0  # seconds that a writer may take to listen
_AGAIN = 3.0  # seconds after which another is started where none listens yet
_PAUSE = 0.02  # seconds between attempts to connect

_Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(slots=True)
class Client:
    """Sends writes to the writer of one home.

    `keep` is how many releases are kept, `limit` how many seconds one group of writes may take,
    and `idle` how long a writer stays without a client. Lines are kept open, so that a writer
    lives as long as the servers that write through it.
    """

    home: Path
    keep: int
    limit: float
    idle: float = 30.0
    _free: list[_Line] = field(default_factory=list)
    _started: float = -math.inf

    async def write(self, write: Write) -> Outcome:
        """Let the writer carry out a write.

        Raises what the writer raises, and WriterError where it does not answer.
        """
        line = await self._line()
        try:
            answer = await asyncio.wait_for(_asked(line, write), 2 * self.limit + _START)
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            line[1].close()
            raise WriterError(
                "the writer ended or was ended before it answered: read whether the write is "
                "there before you repeat it"
            ) from error
        except BaseException:
            line[1].close()
            raise
        self._free.append(line)
        return decode_answer(answer)

    async def warm(self) -> None:
        """Start the writer, so that the first write need not wait for it."""
        with suppress(WriterError):  # told at the first write
            self._free.append(await self._line())

    def close(self) -> None:
        """Let go of the writer, which ends when nobody else needs it."""
        for _, writer in self._free:
            writer.close()
        self._free.clear()

    async def _line(self) -> _Line:
        while self._free:
            reader, writer = self._free.pop()
            if not reader.at_eof() and not writer.is_closing():
                return reader, writer
            writer.close()
        return await self._connected()

    async def _connected(self) -> _Line:
        end = time.monotonic() + _START
        while (found := place.connected(self.home)) is None:
            if time.monotonic() > end:
                raise WriterError("the writer does not start; its operator finds why in the log")
            if time.monotonic() - self._started > _AGAIN:
                self._started = time.monotonic()
                await asyncio.to_thread(self._start)
            await asyncio.sleep(_PAUSE)
        return await asyncio.open_unix_connection(sock=found)

    def _start(self) -> None:
        """Start a writer; one that is there already lets the new one end."""
        words = (self.home.absolute(), self.keep, self.idle, self.limit)
        try:
            subprocess.run(  # noqa: S603  # our own module, with numbers and a path
                [sys.executable, "-m", "graph.writing", *map(str, words)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
                check=True,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            )
        except (OSError, subprocess.CalledProcessError) as error:
            raise WriterError(f"the writer cannot be started: {error}") from error


async def _asked(line: _Line, write: Write) -> bytes:
    reader, writer = line
    writer.write(write.encode())
    await writer.drain()
    (length,) = ANSWER_HEAD.unpack(await reader.readexactly(ANSWER_HEAD.size))
    return await reader.readexactly(length)
