"""The sources of the project: every column is used, and nothing of the tables is lost."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

import ontology
from graph.dataset import Dataset
from graph.engine import Query
from graph.errors import TableError
from graph.identity import Identity
from loaders.building.check import read_sources
from loaders.engine import Engine
from loaders.language.mapping import Rows, SourceMapping, read_mappings
from loaders.reading.readers import ROW, read_table

MAPPINGS = read_mappings()
EACH = pytest.mark.parametrize("mapping", MAPPINGS, ids=[item.name for item in MAPPINGS])
PREFIXES = "".join(f"PREFIX {name}: <{iri}> " for name, iri in ontology.PREFIXES.items())
# Every column of money, the kind of the amounts in it, and the ending of their keys.
MONEY = {
    ("case_studies.csv", "budget_eur"): ("total", "-total"),
    ("case_studies.csv", "eu_contribution_eur"): ("eu", "-eu"),
    ("case_studies.csv", "prize_eur"): ("prize", "-prize"),
    ("consortia.csv", "total_cost_eur"): ("total", "-total"),
    ("consortia.csv", "eu_grant_eur"): ("eu", "-eu"),
    ("programmes.csv", "budget_eur"): ("total", "-budget"),
}


def records(folder: Path, file: str) -> list[dict[str, str]]:
    """Read a table without the readers that are under test."""
    with (folder / file).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@EACH
def test_every_column_is_mapped_or_ignored(mapping: SourceMapping, data_folder: Path) -> None:
    header = set(records(data_folder, mapping.rows.file)[0])
    assert header == mapping.columns() | set(mapping.ignore)


@EACH
def test_bounds_hold_the_rows_of_the_table(mapping: SourceMapping, data_folder: Path) -> None:
    assert mapping.expect.rows is not None
    assert mapping.expect.quarantined == 0
    low, high = mapping.expect.rows
    assert 0 < low <= len(records(data_folder, mapping.rows.file)) <= high


@EACH
def test_every_source_says_where_its_rows_were_read(mapping: SourceMapping) -> None:
    assert mapping.receipt.cited is not None
    assert mapping.receipt.confidence == "confidence"


def test_every_table_has_a_source(data_folder: Path) -> None:
    files = {path.name for path in data_folder.glob("*.csv")}
    assert {mapping.rows.file for mapping in MAPPINGS} == files


def test_all_rows_of_all_tables_load(dataset: Dataset, data_folder: Path) -> None:
    for entry in dataset.release.manifest.sources:
        rows = len(records(data_folder, entry.file))
        assert (entry.name, entry.rows_read, entry.rows_loaded) == (entry.name, rows, rows)
        assert entry.rows_quarantined == 0


def test_every_column_of_money_is_known_to_these_tests(data_folder: Path) -> None:
    found = {
        (path.name, name)
        for path in data_folder.glob("*.csv")
        for name in records(data_folder, path.name)[0]
        if name.endswith("_eur")
    }
    assert found == set(MONEY)


def test_amounts_in_the_graph_add_up_to_those_of_the_tables_to_the_cent(
    dataset: Dataset, data_folder: Path
) -> None:
    expected: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for (file, column), (kind, _) in MONEY.items():
        for record in records(data_folder, file):
            if record[column]:
                expected[file, kind] += Decimal(record[column])

    found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    owners = {
        "case_studies.csv": "sikg:Practice",
        "consortia.csv": "sikg:Consortium",
        "programmes.csv": "sikg:FundingInstrument",
    }
    for file, owner in owners.items():
        solutions = dataset.store.select(
            Query(
                f"{PREFIXES} SELECT ?funding ?amount ?kind ?currency WHERE {{ "
                f"?owner a {owner} ; sikg:funding ?funding . "
                "?funding sikg:amount ?amount ; sikg:currency ?currency ; "
                "sikg:fundingKind/skos:notation ?kind }"
            )
        )
        assert {row["currency"].value for row in solutions} == {"EUR"}
        for row in solutions:
            found[file, row["kind"].value] += Decimal(row["amount"].value)
    assert dict(found) == dict(expected)
    assert all(total > 0 for total in found.values())


@pytest.mark.parametrize(("place", "meant"), MONEY.items(), ids=[name for _, name in MONEY])
def test_each_amount_stands_at_its_own_entity(
    dataset: Dataset, data_folder: Path, place: tuple[str, str], meant: tuple[str, str]
) -> None:
    (file, column), (kind, ending) = place, meant
    segment = {"case_studies.csv": "practice", "consortia.csv": "consortium"}.get(file, "programme")
    filled = {
        item["id"]: Decimal(item[column]) for item in records(data_folder, file) if item[column]
    }
    solutions = dataset.store.select(
        Query(
            f"{PREFIXES} SELECT ?owner ?funding ?amount WHERE {{ ?owner sikg:funding ?funding . "
            "?funding sikg:amount ?amount ; sikg:fundingKind/skos:notation "
            f'"{kind}" }}'
        )
    )
    base = dataset.identity.base
    found = {
        row["owner"].value.rpartition("/")[2]: Decimal(row["amount"].value)
        for row in solutions
        if row["owner"].value.startswith(f"{base}id/{segment}/")
        and row["funding"].value.endswith(ending)
    }
    assert found == filled


# What stands in one table, counted by a column: class in the graph, and the codes that make one.
COUNTED = [
    ("organisations.csv", "sikg:Organisation", None, ()),
    ("consortia.csv", "sikg:Consortium", None, ()),
    ("participation.csv", "sikg:Participation", None, ()),
    ("programmes.csv", "sikg:FundingInstrument", None, ()),
    ("programmes.csv", "sikg:Call", "kind", ("call",)),
    ("programmes.csv", "sikg:Fund", "kind", ("fund",)),
    ("policies.csv", "sikg:Policy", None, ()),
    ("policies.csv", "sikg:Principle", "type", ("principle",)),
    ("case_studies.csv", "sikg:Practice", None, ()),
    ("countries.csv", "sikg:Country", None, ()),
    ("countries.csv", "sikg:MemberState", "member", ("yes",)),
    ("events_and_networks.csv", "sikg:Event", "kind", ("event",)),
    ("events_and_networks.csv", "sikg:Network", "kind", ("network", "platform")),
    ("events_and_networks.csv", "sikg:CommunityOfPractice", "kind", ("community_of_practice",)),
    ("events_and_networks.csv", "sikg:Portal", "kind", ("portal",)),
    ("events_and_networks.csv", "sikg:Prize", "kind", ("prize",)),
    ("events_and_networks.csv", "sikg:Newsletter", "kind", ("newsletter",)),
]


@pytest.mark.parametrize(
    ("file", "name", "column", "codes"), COUNTED, ids=[name for _, name, _, _ in COUNTED]
)
def test_there_are_as_many_entities_as_rows(
    dataset: Dataset, data_folder: Path, file: str, name: str, column: str | None,
    codes: tuple[str, ...],
) -> None:  # fmt: skip
    rows = records(data_folder, file)
    expected = [row for row in rows if column is None or row[column] in codes]
    assert expected
    found = dataset.store.select(
        Query(f"{PREFIXES} SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ ?x a {name} }}")
    )
    assert found.values("n") == [str(len(expected))]


def test_databases_of_both_tables_are_there(dataset: Dataset, data_folder: Path) -> None:
    keys = {row["id"] for row in records(data_folder, "databases.csv")} | {
        row["id"]
        for row in records(data_folder, "events_and_networks.csv")
        if row["kind"] == "database"
    }
    found = dataset.store.select(Query(f"{PREFIXES} SELECT DISTINCT ?x {{ ?x a sikg:Database }}"))
    assert {iri.rpartition("/")[2] for iri in found.values("x")} == keys


def test_every_kind_of_event_or_network_becomes_an_entity(data_folder: Path) -> None:
    (mapping,) = [item for item in MAPPINGS if item.name == "events-and-networks"]
    among = [item.when.among or () for item in mapping.entities.values() if item.when]
    codes = Counter(code for group in among for code in group)
    kinds = {row["kind"] for row in records(data_folder, mapping.rows.file)}
    assert kinds <= set(codes)
    assert max(codes.values()) == 1


def test_every_label_of_a_term_is_in_the_graph(dataset: Dataset, data_folder: Path) -> None:
    expected = Counter(
        (row["concept_id"], row["lang"].lower(), row["label"], row["label_type"])
        for row in records(data_folder, "terms.csv")
    )
    found = dataset.store.select(
        Query(
            f"{PREFIXES} SELECT ?key ?label ?property WHERE {{ ?term a sikg:Term ; "
            "skos:notation ?key ; ?property ?label "
            "FILTER(?property IN (skos:prefLabel, skos:altLabel)) }"
        )
    )
    assert {
        (
            row["key"].value,
            row["label"].language,
            row["label"].value,
            row["property"].value.rpartition("#")[2],
        )
        for row in found
    } == set(expected)


def test_every_filled_cell_of_every_mapped_column_makes_a_statement(data_folder: Path) -> None:
    """Nothing that a table says is dropped without a word: not even by a condition."""
    for source in read_sources(MAPPINGS, data_folder):
        mapping = source.mapping
        told = Counter[str]()
        for entity in mapping.entities.values():
            one = mapping.model_copy(update={"entities": {"one": entity}})
            for item in entity.properties:
                if item.column is None or item.entity is not None:
                    continue
                alone = entity.model_copy(update={"properties": (item,)})
                engine = Engine(one.model_copy(update={"entities": {"one": alone}}), Identity())
                *_, strand = engine.strands(source.good)
                told[item.column] += strand.frame[ROW].n_unique()
        for column, rows in told.items():
            filled = source.good.filter(source.good[column].str.strip_chars() != "")
            assert rows >= len(filled), f"{mapping.name}: {column}"


# Published files


PUBLISHED = [
    ("operations/AT_ESF_2014-2020.xlsx", {}, 245, "Name des Begünstigten / name of beneficiary"),
    ("operations/DE-Berlin_ESF_2014-2020.csv", {}, 336, "Gesamtbetrag förderfähiger Ausgaben"),
    (
        "operations/DE-Niedersachsen_ESF_2014-2020.xlsx",
        {"header": 7},
        1759,
        "Bezeichnung des Vorhabens",
    ),
    ("operations/DE-Thueringen_ESF_2014-2020.xls", {"header": 8}, 2919, "Name des Begünstigten"),
    ("operations/GB-Scotland_ESF-ERDF_2014-2020.ods", {}, 210, "Recipient organisation"),
    ("operations/HU_all-funds_2014-2020.json", {}, 2037, "Pályázó neve"),
    ("operations/IE_ESF_2014-2020.xlsx", {"header": 2}, 595, "Beneficiary Name"),
    ("operations/LT_all-funds_2014-2020.csv", {}, 2471, "Pareiškėjas/ Vykdytojas"),
    ("operations/NL_ESF_2014-2020_AMR-VSO.csv", {}, 71, "Project_Nummer Project_Number"),
    (
        "operations/PL_ESF_2014-2020.csv",
        {"encoding": "cp1250", "delimiter": ";"},
        2437,
        "Wartość projektu",
    ),
    ("grants/360giving-ab-charitable-trust.json", {"records": "grants"}, 783, "title"),
]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "rows", "count", "column"), PUBLISHED, ids=[item[0] for item in PUBLISHED]
)
def test_a_published_file_is_read_whole(
    shared_folder: Path, file: str, rows: dict[str, str | int], count: int, column: str
) -> None:
    path = shared_folder / "data" / "published" / file
    table = read_table(path, Rows.model_validate({"file": file, **rows}))
    assert (table.rows_read, len(table.frame), table.problems) == (count, count, [])
    assert column in table.columns
    assert (table.frame[column] != "").sum() > count / 30


@pytest.mark.shared
def test_published_rows_with_stray_quotation_marks_are_set_aside(shared_folder: Path) -> None:
    path = shared_folder / "data" / "published" / "kohesio" / "bulgarian-beneficiaries.tsv"
    table = read_table(path, Rows(file=path.name))
    assert (table.rows_read, len(table.frame), len(table.problems)) == (27_147, 26_714, 433)
    assert all("quotation marks do not match" in item.reason for item in table.problems)


@pytest.mark.shared
def test_a_published_file_that_is_not_what_its_name_says_is_told(shared_folder: Path) -> None:
    path = shared_folder / "data" / "published" / "operations" / "LV_all-funds_2014-2020.xls"
    with pytest.raises(TableError, match="a page of HTML or XML under that name"):
        read_table(path, Rows(file=path.name))


@pytest.mark.shared
def test_a_published_file_of_undeclared_encoding_is_told(shared_folder: Path) -> None:
    path = shared_folder / "data" / "published" / "operations" / "PL_ESF_2014-2020.csv"
    with pytest.raises(TableError, match=r"line 1 holds the byte 0xB3.*it may be cp1250"):
        read_table(path, Rows(file=path.name))
