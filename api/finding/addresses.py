"""Ways on from what was found: the same with other filters, and other views of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from api.navigation import SECTIONS
from graph.facts.facets import PERIOD, all_facets
from graph.facts.narrowing import KIND
from graph.facts.spans import DATED
from graph.listing import FILTERS
from visualisations.wording import marked as _


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
# What the things of a network have, or the reasons of its links.
_LINKED = frozenset(
    {"country", "theme", "target-group", "programme", "role", "policy", "level", "type", PERIOD}
)
_NETWORKS = (
    ("organisations", {"", "organisation"}, _LINKED),
    ("actors-practices-funding", {"practice", "consortium"}, _LINKED),
    ("projects", {"project"}, _LINKED - {"theme", "target-group", "level"}),
    ("policies", {"policy"}, _LINKED - {"role"}),
    ("themes-target-groups", {"theme", "target-group"}, _LINKED - {"role", "type"}),
    ("funding-tree", {"programme"}, frozenset({"programme", "policy", "type", PERIOD})),
    ("countries", {"country"}, frozenset({"country", "programme", "policy", PERIOD})),
)
VIEWS = (
    *(
        View(f"/networks/{name}", _("Network"), frozenset(kinds), filters)
        for name, kinds, filters in _NETWORKS
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

    def plain(self) -> str:
        """Give the address as it is, from the first page on."""
        return self._written(self._first())

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


def views_of(given: Mapping[str, str]) -> list[tuple[str, str]]:
    """Give the addresses and names of the other views that take all of some filters."""
    there = {section.path for section in SECTIONS}
    filters = {name: value for name, value in given.items() if name != KIND}
    kinds = given.get(KIND, "").split(",")
    found = []
    for view in VIEWS:
        fits = set(kinds) <= view.kinds and set(filters) <= view.filters
        if not fits or f"/{view.path.split('/')[1]}" not in there:
            continue
        if view.passed == "one" and len(kinds) > 1:
            continue
        passed = {KIND: given[KIND]} if view.passed and any(kinds) else {}
        found.append((Address(view.path, {**passed, **filters}).plain(), view.name))
    return found
