"""Sheets made for people become records, only by what the mapping says, and all of it is noted."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter
from pydantic import ValidationError

from graph.errors import TableError
from loaders.language.rows import Rows
from loaders.reading.readers import ROW, Table, read_table

if TYPE_CHECKING:
    from tests.loaders.conftest import Bench

SHEET = """\
List of operations,,,
,,,
Beneficiary,Operation,Place,Sum
Name des Begünstigten,Vorhaben,Ort,Summe
Priority 1: Work,,,
Alpha,Course,Rīga,100
,,Liepāja,
,,,
Beta,Job,,50
Total,,,150
Priority 2: Inclusion,,,
Gamma,Home,Tartu,7
* as of today
"""
RULES = [
    {"name": "footnote", "column": "Beneficiary", "matches": "^[*]", "alone": True},
    {"name": "total", "column": "Beneficiary", "among": ["Total", "Summe"]},
    {
        "name": "priority",
        "column": "Beneficiary",
        "matches": "^Priority",
        "alone": True,
        "carry": "Priority",
    },
]


def read(bench: Bench, content: str | bytes = SHEET, name: str = "t.csv", **rows: Any) -> Table:
    """Read a table as rows say."""
    path = bench.file(name, content)
    return read_table(path, Rows.model_validate({"file": name, **rows}))


def cells(table: Table) -> list[tuple[str, ...]]:
    """Give the cells, row by row."""
    return table.frame.drop(ROW).rows()


def notes(table: Table) -> list[tuple[str, str | None, int | None, int]]:
    """Give what was noted."""
    return [(note.kind, note.column, note.row, note.count) for note in table.notes]


def test_titles_totals_and_footnotes_are_passed_over_and_headings_carried_down(
    bench: Bench,
) -> None:
    table = read(bench, header=3, first=5, skip=RULES)
    assert table.columns == ["Beneficiary", "Operation", "Place", "Sum", "Priority"]
    assert cells(table) == [
        ("Alpha", "Course", "Rīga", "100", "Priority 1: Work"),
        ("", "", "Liepāja", "", "Priority 1: Work"),
        ("Beta", "Job", "", "50", "Priority 1: Work"),
        ("Gamma", "Home", "Tartu", "7", "Priority 2: Inclusion"),
    ]
    assert table.frame[ROW].to_list() == [6, 7, 9, 12]
    assert (table.rows_read, table.problems) == (4, [])
    assert notes(table) == [
        ("row-skipped", "Beneficiary", 13, 1),
        ("row-skipped", "Beneficiary", 10, 1),
        ("row-skipped", "Beneficiary", 5, 2),
    ]


def test_a_short_row_that_no_rule_excuses_stays_a_problem(bench: Bench) -> None:
    table = read(bench, header=3, first=5, skip=RULES[1:])
    assert [(item.row, item.reason) for item in table.problems] == [
        (13, "the row has 1 cells, the header 4")
    ]
    assert table.rows_read == len(table.frame) + 1


def test_alone_means_that_all_other_cells_are_empty(bench: Bench) -> None:
    content = "name,sum\nTotal,\nTotal,5\n"
    rule = {"name": "total", "column": "name", "among": "Total"}
    assert cells(read(bench, content, skip=[{**rule, "alone": "true"}])) == [("Total", "5")]
    assert cells(read(bench, content, skip=[rule])) == []


def test_a_row_goes_on_with_the_one_above_and_takes_its_cells(bench: Bench) -> None:
    rule = {"without": "Operation", "take": ["Beneficiary", "Operation"]}
    table = read(bench, header=3, first=5, skip=RULES, continued=rule)
    assert cells(table)[:3] == [
        ("Alpha", "Course", "Rīga", "100", "Priority 1: Work"),
        ("Alpha", "Course", "Liepāja", "", "Priority 1: Work"),
        ("Beta", "Job", "", "50", "Priority 1: Work"),
    ]
    assert table.rows_read == len(cells(table)) == 4
    assert ("row-continued", "Operation", 7, 1) in notes(table)


def test_a_row_is_joined_to_the_one_above(bench: Bench) -> None:
    rule = {"without": "Operation", "join": "\n"}
    table = read(bench, header=3, first=5, skip=RULES, continued=rule)
    assert cells(table) == [
        ("Alpha", "Course", "Rīga\nLiepāja", "100", "Priority 1: Work"),
        ("Beta", "Job", "", "50", "Priority 1: Work"),
        ("Gamma", "Home", "Tartu", "7", "Priority 2: Inclusion"),
    ]
    assert table.rows_read == 3


def test_rows_before_the_first_record_continue_nothing(bench: Bench) -> None:
    content = "id,name\n,stray\na,one\n,two\n"
    for way in ({"join": " "}, {"take": ["id"]}):
        table = read(bench, content, continued={"without": "id", **way})
        assert cells(table)[0] == ("", "stray")
        assert cells(table)[-1] == (("a", "one two") if "join" in way else ("a", "two"))


def test_empty_cells_are_filled_from_above_where_the_mapping_says_so(bench: Bench) -> None:
    content = "region,name,sum\nNorth,a,1\n,b,\n ,c,3\nSouth,d,\n"
    table = read(bench, content, fill="region")
    assert [row[0] for row in cells(table)] == ["North", "North", "North", "South"]
    assert [row[2] for row in cells(table)] == ["1", "", "3", ""]
    assert notes(table) == [("filled-down", "region", 3, 2)]


def test_cells_that_say_that_they_are_empty_are(bench: Bench) -> None:
    content = "id,end\na,N/A\nb, n/a \nc,never\nd,-\n"
    table = read(bench, content, empty=["N/A", "n/a", "-"])
    assert [row[1] for row in cells(table)] == ["", "", "never", ""]


def test_a_filled_column_does_not_fill_what_says_that_it_is_empty(bench: Bench) -> None:
    table = read(bench, "id,end\na,2020\nb,N/A\nc,\n", fill="end", empty="N/A")
    assert [row[1] for row in cells(table)] == ["2020", "", ""]


def test_names_of_several_header_rows_are_joined(bench: Bench) -> None:
    content = "id,Amounts,,Period,\n,EU,total,from,to\na,1,2,3,4\n"
    table = read(bench, content, header=[1, 2])
    assert table.columns == ["id", "Amounts EU", "Amounts total", "Period from", "Period to"]
    assert cells(table) == [("a", "1", "2", "3", "4")]


def test_one_of_several_header_rows_is_picked(bench: Bench) -> None:
    content = "Name,Summe\nname,sum\na,1\n"
    assert read(bench, content, first=3).columns == ["Name", "Summe"]
    assert read(bench, content, header=2).columns == ["name", "sum"]
    assert cells(read(bench, content, first=3)) == cells(read(bench, content, header=2))


def merged() -> bytes:
    """Write a workbook with cells merged over rows and over columns."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["region", "name", "sum"])
        page.merge_range(1, 0, 3, 0, "North")
        for row, name in enumerate("abcd", start=1):
            page.write(row, 1, name)
        page.merge_range(1, 2, 2, 2, 10)
        page.write(3, 2, 5)
        page.merge_range(4, 1, 4, 2, "d")
    return buffer.getvalue()


def test_a_merged_cell_stands_in_its_first_row_only(bench: Bench) -> None:
    assert cells(read(bench, merged(), "t.xlsx")) == [
        ("North", "a", "10"),
        ("", "b", ""),
        ("", "c", "5"),
        ("", "d", ""),
    ]


def test_a_merged_cell_fills_its_rows_in_the_columns_that_the_mapping_names(bench: Bench) -> None:
    """Not in others: an amount that stood in two rows would be summed twice."""
    assert cells(read(bench, merged(), "t.xlsx", merged="region")) == [
        ("North", "a", "10"),
        ("North", "b", ""),
        ("North", "c", "5"),
        ("", "d", ""),
    ]
    assert cells(read(bench, merged(), "t.xlsx", merged=["sum"]))[3] == ("", "d", "d")


@pytest.mark.parametrize(
    ("rows", "cause"),
    [
        ({"fill": ["nmae"]}, "the column 'nmae', which the table lacks; did you mean 'name'?"),
        ({"continued": {"without": "Id", "join": " "}}, "the column 'Id', which the table lacks"),
        (
            {"skip": [{"name": "x", "column": "id", "alone": "true", "carry": "name"}]},
            "carries cells into 'name', which is a column",
        ),
    ],
)
def test_rows_that_do_not_fit_the_table_are_told(
    bench: Bench, rows: dict[str, Any], cause: str
) -> None:
    with pytest.raises(TableError, match=cause):
        read(bench, "id,name\na,b\n", **rows)


@pytest.mark.parametrize(
    ("rows", "cause"),
    [
        ({"header": [2, 1]}, "from top to bottom"),
        ({"header": 3, "first": 3}, "stands below the header"),
        ({"header": []}, "name the header row, or say none"),
        ({"header": 0}, "greater than or equal to 1"),
        ({"skip": [{"name": "x", "column": "a"}]}, "say which rows are meant"),
        ({"skip": [{"name": "x", "column": "a", "matches": "("}]}, "is no regular expression"),
        (
            {"skip": [{"name": "x", "column": "a", "matches": "b", "among": ["b"]}]},
            "among or matches, not both",
        ),
        (
            {"skip": [{"name": "x", "column": "a", "alone": "true", "carry": "c"}] * 2},
            "carry their cells into one column",
        ),
        ({"continued": {"without": "a"}}, "exactly one of take and join"),
        ({"continued": {"without": "a", "take": "b", "join": " "}}, "exactly one of take and join"),
        ({"encoding": ["utf-8", "utf-16"]}, "'utf-16' cannot be one of several encodings"),
        ({"encoding": ["utf-8", "klingon"]}, "'klingon' cannot be one of several encodings"),
        ({"fill": []}, "at least 1 item"),
    ],
)
def test_senseless_rows_are_refused(rows: dict[str, Any], cause: str) -> None:
    with pytest.raises(ValidationError, match=cause):
        Rows.model_validate({"file": "t.csv", **rows})
