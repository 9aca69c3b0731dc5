"""Ways on from what was found: the same with other filters, and other views of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.addresses import Address
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


class Listed(Address):
    """The address of a list, from which others are made that begin with its first page."""

    def plain(self) -> str:
        """Give the address as it is."""
        return self.but(offset=None, more=None)

    def with_(self, name: str, value: str) -> str:
        """Give the address with a parameter set."""
        return self.but(**{"offset": None, "more": None, name: value})

    def without(self, *names: str) -> str:
        """Give the address without some parameters."""
        return Address(self.path, self.state).without("offset", "more", *names)

    def adding(self, name: str, key: str) -> str:
        """Give the address with one more value of a filter."""
        return self.with_(name, ",".join([*self._values(name), key]))

    def dropping(self, name: str, key: str) -> str:
        """Give the address with one value of a filter less."""
        return self.with_(name, ",".join(item for item in self._values(name) if item != key))

    def _values(self, name: str) -> list[str]:
        return [item.strip() for item in self.state.get(name, "").split(",") if item.strip()]


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
        found.append((Listed(view.path, {**passed, **filters}).plain(), view.name))
    return found
