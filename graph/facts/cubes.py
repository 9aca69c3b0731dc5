"""Cubes: amounts added up by two dimensions when a release is built, each row written already.

The question asked most, by country and programme, then is one look into a small table.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import TYPE_CHECKING

from graph.facts.dimensions import TABLES, Dimension, Values

if TYPE_CHECKING:
    import duckdb

MONEY = ("kind", "phase", "currency")
_CUBED = ("country", "programme", "theme", "year", "of")
_FEWER = 4  # a cube pays where it has this many times fewer lines than there are amounts
PAIRS = {f"money_by_{one}_{other}": (one, other) for one, other in combinations(_CUBED, 2)}


def make_cubes(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the cubes that are worth it, from `funding_facts` and the combinations."""
    (amounts,) = connection.execute("SELECT count(*) FROM funding_facts").fetchall()[0]
    table = TABLES["funding"]
    for name, pair in PAIRS.items():
        cell = (*pair, *MONEY)
        connection.execute(f"""
            CREATE TEMP TABLE cells AS
            SELECT {", ".join(cell)}, count(value)::BIGINT AS m_amounts,
              sum(summed)::DECIMAL(38, 6) AS m_sum,
              (count(*) FILTER (NOT missing) - count(value))::BIGINT AS m_disputed,
              (count(*) FILTER (missing))::BIGINT AS m_missing
            FROM funding_facts GROUP BY ALL""")
        (cells,) = connection.execute("SELECT count(*) FROM cells").fetchall()[0]
        if cells * _FEWER <= amounts:
            dimensions = [table.dimension(item) for item in cell]
            keyed, joins = keys(dimensions, "cells")
            kept = [*cell, *(f"k_{item}" for item in cell), *(f"m_{m}" for m in table.measures)]
            connection.execute(f"""
                CREATE TABLE {name} AS
                WITH keyed AS (
                  SELECT cells.*, {", ".join(keyed)} FROM cells {" ".join(joins)}
                )
                SELECT {", ".join(kept)}, {written(dimensions, table.measures)} AS line
                FROM keyed ORDER BY {order(dimensions)}""")
        connection.execute("DROP TABLE cells")


def keys(dimensions: Iterable[Dimension], grouped: str) -> tuple[list[str], list[str]]:
    """Write what is selected for the keys of dimensions, and the joins that it needs.

    `k_…` is the text to sort and to show, `j_…` the same in JSON where there can be several.
    """
    selected, joins = [], []
    for item in dimensions:
        column = item.column
        if item.values is Values.SEVERAL:
            selected.append(f"{column}_set.keys AS k_{column}, {column}_set.json AS j_{column}")
            joins.append(f"LEFT JOIN {column}_set ON {column}_set.held = {grouped}.{column}")
        else:
            selected.append(f"{grouped}.{column} AS k_{column}")
    return selected, joins


def order(dimensions: Iterable[Dimension]) -> str:
    """Write the order of rows: by the keys, and unknown last."""
    return ", ".join(f"k_{item.column} NULLS LAST" for item in dimensions)


def written(dimensions: Iterable[Dimension], measures: Iterable[str]) -> str:
    """Write what makes a JSON object of a row."""
    parts = []
    for item in dimensions:
        if item.values is Values.SEVERAL:
            value = f"coalesce(j_{item.column}, 'null')"
        else:
            value = f"coalesce(to_json(k_{item.column})::VARCHAR, 'null')"
        parts.append(f"'\"{item.name}\":' || {value}")
    for name in measures:
        value = "coalesce('\"' || digits(m_sum) || '\"', 'null')" if name == "sum" else f"m_{name}"
        parts.append(f"'\"{name}\":' || {value}")
    return "'{' || " + " || ',' || ".join(parts) + " || '}'"
