"""What the page of finding shows: chosen filters, facets, results, and the ways on from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from api.dependencies import Reader
from api.finding.documents import WORDS, Asked, Finding
from api.finding.names import NAMES, ORDERS
from api.models_find import FoundFacet, FoundValue
from api.navigation import SECTIONS
from graph.facts.dimensions import UNKNOWN
from graph.facts.facets import PERIOD, all_facets
from graph.facts.finding import Sort
from graph.facts.narrowing import KIND
from graph.facts.spans import DATED
from graph.labels import label_of_term
from graph.listing import FILTERS
from ontology import segments
from visualisations.wording import marked as _

_SHOWN = 6  # values of a facet at once
_TOP = 24  # values of a facet, the others behind a summary
_ALL = 1000  # values of the facet that is shown whole
_MOST = 10_000  # things in one download


@dataclass(frozen=True, slots=True)
class View:
    """Another view of the same things, with the kinds and filters that it takes.

    The kind is passed on where it takes `several` kinds, or `one`.
    """

    path: str
    name: str
    kinds: frozenset[str]
    filters: frozenset[str]
    passed: str = ""


_EVERY = frozenset((*all_facets(), PERIOD))
_PLACED = frozenset(next(item for item in FILTERS if item.name == "country").paths)
VIEWS = (
    View(
        "/networks/organisations",
        _("Network"),
        frozenset({"", "organisation"}),
        frozenset({"country", "programme", "role", "type", PERIOD}),
    ),
    View(
        "/networks/projects",
        _("Network"),
        frozenset({"project"}),
        frozenset({"country", "programme", "role", "type", PERIOD}),
    ),
    View(
        "/networks/policies",
        _("Network"),
        frozenset({"policy"}),
        frozenset(
            {"country", "theme", "target-group", "programme", "principle", "level", "type", PERIOD}
        ),
    ),
    View("/where", _("Map"), _PLACED, _EVERY, "one"),
    View("/when", _("Timeline"), frozenset({"", *DATED}), _EVERY, "several"),
    View(
        "/money",
        _("Money"),
        frozenset({"", "project", "practice", "consortium", "funding"}),
        frozenset({"country", "programme", "theme", "target-group", "organisation", PERIOD}),
    ),
)


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a page with some parameters, from which others are made."""

    path: str
    given: Mapping[str, str]

    def with_(self, name: str, value: str) -> str:
        """Give the address with a parameter set, from the first page on."""
        return self._written({**self._first(), name: value})

    def without(self, name: str) -> str:
        """Give the address without a parameter, from the first page on."""
        return self._written({key: value for key, value in self._first().items() if key != name})

    def adding(self, name: str, key: str) -> str:
        """Give the address with one more value of a filter."""
        return self.with_(name, ",".join([*self._listed(name), key]))

    def dropping(self, name: str, key: str) -> str:
        """Give the address with one value of a filter less."""
        left = [item for item in self._listed(name) if item != key]
        return self.with_(name, ",".join(left)) if left else self.without(name)

    def _listed(self, name: str) -> list[str]:
        return [item.strip() for item in self.given.get(name, "").split(",") if item.strip()]

    def _first(self) -> dict[str, str]:
        return {name: value for name, value in self.given.items() if name not in {"offset", "more"}}

    def _written(self, given: Mapping[str, str]) -> str:
        # Commas divide values, and stay readable.
        return f"{self.path}?{urlencode(given, safe=',')}" if given else self.path


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


def show(
    reader: Reader, asked: Asked, given: Mapping[str, str], view: str, more: str | None
) -> dict[str, Any]:
    """Give what the page of finding shows."""
    here = Address("/find", given)
    finding = Finding(reader, asked)
    found = finding.found(_ALL if more else _TOP)
    after, before = asked.offset + asked.limit, asked.offset - asked.limit
    return {
        "asked": asked,
        "found": found,
        "cut": finding.cut,
        "view": view,
        "names": NAMES,
        "kinds": {
            item.thing.kind: label_of_term(segments()[item.thing.kind], reader.languages)
            for item in found.items
            if item.thing.kind
        },
        "orders": [(key.value, name) for key, name in ORDERS.items() if key in _orders(asked)],
        "order": (asked.sort if asked.sort in _orders(asked) else Sort.NAME).value,
        "chosen": _chosen(here, finding.labels()),
        "facets": [_facet(here, facet, more) for facet in found.facets],
        "ways_out": [] if found.total else _ways_out(reader, here, asked, finding),
        "here": here,
        "hidden": _hidden(given),
        "following": here.with_("offset", str(after)) if after < found.total else None,
        "previous": _before(here, before) if asked.offset else None,
        "views": _views(asked),
        "data": urlencode(asked.parameters, safe=","),
        "most": _MOST,
    }


def _orders(asked: Asked) -> tuple[Sort, ...]:
    return tuple(Sort) if asked.words else (Sort.NAME, Sort.NEWEST, Sort.OLDEST)


def _before(here: Address, offset: int) -> str:
    return here.with_("offset", str(offset)) if offset > 0 else here.without("offset")


def _chosen(here: Address, labels: Mapping[str, list[FoundValue]]) -> list[tuple[str, Choice]]:
    return [
        (name, Choice(value, None, chosen=True, address=here.dropping(name, value.key)))
        for name, values in labels.items()
        for value in values
    ]


def _facet(here: Address, facet: FoundFacet, more: str | None) -> dict[str, Any]:
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


def _ways_out(reader: Reader, here: Address, asked: Asked, finding: Finding) -> list[Way]:
    """Give what would fit without one part of what was asked; else with one part alone."""
    parts = {**({WORDS: asked.words} if asked.words else {}), **asked.filters}
    ways = [Way(name, here.without(name), finding.without(name), alone=False) for name in parts]
    if not any(way.count for way in ways) and len(parts) > 1:
        for name, text in parts.items():
            words, filters = (text, {}) if name == WORDS else ("", {name: text})
            alone = Finding(reader, Asked(words, filters, asked.sort, 1))
            address = Address(here.path, {name: text}).without("offset")
            ways.append(Way(name, address, alone.total(), alone=True))
    return sorted((way for way in ways if way.count), key=lambda way: -way.count)


def _hidden(given: Mapping[str, str]) -> list[tuple[str, str]]:
    """Give what a form has to carry on besides its own fields."""
    own = {WORDS, PERIOD, "sort", "offset", "more", "lang"}
    return [(name, value) for name, value in given.items() if name not in own]


def _views(asked: Asked) -> list[tuple[str, str]]:
    """Give the other views of the same things that there are, where they take all filters."""
    there = {section.path for section in SECTIONS}
    filters = {name: value for name, value in asked.filters.items() if name != KIND}
    kinds = asked.filters.get(KIND, "").split(",")
    found = []
    for view in VIEWS:
        fits = set(kinds) <= view.kinds and set(filters) <= view.filters
        if asked.words or not fits or f"/{view.path.split('/')[1]}" not in there:
            continue
        if view.passed == "one" and len(kinds) > 1:
            continue
        given = {KIND: asked.filters[KIND]} if view.passed and any(kinds) else {}
        found.append((Address(view.path, {**given, **filters}).without("offset"), view.name))
    return found
