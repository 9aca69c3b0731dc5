"""A table names its columns, and the model makes a plain mapping of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graph.errors import MappingError
from loaders.language.keys import Slot, slots
from loaders.language.mapping import SourceMapping
from loaders.language.models import read_model

if TYPE_CHECKING:
    from tests.loaders.conftest import Bench

MODELS = Path(__file__).parents[2] / "loaders" / "models"
MODEL = """\
name: thing
title: Things
fields:
  code: {kind: code, title: its number}
  label: {kind: name, title: its name}
  who: {kind: name, title: whose it is}
  begin: {kind: date, title: when it began}
  cost: {kind: amount, title: what it costs}
  share: {kind: amount, title: what is paid}
  rate: {kind: rate, title: how much of it is paid}
  money: {kind: currency, title: the currency}
  place: {kind: text, title: where it is}
  land: {kind: country, title: its country}
entities:
  project:
    type: project
    class: Project
    key: ["{#source}-{code}", "{#source}-{#content}"]
    properties:
      - {property: skos:prefLabel, column: label, lang: "{lang}"}
      - property: skos:prefLabel
        column: place
        lang: "{lang}"
        when: {column: label, missing: true}
      - {property: startDate, column: begin, as: date, faulty: omit}
      - {property: place, column: place, lang: "{lang}"}
      - {property: country, column: land, reference: country}
      - {property: funding, entity: cost}
  owner:
    type: organisation
    class: Organisation
    key: ["{who|hash}"]
    when: {column: who}
    properties:
      - {property: skos:prefLabel, column: who, lang: "{lang}"}
  cost:
    type: funding
    class: Funding
    key: ["{#source}-{code}-cost", "{#source}-{#content}-cost"]
    when: {column: cost}
    properties:
      - {property: amount, column: cost, as: decimal}
      - {property: currency, column: money, as: string}
cross_checks:
  - {rate: rate, of: cost, gives: share}
"""
FIELDS = """\
model: thing
lang: de
fields:
  code: Nr
  label: Name
  begin: {column: Beginn, dates: DD.MM.YYYY, empty: offen}
  cost: {column: Kosten, numbers: "1.234,56", empty: [-]}
constants: {money: EUR, land: DE}
"""
TABLE = 'Nr,Name,Beginn,Kosten\n1,Haus,01.02.2020,"1.000,50"\n2,Hof,offen,-\n'


def mapping(bench: Bench, text: str, model: str = MODEL) -> SourceMapping:
    """Read a mapping beside a model."""
    (bench.folder / "models").mkdir(exist_ok=True)
    bench.file("models/thing.yaml", model)
    return bench.mapping(text)


def said(bench: Bench, made: SourceMapping, table: str) -> set[tuple[str, str, str]]:
    """Give the statements of a table, each term by its end."""
    ends = re.compile(r"[^/#]*$")
    return {
        tuple(match[0] if (match := ends.search(term.value)) else "" for term in statement)  # type: ignore[misc]
        for statement in bench.state(made, table)
    }


def test_fields_stand_for_columns_and_constants_for_themselves(bench: Bench) -> None:
    assert said(bench, mapping(bench, FIELDS), TABLE) == {
        ("things-1", "type", "Project"),
        ("things-1", "prefLabel", "Haus"),
        ("things-1", "startDate", "2020-02-01"),
        ("things-1", "country", "DE"),
        ("things-1", "funding", "things-1-cost"),
        ("things-1-cost", "type", "Funding"),
        ("things-1-cost", "amount", "1000.5"),
        ("things-1-cost", "currency", "EUR"),
        ("things-2", "type", "Project"),
        ("things-2", "prefLabel", "Hof"),
        ("things-2", "country", "DE"),
    }


def test_what_the_table_has_no_field_for_is_left_out(bench: Bench) -> None:
    made = mapping(bench, "model: thing\nfields: {label: Name}\n")
    assert list(made.entities) == ["project"]
    project = made.entities["project"]
    assert project.key == "{#source}-{#content}"
    assert [(item.column, item.lang) for item in project.properties] == [("Name", "und")]
    assert made.columns() == {"Name"}


def test_a_property_for_rows_that_lack_a_field_holds_where_the_table_lacks_it(
    bench: Bench,
) -> None:
    made = mapping(bench, "model: thing\nlang: de\nfields: {code: Nr, place: Ort}\n")
    assert ("things-1", "prefLabel", "Tartu") in said(bench, made, "Nr,Ort\n1,Tartu\n")
    both = mapping(bench, "model: thing\nlang: de\nfields: {code: Nr, label: Name, place: Ort}\n")
    found = said(bench, both, "Nr,Name,Ort\n1,,Tartu\n2,Haus,Riga\n")
    assert {item for item in found if item[1] == "prefLabel"} == {
        ("things-1", "prefLabel", "Tartu"),
        ("things-2", "prefLabel", "Haus"),
    }


def test_a_field_may_have_several_columns_and_a_language_of_its_own(bench: Bench) -> None:
    made = mapping(
        bench,
        "model: thing\nlang: de\nfields:\n  code: Nr\n"
        "  place: [Ort, {column: Place, lang: en, split: '/', pattern: '^(.*?)!'}]\n",
    )
    found = bench.state(made, "Nr,Ort,Place\n1,Köln,Cologne!/Rhine!\n")
    texts = {(item[2].value, item[2].language) for item in found if item[2].kind == "literal"}
    assert texts == {("Köln", "de"), ("Cologne", "en"), ("Rhine", "en")}


def test_a_table_adds_entities_and_properties_of_its_own(bench: Bench) -> None:
    own = (
        "entities:\n"
        "  project:\n    unique: true\n    properties:\n"
        "      - {property: skos:note, column: Notiz, lang: de}\n"
        "  site:\n    type: organisation\n    class: Organisation\n"
        "    key: '{Ort}'\n    properties: []\n"
    )
    made = mapping(bench, FIELDS + own)
    assert set(made.entities) == {"project", "cost", "site"}
    assert made.entities["project"].unique
    assert made.columns() == {"Nr", "Name", "Beginn", "Kosten", "Notiz", "Ort"}


def test_a_check_across_amounts_holds_where_all_are_there(bench: Bench) -> None:
    assert mapping(bench, FIELDS).cross_checks == ()
    more = FIELDS.replace("  code: Nr\n", "  code: Nr\n  share: Anteil\n  rate: Satz\n")
    (check,) = mapping(bench, more).cross_checks
    assert (check.rate.column, check.of.column) == ("Satz", "Kosten")
    assert [amount.column for amount in check.gives] == ["Anteil"]
    assert check.of.numbers == ("1.234,56",)
    own = "cross_checks:\n  - {rate: {column: Satz}, of: {column: Nr}, gives: [{column: Name}]}\n"
    (check,) = mapping(bench, more + own).cross_checks
    assert check.of.column == "Nr"


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ("code: Nr", "cod: Nr", "fields.cod: the model 'thing' has no such field; did you mean"),
        ("money: EUR", "mony: EUR", "constants.mony: the model 'thing' has no such field"),
        ("money: EUR", "code: EUR", "'code' is both a field with a column and a constant"),
        ("model: thing", "model: thin", "there is no model 'thin'; did you mean 'thing'?"),
        ("model: thing\n", "", "belong to a model: name it with model"),
        ("DD.MM.YYYY", "DD-MMM", "fields.begin.0.dates: 'DD-MMM' is no order of a date"),
        ("1.234,56", "5,00", "fields.cost.0.numbers: '5,00' is no example"),
        ("dates:", "date:", "fields.begin.0.date: there is no such key; did you mean 'dates'?"),
        ("lang: de", "lang: deutsch_", "'deutsch_' is no language tag"),
    ],
)
def test_mistakes_are_told_with_what_was_meant(
    bench: Bench, old: str, new: str, cause: str
) -> None:
    assert old in FIELDS
    with pytest.raises(MappingError) as caught:
        mapping(bench, FIELDS.replace(old, new))
    assert cause in str(caught.value)
    assert str(caught.value).startswith(f"{bench.folder / 'things.yaml'}: ")


def test_the_line_of_a_mistake_in_a_field_is_told(bench: Bench) -> None:
    with pytest.raises(MappingError, match=r"line 13: fields\.begin"):
        mapping(bench, FIELDS.replace("DD.MM.YYYY", "later"))


def test_a_faulty_model_is_told_by_its_own_place(bench: Bench) -> None:
    with pytest.raises(MappingError, match=r"models/thing\.yaml: line 4: fields\.code\.kind"):
        mapping(bench, FIELDS, MODEL.replace("kind: code", "kind: cod"))


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ('    key: ["{who|hash}"]\n', "", "owner: an entity has a class and a key"),
        ("when: {column: who}", "when: who", "owner: a condition or choice names its column"),
        ("rate: rate, ", "", "cross_checks.0.rate: the key is missing"),
        (
            '    key: ["{who|hash}"]\n',
            '    key: ["{who|hash}"]\n    each: whom\n',
            "'whom' is no field",
        ),
        (
            '    key: ["{who|hash}"]\n',
            '    key: ["{who|hash}"]\n    each: {a: b}\n',
            "each names a field",
        ),
        ("    class: Project\n", "    class: {map: {a: b}}\n", "project: a condition or choice"),
    ],
)
def test_a_model_that_cannot_be_filled_is_refused(
    bench: Bench, old: str, new: str, cause: str
) -> None:
    assert old in MODEL
    with pytest.raises(MappingError) as caught:
        mapping(bench, FIELDS, MODEL.replace(old, new))
    assert cause in str(caught.value)


@pytest.mark.parametrize("path", sorted(MODELS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_model_uses_its_fields_and_no_others(path: Path) -> None:
    model = read_model(path.stem, Path())
    assert model.name == path.stem
    used: set[str] = set()
    for entity in model.entities.values():
        keys = entity["key"] if isinstance(entity["key"], list) else [entity["key"]]
        places = [part for key in keys for part in slots(key) if isinstance(part, Slot)]
        used |= {part.column for part in places if part.column is not None}
        conditioned = [entity, *entity["properties"]]
        used |= {item["when"]["column"] for item in conditioned if "when" in item}
        used |= {item["column"] for item in entity["properties"] if "column" in item}
        if not isinstance(entity["class"], str):
            used.add(entity["class"]["column"])
    for check in model.cross_checks:
        used |= {check.rate, check.of, *check.gives}
    assert used == set(model.fields)
