"""Number the terms of a graph in the order of SPARQL."""

from __future__ import annotations

import io
from pathlib import Path
from typing import cast

import polars as pl

from graph.errors import StorageError
from graph.formats import GRAPH_FORMATS, by_name
from graph.lines import unescape
from graph.second.image import LANGUAGE, MAX_SCALE, Kind
from graph.store import Store
from graph.terms import XSD

_LITERAL = rf'(?s)^"(?<value>.*)"(?:@(?<tag>{LANGUAGE})|\^\^<(?<type>[^<>]*)>)?$'
_INTEGER = r"^(?:0|-?[1-9][0-9]{0,18})$"
_DECIMAL = rf"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]{{0,{MAX_SCALE - 1}}}[1-9])?$"
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_YEAR = r"^[0-9]{4}$"
# What the store keeps in a form of its own: numbers and the like, and tags in capitals.
_REWRITTEN = r'"(?:\^\^<[^<>]*>|@[A-Za-z0-9-]*[A-Z][A-Za-z0-9-]*)$'
_NUMBERED = r"^<urn:n:([0-9]+)> <urn:p> (.*) \.$"


def numbered(found: pl.Series, work: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give the number of each text of a term, and the terms in their order.

    Terms have `id`, `kind`, `value`, `tag`, `number` and `scale`.
    """
    terms = _kept(found, work)
    first = pl.col("kept").str.head(1)
    iri = (first == "<") & ~pl.col("kept").str.starts_with("<<")
    if not terms.filter(iri)["kept"].str.contains(r"^<[^<>\\]*>$").all():
        raise StorageError("there are statements that cannot be read")
    parts = pl.col("kept").str.extract_groups(_LITERAL)
    terms = terms.with_columns(parts.struct.unnest()).with_columns(
        pl.when(iri)
        .then(pl.col("kept").str.slice(1).str.head(-1))
        .when(first == "_")
        .then(pl.col("kept").str.slice(2))
        .otherwise(pl.col("value"))
        .alias("value"),
        pl.when(iri)
        .then(pl.lit(Kind.IRI.value))
        .when(first == "_")
        .then(pl.lit(Kind.BLANK.value))
        .alias("kind"),
    )
    terms = _unescaped(terms)
    terms = _with_numbers(terms.with_columns(pl.coalesce("kind", _kind_of_literal()).alias("kind")))
    # What is not told apart keeps its whole text: it is never compared, only given out.
    other = pl.col("kind") == Kind.OTHER.value
    ordered = terms.with_columns(
        pl.when(other).then("kept").otherwise("value").alias("value"),
        pl.when(other).then(None).otherwise("tag").alias("tag"),
    ).sort("kind", "tag", "number", "value")
    ordered = ordered.with_columns(pl.struct("kind", "tag", "value").rle_id().alias("id"))
    return ordered.select("term", "id"), ordered.unique("id", maintain_order=True)


def _kept(found: pl.Series, work: Path) -> pl.DataFrame:
    """Give texts of terms with the form that the store keeps, as `term` and `kept`."""
    terms = found.to_frame("term")
    rewritten = terms.filter(pl.col("term").str.contains(_REWRITTEN)).with_row_index("n")
    if not len(rewritten):
        return terms.with_columns(kept="term")
    path, kept = work / "terms.nt", io.BytesIO()
    lines = pl.format("<urn:n:{}> <urn:p> {} .", "n", "term")
    rewritten.select(lines).write_csv(path, include_header=False, quote_style="never")
    form = by_name(GRAPH_FORMATS, "ntriples")
    assert form is not None  # noqa: S101  # a constant of ours
    store = Store.in_memory()
    store.load_statements(path)
    store.dump(kept, form)
    read = pl.Series("line", kept.getvalue().decode().split("\n")[:-1], dtype=pl.String)
    parts = read.str.extract_groups(_NUMBERED).struct.unnest()
    parts.columns = ["n", "kept"]
    own = rewritten.join(parts.with_columns(pl.col("n").cast(pl.UInt32)), on="n").drop("n")
    if len(own) < len(rewritten):
        raise StorageError("there are terms that cannot be read")
    return terms.join(own, on="term", how="left").with_columns(pl.coalesce("kept", "term"))


def _unescaped(terms: pl.DataFrame) -> pl.DataFrame:
    escaped = terms["value"].str.contains("\\", literal=True).fill_null(value=False)
    places = escaped.arg_true()
    if not len(places):
        return terms
    values = [unescape(text) for text in terms["value"].gather(places)]
    return terms.with_columns(terms["value"].scatter(places, values))


def _kind_of_literal() -> pl.Expr:
    value, kind = pl.col("value"), pl.col("type")

    def valid(name: str, pattern: str) -> pl.Expr:
        return (kind == XSD + name) & value.str.contains(pattern)

    is_date = value.str.to_date("%Y-%m-%d", strict=False).is_not_null()
    whole = value.str.to_integer(dtype=pl.Int64, strict=False).is_not_null()
    return (
        pl.when(value.is_null())
        .then(pl.lit(Kind.OTHER.value))
        .when(pl.col("tag").is_not_null())
        .then(pl.lit(Kind.TAGGED.value))
        .when(kind.is_null())
        .then(pl.lit(Kind.TEXT.value))
        .when(valid("integer", _INTEGER) & whole)
        .then(pl.lit(Kind.INTEGER.value))
        .when(valid("decimal", _DECIMAL))
        .then(pl.lit(Kind.DECIMAL.value))
        .when(valid("date", _DATE) & is_date)
        .then(pl.lit(Kind.DATE.value))
        .when(valid("gYear", _YEAR) & (value != "0000"))
        .then(pl.lit(Kind.YEAR.value))
        .otherwise(pl.lit(Kind.OTHER.value))
    )


def _with_numbers(terms: pl.DataFrame) -> pl.DataFrame:
    """Add `number`: integers as they are, decimals in units of the finest one."""
    decimal = terms["kind"] == Kind.DECIMAL.value
    digits = terms["value"].str.extract(r"\.([0-9]+)$").str.len_chars().fill_null(0)
    scale = cast("int | None", digits.filter(decimal).max()) or 0
    shifted = (
        pl.col("value").str.replace(".", "", literal=True)
        + pl.lit("0" * scale).str.head(scale - digits.cast(pl.Int64).clip(0, scale))
    ).str.to_integer(dtype=pl.Int64, strict=False)
    kind = pl.col("kind")
    return terms.with_columns(
        pl.when(kind == Kind.DECIMAL.value)
        .then(shifted)
        .when(kind == Kind.INTEGER.value)
        .then(pl.col("value").str.to_integer(dtype=pl.Int64, strict=False))
        .alias("number")
    ).with_columns(
        # One that is too large for the unit is left to the store.
        pl.when((kind == Kind.DECIMAL.value) & pl.col("number").is_null())
        .then(pl.lit(Kind.OTHER.value))
        .otherwise(kind)
        .alias("kind"),
        pl.lit(scale).alias("scale"),
    )
