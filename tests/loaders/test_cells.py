"""What a property takes from a cell: parts of it, nothing, or a fault that costs no row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from graph.identity import Identity
from loaders.engine import Engine
from loaders.language.properties import Condition, Property

if TYPE_CHECKING:
    from loaders.language.mapping import SourceMapping
    from tests.loaders.conftest import Bench


def values(bench: Bench, mapping: SourceMapping, content: str) -> list[str]:
    """Give the values of all statements but the types."""
    found = bench.state(mapping, content)
    return [item[2].value for item in found if not item[1].value.endswith("#type")]


def test_a_pattern_takes_a_part_of_the_cell(bench: Bench) -> None:
    item = "{property: dcterms:identifier, column: area, as: string, pattern: '^([0-9]{3}) -'}"
    mapping = bench.mapping_of(item)
    assert values(bench, mapping, "id,area\na,115 - Schule\nb,109 - Inklusion\nc,\n") == [
        "115",
        "109",
    ]
    assert bench.faults(mapping, "id,area\na,Schule\n") == [
        (2, "nothing in the cell matches ^([0-9]{3}) -")
    ]


def test_a_pattern_comes_before_the_map_and_the_format(bench: Bench) -> None:
    mapping = bench.mapping_of(
        "{property: amount, column: sum, as: decimal, pattern: '([0-9.,]+) EUR', "
        'numbers: "1.234,56"}',
        "{property: country, column: sum, pattern: '\\((..)\\)', map: {UK: GB}, "
        "reference: country, faulty: omit}",
    )
    found = values(bench, mapping, 'id,sum\na,"1.000,50 EUR (UK)"\n')
    assert found[0] == "1000.5"
    assert found[1].endswith("/country/GB")


def test_cells_that_count_as_empty_say_nothing(bench: Bench) -> None:
    item = "{property: startDate, column: begin, as: date, empty: [N/A, '-']}"
    mapping = bench.mapping_of(item)
    content = "id,begin\na,N/A\nb, - \nc,2020\n"
    assert values(bench, mapping, content) == ["2020"]
    assert bench.faults(mapping, content) == []


def test_a_faulty_cell_is_left_out_where_the_mapping_says_so_and_counted(bench: Bench) -> None:
    mapping = bench.mapping_of(
        "{property: startDate, column: begin, as: date, faulty: omit, dates: DD/MM/YYYY}",
        "{property: skos:prefLabel, column: name, lang: en}",
    )
    content = "id,name,begin\na,A,31/04/2018\nb,B,01/05/2018\nc,C,soon\n"
    assert set(values(bench, mapping, content)) == {"A", "B", "C", "2018-05-01"}
    (source,) = bench.check([mapping], things=content)
    assert (len(source.good), source.problems) == (3, [])
    (note,) = source.report().notes
    assert (note.kind, note.column, note.row, note.count) == ("cell-left-out", "begin", 2, 2)
    assert "written as DD/MM/YYYY" in note.text
    assert "soon" not in note.text


def test_a_fault_names_the_formats_that_were_expected(bench: Bench) -> None:
    mapping = bench.mapping_of(
        '{property: amount, column: sum, as: decimal, numbers: ["1.234,56", "1 234"], min: 0}'
    )
    (fault,) = Engine(mapping, Identity()).faults(bench.table('id,sum\na,"£ 1,234,5"\n'))
    assert fault.reason == "no amount such as 1250.50, written as 1.234,56 or 1 234, at least 0"


def test_bounds_hold_for_the_number_and_not_for_how_it_is_written(bench: Bench) -> None:
    mapping = bench.mapping_of(
        '{property: cofinancingRate, column: rate, as: decimal, numbers: "1234,56 %", max: 1}',
    )
    content = 'id,rate\na,"49,92%"\nb,"100 %"\nc,"101 %"\n'
    assert values(bench, mapping, content) == ["0.4992", "1"]
    assert [row for row, _ in bench.faults(mapping, content)] == [4]


@pytest.mark.parametrize(
    ("scale", "cell", "expected"),
    [("1000", "12.5", "12500"), ("0.01", "50", "0.5"), ("0.01", "33.3", "0.333")],
)
def test_numbers_are_multiplied_exactly(bench: Bench, scale: str, cell: str, expected: str) -> None:
    mapping = bench.mapping_of(
        f"{{property: amount, column: sum, as: decimal, scale: {scale}}}",
    )
    assert values(bench, mapping, f"id,sum\na,{cell}\n") == [expected]


def test_a_condition_can_ask_for_an_empty_cell(bench: Bench) -> None:
    mapping = bench.mapping_of(
        "{property: skos:prefLabel, column: name, lang: en}",
        "{property: skos:prefLabel, column: id, lang: en, "
        "when: {column: name, missing: true, empty: '?'}}",
    )
    assert values(bench, mapping, "id,name\na,A\nb,\nc,?\n")[-2:] == ["b", "c"]


def test_a_condition_is_not_met_by_what_counts_as_empty(bench: Bench) -> None:
    mapping = bench.mapping_of(
        "{property: skos:note, column: id, lang: en, when: {column: end, empty: [N/A]}}"
    )
    assert values(bench, mapping, "id,end\na,N/A\nb,2020\nc,\n") == ["b"]


@pytest.mark.parametrize(
    ("item", "cause"),
    [
        ({"as": "string", "numbers": "1234"}, "numbers has no meaning here"),
        ({"as": "integer", "dates": "YYYY"}, "dates has no meaning here"),
        ({"as": "date", "scale": "10"}, "scale has no meaning here"),
        ({"as": "decimal", "scale": "3"}, "3 is no power of ten"),
        ({"as": "decimal", "scale": "-10"}, "-10 is no power of ten"),
        ({"as": "decimal", "numbers": "5"}, "'5' is no example"),
        ({"as": "date", "dates": "D.M.Y"}, "is no order of a date"),
        ({"as": "string", "pattern": "[0-9]+"}, "has no group"),
        ({"as": "string", "pattern": "([0-9"}, "is no regular expression"),
        ({"as": "string", "faulty": "ignore"}, "'row' or 'omit'"),
    ],
)
def test_senseless_properties_are_refused(item: dict[str, Any], cause: str) -> None:
    with pytest.raises(ValidationError, match=cause):
        Property.model_validate({"property": "amount", "column": "a", **item})


@pytest.mark.parametrize("key", ["empty", "pattern", "faulty"])
def test_a_constant_has_no_cells(key: str) -> None:
    given = {"empty": "x", "pattern": "(x)", "faulty": "omit"}
    item = {"property": "currency", "value": "EUR", "as": "string", key: given[key]}
    with pytest.raises(ValidationError, match="only the cells of a column"):
        Property.model_validate(item)


def test_an_empty_cell_cannot_be_among_values() -> None:
    with pytest.raises(ValidationError, match="among or missing, not both"):
        Condition.model_validate({"column": "a", "among": ["b"], "missing": "true"})
