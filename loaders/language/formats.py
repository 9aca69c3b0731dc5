"""Formats: how numbers are written in a column, declared by an example.

`1.234,56 €` says by its marks how all numbers of a column are written. A format reads a cell whole
or not at all: nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import polars as pl

# Blanks that stand between the thousands, or beside a currency.
BLANKS = " \u00a0\u2007\u2009\u202f"
_APOSTROPHES = "'\u2019"
_MINUS = "\u2212\u2013-"  # the hyphen last: between others it would stand for a range
_DIGITS = re.compile(r"\D*?([0-9].*[0-9])\D*", re.DOTALL)
_EXAMPLE = re.compile(rf"1([.,{_APOSTROPHES}{BLANKS}]?)234(?:([.,])([0-9]{{1,12}}))?")
_SCIENTIFIC = re.compile(r"1\.23456[eE]\+?0*3")
_EXPONENT = r"^\s*[+-]?[0-9]{1,18}(?:\.[0-9]{1,18})?(?:[eE][+-]?[0-9]{1,2})?\s*$"
_HUNDREDTH = -2
_THOUSANDTHS = 3


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How numbers are written: marks, what stands around them, and the power of ten they count."""

    group: str
    decimal: str
    before: str
    after: str
    places: int
    power: int = 0
    exponent: bool = False

    @classmethod
    @cache
    def parse(cls, example: str) -> NumberFormat:
        """Read a format from the number 1234.56 or 1234, written as the table does.

        It may be written as 1.23456E3 too. ValueError where it is another number.
        """
        if _SCIENTIFIC.fullmatch(example):
            return cls("", ".", "", "", _THOUSANDTHS, exponent=True)
        found = _DIGITS.fullmatch(example)
        core = _EXAMPLE.fullmatch(found[1]) if found else None
        if found is None or core is None:
            raise ValueError(
                f"{example!r} is no example: write the number 1234 or 1234.56 as the table does, "
                "such as '1.234,56 €'"
            )
        group, decimal, places = core[1], core[2] or "", core[3] or ""
        if group == decimal != "":
            raise ValueError(f"{example!r}: one mark cannot part both thousands and decimals")
        if set("()") & set(example):
            raise ValueError(f"{example!r}: numbers in brackets may be negative; none are read")
        begin = found.start(1)
        before, after = example[:begin].strip(), example[begin + len(found[1]) :].strip()
        power = _HUNDREDTH if "%" in before + after else 0
        return cls(group, decimal, before, after, len(places), power)

    def pattern(self) -> str:
        """Give the regular expression of a cell in this format, whose sign is group 1 or 2.

        Group 3 holds the digits before the decimal mark, with group marks; group 4 those after.
        """
        group = _marks(self.group)
        whole = rf"[0-9]{{1,3}}(?:{group}[0-9]{{3}})+|[0-9]+" if group else "[0-9]+"
        part = ""
        if self.decimal:
            # Three digits after a comma may as well be thousands: they are no decimals unless
            # the example says so.
            many = self.places >= _THOUSANDTHS or not (self.group or self.decimal == ",")
            digits = "[0-9]+" if many else "[0-9]{1,2}|[0-9]{4,}"
            part = rf"(?:{re.escape(self.decimal)}({digits}))?"
        blank = f"[{BLANKS}]*"
        after = f"(?:{_spaced(self.after)})?" if self.after else ""
        sign = f"([+{_MINUS}])"
        front = f"(?:{sign}{blank})?()"
        if self.before:  # the sign stands before or after the currency
            before = f"(?:{_spaced(self.before)})"
            front = f"(?:(?:{sign}{blank})?{before}?|{before}{blank}{sign})"
        number = f"({whole}){part or '()'}"
        return f"^{blank}{front}{blank}{number}{blank}{after}{blank}$"

    def matches(self, cell: str) -> bool:
        """Tell whether a cell is a number in this format."""
        pattern = _EXPONENT if self.exponent else self.pattern()
        return re.match(pattern, cell) is not None

    def plain(self, cell: pl.Expr) -> pl.Expr:
        """Write the cells of this format as `-1234.56`; null where a cell is in another."""
        if self.exponent:
            written = pl.when(cell.str.contains(_EXPONENT)).then(cell.str.strip_chars())
            return written.map_batches(_positional, return_dtype=pl.String)
        valid = cell.str.contains(self.pattern())
        if set(self.before + self.after) & set(f"0123456789.,{_MINUS}"):
            # What stands around the number would be taken for a part of it.
            parts = cell.str.extract_groups(self.pattern())
            cell = pl.concat_str(parts.struct[place].fill_null("") for place in (0, 1, 2))
            part = parts.struct[3].fill_null("")
            cell = pl.when(part == "").then(cell).otherwise(cell + self.decimal + part)
        number = cell.str.replace_all(f"[^0-9{re.escape(self.decimal)}]", "")
        if self.decimal == ",":
            number = number.str.replace(",", ".", literal=True)
        minus = cell.str.contains(f"[{_MINUS}]")
        number = scaled(number, self.power)
        return pl.when(valid).then(pl.when(minus).then("-" + number).otherwise(number))


def _positional(cells: pl.Series) -> pl.Series:
    """Write out powers of ten, each number once however often it stands."""
    unique = cells.drop_nulls().unique()
    written = pl.Series([f"{Decimal(cell):f}" for cell in unique], dtype=pl.String)
    return cells.replace_strict(unique, written, default=None, return_dtype=pl.String)


def scaled(number: pl.Expr, power: int) -> pl.Expr:
    """Move the point of a plain number by a power of ten."""
    if power == 0:
        return number
    parts = number.str.extract_groups(r"^([+-]?)([0-9]+)(?:\.([0-9]+))?$")
    digits, decimals = _shifted(parts.struct[1], parts.struct[2].fill_null(""), power)
    return parts.struct[0] + pl.when(decimals == "").then(digits).otherwise(digits + "." + decimals)


def _shifted(whole: pl.Expr, part: pl.Expr, power: int) -> tuple[pl.Expr, pl.Expr]:
    if power > 0:
        padded = part.str.pad_end(power, "0")
        return whole + padded.str.slice(0, power), padded.str.slice(power)
    if power < 0:
        padded = whole.str.pad_start(1 - power, "0")
        length = padded.str.len_chars().cast(pl.Int64)
        return padded.str.slice(0, length + power), padded.str.slice(length + power) + part
    return whole, part


def _marks(mark: str) -> str:
    if not mark:
        return ""
    kin = next((set_ for set_ in (BLANKS, _APOSTROPHES) if mark in set_), mark)
    return f"[{re.escape(kin)}]" if len(kin) > 1 else re.escape(kin)


def _spaced(words: str) -> str:
    """Give the expression of a text whose blanks may be of any kind, or missing."""
    return f"[{BLANKS}]*".join(re.escape(word) for word in words.split())


def agreed(readings: list[pl.Expr]) -> pl.Expr:
    """Give what the readings of a cell agree on; null where none reads it, or two differ."""
    first = pl.coalesce(readings)
    differing = pl.lit(value=False)
    for reading in readings:
        differing = differing | (reading.is_not_null() & (reading != first))
    return pl.when(~differing).then(first)
