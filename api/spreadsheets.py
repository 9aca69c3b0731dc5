"""Tables as workbooks of spreadsheets (XLSX), in which no data is ever a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

import xlsxwriter

from graph.errors import ParameterError
from graph.formats import Format

XLSX = Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
ROWS = 1_048_575  # of a sheet, below its heading

_LONGEST = 32_767  # characters of a cell
_EXACT = 15  # digits that a spreadsheet keeps of a number
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001  # the same table is the same bytes, whenever it is made
_WIDEST = 60  # characters that a column shows without being drawn wider
_LOOKED_AT = 200  # rows that the width of columns goes by
# Text stays text, whatever it begins with, and numbers are those that are given as numbers.
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": True,
}


def as_xlsx(
    heads: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    about: Iterable[Sequence[object]] = (),
) -> bytes:
    """Write a table as a workbook of one sheet; `about` becomes the rows of a second.

    None is an empty cell, int, float and Decimal are numbers while a spreadsheet keeps all of
    their digits, and everything else is text. ParameterError where the rows are too many.
    """
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, _OPTIONS)
    book.set_properties({"created": _MADE})
    bold = book.add_format({"bold": True, "bottom": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("Table")
    for place, head in enumerate(heads):
        sheet.write_string(0, place, head, bold)
    sheet.freeze_panes(1, 0)
    first = _fill(sheet, rows, day, 1)
    for place, head in enumerate(heads):
        longest = max((len(str(row[place])) for row in first if place < len(row)), default=0)
        sheet.set_column(place, place, min(max(len(head), longest) + 2, _WIDEST))
    lines = list(about)
    if lines:
        second = book.add_worksheet("About")
        _fill(second, lines, day, 0)
        second.set_column(0, 0, 24)
        second.set_column(1, 1, _WIDEST)
    book.close()
    return file.getvalue()


def _fill(
    sheet: Any,  # noqa: ANN401  # XlsxWriter has no types
    rows: Iterable[Sequence[object]],
    day: object,
    top: int,
) -> list[Sequence[object]]:
    """Write rows from a line on; give the first, by which columns are made wide enough."""
    first: list[Sequence[object]] = []
    for line, row in enumerate(islice(rows, ROWS + 1), top):
        if line >= top + ROWS:
            raise ParameterError(
                f"a sheet holds {ROWS:,} rows and this table has more: filter, or take CSV"
            )
        if len(first) < _LOOKED_AT:
            first.append(row)
        for place, cell in enumerate(row):
            _write(sheet, line, place, cell, day)
    return first


def _write(
    sheet: Any,  # noqa: ANN401  # XlsxWriter has no types
    line: int,
    place: int,
    cell: object,
    day: object,
) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, bool):
        sheet.write_boolean(line, place, cell)
    elif isinstance(cell, int | float | Decimal) and _is_kept(cell):
        sheet.write_number(line, place, cell)
    elif isinstance(cell, date) and not isinstance(cell, datetime):
        sheet.write_datetime(line, place, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001  # a day has no zone
    else:
        text = str(cell)
        sheet.write_string(
            line, place, text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
        )


def _is_kept(value: float | Decimal) -> bool:
    """Tell whether a spreadsheet, which counts in binary, keeps all digits of a number."""
    if isinstance(value, float):
        return True
    return len(Decimal(value).normalize().as_tuple().digits) <= _EXACT
