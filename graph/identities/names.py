"""Names: what is left of the name of an organisation when its legal form is taken apart."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import cast

from ruamel.yaml import YAML

from graph.identities.spelling import folded, latin

_WORD = re.compile(r"[a-z0-9]+")
_BRACKETS = re.compile(r"\(([^()]{2,12})\)")
_LONGEST = 8  # words of a legal form
_TELLING = 6  # letters from which a form is known outside of its country
# Countries that use the forms of another's language.
_NEIGHBOURS = {"CY": ("EL",), "GR": ("EL",), "LI": ("CH",), "UK": ("GB",), "XI": ("GB", "IE")}


@dataclass(frozen=True, slots=True)
class Form:
    """A legal form: as it is written in its country, and its kind, such as `company`."""

    country: str
    form: str
    kind: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written, its words in one spelling without legal form, and that form.

    `whole` are the words with the legal form; `meant` tells that concepts stand for words.
    """

    text: str
    words: tuple[str, ...]
    whole: tuple[str, ...]
    form: Form | None = None
    meant: bool = False

    @property
    def squeezed(self) -> str:
        """Give the words without blanks."""
        return "".join(self.words)


@lru_cache(maxsize=200_000)
def read_name(text: str, country: str = "") -> Name:
    """Read a name; `country` (ISO 3166) tells its language and the legal forms to look for.

    A name that is nothing but a legal form keeps its words.
    """
    plain = latin(text, country)
    initials = [word[0] for word in _WORD.findall(_BRACKETS.sub(" ", plain))]
    words = _WORD.findall(_BRACKETS.sub(lambda found: _unless_acronym(found[1], initials), plain))
    form, bare = _parted(words, country)
    return Name(text, _folded(bare), _folded(words), form)


def _folded(words: Sequence[str]) -> tuple[str, ...]:
    """Fold words; single letters that follow each other are one word: P. O. as P.O."""
    joined: list[str] = []
    before = ""
    for word in words:
        if len(word) == len(before) == 1 and word.isalpha() and before.isalpha():
            joined[-1] += word
        else:
            joined.append(folded(word))
        before = word
    return tuple(joined)


def is_connective(word: str) -> bool:
    """Tell whether a folded word only joins others, in some language."""
    return word in _connectives()


def _unless_acronym(inner: str, initials: Sequence[str]) -> str:
    """Give what stands in brackets, unless its letters are first letters of the words outside."""
    letters = iter(initials)
    word = inner.strip()
    is_acronym = word.isalpha() and all(letter in letters for letter in word)
    return " " if is_acronym else f" {word} "


def _parted(words: Sequence[str], country: str) -> tuple[Form | None, Sequence[str]]:
    """Take legal forms from the end and the beginning of a name; the outermost one is told."""
    found: Form | None = None
    left = list(words)
    for at_end in (True, False):
        size, form = _at_edge(left, country, at_end=at_end)
        if form is not None and size < len(left):
            left = left[:-size] if at_end else left[size:]
            found = found or form
    return found, left


def _at_edge(words: Sequence[str], country: str, *, at_end: bool) -> tuple[int, Form | None]:
    for size in range(min(_LONGEST, len(words)), 0, -1):
        edge = words[-size:] if at_end else words[:size]
        form = _known("".join(edge), country)
        if form is not None:
            return size, form
    return 0, None


def _known(squeezed: str, country: str) -> Form | None:
    forms = _forms().get(squeezed)
    if forms is None:
        return None
    for wanted in (country, *_NEIGHBOURS.get(country, ()), "EU"):
        if wanted in forms:
            return forms[wanted]
    return next(iter(forms.values())) if not country or len(squeezed) >= _TELLING else None


@cache
def _forms() -> Mapping[str, Mapping[str, Form]]:
    """Read the legal forms: by their writing without blanks and dots, and by country."""
    found: dict[str, dict[str, Form]] = {}
    for entry in cast("list[dict[str, str | list[str]]]", _read("legal-forms.yaml")):
        country, form = str(entry["country"]), str(entry["form"])
        made = Form(country, form, str(entry["kind"]))
        for writing in (form, *entry.get("also", ())):
            squeezed = "".join(_WORD.findall(latin(writing, country)))
            found.setdefault(squeezed, {}).setdefault(country, made)
    return found


@cache
def _connectives() -> Collection[str]:
    read = cast("dict[str, list[str]]", _read("connectives.yaml"))
    return frozenset(
        folded(latin(word, "BG" if language == "bg" else ""))
        for language, words in read.items()
        for word in words
    )


def _read(file: str) -> object:
    text = (resources.files("graph.names") / file).read_text("utf-8")
    return YAML(typ="base", pure=True).load(text)
