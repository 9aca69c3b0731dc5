"""Forms: find legal forms in a name.

Case, dots and blanks do not count (`SP. Z O. O.` is `sp. z o.o.`), nor do accents in long forms. A
form of up to three letters without dots is one only as it is listed or in capitals, and not in the
middle of a name that is all in capitals: `As` and `sa` are words, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from loaders.privacy.words import folded

_PIECE = re.compile(r"[^\W_]+(?:[.:/'][^\W_]+)*[.:/]?")
_BETWEEN = re.compile(r"[\s.-]*")
_MARKS = frozenset(",;\"„“”«»'()&-/")
_SHORT = 3
# A firm is anybody's, and Eric and Linn are given names.
_NOTHING = frozenset({"firma", "eric", "linn"})


@dataclass(frozen=True, slots=True)
class Form:
    """A form under one folded writing: its writings without blanks, each with its kinds."""

    writings: dict[str, frozenset[str]]

    def kinds(self, written: str) -> frozenset[str]:
        """Give the kinds that a writing means, by its dots and capitals where they decide."""
        exact = self.writings.get(_dense(written))
        return exact if exact is not None else frozenset().union(*self.writings.values())


class Forms:
    """Finds legal forms; made of each writing of a form and its kind."""

    def __init__(self, forms: Iterable[tuple[str, str]]) -> None:
        found: dict[str, dict[str, set[str]]] = {}
        for writing, kind in forms:
            key = folded(writing)
            if key not in _NOTHING:
                found.setdefault(key, {}).setdefault(_dense(writing), set()).add(kind)
        self._forms = {
            key: Form({writing: frozenset(kinds) for writing, kinds in writings.items()})
            for key, writings in found.items()
        }
        self._begun = {key[:end] for key in self._forms for end in range(1, len(key) + 1)}

    def kinds(self, text: str) -> set[str]:
        """Give the kinds of bearer that the forms in a text tell.

        A writing that means a sole trader in one country and a legal person in another tells
        `partnership`: the rest of the name decides.
        """
        pieces = list(_PIECE.finditer(text))
        short = [folded(piece.group()) for piece in pieces]
        found: set[str] = set()
        place = 0
        while place < len(pieces):
            end, kinds = self._longest(text, pieces, short, place)
            both = "sole" in kinds and len(kinds) > 1
            found |= {"partnership"} if both else kinds
            place = end
        return found

    def _longest(
        self, text: str, pieces: Sequence[re.Match[str]], short: Sequence[str], place: int
    ) -> tuple[int, frozenset[str]]:
        """Find the longest form that begins at a place; give where to look next, and its kinds."""
        begun, best = "", (place + 1, frozenset[str]())
        for end in range(place, len(pieces)):
            if end > place and not _BETWEEN.fullmatch(
                text, pieces[end - 1].end(), pieces[end].start()
            ):
                break
            begun += short[end]
            if begun not in self._begun:
                break
            form = self._forms.get(begun)
            if form is not None:
                span = (pieces[place].start(), pieces[end].end())
                kinds = form.kinds(text[slice(*span)])
                if _counts(text, span, form, kinds):
                    best = (end + 1, kinds)
        return best


def _dense(text: str) -> str:
    return "".join(text.split())


def _counts(text: str, span: tuple[int, int], form: Form, kinds: frozenset[str]) -> bool:
    written = text[slice(*span)]
    letters = "".join(filter(str.isalnum, written))
    if len(letters) > _SHORT:
        return True
    listed = {"".join(filter(str.isalnum, writing)) for writing in form.writings}
    if any(mark in written for mark in ".:/"):
        return letters.casefold() in map(str.casefold, listed)
    if kinds == {"sole"} and _dense(written) not in form.writings:
        return False  # of sole traders, `s.p.` is one and `SP` is not
    if letters not in listed and not (letters.isupper() and letters in map(str.upper, listed)):
        return False
    before, after = text[: span[0]].rstrip(), text[span[1] :].lstrip()
    at_edge = not before or not after or before[-1] in _MARKS or after[0] in _MARKS
    return at_edge or (kinds != {"sole"} and not text.isupper())
