"""A new workspace: its spreadsheets, that it builds empty and filled in, and its settings."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from openpyxl import load_workbook

import ontology
from graph.dataset import Dataset
from graph.engine import Query
from graph.release import Releases
from loaders.language.mapping import read_mappings
from loaders.suggesting.cues import Cues
from loaders.workspaces.choices import read_choices
from loaders.workspaces.making import make_workspace
from loaders.workspaces.tables import Language, read_tables
from tests.cli.conftest import Sikg

LANGUAGES: tuple[Language, ...] = get_args(Language)
IN_ALL = pytest.mark.parametrize("language", LANGUAGES)
SETTINGS = (
    "SIKG_HOME",
    "SIKG_DATA",
    "SIKG_SOURCES",
    "SIKG_BASE",
    "SIKG_KEEP",
    "SIKG_LEDGER",
    "SIKG_LINKS",
)

# Rows by the names of columns; lists offer their terms in the language of the workspace.
FILLED: Mapping[str, list[dict[str, object]]] = {
    "organisations": [
        {"code": "katus", "name": "MTÜ Katus", "country": "EE", "city": "Tartu"},
        {"code": "uks-ou", "name": "OÜ Uks", "country": "EE", "register": "10000024"},
        {"code": "jumts", "name": "Biedrība “Jumts”", "country": "LV", "website": "no address"},
    ],
    "projects": [
        {
            "code": "kodu",
            "name": "Kodu",
            "start": "2024-05",
            "end": "14.05.2026",
            "countries": "EE;LV",
        }
    ],
    "participation": [{"organisation": "katus", "project": "kodu", "role": "lead-partner"}],
    "practices": [{"code": "uks", "name": "Uks", "theme": "employment", "organisation": "katus"}],
    "funding": [
        {
            "code": "kodu-eu",
            "project": "kodu",
            "amount": "150 000,50",
            "currency": "EUR",
            "kind": "eu",
            "phase": "approved",
            "year": 2024,
        }
    ],
}


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the settings of the environment as they were, whatever a workspace sets."""
    for name in SETTINGS:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


def workbook(folder: Path, language: Language) -> tuple[Path, Any]:
    path = folder / "tables" / f"{read_tables().workbook[language]}.xlsx"
    return path, load_workbook(path)


def fill(folder: Path, language: Language) -> None:
    """Fill in the spreadsheets as a person does who takes terms from the lists."""
    path, book = workbook(folder, language)
    choices = read_choices(language)
    for name, rows in FILLED.items():
        sheet = read_tables().sheets[name]
        columns = sheet.columns_in(language)
        for number, row in enumerate(rows, start=2):
            for place, column in enumerate(columns, start=1):
                cell = row.get(column.id)
                if column.choices in choices and isinstance(cell, str) and ";" not in cell:
                    keys = choices[column.choices].keys
                    cell = next(shown for shown, key in keys.items() if key == cell)
                if cell is not None:
                    book[sheet.title[language]].cell(number, place, cell)
    book.save(path)


# What a managing authority publishes, which names its fund.
LIST = """\
Name of beneficiary,Operation name,Start date,End date,Total eligible expenditure (EUR),Fund
Made-up Association,Learning together,2016-04-04,2017-04-03,129394.65,ESF
Invented Council,Working together,2016-05-02,2018-12-31,1000.50,ESF
Example Foundation,Living together,2015-01-01,2016-12-31,20500.00,ESF
"""


@IN_ALL
def test_every_heading_has_a_note_and_every_list_its_drop_down(
    tmp_path: Path, language: Language
) -> None:
    make_workspace(tmp_path / "new", language)
    _, book = workbook(tmp_path / "new", language)
    tables = read_tables()
    lists = book[tables.lists[language]]
    assert lists.sheet_state == "hidden"
    for sheet in tables.sheets.values():
        found = book[sheet.title[language]]
        columns = sheet.columns_in(language)
        assert found.freeze_panes == "A2"
        assert [cell.value for cell in found[1]] == [item.label[language] for item in columns]
        rules = {
            next(iter(rule.sqref.ranges)).min_col: rule
            for rule in found.data_validations.dataValidation
        }
        for place, column in enumerate(columns, start=1):
            note = found.cell(1, place).comment.text
            assert note.startswith(column.note[language])
            assert (tables.required[language] in note) == column.required
            if column.choices:
                assert rules[place].type == "list"
                assert rules[place].showErrorMessage is not column.several
        assert found.max_row == 1


@IN_ALL
def test_lists_offer_the_concepts_by_their_names_in_the_language(language: Language) -> None:
    choices = read_choices(language)
    offered = {"en": "lead partner", "et": "juhtpartner", "lv": "vadošais partneris"}
    assert offered[language] in choices["role"].offered
    assert {offered[item] for item in LANGUAGES} <= set(choices["role"].keys)
    assert {choices["role"].keys[name] for name in offered.values()} == {"lead-partner"}
    assert choices["country"].keys["Eesti"] == choices["country"].keys["EE"] == "EE"
    used = {
        c.choices for sheet in read_tables().sheets.values() for c in sheet.columns if c.choices
    }
    assert used <= set(choices) | set(read_tables().sheets)
    for name in used - {"currency", *read_tables().sheets}:
        assert name in ontology.segments()
        assert len(choices[name].offered) == len(set(choices[name].keys.values())) > 3


@IN_ALL
def test_the_mappings_read_every_column_of_the_spreadsheets(
    tmp_path: Path, language: Language
) -> None:
    make_workspace(tmp_path / "new", language, 'A "centre" \\ ours')
    mappings = {mapping.name: mapping for mapping in read_mappings(tmp_path / "new" / "mappings")}
    tables = read_tables()
    assert set(mappings) == {*tables.sheets, "countries", "funds"}
    for name, sheet in tables.sheets.items():
        assert mappings[name].publisher == 'A "centre" \\ ours'
        assert mappings[name].rows.sheet == sheet.title[language]
        assert mappings[name].columns() == {
            column.label[language] for column in sheet.columns_in(language)
        }


def test_a_new_workspace_builds_at_once_and_holds_what_is_filled_in(
    sikg: Sikg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = sikg("new-workspace", "centre", "--language", "et", "--publisher", "Meie")
    assert made.code == 0
    assert "cd centre && sikg build && sikg serve" in made.out
    monkeypatch.chdir(tmp_path / "centre")
    assert sikg("build").code == 0
    fill(tmp_path / "centre", "et")
    Path("tables", "list.csv").write_text(LIST, encoding="utf-8")
    assert sikg("suggest", "tables/list.csv", "-o", "mappings/list.yaml").code == 0
    ran = sikg("build", "--json")
    assert ran.code == 0
    assert ran.document["quarantined"] == 1  # the website that is no address
    assert ran.document["violations"] == 0
    dataset = Dataset.open(Releases(tmp_path / "centre" / "var").current())
    hits = dataset.search.search("katus", limit=5)
    assert hits[0].iri == dataset.identity.entity("organisation", "katus")
    found = dataset.store.select(
        Query(
            "PREFIX sikg: <https://w3id.org/sikg/ontology#> SELECT ?role ?amount ?year WHERE { "
            "?part sikg:participant ?who ; sikg:participatesIn ?project ; sikg:role ?role . "
            "?project sikg:funding [ sikg:amount ?amount ; sikg:fundingYear ?year ] }"
        )
    )
    (row,) = found
    fund = dataset.identity.entity("programme", "esf-2014-2020")
    paid = f"ASK {{ ?project <{ontology.Property.FUNDED_BY}> <{fund}> }}"
    assert dataset.store.ask(Query(paid))
    assert row["role"].value == dataset.identity.entity("role", "lead-partner")
    assert (row["amount"].value, row["year"].value) == ("150000.5", "2024")


def test_what_ready_mappings_and_suggestions_call_a_fund_is_in_a_new_workspace(
    tmp_path: Path,
) -> None:
    make_workspace(tmp_path / "new")
    with (tmp_path / "new" / "tables" / "funds.csv").open(encoding="utf-8") as file:
        there = {row["id"] for row in csv.DictReader(file)}
    sets = [path for path in Path("loaders/sources").iterdir() if list(path.glob("*.yaml"))]
    named = {
        key
        for mapping in (mapping for folder in sets for mapping in read_mappings(folder))
        for entity in mapping.entities.values()
        for item in entity.properties
        if item.segments == ("programme",)
        for key in (item.map.values() if item.map else [item.value])
        if key is not None
    }
    suggested = {key for funds in Cues.read().programmes.values() for key in funds.values()}
    assert {"esf-2014-2020", "interreg", "horizon-2020"} <= named
    assert named | suggested <= there


def test_a_folder_with_files_is_left_alone(sikg: Sikg, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    ran = sikg("new-workspace", "full")
    assert ran.code == 2
    assert "is not empty" in ran.only_line
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["notes.txt"]


def test_settings_of_a_workspace_are_read_and_the_environment_comes_first(
    sikg: Sikg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sikg.env").write_text("# ours\nSIKG_HOME=elsewhere$HOME\nSIKG_LINKS=7\n")
    monkeypatch.setenv("SIKG_LINKS", "9")
    assert sikg("releases", "--json").document == []
    assert (os.environ["SIKG_HOME"], os.environ["SIKG_LINKS"]) == ("elsewhere$HOME", "9")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("SIKG_DTAA=tables", "did you mean SIKG_DATA?"),
        ("PATH=/tmp", "'PATH' is no setting"),
        ("SIKG_DATA", "no setting with a value"),
    ],
)
def test_what_is_no_setting_is_refused(sikg: Sikg, tmp_path: Path, line: str, told: str) -> None:
    (tmp_path / "sikg.env").write_text(line + "\n")
    ran = sikg("releases")
    assert ran.code == 2
    assert told in ran.only_line
