"""The rate of co-financing times an amount is what it gives, within rounding, or a note says so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from graph.identity import Identity
from graph.report import Note
from loaders.agreement import disagreements
from loaders.building.check import check_sources, read_sources
from loaders.language.mapping import read_mapping
from loaders.reading.readers import ROW

MAPPING = """
name: operations
title: A list
publisher: A test
licence: https://creativecommons.org/publicdomain/zero/1.0/
version: "1"
retrieved: 2026-01-01
rows: {{file: list.csv}}
entities:
  project: {{type: project, class: Project, key: "{{id}}"}}
cross_checks:
  - rate: {rate}
    of: {{column: eligible}}
    gives: {gives}
"""
PLAIN, ONE = "{column: rate}", "[{column: eu}]"


def _notes(
    folder: Path, rows: Sequence[tuple[str, ...]], rate: str = PLAIN, gives: str = ONE
) -> list[Note]:
    path = folder / "operations.yaml"
    path.write_text(MAPPING.format(rate=rate, gives=gives), "utf-8")
    names = ("id", "rate", "eligible", "eu", "more")
    cells = [
        dict(zip(names, (str(place), *row, ""), strict=False)) for place, row in enumerate(rows)
    ]
    frame = pl.DataFrame(
        {name: [row.get(name, "") for row in cells] for name in names}
    ).with_columns(pl.Series(ROW, range(2, len(rows) + 2)))
    return list(disagreements(read_mapping(path), frame))


@pytest.mark.parametrize(
    ("rate", "eligible", "eu", "agrees"),
    [
        ("0.85", "1000.00", "850.00", True),
        ("0.85", "1000.00", "855.00", True),  # 85.5 % is written so, too
        ("0.85", "1000.00", "855.02", False),
        ("0.85", "1000.00", "844.98", False),
        ("0.8500", "1000.00", "850.05", True),
        ("0.8512", "1000.00", "851.25", True),
        ("0.8512", "1000.00", "851.27", False),
        ("0.5", "1000000", "500000", True),
        ("0.5", "1000000", "400000", False),
        ("85", "1000.00", "850.00", False),  # a rate in per cent that the mapping calls a share
        ("0.85", "0", "0", True),
        ("0.85", "0", "1", False),
        # Binary fractions of this size are wrong by more than a cent.
        ("0.8500", "100000000000000.00", "85005000000000.00", True),
        ("0.8500", "100000000000000.00", "85005000000000.01", False),
        ("0.333333333333", "3000.00", "1000.00", True),  # the binary fraction of a workbook
    ],
)
def test_a_row_agrees_within_the_digits_that_are_written(
    tmp_path: Path, rate: str, eligible: str, eu: str, *, agrees: bool
) -> None:
    assert (_notes(tmp_path, [(rate, eligible, eu)]) == []) is agrees


def test_the_note_counts_rows_and_shows_the_first(tmp_path: Path) -> None:
    rows = [
        ("0.50", "100.00", "50.00"),
        ("0.50", "100.00", "60.00"),
        ("0.50", "", "60.00"),
        ("unknown", "100.00", "60.00"),
        ("0.50", "200.00", "10.00"),
    ]
    (note,) = _notes(tmp_path, rows)
    assert (note.kind, note.column, note.row, note.count) == ("rate-differs", "eu", 3, 2)
    assert "2 of 3 rows" in note.text
    assert "0.50 times 100.00 is 50.00, and 60.00 stands there" in note.text


def test_formats_scales_and_several_amounts_are_read(tmp_path: Path) -> None:
    percent = '{column: rate, numbers: "1234,56 %"}'
    both = "[{column: eu}, {column: more, empty: [none]}]"
    assert _notes(tmp_path, [("50 %", "100.00", "50.00")], percent) == []
    assert _notes(tmp_path, [("50,00 %", "100.00", "51.00")], percent)
    assert _notes(tmp_path, [("50", "100.00", "50.00")], "{column: rate, scale: 0.01}") == []
    assert _notes(tmp_path, [("0.50", "100.00", "30.00", "20.00")], gives=both) == []
    assert _notes(tmp_path, [("0.50", "100.00", "30.00", "10.00")], gives=both)
    assert _notes(tmp_path, [("0.50", "100.00", "30.00", "none")], gives=both) == []


def test_the_report_of_a_source_has_the_note(tmp_path: Path) -> None:
    path = tmp_path / "operations.yaml"
    path.write_text(MAPPING.format(rate=PLAIN, gives=ONE), "utf-8")
    (tmp_path / "list.csv").write_text("id,rate,eligible,eu\na,0.50,100.00,60.00\n", "utf-8")
    sources = read_sources([read_mapping(path)], tmp_path)
    check_sources(sources, Identity(), {})
    (note,) = sources[0].report().notes
    assert (note.kind, note.row, note.count) == ("rate-differs", 2, 1)
