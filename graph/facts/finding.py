"""Finding: which things of all kinds a reader's filters keep, and how many by each facet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from graph.errors import NotFoundError
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to find: keys by filter, several divided by commas, and IRIs that words have found."""

    filters: Mapping[str, str]
    among: Sequence[str] | None = None
    sort: Sort = Sort.FIT


class Finder:
    """What one reader wants of the facts of a release.

    ParameterError, with near names, for a filter, kind or value that there is not; NotFoundError
    where the facts are of an earlier version that cannot be asked so.
    """

    def __init__(self, facts: Facts, wanted: Wanted) -> None:
        if "listed" not in facts.tables():
            raise NotFoundError("this release was built before things could be found by filters")
        self._facts = facts
        self._wanted = wanted
        self._numbers_of: dict[str | None, int] = {}
        self._parts = {
            name: read_filter(facts, name, text, place)
            for place, (name, text) in enumerate(sorted(wanted.filters.items()))
        }
        if wanted.among is not None:
            found = {AMONG: self._numbers(wanted.among)}
            self._parts[AMONG] = Part(AMONG, f"SELECT unnest(${AMONG})", found)

    def total(self) -> int:
        """Count the things that all filters keep."""
        return self._number_of(None)

    def without(self, name: str) -> int:
        """Count the things that all filters but one keep."""
        return self._number_of(name)

    def chosen_things(self) -> dict[tuple[str, str], int]:
        """Give the numbers of the things that filters name, by filter and key."""
        return {
            (name, key): number
            for name, part in self._parts.items()
            for key, number in part.numbers.items()
        }

    def things(self, limit: int, offset: int = 0) -> list[Thing]:
        """Give some of the things that all filters keep, in the order wanted."""
        kept, values = self._kept()
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
        sql = (
            "SELECT id, iri, thing.kind, key FROM "
            f"(SELECT thing, row_number() OVER (ORDER BY {order}) AS place FROM "
            f"(FROM listed WHERE {kept}) {joined} ORDER BY {order} LIMIT $most OFFSET $first) "
            "AS found JOIN thing ON thing.id = found.thing ORDER BY found.place"
        )
        rows = self._facts.ask(sql, {**values, "most": limit, "first": offset})
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
        unknown = self._unknown(names) if kinds else {}
        counted = [self._counted(KIND, self._by_kind(), None, most)]
        counted += [
            self._counted(name, found.get(name, []), unknown.get(name), most) for name in names
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

    def _by_kind(self) -> list[tuple[str, int | None, int]]:
        kept, values = self._kept(without=KIND)
        rows = self._facts.ask(
            f"SELECT kind, count(*) AS things FROM listed WHERE {kept} GROUP BY kind "
            "ORDER BY things DESC, kind",
            values,
        )
        return [(kind, None, count) for kind, count in rows]

    def _by_facet(
        self, names: Sequence[str], without: str | None
    ) -> Iterator[tuple[str, list[tuple[str, int | None, int]]]]:
        """Count by the values of facets; the key of a period is its year."""
        if not names:
            return
        kept, values, counted = self._source(without, "facet_counts", "count(*)")
        rows = self._facts.ask(
            "SELECT counted.name, coalesce(thing.key, period), value, things FROM (SELECT name, "
            f"value, period, {counted} AS things FROM {kept} "
            "AND name IN (SELECT unnest($names)) GROUP BY ALL) AS counted "
            "LEFT JOIN thing ON thing.id = value ORDER BY 1, things DESC, 2",
            {**values, "names": list(names)},
        )
        for name in names:
            yield name, [(str(key), value, count) for of, key, value, count in rows if of == name]

    def _unknown(self, names: Sequence[str]) -> dict[str, int]:
        """Count for each facet what the other filters keep and has no value of it."""
        open_names = [name for name in names if name not in self._parts]
        groups = [(open_names, None), *(([name], name) for name in names if name in self._parts)]
        found: dict[str, int] = {}
        for group, without in groups:
            kept, values, counted = self._source(without, "facet_things", "count(DISTINCT thing)")
            rows = self._facts.ask(
                f"SELECT name, {counted} FROM {kept} AND name IN (SELECT unnest($names)) "
                "GROUP BY name",
                {**values, "names": group},
            )
            known, whole = dict(rows), self._number_of(without)
            found |= {name: whole - int(known.get(name, 0)) for name in group}
        return found

    def _source(
        self, without: str | None, made: str, counting: str
    ) -> tuple[str, dict[str, Any], str]:
        """Give the table to count in, with its condition and values, and how to count.

        Where nothing but the kind is filtered, that was counted when the release was made.
        """
        kept, values = self._kept(without)
        if set(self._parts) - {without} <= {KIND}:
            return f"{made} WHERE {kept}", values, "sum(things)::BIGINT"
        return f"facet WHERE {kept}", values, counting

    def _number_of(self, without: str | None) -> int:
        if without not in self._numbers_of:
            kept, values = self._kept(without=without)
            rows = self._facts.ask(f"SELECT count(*) FROM listed WHERE {kept}", values)
            self._numbers_of[without] = int(rows[0][0])
        return self._numbers_of[without]

    def _kept(self, without: str | None = None) -> tuple[str, dict[str, Any]]:
        """Write the condition on `thing` that all filters but one make."""
        parts = [part for name, part in self._parts.items() if name != without]
        values = {name: value for part in parts for name, value in part.values.items()}
        return " AND ".join(part.condition for part in parts) or "true", values

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
