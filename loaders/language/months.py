"""Months in words, in the official languages of the European Union, by the names of the CLDR."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

from babel import Locale

LANGUAGES = tuple(
    "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv".split()  # noqa: SIM905  # read as a line
)


def plain(word: str) -> str:
    """Write a word as it is looked up: in small letters, without the dot of an abbreviation."""
    return word.strip().rstrip(".").lower()


@cache
def months(language: str = "") -> Mapping[str, int]:
    """Give the words for months with their numbers, in one language or in all.

    Of all, only words that mean the same month everywhere: `listopad` is October in Croatia, and
    November in Poland.
    """
    found: dict[str, set[int]] = {}
    for spoken in (language,) if language else LANGUAGES:
        for word, number in _words(spoken):
            found.setdefault(word, set()).add(number)
    sure = {word: numbers.pop() for word, numbers in found.items() if len(numbers) == 1}
    return MappingProxyType(sure)


def _words(language: str) -> Iterator[tuple[str, int]]:
    names = Locale.parse(language).months
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, word in names[context][width].items():
                if not any(letter.isdigit() for letter in word):
                    yield plain(word), number
