"""Prints: by which a build knows the rows that state what they stated before.

A print is two hashes of all that a row states. A row is known by the name of its graph; what the
graph of receipts says of it counts as its own. What that says of a source or a table has a print,
too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from graph.terms import Term, n3
from loaders.reading.readers import ROW

# The graph is the last term of a line.
_GRAPH = r"(\S+) \.$"
_SUBJECT = r"^(\S+) "
_SEEDS = {"one": 1, "other": 2}


def place_of(stated: Path) -> Path:
    """Name the file of prints beside a file of statements."""
    return stated.with_suffix(".prints.parquet")


def prints_of(row: pl.Expr, *said: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Give the prints of rows by their statements: frames of `__row`, `s` and `o` by predicate.

    `row` names a row by its number. A row states each statement once.
    """
    hashed = [
        frame.select(ROW, **{name: _hash(predicate, seed) for name, seed in _SEEDS.items()})
        for statements in said
        for predicate, frame in statements.items()
    ]
    found = pl.concat(hashed).group_by(ROW).agg(pl.col(*_SEEDS).bitwise_xor())
    return found.select(*_SEEDS, row=row)


def prints_of_terms(statements: Sequence[Sequence[Term]]) -> pl.DataFrame:
    """Give the prints of a few statements of the graph of receipts, by what they are about."""
    rows = [tuple(map(n3, statement[:3])) for statement in statements]
    frame = pl.DataFrame(rows, schema=["row", "p", "o"], orient="row")
    line = pl.concat_str("row", "p", "o", separator=" ")
    hashes = {name: line.hash(seed).bitwise_xor() for name, seed in _SEEDS.items()}
    return frame.group_by("row").agg(**hashes).select(*_SEEDS, "row")


def _hash(predicate: str, seed: int) -> pl.Expr:
    return pl.concat_str("s", pl.lit(f"<{predicate}>"), "o", separator=" ").hash(seed)


def write_prints(stated: Path, receipts: str) -> Path:
    """Write the print of each row of a small file of statements beside it, from its text.

    `receipts` is the graph of these. A statement stands in the file once.
    """
    hashes = {name: pl.col("line").hash(seed).bitwise_xor() for name, seed in _SEEDS.items()}
    found = lines_of(stated, receipts).group_by("row").agg(**hashes)
    target = place_of(stated)
    found.collect(engine="streaming").write_parquet(target, compression="lz4")
    return target


def lines_of(stated: Path, receipts: str) -> pl.LazyFrame:
    """Give each line of a file of statements with the row that it belongs to."""
    line = pl.col("line")
    graph = line.str.extract(_GRAPH)
    row = pl.when(graph == f"<{receipts}>").then(line.str.extract(_SUBJECT)).otherwise(graph)
    return pl.scan_lines([stated], name="line").filter(line != "").with_columns(row=row)
