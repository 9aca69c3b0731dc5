"""Write solutions as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import polars as pl

from graph.second.algebra import UnsuitedError
from graph.second.image import DATATYPES, Image, Kind
from graph.second.relations import Relation, Type
from graph.terms import XSD, Term, n3

# Rows that are written; who asks for more waits for the store.
MAX_ROWS = 1_000_000


def as_tsv(image: Image, relation: Relation) -> bytes:
    """Write solutions in the TSV format of SPARQL 1.1 results."""
    names = relation.names
    if relation.frame.height > MAX_ROWS:
        raise UnsuitedError("many rows")
    columns = [_column(image, relation.frame[name], relation.types[name]) for name in names]
    lines = ["\t".join(f"?{name}" for name in names)]
    lines.extend(map("\t".join, zip(*columns, strict=True)))
    return ("\n".join(lines) + "\n").encode()


def _column(image: Image, values: pl.Series, kind: Type) -> Iterable[str]:
    """Give the term of each row for one variable; empty where it is unbound."""
    write = _writer(image, kind)
    found = {value: write(value) for value in values.drop_nulls().unique()}
    return (found.get(value, "") for value in values)


def _writer(image: Image, kind: Type) -> Callable[[object], str]:
    match kind.name:
        case "term":
            return lambda value: _term(image, int(str(value)))
        case "integer":
            return lambda value: f'"{value}"^^<{XSD}integer>'
        case "decimal":
            return lambda value: f'"{_decimal(int(str(value)), kind.scale)}"^^<{XSD}decimal>'
        case "boolean":
            return lambda value: f'"{str(value).lower()}"^^<{XSD}boolean>'
        case "text" if not kind.tagged:
            return lambda value: n3(Term("literal", str(value)))
    raise UnsuitedError("texts with languages as values")


def _decimal(value: int, scale: int) -> str:
    whole, part = divmod(abs(value), 10**scale)
    digits = f"{part:0{scale}d}".rstrip("0") if scale else ""
    return f"{'-' if value < 0 else ''}{whole}{'.' if digits else ''}{digits}"


def _term(image: Image, number: int) -> str:
    kind = image.kind(number)
    value = image.value(number)
    match kind:
        case Kind.IRI:
            return f"<{value}>"
        case Kind.BLANK:
            return f"_:{value}"
        case Kind.TAGGED:
            return n3(Term("literal", value, image.language(number)))
        case Kind.OTHER:
            return value  # kept as it was written
    return n3(Term("literal", value, datatype=DATATYPES.get(kind)))
