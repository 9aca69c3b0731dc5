"""Following money through several steps in one question to the tables.

Cells are the money of each combination of values of all steps; ranks number the bands of a step by
their sums, apart for each sort of money, and all beyond those that are wanted are drawn as one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from graph.errors import NotFoundError
from graph.facts.dimensions import Dimension, Table, Values
from graph.facts.filtering import conditions
from graph.facts.reading import Facts

OTHERS = "\0others"  # no key
_UNKNOWN, _REST = -1, -2  # numbers of no value

# Keys of what a band is of, None where unknown, or the mark of those that are drawn as one.
Band = str | None
# Kind, phase and currency, which amounts must have in common to be added.
Sort = tuple[str | None, str | None, str | None]

# A value is told apart by its sort as well, in one number: joined on two, a step would be joined
# with the next one on the sort alone, which is every band with every other.
_WITHIN = "(sort::BIGINT * 4294967296 + {value}) AS s{step}"
_CELLS = """cells AS MATERIALIZED (
  SELECT sort, {columns}, count(value) AS amounts, sum(summed) AS total,
    count(*) FILTER (NOT missing) - count(value) AS disputed,
    count(*) FILTER (missing) AS missing
  FROM {source} AS facts WHERE {where} GROUP BY ALL
)"""
_RANKS = """r{step} AS MATERIALIZED (
  SELECT sort, s{step} AS held, s{step} - sort::BIGINT * 4294967296 AS value,
    CASE WHEN value = {unknown} OR row_number() OVER (
      PARTITION BY sort ORDER BY value = {unknown}, sum(total) DESC NULLS LAST, value
    ) <= {top} THEN value ELSE {rest} END AS drawn,
    sum(amounts) AS amounts, sum(total) AS total, sum(disputed) AS disputed,
    sum(missing) AS missing
  FROM cells GROUP BY sort, s{step}
)"""
_BANDS = """
SELECT {step} AS step, sort, drawn, NULL::BIGINT AS target, count(*) AS made_of,
  sum(amounts)::BIGINT, sum(total) AS total, sum(disputed)::BIGINT, sum(missing)::BIGINT
FROM r{step} GROUP BY sort, drawn"""
_LINKS = """
SELECT {step}, cells.sort, near.drawn, far.drawn, 1,
  sum(cells.amounts)::BIGINT, sum(cells.total), sum(cells.disputed)::BIGINT,
  sum(cells.missing)::BIGINT
FROM cells
JOIN r{step} AS near ON near.held = cells.s{step}
JOIN r{after} AS far ON far.held = cells.s{after}
GROUP BY ALL"""


class Drawn(NamedTuple):
    """A band of a step, by its keys, and of how many values it is made."""

    key: Band
    made_of: int


@dataclass(frozen=True, slots=True)
class Line:
    """Money of one sort in a band of a step, or between it and a band of the next, the target.

    `numbers` are how many amounts, their sum, how many are disputed, and what has no amount.
    """

    step: int
    sort: Sort
    source: Drawn
    target: Drawn | None
    numbers: tuple[int, Decimal | None, int, int]


def follow(
    facts: Facts, table: Table, steps: Sequence[Dimension], filters: Mapping[str, str], top: int
) -> list[Line]:
    """Give the bands of all steps, the largest first, and what goes between those of two.

    Unknown ones stand behind the known, and those drawn as one last. ParameterError as for
    filters, NotFoundError for facts of a release that was built before they had sorts.
    """
    if "money_sorts" not in facts.sizes():
        raise NotFoundError("the fact tables of this release are too old: build it again")
    kept = conditions(facts, table, filters)
    sql = _question(table, steps, " AND ".join(["true", *kept.all]), top)
    found = sorted(facts.ask(sql, kept.values), key=_order)
    sorts = _sorts(facts)
    names = [_names(facts, table, item, _held(found, at)) for at, item in enumerate(steps)]
    return [
        Line(
            step,
            sorts[sort],
            Drawn(names[step][source], made_of),
            None if target is None else Drawn(names[step + 1][target], 1),
            (amounts, total, disputed, missing),
        )
        for step, sort, source, target, made_of, amounts, total, disputed, missing in found
    ]


def _question(table: Table, steps: Sequence[Dimension], where: str, top: int) -> str:
    columns = ", ".join(
        _WITHIN.format(value=_number(table, item), step=at) for at, item in enumerate(steps)
    )
    parts = [_CELLS.format(columns=columns, source=table.source, where=where)]
    told = []
    for step in range(len(steps)):
        parts.append(_RANKS.format(step=step, unknown=_UNKNOWN, rest=_REST, top=int(top)))
        told.append(_BANDS.format(step=step))
    told += [_LINKS.format(step=step, after=step + 1) for step in range(len(steps) - 1)]
    return f"WITH {', '.join(parts)} {' UNION ALL '.join(told)}"


def _number(table: Table, item: Dimension) -> str:
    """Write the number of a value: that of a combination, or the place of a text."""
    value = f"facts.{item.column}"
    if item.values is not Values.SEVERAL:
        value = f"list_position(({_texts(table, item)}), {value})"
    return f"coalesce({value}, {_UNKNOWN})"


def _texts(table: Table, item: Dimension) -> str:
    column = item.column
    return f"SELECT list(DISTINCT {column} ORDER BY {column}) FROM {table.source}"


def _order(line: tuple[Any, ...]) -> tuple[Any, ...]:
    step, sort, source, target, _, _, total, *_ = line
    return (
        target is not None, step, sort, source == _REST, source == _UNKNOWN,
        -(total or 0), source, target or 0,
    )  # fmt: skip


def _held(found: Sequence[tuple[Any, ...]], step: int) -> list[int]:
    """Give the numbers of the bands of a step."""
    return sorted({line[2] for line in found if line[0] == step and line[3] is None})


def _names(facts: Facts, table: Table, item: Dimension, held: list[int]) -> dict[int, Band]:
    """Give the keys of bands by their numbers."""
    found: dict[int, Band] = {_UNKNOWN: None, _REST: OTHERS}
    if item.values is Values.SEVERAL:
        sql = f"SELECT held, keys FROM {item.column}_set WHERE list_contains($held, held)"
        return found | dict(facts.ask(sql, {"held": held}))
    sql = _texts(table, item)
    texts = facts.remembered(("texts", sql), lambda: facts.ask(sql)[0][0] or [])
    return found | dict(enumerate(texts, 1))


def _sorts(facts: Facts) -> dict[int, Sort]:
    sql = "SELECT sort, kind, phase, currency FROM money_sorts"
    return facts.remembered(
        "sorts", lambda: {number: (kind, *rest) for number, kind, *rest in facts.ask(sql)}
    )
