"""Make the image of a graph: its terms numbered in order, its statements as columns of numbers.

Terms are numbered by kind and within a kind in the order of SPARQL, so that comparing two terms
of one kind is comparing their numbers. What each kind holds stands in `graph.second.image`.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import polars as pl

from graph.errors import StorageError, disk_error
from graph.formats import GRAPH_FORMATS, by_name
from graph.lines import Lines
from graph.second.image import Extent, Kind, Layout
from graph.second.numbering import numbered
from graph.store import Store

_BATCH = 2_000_000  # statements that are read at once
_COLUMNS = ("s", "p", "o")
_PAIR = 1 << 32  # by which a subject is multiplied to stand before an object in one number


def build(source: Store | Lines, folder: Path) -> None:
    """Write the image of a default graph, of a store or as lines, to a new folder.

    Lines must be those that were loaded into the store, without blank nodes: to read them takes a
    third of the time. StorageError if the disk refuses or statements cannot be read.
    """
    form = by_name(GRAPH_FORMATS, "ntriples")
    assert form is not None  # noqa: S101  # a constant of ours
    try:
        with tempfile.TemporaryDirectory(dir=folder.parent) as work:
            lines = source
            if isinstance(lines, Store):
                dumped = Path(work) / "dumped.nt"
                with dumped.open("wb") as file:
                    lines.dump(file, form)
                lines = Lines((dumped,), ())
            statements = _Statements(lines)
            numbers, terms = numbered(statements.terms(), Path(work))
            if lines is source and (terms["kind"] == Kind.BLANK.value).any():
                raise StorageError("the store gives blank nodes other names than their file")
            folder.mkdir()
            layout = _write_terms(folder, terms)
            extents = _write_statements(folder, statements.numbered(numbers))
        layout = replace(layout, predicates=extents)
        (folder / "layout.json").write_text(json.dumps(layout.plain()), encoding="utf-8")
    except OSError as error:
        raise disk_error(folder, error) from error


class _Statements:
    """Statements whose terms have a number of their own in each batch."""

    def __init__(self, lines: Lines) -> None:
        self._batches: list[tuple[pl.Series, pl.DataFrame]] = []
        empty = all(path.stat().st_size == 0 for path in lines.merged)
        if not empty:
            for batch in lines.triples().collect_batches(chunk_size=_BATCH):
                self._number(batch)

    def terms(self) -> pl.Series:
        """Give all terms once, as they are written."""
        found = [own for own, _ in self._batches] or [pl.Series("term", [], dtype=pl.String)]
        return pl.concat(found).unique()

    def numbered(self, numbers: pl.DataFrame) -> pl.DataFrame:
        """Give all statements in the numbers of their terms, sorted by p, s and o."""
        found = [pl.DataFrame(schema=dict.fromkeys(_COLUMNS, pl.UInt32))]
        for own, places in self._batches:
            final = own.to_frame().join(numbers, on="term", how="left", maintain_order="left")["id"]
            found.append(places.select(final.gather(places[name]).alias(name) for name in _COLUMNS))
        # Pairs as one number each are sorted in a tenth of the time that rows of three take.
        pair = (pl.col("s").cast(pl.UInt64) * _PAIR) + pl.col("o")
        parts = pl.concat(found).select("p", pair=pair).partition_by("p", as_dict=True)
        return pl.concat([found[0], *(_parted(p, parts[p,]["pair"]) for (p,) in sorted(parts))])

    def _number(self, batch: pl.DataFrame) -> None:
        if batch["o"].null_count():
            raise StorageError("there are statements that cannot be read")
        own = pl.concat([batch[name].alias("term") for name in _COLUMNS]).unique()
        numbered = own.to_frame().with_row_index("id")
        places = {
            name: batch.select(term=name).join(
                numbered, on="term", how="left", maintain_order="left"
            )["id"]
            for name in _COLUMNS
        }
        self._batches.append((own, pl.DataFrame(places)))


def _parted(predicate: object, pairs: pl.Series) -> pl.DataFrame:
    """Give the statements of a predicate in order, each once, by pairs of subject and object."""
    ordered = np.sort(pairs.to_numpy())  # numpy finds what is unique by hashes: in ten times that
    first = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    ordered = ordered[first]
    columns = {"s": ordered // _PAIR, "o": ordered % _PAIR}
    made = pl.DataFrame({name: column.astype(np.uint32) for name, column in columns.items()})
    return made.select("s", pl.lit(predicate, dtype=pl.UInt32).alias("p"), "o")


def _write_terms(folder: Path, terms: pl.DataFrame) -> Layout:
    ends = terms["value"].str.len_bytes().cast(pl.UInt64).cum_sum().to_numpy()
    np.concatenate([np.zeros(1, np.uint64), ends]).tofile(folder / "ends.u64")
    with (folder / "terms.txt").open("wb") as file:
        for part in terms["value"].to_frame().iter_slices(1_000_000):
            file.write("".join(part["value"].to_list()).encode())
    kinds = terms["kind"].to_numpy()
    first, last = np.searchsorted(kinds, [Kind.TEXT.value, Kind.INTEGER.value])
    terms[int(first) : int(last)].select("value").write_ipc(
        folder / "texts.arrow", compression="uncompressed"
    )
    numbers = terms.filter(pl.col("kind").is_in([Kind.INTEGER.value, Kind.DECIMAL.value]))
    numbers["number"].to_numpy().astype(np.int64).tofile(folder / "numbers.i64")
    tags = (
        terms.filter(pl.col("kind") == Kind.TAGGED.value)
        .group_by("tag", maintain_order=True)
        .agg(pl.col("id").min().alias("start"), pl.col("id").max().alias("end"))
    )
    starts = np.searchsorted(kinds, [kind.value for kind in Kind]).tolist()
    return Layout(
        terms=len(terms),
        starts=starts,
        scale=cast("int | None", terms["scale"].max()) or 0,
        languages=[(tag, start, end + 1) for tag, start, end in tags.iter_rows()],
        predicates=[],
    )


def _write_statements(folder: Path, statements: pl.DataFrame) -> list[Extent]:
    for name, file in (("s", "subjects.u32"), ("o", "objects.u32")):
        statements[name].to_numpy().tofile(folder / file)
    extents: list[Extent] = []
    start = 0
    for number, count in statements["p"].rle().struct.unnest().select("value", "len").iter_rows():
        part = statements[start : start + count]
        subjects, most_objects = _spread(part["s"])
        objects, most_subjects = _spread(part["o"])
        extents.append(Extent(number, start, count, subjects, objects, most_objects, most_subjects))
        start += count
    return extents


def _spread(values: pl.Series) -> tuple[int, int]:
    """Count the distinct values, and the most frequent one."""
    counts = values.value_counts(name="count")["count"]
    return len(counts), cast("int", counts.max())
