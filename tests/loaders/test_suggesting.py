"""Suggestions for lists in many languages, and what of them loads.

The lists stand in made-up-lists.yaml.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from graph.identity import Identity
from graph.languages import OFFICIAL
from loaders.engine import Engine
from loaders.language.mapping import read_mapping
from loaders.reading.readers import read_table
from loaders.suggesting.suggestion import Suggester
from loaders.suggesting.vocabulary import Vocabulary
from loaders.suggesting.writing import mapping_text


@dataclass(frozen=True)
class Listed:
    """A made-up list: its columns and their fields, and how it is written."""

    columns: dict[str, str]
    bodies: list[str]
    titles: list[str]
    text: str
    group: str = "."
    decimal: str = ","
    date: str = "{day:02}.{month:02}.{year}"
    encoding: str = "utf-8"
    delimiter: str = ";"
    missed: dict[str, str] = field(default_factory=dict)


LISTS = {
    language: Listed(**given)
    for language, given in YAML(typ="safe")
    .load((Path(__file__).parent / "made-up-lists.yaml").read_text("utf-8"))
    .items()
}
ROWS = 14


def cell(listed: Listed, meant: str, row: int) -> str:
    """Make a cell that suits a field."""
    total = 12_500.5 + 7_431.25 * row
    month, year = 1 + row % 12, 2016 + row % 3
    made = {
        "operation_id": f"ES-{1000 + row * 37}/{row:02}",
        "operation_name": f"{listed.titles[row % 2]} {row + 1}",
        "beneficiary_name": listed.bodies[row % 4],
        "summary": f"{listed.text}; {listed.text.lower()} ({row}).",
        "start_date": listed.date.format(day=1 + row * 2, month=month, year=year),
        "end_date": listed.date.format(day=28, month=month, year=year + 2),
        "eligible": number(listed, total),
        "eu_amount": number(listed, total * 0.85),
        "eu_rate": "85,00 %",
        "postcode": f"{62000 + row * 100}",
        "region": ("Åbo-Ö", "Nord-Ω", "Vest")[row % 3],
        "location": ("Alfa", "Beta", "Gama", "Delta", "Epsila")[row % 5],
    }
    return made[meant]


def number(listed: Listed, value: float) -> str:
    """Write a number as the list does."""
    text = f"{value:,.2f}".replace(",", "\0").replace(".", listed.decimal)
    return text.replace("\0", listed.group)


def write(listed: Listed, path: Path) -> None:
    """Write a made-up list; what its encoding lacks is left out, as people do."""
    with path.open("w", encoding=listed.encoding, errors="ignore", newline="") as file:
        writer = csv.writer(file, delimiter=listed.delimiter)
        writer.writerow(listed.columns)
        for row in range(ROWS):
            writer.writerow([cell(listed, meant, row) for meant in listed.columns.values()])


def test_every_official_language_has_a_word_for_every_field() -> None:
    terms = Vocabulary.read().terms
    fields = {term.field for term in terms}
    for language in OFFICIAL:
        missing = fields - {term.field for term in terms if term.language == language}
        assert not missing, f"names/{language}.yaml has no word for {sorted(missing)}"


@pytest.mark.parametrize("language", LISTS)
def test_a_list_in_this_language_is_understood_and_loads(
    language: str, suggester: Suggester, tmp_path: Path
) -> None:
    listed = LISTS[language]
    write(listed, tmp_path / "list.csv")
    found = suggester.suggest(tmp_path / "list.csv")
    assert found.language.tag == language
    said = {column.name: column.match.field for column in found.columns}
    assert said == {**listed.columns, **listed.missed}
    (tmp_path / "list.yaml").write_text(mapping_text(found, suggester), encoding="utf-8")
    mapping = read_mapping(tmp_path / "list.yaml")
    table = read_table(tmp_path / "list.csv", mapping.rows)
    engine = Engine(mapping, Identity())
    assert engine.check_columns(table) == []
    assert [problem.sentence() for problem in engine.faults(table)] == []
    assert table.rows_read == ROWS


def test_terms_of_a_file_can_be_taken_out(suggester: Suggester) -> None:
    """The measurement leaves out what would be known by heart."""
    whole = suggester.vocabulary
    without = whole.without(["Name des Begünstigten / beneficiary name"])
    gone = {term.text for term in whole.terms} - {term.text for term in without.terms}
    assert gone == {"Name des Begünstigten", "beneficiary name"}
    assert {term.language for term in whole.without(language="de").terms} == {*OFFICIAL} - {"de"}
