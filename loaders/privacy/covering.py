"""Covering: take what a hidden entity says out of the cells of its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

import polars as pl

from loaders.items import told
from loaders.language.entities import Each
from loaders.language.mapping import Property, SourceMapping
from loaders.privacy import cells
from loaders.privacy.masking import MASK, Masker

# Gives a cell without the words that begin in some ways.
_Cover = Callable[[str, tuple[str, ...]], str]


def covered(
    mapping: SourceMapping, name: str, frame: pl.DataFrame, why: pl.Series, masker: Masker
) -> pl.DataFrame:
    """Empty the cells of a hidden entity, and mask its names in the other cells of the rows.

    Of a cell that lists several, only the items are masked that are marked.
    """
    own, hidden = cells.own(mapping, name), why.is_not_null()
    entity, places = mapping.entities[name], hidden.arg_true().to_list()
    named = cells.named(entity)
    if entity.each is None:
        stems = [masker.stems(names) for names in frame.select(named)[places].rows()]
    else:
        own -= {entity.each.column}
        items = _items(entity.each, frame, places, why)
        stems = [masker.stems(item for item, hid in row if hid) for row in items]
        left = (entity.each.split.join(_masks(row)) for row in items)
        frame = _changed(frame, entity.each.column, places, left)
    covers: dict[str, _Cover] = {
        other: masker.cleared if is_address else masker.masked
        for other, is_address in cells.texts(mapping).items()
    }
    for other, item in cells.others(mapping).items():
        covers[other] = partial(_masked_words, item=item, masker=masker)
    for other, cover in covers.items():
        if other not in own:
            frame = _changed(frame, other, places, map(cover, frame[other].gather(places), stems))
    unused = {column for column in frame.columns if not column.startswith("__")}
    blank = sorted(own | (unused - mapping.columns()))
    # A name stays a filled cell, since others may ask whether there is one.
    return frame.with_columns(
        pl.when(hidden & (pl.col(column) != ""))
        .then(pl.lit(MASK if column in named else ""))
        .otherwise(pl.col(column))
        .alias(column)
        for column in blank
    )


def _masked_words(cell: str, stems: tuple[str, ...], *, item: Property, masker: Masker) -> str:
    hit = cells.may_name(item, cell) and masker.tells(cell, stems)
    return MASK if hit else cell


def _changed(
    frame: pl.DataFrame, column: str, places: list[int], made: Iterable[str]
) -> pl.DataFrame:
    """Give the frame with other cells of a column in some rows."""
    before = frame[column].gather(places)
    changed = [
        (place, new) for place, old, new in zip(places, before, made, strict=True) if new != old
    ]
    if not changed:
        return frame
    where, texts = zip(*changed, strict=True)
    return frame.with_columns(frame[column].clone().scatter(list(where), list(texts)))


def _items(
    each: Each, frame: pl.DataFrame, places: list[int], why: pl.Series
) -> list[list[tuple[str, str]]]:
    """Give the items of some cells, each with the reason why it is hidden, if it is."""
    shown = zip(frame[each.column].gather(places), why.gather(places), strict=True)
    return [told(cell, each, marks) for cell, marks in shown]


def _masks(items: list[tuple[str, str]]) -> Iterator[str]:
    """Give items, masked where they are hidden; masks differ, so that each is still counted."""
    for place, (item, hid) in enumerate(items, start=1):
        yield f"{MASK}{place}" if hid else item
