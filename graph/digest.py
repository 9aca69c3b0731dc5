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
    """Adds up statements; the same set of lines gives the same digest in any order.

    `start` is the hexadecimal digest of an earlier state to go on from.
    """

    def __init__(self, start: str = "") -> None:
        self._sum = int(start, 16) if start else 0

    def add_lines(self, lines: Iterable[bytes]) -> None:
        """Add lines of canonical N-Quads, with or without their line ends, each once."""
        self._sum = (self._sum + _total(lines)) % _MODULUS

    def remove_lines(self, lines: Iterable[bytes]) -> None:
        """Take lines away that were added before, each once."""
        self._sum = (self._sum - _total(lines)) % _MODULUS

    def add(self, other: Digest) -> None:
        """Add all that another digest holds."""
        self._sum = (self._sum + other._sum) % _MODULUS

    def add_file(self, path: Path) -> None:
        """Add every line of an N-Quads file."""
        with path.open("rb") as file:
            self.add_lines(file)

    def hexdigest(self) -> str:
        """Give the digest as 128 hexadecimal digits."""
        return f"{self._sum:0128x}"


def digest_of_file(path: Path) -> str:
    """Give the digest of the lines of an N-Quads file as 128 hexadecimal digits."""
    digest = Digest()
    digest.add_file(path)
    return digest.hexdigest()


def _total(lines: Iterable[bytes]) -> int:
    return sum(int.from_bytes(hashlib.sha512(line.rstrip(b"\n")).digest()) for line in lines)
