"""What is the same in all rows is found: the country, the currency, and the licence of the file."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import xlsxwriter

from loaders.suggesting.constants import constants
from loaders.suggesting.licences import licence
from loaders.suggesting.suggestion import Suggester, Suggestion

CC_BY = "https://creativecommons.org/licenses/by/4.0/"
NAMES = ["Codice progetto", "Titolo del progetto", "Beneficiario", "Regione", "Costo ammesso"]
TITLES = ["Lavorare insieme nel quartiere", "Una casa per chi non ha una casa"]
ROWS = [
    [
        f"P-{n}",
        f"{TITLES[n % 2]} {n}",
        "Comune di Esempio",
        ("VENETO", "LAZIO")[n % 2],
        f"{n}123,45",
    ]
    for n in range(1, 9)
]


def suggest(suggester: Suggester, path: Path, *rows: list[str]) -> Suggestion:
    """Write a table and suggest what it means."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    return suggester.suggest(path)


def told(found: Suggestion, suggester: Suggester) -> dict[str, str]:
    """Give the constants by their fields."""
    return {item.field: item.value for item in constants(found, suggester.cues)}


def test_a_name_in_capitals_is_no_code_of_a_region(suggester: Suggester, tmp_path: Path) -> None:
    found = suggest(suggester, tmp_path / "t.csv", NAMES, *ROWS)
    assert told(found, suggester) == {"country": "IT", "currency": "EUR"}


def test_codes_of_regions_tell_the_country(suggester: Suggester, tmp_path: Path) -> None:
    rows = [[*row[:3], f"Esempio (SI04{n % 4})", row[4]] for n, row in enumerate(ROWS)]
    found = suggest(suggester, tmp_path / "t.csv", NAMES, *rows)
    assert told(found, suggester)["country"] == "SI"


@pytest.mark.parametrize("name", ["ΕΛΛΑΔΑ", "Ελλάδα", "ELLADA", "EL", "Greece", "GRÈCE"])
def test_a_country_is_known_with_and_without_accents(name: str, suggester: Suggester) -> None:
    assert suggester.cues.country(name) == (None if name == "ELLADA" else "GR")


def test_a_language_of_countries_with_one_currency_tells_it(
    suggester: Suggester, tmp_path: Path
) -> None:
    names = ["Projekttitel", "Zuwendungsempfänger", "Zweck der Förderung", "Bewilligter Betrag"]
    text = "Die Gruppe hilft Menschen im Viertel bei der Suche nach Arbeit und nach einer Wohnung"
    rows = [[f"Hilfe {n}", "Muster e. V.", f"{text} ({n})", f"{n}000,50"] for n in range(1, 9)]
    found = suggest(suggester, tmp_path / "t.csv", names, *rows)
    assert told(found, suggester) == {"currency": "EUR"}  # Germany, Austria, Belgium …


def test_a_table_without_amounts_has_no_currency(suggester: Suggester, tmp_path: Path) -> None:
    rows = [[f"Selts {n}", f"8000000{n}", "Tartu"] for n in range(1, 9)]
    names = ["Asutuse nimi", "Registrikood", "Linn"]
    found = suggest(suggester, tmp_path / "t.csv", names, *rows)
    assert "currency" not in told(found, suggester)


@pytest.mark.parametrize(
    ("above", "below", "name", "address"),
    [
        ("Licenza: CC BY 4.0", "", "t.csv", CC_BY),
        ("", "Rilasciato con licenza IODL 2.0", "t.csv", "https://www.dati.gov.it/iodl/2.0/"),
        ("", "", "t.csv", "http://data.europa.eu/eli/reg/2013/1303/oj"),
        ("", "", "lista 2021-2027.csv", "http://data.europa.eu/eli/reg/2021/1060/oj"),
    ],
)
def test_the_licence_is_the_one_that_the_file_names(  # a case and two fixtures
    above: str, below: str, name: str, address: str, suggester: Suggester, tmp_path: Path
) -> None:
    rows = [[above], NAMES, *ROWS, [below]]
    found = suggest(suggester, tmp_path / name, *[row for row in rows if any(row)])
    assert found.choice.target.name == "operation"
    terms = licence(found, suggester.cues.licences)
    assert terms.value == address
    assert (terms.confidence > 0.8) == bool(above or below)


def test_a_licence_beside_the_records_and_in_all_of_them_counts(
    suggester: Suggester, tmp_path: Path
) -> None:
    records = [dict(zip(NAMES, row, strict=True)) for row in ROWS]
    path = tmp_path / "t.json"
    path.write_text(json.dumps({"license": CC_BY, "projects": records}), "utf-8")
    assert licence(suggester.suggest(path), suggester.cues.licences).value == CC_BY
    rows = [[*row, "https://creativecommons.org/publicdomain/zero/1.0/"] for row in ROWS]
    found = suggest(suggester, tmp_path / "t.csv", [*NAMES, "licenza"], *rows)
    assert "zero" in licence(found, suggester.cues.licences).value
    # What one record says of something else is not said of the file.
    odd = [
        [*row[:1], "Un corso sotto CC BY 4.0", *row[2:]] if row is ROWS[3] else row for row in ROWS
    ]
    found = suggest(suggester, tmp_path / "t.csv", NAMES, *odd)
    assert licence(found, suggester.cues.licences).confidence < 0.8


def test_a_licence_on_another_sheet_counts(suggester: Suggester, tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "t.xlsx")
    for name, rows in (
        ("Note", [["Licenza", "Creative Commons Attribution 4.0"]]),
        ("Dati", [NAMES, *ROWS]),
    ):
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    found = suggester.suggest(tmp_path / "t.xlsx")
    assert found.grid.sheet == "Dati"
    assert licence(found, suggester.cues.licences).value == CC_BY


def test_where_nothing_is_known_of_the_rights_the_proposal_says_so(
    suggester: Suggester, tmp_path: Path
) -> None:
    rows = [[f"Selts {n}", f"8000000{n}", "Tartu"] for n in range(1, 9)]
    found = suggest(suggester, tmp_path / "t.csv", ["Asutuse nimi", "Registrikood", "Linn"], *rows)
    assert "CNE" in licence(found, suggester.cues.licences).value
