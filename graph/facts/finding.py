"""Finding: which things of all kinds a reader's filters keep, and how many by each facet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, reduce

import numpy as np

from graph.facts.dimensions import UNKNOWN
from graph.facts.facets import LINKS, PERIOD, all_facets, filters_of
from graph.facts.found import Counted, Thing, Value
from graph.facts.narrowing import KIND, Part, read_filter
from graph.facts.postings import Mask, Numbers, Postings, postings
from graph.facts.reading import Facts

_TYPE = "type"  # whose values are of another sort for each kind
AMONG = "among"  # what words have found


class Sort(StrEnum):
    """The order of what is found."""

    FIT = "fit"  # how well names fit the words; without words as by name
    NAME = "name"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to find: keys by filter, several divided by commas, and IRIs that words have found."""

    filters: Mapping[str, str]
    among: Sequence[str] | None = None
    sort: Sort = Sort.FIT


class Finder:
    """What one reader wants of the facts of a release.

    ParameterError, with near names, for a filter, kind or value that there is not.
    """

    def __init__(self, facts: Facts, wanted: Wanted) -> None:
        self._facts = facts
        self._wanted = wanted
        self._parts = {
            name: read_filter(facts, name, text, str(place))
            for place, (name, text) in enumerate(sorted(wanted.filters.items()))
        }
        self._postings = postings(facts)
        self._masks = {name: self._mask(part) for name, part in self._parts.items()}
        if wanted.among is not None:
            self._masks[AMONG] = self._only(self._ranked)

    def total(self) -> int:
        """Count the things that all filters keep."""
        return _count(self.kept())

    def without(self, name: str) -> int:
        """Count the things that all filters but one keep."""
        return _count(self.kept(name))

    def chosen_things(self) -> dict[tuple[str, str], int]:
        """Give the numbers of the things that filters name, by filter and key."""
        return {
            (name, key): number
            for name, part in self._parts.items()
            for key, number in part.numbers.items()
        }

    def kept(self, without: str | None = None) -> Mask:
        """Tell of each thing whether all filters, but for one, keep it."""
        masks = [mask for name, mask in self._masks.items() if name != without]
        return reduce(np.logical_and, masks, self._postings.everything())

    def things(self, limit: int, offset: int = 0) -> list[Thing]:
        """Give some of the things that all filters keep, in the order wanted."""
        numbers = self._ordered()[offset : offset + limit].tolist()
        rows = self._facts.ask(
            "SELECT id, iri, kind, key FROM thing WHERE id IN (SELECT unnest($numbers::INTEGER[]))",
            {"numbers": numbers},
        )
        found = {row[0]: Thing(*row) for row in rows}
        return [found[number] for number in numbers]

    def facets(self, most: int) -> list[Counted]:
        """Count what the filters keep by kind and by each facet, `most` values of each.

        A facet with chosen values is counted as if they were not, so that more can be chosen.
        """
        kinds = sorted(self._parts[KIND].chosen) if KIND in self._parts else []
        by_kind = self._postings.count_kinds(self.kept(KIND))
        counted = [
            self._counted(KIND, [(kind, None, n) for kind, n in by_kind.items()], None, most)
        ]
        everywhere = self.kept()
        for name in _names(kinds, self._parts):
            kept = self.kept(name) if name in self._parts else everywhere
            values = self._postings.count(name, kinds, kept)
            unknown = _count(kept & ~self._postings.any(name, kinds)) if kinds else None
            counted.append(self._counted(name, values, unknown, most))
        return [item for item in counted if item.values or item.unknown_chosen]

    def _ordered(self) -> Numbers:
        """Give the numbers of what all filters keep, in the order wanted."""
        kept, sort = self.kept(), self._wanted.sort
        if sort is Sort.FIT and AMONG in self._masks:
            return self._ranked[kept[self._ranked]]
        things = self._postings.ordered(kept)
        if sort not in {Sort.NEWEST, Sort.OLDEST}:
            return things
        years = self._postings.year_of[things]
        place = -years if sort is Sort.NEWEST else years
        place[years < 0] = np.iinfo(place.dtype).max  # unknown years come last
        return things[np.argsort(place, kind="stable")]

    def _counted(
        self,
        name: str,
        rows: Sequence[tuple[str, int | None, int]],
        unknown: int | None,
        most: int,
    ) -> Counted:
        part = self._parts.get(name)
        chosen = part.chosen if part is not None else frozenset()
        values = [
            Value(key, number, count, key in chosen)
            for place, (key, number, count) in enumerate(rows)
            if place < most or key in chosen
        ]
        return Counted(name, tuple(values), unknown, UNKNOWN in chosen)

    def _mask(self, part: Part) -> Mask:
        """Tell of each thing whether a filter keeps it."""
        held: Postings = self._postings
        if part.name == KIND:
            return held.of_kinds(part.chosen)
        if part.name in LINKS:
            return self._only(self._facts.columns(part.sql, part.values)[0])
        if part.name == PERIOD:
            kept = reduce(
                np.logical_or, (held.within(*span) for span in part.spans), held.nothing()
            )
        else:
            kept = held.having(part.name, part.numbers.values())
        return kept | ~held.any(part.name) if UNKNOWN in part.chosen else kept

    def _only(self, numbers: Numbers) -> Mask:
        kept = self._postings.nothing()
        kept[numbers] = True
        return kept

    @cached_property
    def _ranked(self) -> Numbers:
        """Give the numbers of what words have found, the best first; unlisted is passed over."""
        iris = list(self._wanted.among or ())
        known = dict(
            self._facts.ask(
                "SELECT iri, id FROM thing WHERE iri IN (SELECT unnest($iris))", {"iris": iris}
            )
        )
        return np.array([known[iri] for iri in iris if iri in known], np.int32)


def _count(kept: Mask) -> int:
    return int(np.count_nonzero(kept))


def _names(kinds: Sequence[str], parts: Mapping[str, Part]) -> list[str]:
    """Name the facets to count: those that a kind has, and those that are chosen."""
    having = [set(filters_of(kind)) for kind in kinds]
    offered = set().union(*having) if having else set(all_facets()) - {_TYPE}
    names = [name for name in all_facets() if name in offered or name in parts]
    if len(kinds) > 1 and _TYPE in names and _TYPE not in parts:
        names.remove(_TYPE)
    return [*names, PERIOD]
