"""Pieces: the three-letter pieces of the words of names, as numbers.

Names that share rare pieces are worth comparing, whatever was mistyped, bent or put in another
order. All names of a release are cut at once, as arrays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from graph.identities.spelling import folded, latin

_WORD = re.compile(r"[a-z0-9]+")
_LETTERS = " 0123456789abcdefghijklmnopqrstuvwxyz"
_END = len(_LETTERS)  # what stands between two names
PIECES = len(_LETTERS) ** 3
_LONGEST = 60  # letters of a word
_MOST = 40  # words of a name
_NUMBERS = np.full(256, _END, dtype=np.int64)
for _place, _letter in enumerate(_LETTERS):
    _NUMBERS[ord(_letter)] = _place


def words_of(text: str, country: str = "") -> list[str]:
    """Give the words of a name in one spelling, whatever their script; at most 40."""
    # Most names have letters a to z only, of which nothing is to be written otherwise.
    plain = text.lower() if text.isascii() and "'" not in text else latin(text, country)
    return [_folded(word) for word in _WORD.findall(plain)[:_MOST]]


@lru_cache(maxsize=200_000)  # a few words make up most names
def _folded(word: str) -> str:
    return folded(word[:_LONGEST])


def cut(names: Sequence[Sequence[str]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cut names, each a list of words, to pieces: their numbers, and whose each is.

    Each piece comes once a name; the beginnings and ends of words are pieces of their own.
    """
    text = "\n".join(f" {' '.join(words)} " for words in names) + "\n"
    letters = _NUMBERS[np.frombuffer(text.encode("ascii"), dtype=np.uint8)]
    owners = np.cumsum(letters == _END)
    first, middle, last = letters[:-2], letters[1:-1], letters[2:]
    # A piece lies within a word: it neither leads to the next one nor to the next name.
    within = (middle != 0) & (middle != _END) & (first != _END) & (last != _END)
    numbers = (first * len(_LETTERS) + middle) * len(_LETTERS) + last
    pairs = np.sort(owners[:-2][within] * PIECES + numbers[within])
    # Not by `unique`, which looks each up by its hash before it sorts: ten times slower here.
    pairs = pairs[np.flatnonzero(np.diff(pairs, prepend=-1))]
    return pairs % PIECES, pairs // PIECES
