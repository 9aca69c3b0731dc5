"""Statements as columns: files of parquet, N-Triples or N-Quads read by polars, not term by term.

Counting and joining millions of statements as objects of Python or by queries of the store takes
minutes; as columns of text it takes seconds. Terms stay as N-Quads writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from graph.engine import Query
from graph.formats import GRAPH_FORMATS, RESULT_FORMATS, by_name
from graph.identity import Identity
from graph.store import Store

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_LETTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
# The graph is the last term of a line, where the line is not the name of it alone.
_GRAPH = r"(<[^<>]*>)(?: \.)?$"
# What stands in most of our IRIs: a kind, and a key without any percent sign.
_KIND = "[a-z][a-z0-9-]*"
_KEY = "[A-Za-z0-9._~-]+"
_GRAPHS = Query("SELECT ?graph WHERE { GRAPH ?graph { ?subject ?property ?value } }")


@dataclass(frozen=True, slots=True)
class Lines:
    """The files of a release's statements, each line one statement of canonical N-Quads.

    `merged` holds the default graph, where a statement may stand twice. Each line of `stated` is
    a statement of a named graph, or only its name. Files of parquet hold the same in columns, which
    are read in a fifth of the time: `s`, `p` and `o`, and `graph` and `statements`.
    """

    merged: Sequence[Path]
    stated: Sequence[Path]

    @classmethod
    def together(cls, parts: Iterable[Lines]) -> Lines:
        """Give all files of several."""
        found = list(parts)
        merged = [path for part in found for path in part.merged]
        return cls(merged, [path for part in found for path in part.stated])

    @classmethod
    def dumped(cls, store: Store, folder: Path) -> Lines:
        """Write the statements of a store to files of a folder, which must be there."""
        ntriples, tsv = by_name(GRAPH_FORMATS, "ntriples"), by_name(RESULT_FORMATS, "tsv")
        assert ntriples is not None and tsv is not None  # noqa: S101, PT018  # constants
        merged, graphs = folder / "merged.nt", folder / "graphs.tsv"
        with merged.open("wb") as file:
            store.dump(file, ntriples)
        graphs.write_bytes(store.answer(_GRAPHS, lambda _: tsv)[1])
        return cls((merged,), (graphs,))

    def triples(self) -> pl.LazyFrame:
        """Give the lines of the default graph as `s`, `p` and `o`, maybe more than once."""
        columns, texts = _parted(self.merged)
        # The first two spaces divide: neither an IRI nor the name of a blank node has one.
        parts = pl.col("line").str.strip_suffix(" .").str.splitn(" ", 3)
        named = parts.struct.rename_fields(["s", "p", "o"]).alias("parts")
        found = [pl.scan_parquet(columns).select("s", "p", "o")] if columns else []
        if texts or not columns:
            found.append(_scan(texts).select(named).unnest("parts"))
        return pl.concat(found)

    def counts(self) -> pl.LazyFrame:
        """Count the statements of each named graph as `graph` and `statements`."""
        columns, texts = _parted(self.stated)
        graph = pl.col("line").str.extract(_GRAPH).alias("graph")
        found = [pl.scan_parquet(columns).select("graph", "statements")] if columns else []
        if texts or not columns:
            one = pl.lit(1, dtype=pl.Int64).alias("statements")
            found.append(_scan(texts).select(graph, one).drop_nulls())
        return pl.concat(found).group_by("graph").agg(pl.col("statements").sum())


def _parted(files: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Tell files of columns from files of text."""
    columns = [path for path in files if path.suffix == ".parquet"]
    return columns, [path for path in files if path.suffix != ".parquet"]


def _scan(files: Sequence[Path]) -> pl.LazyFrame:
    if not files:
        return pl.LazyFrame(schema={"line": pl.String})
    return pl.scan_lines(list(files), name="line").filter(pl.col("line") != "")


def references(terms: pl.Series, identity: Identity) -> pl.DataFrame:
    """Give `kind` and `key` of the things of ours that IRIs name, both null for other terms."""
    of = pl.col("term")
    plain = of.str.extract_groups(
        rf"^<{re.escape(identity.base)}id/(?<kind>{_KIND})/(?<key>{_KEY})>$"
    )
    found = terms.to_frame("term").with_columns(plain.struct.unnest())
    # A key with percent signs, or of points alone, is worth a call of Python.
    ours = of.str.starts_with(f"<{identity.base}id/")
    dots = pl.col("key").is_in([".", ".."])
    odd = found.select(
        (ours & (pl.col("kind").is_null() | dots)).fill_null(value=False)
    ).to_series()
    places = odd.arg_true()
    read = [identity.parse(term[1:-1]) for term in terms.gather(places)]
    return found.select(
        found[name].scatter(places, [None if item is None else getattr(item, at) for item in read])
        for name, at in (("kind", "segment"), ("key", "key"))
    )


def lexical(terms: pl.Series) -> pl.Series:
    """Give the lexical form of literals, the text of IRIs, and null for blank nodes."""
    term = pl.col(terms.name)
    plain = (
        pl.when(term.str.starts_with("<"))
        .then(term.str.slice(1).str.strip_suffix(">"))
        .when(term.str.starts_with('"'))
        .then(term.str.slice(1).str.extract(r'(?s)^(.*)"[^"]*$'))
    )
    found = terms.to_frame().select(plain.alias(terms.name)).to_series()
    # Few texts have escapes, and only those are worth a call of Python each.
    escaped = (found.str.contains("\\", literal=True) & terms.str.starts_with('"')).arg_true()
    if not len(escaped):
        return found
    return found.scatter(escaped, [unescape(text) for text in found.gather(escaped)])


def language(column: str) -> pl.Expr:
    """Give the language tags of literals, else null."""
    return pl.col(column).str.extract(r'"@([A-Za-z0-9-]+)$')


def datatype(column: str) -> pl.Expr:
    """Give the datatype IRIs of literals that name one, else null."""
    return pl.col(column).str.extract(r'"\^\^<([^<>]*)>$')


def unescape(text: str) -> str:
    """Undo the escapes of N-Quads (RDF 1.2 N-Quads, section 3)."""
    return _ESCAPE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _LETTERS.get(match[3], match[3])
