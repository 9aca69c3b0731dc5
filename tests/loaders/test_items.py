"""A cell that lists several partners makes an organisation and a participation of each."""

from __future__ import annotations

import pytest

from graph.errors import MappingError
from graph.identity import Identity
from graph.takedowns import Takedown, Takedowns, hashed_name
from graph.terms import Term
from loaders.building.check import Checked, read_sources
from loaders.engine import Engine
from loaders.language.mapping import SourceMapping
from loaders.privacy.hiding import Hiding
from tests.loaders.conftest import Bench

BASE = "http://localhost:8000/id/"
LISTED = """\
model: operation
lang: en
fields:
  operation_id: id
  operation_name: name
  beneficiary_name: {column: partners, split: ";"}
  eu_amount: amount
constants: {currency: EUR}
"""
OWN = """\
entities:
  project:
    type: project
    class: Project
    key: "{id}"
    properties:
      - {property: skos:prefLabel, column: name, lang: en}
  partner:
    type: organisation
    class: Organisation
    each: {column: partners, split: ";"}
    key: "{partners}"
    when: {column: partners, empty: [none]}
    properties:
      - {property: skos:exactMatch, column: partners, as: iri, template: "https://example.org/{}"}
  part:
    type: participation
    class: Participation
    each: {column: partners, split: ";"}
    key: "{id}-{partners}"
    properties:
      - {property: participant, column: partners, reference: organisation}
      - {property: participatesIn, entity: project}
ignore: [amount]
"""
TABLE = """\
id,name,partners,amount
1,Bridge,Alpha gGmbH; Beta e.V.;;Alpha  gGmbH,100.10
2,Alone,,5
3,House,beta e.v.,7
"""


def told(statements: list[tuple[Term, Term, Term]], predicate: str) -> list[tuple[str, str]]:
    """Give what a predicate says of what, without the base, each once."""
    return sorted(
        {
            (subject.value.removeprefix(BASE), value.value.removeprefix(BASE))
            for subject, verb, value in statements
            if verb.value.endswith(predicate)
        }
    )


def test_each_partner_of_a_cell_takes_part(bench: Bench) -> None:
    stated = bench.state(bench.mapping(LISTED), TABLE)
    projects = [project for _, project in told(stated, "participatesIn")]
    assert projects == ["project/things-1", "project/things-1", "project/things-3"]
    who = dict(told(stated, "participant"))
    assert len(who) == 3
    names = [(key, name) for key, name in told(stated, "prefLabel") if key.startswith("org")]
    assert sorted(name for _, name in names if name.casefold()[0] == "b") == [
        "Beta e.V.",
        "beta e.v.",
    ]
    assert {key for key, _ in names} == set(who.values())
    assert len(set(who.values())) == 2  # by their names, whatever their case and place


def test_money_stays_with_the_row(bench: Bench) -> None:
    stated = bench.state(bench.mapping(LISTED), TABLE)
    assert [amount for _, amount in told(stated, "amount")] == ["100.1", "5", "7"]
    assert [project for project, _ in told(stated, "funding")] == [
        "project/things-1",
        "project/things-2",
        "project/things-3",
    ]


def test_another_separator_is_part_of_a_name(bench: Bench) -> None:
    mapping = bench.mapping(LISTED.replace('";"', '" | "'))
    stated = bench.state(mapping, "id,name,partners,amount\n1,A,B; C | D|E,1\n")
    names = [name for key, name in told(stated, "prefLabel") if key.startswith("org")]
    assert sorted(names) == ["B; C", "D|E"]


def test_a_table_of_participations_lists_partners_too(bench: Bench) -> None:
    text = """\
model: participation
lang: en
fields:
  project_id: id
  project_name: name
  project_eu: amount
  partner_name: {column: partners, split: ";"}
constants: {currency: EUR}
"""
    stated = bench.state(bench.mapping(text), TABLE)
    assert len(told(stated, "participatesIn")) == 3
    assert [amount for _, amount in told(stated, "amount")] == ["100.1", "5", "7"]
    shared = text.replace("project_eu", "eu_share")
    with pytest.raises(MappingError, match="of the whole row and would count for each item"):
        bench.mapping(shared)


def test_a_cell_may_list_the_keys_of_what_other_rows_describe(bench: Bench) -> None:
    mapping, table = bench.mapping(OWN), "id,name,partners,amount\n1,A,x;none;;y,\n2,B,,\n"
    assert bench.faults(mapping, table) == []
    stated = bench.state(mapping, table)
    assert told(stated, "exactMatch") == [
        ("organisation/x", "https://example.org/x"),
        ("organisation/y", "https://example.org/y"),
    ]
    assert [to for _, to in told(stated, "participant")] == [
        "organisation/none",
        "organisation/x",
        "organisation/y",
    ]


def test_an_item_that_makes_no_value_sets_its_row_aside_once(bench: Bench) -> None:
    wrong = OWN.replace(
        '{property: skos:exactMatch, column: partners, as: iri, template: "https://example.org/{}"}',
        "{property: foundingDate, column: partners, as: date}",
    )
    mapping = bench.mapping(wrong.replace("foundingDate", "startDate"))
    found = bench.faults(mapping, "id,name,partners,amount\n1,A,2021;x,\n2,B,2022,\n")
    assert [row for row, _ in found] == [2]


@pytest.mark.parametrize(
    ("was", "now", "cause"),
    [
        ('key: "{partners}"', 'key: "{id}"', r"each: name {partners} in the key"),
        ('key: "{partners}"', 'key: "{partners}"\n    once: true', "each and once"),
        (
            "type: organisation\n    class: Organisation",
            "type: funding\n    class: Funding",
            "amount",
        ),
        ('key: "{id}"', 'key: "{id}-{partners}"', "'partners', whose cells list several"),
        ('split: ";"}', "splits: x}", "did you mean 'split'"),
    ],
)
def test_lists_that_make_no_sense_are_refused(bench: Bench, was: str, now: str, cause: str) -> None:
    assert was in OWN
    with pytest.raises(MappingError, match=cause):
        bench.mapping(OWN.replace(was, now, 1))


def hidden(bench: Bench, mapping: SourceMapping, table: str, *taken: Takedown) -> Checked:
    """Read a table, and take out of it who must not be told of."""
    bench.file("things.csv", table)
    (source,) = read_sources([mapping], bench.folder, hiding=Hiding(Identity(), Takedowns(taken)))
    return source


def said(source: Checked, predicate: str) -> list[str]:
    """Give what a predicate says of anything."""
    strands = Engine(source.mapping, Identity()).strands(source.good)
    found = [
        strand.frame["o"].to_list() for strand in strands if strand.predicate.endswith(predicate)
    ]
    return sorted({value for values in found for value in values})


def test_a_person_among_partners_is_hidden_and_the_others_stay(bench: Bench) -> None:
    table = """\
id,name,partners,amount
1,Bridge of Ada Nuthatch,Alpha gGmbH; Ada Nuthatch;Gemeinde Au,1
2,House,Gemeinde Au,2
3,Ada Nuthatch speaks,Alpha gGmbH;Beta e.V.,3
"""
    source = hidden(bench, bench.mapping(LISTED), table)
    assert source.good.select("name", "partners").rows() == [
        ("Bridge of […] […]", "Alpha gGmbH;[…]2;Gemeinde Au"),
        ("House", "Gemeinde Au"),
        ("Ada Nuthatch speaks", "Alpha gGmbH;Beta e.V."),
    ]
    assert not [name for name in said(source, "prefLabel") if name.startswith('"[…]')]
    assert len(said(source, "role")) == 1
    assert len(said(source, "participant")) == 3
    assert said(source, "beneficiaryKind") == [f"<{BASE}beneficiary-kind/natural-person>"]
    assert [(note.kind, note.count) for note in source.notes] == [("persons-hidden", 1)]


def test_what_was_taken_down_leaves_a_list_by_name_and_by_address(bench: Bench) -> None:
    mapping = bench.mapping(LISTED)
    table = "id,name,partners,amount\n1,Bridge,Alpha gGmbH; Ada Nuthatch;Beta e.V.,1\n"
    (beta,) = [
        value
        for value in said(hidden(bench, mapping, table), "participant")
        if value in said(hidden(bench, mapping, table.replace("Alpha gGmbH", "")), "participant")
    ]
    address = Takedown.of("iri", beta.strip("<>"), "asked for", "2026-11-22")
    name = Takedown.of("name", hashed_name("GGMBH Alpha"), "asked for", "2026-11-22")
    source = hidden(bench, mapping, table, address, name)
    assert source.good["partners"].to_list() == ["[…]1;[…]2;[…]3"]
    assert said(source, "participant") == []
    strands = Engine(mapping, Identity()).strands(source.good)
    parts = {
        part
        for strand in strands
        if strand.predicate.endswith("beneficiaryKind")
        for part in strand.frame["s"]
    }
    assert len(parts) == 3
    kinds = [value.rpartition("/")[2] for value in said(source, "beneficiaryKind")]
    assert kinds == ["natural-person>", "withheld>"]


def test_a_key_in_a_list_that_leads_to_what_was_taken_down_is_no_item(bench: Bench) -> None:
    text = OWN.replace("    when: {column: partners, empty: [none]}", "    persons: possible")
    table = "id,name,partners,amount\n1,A,a-1;Ada Nuthatch;b-2,\n2,B,b-2,\n3,C,a-1;c,\n"
    thing = Takedown.of("iri", f"{BASE}organisation/b-2", "asked for", "2026-11-22")
    source = hidden(bench, bench.mapping(text), table, thing)
    assert source.good["partners"].to_list() == ["a-1;[…]2", "", "a-1;c"]
    assert [value.rpartition("/")[2] for value in said(source, "participant")] == ["a-1>", "c>"]


def test_a_row_whose_other_key_was_taken_down_has_no_item(bench: Bench) -> None:
    code = "{property: leadPartner, column: amount, reference: organisation}"
    text = OWN.replace("ignore: [amount]\n", "").replace(
        '"{id}-{partners}"', '"{amount}-{partners}"'
    )
    text = text.replace(
        "      - {property: participatesIn", f"      - {code}\n      - {{property: participatesIn"
    )
    thing = Takedown.of("iri", f"{BASE}organisation/x", "asked for", "2026-11-22")
    table = "id,name,partners,amount\n1,A,a;b,x\n2,B,b;c;d,y\n"
    source = hidden(bench, bench.mapping(text), table, thing)
    assert source.good["amount"].to_list() == ["", "y"]
    keys = dict(Engine(source.mapping, Identity()).keys(source.good))
    assert keys["participation"]["key"].to_list() == ["y-b", "y-c", "y-d"]


def test_a_region_without_a_name_is_called_by_its_code_in_no_language(bench: Bench) -> None:
    nuts = '  nuts: {column: amount, split: "+"}\n'
    text = LISTED.replace("  eu_amount: amount\n", nuts)
    stated = bench.state(bench.mapping(text), "id,name,partners,amount\n1,A,B,EE001+LV003\n")
    named = [(key, name) for key, name in told(stated, "prefLabel") if key.startswith("region")]
    assert named == [("region/EE001", "EE001"), ("region/LV003", "LV003")]
