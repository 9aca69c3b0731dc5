"""Language tags that do not fit their texts, found by a detector of languages in a sample.

The detector knows the official languages of the Union. It is asked about few texts of a column,
so that the cost does not grow with the table, and believed only where it is sure: of the texts
of the curated tables none is judged wrongly then (docs/quality.md has the measurement).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache

import polars as pl

from graph.identity import Identity
from graph.languages import OFFICIAL, Detector
from graph.lines import language, lexical
from graph.quality.scoreboard import TagScore
from loaders.engine import Engine, Strand
from loaders.language.mapping import SourceMapping
from loaders.reading.readers import ROW

ROWS = 4000  # of a table that are looked at
TEXTS = 300  # of a column and tag that are judged
SHORTEST = 12  # characters; a name of one word says little of its language
SURE = 0.9
_FIRST = 5


@cache
def _detector() -> Detector:
    # Half a second to read, and it never changes: once a process is enough.
    return Detector()


def check_tags(mapping: SourceMapping, identity: Identity, rows: pl.DataFrame) -> list[TagScore]:
    """Judge the tags of the texts of some rows, column by column."""
    every = max(len(rows) // ROWS, 1)
    texts = {
        item.name
        for entity in mapping.entities.values()
        for item in entity.properties
        if item.lang is not None
    }
    # What references lead to is not looked up: none of them is a text.
    strands = Engine(mapping, identity).some_strands(rows.gather_every(every), texts)
    scores = [score for strand in strands for score in _of_strand(strand)]
    return sorted(scores, key=lambda score: (score.column or "", score.tag))


def _of_strand(strand: Strand) -> Iterator[TagScore]:
    tagged = strand.frame.select(ROW, "o", tag=language("o")).drop_nulls("tag")
    if tagged.is_empty():
        return
    texts = tagged.unique("o", keep="first", maintain_order=True)
    texts = texts.with_columns(text=lexical(texts["o"]))
    texts = texts.filter(pl.col("text").str.len_chars() >= SHORTEST)
    for (tag,), found in texts.group_by("tag", maintain_order=True):
        if str(tag).partition("-")[0] in OFFICIAL:
            yield _judged(strand.column, str(tag), found)


def _judged(column: str | None, tag: str, found: pl.DataFrame) -> TagScore:
    every = max(len(found) // TEXTS, 1)
    chosen = found.gather_every(every).head(TEXTS)
    others: Counter[str] = Counter()
    rows: list[int] = []
    fitting = 0
    for row, text in chosen.select(ROW, "text").iter_rows():
        guess = _detector().guess(text)
        if guess.confidence < SURE:
            continue
        if guess.tag == tag.partition("-")[0]:
            fitting += 1
        else:
            others[guess.tag] += 1
            rows.append(row)
    return TagScore(
        column=column,
        tag=tag,
        checked=len(chosen),
        fitting=fitting,
        differing=others.total(),
        found=dict(others.most_common()),
        rows=tuple(sorted(rows)[:_FIRST]),
    )
