"""Files whose records have records within, packed files, and the cells that are made of them."""

from __future__ import annotations

import gzip
import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from graph.errors import MappingError, TableError
from graph.identity import Identity
from loaders.engine import Engine
from loaders.language import paths
from loaders.language.mapping import SourceMapping, read_mapping
from loaders.reading import packing
from loaders.reading.readers import ROW, Table
from loaders.statements import write_source
from tests.loaders.conftest import HEAD, PRACTICES

if TYPE_CHECKING:
    from tests.loaders.conftest import Bench

RECORD = {
    "id": "https://example.org/1",
    "name": "",
    "names": [
        {"value": "One", "types": ["label", "shown"], "lang": "en"},
        {"value": "Üks", "types": ["label"], "lang": "et"},
        {"value": "1", "types": ["acronym"], "lang": None},
    ],
    "place": {"city": "Tartu", "open": True, "a.b": "quoted"},
    "deep": [[{"x": 1}], [{"x": 2}]],
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("id", ["https://example.org/1"]),
        ("place.city", ["Tartu"]),
        ("place.open", ["true"]),
        ('place."a.b"', ["quoted"]),
        ("names.value", ["One", "Üks", "1"]),
        ("names[types=shown].value", ["One"]),
        ("names[types=shown,acronym].value", ["One", "1"]),
        ("names[types!=shown].value", ["Üks", "1"]),
        ("names.types[!=label]", ["shown", "acronym"]),
        ("names[lang=et].value", ["Üks"]),
        ("name | names[types=shown].value", ["One"]),
        ("deep.x", ["1", "2"]),
        ("nothing.at.all | place", []),
    ],
)
def test_a_path_leads_to_values(path: str, expected: list[str]) -> None:
    assert paths.values(RECORD, paths.read_path(path)) == expected


@pytest.mark.parametrize("path", ["", "a..b", "a |", "a[b", "a[=]", "a]"])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(paths.PathError, match="is no path"):
        paths.read_path(path)


def test_a_path_that_is_none_is_told_with_its_place(bench: Bench) -> None:
    head = HEAD.format(name="things").replace("things.csv", "x.json, cells: {a: 'b..c'}")
    path = bench.file("things.yaml", head + PRACTICES)
    with pytest.raises(MappingError, match=r"line 7: rows\.cells.*'b\.\.c' is no path"):
        read_mapping(path)


def rows_of(table: Table) -> list[tuple[Any, ...]]:
    return table.frame.select(ROW, *table.columns).rows()


LINES = """\
{"id": 1, "tags": ["a", "b"], "at": {"x": 1.10}}

{"id": 2, "tags": [], "at": null, "new": "n"}
"""


def test_lines_of_json_become_rows(bench: Bench) -> None:
    table = bench.table(LINES, "x.ndjson")
    assert table.columns == ["id", "tags", "at.x", "new"]
    assert rows_of(table) == [(1, "1", "a\nb", "1.10", ""), (3, "2", "", "", "n")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "the line is no JSON: column 2"),
        ("[1]", "the line holds no JSON object"),
        ('{"a": "\\ud800"}', "half a character"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_line_that_is_no_record_is_set_aside(bench: Bench, line: str, reason: str) -> None:
    table = bench.table(f"{LINES}{line}\n", "x.ndjson")
    assert (table.rows_read, len(table.frame)) == (3, 2)
    (problem,) = table.problems
    assert problem.row == 4
    assert reason in problem.reason


def test_cells_take_what_they_name_and_the_rest_stays(bench: Bench) -> None:
    cells = {"tag": "tags", "x": {"path": "at.x", "before": "."}}
    table = bench.table(LINES, "x.ndjson", cells=cells, omit=["new"])  # type: ignore[arg-type]
    assert table.columns == ["tag", "x", "id"]
    assert rows_of(table) == [(1, "a\nb", "1", "1"), (3, "", "", "2")]


def test_each_item_of_a_list_is_a_row(bench: Bench) -> None:
    content = '[{"id": 1, "a": [{"v": "x"}, {"v": "y"}], "b": ["z"]}, {"id": 2, "b": ["w"]}]'
    cells = {"id": "id", "v": "a.v | b"}
    table = bench.table(content, "x.json", cells=cells, each="a | b")  # type: ignore[arg-type]
    assert rows_of(table) == [(1, "1", "x"), (2, "1", "y"), (3, "1", "z"), (4, "2", "w")]


def test_lines_with_items_are_counted_and_broken_ones_come_last(bench: Bench) -> None:
    content = '{"id": 1, "a": ["x", "y"]}\n{\n{"id": 2, "a": ["z"]}\n'
    table = bench.table(content, "x.ndjson", each="a")
    assert table.frame[ROW].to_list() == [1, 2, 3]
    assert [item.row for item in table.problems] == [4]


def test_cells_of_a_plain_table(bench: Bench) -> None:
    cells = {
        "key": {"path": "iri | id", "after": "/"},
        "land": {"path": "land", "map": {"EL": "GR"}},
    }
    content = "iri,id,land,more\nhttp:a/1,,EL,m\n,2,LV,\n"
    table = bench.table(content, cells=cells)  # type: ignore[arg-type]
    assert sorted(table.columns) == ["key", "land", "more"]
    found = table.frame.select("key", "land", "more").rows()
    assert found == [("1", "GR", "m"), ("2", "LV", "")]
    with pytest.raises(TableError, match="no column 'lend'"):
        bench.table(content, cells={"land": "lend"})  # type: ignore[arg-type]


XML = """\
<?xml version="1.0" encoding="UTF-8"?>
<g:list xmlns:g="https://example.org/"><head>not this</head><body>
  <grant no="1"><title xml:lang="et">Köök &amp; aed</title><by>A</by><by>B</by></grant>
  <grant no="2"><title>Choir</title><place><city>Valka</city></place>loose</grant>
</body></g:list>
"""


def test_elements_of_xml_become_rows(bench: Bench) -> None:
    table = bench.table(XML, "x.xml", records="body/grant")
    assert table.columns == ["@no", "title.@lang", "title.#text", "by", "title", "place.city", "#text"]  # fmt: skip  # noqa: E501
    assert rows_of(table) == [
        (1, "1", "et", "Köök & aed", "A\nB", "", "", ""),
        (2, "2", "", "", "", "Choir", "Valka", "loose"),
    ]
    both = bench.table(XML, "x.xml", records="body/grant", cells={"t": "title.#text | title"})  # type: ignore[arg-type]
    assert both.frame["t"].to_list() == ["Köök & aed", "Choir"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<a><b></a>", "line 1, column 9: no XML: mismatched tag"),
        ("<a/>", "there is no element at 'body/grant'"),
        (
            '<!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y "&x;&x;">]><a>&y;</a>',
            "line 1: a document type",
        ),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "line 1: a document type"),
        ("<a>" * 500 + "</a>" * 500, "nested more than 200 levels"),
    ],
    ids=["broken", "empty", "entities", "files", "deep"],
)
def test_xml_that_is_not_read_is_told(bench: Bench, content: str, reason: str) -> None:
    with pytest.raises(TableError, match=reason):
        bench.table(content, "x.xml", records="body/grant")


GENERICODE = """\
<gc:CodeList xmlns:gc="http://docs.oasis-open.org/codelist/ns/genericode/1.0/">
<ColumnSet><Column Id="code"/><Column Id="Name"/><Column Id="never"/></ColumnSet>
<SimpleCodeList>
  <Row><Value ColumnRef="code"><SimpleValue>EE</SimpleValue></Value>
       <Value><SimpleValue>Estonia</SimpleValue></Value></Row>
  <Row><Value><SimpleValue>LV</SimpleValue></Value></Row>
</SimpleCodeList></gc:CodeList>
"""


def test_a_code_list_has_all_its_columns(bench: Bench) -> None:
    table = bench.table(GENERICODE, "x.gc")
    assert table.columns == ["code", "Name", "never"]
    assert rows_of(table) == [(1, "EE", "Estonia", ""), (2, "LV", "", "")]


def test_a_code_list_with_a_value_in_no_column_is_told(bench: Bench) -> None:
    with pytest.raises(TableError, match="in the column 'other', which the list does not have"):
        bench.table(GENERICODE.replace('ColumnRef="code"', 'ColumnRef="other"'), "x.gc")
    with pytest.raises(TableError, match="it has no ColumnSet/Column"):
        bench.table("<a><b/></a>", "x.gc")


TURTLE = """\
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix ex: <https://example.org/> .
ex:b a skos:Concept ; skos:prefLabel "bee"@en, "mesilane"@et ; ex:own 1 .
ex:a a skos:Concept ; skos:broader ex:b ; skos:altLabel "x"@en, "y"@en .
ex:s a skos:ConceptScheme .
_:n a skos:Concept .
"""


def test_subjects_of_rdf_become_rows(bench: Bench) -> None:
    table = bench.table(TURTLE, "x.ttl", subjects="skos:Concept")
    assert table.frame["subject"].to_list() == ["https://example.org/a", "https://example.org/b"]
    assert table.frame["skos:altLabel@en"].to_list() == ["x\ny", ""]
    assert table.frame["skos:broader"].to_list() == ["https://example.org/b", ""]
    assert table.frame["https://example.org/own"].to_list() == ["", "1"]


@pytest.mark.parametrize(
    ("name", "content", "rows", "reason"),
    [
        ("x.ttl", TURTLE + "oops", {}, "no readable RDF"),
        ("x.ttl", TURTLE, {"subjects": "skos:Collection"}, "no subject is of the class"),
        ("x.ttl", TURTLE, {"subjects": "skso:Concept"}, "rows.subjects: 'skso'"),
        ("x.srj", "{}", {}, "no SPARQL results in JSON"),
    ],
)
def test_rdf_that_is_not_read_is_told(
    bench: Bench, name: str, content: str, rows: dict[str, str], reason: str
) -> None:
    with pytest.raises(TableError, match=reason):
        bench.table(content, name, **rows)


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name.replace("__", "/").replace("_", "."), content)
    return buffer.getvalue()


def test_packed_files_are_unpacked(bench: Bench) -> None:
    plain = b"id\n1\n"
    assert bench.table(gzip.compress(plain), "x.csv.gz").frame["id"].to_list() == ["1"]
    assert bench.table(zipped(x_csv=plain), "x.zip").frame["id"].to_list() == ["1"]
    several = zipped(a__x_csv=plain, a__y_csv=b"id\n2\n")
    assert bench.table(several, "x.zip", member="y.csv").frame["id"].to_list() == ["2"]
    with pytest.raises(TableError, match=r"rows\.member: a/x\.csv, a/y\.csv"):
        bench.table(several, "x.zip")


@pytest.mark.parametrize(
    ("name", "content", "rows", "reason"),
    [
        ("x.csv.gz", gzip.compress(b"id\n" * 99, mtime=0)[:-9], {}, "the packed file is damaged"),
        ("x.csv.gz", b"id\n1\n", {}, "the packed file is damaged"),
        ("x.zip", b"no zip", {}, "no readable zip file"),
        ("x.csv", b"id\n1\n", {"member": "y.csv"}, "no zip file, so that it has no members"),
    ],
)
def test_packed_files_that_are_not_read_are_told(
    bench: Bench, name: str, content: bytes, rows: dict[str, str], reason: str
) -> None:
    with pytest.raises(TableError, match=reason):
        bench.table(content, name, **rows)


@pytest.mark.parametrize("name", ["x.csv.gz", "x.zip"])
def test_what_unpacks_to_more_than_the_limit_is_refused(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(packing, "MAX_UNPACKED", 1 << 20)
    bomb = b"0" * (3 << 20)
    with pytest.raises(TableError, match="unpacks to more than 1 MiB"):
        bench.table(gzip.compress(bomb) if name.endswith("gz") else zipped(x_csv=bomb), name)


ONCE = """\
entities:
  project:
    type: project
    class: Project
    key: "{p}"
    once: true
    properties: [{property: skos:prefLabel, column: p, lang: en}]
  participation:
    type: participation
    class: Participation
    key: "{p}-{o}"
    properties: [{property: participatesIn, entity: project}]
"""


def test_what_is_stated_once_is_linked_from_each_row(bench: Bench) -> None:
    mapping: SourceMapping = bench.mapping(ONCE)
    (source,) = bench.check([mapping], things="p,o\na,1\na,2\nb,1\n")
    written = write_source(Engine(mapping, Identity()), source.table, source.good, bench.folder)
    lines = written.stated[0].read_text(encoding="utf-8").splitlines()
    labels = [line.split()[-2] for line in lines if "prefLabel" in line]
    assert labels == [f"<{Identity().row('things', row)}>" for row in (2, 4)]
    assert sum("participatesIn" in line for line in lines) == 3


def test_what_the_ontology_has_words_for_is_taken_over(bench: Bench) -> None:
    head = HEAD.format(name="things").replace("things.csv", "x.ttl, subjects: skos:Concept")
    entity = (
        "entities:\n  theme: {type: theme, class: Theme, key: '{subject}', declared: true}\n"
        "ignore: [type]\n"
    )
    mapping = read_mapping(bench.file("things.yaml", head + entity))
    bench.file("x.ttl", TURTLE)
    (source,) = bench.check([mapping])
    assert {
        item.column: (item.kind, item.lang) for item in source.mapping.entities["theme"].properties
    } == {
        "skos:prefLabel@en": ("text", "en"),
        "skos:prefLabel@et": ("text", "et"),
        "skos:altLabel@en": ("text", "en"),
        "skos:broader": ("iri", None),
    }
    assert source.unmapped == []
    assert set(source.report().columns_ignored) == {"type", "https://example.org/own"}
