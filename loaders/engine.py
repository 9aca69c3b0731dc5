"""The engine: apply a mapping to a table, column by column.

A value column becomes a *strand*: the rows it comes from, and the subject and object term of
each statement; the predicate is the same for all. Strands are first used to find faulty rows,
and again, in slices, to write the statements: recomputing costs less than keeping them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

import polars as pl

import ontology
from graph.errors import MappingError
from graph.identity import Identity
from graph.report import Note
from graph.terms import Term, n3
from loaders.items import parted
from loaders.language import keys
from loaders.language.mapping import (
    Choice,
    Condition,
    Entity,
    Property,
    SourceMapping,
    placeholders,
)
from loaders.language.mistakes import nearest
from loaders.privacy.marks import instead, shown
from loaders.reading.readers import ROW, Problem, Table
from loaders.transforms import REASONS, encoded_key, quoted, slugged, term

# The keys that exist of each kind of entity, each once.
Keys = Mapping[str, pl.Series]

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
PREFERRED = ontology.expand("skos:prefLabel")
_ALTERNATIVE = ontology.expand("skos:altLabel")
_NO_KEYS = pl.Series(dtype=pl.String)
_ONCE = "__once "
_SHOWN = 80
_REFERENCE = "refers to no {kinds} that exists"


@dataclass(frozen=True, slots=True)
class Strand:
    """Statements of one predicate: a frame of `__row`, `s`, `o`, and what is wrong with others.

    `s` and `o` are terms in canonical N-Quads; rows whose cell makes no term stand in `faults`
    with the cell as `value`, and where `omitted` they load without it.
    """

    predicate: str
    frame: pl.DataFrame
    faults: pl.DataFrame
    reason: str = ""
    column: str | None = None
    omitted: bool = False


@dataclass
class Engine:
    """Applies one mapping to tables under one identity.

    `known` gives the keys that exist, by kind; references are checked against it. Where it is
    None, references are taken as they are, to the first kind that the mapping names. `notes` tells
    what the last look for faults found that sets no row aside. `merged` gives, by kind, the keys
    to write instead of others: of things that were found to be one. `demoted` are the names of
    these, as `s` and `o`, that are written as alternative ones.
    """

    mapping: SourceMapping
    identity: Identity
    known: Keys | None = None
    notes: list[Note] = field(default_factory=list)
    merged: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    demoted: pl.DataFrame | None = None
    _ignored: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self._ignored = {*self.mapping.ignore, *self.mapping.personal}

    def check_columns(self, table: Table) -> list[str]:
        """Name the columns that are neither mapped nor ignored; MappingError for missing ones."""
        present = set(table.columns)
        missing = sorted((self.mapping.columns() | self._ignored) - present)
        if missing:
            raise MappingError(
                f"{self.mapping.path}: the table {table.path.name} has no column {missing[0]!r}"
                f"{nearest(missing[0], table.columns)}; it has {', '.join(table.columns)}"
            )
        used = self.mapping.columns() | self._ignored
        return [name for name in table.columns if name not in used]

    def prepared(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Add the columns that keys are made of beside the cells, if they are not there yet."""
        templates = [entity.key for entity in self.mapping.entities.values()]
        columns = [name for name in frame.columns if not name.startswith("__")]
        content = self.mapping.identified_by or columns
        return keys.prepared(frame, templates, content)

    def first_rows(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Mark, for each entity that is stated once, the first row that has its key."""
        frame = self.prepared(frame)
        marks = []
        for name, entity in self.mapping.entities.items():
            if entity.once:
                keyed = self._rows_of(entity, frame).select(ROW, key=self._key(entity))
                first = keyed.unique("key", keep="first", maintain_order=True)[ROW]
                marks.append(pl.col(ROW).is_in(first.implode()).alias(_ONCE + name))
        return frame.with_columns(marks)

    def keys(self, frame: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
        """Give, for each entity, its kind and a frame of `__row` and the raw `key`."""
        frame = self.prepared(frame)
        for entity in self.mapping.entities.values():
            keyed = self._rows_of(entity, frame).select(ROW, key=self._key(entity))
            yield entity.type, keyed.filter(pl.col("key").is_not_null())

    def key_of(self, entity: Entity, frame: pl.DataFrame) -> pl.Series:
        """Give the raw key of an entity in each row; null where it has none."""
        return self.prepared(frame).select(self._key(entity)).to_series()

    def some_strands(self, frame: pl.DataFrame, wanted: Collection[str]) -> Iterator[Strand]:
        """Give the statements of a frame that have one of some predicates."""
        frame = self.prepared(frame)
        for name, entity in self.mapping.entities.items():
            chosen = [item for item in entity.properties if item.name in wanted]
            if chosen:
                rows = self._rows_of(entity, frame).with_columns(s=self._subject(entity))
                rows = self._once(name, rows.filter(pl.col("s").is_not_null()))
                for item in chosen:
                    yield self._property(item, rows)

    def strands(self, frame: pl.DataFrame) -> Iterator[Strand]:
        """Give the statements of a frame, predicate by predicate."""
        frame = self.prepared(frame)
        for name, entity in self.mapping.entities.items():
            rows = self._rows_of(entity, frame).with_columns(s=self._subject(entity))
            rows = self._once(name, rows.filter(pl.col("s").is_not_null()))
            yield self._types(entity, rows)
            for item in entity.properties:
                yield from self._preferred(self._property(item, rows))
                if item.entity is not None:
                    yield self._instead(item, rows)

    def faults(self, table: Table) -> list[Problem]:
        """Find every cell that makes no term, key that is missing or stands twice."""
        found = list(self._key_faults(table))
        self.notes.clear()
        for strand in self.strands(table.frame):
            if strand.omitted:
                self._note(strand)
                continue
            for row, value in strand.faults.select(ROW, "value").iter_rows():
                found.append(
                    Problem(table.path.name, row, strand.column, value[:_SHOWN], strand.reason)
                )
        return found

    def _note(self, strand: Strand) -> None:
        if len(strand.faults):
            self.notes.append(
                Note(
                    kind="cell-left-out",
                    text=f"A cell makes no value and is left out: {strand.reason}.",
                    column=strand.column,
                    row=strand.faults[ROW][0],
                    count=len(strand.faults),
                )
            )

    def _key_faults(self, table: Table) -> Iterator[Problem]:
        frame = self.prepared(table.frame)
        for entity in self.mapping.entities.values():
            rows = self._rows_of(entity, frame).select(ROW, key=self._key(entity))
            columns = ", ".join(dict.fromkeys(placeholders(entity.key)))
            for row in rows.filter(pl.col("key").is_null())[ROW].to_list():
                yield Problem(table.path.name, row, columns, "", "the key is empty")
            if entity.unique:
                first = pl.col(ROW).first().over("key")
                doubled = rows.drop_nulls("key").with_columns(first=first)
                doubled = doubled.filter(pl.col(ROW) != pl.col("first"))
                for row, key, earlier in doubled.iter_rows():
                    reason = f"the key stands in row {earlier} already"
                    yield Problem(table.path.name, row, columns, key[:_SHOWN], reason)

    def _once(self, name: str, rows: pl.DataFrame) -> pl.DataFrame:
        """Keep, of an entity that is stated once, the rows that `first_rows` marked."""
        return rows.filter(pl.col(_ONCE + name)) if _ONCE + name in rows.columns else rows

    def _preferred(self, strand: Strand) -> Iterator[Strand]:
        """Part the names that another one of a merged thing stands before."""
        if self.demoted is None or strand.predicate != PREFERRED:
            yield strand
            return
        both = ["s", "o"]
        yield replace(strand, frame=strand.frame.join(self.demoted, on=both, how="anti"))
        left = strand.frame.join(self.demoted, on=both, how="semi")
        yield Strand(_ALTERNATIVE, left, _no_faults())

    def _rows_of(self, entity: Entity, frame: pl.DataFrame) -> pl.DataFrame:
        return shown(entity, self._all_rows_of(entity, frame))

    def _all_rows_of(self, entity: Entity, frame: pl.DataFrame) -> pl.DataFrame:
        if entity.each is not None:
            frame = self.prepared(parted(entity, frame)).filter(pl.col(entity.each.column) != "")
        return frame if entity.when is None else frame.filter(_condition(entity.when))

    def _subject(self, entity: Entity) -> pl.Expr:
        return self._entity_iri(entity.type, self._key(entity))

    def _entity_iri(self, segment: str, key: pl.Expr) -> pl.Expr:
        """Give the IRI term of an entity: that of the one that it was found to be."""
        canonical = self.merged.get(segment)
        if canonical:
            key = key.replace(list(canonical), list(canonical.values()))
        return f"<{self.identity.base}id/{segment}/" + encoded_key(key) + pl.lit(">")

    def _key(self, entity: Entity) -> pl.Expr:
        """Fill the key template; null where one of its columns is empty."""
        key = keys.filled(entity.key, self.mapping.name, ROW)
        return slugged(key) if entity.type in ontology.concept_segments() else key

    def _types(self, entity: Entity, rows: pl.DataFrame) -> Strand:
        if isinstance(entity.class_, str):
            typed = rows.select(ROW, "s", o=pl.lit(f"<{entity.class_}>"))
            return Strand(_TYPE, typed, _no_faults())
        cell = pl.col(entity.class_.column).str.strip_chars()
        chosen = rows.select(ROW, "s", value=cell, o="<" + _chosen(entity.class_) + pl.lit(">"))
        return _parted(_TYPE, chosen, f"stands for no class of {entity.type}", entity.class_.column)

    def _property(self, item: Property, rows: pl.DataFrame) -> Strand:
        if item.when is not None:
            rows = rows.filter(_condition(item.when))
        if item.entity is not None:
            return self._link(item, rows)
        if item.value is not None:
            cells = rows.with_columns(value=pl.lit(item.value))
        else:
            cells = _cells(item, rows)
        cells = cells.with_columns(mapped=_mapped(item))
        if item.segments:
            made = cells.select(ROW, "s", "value", o=self._reference(item))
            reason = _REFERENCE.format(kinds=" or ".join(item.segments))
        else:
            language = _language(item)
            made = cells.select(ROW, "s", "value", o=term(pl.col("mapped"), item, language))
            reason = _reason(item)
        strand = _parted(item.name, made, reason, item.column)
        return replace(strand, omitted=True) if item.faulty == "omit" else strand

    def _link(self, item: Property, rows: pl.DataFrame) -> Strand:
        target = self.mapping.entities[item.entity or ""]
        linked = self._rows_of(target, rows).select(ROW, "s", o=self._subject(target))
        return Strand(item.name, linked.filter(pl.col("o").is_not_null()), _no_faults())

    def _instead(self, item: Property, rows: pl.DataFrame) -> Strand:
        """Say of what kind the target of a link is where it is hidden."""
        target = self.mapping.entities[item.entity or ""]
        if item.when is not None:
            rows = rows.filter(_condition(item.when))
        hidden = instead(target, self._all_rows_of(target, rows), self.identity)
        kind = ontology.Property.BENEFICIARY_KIND
        return Strand(kind, hidden.select(ROW, "s", "o"), _no_faults())

    def _reference(self, item: Property) -> pl.Expr:
        cell = pl.col("mapped")
        found: pl.Expr = pl.lit(None, dtype=pl.String)
        for segment in reversed(item.segments):
            key = slugged(cell) if segment in ontology.concept_segments() else cell
            made = self._entity_iri(segment, key)
            if self.known is None:
                found = made
                continue
            exists = key.is_in(self.known.get(segment, _NO_KEYS).implode())
            found = pl.when(exists).then(made).otherwise(found)
        return found


def _cells(item: Property, rows: pl.DataFrame) -> pl.DataFrame:
    cells = rows.with_columns(value=pl.col(item.column or ""))
    if item.split is not None:
        cells = cells.with_columns(pl.col("value").str.split(item.split)).explode("value")
    cells = cells.with_columns(pl.col("value").str.strip_chars())
    cells = cells.filter(pl.col("value") != "")
    return cells if item.empty is None else cells.filter(~pl.col("value").is_in(item.empty))


def _mapped(item: Property) -> pl.Expr:
    value = pl.col("value")
    if item.pattern is not None:
        value = value.str.extract(item.pattern).str.strip_chars()
    if item.map is None:
        return value
    codes, meant = list(item.map), list(item.map.values())
    return value.replace_strict(codes, meant, default=None, return_dtype=pl.String)


def _parted(predicate: str, made: pl.DataFrame, reason: str, column: str | None) -> Strand:
    good = pl.col("o").is_not_null()
    return Strand(
        predicate, made.filter(good).select(ROW, "s", "o"), made.filter(~good), reason, column
    )


def _no_faults() -> pl.DataFrame:
    return pl.DataFrame(schema={ROW: pl.Int64, "value": pl.String})


def _reason(item: Property) -> str:
    reason = (
        f"this code is not in the map of the property: {', '.join(item.map)}" if item.map else ""
    )
    if reason and item.kind in {"text", "string"}:
        return reason
    bounds = "".join(
        f", {word} {bound:g}"
        for word, bound in (("at least", item.min), ("at most", item.max))
        if bound is not None
    )
    wanted = REASONS[item.kind]
    if item.pattern is not None and item.kind in {"text", "string"}:
        wanted = f"nothing in the cell matches {item.pattern}"
    formats = item.numbers or item.dates
    written = f", written as {' or '.join(formats)}" if formats else ""
    return wanted + written + bounds


def _language(item: Property) -> pl.Expr | None:
    if item.lang is None or isinstance(item.lang, str):
        return None if item.lang is None else pl.lit(item.lang)
    chosen = _chosen(item.lang) if item.lang.map else pl.col(item.lang.column).str.strip_chars()
    if item.lang.default is None:
        return chosen
    return (
        pl.when(chosen.is_null() | (chosen == "")).then(pl.lit(item.lang.default)).otherwise(chosen)
    )


def _chosen(choice: Choice) -> pl.Expr:
    codes = choice.map or {}
    return (
        pl.col(choice.column)
        .str.strip_chars()
        .replace_strict(
            list(codes), list(codes.values()), default=choice.default, return_dtype=pl.String
        )
    )


def _condition(when: Condition) -> pl.Expr:
    cell = pl.col(when.column).str.strip_chars()
    if when.among is not None:
        return cell.is_in(list(when.among))
    empty = cell.is_in(["", *(when.empty or ())])
    return empty if when.missing else ~empty


def row_subject(identity: Identity, mapping: SourceMapping, table: Table) -> pl.Expr:
    """Give the IRI term of the row, which is also the graph of its statements."""
    prefix = identity.entity("row", identity.table_key(mapping.name, table.sheet))
    return f"<{prefix}-" + pl.col(ROW).cast(pl.String) + pl.lit(">")


def row_receipts(
    mapping: SourceMapping, identity: Identity, table: Table, frame: pl.DataFrame
) -> Iterator[Strand]:
    """Give the statements about the rows themselves: table, number, cited source, confidence."""
    rows = frame.with_columns(s=row_subject(identity, mapping, table))
    where = n3(Term("uri", identity.table(mapping.name, table.sheet)))
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    yield Strand(ontology.Property.FROM_TABLE, rows.select(ROW, "s", o=pl.lit(where)), _no_faults())
    number = '"' + pl.col(ROW).cast(pl.String) + pl.lit(f'"^^<{integer}>')
    yield Strand(ontology.Property.ROW_NUMBER, rows.select(ROW, "s", o=number), _no_faults())
    receipt = mapping.receipt
    if receipt.cited is not None:
        yield _cited(rows, receipt.cited.column, receipt.cited.split)
    if receipt.confidence is not None:
        stated = pl.col(receipt.confidence).str.strip_chars()
        made = rows.filter(stated != "").select(ROW, "s", o=quoted(stated))
        yield Strand(ontology.Property.CONFIDENCE, made, _no_faults())


def _cited(rows: pl.DataFrame, column: str, split: str | None) -> Strand:
    item = Property.model_validate(
        {"property": "sikg:citedSource", "column": column, "as": "iri", "split": split}
    )
    cells = _cells(item, rows)
    address = term(pl.col("value"), item, None)
    made = cells.select(ROW, "s", o=pl.coalesce(address, quoted(pl.col("value"))))
    return Strand(item.name, made, _no_faults())
