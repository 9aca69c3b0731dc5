"""Characters: what no document can carry, and what a wrong encoding leaves behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from graph.report import Note

# What no serialisation of XML can hold; tabs and line ends are no problem.
CONTROL = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]"
# What a text looks like that was decoded twice, or in a wrong encoding.
_MISREAD = r"[\x{80}-\x{9F}\x{FFFD}]|[\x{C2}\x{C3}][\x{A0}-\x{BF}]"


def suspect(frame: pl.DataFrame) -> list[str]:
    """Name the columns that may hold odd characters: one look at all cells, for most tables."""
    if frame.is_empty():
        return []
    looked = frame.select(pl.col(pl.String).str.contains(f"{CONTROL}|{_MISREAD}").any())
    return [name for name in looked.columns if looked[name][0]]


def misread(frame: pl.DataFrame, columns: Sequence[str], row: str) -> Iterator[Note]:
    """Note the cells of columns that a wrong encoding has been at; `row` holds their numbers."""
    for name in columns:
        found = frame.filter(pl.col(name).str.contains(_MISREAD))[row]
        if len(found):
            yield Note(
                kind="characters-misread",
                text="A cell holds characters that a wrong encoding leaves; it is loaded as it is.",
                column=name,
                row=found[0],
                count=len(found),
            )
