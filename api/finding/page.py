"""What the page of finding shows: chosen filters, facets, results, and the ways on from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.assets import bundle
from api.finding.addresses import Listed, views_of
from api.finding.documents import WORDS, Asked, Finding
from api.finding.names import NAMES, ORDERS
from api.finding.questions import question
from api.finding.sheets import title_of
from api.models_find import FoundFacet, FoundValue
from api.taking import address_of
from graph.dataset import Dataset
from graph.facts.dimensions import UNKNOWN
from graph.facts.facets import PERIOD
from graph.facts.finding import Sort
from graph.labels import label_of_term
from ontology import segments
from visualisations.wording import wording

_SHOWN = 6  # values of a facet at once
_TOP = 24  # values of a facet, the others behind a summary
_ALL = 1000  # values of the facet that is shown whole
_MOST = 10_000  # things in one download


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that can be chosen or dropped: its label, count and where that leads."""

    value: FoundValue
    count: int | None
    chosen: bool
    address: str


@dataclass(frozen=True, slots=True)
class Way:
    """A way out where nothing fits: one part of what was asked dropped, or kept alone."""

    name: str
    address: str
    count: int
    alone: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A request for the page: what is asked, as it was given, and how it is to be shown.

    `more` is a facet of which all values are to be shown.
    """

    asked: Asked
    given: Mapping[str, str]
    shown: str
    more: str | None


def show(dataset: Dataset, view: Page, languages: Sequence[str]) -> dict[str, Any]:
    """Give what the page of finding shows."""
    asked, more = view.asked, view.more
    here = Listed("/find", view.given)
    finding = Finding(dataset, languages, asked)
    found = finding.found(_ALL if more else _TOP)
    views = views_of(asked.filters)
    after, before = asked.offset + asked.limit, asked.offset - asked.limit
    return {
        "bundle": bundle("find"),
        "asked": asked,
        "found": found,
        "cut": finding.cut,
        "view": view.shown,
        "names": NAMES,
        "kinds": {
            item.thing.kind: label_of_term(segments()[item.thing.kind], languages)
            for item in found.items
            if item.thing.kind
        },
        "orders": [(key.value, name) for key, name in ORDERS.items() if key in _orders(asked)],
        "order": (asked.sort if asked.sort in _orders(asked) else Sort.NAME).value,
        "chosen": _chosen(here, finding.labels()),
        "facets": [_facet(here, facet, more) for facet in found.facets],
        "ways_out": [] if found.total else _ways_out(here, asked, finding),
        "here": here,
        "hidden": _hidden(view.given),
        "following": here.with_("offset", str(after)) if after < found.total else None,
        "previous": _before(here, before) if asked.offset else None,
        "views": [] if asked.words else views,
        "unworded": views if asked.words else [],
        "file": lambda suffix: Listed(f"/find.{suffix}", asked.parameters).plain(),
        "data": lambda form: Listed("/api/v1/find", asked.parameters).with_("format", form),
        "absolute": address_of(dataset, "/embed/find", asked.parameters),
        "title": title_of(asked, wording(languages)),
        "query": question(asked.words, asked.filters, dataset.identity),
        "most": _MOST,
    }


def _orders(asked: Asked) -> tuple[Sort, ...]:
    return tuple(Sort) if asked.words else (Sort.NAME, Sort.NEWEST, Sort.OLDEST)


def _before(here: Listed, offset: int) -> str:
    return here.with_("offset", str(offset)) if offset > 0 else here.without("offset")


def _chosen(here: Listed, labels: Mapping[str, list[FoundValue]]) -> list[tuple[str, Choice]]:
    return [
        (name, Choice(value, None, chosen=True, address=here.dropping(name, value.key)))
        for name, values in labels.items()
        for value in values
    ]


def _facet(here: Listed, facet: FoundFacet, more: str | None) -> dict[str, Any]:
    """Give a facet with its values, those that are chosen first, and where to see all."""
    most = _ALL if more == facet.name else _TOP
    choices = [
        Choice(
            value,
            value.count,
            value.chosen,
            (here.dropping if value.chosen else here.adding)(facet.name, value.key),
        )
        for place, value in enumerate(facet.values)
        if place < most or value.chosen
    ]
    choices.sort(key=lambda choice: not choice.chosen)
    shown = max(_SHOWN, sum(choice.chosen for choice in choices))
    whole = len(choices) >= _TOP and most == _TOP
    way = here.dropping if facet.unknown_chosen else here.adding
    return {
        "name": facet.name,
        "first": choices[:shown] if most == _TOP else choices,
        "rest": choices[shown:] if most == _TOP else [],
        "all": here.with_("more", facet.name) + f"#facet-{facet.name}" if whole else None,
        "unknown": facet.unknown,
        "unknown_chosen": facet.unknown_chosen,
        "unknown_address": way(facet.name, UNKNOWN),
    }


def _ways_out(here: Listed, asked: Asked, finding: Finding) -> list[Way]:
    """Give what would fit without one part of what was asked; else with one part alone."""
    parts = {**({WORDS: asked.words} if asked.words else {}), **asked.filters}
    ways = [Way(name, here.without(name), finding.without(name), alone=False) for name in parts]
    if not any(way.count for way in ways) and len(parts) > 1:
        for name, text in parts.items():
            words, filters = (text, {}) if name == WORDS else ("", {name: text})
            alone = finding.of(Asked(words, filters, asked.sort, 1))
            address = Listed(here.path, {name: text}).without("offset")
            ways.append(Way(name, address, alone.total(), alone=True))
    return sorted((way for way in ways if way.count), key=lambda way: -way.count)


def _hidden(given: Mapping[str, str]) -> list[tuple[str, str]]:
    """Give what a form has to carry on besides its own fields."""
    own = {WORDS, PERIOD, "sort", "offset", "more", "lang"}
    return [(name, value) for name, value in given.items() if name not in own]
