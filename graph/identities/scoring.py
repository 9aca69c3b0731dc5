"""Scoring: how much two names are one name, from 0 to 1, and what speaks for and against it.

Words are paired: equal ones, abbreviations, inflected and mistyped ones. A word counts by how rare
it is among all names, so that `University` says little and `Jelgava` much. Words that stand in
several names are no typing errors of each other: Linköping is not Jönköping.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from graph.identities.names import Form, Name, is_connective

_MINOR = 0.1  # the weight of words that only join others
_FEW = 20  # names that a country is taken to have at least, when words are counted in it
_TELLING = 5  # letters from which a word counts fully
_ABBREVIATED, _CONTRACTED, _INFLECTED, _JOINED = 0.92, 0.88, 0.85, 0.98
_MISTYPED = (1.0, 0.93, 0.85)  # by the number of errors
_INITIALS, _INITIALS_SIZES = 0.9, range(3, 7)  # letters of an acronym
_SHORTEST_TYPO, _LONG_TYPO = 4, 8  # letters of a word with one error, and with two
_SHORTEST_ABBREVIATION, _SHORTEST_CUT = 2, 2  # letters that stay, and that go
_STEM, _STEM_SHARE, _ENDING = 5, 0.65, 3
_KNOWN = 2  # names in which a word stands that is no typing error
_VOWELS = frozenset("aeiou")
_VOWEL_SHARE = 0.25  # at most, in a contraction such as Ctr. or Dept.
# What the score is multiplied with where the legal forms or numbers speak against it, or where
# concepts stand for words.
_ONE_FORM_MISSING, _OTHER_COMPANY, _OTHER_FORM, _OTHER_NUMBER = 0.995, 0.97, 0.85, 0.6
_BY_MEANING = 0.99
_DIFFERENT = "different "  # begins the notes that speak against
_ROMAN = frozenset(("ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"))


class Rarity:
    """How rare words are among some names, as a whole and in each country."""

    def __init__(self, names: Iterable[tuple[Name, str]]) -> None:
        self._counts: dict[str, Counter[str]] = defaultdict(Counter)
        self._names: Counter[str] = Counter()
        for name, country in names:
            for place in {"", country}:
                self._counts[place].update({*name.words, *name.whole})
                self._names[place] += 1

    @classmethod
    def counted(cls, words: Mapping[str, int], names: int) -> Rarity:
        """Take counts that were made before: in how many names, of so many, each word stands."""
        made = cls(())
        made._counts[""].update(words)
        made._names[""] = names
        return made

    def weight(self, word: str, country: str = "") -> float:
        """Give the weight of a word: low where many names of all or of its country hold it."""
        if is_connective(word):
            return _MINOR
        everywhere = (self._names[""] + _FEW) / (self._counts[""][word] + 0.5)
        there = (self._names[country] + _FEW) / (self._counts[country][word] + 0.5)
        return math.log(min(everywhere, there)) * min(1.0, len(word) / _TELLING)

    def is_known(self, word: str) -> bool:
        """Tell whether a word stands in several names."""
        return self._counts[""][word] >= _KNOWN


@dataclass(frozen=True, slots=True)
class Likeness:
    """The likeness of two names: the score, and the words of each that the other lacks."""

    score: float
    left: Name
    right: Name
    only_left: tuple[str, ...] = ()
    only_right: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def notes_against(self) -> tuple[str, ...]:
        """Give the notes that speak against the names being one."""
        return tuple(note for note in self.notes if note.startswith(_DIFFERENT))

    def turned(self) -> Likeness:
        """Give the same with the sides changed."""
        return Likeness(
            self.score, self.right, self.left, self.only_right, self.only_left, self.notes
        )

    def sentence(self) -> str:
        """Say in one line what was compared, and what speaks against it."""
        told = f"names “{self.left.text}” and “{self.right.text}”"
        missing = [
            f"only the {side} has {' '.join(words)}"
            for side, words in (("first", self.only_left), ("second", self.only_right))
            if words
        ]
        return "; ".join([told, *missing, *self.notes])


def liken(left: Name, right: Name, rarity: Rarity, country: str = "") -> Likeness:
    """Compare two names of a country; symmetric.

    Where only one shows a legal form, that may be mistyped or stand elsewhere in the other.
    """
    factor, notes = _of_forms(left.form, right.form)
    if left.meant or right.meant:
        factor *= _BY_MEANING
        notes = ("compared by what their words mean", *notes)
    found = _compared(left, right, (left.words, right.words), (rarity, country))
    best = Likeness(
        round(found.score * factor, 4),
        left,
        right,
        found.only_left,
        found.only_right,
        (*found.notes, *notes),
    )
    if (left.form is None) != (right.form is None):
        whole = _compared(left, right, (left.whole, right.whole), (rarity, country))
        best = max(best, whole, key=lambda item: item.score)
    return best


def _compared(
    left: Name,
    right: Name,
    words: tuple[Sequence[str], Sequence[str]],
    frequency: tuple[Rarity, str],
) -> Likeness:
    if words[0] == words[1]:
        return Likeness(1.0, left, right)
    if "".join(words[0]) == "".join(words[1]):
        return Likeness(_JOINED, left, right)
    rarity, country = frequency
    weights = {word: rarity.weight(word, country) for side in words for word in side}
    first, second = Counter(words[0]), Counter(words[1])
    equal = first & second
    paired = sum(weights[word] * 2 * count for word, count in equal.items())
    lone_left, lone_right = list((first - equal).elements()), list((second - equal).elements())
    total = sum(weights[word] for side in words for word in side)
    paired += _shorten(lone_left, lone_right, weights) + _shorten(lone_right, lone_left, weights)
    paired += _pair(lone_left, lone_right, weights, rarity)
    differ = _numbers(words[0]) != _numbers(words[1])
    score = paired / total * (_OTHER_NUMBER if differ else 1.0) if total else 0.0
    notes = (f"{_DIFFERENT}numbers",) if differ else ()
    return Likeness(
        round(min(score, 1.0), 4), left, right, tuple(lone_left), tuple(lone_right), notes
    )


def _shorten(short: list[str], long: list[str], weights: dict[str, float]) -> float:
    """Pair words with others of which they are the first letters; take them out, as `_pair`."""
    gained = 0.0
    for word in [word for word in short if len(word) in _INITIALS_SIZES and word.isalpha()]:
        telling = [other for other in long if not is_connective(other)]
        letters = "".join(other[0] for other in telling)
        begin = letters.find(word)
        if begin >= 0:
            spelt = telling[begin : begin + len(word)]
            short.remove(word)
            for other in spelt:
                long.remove(other)
            gained += _INITIALS * (weights[word] + sum(weights[other] for other in spelt))
    return gained


def _pair(left: list[str], right: list[str], weights: dict[str, float], rarity: Rarity) -> float:
    """Pair the words that are left, the likest first, and take them out; give their weight."""
    pairs = sorted(
        ((_alike(a, b, rarity), a, b) for a in set(left) for b in set(right)), reverse=True
    )
    gained = 0.0
    for alike, a, b in pairs:
        if alike and a in left and b in right:
            left.remove(a)
            right.remove(b)
            gained += alike * (weights[a] + weights[b])
    return gained


def _alike(a: str, b: str, rarity: Rarity) -> float:
    short, long = sorted((a, b), key=len)
    if not (short.isalpha() and long.isalpha()) or is_connective(a) or is_connective(b):
        return 0.0
    cut = len(long) - len(short)
    if len(short) >= _SHORTEST_ABBREVIATION and cut >= _SHORTEST_CUT and long.startswith(short):
        return _ABBREVIATED
    allowed = 0 if len(short) < _SHORTEST_TYPO else 1 if len(long) < _LONG_TYPO else 2
    errors = OSA.distance(a, b, score_cutoff=allowed)
    if errors <= allowed and not (rarity.is_known(a) and rarity.is_known(b)):
        return _MISTYPED[errors]
    if _contracted(short, long):
        return _CONTRACTED
    stem = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(short))
    inflected = stem >= max(_STEM, _STEM_SHARE * len(short)) and len(long) - stem <= _ENDING
    return _INFLECTED if inflected else 0.0


def _contracted(short: str, long: str) -> bool:
    """Tell whether a word is the letters of another in their order, nearly without vowels."""
    vowels = sum(letter in _VOWELS for letter in short)
    if short[0] != long[0] or len(short) <= _SHORTEST_ABBREVIATION:
        return False
    letters = iter(long)
    return vowels <= _VOWEL_SHARE * len(short) and all(letter in letters for letter in short)


def _numbers(words: Sequence[str]) -> Counter[str]:
    return Counter(word for word in words if not word.isalpha() or word in _ROMAN)


def _of_forms(left: Form | None, right: Form | None) -> tuple[float, tuple[str, ...]]:
    if left is None and right is None:
        return 1.0, ()
    if left is None or right is None:
        return _ONE_FORM_MISSING, ()
    if left.form == right.form:
        return 1.0, ()
    told = (f"{_DIFFERENT}legal forms: {left.form} and {right.form}",)
    if left.kind == right.kind == "company":
        return _OTHER_COMPANY, told
    return _OTHER_FORM, told
