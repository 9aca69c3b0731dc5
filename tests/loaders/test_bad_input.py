"""What the field publishes in bad shape is read as far as it goes, and the rest is told."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter

from graph.errors import TableError
from loaders.language.rows import Rows
from loaders.reading import pages
from loaders.reading.readers import MAX_FILE, ROW, Table, read_table

if TYPE_CHECKING:
    from tests.loaders.conftest import Bench

HEADER = ["id", "name", "sum"]


def read(bench: Bench, content: str | bytes, name: str = "t.csv", **rows: Any) -> Table:
    """Read a table as rows say."""
    path = bench.file(name, content)
    return read_table(path, Rows.model_validate({"file": name, **rows}))


def told(bench: Bench, content: str | bytes, name: str = "t.csv", **rows: Any) -> str:
    """Give the one line that an unreadable table is answered with."""
    with pytest.raises(TableError) as caught:
        read(bench, content, name, **rows)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def cells(table: Table) -> list[tuple[str, ...]]:
    """Give the cells, row by row."""
    return table.frame.drop(ROW).rows()


def workbook(*rows: list[object], macros: bytes | None = None) -> bytes:
    """Write a workbook; texts that begin with `=` are formulas."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADER)
        for number, row in enumerate(rows, start=1):
            page.write_row(number, 0, row)
    if macros is not None:
        with zipfile.ZipFile(buffer, "a") as packed:
            packed.writestr("xl/vbaProject.bin", macros)
    return buffer.getvalue()


def rewritten(content: bytes, pattern: bytes, by: bytes) -> bytes:
    """Change the first sheet of a workbook."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for item in old.infolist():
            data = old.read(item)
            if item.filename.endswith("sheet1.xml"):
                data, count = re.subn(pattern, by, data)
                assert count
            new.writestr(item.filename, data)
    return buffer.getvalue()


# Encodings


def test_lines_in_two_encodings_are_read_and_counted(bench: Bench) -> None:
    content = "id,name\na,Žižka\nb,plain\n".encode() + "c,Łódź\nd,Gdańsk\n".encode("cp1250")
    table = read(bench, content, encoding=["utf-8", "cp1250"])
    assert cells(table) == [("a", "Žižka"), ("b", "plain"), ("c", "Łódź"), ("d", "Gdańsk")]
    assert [(note.kind, note.count) for note in table.notes] == [("mixed-encoding", 2)]
    assert "not in utf-8 and were read as cp1250" in table.notes[0].text


def test_a_line_in_none_of_the_encodings_is_told(bench: Bench) -> None:
    content = b"id,name\na,b\nc,\x81\n"
    message = told(bench, content, encoding=["ascii", "cp1252"])
    assert "line 3 is in none of the encodings ascii, cp1252" in message


def test_a_mixed_file_with_a_byte_order_mark_keeps_its_first_column(bench: Bench) -> None:
    table = read(bench, "\ufeffid\nä\n".encode() + b"\xe4\n", encoding=["utf-8", "cp1252"])
    assert table.columns == ["id"]
    assert cells(table) == [("ä",), ("ä",)]


def test_one_encoding_of_two_that_fits_all_lines_is_not_noted(bench: Bench) -> None:
    assert read(bench, "id\nä\n", encoding=["utf-8", "cp1252"]).notes == []


@pytest.mark.parametrize(
    ("cell", "misread"),
    [
        ("geÃ¯ntegreerd", True),
        ("it\u0092s", True),
        ("na\ufffdve", True),
        ("geïntegreerd", False),
        ("SÃO TOMÉ", False),
        ("Žižka “ł”", False),
    ],
)
def test_characters_that_a_wrong_encoding_leaves_are_counted(
    bench: Bench,
    cell: str,
    misread: bool,  # noqa: FBT001  # parametrised
) -> None:
    table = read(bench, f"id,name\na,ok\nb,{cell}\n")
    assert cells(table)[1] == ("b", cell)
    expected = [("characters-misread", "name", 3, 1)] if misread else []
    assert [(note.kind, note.column, note.row, note.count) for note in table.notes] == expected


# Several files

LIST = """\
model: operation
lang: en
fields: {operation_id: id, operation_name: name, total: sum}
constants: {currency: EUR}
"""


def test_numbers_that_two_lists_share_are_operations_of_their_own(bench: Bench) -> None:
    lists = [bench.mapping(LIST, name) for name in ("first", "second")]
    made = [
        {subject.value for subject, _, _ in bench.state(item, "id,name,sum\n1,A,5\n")}
        for item in lists
    ]
    assert [len(subjects) for subjects in made] == [2, 2]
    assert made[0].isdisjoint(made[1])


def test_a_key_that_two_tables_give_is_one_thing_and_both_rows_load(bench: Bench) -> None:
    text = """entities:
  practice:
    type: practice
    class: Practice
    key: "{id}"
    unique: true
    properties:
      - {property: skos:prefLabel, column: name, lang: en}
"""
    tables = [bench.mapping(text, name) for name in ("first", "second")]
    sources = bench.check(tables, first="id,name\na,One\n", second="id,name\na,Other\nb,More\n")
    assert [len(source.good) for source in sources] == [1, 2]
    assert [source.problems for source in sources] == [[], []]
    one, other = (
        {subject.value for subject, _, _ in bench.state(item, "id,name\na,x\n")} for item in tables
    )
    assert one == other


# Workbooks


def test_macros_are_not_run_and_do_no_harm(bench: Bench) -> None:
    content = workbook(["a", "one", 1], macros=b"\xd0\xcf\x11\xe0 not even a project")
    assert cells(read(bench, content, "t.xlsm")) == [("a", "one", "1")]


def test_a_formula_counts_as_the_value_that_is_stored(bench: Bench) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADER)
        page.write(1, 0, "a")
        page.write_formula(1, 1, '=HYPERLINK("https://example.org/","Alpha")', None, 7)
        page.write_formula(1, 2, "=SUM(1,2)", None, 5)  # it would be 3
    table = read(bench, buffer.getvalue(), "t.xlsx")
    assert cells(table) == [("a", "7", "5")]
    assert table.notes == []


@pytest.mark.parametrize("value", [b"", b"<v></v>", b"<v/>"])
def test_a_formula_without_a_stored_value_is_noted(bench: Bench, value: bytes) -> None:
    content = rewritten(workbook(["a", "one", "=1+2"]), b"<v>0</v></c>", value + b"</c>")
    table = read(bench, content, "t.xlsx")
    assert cells(table) == [("a", "one", "")]
    assert [(note.kind, note.count) for note in table.notes] == [("formula-without-value", 1)]


def test_a_formula_in_csv_is_text(bench: Bench) -> None:
    cell = '=HYPERLINK("https://example.org/?"&A1,"click")'
    content = 'id,name\na,"{}"\nb,+1\n'.format(cell.replace('"', '""'))
    assert cells(read(bench, content)) == [("a", cell), ("b", "+1")]


@pytest.mark.parametrize("wrong", [b"A1", b"A1:B1", b"A1:XFD1048576"])
def test_what_a_workbook_says_of_its_size_is_not_believed(bench: Bench, wrong: bytes) -> None:
    content = rewritten(
        workbook(["a", "one", 1], ["b", "two", 2]),
        rb'<dimension ref="[^"]*"',
        b'<dimension ref="' + wrong + b'"',
    )
    assert cells(read(bench, content, "t.xlsx")) == [("a", "one", "1"), ("b", "two", "2")]


def test_an_empty_sheet_is_told_and_an_empty_one_beside_is_not(bench: Bench) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet("data").write_row(0, 0, HEADER)
        book.add_worksheet("empty")
    assert cells(read(bench, buffer.getvalue(), "t.xlsx")) == []
    assert "the table is empty" in told(bench, buffer.getvalue(), "t.xlsx", sheet="empty")


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(bench: Bench) -> None:
    path = bench.file("t.csv", "id\n")
    with path.open("r+b") as file:
        file.truncate(MAX_FILE + 1)  # a hole: no disk is filled
    with pytest.raises(TableError, match="larger than 2 GiB; split the file"):
        read_table(path, Rows(file="t.csv"))


# Pages of HTML

PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>x</title>
<style>td {{ color: red }}</style></head><body>
<table><tr><td>menu</td></tr></table>
<table>
 <thead><tr><th>id</th><th>name<br>of it</th><th>sum</th></tr></thead>
 <tbody>
  <tr><td rowspan=2>a</td><td>Rīga &amp; <b>Daugavpils</b></td><td>1</td></tr>
  <tr><td>Liepāja<script>alert(1)</script></td><td>2
  <tr><td>b<td colspan="2">only <table><tr><td>inner</td></tr></table></td></tr>
 </tbody>
</table></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "windows-1257"])
def test_the_first_table_with_rows_of_a_page_is_read(bench: Bench, charset: str) -> None:
    content = PAGE.format(charset=charset).encode(charset)
    table = read(bench, content, "t.xls", format="html")
    assert table.columns == ["id", "name of it", "sum"]
    assert cells(table) == [
        ("a", "Rīga & Daugavpils", "1"),
        ("", "Liepāja", "2"),
        ("b", "only inner", ""),
    ]
    assert table.frame[ROW].to_list() == [2, 3, 4]


def test_merged_cells_of_a_page_fill_their_rows_where_the_mapping_says_so(bench: Bench) -> None:
    content = PAGE.format(charset="utf-8")
    table = read(bench, content, "t.xls", format="html", merged=["id"])
    assert table.frame["id"].to_list() == ["a", "a", "b"]


def test_a_table_of_a_page_is_chosen_by_its_number(bench: Bench) -> None:
    content = PAGE.format(charset="utf-8")
    assert read(bench, content, "t.html", sheet="1").columns == ["menu"]
    assert len(read(bench, content, "t.html", sheet="2").frame) == 3
    for wrong in ("3", "0", "two"):
        message = told(bench, content, "t.html", sheet=wrong)
        assert f"there is no table '{wrong}'; the page has 2" in message


@pytest.mark.parametrize("content", ["", "<p>Not found</p>", "<table></table>", "<table><tr>"])
def test_a_page_without_a_table_is_told(bench: Bench, content: str) -> None:
    assert "the page holds no table with rows" in told(bench, content, "t.html")


def test_a_truncated_page_gives_the_rows_that_are_there(bench: Bench) -> None:
    content = PAGE.format(charset="utf-8").partition("Liepāja")[0]
    assert cells(read(bench, content, "t.html")) == [("a", "Rīga & Daugavpils", "1")]


def test_a_page_whose_cells_span_without_end_is_refused(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MAX_CELLS", 1000)
    content = "<table><tr><td>a<td>b<tr>" + "<td rowspan=99 colspan=99>x" * 3 + "</table>"
    assert "span more than 1,000 places" in told(bench, content, "t.html")
