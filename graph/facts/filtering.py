"""Filters of a fact table: what a reader asks for, checked, as conditions on its lines.

A filter has values divided by commas, any of which is enough: the key of a thing, which finds what
has it alone or with others; `only:A;B`, which finds what has exactly these together; and `unknown`,
which finds what has none. Keys of dimensions of several kinds are written `kind/key`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph.errors import ParameterError
from graph.facts.cubes import MONEY
from graph.facts.dimensions import UNKNOWN, Dimension, Table, Values, near
from graph.facts.reading import Facts
from graph.facts.sorts import having, places

ONLY = "only:"
TOGETHER = "; "  # between the keys of a combination, where it is one text

_YEAR = re.compile(r"[0-9]{4}")
_SUGGESTED = 5_000  # things of a kind, above which near keys are not looked for


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a filter asks for: some keys, some combinations of keys, and what has none."""

    keys: tuple[str, ...] = ()
    exactly: tuple[tuple[str, ...], ...] = ()
    unknown: bool = False

    @classmethod
    def read(cls, text: str) -> Wanted:
        """Read the text of a filter."""
        parts = [part.strip() for part in text.split(",")]
        exactly = [part.removeprefix(ONLY) for part in parts if part.startswith(ONLY)]
        return cls(
            tuple(part for part in parts if part != UNKNOWN and not part.startswith(ONLY)),
            tuple(tuple(key.strip() for key in part.split(";")) for part in exactly),
            UNKNOWN in parts,
        )

    def columns(self, item: Dimension) -> set[str]:
        """Name the columns that it looks into."""
        found = {item.wide or item.column} if self.keys else set()
        return found | ({item.column} if self.exactly or self.unknown else set())


@dataclass(slots=True)
class Conditions:
    """Conditions on the lines of a table, named `facts`, and the values that are bound in them."""

    all: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def bind(self, value: object) -> str:
        """Bind a value; gives what stands for it."""
        name = f"f{len(self.values)}"
        self.values[name] = value
        return f"${name}"


def band(keys: Sequence[str] | None) -> str:
    """Write the filter that finds exactly what has these keys, or none."""
    return UNKNOWN if keys is None else ONLY + ";".join(keys)


def conditions(
    facts: Facts, table: Table, filters: Mapping[str, str], *, cells: bool = False
) -> Conditions:
    """Write the conditions of some filters by dimension, on lines or on the cells of a cube.

    ParameterError, with near names, for an unknown dimension or a value that nothing has.
    """
    found = Conditions()
    for name, text in filters.items():
        item = table.dimension(name)
        wanted = Wanted.read(text)
        ids = _checked(facts, table, item, wanted)
        either = [f"facts.{item.column} IS NULL"] if wanted.unknown else []
        texts = [*wanted.keys, *(TOGETHER.join(keys) for keys in wanted.exactly)]
        if item.values is Values.SEVERAL:
            either += _of_combinations(found, item, wanted, ids)
        elif name in MONEY and table.money and not cells:
            # Lines stand in the order of sorts, so that only those of some are looked at.
            named: set[str | None] = {*texts, *([None] if wanted.unknown else [])}
            listed = ", ".join(map(str, having(facts, name, named)))
            either = [f"facts.sort IN ({listed})" if listed else "false"]
        elif table.money and not cells:
            # Numbers, which are looked for several times sooner than texts.
            of_text = places(facts, item.column)
            listed = ", ".join(str(of_text[text]) for text in texts if text in of_text)
            either.append(f"facts.{item.column}_place IN ({listed})" if listed else "false")
        elif texts:
            bound = ", ".join(found.bind(text) for text in texts)
            either.append(f"facts.{item.column} IN ({bound})")
        found.all.append(f"({' OR '.join(either)})")
    return found


def _of_combinations(
    found: Conditions, item: Dimension, wanted: Wanted, ids: Mapping[str, int]
) -> list[str]:
    either = []
    held = item.wide or item.column
    if wanted.keys:
        some = found.bind([ids[key] for key in wanted.keys])
        either.append(
            f"facts.{held} IN (SELECT held FROM {held}_member WHERE list_contains({some}, id))"
        )
    for keys in wanted.exactly:
        members = sorted(ids[key] for key in keys)
        first, exact = found.bind(members[0]), found.bind(members)
        either.append(
            f"facts.{item.column} IN (SELECT held FROM {item.column}_set WHERE members = {exact} "
            f"AND held IN (SELECT held FROM {item.column}_member WHERE id = {first}))"
        )
    return either


def _checked(facts: Facts, table: Table, item: Dimension, wanted: Wanted) -> Mapping[str, int]:
    """Give the numbers of what a filter names; ParameterError for what nothing has."""
    keys = [*wanted.keys, *(key for keys in wanted.exactly for key in keys)]
    if item.values is Values.YEAR:
        known: Mapping[str, int] = {key: 0 for key in keys if _YEAR.fullmatch(key)}
    elif item.segments:
        known = numbers(facts, item.segments, keys)
    else:
        known = _occurring(facts, table, item)
    for key in keys:
        if key not in known:
            raise ParameterError(
                f"{item.name} cannot be “{key[:80]}”{near(key, _likely(facts, item, known))}: "
                f"expected is {_expected(item)}, several divided by commas, or {UNKNOWN}"
            )
    return known


def numbers(facts: Facts, segments: Sequence[str], keys: Iterable[str]) -> dict[str, int]:
    """Give the numbers of things of one kind by key, or of several kinds by `kind/key`."""
    wanted: dict[str, list[str]] = {segment: [] for segment in segments}
    for key in keys:
        segment, _, rest = key.partition("/") if len(segments) > 1 else (segments[0], "", key)
        wanted.get(segment, []).append(rest)
    found: dict[str, int] = {}
    for segment, listed in wanted.items():
        if listed:
            asked = {"kind": segment, "keys": listed}
            sql = "SELECT key, id FROM thing WHERE kind = $kind AND key IN (SELECT unnest($keys))"
            before = f"{segment}/" if len(segments) > 1 else ""
            found |= {before + key: number for key, number in facts.ask(sql, asked)}
    return found


def _occurring(facts: Facts, table: Table, item: Dimension) -> Mapping[str, int]:
    sql = f"SELECT DISTINCT {item.column}, 0 FROM {table.source} WHERE {item.column} IS NOT NULL"
    return facts.remembered(("values", sql), lambda: dict(facts.ask(sql)))


def _likely(facts: Facts, item: Dimension, known: Mapping[str, int]) -> Iterable[str]:
    """Give the keys among which a near one is looked for; none where there are very many."""
    if item.segment is None:
        return () if item.segments else known
    asked = {"kind": item.segment, "most": _SUGGESTED + 1}
    sql = "SELECT key FROM thing WHERE kind = $kind ORDER BY key LIMIT $most"
    found = [key for (key,) in facts.ask(sql, asked)]
    return found if len(found) <= _SUGGESTED else ()


def _expected(item: Dimension) -> str:
    if item.values is Values.YEAR:
        return "a year of four digits"
    if len(item.segments) > 1:
        return f"kind/key, as in an address id/KIND/KEY, of {', '.join(item.segments)}"
    if item.segments:
        return f"the key of a {item.segments[0]}, as in its address id/{item.segments[0]}/KEY"
    return "one of those that occur"
