"""Statements: write the strands of a source to N-Quads files that the store takes in bulk.

Two files a piece of a source: `stated.nq` holds each statement in the graph of its row, with the
receipts of the rows; `merged.nq` holds the same statements without graph, and what the ontology's
alignments entail of them: a merged statement that stands in no graph is an entailed one. Beside
them stands the same as columns, from which all is counted that a release says of itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import polars as pl

import ontology
from graph.identity import Identity
from graph.lines import Lines
from graph.terms import Term, n3
from loaders.engine import Engine, Strand, row_receipts, row_subject
from loaders.printing import place_of, prints_of, prints_of_terms
from loaders.reading.readers import ROW, Table
from loaders.receipts import Statement, source_receipts

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SLICE = 8_000  # rows at once; larger slices were slower, and took more memory
PIECE = 1_000_000  # lines of a file at most: what the store sorts at once

# Is told of files that are whole: of which source, what rows state, and what is merged of it. The
# prints of the rows stand beside the first.
Ready = Callable[[str, Path, Path], object]
# Statements by predicate: frames of `__row`, `s` and `o`, or without the row.
_Said = Mapping[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Written:
    """The files of a source and the number of statements that its rows state.

    `lines` are files to count from: those of text, or the same as columns. There is no text of
    what the store holds already.
    """

    name: str
    stated: tuple[Path, ...]
    merged: tuple[Path, ...]
    statements: int
    lines: Lines

    @classmethod
    def whole(cls, name: str, stated: Path, merged: Path, statements: int) -> Written:
        """Give what is small: one file of each, which are counted from as they are."""
        return cls(name, (stated,), (merged,), statements, Lines((merged,), (stated,)))


def _nobody(*_: object) -> None:
    """Wait for no file."""


def write_source(
    engine: Engine, table: Table, rows: pl.DataFrame, folder: Path, ready: Ready = _nobody
) -> Written:
    """Write the statements of the good rows of a table into a folder.

    `ready` is told of the files of text once they are whole, so that they can be loaded meanwhile.
    """
    identity, mapping = engine.identity, engine.mapping
    pieces = [_Piece.begun(folder, mapping.name)]
    pieces[0].introduce(source_receipts(mapping, identity, table), identity)
    for part in engine.first_rows(rows).iter_slices(SLICE):
        if pieces[-1].lines + pieces[-1].largest > PIECE:
            pieces[-1].end(ready)
            pieces.append(_Piece.begun(folder, mapping.name, len(pieces)))
        pieces[-1].add(engine, table, part)
    pieces[-1].end(ready)
    columns = [place for piece in pieces for place in piece.columns]
    graphs = [place for piece in pieces for place in piece.graphs]
    return Written(
        mapping.name,
        tuple(piece.stated for piece in pieces),
        tuple(piece.merged for piece in pieces),
        sum(piece.count for piece in pieces),
        Lines(columns, graphs),
    )


@dataclass(slots=True)
class _Piece:
    """Two files of text that are being written, and the same as columns, slice by slice."""

    stated: Path
    merged: Path
    stated_file: IO[bytes]
    merged_file: IO[bytes]
    source: str
    count: int = 0  # statements that rows state
    lines: int = 0  # of the default graph
    largest: int = 0  # of a slice
    columns: list[Path] = field(default_factory=list)
    graphs: list[Path] = field(default_factory=list)
    prints: list[pl.DataFrame] = field(default_factory=list)

    @classmethod
    def begun(cls, folder: Path, source: str, number: int = 0) -> _Piece:
        name = f"{source}.{number}" if number else source
        stated, merged = folder / f"{name}.stated.nq", folder / f"{name}.merged.nq"
        return cls(stated, merged, stated.open("wb"), merged.open("wb"), source)

    def end(self, ready: Ready) -> None:
        self.stated_file.close()
        self.merged_file.close()
        pl.concat(self.prints).write_parquet(place_of(self.stated), compression="lz4")
        ready(self.source, self.stated, self.merged)

    def introduce(self, receipts: Iterator[Statement], identity: Identity) -> None:
        """Write what is said of the source and its table."""
        lines = list(receipts)
        write_lines(iter(lines), self.stated_file)
        graph = n3(Term("uri", identity.graph("receipts")))
        self._keep(self.graphs, pl.DataFrame({"graph": [graph], "statements": [len(lines)]}))
        self.prints.append(prints_of_terms(lines))

    def add(self, engine: Engine, table: Table, rows: pl.DataFrame) -> None:
        """Write what some rows state, the receipts of these rows, and what is merged of it."""
        identity, mapping = engine.identity, engine.mapping
        graph = row_subject(identity, mapping, table)
        receipts = pl.lit(n3(Term("uri", identity.graph("receipts"))))
        stated = _by_predicate(engine.strands(rows))
        about = _by_predicate(row_receipts(mapping, identity, table, rows))
        merged = _merged(stated)
        _write(stated, self.stated_file, graph)
        _write(about, self.stated_file, receipts)
        _write(merged, self.merged_file)
        lines = sum(map(len, merged.values()))
        self.count += sum(map(len, stated.values()))
        self.lines, self.largest = self.lines + lines, max(self.largest, lines)
        self.prints.append(prints_of(graph, stated, about))
        self._keep(self.columns, _columns(merged))
        self._keep(self.graphs, _counted(stated, graph), _counted(about, receipts))

    def _keep(self, places: list[Path], *frames: pl.DataFrame) -> None:
        kept = pl.concat(frames)
        if len(kept):  # files without lines are none to read
            kind = "triples" if places is self.columns else "graphs"
            places.append(self.merged.with_suffix(f".{kind}-{len(places)}.parquet"))
            kept.write_parquet(places[-1], compression="lz4")


def write_lines(statements: Iterator[Statement], file: IO[bytes]) -> int:
    """Write statements as canonical N-Quads; give their number."""
    lines = [(" ".join(map(n3, statement)) + " .\n").encode() for statement in statements]
    file.writelines(lines)
    return len(lines)


def _by_predicate(strands: Iterable[Strand]) -> _Said:
    """Gather strands by their predicate, each statement of a row once."""
    gathered: dict[str, list[pl.DataFrame]] = {}
    for strand in strands:
        if len(strand.frame):
            gathered.setdefault(strand.predicate, []).append(strand.frame.select(ROW, "s", "o"))
    found = {}
    for predicate, frames in gathered.items():
        together = pl.concat(frames)
        once = together[ROW].n_unique() == len(together)
        found[predicate] = together if once else together.unique(maintain_order=True)
    return found


def _merged(stated: _Said) -> _Said:
    """Give statements without their rows, and what is entailed of them."""
    gathered: dict[str, list[pl.DataFrame]] = {}
    for predicate, frame in stated.items():
        once = frame.select("s", "o").unique(maintain_order=True)
        gathered.setdefault(predicate, []).append(once)
        for parent, entailed in _entailed(predicate, once):
            gathered.setdefault(parent, []).append(entailed)
    return {
        predicate: pl.concat(frames).unique(maintain_order=True) if len(frames) > 1 else frames[0]
        for predicate, frames in gathered.items()
    }


def _entailed(predicate: str, frame: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    if predicate != _TYPE:
        for parent in sorted(ontology.superproperties(predicate)):
            yield parent, frame
        return
    for (term,), rows in frame.group_by("o", maintain_order=True):
        for parent in sorted(ontology.superclasses(str(term)[1:-1])):
            yield _TYPE, rows.with_columns(o=pl.lit(f"<{parent}>"))


def _write(said: _Said, file: IO[bytes], graph: pl.Expr | None = None) -> None:
    for predicate, frame in said.items():
        terms = [pl.col("s"), pl.lit(f"<{predicate}>").alias("p"), pl.col("o")]
        terms += [] if graph is None else [graph.alias("g")]
        lines = frame.select(*terms, end=pl.lit("."))
        # Every term is whole and escaped: the writer of plain columns adds spaces and line ends.
        lines.write_csv(file, include_header=False, quote_style="never", separator=" ")


def _columns(said: _Said) -> pl.DataFrame:
    empty = pl.DataFrame(schema=dict.fromkeys(("s", "p", "o"), pl.String))
    named = (
        frame.select("s", pl.lit(f"<{predicate}>").alias("p"), "o")
        for predicate, frame in said.items()
    )
    return pl.concat([empty, *named])


def _counted(said: _Said, graph: pl.Expr) -> pl.DataFrame:
    """Count the statements of each graph."""
    rows = pl.concat([pl.Series(ROW, dtype=pl.Int64), *(frame[ROW] for frame in said.values())])
    counted = rows.to_frame().group_by(ROW).agg(statements=pl.len().cast(pl.Int64))
    return (
        counted.select("statements", graph=graph).group_by("graph").agg(pl.col("statements").sum())
    )
