"""Tables of a dump: the things of each kind, one line each, with a column for each property.

Texts of each language have a column of their own, `skos:prefLabel@et`. Where a property has
several values, parquet holds them as a list and CSV between bars. What only follows from another
statement by an alignment is left out, since it says the same again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl

import ontology
from graph.dumps.files import Dump, csv_table, parquet_table
from graph.identity import Identity
from graph.lines import Lines, language, lexical
from ontology import compact, expand

BETWEEN = " | "
_SUBJECT = "iri"
_TYPE = expand("rdf:type")
_LABEL = "skos:prefLabel"
# What a spreadsheet would take for a formula, as OWASP lists its first characters, and numbers.
_FORMULA = r"^ *[=+\-@\t\r＝＋－＠]"  # noqa: RUF001  # full width: spreadsheets take them as well
_NUMBER = r"^[+-]?[0-9]+(?:\.[0-9]+)?$"


def write_tables(lines: Lines, identity: Identity, folder: Path) -> Iterator[Dump]:
    """Write the tables of all kinds that there are into a folder; give their files."""
    for kind, class_ in ontology.segments().items():
        table = _table(lines, identity, kind)
        if table is None:
            continue
        label = ontology.labels(class_).get("en", kind)
        files = parquet_table(kind, label), csv_table(kind, label)
        table.write_parquet(folder / files[0].name, compression="zstd")
        _as_text(table).write_csv(folder / files[1].name, line_terminator="\r\n")
        yield from files


def _table(lines: Lines, identity: Identity, kind: str) -> pl.DataFrame | None:
    """Make the table of a kind; None where there are no such things."""
    start = f"<{identity.base}id/{kind}/"
    found = lines.triples().filter(pl.col("s").str.starts_with(start)).unique().collect()
    found = _stated(found)
    if found.is_empty():
        return None
    cells = found.with_columns(
        lexical(found["s"]).alias(_SUBJECT),
        lexical(found["o"]).alias("value"),
        _column(found).alias("column"),
    )
    grouped = (
        cells.group_by(_SUBJECT, "column").agg(pl.col("value").drop_nulls().sort()).sort(_SUBJECT)
    )
    wide = grouped.pivot(on="column", index=_SUBJECT, values="value")
    return wide.select(_SUBJECT, *sorted(wide.columns[1:], key=_order))


def _stated(found: pl.DataFrame) -> pl.DataFrame:
    """Leave out statements that follow from others by what stands above a property or class."""
    for column, above, rows in (
        ("p", ontology.superproperties, pl.lit(value=True)),
        ("o", ontology.superclasses, pl.col("p") == f"<{_TYPE}>"),
    ):
        names = found.filter(rows)[column].unique().to_list()
        pairs = [(name, f"<{item}>") for name in names for item in above(name[1:-1])]
        steps = pl.DataFrame(pairs, schema=[column, "above"], orient="row")
        steps = steps.cast(pl.String)
        entailed = (
            found.filter(rows).join(steps, on=column).with_columns(pl.col("above").alias(column))
        )
        found = found.join(entailed, on=["s", "p", "o"], how="anti")
    return found


def _column(found: pl.DataFrame) -> pl.Series:
    """Name the column of each statement: the property, and the language of a text."""
    names = {iri: compact(iri[1:-1]) for iri in found["p"].unique().to_list()}
    frame = found.select(
        name=pl.col("p").replace_strict(names, return_dtype=pl.String), tag=language("o")
    )
    tagged = pl.when(pl.col("tag").is_null()).then(pl.col("name"))
    return frame.select(column=tagged.otherwise(pl.col("name") + "@" + pl.col("tag"))).to_series()


def _order(column: str) -> tuple[bool, bool, str]:
    """Put the type first, then names, then all else by the alphabet."""
    name = re.split("@", column)[0]
    return name != compact(_TYPE), name != _LABEL, column


def _as_text(table: pl.DataFrame) -> pl.DataFrame:
    """Write lists as one text each; what a spreadsheet would take for a formula gets a mark."""
    joined = table.with_columns(pl.col(name).list.join(BETWEEN) for name in table.columns[1:])
    every = pl.all()
    formula = every.str.contains(_FORMULA) & ~every.str.contains(_NUMBER)
    return joined.select(pl.when(formula).then("'" + every).otherwise(every).name.keep())
