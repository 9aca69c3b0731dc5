"""Transforms: from a column of cells to a column of RDF terms in canonical N-Quads.

Each is a polars expression over text cells that gives null where a cell cannot be such a value.
Nothing here loops over rows but for the few keys that need percent-encoding.
"""

from __future__ import annotations

import polars as pl

from graph.identity import encode_key
from graph.terms import XSD
from loaders.mapping import Property, ValueType

_ABSOLUTE_IRI = r"^[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+$"
_SCHEMES = r"^(?i)(https?|urn|mailto|ftp|doi|tel):"
_UNRESERVED = r"^[A-Za-z0-9_~-][A-Za-z0-9._~-]*$"
_LANGUAGE = r"^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$"
_INTEGER = r"^[+-]?\d{1,18}$"
_DECIMAL = r"^[+-]?\d{1,24}(\.\d{1,12})?$"
_CONTROLS = "".join(map(chr, [*range(0x20), 0x7F]))
_NAMED_ESCAPES = {"\t": "\\t", "\n": "\\n", "\r": "\\r", "\b": "\\b", "\f": "\\f"}

REASONS: dict[ValueType, str] = {
    "text": "no text with a well-formed language tag",
    "string": "no text",
    "integer": "no whole number such as 12",
    "decimal": "no amount such as 1250.50",
    "date": "no date of the calendar such as 2021, 2021-05 or 2021-05-14",
    "iri": "no absolute address: spaces, quotes and angle brackets must be percent-encoded",
}


def quoted(cell: pl.Expr) -> pl.Expr:
    """Quote and escape text (RDF 1.1 N-Quads, section 4, canonical form)."""
    escaped = cell.str.replace_all("\\", "\\\\", literal=True)
    escaped = escaped.str.replace_all('"', '\\"', literal=True)
    controls = {ord(c): _NAMED_ESCAPES.get(c, f"\\u{ord(c):04X}") for c in _CONTROLS}
    has_control = escaped.str.contains(r"[\x00-\x1f\x7f]")
    escaped = (
        pl.when(has_control)
        .then(escaped.str.replace_many([chr(code) for code in controls], list(controls.values())))
        .otherwise(escaped)
    )
    return '"' + escaped + pl.lit('"')


def encoded_key(cell: pl.Expr) -> pl.Expr:
    """Percent-encode keys; only those with other than unreserved characters leave polars."""
    return (
        pl.when(cell.str.contains(_UNRESERVED))
        .then(cell)
        .otherwise(cell.map_batches(_encode_others, return_dtype=pl.String))
    )


def _encode_others(cells: pl.Series) -> pl.Series:
    plain = cells.str.contains(_UNRESERVED)
    keys = cells.filter(~plain & cells.is_not_null()).unique().to_list()
    if not keys:
        return cells
    return cells.replace(keys, [encode_key(key) for key in keys])


def slugged(cell: pl.Expr) -> pl.Expr:
    """Turn a code of a table into the key of its concept: `lead_partner` to `lead-partner`."""
    return cell.str.replace_all("_", "-", literal=True)


def term(cell: pl.Expr, item: Property, language: pl.Expr | None) -> pl.Expr:
    """Give the term of a cell as its property asks; null where the cell cannot be one."""
    if item.kind == "text":
        tag = language if language is not None else pl.lit("und")
        valid = tag.str.contains(_LANGUAGE)
        return pl.when(valid).then(quoted(cell) + "@" + tag)
    if item.kind == "string":
        return quoted(cell)
    if item.kind == "integer":
        return pl.when(cell.str.contains(_INTEGER) & _within(cell, item)).then(
            _typed(cell, "integer")
        )
    if item.kind == "decimal":
        return pl.when(cell.str.contains(_DECIMAL) & _within(cell, item)).then(
            _typed(cell, "decimal")
        )
    if item.kind == "date":
        return _date(cell)
    return _iri(cell, item.template)


def _typed(cell: pl.Expr, datatype: str) -> pl.Expr:
    return '"' + cell + pl.lit(f'"^^<{XSD}{datatype}>')


def _within(cell: pl.Expr, item: Property) -> pl.Expr:
    number = cell.cast(pl.Float64, strict=False)
    bounds = pl.lit(value=True)
    if item.min is not None:
        bounds = bounds & (number >= item.min)
    if item.max is not None:
        bounds = bounds & (number <= item.max)
    return bounds


def _date(cell: pl.Expr) -> pl.Expr:
    whole = cell.str.contains(r"^\d{4}-\d{2}-\d{2}$")
    real = cell.str.to_date("%Y-%m-%d", strict=False).is_not_null()
    month = cell.str.contains(r"^\d{4}-(0[1-9]|1[0-2])$")
    return (
        pl.when(whole & real)
        .then(_typed(cell, "date"))
        .when(month)
        .then(_typed(cell, "gYearMonth"))
        .when(cell.str.contains(r"^\d{4}$"))
        .then(_typed(cell, "gYear"))
    )


def _iri(cell: pl.Expr, template: str | None) -> pl.Expr:
    if template is not None:
        before, after = template.split("{}")
        return f"<{before}" + encoded_key(cell) + pl.lit(f"{after}>")
    valid = cell.str.contains(_ABSOLUTE_IRI) & cell.str.contains(_SCHEMES)
    return pl.when(valid).then("<" + cell + pl.lit(">"))
