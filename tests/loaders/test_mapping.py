"""A mapping is checked when it is read; what is wrong is told by place and cause, in one line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graph.errors import MappingError
from loaders.language.mapping import Choice, placeholders, read_mapping, read_mappings

if TYPE_CHECKING:
    from tests.loaders.conftest import Bench

ENTITY = """\
entities:
  practice:
    type: practice
    class: Practice
    key: "{id}"
    unique: true
    properties:
"""
LABEL = "      - {property: skos:prefLabel, column: name, lang: en}\n"
GOOD = ENTITY + LABEL


def told(bench: Bench, text: str) -> str:
    """Give the one line that a wrong mapping is answered with."""
    with pytest.raises(MappingError) as caught:
        bench.mapping(text)
    message = str(caught.value)
    assert message.startswith(f"{bench.folder / 'things.yaml'}: ")
    assert "\n" not in message
    return message


def test_a_good_mapping_names_the_columns_that_it_reads(bench: Bench) -> None:
    mapping = bench.mapping(
        ENTITY
        + "      - {property: skos:prefLabel, column: name, lang: {column: tag}}\n"
        + "      - {property: theme, column: theme, reference: theme, when: {column: kind}}\n"
        + "receipt: {cited: {column: url}, confidence: sure}\n"
    )
    assert mapping.columns() == {"id", "name", "tag", "theme", "kind", "url", "sure"}


@pytest.mark.parametrize(
    "word", ["NO", "no", "yes", "on", "null", "~", "2021-05", "1e3", "0x1F", "0o17", "1_0", "1:30"]
)
def test_a_word_stays_the_text_that_stands_in_the_file(bench: Bench, word: str) -> None:
    mapping = bench.mapping(
        GOOD + f"      - {{property: country, value: {word}, reference: country}}\n"
        f"examples:\n  - {{row: {{{word}: {word}}}, turtle: ''}}\n"
    )
    assert mapping.entities["practice"].properties[1].value == word
    assert mapping.examples[0].row == {word: word}


def test_codes_of_a_map_stay_text(bench: Bench) -> None:
    text = GOOD.replace("class: Practice", "class: {column: c, map: {NO: Practice, 01: Practice}}")
    chosen = bench.mapping(text).entities["practice"].class_
    assert isinstance(chosen, Choice)
    assert chosen.map is not None
    assert list(chosen.map) == ["NO", "01"]


@pytest.mark.parametrize(
    ("wrong", "place", "near"),
    [
        (GOOD + "recipt: {}\n", "line 16: recipt", "receipt"),
        (GOOD + "expect: {row: [1, 2]}\n", "line 16: expect.row", "rows"),
        (GOOD.replace("class:", "clas:"), "line 11: entities.practice.clas", "class"),
        (GOOD.replace("column: name", "colum: name"), "properties.0.colum", "column"),
        (GOOD.replace("lang: en", "lang: {colum: x}"), "properties.0.lang.colum", "column"),
        (GOOD + "receipt: {cited: {colunm: x}}\n", "receipt.cited.colunm", "column"),
        (GOOD + "examples: [{rwo: {}, turtle: ''}]\n", "examples.0.rwo", "row"),
        (GOOD.replace("property:", "propery:"), "properties.0.propery", "property"),
        (GOOD.replace("lang: en}", "as: iri, templat: x}"), "properties.0.templat", "template"),
    ],
)
def test_a_misspelt_key_is_answered_with_the_nearest(
    bench: Bench, wrong: str, place: str, near: str
) -> None:
    message = told(bench, wrong)
    assert f"{place}: there is no such key; did you mean {near!r}?" in message


@pytest.mark.parametrize(
    ("wrong", "cause"),
    [
        (GOOD.replace("skos:prefLabel", "skos:prefLable"), "did you mean skos:prefLabel"),
        (GOOD.replace("skos:prefLabel", "prefLabel"), "did you mean skos:prefLabel"),
        (GOOD.replace("class: Practice", "class: Practise"), "did you mean sikg:Practice"),
        (GOOD.replace("class: Practice", "class: theme"), "is no class"),
        (GOOD.replace("skos:prefLabel", "Practice"), "is no property"),
        (GOOD.replace("class: Practice", "class: Policy"), "not below sikg:Practice"),
        (GOOD.replace("type: practice", "type: practise"), "did you mean 'practice'"),
        (GOOD.replace("lang: en", "reference: contry"), "did you mean 'country'"),
        (GOOD.replace("lang: en", "reference: [theme, contry]"), "did you mean 'country'"),
        (GOOD.replace("column: name, lang: en", "entity: practise"), "did you mean 'practice'"),
        (GOOD.replace("lang: en", "as: datum"), "'date'"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(bench: Bench, wrong: str, cause: str) -> None:
    assert cause in told(bench, wrong)


@pytest.mark.parametrize(
    ("item", "cause"),
    [
        ("{property: skos:note, column: a}", "a text needs lang"),
        ("{property: skos:note, lang: en}", "exactly one of column, entity and value"),
        ("{property: skos:note, column: a, value: b, lang: en}", "exactly one of column"),
        ("{property: skos:note, column: a, lang: en_GB}", "'en_GB' is no language tag"),
        ("{property: skos:note, column: a, lang: {column: l, default: '?'}}", "no language tag"),
        ("{property: skos:note, column: a, as: string, lang: en}", "lang has no meaning here"),
        ("{property: theme, column: a, reference: theme, as: iri}", "as has no meaning here"),
        ("{property: funding, entity: practice, split: ';'}", "split has no meaning here"),
        ("{property: skos:note, column: a, lang: en, min: 1}", "min has no meaning here"),
        ("{property: amount, column: a, as: decimal, min: 2, max: 1}", "min is larger than max"),
        ("{property: amount, column: a, as: decimal, min: nan}", "finite"),
        ("{property: amount, column: a, as: decimal, template: 'http://x/{}'}", "template has no"),
        ("{property: foaf:homepage, column: a, as: iri, template: 'http://x/'}", "exactly one {}"),
        ("{property: foaf:homepage, column: a, as: iri, template: 'x y/{}'}", "absolute address"),
        ("{property: skos:note, column: a, lang: en, split: ''}", "split: a value is missing"),
        (
            "{property: skos:note, column: a, as: string, map: {}}",
            "map: at least one item is expected",
        ),
        ("{property: skos:note, column: a, lang: [en]}", "lang: a text is expected"),
    ],
)
def test_a_property_that_makes_no_sense_is_refused(bench: Bench, item: str, cause: str) -> None:
    message = told(bench, ENTITY + f"      - {item}\n")
    assert "line 15: entities.practice.properties.0" in message
    assert cause in message


@pytest.mark.parametrize(
    ("wrong", "cause"),
    [
        (GOOD.replace('"{id}"', '"id"'), "names no column: write {column}"),
        (GOOD.replace('"{id}"', '"{id"'), "braces"),
        (GOOD.replace('"{id}"', '"{}"'), "braces"),
        (GOOD.replace("class: Practice", "class: {column: c}"), "needs map"),
        (GOOD + "ignore: [name]\n", "'name' is both mapped and ignored"),
        (GOOD + "expect: {rows: [5, 1]}\n", "the first bound is the lower one"),
        (GOOD + "expect: {rows: [-5, 1]}\n", "greater than or equal to 0"),
        (GOOD + "expect: {rows: many}\n", "expect.rows"),
        ("entities: {}\n", "entities: at least one item is expected"),
        ("entities: [a]\n", "entities: keys and values are expected"),
        (GOOD + "ignore:\n", "ignore: a list is expected"),
        ("receipt: {}\n", "entities: the key is missing"),
    ],
)
def test_other_senseless_descriptions_are_refused(bench: Bench, wrong: str, cause: str) -> None:
    assert cause in told(bench, wrong)


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ("licence: https://creativecommons.org/licenses/by/4.0/", "licence: CC BY", "no address"),
        ("retrieved: 2026-11-22", "retrieved: 1795305600", "is no day"),
        ("retrieved: 2026-11-22", "retrieved: 2026-02-30", "retrieved"),
        ("title: Things", "title:", "title: a value is missing"),
        ("name: things", "name: No Things", "name: String should match"),
        ("name: things", "name: things\npath: /etc", "path: there is no such key"),
        ("{file: things.csv}", "{file: x, delimiter: '::'}", "at most 1 character"),
        ("{file: things.csv}", '{file: x, delimiter: "\\n"}', "cannot separate cells"),
        ("{file: things.csv}", "{file: x, delimiter: '\"'}", "cannot separate cells"),
        ("{file: things.csv}", "{file: x, header: 0}", "rows.header"),
        ("{file: things.csv}", "{file: ''}", "rows: give one of file, url and endpoint"),
    ],
)
def test_the_head_of_a_mapping_is_checked(bench: Bench, old: str, new: str, cause: str) -> None:
    path = bench.mapping(GOOD).path
    text = path.read_text(encoding="utf-8").replace(old, new)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MappingError, match=r"line \d+|there is no such key") as caught:
        read_mapping(path)
    assert cause in str(caught.value)


@pytest.mark.parametrize(
    ("content", "place", "cause"),
    [
        (b"title: a\ntitle: b\n", "line 2, column 1", 'duplicate key "title"'),
        (b"rows:\n\tfile: x\n", "line 2, column 1", "\\t"),
        (b"title: 'open\n", "line 2", "end of stream"),
        (b"title: [a\n", "line 2", "expected"),
        (b"- a\n- b\n", "line 1", "a mapping of keys is expected"),
        (b"just words\n", "line 1", "a mapping of keys is expected"),
        (b"", "line 1", "a mapping of keys is expected"),
        (b"? [a, b]\n: c\n", "line 1", "a mapping of keys is expected"),
        (b"---\na: b\n---\nc: d\n", "line 3", "expected a single document"),
        (b"title: \xf5\n", "UTF-8", "0xf5"),
        (b"PK\x03\x04\x00\x00", "no readable YAML", "not allowed"),
        (b"title: *nowhere\n", "line 1, column 8", "undefined alias"),
        (b"a: " + b"[" * 5000, "no readable YAML", "recursion"),
    ],
)
def test_a_file_that_is_no_mapping_is_told_by_place_and_cause(
    bench: Bench, content: bytes, place: str, cause: str
) -> None:
    path = bench.file("bad.yaml", content)
    with pytest.raises(MappingError) as caught:
        read_mapping(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    assert place in message
    assert cause in message


def test_a_missing_mapping_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r"none\.yaml: cannot be read: No such file"):
        read_mapping(tmp_path / "none.yaml")
    with pytest.raises(MappingError, match="cannot be read: Is a directory"):
        read_mapping(tmp_path)


def test_several_mistakes_are_all_told(bench: Bench) -> None:
    wrong = GOOD.replace("type: practice", "type: x").replace("lang: en", "lang: '?'")
    message = told(bench, wrong)
    assert "line 10: entities.practice.type" in message
    assert "line 15: entities.practice.properties.0.lang" in message


def test_a_list_shared_by_an_anchor_is_read_for_each_entity(bench: Bench) -> None:
    second = "  event: {type: event, class: Event, key: '{id}', properties: *shared}\n"
    text = ENTITY.replace("properties:", "properties: &shared") + LABEL + second
    entities = bench.mapping(text).entities
    assert entities["event"].properties == entities["practice"].properties


def test_a_folder_without_mappings_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="there is no mapping"):
        read_mappings(tmp_path)


def test_two_mappings_of_one_name_are_an_error(bench: Bench) -> None:
    path = bench.mapping(GOOD).path
    (bench.folder / "other.yaml").write_bytes(path.read_bytes())
    with pytest.raises(MappingError, match="more than one mapping has the name 'things'"):
        read_mappings(bench.folder)


def test_mappings_of_a_folder_are_read_in_order_of_their_files(bench: Bench) -> None:
    for name in ("b", "a"):
        bench.mapping(GOOD, name)
    assert [mapping.name for mapping in read_mappings(bench.folder)] == ["a", "b"]


def test_the_columns_of_a_key_stand_in_order() -> None:
    assert placeholders("{a}-x-{b}{a}") == ["a", "b", "a"]
