"""Following money through several steps in one question to the tables.

What is kept is added by the values of each step first, apart for each sort of money, so that the
largest are known; then every amount is told by what is drawn for it, which are few bands, and only
these are added from step to step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from graph.facts.dimensions import Dimension, Table, Values
from graph.facts.filtering import conditions
from graph.facts.reading import Facts
from graph.facts.sorts import Sort, sorts

OTHERS = "\0others"  # no key
_UNKNOWN, _REST = -1, -2  # numbers of no value

# Keys of what a band is of, None where unknown, or the mark of those that are drawn as one.
Band = str | None

# A value is told apart by its sort as well, in one number: joined on two, a step would be joined
# with the next one on the sort alone, which is every band with every other.
_SORTED = "sort::BIGINT * 4294967296"
_KEPT = """kept AS (
  SELECT sort, {columns}, value, summed, missing FROM {source} AS facts WHERE {where}
)"""
_COLUMN = f"({_SORTED} + coalesce(facts.{{column}}, {_UNKNOWN})) AS s{{step}}"
# The largest are ranked among those that reach the least of them alone: ranking all would sort
# every project of a release.
_RANKS = f"""
g{{step}} AS MATERIALIZED (
  SELECT sort, s{{step}} AS held, s{{step}} - {_SORTED} AS number, sum(summed) AS total
  FROM kept GROUP BY sort, s{{step}}
), k{{step}} AS MATERIALIZED (
  SELECT sort, count(*) AS known, count(total) < {{top}} AS few,
    list_min(max(total, {{top}})) AS least, list_max(min(number, {{top}})) AS last
  FROM g{{step}} WHERE number <> {_UNKNOWN} GROUP BY sort
), t{{step}} AS MATERIALIZED (
  SELECT held, number FROM g{{step}} JOIN k{{step}} USING (sort)
  WHERE number <> {_UNKNOWN}
    AND (total >= least OR few AND (total IS NOT NULL OR number <= last))
  QUALIFY row_number() OVER (PARTITION BY sort ORDER BY total DESC NULLS LAST, number) <= {{top}}
)"""
_DRAWN = (
    f"CASE WHEN t{{step}}.held IS NOT NULL THEN t{{step}}.number "
    f"WHEN s{{step}} = {_SORTED} + {_UNKNOWN} THEN {_UNKNOWN} ELSE {_REST} END AS d{{step}}"
)
_CELLS = """cells AS MATERIALIZED (
  SELECT sort, {drawn}, count(value) AS amounts, sum(summed) AS total,
    count(*) FILTER (NOT missing) - count(value) AS disputed,
    count(*) FILTER (missing) AS missing
  FROM kept {ranked} GROUP BY ALL
)"""
_SUMS = "sum(amounts)::BIGINT, sum(total), sum(disputed)::BIGINT, sum(missing)::BIGINT"
_BANDS = f"""
SELECT {{step}}, sort, d{{step}}, NULL::BIGINT,
  CASE WHEN d{{step}} = {_REST} THEN max(known) - {{top}} ELSE 1 END, {_SUMS}
FROM cells LEFT JOIN k{{step}} USING (sort) GROUP BY sort, d{{step}}"""
_LINKS = f"""
SELECT {{step}}, sort, d{{step}}, d{{after}}, 1, {_SUMS}
FROM cells GROUP BY sort, d{{step}}, d{{after}}"""


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
    filters.
    """
    kept = conditions(facts, table, filters)
    sql = _question(table, steps, " AND ".join(["true", *kept.all]), top)
    found = sorted(facts.ask(sql, kept.values), key=_order)
    sort_of = sorts(facts)
    names = [_names(facts, item, _held(found, at)) for at, item in enumerate(steps)]
    return [
        Line(
            step,
            sort_of[sort],
            Drawn(names[step][source], made_of),
            None if target is None else Drawn(names[step + 1][target], 1),
            (amounts, total, disputed, missing),
        )
        for step, sort, source, target, made_of, amounts, total, disputed, missing in found
    ]


def _question(table: Table, steps: Sequence[Dimension], where: str, top: int) -> str:
    numbers = range(len(steps))
    columns = (_COLUMN.format(column=_column(item), step=at) for at, item in enumerate(steps))
    drawn = (_DRAWN.format(step=step) for step in numbers)
    ranked = (f"LEFT JOIN t{step} ON t{step}.held = kept.s{step}" for step in numbers)
    parts = [
        _KEPT.format(columns=", ".join(columns), source=table.source, where=where),
        *(_RANKS.format(step=step, top=int(top)) for step in numbers),
        _CELLS.format(drawn=", ".join(drawn), ranked=" ".join(ranked)),
    ]
    told = [_BANDS.format(step=step, top=int(top)) for step in numbers]
    told += [_LINKS.format(step=step, after=step + 1) for step in numbers[:-1]]
    return f"WITH {', '.join(parts)} {' UNION ALL '.join(told)}"


def _column(item: Dimension) -> str:
    """Name the column with the number of a value: that of a combination, or the place of a text."""
    return item.column if item.values is Values.SEVERAL else f"{item.column}_place"


def _order(line: tuple[Any, ...]) -> tuple[Any, ...]:
    step, sort, source, target, _, _, total, *_ = line
    return (
        target is not None, step, sort, source == _REST, source == _UNKNOWN,
        -(total or 0), source, target or 0,
    )  # fmt: skip


def _held(found: Sequence[tuple[Any, ...]], step: int) -> list[int]:
    """Give the numbers of the bands of a step."""
    return sorted({line[2] for line in found if line[0] == step and line[3] is None})


def _names(facts: Facts, item: Dimension, held: list[int]) -> dict[int, Band]:
    """Give the keys of bands by their numbers."""
    found: dict[int, Band] = {_UNKNOWN: None, _REST: OTHERS}
    if item.values is Values.SEVERAL:
        sql = (
            f"SELECT held, keys FROM {item.column}_set "
            "WHERE held IN (SELECT unnest($held::INTEGER[]))"
        )
        return found | dict(facts.ask(sql, {"held": held}))
    texts = "SELECT place, text FROM money_texts WHERE name = $name"
    return found | dict(facts.ask(texts, {"name": item.column}))
