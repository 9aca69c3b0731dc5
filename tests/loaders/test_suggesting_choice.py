"""What tells models apart: words for their things, what rows repeat, what names leave unsaid."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from graph.errors import MappingError
from graph.languages import OFFICIAL
from loaders.language.mapping import read_mapping
from loaders.language.models import read_model
from loaders.suggesting.suggestion import Suggester, Suggestion
from loaders.suggesting.vocabulary import Vocabulary, parts
from loaders.suggesting.writing import mapping_text
from tests.loaders.conftest import checked

BODIES = ["Made-up Trust", "Helping Hands Ltd", "Open Door Foundation", "Northside College"]


def suggest(
    suggester: Suggester, path: Path, names: list[str], rows: list[list[str]]
) -> Suggestion:
    """Suggest what a table of these rows means."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([names, *rows])
    return suggester.suggest(path)


def test_tables_of_every_model_are_called_something_in_every_official_language(
    suggester: Suggester,
) -> None:
    titles = Vocabulary.of_titles()
    told = {(term.field, term.language) for term in titles.terms}
    assert told == {(model, tag) for model in suggester.targets for tag in ("en", *OFFICIAL)}


def test_organisations_that_rows_repeat_are_no_table_of_organisations(
    suggester: Suggester, tmp_path: Path
) -> None:
    given = suggester.of_model("organisation")
    names = ["Name", "Type", "Website", "Total cost"]
    once = [[f"{BODIES[n % 4]} {n}", "trust", f"https://{n}.example.org", "900"] for n in range(12)]
    again = [[BODIES[n % 4], *row[1:]] for n, row in enumerate(once)]
    fits = [suggest(given, tmp_path / "t.csv", names, rows).choice.fit for rows in (once, again)]
    assert fits[1] < fits[0] - 0.2


@pytest.mark.parametrize(
    "file", ["list_of_grants.csv", "grants-2024.csv", "myönnetyt avustukset.csv"]
)
def test_what_a_file_is_called_speaks_for_a_model(
    file: str, suggester: Suggester, tmp_path: Path
) -> None:
    given = suggester.of_model("grant")
    names = ["Name", "Year", "Amount"]
    rows = [[f"{body} {n}", "2021", f"{n}000.50"] for n, body in enumerate(BODIES * 3, start=1)]
    plain, called = (suggest(given, tmp_path / name, names, rows) for name in ("t.csv", file))
    assert called.choice.fit > plain.choice.fit + 0.05


def test_words_for_things_in_names_of_columns_speak_for_a_model(suggester: Suggester) -> None:
    spoken = suggester.cues.spoken_of
    assert spoken(["nombre_operacion", "importe"])["operation"] == pytest.approx(0.5**0.5)
    assert spoken(["Myönnetty avustus"])["grant"] == 1
    assert spoken(["Partner's budget", "Town"])["participation"] > 0
    assert not any(spoken(["Name", "Town"]).values())
    assert not any(spoken([]).values())


@pytest.mark.parametrize(
    ("name", "requested", "union"),
    [
        ("Grant requested", 1, 0),
        ("Projekto vertė paraiškoje", 1, 0),
        ("Union support approved on request", 0, 1),
        ("EL-i toetus", 0, 1),
        ("Eurydice costs", 0, 0),
    ],
)
def test_names_say_whether_money_is_applied_for_and_whose_it_is(
    name: str, requested: int, union: int, suggester: Suggester
) -> None:
    said = suggester.cues.says(name)
    assert (said["says_requested"], said["says_union"]) == (requested, union)
    assert suggester.cues.says("")["unsaid_union"] == 0


def test_a_group_of_columns_and_the_column_in_it_are_parts_of_its_name() -> None:
    assert parts("basic_data-project_data-project_code:")[1:] == [
        *("basic_data", "project_data", "project_code:"),
    ]
    assert parts("Co-financing rate") == ["Co-financing rate"]
    assert parts("e-mail") == ["e-mail"]


def test_commitments_without_a_number_load_one_a_row(suggester: Suggester, tmp_path: Path) -> None:
    names = ["Year", "Beneficiary", "VAT number of beneficiary", "Commitment amount", "Purpose"]
    rows = [
        [str(2020 + n % 3), BODIES[n % 4], f"BE09999999{n:02}", f"{n}500.25", f"Work no. {n} done"]
        for n in range(1, 9)
    ]
    given = suggester.of_model("transaction")
    found = suggest(given, tmp_path / "t.csv", names, rows)
    (tmp_path / "t.yaml").write_text(mapping_text(found, given), encoding="utf-8")
    mapping = read_mapping(tmp_path / "t.yaml")
    assert {"project", "total", "beneficiary"} <= set(mapping.entities)
    assert checked(mapping, tmp_path / "t.csv") == (8, [])


def test_what_tells_rows_apart_is_a_field(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "choir.yaml").write_text(
        "name: choir\ntitle: A choir\napart_by: [nam]\nfields:\n  name: {kind: name, title: name}\n"
        "entities:\n  choir: {class: Organisation, key: '{name|hash}', type: organisation}\n",
        "utf-8",
    )
    with pytest.raises(MappingError, match=r"apart_by: 'nam' is no field"):
        read_model("choir", tmp_path)


def test_of_two_models_that_fit_equally_the_usual_one_is_chosen(
    suggester: Suggester, tmp_path: Path
) -> None:
    usual = suggester.of_model("operation")
    target = usual.targets["operation"]
    other = replace(target, model=target.model.model_copy(update={"name": "a", "usual": False}))
    both = replace(suggester, targets={"a": other, "operation": target})
    rows = [[BODIES[n % 4], f"Work for all {n}", f"{n}000.50"] for n in range(1, 9)]
    names = ["Beneficiary", "Project title", "Total cost"]
    choice = suggest(both, tmp_path / "t.csv", names, rows).choice
    assert choice.target.name == "operation"
    assert choice.others[0][0] == "a"
