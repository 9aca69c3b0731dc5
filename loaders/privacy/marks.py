"""Marks: columns of a frame that say in which rows an entity is hidden, and why."""

from __future__ import annotations

import polars as pl

from graph.identity import Identity
from loaders.language.entities import Each, Entity

# Why an entity is hidden: the keys of the concepts that are stated instead of it.
PERSON = "natural-person"
WITHHELD = "withheld"

_SCHEME = "beneficiary-kind"


def mark(entity: Entity) -> str:
    """Name the column that tells why an entity is hidden; null where it is not.

    Of entities that stand for the items of a cell it tells so of each item: see loaders.items.
    """
    listed = "" if entity.each is None else of_items(entity.each)
    return f"{listed}__hidden {entity.type} {entity.key}"


def of_items(each: Each) -> str:
    """Give what the marks of the items of a cell begin with."""
    return f"__item {each.column}: "


def shown(entity: Entity, frame: pl.DataFrame) -> pl.DataFrame:
    """Give the rows of a frame in which an entity is not hidden."""
    name = mark(entity)
    return frame.filter(pl.col(name).is_null()) if name in frame.columns else frame


def instead(entity: Entity, frame: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    """Give the rows in which an entity is hidden, with what is stated instead of it as `o`."""
    name = mark(entity)
    if name not in frame.columns:
        return frame.clear().with_columns(o=pl.lit(None, dtype=pl.String))
    prefix = f"<{identity.base}id/{_SCHEME}/"
    hidden = frame.filter(pl.col(name).is_not_null())
    return hidden.with_columns(o=prefix + pl.col(name) + pl.lit(">"))
