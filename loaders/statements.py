"""Statements: write the strands of a source to N-Quads files that the store takes in bulk.

Two files a source: `stated.nq` holds each statement in the graph of its row, with the receipts
of the rows; `merged.nq` holds the same statements without graph, and what the ontology's
alignments entail of them: a merged statement that stands in no graph is an entailed one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import polars as pl

import ontology
from graph.identity import Identity
from graph.terms import Term, n3, text
from loaders.engine import Engine, Strand, row_receipts, row_subject
from loaders.language.mapping import SourceMapping
from loaders.reading.readers import ROW, Table

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_XSD = "http://www.w3.org/2001/XMLSchema#"
SLICE = 25_000  # larger slices were slower, and took twice the memory

# A statement with three terms, or four where the last names its graph.
Statement = tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """The files of a source and the number of statements that its rows state."""

    stated: Path
    merged: Path
    statements: int


def write_source(engine: Engine, table: Table, rows: pl.DataFrame, folder: Path) -> Written:
    """Write the statements of the good rows of a table into a folder."""
    identity, mapping = engine.identity, engine.mapping
    stated, merged = folder / f"{mapping.name}.stated.nq", folder / f"{mapping.name}.merged.nq"
    receipts = n3(Term("uri", identity.graph("receipts")))
    count = 0
    with stated.open("wb") as stated_file, merged.open("wb") as merged_file:
        write_lines(source_receipts(mapping, identity, table), stated_file)
        for piece in engine.first_rows(rows).iter_slices(SLICE):
            strands = [strand for strand in engine.strands(piece) if len(strand.frame)]
            graph = row_subject(identity, mapping, table)
            lines = _unique(_lines(strand, graph) for strand in strands)
            count += len(lines)
            _write(lines, stated_file)
            about = row_receipts(mapping, identity, table, piece)
            _write(_unique(_lines(strand, pl.lit(receipts)) for strand in about), stated_file)
            entailed = [item for strand in strands for item in _entailed(strand)]
            _write(_unique(_lines(strand, None) for strand in strands + entailed), merged_file)
    return Written(stated, merged, count)


def source_receipts(
    mapping: SourceMapping, identity: Identity, table: Table
) -> Iterator[Statement]:
    """Give the statements about a source and its table, in the graph of receipts."""
    graph = Term("uri", identity.graph("receipts"))
    source = Term("uri", identity.entity("source", mapping.name))
    place = Term("uri", identity.table(mapping.name, table.sheet))
    about_source = {
        "rdf:type": Term("uri", ontology.Class.SOURCE),
        "dcterms:title": text(mapping.title, "en"),
        "dcterms:publisher": text(mapping.publisher, "en"),
        "dcterms:license": Term("uri", mapping.licence),
        "sikg:retrieved": Term("literal", mapping.retrieved.isoformat(), None, f"{_XSD}date"),
        "sikg:mappingVersion": Term("literal", mapping.version),
    }
    if mapping.description:
        about_source["dcterms:description"] = text(mapping.description, "en")
    about_table = {
        "rdf:type": Term("uri", ontology.Class.TABLE),
        "sikg:fromSource": source,
        "sikg:fileName": Term("literal", table.path.name),
        "sikg:sha256": Term("literal", table.sha256),
    }
    address = mapping.rows.url or mapping.rows.endpoint
    if address is not None:
        about_table["dcterms:source"] = Term("uri", address)
    if table.sheet is not None:
        about_table["sikg:sheet"] = Term("literal", table.sheet)
    for subject, about in ((source, about_source), (place, about_table)):
        for name, value in about.items():
            yield subject, Term("uri", ontology.declared(name)), value, graph


def write_lines(statements: Iterator[Statement], file: IO[bytes]) -> int:
    """Write statements as canonical N-Quads; give their number."""
    lines = [(" ".join(map(n3, statement)) + " .\n").encode() for statement in statements]
    file.writelines(lines)
    return len(lines)


def _lines(strand: Strand, graph: pl.Expr | None) -> pl.DataFrame:
    middle = f" <{strand.predicate}> "
    end = pl.lit(" .") if graph is None else " " + graph + pl.lit(" .")
    return strand.frame.select(line=pl.col("s") + pl.lit(middle) + pl.col("o") + end)


def _unique(frames: Iterator[pl.DataFrame]) -> pl.DataFrame:
    gathered = list(frames)
    if not gathered:
        return pl.DataFrame(schema={"line": pl.String})
    return pl.concat(gathered).unique(maintain_order=True)


def _write(lines: pl.DataFrame, file: IO[bytes]) -> None:
    # Every line is whole and escaped: the writer of plain columns adds nothing but line ends.
    lines.write_csv(file, include_header=False, quote_style="never")


def _entailed(strand: Strand) -> Iterator[Strand]:
    if strand.predicate != _TYPE:
        for parent in sorted(ontology.superproperties(strand.predicate)):
            yield Strand(parent, strand.frame, strand.faults)
        return
    for term in strand.frame["o"].unique().sort().to_list():
        rows = strand.frame.filter(pl.col("o") == term)
        for parent in sorted(ontology.superclasses(term[1:-1])):
            yield Strand(_TYPE, rows.select(ROW, "s", o=pl.lit(f"<{parent}>")), strand.faults)
