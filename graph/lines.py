"""Statements as columns: files of N-Triples or N-Quads read by polars, not term by term.

Counting and joining millions of statements as objects of Python or by queries of the store takes
minutes; as columns of text it takes seconds. Terms stay as N-Quads writes them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from graph.engine import Query
from graph.formats import GRAPH_FORMATS, RESULT_FORMATS, by_name
from graph.store import Store

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_LETTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
# The graph is the last term of a line, where the line is not the name of it alone.
_GRAPH = r"(<[^<>]*>)(?: \.)?$"
_GRAPHS = Query("SELECT ?graph WHERE { GRAPH ?graph { ?subject ?property ?value } }")


@dataclass(frozen=True, slots=True)
class Lines:
    """The files of a release's statements, each line one statement of canonical N-Quads.

    `merged` holds the default graph, where a statement may stand twice. Each line of `stated` is
    a statement of a named graph, or only its name.
    """

    merged: Sequence[Path]
    stated: Sequence[Path]

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

    @property
    def size(self) -> int:
        """Give the bytes of the default graph's lines."""
        return sum(path.stat().st_size for path in self.merged)

    def triples(self) -> pl.LazyFrame:
        """Give the lines of the default graph as `s`, `p` and `o`, maybe more than once."""
        # The first two spaces divide: neither an IRI nor the name of a blank node has one.
        parts = pl.col("line").str.strip_suffix(" .").str.splitn(" ", 3)
        named = parts.struct.rename_fields(["s", "p", "o"]).alias("parts")
        return _scan(self.merged).select(named).unnest("parts")

    def counts(self) -> pl.LazyFrame:
        """Count the statements of each named graph as `graph` and `statements`."""
        graph = pl.col("line").str.extract(_GRAPH).alias("graph")
        counted = _scan(self.stated).select(graph).drop_nulls()
        return counted.group_by("graph").agg(statements=pl.len().cast(pl.Int64))


def _scan(files: Sequence[Path]) -> pl.LazyFrame:
    return pl.scan_lines(list(files), name="line").filter(pl.col("line") != "")


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
