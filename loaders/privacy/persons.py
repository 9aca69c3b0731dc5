"""Persons: judge whether a text names a natural person. It errs towards saying so.

In order: what says so outright (a declaration, a day of birth, a personal number, `Inh.`, the form
of a sole trader); then what says that a legal person is meant (a legal form, a word such as
Gemeinde); then titles, given names, initials, surnames, and at last two or three capitalised words
that nothing else explains.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from loaders.privacy.forms import Forms
from loaders.privacy.numbers import has_date, has_number, is_born
from loaders.privacy.parts import SMALL, Sort, Word
from loaders.privacy.words import Words, folded

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019`.-][^\W\d_]+)*\.?")
_PARTS = re.compile(r"['\u2019`.-]+")
_GLUED = re.compile(r"(?<!\w)([^\W\d_])\.(?=[^\W\d_]{2})")  # an initial, as in P.Nuthatch
_FEW = (2, 3)  # words of a name without anything that tells
_NAMED_AFTER = "im."  # in Polish, of what bears the name of somebody
_BY_CHANCE = 5  # letters of words that end as surnames do without being any
_SET_OFF = re.compile(r"[,;/|\n]|\s{2,}|\s[-\u2013]\s")


class Why(StrEnum):
    """What a judgement rests on."""

    DECLARED = "declared"
    NUMBER = "number"
    MARKER = "marker"
    SOLE_TRADER = "sole trader"
    TITLE = "title"
    GIVEN_NAME = "given name"
    INITIAL = "initial"
    SURNAME = "surname"
    PROFESSION = "profession"
    UNEXPLAINED = "unexplained"
    LEGAL_FORM = "legal form"
    INSTITUTION = "institution"
    NOTHING = "nothing"


_PERSONS = frozenset(list(Why)[: list(Why).index(Why.LEGAL_FORM)])
_WEAK = frozenset({Why.UNEXPLAINED, Why.SURNAME, Why.PROFESSION})


@dataclass
class Judge:
    """Judges texts; what it has learnt of words is kept for the next."""

    words: Words = field(default_factory=Words)
    _sorts: dict[str, Sort] = field(default_factory=dict)

    def __post_init__(self) -> None:
        persons = self.words.persons
        self._forms = Forms(self.words.forms)
        self._titles, self._dotted = self.words.stems("titles"), self.words.stems("dotted")
        self._markers, self._between = self.words.stems("markers"), self.words.stems("between")
        self._particles = self.words.stems("particles")
        self._ends = tuple(sorted(self.words.stems("surname_ends")))
        declared = "|".join(re.escape(text) for text in persons["declared"])
        self._declared = re.compile(rf"\b(?:{declared})\b", re.IGNORECASE)

    def is_person(self, text: str) -> bool:
        """Tell whether a text is taken to name a natural person."""
        return self.why(text) in _PERSONS

    def undeclared(self, text: str) -> str:
        """Give a text without words that only say that a natural person stands there."""
        return self._declared.sub(" ", text)

    def why(self, text: str) -> Why:
        """Tell what the judgement of a text rests on."""
        words, kinds = self.split(text), self._forms.kinds(text)
        return (
            self._outright(text, words, kinds)
            or self._organised(text, words, kinds)
            or (Why.TITLE if self._is_titled(words) else None)
            or self._named(text, words, together=bool(kinds))
        )

    def _outright(self, text: str, words: list[Word], kinds: set[str]) -> Why | None:
        """Look for what says that a person is meant, whatever else stands there."""
        if self._declared.search(text):
            return Why.DECLARED
        if is_born(text) or has_number(text):
            return Why.NUMBER
        if any(word.folded in self._markers for word in words):
            return Why.MARKER
        return Why.SOLE_TRADER if kinds == {"sole"} else None

    def _organised(self, text: str, words: list[Word], kinds: set[str]) -> Why | None:
        """Look for what says that a legal person is meant; partners are told by their names."""
        if kinds - {"partnership", "sole"}:
            return self._beside(text, Why.LEGAL_FORM)
        if kinds and self._has_given(words):
            return Why.GIVEN_NAME
        return self._beside(text, Why.INSTITUTION) if self._has_institution(words) else None

    def _beside(self, text: str, otherwise: Why) -> Why:
        """Look for somebody who is named beside an organisation, set off from its name."""
        for segment in _SET_OFF.split(text)[1:]:
            words = self.split(segment)
            plain = not any(word.sort & Sort.INSTITUTION for word in words)
            if plain and self._is_titled(words) and self._has_given(words):
                return Why.TITLE
        return otherwise

    def split(self, text: str) -> list[Word]:
        """Split a text into its words; where it has no capitals, each may be a name."""
        text = _GLUED.sub(r"\1. ", text.title() if text.islower() else text)
        return [
            Word(raw, short, self._sort(raw, short))
            for raw in _WORD.findall(text)
            if (short := folded(raw))
        ]

    def _named(self, text: str, words: list[Word], *, together: bool) -> Why:
        """Look for a name; that of partners `together` needs more than a surname."""
        names = [word for word in words if word.is_name and not word.is_initial]
        content = [word for word in words if not word.sort & Sort.PARTICLE]
        few = len(content) in _FEW
        told = {
            Why.GIVEN_NAME: self._has_given(words),
            Why.INITIAL: self._has_initial(words, names),
            Why.NUMBER: bool(names) and has_date(text),
            Why.PROFESSION: bool(names) and any(word.sort & Sort.PROFESSION for word in words),
            Why.SURNAME: few and any(word.sort & Sort.SURNAME for word in names),
            Why.UNEXPLAINED: few and len(names) == len(content) and _is_plain(text),
        }
        found = next((why for why, so in told.items() if so), Why.NOTHING)
        return Why.LEGAL_FORM if together and found in _WEAK else found

    def _has_institution(self, words: list[Word]) -> bool:
        """Tell whether a word of an institution stands there that is no name in this place."""
        if any(word.raw.casefold() == _NAMED_AFTER for word in words):
            return True
        found = [word for word in words if word.sort & Sort.INSTITUTION]
        if not found or len(words) not in _FEW or any(not word.is_either for word in found):
            return bool(found)
        return not any(word.sort & Sort.GIVEN for word in words)

    def _has_given(self, words: list[Word]) -> bool:
        """Tell whether a given name stands beside what may be a surname."""
        content = [word for word in words if not word.sort & SMALL]
        for place, word in enumerate(content):
            beside = content[max(place - 1, 0) : place] + content[place + 1 : place + 3]
            if word.sort & Sort.GIVEN and any(
                other.could_be or other.sort & Sort.SURNAME for other in beside
            ):
                return True
        return False

    def _has_initial(self, words: list[Word], names: list[Word]) -> bool:
        """Tell whether an initial stands beside a name; letters without full stop may be words."""
        return any(
            initial.is_initial
            and other in names
            and (initial.raw.endswith(".") or (len(words) in _FEW and not _is_particle(initial)))
            for one, two in pairwise(words)
            for initial, other in ((one, two), (two, one))
        )

    def is_title(self, word: Word) -> bool:
        """Tell whether a word is a title or marks a person, and is none of the name itself."""
        return word.folded in self._titles | self._dotted | self._markers

    def _is_titled(self, words: list[Word]) -> bool:
        return len(words) > 1 and any(
            word.folded in self._titles
            or (word.folded in self._dotted and word.raw.endswith(".") and not word.raw.isupper())
            for word in words
        )

    def _sort(self, raw: str, short: str) -> Sort:
        found = self._sorts.get(raw)
        if found is None:
            found = self._sorts[raw] = self._sorted(raw, short)
        return found

    def _sorted(self, raw: str, short: str) -> Sort:
        lists, found = self.words, Sort(0)
        # Ben is a particle only where it is written as one.
        if not (raw.istitle() and short in lists.given):
            found |= Sort.PARTICLE if short in self._particles else Sort(0)
            found |= Sort.BETWEEN if short in self._between else Sort(0)
        if found:
            return found
        for part in dict.fromkeys((short, *(folded(part) for part in _PARTS.split(raw) if part))):
            given, surname = part in lists.given, part in lists.surnames
            found |= (Sort.GIVEN if given else Sort(0)) | (Sort.SURNAME if surname else Sort(0))
            other = Sort(0)
            for stems, sort in (
                (lists.institutions, Sort.INSTITUTION),
                (lists.trades, Sort.TRADE),
                (lists.professions, Sort.PROFESSION),
            ):
                # A name that begins as such a word does is none: Schuler is no Schule.
                if stems.name(part):
                    other |= sort | Sort.EXACT
                elif not (given or surname) and stems.hold(part):
                    other |= sort
            if not other and self._ends_so(part):
                other = Sort.SURNAME
            found |= other
        return found

    def _ends_so(self, word: str) -> bool:
        return len(word) > _BY_CHANCE and word.endswith(self._ends)


def _is_plain(text: str) -> bool:
    """Tell whether a text is of words alone, without figures, addresses and quotation marks."""
    return not re.search(r"[\d\"„“”«»@/&+|!?_()]|\w\.\w{2}|[a-z][A-Z]", text)


def _is_particle(word: Word) -> bool:
    return bool(word.sort & SMALL)
