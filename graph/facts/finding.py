"""Finding: which things of all kinds a reader's filters keep, and how many by each facet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from graph.facts.dimensions import UNKNOWN
from graph.facts.facets import PERIOD, all_facets, filters_of
from graph.facts.found import Counted, Thing, Value
from graph.facts.narrowing import KIND, Part, read_filter
from graph.facts.reading import Facts

_TYPE = "type"  # whose values are of another sort for each kind
AMONG = "among"  # what words have found


class Sort(StrEnum):
    """The order of what is found."""

    FIT = "fit"  # how well names fit the words; without words as by name
    NAME = "name"
    NEWEST = "newest"
    OLDEST = "oldest"


class _Values(NamedTuple):
    """The values of a facet with their counts, and how many things have any."""

    values: Sequence[tuple[str, int | None, int]]
    things: int


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
        self._asking = facts.asking()
        self._wanted = wanted
        self._kept_without: dict[str | None, str] = {}
        self._counts: dict[str | None, dict[str, int]] = {}
        self._parts = {
            name: read_filter(facts, name, text, str(place))
            for place, (name, text) in enumerate(sorted(wanted.filters.items()))
        }
        if wanted.among is not None:
            found = {AMONG: self._numbers(wanted.among)}
            self._parts[AMONG] = Part(AMONG, f"SELECT unnest(${AMONG})", found)

    def total(self) -> int:
        """Count the things that all filters keep."""
        return sum(self._by_kind(None).values())

    def without(self, name: str) -> int:
        """Count the things that all filters but one keep."""
        return sum(self._by_kind(name).values())

    def chosen_things(self) -> dict[tuple[str, str], int]:
        """Give the numbers of the things that filters name, by filter and key."""
        return {
            (name, key): number
            for name, part in self._parts.items()
            for key, number in part.numbers.items()
        }

    def things(self, limit: int, offset: int = 0) -> list[Thing]:
        """Give some of the things that all filters keep, in the order wanted."""
        order, joined = "place", ""
        if self._wanted.sort is Sort.FIT and AMONG in self._parts:
            joined = (
                f"JOIN (SELECT unnest(${AMONG}) AS thing, generate_subscripts(${AMONG}, 1) "
                "AS fit) AS ranked USING (thing)"
            )
            order = "fit"
        elif self._wanted.sort in {Sort.NEWEST, Sort.OLDEST}:
            joined = (
                f"LEFT JOIN (SELECT thing, period FROM facet WHERE name = '{PERIOD}') AS begun "
                "USING (thing)"
            )
            way = "DESC" if self._wanted.sort is Sort.NEWEST else "ASC"
            order = f"period {way} NULLS LAST, place"
        kept, values = self._kept()
        sql = (
            "SELECT id, iri, found.kind, key FROM "
            f"(FROM {kept} AS kept {joined} ORDER BY {order} "
            "LIMIT $most OFFSET $first) AS found "
            f"JOIN thing ON thing.id = found.thing ORDER BY {order}"
        )
        among = self._parts[AMONG].values if order == "fit" else {}
        rows = self._asking.ask(sql, {**values, **among, "most": limit, "first": offset})
        return [Thing(*row) for row in rows]

    def facets(self, most: int) -> list[Counted]:
        """Count what the filters keep by kind and by each facet, `most` values of each.

        A facet with chosen values is counted as if they were not, so that more can be chosen.
        """
        kinds = sorted(self._parts[KIND].chosen - {UNKNOWN}) if KIND in self._parts else []
        names = _names(kinds, self._parts)
        open_names = [name for name in names if name not in self._parts]
        found = dict(self._by_facet(open_names, None))
        for name in names:
            if name in self._parts:
                found |= dict(self._by_facet([name], name))
        unknown = {name: self._unknown(name, found[name]) for name in names} if kinds else {}
        by_kind = [(kind, None, count) for kind, count in self._by_kind(KIND).items()]
        counted = [self._counted(KIND, by_kind, None, most)]
        counted += [
            self._counted(name, found[name].values, unknown.get(name), most) for name in names
        ]
        return [item for item in counted if item.values or item.unknown]

    def _counted(
        self, name: str, rows: Sequence[tuple[str, int | None, int]], unknown: int | None, most: int
    ) -> Counted:
        part = self._parts.get(name)
        chosen = part.chosen if part is not None else frozenset()
        # Years are read in their order, the latest first.
        ordered = sorted(rows, reverse=True) if name == PERIOD else rows
        values = [
            Value(key, number, count, key in chosen)
            for place, (key, number, count) in enumerate(ordered)
            if place < most or key in chosen
        ]
        return Counted(name, tuple(values), unknown, UNKNOWN in chosen)

    def _by_kind(self, without: str | None) -> dict[str, int]:
        """Count what all filters but one keep by kind, those with most things first."""
        left_out = without if without in self._parts else None
        if left_out not in self._counts:
            if self._is_of_kinds(left_out):
                of_kind, values = self._of_kind(left_out)
                source = f"SELECT kind, things FROM kind_counts WHERE {of_kind}"
            else:
                kept, values = self._kept(left_out)
                source = f"SELECT kind, count(*) AS things FROM {kept} GROUP BY kind"
            rows = self._asking.ask(f"{source} ORDER BY things DESC, kind", values)
            self._counts[left_out] = {kind: int(count) for kind, count in rows}
        return self._counts[left_out]

    def _by_facet(self, names: Sequence[str], without: str | None) -> Iterator[tuple[str, _Values]]:
        """Count by the values of facets; the key of a period is its year."""
        if not names:
            return
        source, values, counted = self._source(without)
        rows = self._asking.ask(
            "SELECT counted.name, coalesce(thing.key, period), value, things, firsts FROM "
            f"(SELECT name, value, period, {counted} FROM {source} "
            "AND name IN (SELECT unnest($names)) GROUP BY ALL) AS counted "
            "LEFT JOIN thing ON thing.id = value ORDER BY 1, things DESC, 2",
            {**values, "names": list(names)},
        )
        for name in names:
            own = [row for row in rows if row[0] == name]
            listed = [(str(key), value, int(count)) for _, key, value, count, _ in own]
            yield name, _Values(listed, sum(int(firsts) for *_, firsts in own))

    def _unknown(self, name: str, found: _Values) -> int:
        """Count what the other filters keep and has no value of a facet."""
        return self.without(name) - found.things

    def _source(self, without: str | None) -> tuple[str, Mapping[str, Any], str]:
        """Give the table to count in, with its condition and values, and how to count.

        Where nothing but the kind is filtered, that was counted when the release was made.
        """
        of_kind, values = self._of_kind(without)
        if self._is_of_kinds(without):
            made = "sum(things)::BIGINT AS things, sum(firsts)::BIGINT AS firsts"
            return f"facet_counts WHERE {of_kind}", values, made
        kept, bound = self._kept(without)
        counting = "count(*) AS things, count(*) FILTER (first) AS firsts"
        where = f"{of_kind} AND thing IN (SELECT thing FROM {kept})"
        return f"facet WHERE {where}", {**values, **bound}, counting

    def _of_kind(self, without: str | None) -> tuple[str, Mapping[str, Any]]:
        """Write the condition that the filter by kind makes, if that is not the one left out."""
        kinds = self._parts.get(KIND) if without != KIND else None
        return ("true", {}) if kinds is None else (kinds.condition, kinds.values)

    def _is_of_kinds(self, without: str | None) -> bool:
        """Tell whether the filters, but for one, are none or that of kinds."""
        return set(self._parts) - {without} <= {KIND}

    def _kept(self, without: str | None = None) -> tuple[str, Mapping[str, Any]]:
        """Give a table of what all filters but one keep, and the values that are bound in it.

        It is made when it is first asked for, unless it is all of some kinds.
        """
        if self._is_of_kinds(without):
            of_kind, values = self._of_kind(without)
            return f"(FROM listed WHERE {of_kind})", values
        left_out = without if without in self._parts else None
        if left_out not in self._kept_without:
            name = f"kept{len(self._kept_without)}"
            parts = [part for of, part in self._parts.items() if of != left_out]
            bound = {name: value for part in parts for name, value in part.values.items()}
            where = " AND ".join(part.condition for part in parts)
            self._asking.keep(name, f"SELECT * FROM listed WHERE {where}", bound)
            self._kept_without[left_out] = name
        return self._kept_without[left_out], {}

    def _numbers(self, iris: Sequence[str]) -> list[int]:
        """Give the numbers of things, in their order; unlisted ones are passed over."""
        rows = self._facts.ask(
            "SELECT iri, id FROM thing WHERE iri IN (SELECT unnest($iris))", {"iris": list(iris)}
        )
        known = dict(rows)
        return [known[iri] for iri in iris if iri in known]


def _names(kinds: Sequence[str], parts: Mapping[str, Part]) -> list[str]:
    """Name the facets to count: those that a kind has, and those that are chosen."""
    having = [set(filters_of(kind)) for kind in kinds]
    offered = set().union(*having) if having else set(all_facets()) - {_TYPE}
    names = [name for name in all_facets() if name in offered or name in parts]
    if len(kinds) > 1 and _TYPE in names and _TYPE not in parts:
        names.remove(_TYPE)
    return [*names, PERIOD]
