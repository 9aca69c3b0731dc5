"""Aggregates: counts and exact sums of a fact table by its dimensions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.errors import ParameterError
from graph.facts.cubes import MONEY, PAIRS, keys, order, written
from graph.facts.dimensions import Dimension, Table, Values
from graph.facts.filtering import Wanted, conditions
from graph.facts.reading import Facts

MOST = 100_000
_CELLS = {name: f"sum(m_{name})" for name in ("amounts", "sum", "disputed", "missing")}
# What participations count beside themselves is linked to them.
_LINKED = {
    "participation_facts": "LEFT JOIN participant ON participant.subject = facts.id "
    "LEFT JOIN participates_in ON participates_in.subject = facts.id"
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a table: dimensions, filters by name, and which rows of the answer.

    `each` counts what has several values under each of them, so that rows do not add up.
    """

    table: Table
    by: Sequence[str] = ()
    filters: Mapping[str, str] | None = None
    each: bool = False
    limit: int = MOST
    offset: int = 0

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """Give what rows are told apart by: money always by kind, phase and currency."""
        names = [*self.by, *(name for name in MONEY if self.table.money and name not in self.by)]
        return tuple(self.table.dimension(name) for name in names)

    def check(self) -> None:
        """Raise ParameterError for a dimension twice, or money counted for each of several."""
        for place, name in enumerate(self.by):
            self.table.dimension(name)
            if name in self.by[:place]:
                raise ParameterError(f"by has “{name}” twice")
        if self.each and self.table.money:
            raise ParameterError(
                "several cannot be “each” here: an amount of several countries is not one of each "
                "of them; filter by one of them to see what belongs to it, alone or with others"
            )


def rows_as_json(facts: Facts, asked: Asked) -> tuple[list[str], int]:
    """Give the rows of an answer as JSON objects, and how many there are without a limit."""
    asked.check()
    cube = _cube(facts, asked)
    if cube is not None and {item.column for item in asked.dimensions} == {*PAIRS[cube], *MONEY}:
        kept = conditions(facts, asked.table, asked.filters or {}, cells=True)
        found = facts.ask(
            f"SELECT line, count(*) OVER () FROM {cube} AS facts "
            f"WHERE {' AND '.join(['true', *kept.all])} ORDER BY {order(asked.dimensions)} "
            f"LIMIT {int(asked.limit)} OFFSET {int(asked.offset)}",
            kept.values,
        )
    else:
        found = _page(facts, asked, written(asked.dimensions, asked.table.measures))
    return [line for line, _ in found], found[0][1] if found else _number(facts, asked)


def rows(facts: Facts, asked: Asked) -> tuple[list[tuple[Any, ...]], int]:
    """Give the rows of an answer, and how many there are without a limit.

    Dimensions are texts, the keys of several divided by “; ” and None where unknown; sums are
    Decimal, None where there is nothing to add.
    """
    columns = [f"k_{item.column}" for item in asked.dimensions]
    columns += [f"m_{name}" for name in asked.table.measures]
    found = _page(facts, asked, ", ".join(columns))
    return [row[:-1] for row in found], found[0][-1] if found else _number(facts, asked)


def _number(facts: Facts, asked: Asked) -> int:
    """Count rows where the page has none: it lies behind the end, or there are none at all."""
    if not asked.offset:
        return 0
    sql, values = _grouped(facts, asked)
    return int(facts.ask(f"SELECT count(*) FROM ({sql})", values)[0][0])


def _page(facts: Facts, asked: Asked, selected: str) -> list[tuple[Any, ...]]:
    """Select from the groups with their keys, in the order of these; unknown comes last."""
    sql, values = _grouped(facts, asked)
    dimensions = asked.dimensions
    keyed, joins = _each(dimensions) if asked.each else keys(dimensions, "grouped")
    measures = [f"m_{name}" for name in asked.table.measures]
    ordered = f"ORDER BY {order(dimensions)}" if dimensions else ""
    return facts.ask(
        f"WITH grouped AS ({sql}), "
        f"keyed AS (SELECT {', '.join([*keyed, *measures])} FROM grouped {' '.join(joins)}), "
        # Only the rows of the page are written out.
        f"page AS (SELECT *, count(*) OVER () AS total FROM keyed {ordered} "
        f"LIMIT {int(asked.limit)} OFFSET {int(asked.offset)}) "
        f"SELECT {selected}, total FROM page {ordered}",
        values,
    )


def _each(dimensions: Sequence[Dimension]) -> tuple[list[str], list[str]]:
    """Write the keys of single things, where `keys` writes those of combinations."""
    selected, joins = keys(
        [item for item in dimensions if item.values is not Values.SEVERAL], "grouped"
    )
    for item in dimensions:
        if item.values is Values.SEVERAL:
            thing = f"t_{item.column}"
            selected.append(f"{thing}.key AS k_{item.column}")
            selected.append(f"'[' || to_json({thing}.key)::VARCHAR || ']' AS j_{item.column}")
            joins.append(f"LEFT JOIN thing AS {thing} ON {thing}.id = grouped.{item.column}")
    return selected, joins


def _grouped(facts: Facts, asked: Asked) -> tuple[str, dict[str, Any]]:
    """Write the question that groups the lines of a table, or the cells of a cube of it."""
    asked.check()
    cube = _cube(facts, asked)
    kept = conditions(facts, asked.table, asked.filters or {}, cells=cube is not None)
    joins = _LINKED.get(asked.table.source, "") if cube is None else ""
    grouped = []
    for item in asked.dimensions:
        if asked.each and item.values is Values.SEVERAL:
            joins += (
                f" LEFT JOIN (SELECT held, unnest(members) AS one FROM {item.column}_set) "
                f"AS u_{item.column} ON u_{item.column}.held = facts.{item.column}"
            )
            grouped.append(f"u_{item.column}.one AS {item.column}")
        else:
            grouped.append(f"facts.{item.column}")
    measures = asked.table.measures if cube is None else _CELLS
    if not asked.each and not joins:
        measures = {
            name: sql.replace("count(DISTINCT facts.id)", "count(*)")
            for name, sql in measures.items()
        }
    selected = [*grouped, *(f"{sql} AS m_{name}" for name, sql in measures.items())]
    where = " AND ".join(["true" if cube else asked.table.where, *kept.all])
    having = "HAVING count(*) > 0"  # a question without dimensions has no row where nothing is
    lines = f"SELECT * FROM {cube or asked.table.source} AS facts WHERE {where}"
    sql = f"SELECT {', '.join(selected)} FROM ({lines}) AS facts {joins} GROUP BY ALL {having}"
    return sql, kept.values


def _cube(facts: Facts, asked: Asked) -> str | None:
    """Find the smallest table of cells that has all that is asked for."""
    if not asked.table.money:
        return None
    needed = {item.column for item in asked.dimensions}
    for name, text in (asked.filters or {}).items():
        needed |= Wanted.read(text).columns(asked.table.dimension(name))
    needed -= set(MONEY)
    fit = [name for name, pair in PAIRS.items() if needed <= set(pair) and name in facts.sizes()]
    return min(fit, key=lambda name: facts.sizes()[name], default=None)
