"""The index of names of a release: which names are near to one that is asked."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.errors import NotFoundError, StorageError
from graph.identities.scoring import Rarity
from graph.reconciling.making import BETWEEN, CHANGED, MADE, WORDS, Sort, index_pieces
from graph.reconciling.pieces import cut, words_of
from graph.reconciling.texts import Texts, read_array

_LEAST = 0.2  # cosine
_NEAR = 0.5  # of the cosine of the nearest name, below which no other is looked at
_READ = 60_000  # entries of common pieces that are read at most
_AT_HOME = 1.25  # names of the country that is asked for are taken for so much nearer
_CYRILLIC = ("BG", "UA", "RS")  # whose ways to write Latin letters differ


@dataclass(frozen=True, slots=True)
class Near:
    """A name that is near to one that was asked: whose it is, its text, language and sort."""

    thing: str
    text: str
    language: str
    sort: Sort
    country: str
    cosine: float


class Postings:
    """Which names have which piece."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._postings, self._starts = arrays["postings"], arrays["starts"]
        self._weights, self._norms = arrays["weights"], arrays["norms"]

    def nearest(
        self,
        names: Sequence[Sequence[str]],
        spans: Sequence[tuple[int, int]],
        most: int,
        favoured: NDArray[np.bool_] | None = None,
    ) -> list[tuple[int, float]]:
        """Give the nearest names within spans of them, with their cosine, the nearest first.

        `names` are writings of the one that is asked, each a list of words; `favoured` marks
        names that are taken for nearer than they are.
        """
        numbers = np.unique(cut(names)[0])
        numbers = numbers[self._weights[numbers] > 0]
        sizes = self._starts[numbers + 1] - self._starts[numbers]
        order = np.argsort(sizes, kind="stable")
        numbers, read = numbers[order], np.cumsum(sizes[order])
        # The rarest tell most; those of which there are too many are left.
        numbers = numbers[(read <= _READ) | (np.arange(len(numbers)) < 2)]  # noqa: PLR2004  # two
        length = float(np.sqrt(np.sum(self._weights[numbers] ** 2))) or 1.0
        scores = self._shared(numbers) / self._norms
        if favoured is not None:
            scores[favoured] *= _AT_HOME
        found: list[tuple[int, float]] = []
        for first, last in spans:
            places = np.flatnonzero(scores[first:last] >= _LEAST * length) + first
            if len(places) > most:
                places = places[np.argpartition(scores[places], -most)[-most:]]
            found += [(place, float(scores[place]) / length) for place in places.tolist()]
        found.sort(key=lambda item: (-item[1], item[0]))
        best = found[0][1] if found else 0.0
        return [item for item in found[:most] if item[1] >= best * _NEAR]

    def _shared(self, numbers: NDArray[np.int64]) -> NDArray[np.float64]:
        """Give for each name the squared weights of the pieces that it has of some."""
        entries = [self._postings[self._starts[n] : self._starts[n + 1]] for n in numbers.tolist()]
        sizes = self._starts[numbers + 1] - self._starts[numbers]
        weights = np.repeat(self._weights[numbers] ** 2, sizes)
        names = np.concatenate([*entries, np.empty(0, np.int32)])
        found = np.bincount(names, weights, minlength=len(self._norms))
        return found.astype(np.float64, copy=False)


class NameIndex:
    """All names of a release, opened at the first question; any thread may ask."""

    def __init__(self, folder: Path = Path()) -> None:
        self._folder = folder
        self._opening = Lock()
        self._opened: _Opened | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """Name the kinds of which things have names."""
        return tuple(self._index().kinds)

    @property
    def size(self) -> int:
        """Give the number of names."""
        return len(self._index().names)

    @property
    def rarity(self) -> Rarity:
        """Tell how rare words are among the names."""
        return self._index().rarity

    def has(self, thing: str) -> bool:
        """Tell whether a thing, as it stands after `id/`, has a name."""
        return self._index().has(thing)

    def near(
        self, text: str, kinds: Collection[str] = (), country: str = "", *, most: int = 16
    ) -> list[Near]:
        """Give the names nearest to a text, of some kinds or all; those of a country before others.

        NotFoundError where the release has no index, StorageError where it is damaged.
        """
        return self._index().near(text, kinds, country, most)

    def _index(self) -> _Opened:
        if self._opened is None:
            with self._opening:
                if self._opened is None:
                    self._opened = self._open()
        return self._opened

    def _open(self) -> _Opened:
        try:
            return _Opened(self._folder)
        except FileNotFoundError as error:
            raise NotFoundError(
                "this release was built before names could be reconciled: build it again"
            ) from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StorageError(f"the names in {self._folder} are damaged: {error}") from error


class _Opened:
    """The files of an index, and the names that changed since they were made."""

    def __init__(self, folder: Path) -> None:
        made = json.loads((folder / MADE).read_text("utf-8"))
        self.kinds: dict[str, tuple[int, int]] = {k: tuple(v) for k, v in made["kinds"].items()}
        self._country_keys: list[str] = made["countries"]
        self._things, self.names = Texts(folder, "things"), Texts(folder, "names")
        self._owners = read_array(folder / "owners.npy")
        self._countries = read_array(folder / "countries.npy")
        arrays = {name: read_array(folder / f"{name}.npy") for name in _ARRAYS}
        self._postings = Postings(arrays)
        words = json.loads((folder / WORDS).read_text("utf-8"))
        self.rarity = Rarity.counted(words, len(self.names))
        path = folder / CHANGED
        changed = json.loads(path.read_text("utf-8")) if path.is_file() else {}
        self._changed = _Changed(changed)
        self.kinds |= {
            kind: (0, 0) for kind in sorted(self._changed.kinds) if kind not in self.kinds
        }

    def has(self, thing: str) -> bool:
        """Tell whether a thing has a name."""
        if thing in self._changed.things:
            return bool(self._changed.things[thing])
        first, last = self.kinds.get(thing.partition("/")[0], (0, 0))
        place = bisect_left(range(first, last), thing, key=self._things.__getitem__) + first
        return place < last and self._things[place] == thing

    def near(self, text: str, kinds: Collection[str], country: str, most: int) -> list[Near]:
        """Give the nearest names; those of changed things are looked for among the changed ones."""
        written = _writings(text, country)
        if not any(written):
            return []
        favoured = None
        if country in self._country_keys:
            favoured = self._countries == self._country_keys.index(country)
        found = []
        for number, cosine in self._postings.nearest(written, self._spans(kinds), most, favoured):
            thing = self._things[int(self._owners[number])]
            if thing in self._changed.things:
                continue
            language, sort, name = self.names[number].split(BETWEEN, 2)
            there = self._country_keys[int(self._countries[number])]
            found.append(Near(thing, name, language, Sort(sort), there, cosine))
        found += self._changed.near(written, kinds, most)
        return sorted(found, key=lambda item: -item.cosine)[:most]

    def _spans(self, kinds: Collection[str]) -> list[tuple[int, int]]:
        """Give the names of some kinds, or of all, as spans of their numbers."""
        if not kinds:
            return [(0, len(self.names))] if len(self.names) else []
        spans = [self.kinds[kind] for kind in sorted(kinds) if kind in self.kinds]
        edges = np.searchsorted(self._owners, np.array(spans, dtype=np.int32).reshape(-1))
        pairs = edges.reshape(-1, 2).tolist()
        return [(first, last) for first, last in pairs if first < last]


class _Changed:
    """The names of the few things that have others since the index was made."""

    def __init__(self, changed: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self.things = changed
        self.kinds = {thing.partition("/")[0] for thing, names in changed.items() if names}
        self._names = [
            (thing, language, Sort(sort), text)
            for thing, names in changed.items()
            for language, sort, text in names
        ]
        self._postings = Postings(index_pieces([words_of(text) for *_, text in self._names]))

    def near(
        self, written: Sequence[Sequence[str]], kinds: Collection[str], most: int
    ) -> Iterator[Near]:
        """Give the nearest of the changed names."""
        if not self._names:
            return
        for number, cosine in self._postings.nearest(written, [(0, len(self._names))], most):
            thing, language, sort, text = self._names[number]
            if not kinds or thing.partition("/")[0] in kinds:
                yield Near(thing, text, language, sort, "", cosine)


_ARRAYS = ("postings", "starts", "weights", "norms")


def _writings(text: str, country: str) -> list[list[str]]:
    """Write what is asked in the ways in which it may stand in the index."""
    ways = [country] if country else ["", *(_CYRILLIC if not text.isascii() else ())]
    found = [words_of(text, way) for way in ways]
    return [words for place, words in enumerate(found) if words and words not in found[:place]]
