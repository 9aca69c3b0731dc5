"""Spreadsheets: the workbook of a workspace, with drop-downs, and a note on each heading.

Everything is written as text: a cell of ours is never a formula or a link.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from loaders.workspaces.choices import Choices, read_choices
from loaders.workspaces.tables import Column, Language, Tables, folder, read_tables

ROWS = 5000  # that are prepared for filling in; more may be written below
_FORMATS = {"amount": "#,##0.00", "year": "0"}
_TEXT = "@"  # so that 2026-05 stays as it is typed, and becomes no day
_YEARS = (1900, 2100)
_NOTE = {"x_scale": 2.2, "y_scale": 1.4, "font_size": 10}


def write_workbook(path: Path, language: Language) -> None:
    """Write the empty workbook of a language."""
    tables = read_tables()
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        head = book.add_format(
            {"bold": True, "bg_color": "#1f4e79", "font_color": "#ffffff", "text_wrap": True}
        )
        _write_guide(book, tables, language)
        sheets = {
            name: book.add_worksheet(sheet.title[language]) for name, sheet in tables.sheets.items()
        }
        ranges = _write_lists(book, tables, language)
        for name, sheet in tables.sheets.items():
            target = sheets[name]
            target.freeze_panes(1, 0)
            target.set_row(0, 32)
            for place, column in enumerate(sheet.columns_in(language)):
                cells = book.add_format(
                    {"num_format": _FORMATS.get(column.kind, _TEXT), "valign": "top"}
                )
                target.set_column(place, place, column.width, cells)
                target.write_string(0, place, column.label[language], head)
                target.write_comment(0, place, tables.note(column, language), _NOTE)
                rule = _rule(column, tables, language, ranges)
                if rule:
                    target.data_validation(1, place, ROWS, place, rule)
        sheets[next(iter(sheets))].activate()


def _write_guide(book: Any, tables: Tables, language: Language) -> None:  # noqa: ANN401  # untyped
    sheet = book.add_worksheet(tables.guide[language])
    sheet.set_column(0, 0, 100)
    lines = (folder() / "text" / f"guide.{language}.txt").read_text(encoding="utf-8").splitlines()
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, book.add_format({"bold": row == 0, "text_wrap": True}))


def _write_lists(
    book: Any,  # noqa: ANN401  # untyped
    tables: Tables,
    language: Language,
) -> Mapping[str, str]:
    """Write what drop-downs offer into a sheet of its own; give where each list stands."""
    sheet = book.add_worksheet(tables.lists[language])
    sheet.hide()
    used = {column.choices for item in tables.sheets.values() for column in item.columns}
    ranges: dict[str, str] = {}
    lists: dict[str, Choices] = read_choices(language)
    for place, name in enumerate(sorted(used & set(lists), key=str)):
        offered = lists[str(name)].offered
        sheet.write_string(0, place, str(name))
        sheet.write_column(1, place, offered)
        letter = xl_col_to_name(place)
        title = tables.lists[language]
        ranges[str(name)] = f"='{title}'!${letter}$2:${letter}${len(offered) + 1}"
    for name, item in tables.sheets.items():
        first = f"'{item.title[language]}'!$A$2"
        whole = f"{first}:$A${ROWS + 1}"
        # As long as what is filled in: a list with empty cells would take any value.
        ranges[name] = f"=OFFSET({first},0,0,MAX(1,COUNTA({whole})),1)"
    return ranges


def _rule(
    column: Column, tables: Tables, language: Language, ranges: Mapping[str, str]
) -> dict[str, Any] | None:
    if column.kind == "amount":
        return {"validate": "decimal", "criteria": ">=", "value": 0}
    if column.kind == "year":
        low, high = _YEARS
        return {"validate": "integer", "criteria": "between", "minimum": low, "maximum": high}
    if column.choices is None:
        return None
    of_sheet = column.choices in tables.sheets
    return {
        "validate": "list",
        "source": ranges[column.choices],
        # Several values are no value of the list, and a code may be written before its row.
        "show_error": not column.several,
        "error_type": "warning" if of_sheet else "stop",
        "error_title": column.label[language],
        "error_message": tables.refused[language],
    }
