"""Masking: take the name of a hidden person out of the other texts of the row.

A word of a text is masked that begins as a word of the name does, whatever its script, accents and
ending: `Kowalskiemu` for Kowalski. Words of trades and institutions within the name are left;
numbers that stand beside it are masked as well. Cells that should hold no words, such as days, are
masked whole where they hold such a word: it was typed into the wrong column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from loaders.language.months import months, plain
from loaders.privacy.parts import OTHER, Sort
from loaders.privacy.persons import Judge
from loaders.privacy.words import folded

MASK = "[…]"

_WORD = re.compile(r"[^\W_]+(?:['\u2019`][^\W_]+)*")
_NUMBER = re.compile(r"[^\W_]*\d{4}[^\W_]*")
_INNER = re.compile(r"[-.'\u2019`]")
_SHORTEST = 3  # letters of a word that is masked
_WHOLE = 5  # letters up to which an ending may follow, but nothing may be missing
_ENDING = 4  # letters of an ending


@dataclass
class Masker:
    """Masks names; what it has found out about words and texts is kept for the next row."""

    judge: Judge
    _stems: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _folded: dict[str, str] = field(default_factory=dict)
    _done: dict[tuple[tuple[str, ...], str], str] = field(default_factory=dict)

    def stems(self, names: Iterable[str]) -> tuple[str, ...]:
        """Give the beginnings of words by which names are told."""
        found: dict[str, None] = {}
        for name in names:
            if name not in self._stems:
                self._stems[name] = tuple(self._of(name))
            found.update(dict.fromkeys(self._stems[name]))
        return tuple(found)

    def masked(self, text: str, stems: tuple[str, ...]) -> str:
        """Give a text without the words that begin so."""
        if not text or not stems:
            return text
        key = (stems, text)
        if key not in self._done:
            self._done[key] = _WORD.sub(lambda word: self._word(word.group(), stems), text)
        return self._done[key]

    def cleared(self, text: str, stems: tuple[str, ...]) -> str:
        """Give an address that holds no such word, or else nothing: no mask can stand in it."""
        return text if self.masked(text, stems) == text else ""

    def tells(self, text: str, stems: tuple[str, ...]) -> bool:
        """Tell whether a text that should be no words has one that begins so, and is no month."""
        words = (word.group() for word in _WORD.finditer(text)) if stems else ()
        return any(
            word.isalpha() and plain(word) not in months() and self._word(word, stems) == MASK
            for word in words
        )

    def _word(self, word: str, stems: tuple[str, ...]) -> str:
        short = self._folded.get(word)
        if short is None:
            short = self._folded[word] = folded(word)
        return MASK if any(_begins(short, stem) for stem in stems) else word

    def _of(self, name: str) -> Iterable[str]:
        yield from map(folded, _NUMBER.findall(name))  # of a register, or of a year
        for word in self.judge.split(self.judge.undeclared(name)):
            told = word.sort & (Sort.GIVEN | Sort.SURNAME)
            if self.judge.is_title(word) or (word.sort & OTHER and not told):
                continue
            for part in _INNER.split(word.raw):
                short = folded(part)
                if len(short) >= _SHORTEST:
                    yield short if len(short) <= _WHOLE else short[:-2]


def _begins(word: str, stem: str) -> bool:
    return word.startswith(stem) and len(word) <= len(stem) + 2 + _ENDING
