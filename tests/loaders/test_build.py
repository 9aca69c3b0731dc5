"""A build publishes a whole release or nothing, and says what became of every row."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import ontology
from graph.dataset import Dataset
from graph.engine import Query
from graph.errors import BuildError, ExpectationError, MappingError, StrictError, TableError
from graph.formats import GRAPH_FORMATS
from graph.identity import Identity
from graph.release import Releases
from graph.report import BuildReport
from graph.store import parse
from loaders.building import writing
from loaders.building.build import build
from loaders.engine import Engine
from loaders.reading.readers import ROW
from loaders.statements import write_source
from tests.loaders.conftest import Bench

if TYPE_CHECKING:
    from loaders.language.mapping import SourceMapping

PREFIXES = "".join(f"PREFIX {name}: <{iri}> " for name, iri in ontology.PREFIXES.items())
CONSORTIA = """\
entities:
  consortium:
    type: consortium
    class: Consortium
    key: "{id}"
    properties:
      - {property: skos:prefLabel, column: name, lang: en}
      - {property: startDate, column: start, as: date}
receipt: {cited: {column: url, split: " | "}, confidence: sure}
"""
TABLE = (
    "id,name,start,url,sure\n"
    "esia,Alliance,2021-05,https://a.example | page 7,seen\n"
    "esia,,2021-05-14,,common\n"
)


@pytest.fixture(name="mapping")
def _mapping(bench: Bench) -> SourceMapping:
    return bench.mapping(CONSORTIA, "consortia")


@pytest.fixture(name="served", scope="module")
def _served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the table once; who builds more copies the home."""
    bench = Bench(tmp_path_factory.mktemp("served"))
    build(bench.releases(), bench.inputs(bench.mapping(CONSORTIA, "consortia"), consortia=TABLE))
    return bench.releases().home


def copied(served: Path, bench: Bench) -> Releases:
    """Give releases of which one is served."""
    shutil.copytree(served, bench.releases().home)
    return bench.releases()


def select(dataset: Dataset, where: str) -> list[dict[str, str]]:
    """Answer a query with plain text."""
    found = dataset.store.select(Query(f"{PREFIXES} SELECT * WHERE {{ {where} }}"))
    return [{name: term.value for name, term in row.items()} for row in found]


def test_conflicting_statements_are_both_kept_each_in_the_graph_of_its_row(served: Path) -> None:
    dataset = Dataset.open(Releases(served).current())
    identity = dataset.identity
    esia = f"<{identity.entity('consortium', 'esia')}>"

    merged = select(dataset, f"{esia} sikg:startDate ?start")
    stated = select(dataset, f"GRAPH ?row {{ {esia} sikg:startDate ?start }}")

    assert {row["start"] for row in merged} == {"2021-05", "2021-05-14"}
    assert {(row["row"], row["start"]) for row in stated} == {
        (identity.row("consortia", 2), "2021-05"),
        (identity.row("consortia", 3), "2021-05-14"),
    }


def test_every_row_has_its_receipt(served: Path) -> None:
    dataset = Dataset.open(Releases(served).current())
    identity = dataset.identity
    receipts = f"GRAPH <{identity.graph('receipts')}>"

    rows = select(
        dataset,
        f"{receipts} {{ ?row sikg:fromTable ?table ; sikg:rowNumber ?number ; "
        "sikg:confidence ?sure . ?table sikg:fromSource ?source ; sikg:fileName ?file ; "
        "sikg:sha256 ?sum . ?source dcterms:publisher ?publisher ; dcterms:license ?licence ; "
        "sikg:retrieved ?day ; sikg:mappingVersion ?version }",
    )
    cited = select(dataset, f"{receipts} {{ ?row sikg:citedSource ?cited }}")

    assert sorted((row["row"], row["number"], row["sure"]) for row in rows) == [
        (identity.row("consortia", 2), "2", "seen"),
        (identity.row("consortia", 3), "3", "common"),
    ]
    assert {row["file"] for row in rows} == {"consortia.csv"}
    assert {row["day"] for row in rows} == {"2026-11-22"}
    assert {(row["row"], row["cited"]) for row in cited} == {
        (identity.row("consortia", 2), "https://a.example"),
        (identity.row("consortia", 2), "page 7"),
    }


def test_every_data_statement_of_the_curated_release_has_a_receipt(dataset: Dataset) -> None:
    """Count the merged statements that no row, no ontology and no alignment accounts for."""
    receipts = dataset.identity.graph("receipts")
    # Statistics, description and quality are of the release, not of the field: they stand apart.
    names = ("void", "service", "quality", "catalogue")
    computed = ", ".join(f"<{dataset.identity.graph(name)}>" for name in names)
    without = select(
        dataset,
        "GRAPH ?row { ?s ?p ?o } "
        f"FILTER(STRSTARTS(STR(?row), '{dataset.identity.base}id/row/')) "
        f"FILTER NOT EXISTS {{ GRAPH <{receipts}> {{ ?row sikg:fromTable/sikg:fromSource ?x }} }}",
    )
    unmerged = select(
        dataset,
        f"GRAPH ?row {{ ?s ?p ?o }} FILTER(?row NOT IN (<{receipts}>, {computed})) "
        "FILTER NOT EXISTS { ?s ?p ?o }",
    )
    assert without == []
    assert unmerged == []


def test_a_faulty_row_is_set_aside_and_the_rest_is_served(
    bench: Bench, mapping: SourceMapping
) -> None:
    faulty = TABLE + "fuse,Fuse,2021-02-30,,seen\nseed\n"
    release, report = build(bench.releases(), bench.inputs(mapping, consortia=faulty))
    dataset = Dataset.open(release)

    assert [row["x"] for row in select(dataset, "?x a sikg:Consortium")] == [
        dataset.identity.entity("consortium", "esia")
    ]
    (entry,) = release.manifest.sources
    assert (entry.rows_read, entry.rows_loaded, entry.rows_quarantined) == (4, 2, 2)
    assert [item.row for item in report.sources[0].quarantined] == [5, 4]


def test_the_report_in_the_release_says_what_was_set_aside_and_why(
    bench: Bench, mapping: SourceMapping
) -> None:
    faulty = TABLE + "fuse,Fuse,2021-02-30,,seen\n"
    release, report = build(bench.releases(), bench.inputs(mapping, consortia=faulty))
    text = release.report_path.read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)

    assert BuildReport.model_validate_json(text) == report
    (source,) = document["sources"]
    assert source["name"] == "consortia"
    assert (source["rows_read"], source["rows_loaded"]) == (3, 2)
    # Two classes, one label, two dates: what the two rows state.
    assert source["statements"] == 5
    assert source["quarantined"] == [
        {
            "file": "consortia.csv",
            "row": 4,
            "column": "start",
            "value": "2021-02-30",
            "reason": "no date of the calendar such as 2021, 2021-05 or 2021-05-14",
        }
    ]


@pytest.mark.parametrize(
    ("table", "expect", "strict", "error"),
    [
        pytest.param(TABLE + "x,X,never,,\n", "", True, StrictError, id="strict"),
        pytest.param(TABLE, "expect: {rows: [5, 9]}\n", False, ExpectationError, id="bounds"),
        pytest.param(
            TABLE + "x,X,never,,\n",
            "expect: {quarantined: 0}\n",
            False,
            ExpectationError,
            id="set-aside",
        ),
        pytest.param("id,name\na,A\n", "", False, MappingError, id="missing-column"),
        pytest.param("", "", False, TableError, id="empty-table"),
        pytest.param(TABLE + '"', "", False, TableError, id="unclosed-quote"),
    ],
)
def test_a_build_that_fails_publishes_nothing_and_the_old_release_stays_served(
    bench: Bench, served: Path, table: str, expect: str, *, strict: bool, error: type
) -> None:
    releases = copied(served, bench)
    first = releases.current()
    changed = bench.mapping(CONSORTIA + expect, "consortia")

    with pytest.raises(error) as caught:
        build(releases, bench.inputs(changed, consortia=table), strict=strict)

    assert "consortia" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert releases.numbers() == [first.number]
    assert releases.current().manifest == first.manifest
    assert list(releases.home.glob("draft-*")) == []
    assert len(select(Dataset.open(releases.current()), "?x a sikg:Consortium")) == 1


def test_a_missing_table_stops_the_build(bench: Bench, mapping: SourceMapping) -> None:
    with pytest.raises(TableError, match=r"consortia\.csv: there is no such file"):
        build(bench.releases(), bench.inputs(mapping))
    assert bench.releases().numbers() == []


def test_a_disk_that_fills_up_leaves_the_old_release_served(
    bench: Bench, mapping: SourceMapping, served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    releases = copied(served, bench)
    first = releases.current()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "write_source", full)
    with pytest.raises(Exception, match="the disk is full"):
        build(releases, replace(bench.inputs(mapping, consortia=TABLE), whole=True))
    monkeypatch.undo()

    assert releases.current().number == first.number
    again, _ = build(releases, bench.inputs(mapping, consortia=TABLE))
    assert again.number == first.number + 1


def test_two_builds_at_once_are_refused(bench: Bench, mapping: SourceMapping) -> None:
    releases = bench.releases()
    with releases.draft(), pytest.raises(BuildError, match="another build is running"):
        build(bench.releases(), bench.inputs(mapping, consortia=TABLE))


def test_the_same_inputs_give_the_same_digest_and_report(
    bench: Bench, mapping: SourceMapping
) -> None:
    faulty = TABLE + "b,B,never,,\na,A,never,,\n"
    first, first_report = build(bench.releases(), bench.inputs(mapping, consortia=faulty))
    second, second_report = build(bench.releases(), bench.inputs(mapping, consortia=faulty))

    assert (first.number, second.number) == (1, 2)
    assert first.manifest.digest == second.manifest.digest
    assert first_report == second_report
    assert first.report_path.read_bytes() == second.report_path.read_bytes()


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(TABLE.replace("Alliance", "alliance"), id="a-value"),
        pytest.param(TABLE.replace("seen", "common"), id="a-receipt"),
        pytest.param(TABLE + "x,X,,,\n", id="a-row"),
    ],
)
def test_other_inputs_give_another_digest(
    bench: Bench, mapping: SourceMapping, served: Path, changed: str
) -> None:
    release, _ = build(bench.releases(), bench.inputs(mapping, consortia=changed))
    assert release.manifest.digest != Releases(served).current().manifest.digest


def test_statements_are_written_once_in_the_graph_of_their_row(
    bench: Bench, tmp_path: Path
) -> None:
    mapping = bench.mapping_of(
        '{property: theme, column: themes, split: ";", reference: theme}',
        '{property: theme, column: more, split: ";", reference: theme}',
    )
    table = bench.table("id,themes,more\na,education;education,education\n")
    written = write_source(Engine(mapping, Identity()), table, table.frame, tmp_path)
    lines = written.stated[0].read_text(encoding="utf-8").splitlines()
    own = [line for line in lines if f"<{Identity().row('things', 2)}> ." in line]
    assert written.statements == len(own) == 2
    assert len(lines) == len(set(lines))


def test_what_the_alignments_entail_is_merged_but_stands_in_no_row(served: Path) -> None:
    dataset = Dataset.open(Releases(served).current())
    esia = f"<{dataset.identity.entity('consortium', 'esia')}>"
    entailed = f"{esia} a org:OrganizationalCollaboration ; rdfs:label 'Alliance'@en"
    assert select(dataset, f"{entailed} BIND(1 AS ?yes)") == [{"yes": "1"}]
    assert select(dataset, f"GRAPH ?g {{ {esia} rdfs:label ?x }}") == []


def test_slices_of_a_long_table_are_written_like_one(
    bench: Bench, mapping: SourceMapping, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    table = bench.table(TABLE + "".join(f"c{n},C {n},2021,,\n" for n in range(20)), "consortia.csv")
    texts = []
    for size in (100_000, 7):
        monkeypatch.setattr("loaders.statements.SLICE", size)
        written = write_source(Engine(mapping, Identity()), table, table.frame, tmp_path)
        lines = written.stated[0].read_text(encoding="utf-8").splitlines()
        texts.append((written.statements, sorted(lines)))
    assert texts[0] == texts[1]
    assert texts[0][0] == 5 + 20 * 3


def test_a_sheet_is_named_in_receipts_and_rows(bench: Bench, tmp_path: Path) -> None:
    mapping = bench.mapping_of("{property: skos:prefLabel, column: name, lang: en}")
    plain = bench.table("id,name\na,A\n")
    table = type(plain)(plain.path, plain.sha256, plain.frame, sheet="My data")
    written = write_source(Engine(mapping, Identity()), table, table.frame, tmp_path)
    text = written.stated[0].read_text(encoding="utf-8")
    assert f"<{Identity().row('things', 2, 'My data')}> ." in text
    assert f"<{Identity().table('things', 'My data')}> <{ontology.SIKG}sheet>" in text
    nquads = next(form for form in GRAPH_FORMATS if form.name == "nquads")
    assert len(parse(written.stated[0].read_bytes(), nquads)) == len(text.splitlines())
    assert table.frame[ROW].to_list() == [2]
