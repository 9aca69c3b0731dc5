"""How wide letters are, so that labels can be placed and shortened before anything draws them.

A server does not know the font of a reader, so widths are those of a wide one, DejaVu Sans, in
which exports are set: what fits in it fits in the others.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

FAMILY = "'DejaVu Sans', Verdana, sans-serif"
BOLD = 1.12  # how much wider bold letters are

_ELLIPSIS = "…"
# Widths as shares of the size of the font.
_NARROW, _USUAL, _CAPITAL, _BROAD, _SQUARE = 0.36, 0.62, 0.74, 1.0, 1.05
_THIN_LETTERS = frozenset("ijlftrIJ.,:;'|!()[]/ -·")
_BROAD_LETTERS = frozenset("mwMWŴŵ@%—…")
_NO_WIDTH = {"Mn", "Me", "Cf", "Cc"}


def width(text: str, size: float) -> float:
    """Estimate the width of a text in pixels, for a font of a size in pixels."""
    return size * sum(map(_share, text))


def shortened(text: str, size: float, room: float) -> str:
    """Cut a text, with an ellipsis, to what fits a room in pixels; at least one letter stays."""
    if width(text, size) <= room:
        return text
    kept, used = "", width(_ELLIPSIS, size)
    for letter in text:
        used += size * _share(letter)
        if used > room and kept:
            break
        kept += letter
    return kept.rstrip() + _ELLIPSIS


def lines(text: str, size: float, room: float) -> list[str]:
    """Break a text into lines that fit a room in pixels, between words; a long word is cut."""
    found = [""]
    for word in text.split():
        longer = f"{found[-1]} {word}".lstrip()
        if found[-1] and width(longer, size) > room:
            found.append(shortened(word, size, room))
        else:
            found[-1] = shortened(longer, size, room)
    return [line for line in found if line]


@lru_cache(maxsize=4096)  # names are made of the same letters again and again
def _share(letter: str) -> float:
    if letter in _THIN_LETTERS:
        return _NARROW
    if letter in _BROAD_LETTERS:
        return _BROAD
    if letter.isascii():
        return _CAPITAL if letter.isupper() else _USUAL
    if unicodedata.category(letter) in _NO_WIDTH:
        return 0.0
    if unicodedata.east_asian_width(letter) in {"W", "F"}:
        return _SQUARE
    return _CAPITAL if letter.isupper() else _USUAL
