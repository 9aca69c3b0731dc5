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
from loaders.items import gathered, parted, passed_on, spread, together, without_items
from loaders.language.keys import placeholders
from loaders.language.mapping import Entity, Property, SourceMapping
from loaders.privacy import cells
from loaders.privacy.covering import covered
from loaders.privacy.marks import PERSON, WITHHELD, mark
from loaders.privacy.masking import Masker
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
            rows = parted(entity, frame)
            held = _nowhere(rows)
            keys = self.taken.keys(self.identity, entity.type)
            if keys:
                held |= engine.key_of(entity, rows).is_in(keys).fill_null(value=False)
            if self.taken.has_names and not cells.is_keyed_only(entity):
                for column in cells.named(entity):
                    held |= _among(rows[column], self.taken.holds_name)
            found[name] = _because(held, WITHHELD, entity, rows)
        return found

    def _unlinked(self, mapping: SourceMapping, frame: pl.DataFrame) -> pl.DataFrame:
        """Empty the cells that lead to what was taken down, and hide what is keyed by them."""
        for item in (item for entity in mapping.entities.values() for item in entity.properties):
            leads = self._leading(item)
            if item.column is None or not leads:
                continue
            keyed = [
                entity
                for entity in mapping.entities.values()
                if item.column in placeholders(entity.key)
            ]
            lists = ((entity, entity.each) for entity in keyed if entity.each)
            listing = next((pair for pair in lists if pair[1].column == item.column), None)
            split = listing[1].split if listing else item.split
            found = _among(frame[item.column], partial(_leads, split=split, leads=leads))
            if not found.any():
                continue
            if listing is not None:
                frame = without_items(listing[0], frame, leads)
                continue
            held = pl.select(pl.when(found).then(pl.lit(WITHHELD))).to_series()
            for entity in keyed:
                frame = _marked(frame, entity, spread(frame, held, entity))
            kept = [
                _kept(text, split, leads) if hit else text
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


def _leads(text: str, split: str | None, leads: set[str]) -> bool:
    parts = text.split(split) if split else [text]
    return any(part.strip() in leads for part in parts)


def _kept(text: str, split: str | None, leads: set[str]) -> str:
    parts = text.split(split) if split else [text]
    return (split or "").join(part for part in parts if part.strip() not in leads)


def _among(column: pl.Series, holds: Callable[[str], object]) -> pl.Series:
    """Tell for which cells something holds; each text is looked at once."""
    found = [text for text in column.unique().to_list() if text and holds(text)]
    return column.is_in(found).fill_null(value=False)


def _nowhere(frame: pl.DataFrame) -> pl.Series:
    return pl.Series([False], dtype=pl.Boolean).new_from_index(0, frame.height)


def _because(held: pl.Series, why: str, entity: Entity, rows: pl.DataFrame) -> pl.Series:
    """Tell of the rows of an entity, or of the items of their cells, why it is hidden there."""
    told = pl.select(pl.when(held).then(pl.lit(why))).to_series()
    return told if entity.each is None else gathered(rows, told)


def _persons(mapping: SourceMapping, frame: pl.DataFrame) -> Why:
    """Tell where an entity is, or may be, a natural person."""
    found: dict[str, pl.Series] = {}
    for name, entity in mapping.entities.items():
        if entity.persons == "never":
            continue
        rows = parted(entity, frame)
        person, names = _nowhere(rows), cells.named(entity)
        is_person = _judge().is_person if entity.persons == "possible" else str.strip
        for column in names:
            person |= _among(rows[column], is_person)
        for column in set(placeholders(entity.key)) - set(names):
            person |= _among(rows[column], has_number)
        found[name] = _because(person, PERSON, entity, rows)
    return found


def _without(mapping: SourceMapping, frame: pl.DataFrame, why: Why) -> pl.DataFrame:
    """Mark hidden entities and what is keyed by their cells; empty these and mask the names."""
    for name, hidden in why.items():
        if not hidden.is_not_null().any():
            continue
        of = mapping.entities[name]
        emptied = cells.own(mapping, name)
        for entity in mapping.entities.values():
            keyed = emptied & set(placeholders(entity.key)) and not cells.is_keyed_only(entity)
            if entity is of or keyed:
                frame = _marked(frame, entity, passed_on(frame, hidden, of, entity))
        frame = covered(mapping, name, frame, hidden, Masker(_judge()))
    return frame


def _marked(frame: pl.DataFrame, entity: Entity, why: pl.Series) -> pl.DataFrame:
    column = mark(entity)
    if column not in frame.columns:
        return frame.with_columns(why.alias(column))
    if entity.each is None:
        return frame.with_columns(pl.coalesce(pl.col(column), why).alias(column))
    both = zip(frame[column], why, strict=True)
    made = [together(old, new) if old and new else old or new for old, new in both]
    return frame.with_columns(pl.Series(column, made, dtype=pl.String))


def _notes(mapping: SourceMapping, frame: pl.DataFrame, removed: int) -> Iterable[Note]:
    for entity in mapping.entities.values():
        column = mark(entity)
        if column not in frame.columns:
            continue
        for why, text in (
            (PERSON, "Natural persons, or what may be some, are hidden."),
            (WITHHELD, "What was taken down is hidden."),
        ):
            count = int(frame[column].str.count_matches(why, literal=True).sum())
            if count:
                yield Note(kind=NOTE if why == PERSON else "taken-down", text=text, count=count)
    if removed:
        yield Note(kind="taken-down", text="Rows were taken down.", count=removed)
