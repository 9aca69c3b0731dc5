"""The engine turns the columns of a table into statements, and finds the cells that make none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import ontology
from graph.errors import MappingError
from graph.identity import Identity
from graph.terms import XSD, Term
from loaders.engine import Engine

if TYPE_CHECKING:
    from tests.loaders.conftest import Bench

BASE = "http://localhost:8000/id/"
LABEL = "{property: skos:prefLabel, column: name, lang: en}"
THEMES = '{property: theme, column: themes, split: ";", reference: theme}'
FUNDED = """\
entities:
  practice:
    type: practice
    class: Practice
    key: "{id}"
    properties:
      - {property: funding, entity: total}
  total:
    type: funding
    class: Funding
    key: "{id}-total"
    when: {column: budget}
    properties:
      - {property: amount, column: budget, as: decimal, min: 0}
      - {property: currency, value: EUR, as: string}
"""
CLASSES = """\
entities:
  event:
    type: event
    class: {column: kind, map: {w: Workshop, t: Training}DEFAULT}
    key: "{id}"
"""


def values(statements: list[tuple[Term, Term, Term]], name: str) -> list[str]:
    """Give the values of one property, in order."""
    return [value.value for _, predicate, value in statements if predicate.value == iri(name)]


def iri(name: str) -> str:
    """Give the IRI of a term of the ontology."""
    return ontology.declared(name)


def test_each_row_becomes_an_entity_of_its_class_with_its_properties(bench: Bench) -> None:
    found = bench.state(bench.mapping_of(LABEL), "id,name\na b,Õun\nc,\n")
    first, second = Term("uri", f"{BASE}practice/a%20b"), Term("uri", f"{BASE}practice/c")
    kind = Term("uri", iri("rdf:type"))
    practice = Term("uri", iri("sikg:Practice"))
    assert {(first, kind, practice), (second, kind, practice)} < set(found)
    (label,) = set(found) - {(first, kind, practice), (second, kind, practice)}
    assert label[:2] == (first, Term("uri", iri("skos:prefLabel")))
    assert label[2][:3] == ("literal", "Õun", "en")


def test_a_split_cell_gives_one_statement_a_part_and_none_for_blanks(bench: Bench) -> None:
    found = bench.state(bench.mapping_of(THEMES), "id,themes\na, education ;; skills_vet ; ;\nb,\n")
    assert values(found, "sikg:theme") == [f"{BASE}theme/education", f"{BASE}theme/skills-vet"]


def test_a_constant_stands_in_every_row(bench: Bench) -> None:
    item = "{property: theme, value: skills_vet, reference: theme}"
    found = bench.state(bench.mapping_of(item), "id\na\nb\n")
    assert values(found, "sikg:theme") == [f"{BASE}theme/skills-vet"] * 2


def test_a_map_gives_the_value_that_a_code_stands_for(bench: Bench) -> None:
    item = "{property: country, column: c, map: {Eesti: EE, NO: 'NO'}, reference: country}"
    mapping = bench.mapping_of(item)
    found = bench.state(mapping, "id,c\na,Eesti\nb,NO\n")
    assert values(found, "sikg:country") == [f"{BASE}country/EE", f"{BASE}country/NO"]
    strings = bench.mapping_of("{property: skos:note, column: c, map: {x: y}, as: string}")
    assert bench.faults(strings, "id,c\na,x\nb,z\n") == [
        (3, "this code is not in the map of the property: x")
    ]


def test_a_template_fills_an_address(bench: Bench) -> None:
    item = '{property: legalBasis, column: c, as: iri, template: "http://example.org/{}/x"}'
    mapping = bench.mapping_of(item)
    assert values(bench.state(mapping, "id,c\na,1 2\n"), "sikg:legalBasis") == [
        "http://example.org/1%202/x"
    ]


def test_a_language_is_fixed_or_stands_in_a_column(bench: Bench) -> None:
    items = [
        "{property: skos:note, column: n, lang: {column: l, map: {E: et}, default: und}}",
        "{property: skos:prefLabel, column: n, lang: {column: m}}",
    ]
    found = bench.state(bench.mapping_of(*items), "id,n,l,m\na,x,E,lv\nb,y,?,de-AT\n")
    tags = {(value.value, value.language) for _, _, value in found if value.language}
    assert tags == {("x", "et"), ("x", "lv"), ("y", "und"), ("y", "de-at")}


def test_a_text_without_a_tag_in_its_column_is_a_fault(bench: Bench) -> None:
    mapping = bench.mapping_of("{property: skos:note, column: n, lang: {column: l}}")
    reason = "no text with a well-formed language tag"
    assert bench.faults(mapping, "id,n,l\na,x,\nb,y,en_GB\nc,,\nd,z,en\n") == [
        (2, reason),
        (3, reason),
    ]


def test_an_entity_exists_only_in_rows_that_meet_its_condition(bench: Bench) -> None:
    found = bench.state(bench.mapping(FUNDED), "id,budget\na,5.50\nb,\nc, \n")
    amounts = [item for item in found if item[1].value == iri("sikg:amount")]
    assert amounts == [
        (
            Term("uri", f"{BASE}funding/a-total"),
            Term("uri", iri("sikg:amount")),
            Term("literal", "5.5", None, f"{XSD}decimal"),
        )
    ]
    assert values(found, "sikg:funding") == [f"{BASE}funding/a-total"]
    assert values(found, "sikg:currency") == ["EUR"]


def test_a_property_holds_only_in_rows_that_meet_its_condition(bench: Bench) -> None:
    item = "{property: skos:note, column: n, lang: en, when: {column: k, among: [x, y]}}"
    found = bench.state(bench.mapping_of(item), "id,n,k\na,1,x\nb,2, y \nc,3,z\nd,4,\n")
    assert values(found, "skos:note") == ["1", "2"]


def test_a_class_is_chosen_by_a_code(bench: Bench) -> None:
    table = "id,kind\na,w\nb, t \nc,?\nd,\n"
    strict = bench.mapping(CLASSES.replace("DEFAULT", ""))
    assert values(bench.state(strict, table), "rdf:type") == [
        iri("sikg:Workshop"),
        iri("sikg:Training"),
    ]
    reason = "stands for no class of event"
    assert bench.faults(strict, table) == [(4, reason), (5, reason)]
    lenient = bench.mapping(CLASSES.replace("DEFAULT", ", default: Event"))
    assert values(bench.state(lenient, table), "rdf:type")[2:] == [iri("sikg:Event")] * 2
    assert bench.faults(lenient, table) == []


@pytest.mark.parametrize("cell", ["a", " a ", "\ta"])
def test_blanks_around_a_key_do_not_count(bench: Bench, cell: str) -> None:
    ((subject, _, _),) = bench.state(bench.mapping_of(LABEL), f"id,name\n{cell},\n")
    assert subject.value == f"{BASE}practice/a"


def test_keys_that_stand_twice_or_not_at_all_are_faults(bench: Bench) -> None:
    table = 'id,name\na,1\n,2\na,3\n a ,4\n"  ",5\nb,6\n'
    assert bench.faults(bench.mapping_of(LABEL), table) == [
        (3, "the key is empty"),
        (6, "the key is empty"),
        (4, "the key stands in row 2 already"),
        (5, "the key stands in row 2 already"),
    ]


def test_a_key_that_need_not_be_unique_may_stand_twice_but_not_be_empty(bench: Bench) -> None:
    mapping = bench.mapping(FUNDED)
    faults = bench.faults(mapping, "id,budget,x\na,1,\na,1,\n,,y\n")
    assert faults == [(4, "the key is empty")]


def test_a_fault_names_file_row_column_value_and_reason(bench: Bench) -> None:
    mapping = bench.mapping(FUNDED)
    table = bench.table("id,budget\na,1\nb,-5\n")
    (problem,) = Engine(mapping, Identity()).faults(table)
    assert problem.sentence() == (
        "things.csv, row 3, column budget: no amount such as 1250.50, at least 0 (value '-5')"
    )


def test_a_long_value_is_shown_by_its_beginning(bench: Bench) -> None:
    mapping = bench.mapping_of("{property: foaf:homepage, column: u, as: iri}")
    (problem,) = Engine(mapping, Identity()).faults(bench.table("id,u\na," + "x y" * 999 + "\n"))
    assert problem.value is not None
    assert len(problem.value) <= 80


def test_references_are_checked_against_the_keys_that_exist(bench: Bench) -> None:
    item = "{property: participatesIn, column: p, reference: [consortium, practice]}"
    mapping = bench.mapping_of(item)
    table = bench.table("id,p\na,x\nb,y\nc,z\n")
    known = {"consortium": table.frame["p"].head(1), "practice": table.frame["p"].head(2)}
    engine = Engine(mapping, Identity(), known)
    (problem,) = engine.faults(table)
    assert (problem.row, problem.value) == (4, "z")
    assert problem.reason == "refers to no consortium or practice that exists"
    (strand,) = [item for item in engine.strands(table.frame) if "participatesIn" in item.predicate]
    # Where a key exists in both kinds, the kind that the mapping names first is meant.
    assert strand.frame["o"].to_list() == [f"<{BASE}consortium/x>", f"<{BASE}practice/y>"]


def test_columns_neither_mapped_nor_ignored_are_named(bench: Bench) -> None:
    mapping = bench.mapping_of(LABEL).model_copy(update={"ignore": ("left",)})
    engine = Engine(mapping, Identity())
    assert engine.check_columns(bench.table("id,name,left,over\n")) == ["over"]


@pytest.mark.parametrize("header", ["id,nmae,left", "id,name,lft"])
def test_a_mapped_or_ignored_column_that_the_table_lacks_is_an_error(
    bench: Bench, header: str
) -> None:
    mapping = bench.mapping_of(LABEL).model_copy(update={"ignore": ("left",)})
    with pytest.raises(MappingError) as caught:
        Engine(mapping, Identity()).check_columns(bench.table(header + "\n"))
    message = str(caught.value)
    assert message.startswith(f"{mapping.path}: the table things.csv has no column ")
    assert "did you mean" in message
    assert header.replace(",", ", ") in message


def test_no_cell_escapes_from_its_term(bench: Bench) -> None:
    """What would break out of a literal or an IRI in a template of text stays a value."""
    attack = 'x"@en . <http://evil/> <http://evil/> <http://evil/> . #\n'
    items = [
        LABEL,
        "{property: legalBasis, column: name, as: iri, template: 'http://example.org/{}'}",
    ]
    cell = attack.replace('"', '""')
    table = f'id,name\n"{cell}","{cell}"\n'
    found = bench.state(bench.mapping_of(*items), table)
    assert len(found) == 3
    assert not any(term.value == "http://evil/" for statement in found for term in statement)
    assert values(found, "skos:prefLabel") == [attack.strip()]
