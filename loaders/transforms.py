"""Transforms: from a column of cells to a column of RDF terms in canonical N-Quads.

Each is a polars expression over text cells that gives null where a cell cannot be such a value.
Nothing here loops over rows but for the few keys that need percent-encoding.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from graph.identity import encode_key
from graph.terms import XSD
from loaders.language.dates import DateFormat
from loaders.language.formats import NumberFormat, agreed, scaled
from loaders.language.properties import Property, ValueType

# The grammar of RFC 3987, section 2.2, for the schemes that stand in tables. A laxer one would
# let through what parsers of the written statements refuse.
_LETTERS = (
    r"\x{A0}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFEF}"
    + "".join(rf"\x{{{plane:X}0000}}-\x{{{plane:X}FFFD}}" for plane in range(1, 14))
    + r"\x{E1000}-\x{EFFFD}"
)
_PLAIN = rf"A-Za-z0-9._~!$&'()*+,;=\-{_LETTERS}"
_PERCENT = "%[0-9A-Fa-f]{2}"
_HOST = rf"(\[[0-9A-Fa-f:.]+\]|([{_PLAIN}]|{_PERCENT})+)"
_AUTHORITY = rf"(([{_PLAIN}:]|{_PERCENT})*@)?{_HOST}(:[0-9]*)?"
_PATH = rf"([{_PLAIN}:@/]|{_PERCENT})"
_TAIL = rf"(\?([{_PLAIN}:@/?]|{_PERCENT})*)?(#([{_PLAIN}:@/?]|{_PERCENT})*)?"
_WEB = rf"^(?i:https?|ftp)://{_AUTHORITY}(/{_PATH}*)?{_TAIL}$"
_OTHER = rf"^(?i:urn|mailto|doi|tel):{_PATH}+{_TAIL}$"
_UNRESERVED = r"^[A-Za-z0-9_~-][A-Za-z0-9._~-]*$"
_LANGUAGE = r"^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$"
# Not \d, which fits the digits of every script. The lengths are what the store counts with.
_INTEGER = r"^[+-]?[0-9]{1,18}$"
_DECIMAL = r"^[+-]?[0-9]{1,18}(\.[0-9]{1,18})?$"
_YEAR = r"([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_ISO = rf"^{_YEAR}(-[0-9]{{2}}){{0,2}}$"
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
        return pl.when(valid).then(quoted(cell) + "@" + tag.str.to_lowercase())
    if item.kind == "string":
        return quoted(cell)
    if item.kind in {"integer", "decimal"}:
        plain = number(cell, item.numbers, item.power)
        form = _INTEGER if item.kind == "integer" else _DECIMAL
        return pl.when(plain.str.contains(form) & _within(plain, item)).then(
            _typed(_canonical_number(plain), item.kind)
        )
    if item.kind == "date":
        return _date(_iso(cell, item.dates))
    return _iri(cell, item.template)


def number(cell: pl.Expr, examples: Sequence[str] | None, power: int = 0) -> pl.Expr:
    """Write the numbers of a column plainly, as `-1234.56`, times a power of ten.

    Without examples the cells are plain already. A cell in none of the formats, or one that two
    of them read differently, gives null.
    """
    if examples:
        cell = agreed([NumberFormat.parse(example).plain(cell) for example in examples])
    return scaled(cell, power)


def _iso(cell: pl.Expr, forms: Sequence[str] | None) -> pl.Expr:
    if not forms:
        return cell
    written = pl.when(cell.str.contains(_ISO)).then(cell)
    return agreed([written, *(DateFormat.parse(form).iso(cell) for form in forms)])


def _canonical_number(cell: pl.Expr) -> pl.Expr:
    """Write a number as the store does: `+0.80` as `0.8`, `1250.00` as `1250`.

    The store keeps numbers by value, so that any other writing would not come back from it.
    """
    plain = cell.str.strip_prefix("+").str.replace(r"^(-?)0+([0-9])", "${1}${2}")
    short = plain.str.strip_chars_end("0").str.strip_chars_end(".")
    number = pl.when(plain.str.contains(".", literal=True)).then(short).otherwise(plain)
    return pl.when(number == "-0").then(pl.lit("0")).otherwise(number)


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
    whole = cell.str.contains(rf"^{_YEAR}-[0-9]{{2}}-[0-9]{{2}}$")
    real = cell.str.to_date("%Y-%m-%d", strict=False).is_not_null()
    month = cell.str.contains(rf"^{_YEAR}-(0[1-9]|1[0-2])$")
    return (
        pl.when(whole & real)
        .then(_typed(cell, "date"))
        .when(month)
        .then(_typed(cell, "gYearMonth"))
        .when(cell.str.contains(rf"^{_YEAR}$"))
        .then(_typed(cell, "gYear"))
    )


def _iri(cell: pl.Expr, template: str | None) -> pl.Expr:
    if template is not None:
        before, after = template.split("{}")
        return f"<{before}" + encoded_key(cell) + pl.lit(f"{after}>")
    valid = cell.str.contains(_WEB) | cell.str.contains(_OTHER)
    return pl.when(valid).then("<" + cell + pl.lit(">"))
