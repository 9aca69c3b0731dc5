"""The engine: apply a mapping to a table, column by column.

A value column becomes a *strand*: the rows it comes from, and the subject and object term of
each statement; the predicate is the same for all. Strands are first used to find faulty rows,
and again, in slices, to write the statements: recomputing costs less than keeping them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

import ontology
from graph.errors import MappingError
from graph.identity import Identity
from graph.terms import Term, n3
from loaders.mapping import Choice, Condition, Entity, Property, SourceMapping, placeholders
from loaders.mistakes import nearest
from loaders.readers import ROW, Problem, Table
from loaders.transforms import REASONS, encoded_key, quoted, slugged, term

# The keys that exist of each kind of entity, each once.
Keys = Mapping[str, pl.Series]

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_NO_KEYS = pl.Series(dtype=pl.String)
_SHOWN = 80
_REFERENCE = "refers to no {kinds} that exists"


@dataclass(frozen=True, slots=True)
class Strand:
    """Statements of one predicate: a frame of `__row`, `s`, `o`, and what is wrong with others.

    `s` and `o` are terms in canonical N-Quads; rows whose cell makes no term stand in `faults`
    with the cell as `value`.
    """

    predicate: str
    frame: pl.DataFrame
    faults: pl.DataFrame
    reason: str = ""
    column: str | None = None


@dataclass
class Engine:
    """Applies one mapping to tables under one identity.

    `known` gives the keys that exist, by kind; references are checked against it. Where it is
    None, references are taken as they are, to the first kind that the mapping names.
    """

    mapping: SourceMapping
    identity: Identity
    known: Keys | None = None
    _ignored: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self._ignored = set(self.mapping.ignore)

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

    def keys(self, frame: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
        """Give, for each entity, its kind and a frame of `__row` and the raw `key`."""
        for entity in self.mapping.entities.values():
            keyed = self._rows_of(entity, frame).select(ROW, key=_key(entity))
            yield entity.type, keyed.filter(pl.col("key").is_not_null())

    def strands(self, frame: pl.DataFrame) -> Iterator[Strand]:
        """Give the statements of a frame, predicate by predicate."""
        for entity in self.mapping.entities.values():
            rows = self._rows_of(entity, frame).with_columns(s=self._subject(entity))
            rows = rows.filter(pl.col("s").is_not_null())
            yield self._types(entity, rows)
            for item in entity.properties:
                yield self._property(item, rows)

    def faults(self, table: Table) -> list[Problem]:
        """Find every cell that makes no term, key that is missing or stands twice."""
        found = list(self._key_faults(table))
        for strand in self.strands(table.frame):
            for row, value in strand.faults.select(ROW, "value").iter_rows():
                found.append(
                    Problem(table.path.name, row, strand.column, value[:_SHOWN], strand.reason)
                )
        return found

    def _key_faults(self, table: Table) -> Iterator[Problem]:
        for entity in self.mapping.entities.values():
            rows = self._rows_of(entity, table.frame).select(ROW, key=_key(entity))
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

    def _rows_of(self, entity: Entity, frame: pl.DataFrame) -> pl.DataFrame:
        return frame if entity.when is None else frame.filter(_condition(entity.when))

    def _subject(self, entity: Entity) -> pl.Expr:
        prefix = f"<{self.identity.base}id/{entity.type}/"
        return prefix + encoded_key(_key(entity)) + pl.lit(">")

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
        if item.map is not None:
            mapped = pl.col("value").replace_strict(
                list(item.map), list(item.map.values()), default=None, return_dtype=pl.String
            )
            cells = cells.with_columns(mapped=mapped)
        else:
            cells = cells.with_columns(mapped=pl.col("value"))
        if item.segments:
            made = cells.select(ROW, "s", "value", o=self._reference(item))
            reason = _REFERENCE.format(kinds=" or ".join(item.segments))
        else:
            language = _language(item)
            made = cells.select(ROW, "s", "value", o=term(pl.col("mapped"), item, language))
            reason = _reason(item)
        return _parted(item.name, made, reason, item.column)

    def _link(self, item: Property, rows: pl.DataFrame) -> Strand:
        target = self.mapping.entities[item.entity or ""]
        linked = self._rows_of(target, rows).select(ROW, "s", o=self._subject(target))
        return Strand(item.name, linked.filter(pl.col("o").is_not_null()), _no_faults())

    def _reference(self, item: Property) -> pl.Expr:
        cell = pl.col("mapped")
        found: pl.Expr = pl.lit(None, dtype=pl.String)
        for segment in reversed(item.segments):
            key = slugged(cell) if segment in ontology.concept_segments() else cell
            made = f"<{self.identity.base}id/{segment}/" + encoded_key(key) + pl.lit(">")
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
    return cells.filter(pl.col("value") != "")


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
    return REASONS[item.kind] + bounds


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
    return cell != "" if when.among is None else cell.is_in(list(when.among))


def _key(entity: Entity) -> pl.Expr:
    """Fill the key template; null where one of its columns is empty."""
    parts: list[pl.Expr] = []
    rest = entity.key
    for name in placeholders(entity.key):
        before, rest = rest.split(f"{{{name}}}", 1)
        cell = pl.col(name).str.strip_chars()
        parts += [pl.lit(before), pl.when(cell != "").then(cell)]
    key = pl.concat_str([*parts, pl.lit(rest)])
    return slugged(key) if entity.type in ontology.concept_segments() else key


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
