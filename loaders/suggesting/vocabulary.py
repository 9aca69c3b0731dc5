"""Vocabulary: what columns are called in the official languages, and how near a name comes.

A name and a term are vectors of their words and of the three letters around each letter, weighted
by how few of the lists use them (tf-idf): `Datum des Endes` and `Enddatum` are near, and a word
that stands in the names of many fields tells little. What counts is the nearest term of a field.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML
from scipy.sparse import csr_matrix

Matrix = NDArray[np.float64]

# What a column tells beside its meaning: its unit, and marks around it.
_UNITS = re.compile(
    r"[\[(]?\b(?:eur|euros?|ft|huf|pln|czk|ron|bgn|lei|leva|лева|лв|sek|dkk|gbp)\b\.?[\])]?|[€£$%]",
    re.IGNORECASE,
)
_BROKEN = re.compile(r"(?<=[^\W\d_])-\s*(?=[^\W\d_A-Z])")  # Vor-habens, Kofinan- zierung
# The abbreviations of the Union and of its funds in its languages: whose money it is.
_FOLDER = resources.files("loaders") / "suggesting"
_UNION = re.compile(
    rf"(?<![^\W_])(?:{'|'.join((_FOLDER / 'union.txt').read_text('utf-8').split())})\+?(?![^\W_])"
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PARTS = re.compile(r"\s*[/|;()\[\]]\s*|\s{3,}|\s+[-\u2013]\s+")
_LEVELS = re.compile(r"(?<=[^\W\d])-+(?=[^\W\d_])")  # `group_of_columns-the_column`
_BRACKETED = re.compile(r"[(\[]([^()\[\]]+)[)\]]")
_WORD = re.compile(r"[^\W_]+")
_HOME = 1.05  # how much more a term of the table's own language counts
_PART = 0.97  # and how much less a part of a name
_ASIDE = 0.9  # or what stands in brackets, which seldom is what a column is called
_TELLING = 5  # letters that a part has at least: `ESF/ERDF grant` is no `ESF`


@dataclass(frozen=True, slots=True)
class Term:
    """What a field, or what is meant by it, is called in one language, by one list of terms."""

    field: str
    language: str
    text: str
    listed: str


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near names come to fields: one row a name, one column a field, from 0 to 1."""

    scores: Matrix
    nearest: list[list[str]]


class Vocabulary:
    """The terms of all fields as vectors."""

    def __init__(self, terms: Sequence[Term], fields: Sequence[str] = ()) -> None:
        self.fields = tuple(fields or dict.fromkeys(term.field for term in terms))
        self.terms = tuple(sorted(terms, key=lambda term: self.fields.index(term.field)))
        # Fields that are called by one list do not make its words tell less.
        lists_of: dict[str, set[str]] = defaultdict(set)
        for term in self.terms:
            for gram in _grams(normal(term.text)):
                lists_of[gram].add(term.listed)
        self._places = {gram: place for place, gram in enumerate(lists_of)}
        many = len({term.listed for term in self.terms})
        self._weights = np.array([np.log((1 + many) / len(found)) for found in lists_of.values()])
        self._middling = float(np.median(self._weights))
        self._matrix = self._vectors([term.text for term in self.terms])
        self._spans = self._spanned()
        self._language_of = np.array([term.language for term in self.terms])

    @classmethod
    def read(cls) -> Vocabulary:
        """Read the lists of terms that come with the project: one file a language."""
        folder = _FOLDER / "names"
        files = sorted((item.name, item) for item in folder.iterdir() if item.name[-5:] == ".yaml")
        return cls(
            [
                Term(field, name.removesuffix(".yaml"), str(text), field)
                for name, item in files
                for field, texts in _load(item.read_text(encoding="utf-8")).items()
                for text in texts
            ]
        )

    @classmethod
    def of_titles(cls) -> Vocabulary:
        """Read what tables of each model are called: its fields are the models."""
        document: dict[str, dict[str, list[str]]] = YAML(typ="base", pure=True).load(
            (_FOLDER / "titles.yaml").read_text(encoding="utf-8")
        )
        return cls(
            [
                Term(model, language, text, model)
                for model, languages in document.items()
                for language, texts in languages.items()
                for text in texts
            ]
        )

    def without(self, names: Iterable[str] = (), language: str | None = None) -> Vocabulary:
        """Give the vocabulary without terms that are one of the names, and without a language."""
        dropped = {normal(part) for name in names for part in parts(name)}
        return Vocabulary(
            [
                term
                for term in self.terms
                if normal(term.text) not in dropped and term.language != language
            ],
            self.fields,
        )

    def of(self, fields: Mapping[str, Sequence[str]]) -> Vocabulary:
        """Give the vocabulary of some fields, each called by the terms of some lists."""
        lists: dict[str, list[Term]] = defaultdict(list)
        for term in self.terms:
            lists[term.field].append(term)
        return Vocabulary(
            [
                Term(field, term.language, term.text, name)
                for field, names in fields.items()
                for name in names
                for term in lists[name]
            ],
            tuple(fields),
        )

    def nearness(self, names: Sequence[str], language: str | None = None) -> Nearness:
        """Compare names with the terms; those of the table's own language count a little more."""
        home = np.where(self._language_of == language, _HOME, 1.0)
        scores = np.zeros((len(names), len(self.fields)))
        nearest = [[""] * len(self.fields) for _ in names]
        for row, name in enumerate(names):
            said = parts(name)
            asides = {aside.strip() for aside in _BRACKETED.findall(name)}
            counts = [_ASIDE if part in asides else _PART for part in said[1:]]
            cosines = np.asarray((self._vectors(said) @ self._matrix.T).todense())
            cosines[1:] *= np.array(counts)[:, None]
            best = np.minimum(cosines.max(axis=0) * home, 1.0)
            for field, (begin, end) in enumerate(self._spans):
                if begin == end:
                    continue
                place = begin + int(best[begin:end].argmax())
                scores[row, field] = best[place]
                nearest[row][field] = self.terms[place].text
        return Nearness(scores, nearest)

    def likeness(self, names: Sequence[str]) -> float:
        """Tell how near names come on average to what any field is called, from 0 to 1."""
        cosines = self._vectors(names) @ self._matrix.T
        return float(cosines.max(axis=1).toarray().mean()) if names else 0.0

    def _spanned(self) -> list[tuple[int, int]]:
        """Give the places of the terms of each field: from the first to before the last."""
        counts = Counter(term.field for term in self.terms)
        ends = np.cumsum([counts[field] for field in self.fields]).tolist()
        return list(zip([0, *ends[:-1]], ends, strict=True))

    def _vectors(self, texts: Sequence[str]) -> csr_matrix[Any]:
        values: list[float] = []
        columns: list[int] = []
        starts = [0]
        for text in texts:
            grams = _grams(normal(text))
            known = {gram: count for gram, count in grams.items() if gram in self._places}
            weighed = {
                self._places[gram]: count * self._weights[self._places[gram]]
                for gram, count in known.items()
            }
            # What no term has counts against every term, as much as a middling part of one.
            foreign = (grams.total() - sum(known.values())) * self._middling
            length = float(
                np.sqrt(sum(value**2 for value in weighed.values()) + (foreign / 2) ** 2)
            )
            values += [value / length for value in weighed.values()] if length else []
            columns += weighed if length else []
            starts.append(len(values))
        shape = (len(texts), len(self._places))
        return csr_matrix((np.array(values), np.array(columns, int), np.array(starts)), shape)


def parts(name: str) -> list[str]:
    """Give a name and its parts: names in two languages are often written side by side.

    Where `_` stands between words, `-` stands between a group of columns and those in it.
    """
    joined = "_" in name and not any(map(str.isspace, name.strip()))
    levels = _LEVELS.split(name) if joined else [name]
    found = [part for level in levels for part in _PARTS.split(level) if part]
    told = [part for part in found if sum(map(str.isalpha, part)) >= _TELLING]
    return [name, *told] if len(found) > 1 else [name]


def normal(name: str) -> str:
    """Write a name in small letters without accents, marks, units and broken words."""
    whole = _BROKEN.sub("", _UNITS.sub(" ", _UNION.sub("EU", _CAMEL.sub(" ", name))))
    plain = unicodedata.normalize("NFKD", whole.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(_WORD.findall(letters))


def _grams(text: str) -> Counter[str]:
    grams: Counter[str] = Counter()
    for word in text.split():
        grams[f"={word}"] += 1
        padded = f"_{word}_"
        grams.update(padded[place : place + 3] for place in range(len(padded) - 2))
    return grams


def _load(text: str) -> dict[str, list[str]]:
    document: dict[str, list[str]] = YAML(typ="base", pure=True).load(text)
    return document
