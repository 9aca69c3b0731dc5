"""The content digest: one number for a set of statements, whatever their order.

Each statement is hashed as a line of canonical N-Quads by SHA-512, and the hashes are added
modulo 2^512 (the additive multiset hash of Clarke et al. 2003). So a digest needs no sorting,
can be computed in parts, and changes by one addition when one statement is added.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

_MODULUS = 1 << 512


class Digest:
    """Adds up statements; the same set of lines gives the same digest in any order."""

    def __init__(self) -> None:
        self._sum = 0

    def add_lines(self, lines: Iterable[bytes]) -> None:
        """Add lines of canonical N-Quads, with or without their line ends, each once."""
        total = 0
        for line in lines:
            total += int.from_bytes(hashlib.sha512(line.rstrip(b"\n")).digest())
        self._sum = (self._sum + total) % _MODULUS

    def add_file(self, path: Path) -> None:
        """Add every line of an N-Quads file."""
        with path.open("rb") as file:
            self.add_lines(file)

    def hexdigest(self) -> str:
        """Give the digest as 128 hexadecimal digits."""
        return f"{self._sum:0128x}"
