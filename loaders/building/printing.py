"""Prints: by which a build knows the rows that state what they stated before.

A row is known by the name of its graph; what the graph of receipts says of it counts as its own.
What that says of a source or a table has a print, too.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

# The graph is the last term of a line.
_GRAPH = r"(\S+) \.$"
_SUBJECT = r"^(\S+) "


def write_prints(stated: Path, receipts: str) -> Path:
    """Write the print of each row of a file of statements beside it: two hashes of all of them.

    `receipts` is the graph of these. A statement stands in the file once.
    """
    line = pl.col("line")
    hashes = {"one": line.hash(1).bitwise_xor(), "other": line.hash(2).bitwise_xor()}
    found = lines_of(stated, receipts).group_by("row").agg(**hashes)
    target = stated.with_suffix(".prints.parquet")
    found.collect(engine="streaming").write_parquet(target, compression="lz4")
    return target


def lines_of(stated: Path, receipts: str) -> pl.LazyFrame:
    """Give each line of a file of statements with the row that it belongs to."""
    line = pl.col("line")
    graph = line.str.extract(_GRAPH)
    row = pl.when(graph == f"<{receipts}>").then(line.str.extract(_SUBJECT)).otherwise(graph)
    return pl.scan_lines([stated], name="line").filter(line != "").with_columns(row=row)
