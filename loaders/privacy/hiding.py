"""Hiding: take natural persons, and what was taken down, out of a table right after it is read.

What comes later (keys, hashes, faults, reports, statements, indexes) sees a frame in which the
cells of a hidden entity are empty and the others do not repeat its name, so that nothing can be
derived from it. Columns that a mapping calls personal are dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial

import polars as pl

from graph.identity import Identity
from graph.report import Note
from graph.takedowns import Takedowns
from loaders.engine import Engine
from loaders.language.keys import placeholders
from loaders.language.mapping import Entity, Property, SourceMapping
from loaders.privacy import cells
from loaders.privacy.marks import PERSON, WITHHELD, mark
from loaders.privacy.masking import MASK, Masker
from loaders.privacy.numbers import has_number
from loaders.privacy.persons import Judge
from loaders.reading.readers import ROW, Table

NOTE = "persons-hidden"


@cache
def _judge() -> Judge:
    # A second to read its lists, which never change: once a process is enough.
    return Judge()


# Why an entity is hidden, row for row; null where it is not.
Why = Mapping[str, pl.Series]
# Gives a cell without the words that begin in some ways.
_Cover = Callable[[str, tuple[str, ...]], str]


@dataclass
class Hiding:
    """Hides in the tables of one build; `taken` is what was taken down."""

    identity: Identity
    taken: Takedowns = field(default_factory=Takedowns)

    def hide(self, mapping: SourceMapping, table: Table) -> Table:
        """Give a table without persons and without what was taken down, as its mapping tells."""
        possible = any(entity.persons != "never" for entity in mapping.entities.values())
        if not (possible or mapping.personal or self.taken.entries):
            return table
        frame = table.frame.drop(mapping.personal)
        frame = frame.filter(~pl.col(ROW).is_in(self.taken.rows(mapping.name)))
        if possible:
            frame = _without(mapping, frame, _persons(mapping, frame))
        if self.taken.entries:
            # Hashes that keys are made of are made before, so that no address changes by this.
            frame = Engine(mapping, self.identity).prepared(frame)
            frame = self._unlinked(mapping, frame)
            frame = _without(mapping, frame, self._withheld(mapping, frame))
        notes = [*table.notes, *_notes(mapping, frame, table.frame.height - frame.height)]
        # What could not be read may name anybody: its text is not told.
        problems = [replace(item, value=None) for item in table.problems]
        return replace(table, frame=frame, notes=notes, problems=problems)

    def _withheld(self, mapping: SourceMapping, frame: pl.DataFrame) -> Why:
        """Tell which entities were taken down by their IRIs or by their names."""
        found: dict[str, pl.Series] = {}
        engine = Engine(mapping, self.identity)
        for name, entity in mapping.entities.items():
            held = _nowhere(frame)
            keys = self.taken.keys(self.identity, entity.type)
            if keys:
                held |= engine.key_of(entity, frame).is_in(keys).fill_null(value=False)
            if self.taken.has_names:
                for column in cells.named(entity):
                    held |= _among(frame[column], self.taken.holds_name)
            found[name] = _because(held, WITHHELD)
        return found

    def _unlinked(self, mapping: SourceMapping, frame: pl.DataFrame) -> pl.DataFrame:
        """Empty the cells that lead to what was taken down, and hide what is keyed by them."""
        for item in (item for entity in mapping.entities.values() for item in entity.properties):
            leads = self._leading(item)
            if item.column is None or not leads:
                continue
            found = _among(frame[item.column], partial(_leads, item=item, leads=leads))
            if not found.any():
                continue
            for entity in mapping.entities.values():
                if item.column in placeholders(entity.key):
                    frame = _marked(frame, entity, _because(found, WITHHELD))
            kept = [
                _kept(text, item, leads) if hit else text
                for text, hit in zip(frame[item.column], found, strict=True)
            ]
            frame = frame.with_columns(pl.Series(item.column, kept, dtype=pl.String))
        return frame

    def _leading(self, item: Property) -> set[str]:
        """Give the cells of a property that lead to what was taken down."""
        if item.kind == "iri" and not item.segments and item.template is None:
            return set(self.taken.iris)
        keys = {key for kind in item.segments for key in self.taken.keys(self.identity, kind)}
        return keys if item.map is None else {code for code, to in item.map.items() if to in keys}


def _leads(text: str, item: Property, leads: set[str]) -> bool:
    parts = text.split(item.split) if item.split else [text]
    return any(part.strip() in leads for part in parts)


def _kept(text: str, item: Property, leads: set[str]) -> str:
    parts = text.split(item.split) if item.split else [text]
    return (item.split or "").join(part for part in parts if part.strip() not in leads)


def _among(column: pl.Series, holds: Callable[[str], object]) -> pl.Series:
    """Tell for which cells something holds; each text is looked at once."""
    found = [text for text in column.unique().to_list() if text and holds(text)]
    return column.is_in(found).fill_null(value=False)


def _nowhere(frame: pl.DataFrame) -> pl.Series:
    return pl.Series([False], dtype=pl.Boolean).new_from_index(0, frame.height)


def _because(held: pl.Series, why: str) -> pl.Series:
    return pl.select(pl.when(held).then(pl.lit(why))).to_series()


def _persons(mapping: SourceMapping, frame: pl.DataFrame) -> Why:
    """Tell where an entity is, or may be, a natural person."""
    found: dict[str, pl.Series] = {}
    for name, entity in mapping.entities.items():
        if entity.persons == "never":
            continue
        person, names = _nowhere(frame), cells.named(entity)
        is_person = _judge().is_person if entity.persons == "possible" else str.strip
        for column in names:
            person |= _among(frame[column], is_person)
        for column in set(placeholders(entity.key)) - set(names):
            person |= _among(frame[column], has_number)
        found[name] = _because(person, PERSON)
    return found


def _without(mapping: SourceMapping, frame: pl.DataFrame, why: Why) -> pl.DataFrame:
    """Mark hidden entities and what is keyed by their cells; empty these and mask the names."""
    for name, hidden in why.items():
        if not hidden.is_not_null().any():
            continue
        emptied = cells.own(mapping, name)
        for entity in mapping.entities.values():
            if entity is mapping.entities[name] or emptied & set(placeholders(entity.key)):
                frame = _marked(frame, entity, hidden)
        frame = _masked(mapping, name, frame, hidden.is_not_null())
    return frame


def _marked(frame: pl.DataFrame, entity: Entity, why: pl.Series) -> pl.DataFrame:
    column = mark(entity)
    before = pl.col(column) if column in frame.columns else pl.lit(None, dtype=pl.String)
    return frame.with_columns(pl.coalesce(before, why).alias(column))


def _masked(
    mapping: SourceMapping, name: str, frame: pl.DataFrame, hidden: pl.Series
) -> pl.DataFrame:
    """Empty the cells of a hidden entity, and mask its names in the other cells of the rows."""
    masker, own = Masker(_judge()), cells.own(mapping, name)
    named = cells.named(mapping.entities[name])
    places = hidden.arg_true().to_list()
    stems = [masker.stems(names) for names in frame.select(named)[places].rows()]
    covers: dict[str, _Cover] = {
        other: masker.cleared if is_address else masker.masked
        for other, is_address in cells.texts(mapping).items()
    }
    for other, item in cells.others(mapping).items():
        covers[other] = partial(_covered, item=item, masker=masker)
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


def _covered(cell: str, stems: tuple[str, ...], *, item: Property, masker: Masker) -> str:
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


def _notes(mapping: SourceMapping, frame: pl.DataFrame, removed: int) -> Iterable[Note]:
    for entity in mapping.entities.values():
        column = mark(entity)
        if column not in frame.columns:
            continue
        for why, text in (
            (PERSON, "Natural persons, or what may be some, are hidden."),
            (WITHHELD, "What was taken down is hidden."),
        ):
            count = int((frame[column] == why).sum())
            if count:
                yield Note(kind=NOTE if why == PERSON else "taken-down", text=text, count=count)
    if removed:
        yield Note(kind="taken-down", text="Rows were taken down.", count=removed)
