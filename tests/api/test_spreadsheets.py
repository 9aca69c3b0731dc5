"""Workbooks: numbers stay numbers, text stays text, and nothing becomes a formula."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest

from api import spreadsheets
from api.spreadsheets import as_xlsx
from graph.errors import ParameterError


def _cells(body: bytes, sheet: str = "Table") -> list[list[tuple[object, str]]]:
    book = openpyxl.load_workbook(BytesIO(body))
    return [[(cell.value, cell.data_type) for cell in row] for row in book[sheet].rows]


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("=1+1", ("=1+1", "s")),
        ("@sum", ("@sum", "s")),
        ("https://example.org", ("https://example.org", "s")),
        ("007", ("007", "s")),
        (7, (7, "n")),
        (Decimal("851530.25"), (851530.25, "n")),
        (True, (True, "b")),
        # A spreadsheet would round it.
        (Decimal("12345678901234567.89"), ("12345678901234567.89", "s")),
        ("\N{HEBREW LETTER ALEF}", ("\N{HEBREW LETTER ALEF}", "s")),
        # As spreadsheets write what XML cannot hold.
        ("\x01", ("_x0001_", "s")),
        (None, (None, "n")),
    ],
)
def test_a_cell_is_what_it_was(cell: object, read: tuple[object, str]) -> None:
    (_, (found, _)) = _cells(as_xlsx(["a", "b"], [(cell, "end")]))
    value, kind = found
    # The reader takes any text that begins with “=” for a formula; the file says what it is.
    assert (value, "s" if cell == "=1+1" else kind) == read


def test_no_formula_is_in_the_file() -> None:
    body = as_xlsx(["=head"], [("=HYPERLINK(1)",), ("+1",)], about=[("=a", "=b")])
    with ZipFile(BytesIO(body)) as file:
        sheets = [file.read(name) for name in file.namelist() if "worksheets/sheet" in name]
    assert len(sheets) == 2
    assert not any(b"<f>" in sheet for sheet in sheets)


def test_days_and_long_texts() -> None:
    body = as_xlsx(["a", "b"], [(date(2024, 5, 1), "x" * 40_000)])
    ((_, _), (day, long)) = _cells(body)
    assert day[1] == "d"
    assert len(str(long[0])) == 32_767
    assert str(long[0]).endswith("…")


def test_the_same_table_is_the_same_file() -> None:
    rows = [(1, "a"), (2, "b")]
    assert as_xlsx(["n", "t"], rows, about=[("x", 1)]) == as_xlsx(
        ["n", "t"], rows, about=[("x", 1)]
    )


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "ROWS", 3)
    assert len(_cells(as_xlsx(["n"], [(1,)] * 3))) == 4
    with pytest.raises(ParameterError, match="3 rows"):
        as_xlsx(["n"], [(1,)] * 4)
