"""How a table is written is found from the table: encoding, delimiter, header, numbers, dates."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xlsxwriter

from loaders.suggesting.amounts import read_amounts
from loaders.suggesting.days import read_days
from loaders.suggesting.headers import find_header
from loaders.suggesting.relations import add_relations, add_shared
from loaders.suggesting.suggestion import Suggester, Suggestion
from loaders.suggesting.values import profile
from loaders.suggesting.writing import mapping_text

CURRENCIES = {"€": "EUR", "eur": "EUR", "huf": "HUF", "zł": "PLN"}
HEADER = ["Projektnummer", "Name des Begünstigten", "Beginn", "Förderfähige Ausgaben"]
RECORDS = [
    ["A-1", "Stadt Ulm", "01.02.2016", "1.200,50"],
    ["A-2", "Bildungswerk gGmbH", "15.03.2017", "13.400,00"],
    ["A-3", "Caritasverband e. V.", "01.09.2018", "900,25"],
]


@pytest.mark.parametrize(
    ("cells", "examples", "first"),
    [
        (["1.234,50", "20,00"], ("1.234,56",), 1234.5),
        (["1,234.50", "20.00"], ("1,234.56",), 1234.5),
        (["12 345 678", "9"], ("1 234",), 12345678),
        (["2.034.550", "8.239.560"], ("1.234",), 2034550),
        (["1234.5", "20"], (), 1234.5),
        (["€ 2.034.550", "€ 17"], ("€ 1.234",), 2034550),
        (["149 736 100 .- HUF", "5 .- HUF"], ("1 234 .- HUF",), 149736100),
        (["49,92%", "50%"], ("1234,56 %",), 49.92),
        (["1'200.50", "3'000.00"], ("1'234.56",), 1200.5),
    ],
)
def test_numbers_tell_how_they_are_written(
    cells: list[str], examples: tuple[str, ...], first: float
) -> None:
    amounts = read_amounts(cells, CURRENCIES)
    assert amounts.examples == examples
    assert amounts.values[0] == pytest.approx(first)
    assert amounts.certain


def test_two_ways_of_writing_in_one_column_are_both_told() -> None:
    amounts = read_amounts(["1.234,56", "2.000,00", "3.100,10", "1,234.56"], CURRENCIES)
    assert amounts.examples == ("1.234,56", "1,234.56")


def test_numbers_that_can_be_read_in_two_ways_are_told() -> None:
    cells = ["1.250", "2.500"]
    continental = read_amounts(cells, CURRENCIES)
    english = read_amounts(cells, CURRENCIES, points_group=False)
    assert (continental.certain, english.certain) == (False, False)
    assert (continental.values[0], english.values[0]) == (1250, 1.25)


@pytest.mark.parametrize(
    ("cells", "orders", "certain"),
    [
        (["01.02.2016", "28.02.2016"], ("DD.MM.YYYY",), True),
        (["2/28/2016", "1/2/2016"], ("MM/DD/YYYY",), True),
        (["01/02/2016", "03/04/2016"], ("DD/MM/YYYY",), False),
        (["2014.03.17.", "2015.01.01."], ("YYYY.MM.DD.",), True),
        (["31/12/18", "01/06/16"], ("DD/MM/YY",), True),
        (["2016-01-31", "2016-02"], (), True),
        (["12 March 2021", "1 May 2020"], ("DD MONTH YYYY",), True),
        (["3 de marzo de 2021"], ("DD de MONTH de YYYY",), True),
        (["5. listopad 2020", "1. srpna 2020"], ("DD. MONTH-cs YYYY",), True),
        (["Sept. 2020"], ("MONTH YYYY",), True),
        (["20160131", "20161224"], ("YYYYMMDD",), True),
        (
            ["31.01.2016", "20161224", "2/28/2016", "2016-05-04"],
            ("MM/DD/YYYY", "YYYYMMDD", "DD.MM.YYYY"),
            True,
        ),
    ],
)
def test_dates_tell_their_order(
    cells: list[str], orders: tuple[str, ...], *, certain: bool
) -> None:
    days = read_days(cells)
    assert days.share == 1
    assert (days.orders, days.certain) == (orders, certain)


def test_what_is_no_number_or_date_is_none() -> None:
    assert read_amounts(["A-12", "ca. 300", ""], CURRENCIES).share == 0
    assert read_days(["31.02.2016", "2016-13-01", "soon"]).share == 0
    assert read_days(["Maria 2020", "May 2020 2021", "31 April 2021"]).share == 0
    assert read_days(["20160131", "20200940", "12345678"]).share == 0  # numbers of something


def test_a_rate_of_the_eligible_amount_gives_the_part_of_the_union(suggester: Suggester) -> None:
    rows = [[f"{100_000 + 777 * n}", f"{(100_000 + 777 * n) * 0.85:.2f}", "85 %"] for n in range(9)]
    profiles = [profile([row[place] for row in rows], suggester.cues) for place in range(3)]
    add_relations(profiles, rows)
    assert profiles[0].features["whole_of_rate"] == profiles[1].features["part_of_rate"] == 1
    assert profiles[2].features["of_rate"] == 1
    assert (profiles[1].features["lower"], profiles[0].features["upper"]) == (1, 1)


def test_what_rows_of_one_thing_have_in_common_is_told(suggester: Suggester) -> None:
    rows = [[f"K-{n // 3}", f"Care {n // 3}", f"Body {n}", f"{n}000.5"] for n in range(12)]
    profiles = [profile([row[place] for row in rows], suggester.cues) for place in range(4)]
    add_shared(profiles, rows)
    assert [item.features["shared"] for item in profiles] == [1, 1, 0, 0]
    alone = [[f"K-{n}", f"Care {n}", "NS"[n % 2], f"{n}000.5"] for n in range(40)]
    profiles = [profile([row[place] for row in alone], suggester.cues) for place in range(4)]
    add_shared(profiles, alone)  # a region is no thing that a few rows tell of
    assert [item.features.get("shared") for item in profiles] == [None] * 4


def test_what_is_not_eligible_is_not_taken_for_what_is(
    suggester: Suggester, tmp_path: Path
) -> None:
    names = ["Project code", "Project title", "Ineligible expenditure", "Eligible expenditure"]
    rows = [[f"P-{n}", f"Work {n}", f"{n}00.5", f"{n}000.5"] for n in range(1, 9)]
    found, text = suggest(suggester, workbook(tmp_path / "l.xlsx", [names, *rows]))
    assert [column.match.field for column in found.columns][2:] == [None, "eligible"]
    assert "; ineligible; such as" in text


def workbook(path: Path, rows: list[list[str]]) -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return path


def suggest(suggester: Suggester, path: Path) -> tuple[Suggestion, str]:
    found = suggester.suggest(path)
    return found, mapping_text(found, suggester)


def test_titles_and_a_second_header_are_passed_over(suggester: Suggester, tmp_path: Path) -> None:
    english = ["project number", "beneficiary name", "start date", "eligible expenditure"]
    titles = [
        ["Liste der Vorhaben", "", "", ""],
        ["Europäischer Sozialfonds (ESF)", "", "", ""],
        [],
    ]
    footer = [["Stand: 01.07.2016", "", "", ""]]
    path = workbook(tmp_path / "liste.xlsx", [*titles, HEADER, english, *RECORDS, *footer])
    found, text = suggest(suggester, path)
    assert (found.layout.header, found.layout.first) == ((4,), 6)
    assert [column.match.field for column in found.columns] == [
        "operation_id",
        "beneficiary_name",
        "start_date",
        "eligible",
    ]
    assert "  header: 4\n  first: 6\n" in text
    assert 'matches: "^(Stand)"' in text
    assert "fund: esf-2014-2020" in text


def test_of_two_headers_the_first_counts_though_the_second_is_known_better(
    suggester: Suggester, tmp_path: Path
) -> None:
    odd = ["Numru tal-għajnuna", "Min ħadha", "Meta bdiet", "Kemm tiswa"]
    english = ["project number", "beneficiary name", "start date", "eligible expenditure"]
    found, _ = suggest(suggester, workbook(tmp_path / "lista.xlsx", [odd, english, *RECORDS]))
    assert (found.layout.header, found.layout.first) == ((1,), 3)
    assert found.layout.names == tuple(odd)
    assert [column.match.field for column in found.columns][1:] == [
        "beneficiary_name",
        "start_date",
        "eligible",
    ]


def test_a_row_of_sums_does_not_count_as_a_record_without_a_number(
    suggester: Suggester, tmp_path: Path
) -> None:
    names = ["Nr.", "Titel", "Projektnummer", "Gesamtkosten", "EU-Mittel"]
    rows = [[str(n), f"Hilfe {n}", f"A-{n}", f"{n * 1000}", f"{n * 700}"] for n in range(1, 9)]
    total = ["Summe", "", "", "36000", "25200"]
    found, text = suggest(suggester, workbook(tmp_path / "l.xlsx", [names, *rows, total]))
    assert found.columns[2].match.field == "operation_id"
    assert 'among: ["Summe"]' in text


def test_names_in_two_rows_are_joined(suggester: Suggester, tmp_path: Path) -> None:
    above = ["Projekt", "", "Kosten", ""]
    below = ["Nummer", "Titel", "Gesamtkosten", "EU-Mittel"]
    rows = [
        [f"A-{n}", f"Hilfe für Jugendliche {n}", f"{n * 1000}", f"{n * 700}"] for n in range(1, 9)
    ]
    plain, _ = suggest(suggester, workbook(tmp_path / "plain.xlsx", [below, *rows]))
    assert plain.layout.header == (1,)
    below[3] = below[2] = "Betrag"
    found, _ = suggest(suggester, workbook(tmp_path / "two.xlsx", [above, below, *rows]))
    assert found.layout.header == (1, 2)
    assert found.layout.names[0] == "Projekt Nummer"


def test_a_list_in_a_document_is_found(suggester: Suggester, tmp_path: Path) -> None:
    records = [dict(zip(HEADER, record, strict=True)) for record in RECORDS]
    path = tmp_path / "list.json"
    path.write_text(json.dumps({"meta": {"n": 3}, "result": {"items": records}}), "utf-8")
    found, text = suggest(suggester, path)
    assert found.grid.records == "result.items"
    assert '  records: "result.items"\n' in text
    assert found.columns[3].match.field == "eligible"


def test_elements_of_a_document_are_found(suggester: Suggester, tmp_path: Path) -> None:
    rows = "".join(
        f'<operacja nr="{one}"><beneficjent>{two}</beneficjent><wartoscProjektu>{four}'
        "</wartoscProjektu></operacja>"
        for one, two, _, four in RECORDS
    )
    path = tmp_path / "lista.xml"
    path.write_text(f"<lista><meta><d>1</d></meta><ops>{rows}</ops></lista>", "utf-8")
    found, _ = suggest(suggester, path)
    assert found.grid.records == "ops/operacja"
    assert [column.name for column in found.columns] == ["@nr", "beneficjent", "wartoscProjektu"]
    assert found.columns[2].match.field == "total"


def test_a_page_under_the_name_of_a_workbook_is_read(suggester: Suggester, tmp_path: Path) -> None:
    body = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in [HEADER, *RECORDS]
    )
    path = tmp_path / "liste.xls"
    path.write_text(f"<html><body><table>{body}</table></body></html>", "utf-8")
    found, text = suggest(suggester, path)
    assert '  format: "html"\n' in text
    assert found.columns[1].match.field == "beneficiary_name"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        (
            "cp1250",
            "Wsparcie zatrudnienia młodzieży, Žádost o příspěvek města, Łódź, Świętokrzyskie",
        ),
        ("cp1251", "Подкрепа за заетост на младежи в общината и социални услуги"),
        ("cp1253", "Ενίσχυση της απασχόλησης των νέων και κοινωνική ένταξη"),
        ("cp1257", "Jaunimo užimtumo didinimas, įgūdžių ugdymas šalyje ir socialinės paslaugos"),
        (
            "cp852",
            "Wsparcie zatrudnienia młodzieży w powiecie, Łódź i Świętokrzyskie, usługi społeczne",
        ),
        ("utf-16", "Wsparcie zatrudnienia młodzieży"),
    ],
)
def test_the_encoding_is_found(
    encoding: str, text: str, suggester: Suggester, tmp_path: Path
) -> None:
    lines = [f"Code;Name;Text;{HEADER[3]}"] + [f"A-{n};N {n};{text} {n};{n}000" for n in range(9)]
    path = tmp_path / "list.csv"
    path.write_bytes("\n".join(lines).encode(encoding, errors="ignore"))
    found = suggester.suggest(path)
    assert found.layout.data[0][2] == text.encode(encoding, "ignore").decode(encoding) + " 0"


def test_a_header_is_told_from_its_rows(suggester: Suggester, tmp_path: Path) -> None:
    path = tmp_path / "list.tsv"
    path.write_text("\n".join("\t".join(row) for row in [HEADER, *RECORDS]), "utf-8")
    grid = suggester.suggest(path).grid
    assert find_header(grid, suggester.vocabulary, suggester.cues).header == (1,)
    assert grid.delimiter == "\t"
