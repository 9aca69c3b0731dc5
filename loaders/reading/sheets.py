"""Workbooks: one sheet as records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from loaders.language.rows import Rows
from loaders.reading.records import Body, Record, headed
from loaders.reading.workbooks import read_sheet


def read_workbook(path: Path, content: bytes, rows: Rows) -> Body:
    """Read the sheet that the mapping names, or the first."""
    sheet = read_sheet(path, content, rows.sheet)
    records: Iterator[Record] = iter(enumerate(sheet.rows, start=1))
    header, data = headed(path, records, rows)
    return Body(
        header,
        data,
        padded=True,
        sheet=sheet.name,
        merged=sheet.merged,
        notes=sheet.notes,
    )
