"""What drop-downs offer: concepts, countries and currencies, by their names in a language."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import ontology
from graph.formats import GRAPH_FORMATS
from graph.identity import DEFAULT_BASE, Identity
from graph.store import parse
from loaders.workspaces.tables import Language, folder, read_tables
from ontology import expand

_LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True, slots=True)
class Choices:
    """The names that a list offers, in order, and the key that each way to write one stands for."""

    offered: tuple[str, ...]
    keys: Mapping[str, str]


def read_choices(language: Language) -> dict[str, Choices]:
    """Read all lists by the names that columns give them."""
    named = {**_concepts(), "country": _countries()}
    found = {name: _choices(labels, language) for name, labels in named.items()}
    currencies = read_tables().currencies
    found["currency"] = Choices(currencies, {code: code for code in currencies})
    return found


def countries_table() -> Path:
    """Give the table of countries, which here is a link to that of the curated tables."""
    return folder() / "countries.csv"


# The names of each key, by language.
_Labels = dict[str, dict[str, str]]


def _choices(labels: _Labels, language: Language) -> Choices:
    """Offer each key by its name in the language; names that two keys share are told apart."""
    shown: dict[str, str] = {}
    names = [_name(key, labels[key], language) for key in labels]
    for key, name in zip(labels, names, strict=True):
        shown[f"{name} ({key})" if names.count(name) > 1 else name] = key
    keys = dict(shown)
    # Whoever writes the key, or the name in another language, means the same.
    for key, texts in labels.items():
        for other in (key, *(texts[item] for item in _LANGUAGES if item in texts)):
            keys.setdefault(other, key)
    return Choices(tuple(sorted(shown, key=str.casefold)), keys)


def _name(key: str, texts: Mapping[str, str], language: Language) -> str:
    return texts.get(language) or texts.get("en") or key


def _concepts() -> dict[str, _Labels]:
    identity = Identity(DEFAULT_BASE)
    found: dict[str, _Labels] = {}
    for file in sorted(ontology.path("schemes").glob("*.ttl")):
        for subject, predicate, value in parse(
            file.read_bytes(), GRAPH_FORMATS[0], base=identity.base
        ):
            reference = identity.parse(subject.value)
            named = predicate.value == expand("skos:prefLabel") and value.language
            if reference is not None and named and reference.segment != "scheme":
                labels = found.setdefault(reference.segment, {})
                labels.setdefault(reference.key, {})[named] = value.value
    return found


def _countries() -> _Labels:
    with countries_table().open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: {language: row[f"label_{language}"] for language in _LANGUAGES}
            for row in csv.DictReader(file)
        }
