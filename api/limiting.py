"""A limit of how often one client may do something, kept in memory only and without its address."""

from __future__ import annotations

import secrets
import time
from collections import deque
from collections.abc import Callable
from hashlib import blake2b

from api.errors import TooManyError


class Limiter:
    """Lets each client do something `most` times in `seconds`, and all together `altogether`.

    Clients are told apart by a hash with a key that ends with the process.
    """

    def __init__(
        self,
        most: int = 5,
        altogether: int = 200,
        seconds: float = 3600.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most, self._altogether, self._seconds = most, altogether, seconds
        self._clock = clock
        self._key = secrets.token_bytes(16)
        self._done: deque[tuple[float, bytes]] = deque()

    def count(self, client: str) -> None:
        """Count one more time; TooManyError where that is too often."""
        now = self._clock()
        while self._done and self._done[0][0] <= now - self._seconds:
            self._done.popleft()
        who = blake2b(client.encode(), key=self._key, digest_size=8).digest()
        if len(self._done) >= self._altogether or (
            sum(client == who for _, client in self._done) >= self._most
        ):
            raise TooManyError(
                f"more than {self._most} of these in {self._seconds / 60:.0f} minutes are not "
                "taken: send the rest later"
            )
        self._done.append((now, who))
