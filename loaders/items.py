"""Items: entities of which a row has one for each item of a cell, such as a list of partners.

The rows of such an entity are parted: one for each item, in which the column stands for the item
alone. All else in them is of the whole row.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from loaders.language.entities import Each, Entity
from loaders.language.keys import Slot
from loaders.privacy.marks import of_items
from loaders.reading.readers import ROW

_WHY = "__why"
_UNIT = "\x1f"  # stands between what is marked of items, and in no cell that is loaded


def parted(entity: Entity, frame: pl.DataFrame) -> pl.DataFrame:
    """Give a frame with a row for each item of the cell that an entity stands for.

    Frames of other entities, and those that were parted, come back as they are. Items may be empty.
    """
    if entity.each is None:
        return frame
    column, marked = entity.each.column, _marked(entity.each, frame)
    between = pl.col(column).str.count_matches(entity.each.split, literal=True)
    unmarked = pl.lit(_UNIT).repeat_by(between).list.join("")
    lists = {name: pl.col(name).fill_null(unmarked).str.split(_UNIT) for name in marked}
    lists[column] = pl.col(column).str.split(entity.each.split)
    # A hash of the whole cell is none of an item.
    whole = frame.drop(Slot(column, hashed=True).derived, strict=False)
    made = whole.with_columns(**lists).explode(list(lists))
    shown = [pl.col(name).replace("", None) for name in marked]
    return made.with_columns(pl.col(column).str.strip_chars(), *shown)


def _marked(each: Each, frame: pl.DataFrame) -> list[str]:
    return [name for name in frame.columns if name.startswith(of_items(each))]


def gathered(parts: pl.DataFrame, why: pl.Series) -> pl.Series:
    """Gather what is told of the rows of a parted frame, as marks of the rows that they were.

    Null where nothing is told of any item.
    """
    items = parts.select(ROW, why=why.fill_null(""))
    rows = items.group_by(ROW, maintain_order=True).agg(
        pl.col("why").str.join(_UNIT), some=(pl.col("why") != "").any()
    )
    return rows.select(pl.when("some").then("why")).to_series()


def told(cell: str, each: Each, marks: str) -> list[tuple[str, str]]:
    """Give the items of a cell with what is told of each; empty where nothing is."""
    return list(zip(cell.split(each.split), marks.split(_UNIT), strict=True))


def together(one: str, other: str) -> str:
    """Give the marks of a cell that was looked at twice; what was found first counts."""
    both = zip(one.split(_UNIT), other.split(_UNIT), strict=True)
    return _UNIT.join(first or second for first, second in both)


def passed_on(frame: pl.DataFrame, why: pl.Series, of: Entity, to: Entity) -> pl.Series:
    """Give the marks of an entity as those of another, which is hidden with it."""
    if of.each == to.each:
        return why
    whole = why if of.each is None else why.str.strip_chars(_UNIT).str.split(_UNIT).list.first()
    return spread(frame, whole, to)


def spread(frame: pl.DataFrame, why: pl.Series, entity: Entity) -> pl.Series:
    """Give what is told of whole rows as marks of an entity: of each item of its cell, if it has.

    Null where nothing is told.
    """
    if entity.each is None:
        return why
    parts = parted(entity, frame.with_columns(why.alias(_WHY)))
    return gathered(parts, parts[_WHY])


def without_items(entity: Entity, frame: pl.DataFrame, gone: Collection[str]) -> pl.DataFrame:
    """Give a frame without some items of the cells that an entity stands for, and their marks."""
    if entity.each is None:
        return frame
    split = dict.fromkeys(_marked(entity.each, frame), _UNIT)
    split[entity.each.column] = entity.each.split
    parts = parted(entity, frame)
    parts = parts.filter(~pl.col(entity.each.column).is_in(list(gone)))
    left = parts.group_by(ROW).agg(
        pl.col(name).fill_null("").str.join(between) for name, between in split.items()
    )
    kept = frame.select(ROW).join(left, on=ROW, how="left", maintain_order="left")
    return frame.with_columns(kept[name].fill_null("") for name in split)
