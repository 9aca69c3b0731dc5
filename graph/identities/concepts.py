"""Concepts: what the words of a name mean, whatever the language, by the list `concepts.yaml`.

So names that are translations of each other have words in common. Words that the list does not
have stay as they are; one that ends in a word of the list is taken apart: Forschungs|zentrum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources
from typing import cast

from ruamel.yaml import YAML

from graph.identities.names import Name, is_connective
from graph.identities.spelling import folded, latin

# Letters at most that follow the beginning of a word: of one of four letters, of others, and where
# the rest of the word tells nothing either, which needs a beginning of six.
_SHORT_ENDING, _ENDING, _LONG_ENDING = 2, 5, 8
_SHORT_BEGINNING, _LONG_BEGINNING = 4, 6
_LONG = 8  # letters from which a word may be two
_HEAD, _TAIL = 3, 5  # letters of the parts of a word, at least
_LINKS = ("", "s", "n", "en", "es", "e", "o")  # letters between the parts


@dataclass(frozen=True, slots=True)
class _Listed:
    """The words of the list, and the beginnings of words, each with its concept."""

    words: Mapping[str, str]
    beginnings: Mapping[str, str]

    def concept(self, word: str) -> str | None:
        """Give the concept of a word, if the list has it or how it begins."""
        return self.words.get(word) or self.begun(word, 1, _ENDING)

    def begun(self, word: str, least: int, ending: int) -> str | None:
        """Give the concept of the longest beginning of at least so many letters."""
        for size in range(len(word), least - 1, -1):
            longest = _SHORT_ENDING if size <= _SHORT_BEGINNING else ending
            found = self.beginnings.get(word[:size])
            if found is not None and len(word) - size <= longest:
                return found
        return None


def meant(name: Name) -> Name:
    """Give a name with concepts in place of the words that the list has.

    A name of one word stays as it is: one concept says nothing of who somebody is.
    """
    words = concepts_of(name.words) if len(name.words) > 1 else name.words
    return name if words == name.words else replace(name, words=words, whole=words, meant=True)


def concepts_of(words: tuple[str, ...]) -> tuple[str, ...]:
    """Give words with concepts in place of those that the list has."""
    return tuple(concept for word in words for concept in _of_word(word))


@lru_cache(maxsize=100_000)
def _of_word(word: str) -> tuple[str, ...]:
    if is_connective(word):
        return (word,)
    listed = _listed()
    whole = listed.concept(word)
    return (whole,) if whole is not None else _parts(word, listed)


def _parts(word: str, listed: _Listed) -> tuple[str, ...]:
    """Take a word apart at the first place from which on the rest has a concept.

    A first part that means nothing is kept, unless the beginning of the word tells the whole.
    """
    cuts = range(_HEAD, len(word) - _TAIL + 1) if len(word) >= _LONG else ()
    tails = ((word[:cut], listed.begun(word[cut:], _TAIL, _ENDING)) for cut in cuts)
    found = [(head, tail) for head, tail in tails if tail is not None]
    for head, tail in found:
        for link in _LINKS:
            first = listed.concept(head.removesuffix(link)) if head.endswith(link) else None
            if first is not None:
                return (first, tail)
    whole = listed.begun(word, _LONG_BEGINNING, _LONG_ENDING)
    if whole is not None:
        return (whole,)
    return (*_of_word(found[0][0]), found[0][1]) if found else (word,)


@cache
def _listed() -> _Listed:
    """Read the list; of two concepts that have a word, the first keeps it."""
    text = (resources.files("graph.names") / "concepts.yaml").read_text("utf-8")
    read = cast("dict[str, list[str]]", YAML(typ="base", pure=True).load(text))
    words: dict[str, str] = {}
    beginnings: dict[str, str] = {}
    for concept, written in read.items():
        for word in written:
            kept = beginnings if word.endswith("*") else words
            kept.setdefault(folded(latin(word.removesuffix("*"))), concept)
    return _Listed(words, beginnings)
