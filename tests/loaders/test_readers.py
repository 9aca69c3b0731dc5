"""A reader gives the cells as text, and tells by file, place and cause what it cannot read."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table as OdsTable
from odf.table import TableCell, TableRow
from odf.text import P

from graph.errors import TableError
from loaders.language.mapping import Rows
from loaders.reading import workbooks
from loaders.reading.readers import ROW, Problem, Table, read_table

if TYPE_CHECKING:
    from tests.loaders.conftest import Bench

PLAIN = "id,name\na,Õun\nb,Pärn\n"
POLISH = "id,nazwa\n" + "".join(
    f"{number},Zażółć gęślą jaźń: wsparcie osób bezrobotnych na rynku pracy część {number}\n"
    for number in range(40)
)
Cells = list[list[object]]


def columns(table: Table) -> dict[str, list[str]]:
    """Give the cells of a table by column."""
    return table.frame.drop(ROW).to_dict(as_series=False)


def numbers(table: Table) -> list[int]:
    """Give the row numbers of a table."""
    return table.frame[ROW].to_list()


def told(bench: Bench, content: str | bytes, name: str = "things.csv", **rows: str | int) -> str:
    """Give the one line that an unreadable table is answered with."""
    with pytest.raises(TableError) as caught:
        bench.table(content, name, **rows)
    message = str(caught.value)
    assert message.startswith(f"{bench.folder / name}: ")
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(PLAIN.encode(), id="utf-8"),
        pytest.param(PLAIN.encode("utf-8-sig"), id="utf-8-bom"),
        pytest.param(b"\xff\xfe" + PLAIN.encode("utf-16-le"), id="utf-16-le-bom"),
        pytest.param(b"\xfe\xff" + PLAIN.encode("utf-16-be"), id="utf-16-be-bom"),
        pytest.param(PLAIN.replace("\n", "\r\n").encode(), id="crlf"),
        pytest.param(PLAIN.rstrip("\n").encode(), id="no-last-line-end"),
    ],
)
def test_a_csv_file_is_read_in_the_encoding_that_its_mark_tells(
    bench: Bench, content: bytes
) -> None:
    table = bench.table(content)
    assert columns(table) == {"id": ["a", "b"], "name": ["Õun", "Pärn"]}
    assert numbers(table) == [2, 3]


def test_a_declared_encoding_is_used(bench: Bench) -> None:
    table = bench.table(POLISH.encode("cp1250"), encoding="cp1250")
    assert table.frame["nazwa"][0].startswith("Zażółć gęślą jaźń")


def test_an_undeclared_encoding_is_told_with_line_byte_and_a_likely_name(bench: Bench) -> None:
    message = told(bench, POLISH.encode("cp1250"))
    assert "line 2 holds the byte 0xBF, which is not utf-8; it may be cp1250" in message
    assert "name the encoding with rows.encoding" in message


def test_the_first_wrong_byte_is_told_where_the_rest_is_fine(bench: Bench) -> None:
    content = b"id,name\n" + b"a,b\n" * 50_000 + b"\x81,c\n"
    assert "line 50002 holds the byte 0x81" in told(bench, content)


def test_the_likely_encoding_is_told_from_the_text_around_the_wrong_byte(bench: Bench) -> None:
    content = b"id,nazwa\n" + b"a,plain\n" * 50_000 + POLISH.encode("cp1250")
    assert "it may be cp1250" in told(bench, content)


@pytest.mark.parametrize("encoding", ["klingon", "hex", "undefined", "a\0b"])
def test_an_encoding_that_cannot_be_used_is_told(bench: Bench, encoding: str) -> None:
    assert "encoding" in told(bench, PLAIN, encoding=encoding)


def test_tab_and_semicolon_separate_where_kind_or_mapping_say_so(bench: Bench) -> None:
    expected = {"a": ["1"], "b": ["2,5"]}
    assert columns(bench.table("a\tb\n1\t2,5\n", "t.tsv")) == expected
    assert columns(bench.table("a;b\n1;2,5\n", delimiter=";")) == expected
    assert columns(bench.table("a\tb\n1\t2,5\n", "t.dat", format="tsv")) == expected


def test_rows_that_do_not_fit_are_set_aside_and_the_rest_loads(bench: Bench) -> None:
    table = bench.table("a,b\n1,2\nshort\n3,4\n5,6,7\n8,9\n")
    assert numbers(table) == [2, 4, 6]
    assert table.rows_read == 5
    assert table.problems == [
        Problem("things.csv", 3, None, "short", "the row has 1 cells, the header 2"),
        Problem("things.csv", 5, None, "5,6,7", "the row has 3 cells, the header 2"),
    ]


def test_empty_cells_beyond_the_header_are_no_fault(bench: Bench) -> None:
    table = bench.table("a,b,,\n1,2,,\n3,4\n")
    assert columns(table) == {"a": ["1", "3"], "b": ["2", "4"]}
    assert table.problems == []


def test_line_ends_delimiters_and_quotes_stand_in_quoted_cells(bench: Bench) -> None:
    table = bench.table('a,b\n"one\ntwo","x,y"\n"say ""no""",z\n')
    assert columns(table) == {"a": ["one\ntwo", 'say "no"'], "b": ["x,y", "z"]}
    assert numbers(table) == [2, 3]


def test_blank_lines_are_skipped_and_counted_in_row_numbers(bench: Bench) -> None:
    assert numbers(bench.table("a,b\n\n1,2\n,\n3,4\n")) == [3, 5]


def test_a_quote_in_the_wrong_place_costs_its_row_only(bench: Bench) -> None:
    table = bench.table('a,b\n1,2\n"x"y,3\n4,5\n')
    assert columns(table) == {"a": ["1", "4"], "b": ["2", "5"]}
    assert [(item.row, item.value) for item in table.problems] == [(3, "line 3")]
    assert "quotation marks do not match" in table.problems[0].reason


def test_quotes_are_plain_characters_where_the_mapping_says_so(bench: Bench) -> None:
    table = bench.table('a\tb\n"Zora" EOOD\t"x\n', "t.tsv", quotes="none")
    assert columns(table) == {"a": ['"Zora" EOOD'], "b": ['"x']}


def test_a_page_of_html_under_the_name_of_a_workbook_is_told(bench: Bench) -> None:
    message = told(bench, "\n<!DOCTYPE HTML><table></table>", "t.xls")
    assert "a page of HTML or XML under that name" in message


def test_an_unclosed_quote_is_told_by_the_line_where_it_begins(bench: Bench) -> None:
    message = told(bench, 'a,b\n1,2\n3,"open\n' + "5,6\n" * 1000)
    assert "a quoted cell begins in line 3 or later and is not closed" in message


@pytest.mark.parametrize("bad", ["\0", "\x08", "\x1f", "\ufffe", "\uffff"])
def test_a_row_with_a_control_character_is_set_aside(bench: Bench, bad: str) -> None:
    table = bench.table(f"a,b\n1,x{bad}y\n2,tab\there\n")
    assert columns(table) == {"a": ["2"], "b": ["tab\there"]}
    (problem,) = table.problems
    assert (problem.row, problem.column) == (2, "b")
    assert "control character" in problem.reason
    assert "\n" not in problem.sentence()


def test_breaks_of_word_processors_become_line_ends(bench: Bench) -> None:
    assert columns(bench.table("a\none\x0btwo\x0cthree\n")) == {"a": ["one\ntwo\nthree"]}


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        ("", "no header in row 1: the table is empty"),
        ("\n\n", "no header in row 1: the table is empty"),
        (",,\n1,2,3\n", "no header in row 1: the table is empty"),
        ("a,b, a \n1,2,3\n", "row 1: the column name 'a' stands there more than once"),
        (f"a,{ROW}\n1,2\n", "no column can have the name __row"),
        ('a,"b\n1,2\n', "a quoted cell begins in line 1 or later"),
        ('"a"x,b\n1,2\n', "line 1, the header: the quotation marks do not match"),
    ],
)
def test_a_table_without_a_usable_header_is_told(bench: Bench, content: str, cause: str) -> None:
    assert cause in told(bench, content)


def test_a_table_of_a_header_only_has_no_rows(bench: Bench) -> None:
    table = bench.table("a,b\n")
    assert table.columns == ["a", "b"]
    assert (len(table.frame), table.rows_read) == (0, 0)


def test_a_header_further_down_is_found_by_its_row(bench: Bench) -> None:
    table = bench.table("List of operations\n\na,b\n1,2\n", header=3)
    assert columns(table) == {"a": ["1"], "b": ["2"]}
    assert numbers(table) == [4]
    assert "no header in row 9" in told(bench, "a,b\n1,2\n", header=9)


def test_a_table_without_a_header_has_columns_called_by_their_places(bench: Bench) -> None:
    table = bench.table("List\n\na,1\nb,2\nc,3,x\n", header="none", first=3)
    assert columns(table) == {"column 1": ["a", "b"], "column 2": ["1", "2"]}
    assert numbers(table) == [3, 4]
    assert "the row has 3 cells" in table.problems[0].reason
    assert "the table is empty" in told(bench, "\n", header="none")


def test_names_of_columns_lose_line_ends_and_blanks(bench: Bench) -> None:
    table = bench.table('" Name of\n  beneficiary ",,b\n1,2,3\n')
    assert table.columns == ["Name of beneficiary", "column 2", "b"]


def test_a_cell_of_10_mb_is_set_aside_with_a_readable_message(bench: Bench) -> None:
    table = bench.table("a,b\n1," + "x" * 10_000_000 + "\n2,y\n")
    assert columns(table) == {"a": ["2"], "b": ["y"]}
    (problem,) = table.problems
    assert problem.row == 2
    assert "a cell has 10,000,000 characters; at most 1,000,000 are loaded" in problem.reason
    assert len(problem.sentence()) < 300


def test_a_missing_file_a_folder_and_an_impossible_name_are_told(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    for name, cause in (
        ("none.csv", "there is no such file"),
        ("folder.csv", "cannot be read: Is a directory"),
        ("x" * 300 + ".csv", "cannot be read: File name too long"),
        ("a\0.csv", "no name of a file"),
    ):
        with pytest.raises(TableError, match=cause):
            read_table(tmp_path / name, Rows(file=name))


def test_a_file_without_permission_is_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    # The superuser may read everything: the operating system's answer is played.
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    if os.geteuid() == 0:
        monkeypatch.setattr(Path, "read_bytes", refuse)
    else:
        bench.file("things.csv", PLAIN).chmod(0)
    path = bench.file("other.csv", PLAIN)
    path.chmod(0)
    with pytest.raises(TableError, match=r"other\.csv: cannot be read: Permission denied"):
        read_table(path, Rows(file="other.csv"))


def test_an_unknown_kind_of_file_is_told(bench: Bench) -> None:
    assert "files of the kind 'pdf' are not read; use csv" in told(bench, "x", "t.pdf")


# Workbooks


def xlsx(rows: Cells, sheet: str = "Data") -> bytes:
    """Write an XLSX workbook of two sheets."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet(sheet)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, dt.date):
                    page.write_datetime(number, place, value, day)
                else:
                    page.write(number, place, value)
        book.add_worksheet("Notes").write(0, 0, "nothing")
    return buffer.getvalue()


def xls(rows: Cells) -> bytes:
    """Write an XLS workbook."""
    book = xlwt.Workbook()
    page = book.add_sheet("Data")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, dt.date):
                page.write(number, place, value, day)
            else:
                page.write(number, place, value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def ods(rows: Cells) -> bytes:
    """Write an ODS workbook."""
    book, page = OpenDocumentSpreadsheet(), OdsTable(name="Data")
    for row in rows:
        line = TableRow()
        for value in row:
            line.addElement(_ods_cell(value))
        page.addElement(line)
    book.spreadsheet.addElement(page)
    buffer = io.BytesIO()
    book.write(buffer)
    return buffer.getvalue()


def _ods_cell(value: object) -> TableCell:
    if isinstance(value, bool):
        return TableCell(valuetype="boolean", booleanvalue="true" if value else "false")
    if isinstance(value, int | float):
        return TableCell(valuetype="float", value=repr(value))
    if isinstance(value, dt.date):
        return TableCell(valuetype="date", datevalue=value.isoformat())
    cell = TableCell(valuetype="string")
    cell.addElement(P(text=str(value)))
    return cell


WRITERS = [("t.xlsx", xlsx), ("t.xls", xls), ("t.ods", ods)]
WORKBOOKS = pytest.mark.parametrize(("name", "write"), WRITERS, ids=["xlsx", "xls", "ods"])
Write = Callable[[Cells], bytes]


@WORKBOOKS
def test_cells_of_a_workbook_are_read_as_text(bench: Bench, name: str, write: Write) -> None:
    cells: Cells = [
        ["text", "code", "whole", "amount", "large", "small", "truth", "day"],
        ["Õun", "0012", 2021, 1234.5, 1234567890123456, 0.000001, True, None],
    ]
    cells[1][-1] = dt.date(2021, 5, 14)
    table = bench.table(write(cells), name)
    assert table.frame.drop(ROW).row(0) == (
        *("Õun", "0012", "2021", "1234.5", "1234567890123456", "0.000001", "true", "2021-05-14"),
    )
    assert numbers(table) == [2]
    assert table.sheet == "Data"


@WORKBOOKS
def test_short_rows_of_a_workbook_are_filled_up(bench: Bench, name: str, write: Write) -> None:
    table = bench.table(write([["a", "b"], ["1"], ["", "2"]]), name)
    assert columns(table) == {"a": ["1", ""], "b": ["", "2"]}
    assert table.problems == []


@WORKBOOKS
def test_row_numbers_of_a_workbook_count_from_its_top(
    bench: Bench, name: str, write: Write
) -> None:
    table = bench.table(write([["List"], [""], ["", "a"], ["", "1"]]), name, header=3)
    assert table.columns == ["column 1", "a"]
    assert numbers(table) == [4]


def test_a_sheet_is_found_by_its_name_and_an_unknown_one_is_told(bench: Bench) -> None:
    content = xlsx([["a"], ["1"]])
    assert bench.table(content, "t.xlsx", sheet="Notes").columns == ["nothing"]
    message = told(bench, content, "t.xlsx", sheet="Dat")
    assert "there is no sheet 'Dat'; it has Data, Notes" in message


@WORKBOOKS
def test_a_truncated_workbook_is_told(bench: Bench, name: str, write: Write) -> None:
    rows: Cells = [[str(number), "x" * (number % 50)] for number in range(500)]
    content = write([["a", "b"], *rows])
    for length in (10, len(content) // 2, len(content) - 30):
        assert "no readable workbook" in told(bench, content[:length], name)


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" * 9])
@pytest.mark.parametrize("name", ["t.xlsx", "t.xls", "t.ods"])
def test_what_is_no_workbook_is_told(bench: Bench, name: str, content: bytes) -> None:
    assert "no readable workbook" in told(bench, content, name)


@WORKBOOKS
def test_a_damaged_workbook_is_read_or_told_but_never_breaks_the_reader(
    bench: Bench, name: str, write: Write
) -> None:
    rows: Cells = [[str(number), number] for number in range(50)]
    content = write([["a", "b"], *rows])
    chance = random.Random(2021)  # noqa: S311  # seeded damage, no secret
    for _ in range(60):
        damaged = bytearray(content)
        for _ in range(chance.randint(1, 8)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            table = bench.table(bytes(damaged), name)
        except TableError as error:
            assert "\n" not in str(error)  # noqa: PT017  # either is right
        else:
            assert table.rows_read >= 0


def test_a_packed_bomb_is_refused_before_it_is_opened(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "MAX_UNPACKED", 1 << 22)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * (1 << 23))
    assert len(buffer.getvalue()) < 1 << 16
    message = told(bench, buffer.getvalue(), "t.xlsx")
    assert "unpacks to more than 4 MiB; split the table" in message


def test_a_packed_bomb_that_lies_about_its_size_is_refused(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "MAX_UNPACKED", 1 << 22)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * (1 << 23))
    honest, lie = (1 << 23).to_bytes(4, "little"), (100).to_bytes(4, "little")
    content = buffer.getvalue().replace(honest, lie)
    assert content != buffer.getvalue()
    assert "unpacks to more than 4 MiB" in told(bench, content, "t.xlsx")


def test_a_stray_cell_far_from_the_table_is_told_and_does_not_fill_the_memory(
    bench: Bench,
) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet()
        page.write(0, 0, "id")
        page.write(1_048_575, 16_383, "stray")
    message = told(bench, buffer.getvalue(), "t.xlsx")
    assert "spans 1,048,576 rows and 16,384 columns" in message
    assert "stray cell" in message


# JSON


def test_objects_are_flattened_and_lists_joined(bench: Bench) -> None:
    record = {
        "id": "a",
        "at": {"city": "Riga", "geo": {"lat": 1}},
        "tags": ["x", 2, None, True],
        "parts": [{"n": 1}, ["y"]],
        "gone": None,
        "sure": False,
    }
    table = bench.table(json.dumps([record, {"id": "b", "more": "z"}]), "t.json")
    assert columns(table) == {
        "id": ["a", "b"],
        "at.city": ["Riga", ""],
        "at.geo.lat": ["1", ""],
        "tags": ["x;2;;true", ""],
        "parts": ['{"n": "1"};["y"]', ""],
        "gone": ["", ""],
        "sure": ["false", ""],
        "more": ["", "z"],
    }
    assert numbers(table) == [1, 2]


def test_numbers_of_json_stay_as_they_are_written(bench: Bench) -> None:
    digits = "9" * 5000
    table = bench.table(f'[{{"a": 1.10, "b": 1e400, "c": NaN, "d": {digits}}}]', "t.json")
    assert table.frame.drop(ROW).row(0) == ("1.10", "1e400", "NaN", digits)


def test_records_are_found_by_their_place(bench: Bench) -> None:
    content = json.dumps({"result": {"grants": [{"a": "1"}]}})
    assert columns(bench.table(content, "t.json", records="result.grants")) == {"a": ["1"]}


def test_the_members_of_an_object_are_rows_under_their_names(bench: Bench) -> None:
    content = json.dumps({"grants": {"g-1": {"a": 1}, "total": 7, "g-2": {"a": 2}}})
    table = bench.table(content, "t.json", records="grants.*")
    assert columns(table) == {"@key": ["g-1", "g-2"], "a": ["1", "2"]}


def test_the_first_of_a_list_of_lists_names_the_columns(bench: Bench) -> None:
    content = '{"data": [["a", "b"], [1.10, null], ["x"], ["\\ud800", 1], [[1], true, 3]]}'
    table = bench.table(content, "t.json", records="data")
    assert columns(table) == {"a": ["1.10", "x"], "b": ["", ""]}
    assert [problem.row for problem in table.problems] == [4, 5]
    table = bench.table(content, "t.json", records="data", header="none", first=2)
    assert table.columns == ["column 1", "column 2"]


@pytest.mark.parametrize(
    ("content", "records", "cause"),
    [
        ('{"result": []}', "results", "there is no 'results' of rows.records"),
        ('{"result": [1]}', "result.x", "there is no 'x' of rows.records"),
        ('{"result": []}', None, "a list of objects is expected; name its place"),
        ("[1, 2]", None, "a list of objects is expected"),
        ("[]", None, "the table is empty"),
        ('[{"a": 1},\n{"b" 2}]', None, "line 2, column 6: Expecting ':' delimiter"),
        ("", None, "line 1, column 1: Expecting value"),
        ("[" * 100_000, None, "nested too deeply"),
        ('[{"\\ud800": 1}]', None, "half a character"),
    ],
)
def test_json_of_another_form_is_told(
    bench: Bench, content: str, records: str | None, cause: str
) -> None:
    given = {"records": records} if records else {}
    assert cause in told(bench, content, "t.json", **given)


def test_a_json_record_with_half_a_character_is_set_aside(bench: Bench) -> None:
    table = bench.table('[{"a": "x\\ud800"}, {"a": "y"}]', "t.json")
    assert columns(table) == {"a": ["y"]}
    assert table.problems[0].row == 1
    assert "half a character" in table.problems[0].reason


def test_the_checksum_of_a_table_is_that_of_its_file(bench: Bench) -> None:
    assert bench.table("a\n1\n").sha256 == (
        "309b0e45a73d3fc5325e2b6ed0a01ef8b9cde6b05a5633c1f893f970d52bfddc"
    )
