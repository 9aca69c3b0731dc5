"""Spelling: one writing for all writings of a word, whatever its script, case and accents.

Cyrillic and Greek letters become Latin ones by the table `transliteration.csv` (the national
standards), other scripts and accents by a library; then what systems of transliteration and
spelling without accents do differently is made equal: `ue` for `ü`, `y` and `j` for `i`.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources

from anyascii import anyascii

_CYRILLIC = re.compile(r"[\u0400-\u04FF]")
_GREEK = re.compile(r"[\u0370-\u03FF\u1F00-\u1FFF]")
_WORD = re.compile(r"\w+")
_ROMAN = re.compile(r"[ivxlcdm]{1,6}")
# Letters of one look: people type Latin ones into Cyrillic words.
_LOOKALIKES = str.maketrans("ABCEHKMOPTXYaceopxy", "АВСЕНКМОРТХУасеорху")  # noqa: RUF001  # as it says
_LANGUAGES = {"RS": "sr", "ME": "sr", "BA": "sr", "MK": "mk", "UA": "uk", "BY": "be", "RU": "ru"}
_SPELLED = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("kh", "h"), ("y", "i"), ("j", "i"))
_SOFT = re.compile(r"(?<=\w)['’ʹʼ](?=\w)")  # how transliterations write a soft sign  # noqa: RUF001
_SHORT = 4  # letters of words that are often acronyms, in which each letter counts
_DOUBLED = re.compile(r"([a-z])\1+")


def latin(text: str, country: str = "") -> str:
    """Write a text in small Latin letters without accents; `country` tells the language."""
    plain = unicodedata.normalize("NFKC", text)
    if _CYRILLIC.search(plain):
        plain = _WORD.sub(lambda found: _unmixed(found[0]), plain)
        plain = _spelled(plain.lower(), _LANGUAGES.get(country, "bg"))
    if _GREEK.search(plain):
        bare = unicodedata.normalize("NFD", plain.lower())
        bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
        plain = _spelled(bare, "el")
    if country in _LANGUAGES:
        plain = _SOFT.sub("", plain)
    return anyascii(plain.replace("ß", "ss")).lower()


def folded(word: str) -> str:
    """Make the spellings of a Latin word equal; numbers, also Roman ones, stay as they are."""
    if _ROMAN.fullmatch(word) or not word.isalpha():
        return word
    for written, kept in _SPELLED:
        word = word.replace(written, kept)
    return _DOUBLED.sub(r"\1", word) if len(word) > _SHORT else word


def _unmixed(word: str) -> str:
    cyrillic = len(_CYRILLIC.findall(word))
    return word.translate(_LOOKALIKES) if len(word) < 2 * cyrillic else word


def _spelled(text: str, language: str) -> str:
    longest, letters = _table()[language]
    made: list[str] = []
    place = 0
    while place < len(text):
        for size in range(longest, 0, -1):
            piece = text[place : place + size]
            if len(piece) == size and piece in letters:
                made.append(letters[piece])
                place += size
                break
        else:
            made.append(text[place])
            place += 1
    return "".join(made)


@cache
def _table() -> Mapping[str, tuple[int, Mapping[str, str]]]:
    """Read, for each language, its letters and the length of the longest piece."""
    text = (resources.files("graph.names") / "transliteration.csv").read_text("utf-8")
    found: dict[str, dict[str, str]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["language"], {})[row["letters"]] = row["latin"]
    return {name: (max(map(len, letters)), letters) for name, letters in found.items()}
