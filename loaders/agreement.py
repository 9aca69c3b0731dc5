"""Agreement: whether the amounts of a row fit its rate of co-financing, within rounding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

import polars as pl

from graph.report import Note
from loaders.language.mapping import Amount, CrossCheck, SourceMapping
from loaders.reading.readers import ROW
from loaders.transforms import number

# A share is taken to be exact to a whole per cent at least, and to a hundredth of one at most; an
# amount to the cent at most. Between these the digits of the column count and not of the cell: a
# workbook drops the zeros that end a number, and adds digits that mean nothing to others.
_RATE_DIGITS = (2, 4)
_AMOUNT_DIGITS = (0, 2)
_DOUBTFUL = 1e-9  # of an amount: what binary fractions may be wrong by, many times over


class _Row(NamedTuple):
    """The numbers of a row: a rate, the amount that it is of, and the sum that is given."""

    row: int
    rate: Decimal
    of: Decimal
    given: Decimal


def disagreements(mapping: SourceMapping, rows: pl.DataFrame) -> Iterator[Note]:
    """Note, for each check of a mapping, rows whose rate times an amount is not what it gives.

    Rows in which one of the numbers is missing are passed over.
    """
    for check in mapping.cross_checks:
        columns = {"rate": check.rate, "of": check.of} | {
            f"gives {place}": amount for place, amount in enumerate(check.gives)
        }
        numbers = rows.select(
            ROW, *(_plain(amount).alias(name) for name, amount in columns.items())
        ).drop_nulls()
        gives = [name for name in columns if name.startswith("gives")]
        exact = {
            name: _half_unit(numbers[name], _RATE_DIGITS if name == "rate" else _AMOUNT_DIGITS)
            for name in columns
        }
        apart = [found for found in _doubtful(numbers, gives, exact) if _differs(found, exact)]
        if apart:
            yield _note(check, apart, len(numbers))


def _plain(amount: Amount) -> pl.Expr:
    """Read a column as plain numbers in text; null where a cell is empty or no number."""
    cell = pl.col(amount.column).str.strip_chars()
    if amount.empty is not None:
        cell = pl.when(~cell.is_in(amount.empty)).then(cell)
    plain = number(cell, amount.numbers, amount.power)
    return pl.when(plain.str.contains(r"^[+-]?[0-9]+(\.[0-9]+)?$")).then(plain)


def _half_unit(numbers: pl.Series, bounds: tuple[int, int]) -> Decimal:
    """Give half a unit of the last digit that the numbers of a column have behind the point."""
    least, most = bounds
    digits = numbers.str.extract(r"\.([0-9]+)").str.len_chars().cast(pl.Int64).max()
    found = min(max(digits if isinstance(digits, int) else 0, least), most)
    return Decimal(5).scaleb(-found - 1)


def _doubtful(
    numbers: pl.DataFrame, gives: Sequence[str], exact: Mapping[str, Decimal]
) -> Iterator[_Row]:
    """Give the rows that a rough look does not clear; which of them differ is exact arithmetic."""
    rate, of = (pl.col(name).cast(pl.Float64) for name in ("rate", "of"))
    given = pl.sum_horizontal(pl.col(name).cast(pl.Float64) for name in gives)
    room = (
        of.abs() * float(exact["rate"])
        + rate.abs() * float(exact["of"])
        + sum(float(exact[name]) for name in gives)
    )
    rough = (rate * of - given).abs() > room - _DOUBTFUL * (of.abs() + given.abs())
    for row in numbers.filter(rough).iter_rows(named=True):
        total = sum((Decimal(row[name]) for name in gives), Decimal(0))
        yield _Row(row[ROW], Decimal(row["rate"]), Decimal(row["of"]), total)


def _differs(row: _Row, exact: Mapping[str, Decimal]) -> bool:
    """Tell whether no numbers that are rounded to those of a row could agree."""
    room = abs(row.of) * exact["rate"] + abs(row.rate) * exact["of"] + exact["rate"] * exact["of"]
    room += sum(half for name, half in exact.items() if name.startswith("gives"))
    return abs(row.rate * row.of - row.given) > room


def _note(check: CrossCheck, apart: Sequence[_Row], checked: int) -> Note:
    first = apart[0]
    expected = (first.rate * first.of).quantize(Decimal("0.01"))
    names = " and ".join(f"“{amount.column}”" for amount in check.gives)
    return Note(
        kind="rate-differs",
        text=(
            f"In {len(apart)} of {checked} rows “{check.rate.column}” times “{check.of.column}” is "
            f"not {names}, even within rounding; in the first of them {first.rate:f} times "
            f"{first.of:f} is {expected:f}, and {first.given:f} stands there."
        ),
        column=check.gives[0].column,
        row=first.row,
        count=len(apart),
    )
