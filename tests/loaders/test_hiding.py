"""What a frame holds after persons and takedowns were taken out of it."""

from __future__ import annotations

import re

import pytest

from graph.errors import MappingError
from graph.identity import Identity
from graph.takedowns import Takedown, Takedowns, hashed_name
from loaders.building.check import Checked, check_sources, read_sources
from loaders.engine import Engine
from loaders.language.mapping import SourceMapping
from loaders.privacy.hiding import Hiding
from tests.loaders.conftest import Bench

ENTITIES = """\
personal: [mail]
entities:
  project:
    type: project
    class: Project
    key: "{{id}}"
    properties:
      - {{property: skos:prefLabel, column: title, lang: en}}
      - {{property: leadPartner, entity: body}}
  body:
    type: organisation
    class: Organisation
    key: "{{name|hash}}"
    when: {{column: name}}
    persons: {persons}
    properties:
      - {{property: skos:prefLabel, column: name, lang: en}}
      - {{property: registrationIdentifier, column: number, as: string}}
"""
TABLE = """\
id,title,name,number,mail
1,A course by Nuthatch,Ada Nuthatch,123,ada@example.org
2,A house,Gemeinde Au,456,b@example.org
3,Nothing,,,
"""


def _mapping(bench: Bench, persons: str = "possible") -> SourceMapping:
    return bench.mapping(ENTITIES.format(persons=persons))


def _checked(bench: Bench, mapping: SourceMapping, table: str, *taken: Takedown) -> Checked:
    bench.file("things.csv", table)
    hiding = Hiding(Identity(), Takedowns(taken))
    (source,) = read_sources([mapping], bench.folder, hiding=hiding)
    check_sources([source], Identity(), {})
    return source


def _said(source: Checked) -> dict[str, set[str]]:
    """Give the values that are stated, by the predicate without its namespace."""
    found: dict[str, set[str]] = {}
    for strand in Engine(source.mapping, Identity()).strands(source.good):
        name = re.split("[#/]", strand.predicate)[-1]
        found.setdefault(name, set()).update(strand.frame["o"].to_list())
    return found


def test_a_person_leaves_a_kind_and_no_cell(bench: Bench) -> None:
    source = _checked(bench, _mapping(bench), TABLE)
    assert source.good.select("id", "title", "name", "number").rows() == [
        ("1", "A course by […]", "[…]", ""),
        ("2", "A house", "Gemeinde Au", "456"),
        ("3", "Nothing", "", ""),
    ]
    assert source.problems == []
    kind = "<http://localhost:8000/id/beneficiary-kind/natural-person>"
    said = _said(source)
    assert said["beneficiaryKind"] == {kind}
    assert len(said["leadPartner"]) == 1
    assert [(note.kind, note.count) for note in source.notes] == [("persons-hidden", 1)]


@pytest.mark.parametrize(("persons", "hidden"), [("never", 0), ("possible", 1), ("always", 2)])
def test_the_mapping_says_whether_persons_stand_there(
    bench: Bench, persons: str, hidden: int
) -> None:
    source = _checked(bench, _mapping(bench, persons), TABLE)
    assert len(source.good.filter(source.good["name"] == "[…]")) == hidden


def test_personal_columns_never_load_and_are_neither_mapped_nor_ignored(bench: Bench) -> None:
    source = _checked(bench, _mapping(bench), TABLE)
    assert "mail" not in source.good.columns
    assert "mail" not in source.table.columns
    assert source.unmapped == []
    with pytest.raises(MappingError, match="no column 'mail'"):
        _checked(bench, _mapping(bench), TABLE.replace("mail", "post"))
    for wrong in ("ignore: [mail]\n", ""):
        column = "mail" if wrong else "title"
        text = wrong + ENTITIES.format(persons="never").replace("[mail]", f"[{column}]")
        with pytest.raises(MappingError, match="is personal: neither map nor ignore it"):
            bench.mapping(text)


def test_what_cannot_be_read_is_told_without_its_text(bench: Bench) -> None:
    table = TABLE + "4,Ada Nuthatch,Ada Nuthatch,,,,too many\n"
    source = _checked(bench, _mapping(bench), table)
    assert [(item.row, item.value) for item in source.problems] == [(5, None)]


def test_a_number_of_a_person_in_a_key_hides_as_well(bench: Bench) -> None:
    text = ENTITIES.format(persons="possible").replace("{name|hash}", "{number}")
    table = TABLE.replace("456", "44051401359")
    source = _checked(bench, bench.mapping(text), table.replace("3,Nothing,,,\n", ""))
    assert source.good["number"].to_list() == ["", ""]
    assert source.problems == []


def test_what_is_keyed_by_the_name_is_hidden_with_it(bench: Bench) -> None:
    more = """\
  part:
    type: participation
    class: Participation
    key: "{id}-{name}"
    when: {column: name}
    properties:
      - {property: participant, entity: body}
"""
    source = _checked(bench, bench.mapping(ENTITIES.format(persons="possible") + more), TABLE)
    engine = Engine(source.mapping, Identity())
    keys = {kind: frame["key"].to_list() for kind, frame in engine.keys(source.good)}
    assert keys["participation"] == ["2-Gemeinde Au"]
    assert keys["project"] == ["1", "2", "3"]


def _taken(what: str, value: str) -> Takedown:
    return Takedown.of(what, value, "asked for", "2026-11-22")


def test_takedowns_of_names_things_and_rows(bench: Bench) -> None:
    mapping = _mapping(bench, "never")
    by_name = _checked(bench, mapping, TABLE, _taken("name", hashed_name("AU, Gemeinde")))
    withheld = {"<http://localhost:8000/id/beneficiary-kind/withheld>"}
    assert _said(by_name)["beneficiaryKind"] == withheld
    assert by_name.good["name"].to_list() == ["Ada Nuthatch", "[…]", ""]
    project = _taken("iri", "http://localhost:8000/id/project/2")
    by_thing = _checked(bench, mapping, TABLE, project)
    said = _said(by_thing)
    assert '"A house"@en' not in said["prefLabel"]
    by_row = _checked(bench, mapping, TABLE, _taken("row", "things#3"), _taken("row", "other#2"))
    assert by_row.good["id"].to_list() == ["1", "3"]
    assert by_row.table.rows_read == 3
    assert [(note.kind, note.count) for note in by_row.notes] == [("taken-down", 1)]


def test_cells_that_lead_to_what_was_taken_down_are_emptied(bench: Bench) -> None:
    text = """\
entities:
  project:
    type: project
    class: Project
    key: "{id}"
    properties:
      - {property: leadPartner, column: who, split: ";", reference: organisation}
      - {property: leadPartner, column: code, map: {A: a, B: b}, reference: organisation}
      - {property: foaf:homepage, column: link, as: iri}
  part:
    type: participation
    class: Participation
    key: "{id}-{code}"
"""
    thing = "http://localhost:8000/id/organisation/a"
    table = f"id,who,code,link\n1,a;b,A,{thing}\n2,b,B,https://example.org/\n"
    source = _checked_loosely(bench, bench.mapping(text), table, _taken("iri", thing))
    assert source.good.select("who", "code", "link").rows() == [
        ("b", "", ""),
        ("b", "B", "https://example.org/"),
    ]
    engine = Engine(source.mapping, Identity())
    keys = {kind: frame["key"].to_list() for kind, frame in engine.keys(source.good)}
    assert keys == {"project": ["1", "2"], "participation": ["2-B"]}
    assert engine.faults(source.table) == []


def _checked_loosely(bench: Bench, mapping: SourceMapping, table: str, *taken: Takedown) -> Checked:
    """Read without a look at references, which lead to other tables."""
    bench.file("things.csv", table)
    (source,) = read_sources([mapping], bench.folder, hiding=Hiding(Identity(), Takedowns(taken)))
    return source


def test_an_address_that_names_the_person_is_emptied_and_the_kind_is_stated_once(
    bench: Bench,
) -> None:
    more = "      - {property: foaf:homepage, column: link, as: iri}\n  body:\n"
    text = ENTITIES.format(persons="possible").replace("  body:\n", more, 1)
    table = TABLE.replace("mail\n", "mail,link\n").replace(
        "ada@example.org", "ada@example.org,https://example.org/nuthatch"
    )
    table = table.replace("b@example.org", "b@example.org,https://example.org/").replace(
        "3,Nothing,,,\n", "3,Nothing,,,,\n"
    )
    statements = _said(_checked(bench, bench.mapping(text), table))
    assert statements["homepage"] == {"<https://example.org/>"}
