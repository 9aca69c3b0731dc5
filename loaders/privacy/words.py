"""Words: lists by which a text is told to name an organisation or a person, compared in one script.

Folded, a word is of small letters and digits only: `Община` and `OBShtINA` become `obshtina`.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import Any

from anyascii import anyascii
from ruamel.yaml import YAML

# Lists of given names and surnames: of the languages of the Union, and of those of many who live
# in it. There is none of Maltese.
_LOCALES = """
bg_BG cs_CZ da_DK de_AT de_CH de_DE de_LU el_GR en_GB en_IE es_ES et_EE fi_FI fr_BE fr_FR ga_IE
hr_HR hu_HU is_IS it_IT lt_LT lv_LV nl_BE nl_NL no_NO pl_PL pt_PT ro_RO ru_RU sk_SK sl_SI sv_SE
tr_TR uk_UA
"""
_SHORTEST = 3  # letters of a name: shorter ones are initials or words
_NO_LETTER = re.compile(r"[^a-z0-9]+")


def folded(word: str) -> str:
    """Write a word in small Latin letters and digits, whatever its script, accents and marks."""
    return _NO_LETTER.sub("", anyascii(word).lower())


@dataclass(frozen=True, slots=True)
class Stems:
    """Words that are looked for whole, by their beginning, by their end, or by a part."""

    whole: frozenset[str]
    beginnings: frozenset[str]
    ends: frozenset[str]
    parts: tuple[str, ...]

    @classmethod
    def of(cls, words: Iterable[str]) -> Stems:
        """Sort words by their asterisks: `word`, `word*`, `*word`, `*word*`."""
        kinds: dict[tuple[bool, bool], set[str]] = {}
        for word in words:
            short = folded(word)
            # A few letters are the beginning of many a name.
            part = len(short) > _SHORTEST
            kind = (part and word.startswith("*"), part and word.endswith("*"))
            kinds.setdefault(kind, set()).add(short)
        found = {kind: frozenset(stems - {""}) for kind, stems in kinds.items()}
        none: frozenset[str] = frozenset()
        return cls(
            found.get((False, False), none),
            found.get((False, True), none),
            found.get((True, False), none),
            tuple(sorted(found.get((True, True), none))),
        )

    def name(self, word: str) -> bool:
        """Tell whether a folded word is one of these as it is listed, but for its asterisks."""
        return word in self.whole or word in self.beginnings or word in self.ends

    def hold(self, word: str) -> bool:
        """Tell whether a folded word is one of these."""
        return (
            word in self.whole
            or any(word[:end] in self.beginnings for end in range(2, len(word) + 1))
            or any(word[begin:] in self.ends for begin in range(len(word) - 1))
            or any(part in word for part in self.parts)
        )


class Words:
    """All lists, read when they are first asked for."""

    @cached_property
    def institutions(self) -> Stems:
        """Give the words of legal persons."""
        return Stems.of(_all_of(_read("loaders.privacy", "words/institutions.yaml")))

    @cached_property
    def trades(self) -> Stems:
        """Give the words of trades and places, which protect no name of a person."""
        return Stems.of(_all_of(_read("loaders.privacy", "words/trades.yaml")))

    @cached_property
    def professions(self) -> Stems:
        """Give the words of those who practise under their own names."""
        return Stems.of(self.persons["professions"].split())

    @cached_property
    def persons(self) -> Mapping[str, Any]:
        """Give what names persons: titles, markers, declarations, ends of surnames."""
        found: Mapping[str, Any] = _read("loaders.privacy", "words/persons.yaml")
        return found

    @cached_property
    def given(self) -> frozenset[str]:
        """Give the given names of all languages."""
        own = self.persons["given"].split()
        listed = (name for names in _listed("first_names") for name in names)
        return _names((*own, *listed))

    @cached_property
    def surnames(self) -> frozenset[str]:
        """Give common surnames of all languages."""
        return _names(name for names in _listed("last_names") for name in names)

    @cached_property
    def forms(self) -> Sequence[tuple[str, str]]:
        """Give each writing of a legal form, and what kind of bearer it tells."""
        found = []
        for entry in _read("graph.names", "legal-forms.yaml"):
            found += [(form, entry["kind"]) for form in (entry["form"], *entry.get("also", ()))]
        return found

    def stems(self, name: str) -> frozenset[str]:
        """Give a list of words of persons, folded."""
        return frozenset(folded(word) for word in self.persons[name].split())


def _read(package: str, name: str) -> Any:  # noqa: ANN401  # a document
    text = resources.files(package).joinpath(name).read_text(encoding="utf-8")
    # The words are ours: the fast reader is safe, and `NO` stands in quotation marks there.
    return YAML(typ="safe").load(text)


def _all_of(document: Mapping[str, str]) -> list[str]:
    return [word for words in document.values() for word in words.split()]


def _listed(kind: str) -> Iterable[Iterable[str]]:
    for locale in _LOCALES.split():
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        yield from (
            getattr(provider, name)
            for name in dir(provider)
            if kind in name and not callable(getattr(provider, name))
        )


def _names(names: Iterable[str]) -> frozenset[str]:
    parts = (folded(part) for name in names for part in re.split(r"[\s-]+", name))
    return frozenset(part for part in parts if len(part) >= _SHORTEST)
