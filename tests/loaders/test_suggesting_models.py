"""Which model a table is of is found from its columns, and what of the proposal loads.

The tables stand in made-up-tables.yaml.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from loaders.language.mapping import SourceMapping, read_mapping
from loaders.language.models import SHARED
from loaders.suggesting.meanings import IGNORED
from loaders.suggesting.suggestion import Suggester, Suggestion
from loaders.suggesting.vocabulary import Vocabulary
from loaders.suggesting.writing import mapping_text
from tests.loaders.conftest import checked

TABLES: dict[str, dict[str, Any]] = YAML(typ="safe").load(
    (Path(__file__).parent / "made-up-tables.yaml").read_text("utf-8")
)
BODIES = [
    *("Cork City Council", "Helping Hands Ltd", "Mayo County Council", "Made-up University"),
    *("Kerry Enterprise Board", "The Open Door Trust", "Made-up Foundation", "Northside College"),
    "Galway Parish Association",
]
OPERATIONS = [
    {
        "projectTitle": f"Social inclusion of young people {n}",
        "beneficiary": BODIES[n],
        "totalCost": f"{12_000 + n * 731}.50",
        "startDate": f"2019-0{1 + n % 9}-01",
    }
    for n in range(9)
]


def suggest(suggester: Suggester, path: Path) -> tuple[Suggestion, SourceMapping]:
    """Suggest a mapping, and read it as any other."""
    found = suggester.suggest(path)
    path.with_suffix(".yaml").write_text(mapping_text(found, suggester), encoding="utf-8")
    return found, read_mapping(path.with_suffix(".yaml"))


def written(path: Path, *rows: list[str]) -> Path:
    """Write a table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def fields(found: Suggestion) -> dict[str, str | None]:
    """Give what each column is."""
    return {column.name: column.match.field for column in found.columns}


def test_every_model_says_what_tells_it_and_what_its_fields_are_called(
    suggester: Suggester,
) -> None:
    lists = {*Vocabulary.read().fields}
    assert {path.stem for path in SHARED.glob("*.yaml")} == {*suggester.targets}
    for target in suggester.targets.values():
        assert target.model.told_by, target.name
        proposed = {name for name, item in target.fields.items() if item.sort != IGNORED}
        assert {name for group in target.model.told_by for name in group} <= proposed
        for meaning in target.fields.values():
            assert {*meaning.named} <= lists


@pytest.mark.parametrize("language", TABLES)
def test_a_table_of_another_sort_is_understood_and_loads(
    language: str, suggester: Suggester, tmp_path: Path
) -> None:
    table = TABLES[language]
    path = written(tmp_path / "t.csv", list(table["columns"]), *table["rows"])
    found, mapping = suggest(suggester, path)
    assert (found.language.tag, found.choice.target.name) == (language, table["model"])
    said = {name: field or "-" for name, field in fields(found).items()}
    assert said == table["columns"]
    assert checked(mapping, path) == (len(table["rows"]), [])


def test_a_doubtful_model_is_to_be_decided(suggester: Suggester, tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", ["Name", "Value"], ["Alpha", "x"], ["Beta", "y"])
    text = mapping_text(suggester.suggest(path), suggester)
    line = next(line for line in text.splitlines() if line.startswith("model:"))
    assert "decide: it fits" in line


def test_a_table_without_a_header_is_known_by_its_values(
    suggester: Suggester, tmp_path: Path
) -> None:
    rows = [[f"P-{n}", *OPERATIONS[n].values()] for n in range(9)]
    found, mapping = suggest(suggester, written(tmp_path / "t.csv", *rows))
    assert found.layout.header == ()
    assert mapping.rows.header == ()
    assert found.choice.target.name == "operation"
    said = fields(found)
    assert said["column 1"] == "operation_id"
    assert said["column 3"] == "beneficiary_name"
    assert said["column 4"] in {"total", "eligible", "grant", "eu_amount"}
    assert all(column.match.confidence < 0.8 for column in found.columns)
    assert checked(mapping, tmp_path / "t.csv") == (9, [])


def test_a_column_without_a_name_is_known_by_its_values(
    suggester: Suggester, tmp_path: Path
) -> None:
    rows = [[f"P-{n}", *OPERATIONS[n].values()] for n in range(9)]
    names = ["Project code", "Project title", "", "Total cost", "Start date"]
    found = suggester.suggest(written(tmp_path / "t.csv", names, *rows))
    assert found.layout.header == (1,)
    assert found.columns[2].match.field == "beneficiary_name"


@pytest.mark.parametrize(
    ("document", "records", "each", "rows"),
    [
        ({"projects": {f"P-{n}": row for n, row in enumerate(OPERATIONS)}}, "projects.*", None, 9),
        ({"table": [[*OPERATIONS[0]], *([*row.values()] for row in OPERATIONS)]}, "table", None, 9),
        (
            {"data": [{"programme": f"Programme {n}", "operations": OPERATIONS} for n in (1, 2)]},
            "data",
            "operations",
            18,
        ),
    ],
)
def test_records_in_other_shapes_of_json_are_found(
    document: dict[str, Any],
    records: str,
    each: str | None,
    rows: int,
    suggester: Suggester,
    tmp_path: Path,
) -> None:
    (tmp_path / "t.json").write_text(json.dumps(document), "utf-8")
    found, mapping = suggest(suggester, tmp_path / "t.json")
    assert (mapping.rows.records, mapping.rows.each) == (records, each)
    assert found.choice.target.name == "operation"
    assert "total" in fields(found).values()
    loaded, problems = checked(mapping, tmp_path / "t.json")
    assert (loaded, problems) == (rows, [])


def test_records_within_records_of_xml_are_found(suggester: Suggester, tmp_path: Path) -> None:
    bodies = [
        "".join(f"<{name}>{text}</{name}>" for name, text in row.items()) for row in OPERATIONS[:5]
    ]
    inner = "".join(f"<operation>{body}</operation>" for body in bodies)
    outer = "".join(f'<programme name="Programme {n}">{inner}</programme>' for n in (1, 2))
    (tmp_path / "t.xml").write_text(f"<list>{outer}</list>", "utf-8")
    found, mapping = suggest(suggester, tmp_path / "t.xml")
    assert (mapping.rows.records, mapping.rows.each) == ("programme", "operation")
    assert fields(found)["operation.totalCost"] == "total"
    assert checked(mapping, tmp_path / "t.xml")[0] == 10


def test_lists_within_records_are_read_as_they_were_shown(
    suggester: Suggester, tmp_path: Path
) -> None:
    rows = [
        {**row, "location": [{"name": "Cork"}, {"name": "Mayo"}], "tags": ["a", "b"]}
        for row in OPERATIONS
    ]
    (tmp_path / "t.json").write_text(json.dumps(rows), "utf-8")
    found, mapping = suggest(suggester, tmp_path / "t.json")
    assert "location.name" in fields(found)
    assert checked(mapping, tmp_path / "t.json") == (9, [])


def test_a_code_list_in_genericode_is_read_as_one(suggester: Suggester, tmp_path: Path) -> None:
    value = '<Value ColumnRef="{}"><SimpleValue>{}</SimpleValue></Value>'
    rows = "".join(
        f"<Row>{value.format('code', f'C-{n}')}{value.format('Name', f'Made-up Trust {n}')}</Row>"
        for n in range(5)
    )
    (tmp_path / "t.gc").write_text(
        '<gc:CodeList xmlns:gc="http://docs.oasis-open.org/codelist/ns/genericode/1.0/">'
        '<ColumnSet><Column Id="code"/><Column Id="Name"/></ColumnSet>'
        f"<SimpleCodeList>{rows}</SimpleCodeList></gc:CodeList>",
        "utf-8",
    )
    found, mapping = suggest(suggester, tmp_path / "t.gc")
    assert fields(found) == {"code": "organisation_id", "Name": "name"}
    assert checked(mapping, tmp_path / "t.gc") == (5, [])


def test_an_identifier_that_rows_lack_or_repeat_makes_no_key(
    suggester: Suggester, tmp_path: Path
) -> None:
    names = ["Project code", "Project title", "Beneficiary", "Total cost", "Start date"]
    for code in ("", "P-1"):
        rows = [[f"P-{n}" if n % 2 else code, *OPERATIONS[n].values()] for n in range(9)]
        path = written(tmp_path / "t.csv", names, *rows)
        found, mapping = suggest(suggester, path)
        assert fields(found)["Project code"] is None
        assert "looks like operation_id, but" in path.with_suffix(".yaml").read_text("utf-8")
        assert checked(mapping, path) == (9, [])


def test_a_number_stands_for_a_name_that_no_column_has(
    suggester: Suggester, tmp_path: Path
) -> None:
    rows = [[f"P-{n // 3}", f"99900{n:04}", "partner"] for n in range(9)]
    path = written(tmp_path / "t.csv", ["Project number", "PIC", "Role"], *rows)
    found, mapping = suggest(suggester, path)
    assert found.choice.target.name == "participation"
    assert set(mapping.entities) == {"project", "partner", "participation"}
    text = path.with_suffix(".yaml").read_text("utf-8")
    assert 'partner_name: "PIC"   # decide: its number stands for its name' in text


def test_values_that_stand_for_no_concept_are_left_out_and_shown(
    suggester: Suggester, tmp_path: Path
) -> None:
    rows = [
        ["1", "Made-up University", "university", "Germany"],
        ["2", "Made-up Trust", "guild", "Atlantis"],
        ["3", "Made-up Council", "municipality", "Ireland"],
        ["4", "Made-up Society", "guild", "Ireland"],
    ]
    names = ["ID", "Name of the organisation", "Type of organisation", "Country"]
    path = written(tmp_path / "t.csv", names, *rows)
    _, mapping = suggest(suggester, path)
    properties = {
        item.name.rpartition("#")[2]: item for item in mapping.entities["organisation"].properties
    }
    kind, country = properties["organisationType"], properties["country"]
    assert dict(kind.map or {}) == {
        "guild": "decide",
        "municipality": "municipality",
        "university": "university",
    }
    assert dict(country.map or {}) == {"Atlantis": "decide", "Germany": "DE", "Ireland": "IE"}
    assert (kind.faulty, country.faulty) == ("omit", "omit")
    assert checked(mapping, path)[0] == 4


def test_a_row_is_not_set_aside_for_a_country_that_is_none(
    suggester: Suggester, tmp_path: Path
) -> None:
    rows = [[f"P-{n}", *OPERATIONS[n].values(), "Ireland" if n else "Atlantis"] for n in range(9)]
    names = ["Project code", "Project title", "Beneficiary", "Total cost", "Start date", "Country"]
    _, mapping = suggest(suggester, written(tmp_path / "t.csv", names, *rows))
    project = mapping.entities["project"]
    (country,) = [item for item in project.properties if item.name.endswith("#country")]
    assert country.faulty == "omit"
