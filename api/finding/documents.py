"""Finding for one reader: words and filters in, documents out; pages and data are made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from api.dependencies import Reader
from api.models import Label, Text, Thing
from api.models_find import (
    CountedValue,
    Found,
    FoundFacet,
    FoundThing,
    FoundValue,
    Suggestion,
    Suggestions,
)
from api.numbers import facts_of, notes
from api.presenting import Presenter, label_model
from graph.dataset import Dataset
from graph.facts import finding
from graph.facts.facets import PERIOD
from graph.facts.finding import Finder, Sort, Wanted
from graph.facts.found import Counted, values_of
from graph.facts.names import labels_of
from graph.facts.narrowing import KIND, known_filters
from graph.labels import label_of_term, read_names
from graph.search import Hit
from ontology import segments

WORDS = "q"
WORDS_MOST = 1000  # names that words are looked for among
_LONGEST = 200  # characters of words


def parameters() -> list[dict[str, Any]]:
    """Document the filters."""
    said = {
        KIND: "Only things of this kind, such as practice.",
        PERIOD: "Only what begins in this year, or in a span such as 2021-2027.",
    }
    plain = "Only what has this {}, by its key."
    return [
        {
            "name": name,
            "in": "query",
            "description": f"{said.get(name, plain.format(name))} "
            "Several are divided by commas; unknown finds what has none.",
            "schema": {"type": "string"},
        }
        for name in known_filters()
    ]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks: words, filters, the order, and which of what fits."""

    words: str
    filters: Mapping[str, str]
    sort: Sort
    limit: int
    offset: int = 0

    @classmethod
    def read(
        cls, words: str, given: Mapping[str, str], sort: Sort, limit: int, offset: int
    ) -> Asked:
        """Read the parameters of a request; an empty filter counts as not given."""
        filters = {name: given[name] for name in known_filters() if given.get(name, "").strip(", ")}
        return cls(words.strip()[:_LONGEST], filters, sort, limit, offset)

    @property
    def parameters(self) -> dict[str, str]:
        """Give what was asked as parameters of an address, without which part of it."""
        words = {WORDS: self.words} if self.words else {}
        sort = {"sort": self.sort.value} if self.sort is not Sort.FIT else {}
        return {**words, **self.filters, **sort}


class Finding:
    """The answer to one reader; ParameterError for a filter that is impossible."""

    def __init__(self, dataset: Dataset, languages: Sequence[str], asked: Asked) -> None:
        self._dataset = dataset
        self._languages = languages
        self._facts = dataset.facts
        self._asked = asked
        self._hits = {hit.iri: hit for hit in _search(dataset, asked)}
        among = list(self._hits) if asked.words else None
        self._finder = Finder(self._facts, Wanted(asked.filters, among, asked.sort))

    def of(self, asked: Asked) -> Finding:
        """Give the answer to the same reader who asks something else."""
        return Finding(self._dataset, self._languages, asked)

    @property
    def cut(self) -> bool:
        """Tell whether more names may fit the words than were looked at."""
        return len(self._hits) >= WORDS_MOST

    def found(self, top: int) -> Found:
        """Give what fits, and the facets with `top` values of each; none where that is zero."""
        of = facts_of(self._dataset)
        total = self._finder.total()
        asked = self._asked
        after = asked.offset + asked.limit
        more = {**asked.parameters, "offset": after, "limit": asked.limit}
        said = f"Only the {WORDS_MOST} names that fit the words best are looked at."
        return Found(
            of=of,
            total=total,
            items=tuple(self._things()) if total else (),
            offset=asked.offset,
            limit=asked.limit,
            next=f"/api/v1/find?{urlencode(more)}" if after < total else None,
            facets=self.facets(top) if top else (),
            notes=notes(of, (said,) if self.cut else ()),
        )

    def facets(self, top: int) -> tuple[FoundFacet, ...]:
        """Give the facets, with `top` values of each."""
        counted = self._finder.facets(top)
        numbers = [v.number for item in counted for v in item.values if v.number is not None]
        labels = labels_of(self._facts, numbers, self._languages)
        return tuple(
            FoundFacet(
                name=item.name,
                values=tuple(self._counted(item, labels)),
                unknown=item.unknown,
                unknown_chosen=item.unknown_chosen,
            )
            for item in counted
        )

    def total(self) -> int:
        """Count what fits."""
        return self._finder.total()

    def without(self, name: str) -> int:
        """Count what would fit without one filter, or without the words."""
        return self._finder.without(finding.AMONG if name == WORDS else name)

    def labels(self) -> dict[str, list[FoundValue]]:
        """Give the values of each filter with their labels, in the order in which they stand."""
        languages = self._languages
        named = labels_of(self._facts, self._finder.chosen_things().values(), languages)
        numbers = self._finder.chosen_things()
        found: dict[str, list[FoundValue]] = {}
        for name, text in self._asked.filters.items():
            for key in dict.fromkeys(item.strip() for item in text.split(",") if item.strip()):
                label = named.get(numbers.get((name, key), -1))
                if name == KIND:
                    label = label_of_term(segments()[key], languages)
                found.setdefault(name, []).append(
                    FoundValue(key=key, label=_plain(key) if label is None else label_model(label))
                )
        return found

    def _counted(self, item: Counted, labels: Mapping[int, Any]) -> Iterable[CountedValue]:
        for value in item.values:
            label = labels.get(-1 if value.number is None else value.number)
            if item.name == KIND:
                label = label_of_term(segments()[value.key], self._languages)
            yield CountedValue(
                key=value.key,
                label=_plain(value.key) if label is None else label_model(label),
                count=value.count,
                chosen=value.chosen,
            )

    def _things(self) -> Iterable[FoundThing]:
        things = self._finder.things(self._asked.limit, self._asked.offset)
        having = values_of(self._facts, things)
        numbers = {
            item
            for held in having.values()
            for values in held.values()
            for item, _ in values
            if item is not None
        }
        labels = labels_of(self._facts, numbers, self._languages)
        presenter = _presenter(self._dataset, self._languages, [thing.iri for thing in things])
        for thing in things:
            held = dict(having.get(thing.number, {}))
            began = held.pop(PERIOD, [])
            shown = presenter.thing(thing.iri)
            yield FoundThing(
                thing=shown,
                found=_found_as(self._hits.get(thing.iri), shown),
                facets={
                    name: tuple(
                        FoundValue(
                            key=key,
                            label=label_model(labels[number]) if number in labels else _plain(key),
                        )
                        for number, key in values
                        if number is not None
                    )
                    for name, values in held.items()
                },
                period=began[0][1] if began else None,
            )


def suggest(reader: Reader, words: str, kind: str | None, limit: int) -> Suggestions:
    """Give what words that are still being typed may mean."""
    hits = reader.dataset.search.search(words[:_LONGEST], segment=kind, limit=limit)
    presenter = reader.presenter_of(hits)
    known = segments()
    return Suggestions(
        items=tuple(
            Suggestion(
                thing=presenter.thing(hit.iri),
                found=Text(text=hit.name, language=hit.language),
                kind=label_model(label_of_term(known[hit.segment], reader.languages)),
            )
            for hit in hits
            if hit.segment in known
        )
    )


def _presenter(dataset: Dataset, languages: Sequence[str], iris: Sequence[str]) -> Presenter:
    names = read_names(dataset.store, dataset.identity, iris)
    return Presenter(dataset.identity, names, languages)


def _search(dataset: Dataset, asked: Asked) -> Sequence[Hit]:
    if not asked.words:
        return ()
    kind = asked.filters.get(KIND, "")
    only = kind if kind in segments() else None
    return dataset.search.search(asked.words, segment=only, limit=WORDS_MOST)


def _found_as(hit: Hit | None, thing: Thing) -> Text | None:
    if hit is None or hit.name == thing.label.text:
        return None
    return Text(text=hit.name, language=hit.language)


def _plain(text: str) -> Label:
    return Label(text=text, language="", asked=True)
