"""Cues: what values say by themselves, such as names of countries, funds and legal forms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from math import sqrt
from typing import Any

from babel import Locale
from ruamel.yaml import YAML

from graph.languages import OFFICIAL
from loaders.suggesting.vocabulary import normal

_WORD = re.compile(r"[^\W_]+")
_LONGEST_FORM = 5
_PERSONAL = ("sole", "partnership")  # forms in which persons trade under their names
_ALPHA2 = 2  # letters of the short code of a country
_ABBREVIATED = 4  # letters of the longest abbreviation, which keeps its case
_ALPHA3 = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Cues:
    """Words and the meaning that they have as values."""

    currencies: Mapping[str, str]
    countries: Mapping[str, str]
    countries_of_languages: Mapping[str, Sequence[str]]
    funds: Mapping[str, str]
    roles: Mapping[str, str]
    status: tuple[str, ...]
    answers: frozenset[str]
    agreeing: frozenset[str]
    totals: frozenset[str]
    empty: frozenset[str]
    organisations: tuple[str, ...]
    forms: frozenset[str]
    bodies: frozenset[str]
    programmes: Mapping[str, Mapping[str, str]]
    licences: Mapping[str, tuple[str, ...]]
    named: Mapping[str, tuple[str, ...]]
    things: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(cls) -> Cues:
        """Read the cues that come with the project, and the names of the world's countries."""
        told = _load(resources.files("loaders") / "suggesting" / "cues.yaml")
        forms = _load(resources.files("graph") / "names" / "legal-forms.yaml")
        entries = forms["forms"] if isinstance(forms, dict) else forms
        return cls(
            currencies=_turned(told["currencies"], _bare),
            countries=_countries(told["countries"]),
            countries_of_languages=told["countries_of_languages"],
            funds=_turned(told["funds"], str),
            roles=_turned(told["roles"], normal),
            status=tuple(str(word).casefold() for word in told["status"]),
            answers=frozenset(str(word).casefold() for word in told["answers"]),
            agreeing=frozenset(str(word).casefold() for word in told["agreeing"]),
            totals=frozenset(str(word).casefold() for word in told["totals"]),
            empty=frozenset(str(word).casefold() for word in told["empty"]),
            organisations=tuple(normal(str(word)) for word in told["organisations"]),
            programmes=told["programmes"],
            licences={address: tuple(names) for address, names in told["licences"].items()},
            named=_beginnings(told["named"]),
            things=_beginnings(told["things"]),
            forms=_forms(entries),
            bodies=_forms(entry for entry in entries if entry["kind"] not in _PERSONAL),
        )

    def country(self, value: str) -> str | None:
        """Give the code of the country that a value names in any official language."""
        bare = value.strip()
        if _ALPHA3.fullmatch(bare) or len(bare) == _ALPHA2:
            return self.countries.get(bare)
        return self.countries.get(bare.casefold())

    def fund(self, value: str) -> str | None:
        """Give the fund that a value names, by the longest of its words that do."""
        found = [word for word in self.funds if _stands(word, value)]
        return self.funds[max(found, key=len)] if found else None

    def role(self, value: str) -> str | None:
        """Give the role in a project that a value names; such as `associated partner`."""
        return self.roles.get(normal(value))

    def lead(self, value: str) -> str | None:
        """Give the role of a partner by the answer to whether it leads."""
        plain = value.strip().casefold()
        if plain not in self.answers:
            return None
        return "lead-partner" if plain in self.agreeing else "partner"

    def says(self, name: str) -> dict[str, float]:
        """Tell what the name of a column says of an amount, and what not, as features."""
        words = normal(name).split()
        said = {
            meaning: any(_begins(word, beginnings) for word in words)
            for meaning, beginnings in self.named.items()
        }
        said["requested"] &= not said["approved"]  # what was granted is requested no more
        return {f"says_{meaning}": float(found) for meaning, found in said.items()} | {
            f"unsaid_{meaning}": float(bool(words) and not found) for meaning, found in said.items()
        }

    def spoken_of(self, names: Sequence[str]) -> dict[str, float]:
        """Tell how much names of columns speak of the things of each model, from 0 to 1.

        The root of the share of names that do: the first counts more than another.
        """
        words = [normal(name).split() for name in names]
        return {
            model: sqrt(
                sum(any(_begins(word, begin) for word in found) for found in words)
                / max(len(words), 1)
            )
            for model, begin in self.things.items()
        }

    def is_organisation(self, name: str) -> bool:
        """Tell whether a legal form or a word of its name shows an organisation."""
        if _has_form(name, self.forms):
            return True
        plain = normal(name).split()
        return any(word.startswith(self.organisations) for word in plain)

    def is_body(self, name: str) -> bool:
        """Tell whether a name has a legal form that no person has: it may be shown."""
        return _has_form(name, self.bodies)

    def is_status(self, value: str) -> bool:
        """Tell whether a value says how far an operation is."""
        return value.strip().casefold().startswith(self.status)


def _beginnings(told: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(normal(str(word)) for word in words) for name, words in told.items()}


def _begins(word: str, beginnings: Iterable[str]) -> bool:
    return any(
        word.startswith(item) if len(item) > _ALPHA2 else word == item for item in beginnings
    )


def _forms(entries: Iterable[Any]) -> frozenset[str]:
    return frozenset(
        _squeezed(str(form))
        for entry in entries
        for form in (entry["form"], *entry.get("also", ()))
    )


def _has_form(name: str, forms: frozenset[str]) -> bool:
    words = [_squeezed(word) for word in name.split()]
    ends = range(1, min(_LONGEST_FORM, len(words) - 1) + 1)
    return any("".join(words[-n:]) in forms or "".join(words[:n]) in forms for n in ends)


def _stands(word: str, value: str) -> bool:
    at = value.casefold().find(word.casefold()) if len(word) > _ABBREVIATED else value.find(word)
    if at < 0:
        return False
    before, after = value[at - 1 : at] if at else "", value[at + len(word) : at + len(word) + 1]
    return not (before.isalnum() or after.isalnum())


def _countries(more: Mapping[str, list[str]]) -> dict[str, str]:
    names: dict[str, str] = {}
    for language in ("en", *OFFICIAL):
        for code, name in Locale.parse(language).territories.items():
            if len(code) == _ALPHA2 and code.isalpha() and code not in {"EU", "UN", "EZ"}:
                names.setdefault(name.casefold(), code)
                names.setdefault(_bald(name), code)  # capitals have no accents in some languages
                names.setdefault(code, code)
    for code, others in more.items():
        names |= dict.fromkeys(
            (name if len(name) == _ALPHA2 else name.casefold() for name in others), code
        )
    return names


def _turned(words: Mapping[str, Iterable[str]], written: Any) -> dict[str, str]:  # noqa: ANN401  # a function of text
    return {written(str(word)): meaning for meaning, items in words.items() for word in items}


def _bald(word: str) -> str:
    """Write a word in small letters without accents."""
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _bare(word: str) -> str:
    return word.replace(".", "").casefold()


def _squeezed(word: str) -> str:
    return "".join(_WORD.findall(word)).casefold()


def _load(file: Any) -> Any:  # noqa: ANN401  # a traversable, and any document
    return YAML(typ="base", pure=True).load(file.read_text(encoding="utf-8"))
