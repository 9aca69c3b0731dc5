"""Beside names: whether the towns and the sites of two organisations speak for one or for two.

Towns are compared by what their names mean, so that Wien is Vienna. A site counts where it is of
one organisation in each source: a university's is also that of its institutes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import combinations
from types import MappingProxyType
from urllib.parse import urlsplit

from graph.identities.concepts import concepts_of
from graph.identities.ledger import Pair
from graph.identities.names import is_connective, read_name
from graph.identities.profiles import Profile

# What likeness is multiplied with: bodies move and have branches, and sites get other addresses.
_AGAINST = MappingProxyType({"other site": 0.9, "other town": 0.8})
_ONE_SITE = 0.2  # what is left of what names lack to be alike
_MOST_BEARERS = 12  # of a site of one organisation in many sources
_LEAST_LETTERS = 3  # of a word that tells a town


class Beside(Enum):
    """What else speaks for a pair, one site or town, or against it, other ones; or nothing."""

    SITE = "site"
    TOWN = "town"
    NOTHING = "nothing"
    OTHER_SITE = "other site"
    OTHER_TOWN = "other town"

    def weighed(self, likeness: float) -> float:
        """Give the likeness of two organisations by that of their names."""
        if self is Beside.SITE:
            return 1 - (1 - likeness) * _ONE_SITE
        return likeness * _AGAINST.get(self.value, 1.0)


@dataclass(frozen=True, slots=True)
class Places:
    """The towns and hosts of organisations, as words, and who shares a site of their own."""

    towns: Mapping[str, Collection[str]]
    hosts: Mapping[str, Collection[str]]
    sites: Mapping[str, Collection[str]]

    @classmethod
    def of(cls, left: Sequence[Profile], right: Sequence[Profile] | None = None) -> Places:
        """Read what organisations tell: of one list, or of two that are compared."""
        both = left if right is None else (*left, *right)
        towns = {one.thing: _words(one.cities) for one in both if one.cities}
        shared: dict[str, set[str]] = defaultdict(set)
        for a, b in _sharing([left] if right is None else [left, right]):
            shared[a].add(b)
            shared[b].add(a)
        hosts = {one.thing: _hosts(one.homepages) for one in both if one.homepages}
        return cls(towns, hosts, shared)

    def compared(self, left: str, right: str) -> Beside:
        """Tell what speaks for or against two organisations being one."""
        if right in self.sites.get(left, ()):
            return Beside.SITE
        in_one_town = _share(self.towns, left, right)
        if in_one_town is False:
            return Beside.OTHER_TOWN
        if _share(self.hosts, left, right) is False:
            return Beside.OTHER_SITE
        return Beside.TOWN if in_one_town else Beside.NOTHING


def _share(told: Mapping[str, Collection[str]], left: str, right: str) -> bool | None:
    """Tell whether both have a word in common; None where one of them tells none."""
    first, second = told.get(left), told.get(right)
    return not set(first).isdisjoint(second) if first and second else None


def _hosts(urls: Collection[str]) -> Collection[str]:
    return frozenset(next(_addresses(url), "") for url in urls) - {""}


def _words(towns: Collection[str]) -> Collection[str]:
    return frozenset(
        word
        for town in towns
        for word in _town(town)
        if len(word) >= _LEAST_LETTERS and not is_connective(word)
    )


@lru_cache(maxsize=100_000)
def _town(text: str) -> tuple[str, ...]:
    return concepts_of(read_name(text).whole)


def _sharing(lists: Sequence[Sequence[Profile]]) -> Iterator[Pair]:
    """Give pairs that share an address which no two of one source have."""
    bearers: dict[str, list[tuple[Profile, int]]] = defaultdict(list)
    for place, profiles in enumerate(lists):
        for profile in profiles:
            for address in {key for url in profile.homepages for key in _addresses(url)}:
                bearers[address].append((profile, place))
    for bearing in bearers.values():
        if 1 < len(bearing) <= _MOST_BEARERS and _of_different_sources(bearing):
            for (one, place), (other, elsewhere) in combinations(bearing, 2):
                if len(lists) == 1 or place != elsewhere:
                    yield one.thing, other.thing


def _of_different_sources(bearing: Sequence[tuple[Profile, int]]) -> bool:
    told = [(source, place) for one, place in bearing for source in one.sources or ("",)]
    return len(told) == len(set(told))


def _addresses(url: str) -> Iterator[str]:
    """Give the host of a homepage, and its page, without what is often written differently."""
    try:
        parts = urlsplit(url.strip() if "//" in url else f"//{url.strip()}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return
    if "." in host:
        yield host
        yield f"{host}{parts.path.rstrip('/')}/"
