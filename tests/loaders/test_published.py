"""Mappings of other people's tables: every row is loaded or set aside, every column accounted for.

What stands in `published/` beside this file was made up after what these publishers say of their
tables; the files of theirs that are at hand are read where they are.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from rdflib import Graph
from rdflib.compare import graph_diff, to_isomorphic

import loaders
from graph.identity import Identity
from loaders.building.check import Checked, check_sources, read_sources
from loaders.building.vocabulary import Vocabulary
from loaders.engine import Engine
from loaders.language.mapping import Example, SourceMapping, read_mapping
from loaders.privacy.hiding import Hiding
from tests.loaders.test_examples import HEADER, _stated

SOURCES = Path(loaders.__file__).parent / "sources"
MADE_UP = Path(__file__).parent / "published"
FAMILIES = (
    "codelists",
    "cordis",
    "cordis-earlier",
    "cordis-h2020",
    "endpoints",
    "fts",
    "grants",
    "grants-tables",
    "keep",
    "kohesio",
    "kohesio-projects",
    "ror",
    "skos",
)
MAPPINGS = [
    read_mapping(path) for name in FAMILIES for path in sorted((SOURCES / name).glob("*.yaml"))
]
BY_NAME = {mapping.name: mapping for mapping in MAPPINGS}
EXAMPLES = [
    pytest.param(mapping, example, id=f"{mapping.name}-{number}")
    for mapping in MAPPINGS
    for number, example in enumerate(mapping.examples, start=1)
]
SIKG = "https://w3id.org/sikg/ontology#"
PARTS = ("amount", "fundingKind", "fundingPhase")

Sums = dict[tuple[str, str], Decimal]


def test_all_families_are_tested() -> None:
    found = {path.name for path in SOURCES.iterdir() if path.is_dir()}
    assert found - {"operations"} == set(FAMILIES)
    assert len(BY_NAME) == len(MAPPINGS)


@pytest.mark.parametrize(("mapping", "example"), EXAMPLES)
def test_the_row_becomes_the_statements_of_the_example(
    mapping: SourceMapping, example: Example, tmp_path: Path
) -> None:
    expected = Graph().parse(data=HEADER + example.turtle, format="turtle")
    found = _stated(mapping, dict(example.row), tmp_path)
    missing, surplus = graph_diff(to_isomorphic(expected), to_isomorphic(found))[1:]
    assert (missing.serialize(format="nt"), surplus.serialize(format="nt")) == ("", "")


@pytest.mark.parametrize("mapping", MAPPINGS, ids=list(BY_NAME))
def test_every_source_has_an_example(mapping: SourceMapping) -> None:
    assert mapping.examples


@dataclass(frozen=True)
class Case:
    """A table: how many of its rows load, why others do not, and its sums by kind and phase."""

    name: str
    rows: int
    aside: Sequence[str] = ()
    file: str | None = None
    sums: dict[tuple[str, str], str] = field(default_factory=dict)


MADE = [
    Case(
        "cordis-projects", 3, ["no amount such as 1250.50, written as 1234.56 or 1234,56"],
        sums={("total", "approved"): "3234568.39", ("eu", "approved"): "2734568.14"},
    ),
    Case(
        "cordis-organisations", 4,
        sums={("eu-share", "approved"): "2734568.14", ("total-share", "approved"): "3234568.39"},
    ),
    Case(
        "cordis-earlier-projects", 3,
        sums={("total", "approved"): "2000100.5", ("eu", "approved"): "1500000.25"},
    ),
    Case("cordis-topics", 2),
    Case("cordis-legal-bases", 3),
    Case("cordis-euroscivoc", 3),
    Case(
        "fts-commitments", 3,
        sums={
            ("eu", "approved"): "1007501.25", ("eu", "paid"): "457500.75",
            ("eu-share", "approved"): "607501.00", ("eu-share", "planned"): "400000.25",
        },
    ),
    Case(
        "keep-projects", 2,
        sums={("total", "approved"): "750000.50", ("eu", "approved"): "612500.40"},
    ),
    Case(
        "keep-partners", 3,
        sums={("total-share", "approved"): "750000.50", ("eu-share", "approved"): "612500.40"},
    ),
    Case(
        "kohesio-projects", 3, ["no amount such as 1250.50"],
        sums={("eligible", "approved"): "201000.5", ("eu", "approved"): "170800.43"},
    ),
    Case(
        "grants-360giving-table", 4, ["no amount such as 1250.50, written as 1,234.56 or £1"],
        sums={
            ("grant", "approved"): "17500.75", ("grant", "paid"): "4000",
            ("grant", "requested"): "12500",
        },
    ),
    Case("skos-concepts", 3, ["refers to no theme that exists"]),
]  # fmt: skip


@pytest.fixture(scope="session")
def concepts(data_folder: Path) -> dict[str, set[str]]:
    """Give the keys that rows may refer to: concepts, and countries and programmes of ours."""
    known = Vocabulary.read(Identity()).concepts
    for kind, file, column in (
        ("country", "countries.csv", "code"),
        ("programme", "programmes.csv", "id"),
    ):
        with (data_folder / file).open(encoding="utf-8-sig", newline="") as table:
            known[kind] = {row[column] for row in csv.DictReader(table)}
    return known


HIDING = Hiding(Identity())  # which reads long lists of names, once


def checked(mapping: SourceMapping, folder: Path, concepts: dict[str, set[str]]) -> Checked:
    """Check a source by itself."""
    (source,) = read_sources([mapping], folder, hiding=HIDING)
    check_sources([source], Identity(), concepts)
    return source


def sums(source: Checked) -> Sums:
    """Add up the amounts that the rows state, by kind and phase."""
    engine = Engine(source.mapping, Identity())
    found: dict[str, list[pl.DataFrame]] = {name: [] for name in PARTS}
    for strand in engine.strands(engine.first_rows(source.good)):
        name = strand.predicate.removeprefix(SIKG)
        if name in PARTS:
            found[name].append(strand.frame.select("s", pl.col("o").alias(name)))
    amount, kind, phase = (pl.concat(found[name]).unique() for name in PARTS if found[name])
    told = amount.join(kind, on="s", validate="1:1").join(phase, on="s", validate="1:1")
    digits = pl.col("amount").str.extract(r'"(.*)"').cast(pl.Decimal(38, 6))
    keys = [pl.col(name).str.extract("([^/]+)>$") for name in PARTS[1:]]
    added = told.with_columns(digits, *keys).group_by(PARTS[1:]).agg(pl.col("amount").sum())
    return {(row[0], row[1]): row[2] for row in added.iter_rows()}


@pytest.mark.parametrize("case", MADE, ids=lambda case: case.name)
def test_a_made_up_table_loads_whole(case: Case, concepts: dict[str, set[str]]) -> None:
    source = checked(BY_NAME[case.name], MADE_UP, concepts)
    assert source.table.rows_read == case.rows
    assert len(source.good) + source.rows_aside == case.rows
    assert [item.reason[: len(case.aside[0])] for item in source.problems] == list(case.aside)
    assert source.unmapped == []
    expected = {key: Decimal(amount) for key, amount in case.sums.items()}
    assert (sums(source) if expected else {}) == expected


def test_partners_that_a_cell_lists_take_part_each(concepts: dict[str, set[str]]) -> None:
    source = checked(BY_NAME["cordis-earlier-projects"], MADE_UP, concepts)
    found: dict[str, set[str]] = {}
    for strand in Engine(source.mapping, Identity()).strands(source.good):
        found.setdefault(strand.predicate.removeprefix(SIKG), set()).update(strand.frame["s"])
    assert len(found["participant"]) == len(found["role"]) == 5
    assert sum("/organisation/" in thing for thing in set().union(*found.values())) == 3


# The files of the publishers


def published(shared: Path, concepts: dict[str, set[str]], name: str, file: str) -> Checked:
    """Check a source over a file of its publisher."""
    mapping = BY_NAME[name]
    rows = mapping.rows.model_copy(update={"file": file})
    # Who is a person has tests of its own, and takes longer than all else.
    entities = {
        key: entity.model_copy(update={"persons": "never"})
        for key, entity in mapping.entities.items()
    }
    renamed = mapping.model_copy(update={"rows": rows, "entities": entities})
    source = checked(renamed, shared / "data" / "published", concepts)
    assert source.unmapped == []
    assert len(source.good) + source.rows_aside == source.table.rows_read
    return source


def lines(path: Path) -> Iterator[dict[str, str]]:
    """Read a packed table without the readers that are under test."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@pytest.mark.shared
def test_participations_in_horizon_2020(shared_folder: Path, concepts: dict[str, set[str]]) -> None:
    file = "cordis/h2020.csv.gz"
    source = published(shared_folder, concepts, "cordis-participations", file)
    assert (source.table.rows_read, source.rows_aside) == (144_726, 0)
    shares, projects = Decimal(), {}
    for row in lines(shared_folder / "data" / "published" / file):
        shares += Decimal(row["contribution"].replace("NA", "0"))
        projects[row["rcn"]] = (row["total_cost"], row["max_contribution"])
    assert sums(source) == {
        ("eu-share", "approved"): shares,
        ("total", "approved"): sum(Decimal(cost) for cost, _ in projects.values() if cost != "NA"),
        ("eu", "approved"): sum(Decimal(part) for _, part in projects.values()),
    }
    kinds = Counter(strand.predicate for strand in _once(source) for _ in strand.frame["s"])
    assert kinds[f"{SIKG}participatesIn"] == 144_726
    assert kinds[f"{SIKG}fundedBy"] == len(projects) == 31_451
    assert kinds[f"{SIKG}pic"] == 35_871
    namibia = source.good.filter(source.good["country"] == "NA")
    assert len(namibia) == 11  # where NA is a country, and not unknown


def _once(source: Checked) -> Iterator[Any]:
    engine = Engine(source.mapping, Identity())
    return engine.strands(engine.first_rows(source.good))


@pytest.mark.shared
def test_parts_of_horizon_2020(shared_folder: Path, concepts: dict[str, set[str]]) -> None:
    file = "cordis/programme_parts.csv.gz"
    source = published(shared_folder, concepts, "cordis-programme-parts", file)
    assert (source.table.rows_read, source.rows_aside) == (37_441, 0)
    parts = [strand for strand in _once(source) if strand.predicate == f"{SIKG}partOf"]
    assert sum(len(strand.frame) for strand in parts) == 17


@pytest.mark.shared
def test_beneficiaries_of_kohesio(shared_folder: Path, concepts: dict[str, set[str]]) -> None:
    file = "kohesio/bulgarian-beneficiaries.tsv"
    source = published(shared_folder, concepts, "kohesio-beneficiaries", file)
    text = (shared_folder / "data" / "published" / file).read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines()[1:]]
    assert (source.table.rows_read, source.rows_aside) == (len(rows), 0) == (27_222, 0)
    assert sums(source) == {
        ("beneficiary-total", "not-stated"): sum(Decimal(row[3]) for row in rows if row[3]),
        ("beneficiary-eu", "not-stated"): sum(Decimal(row[4]) for row in rows if row[4]),
    }


@pytest.mark.shared
def test_grants_of_a_trust(shared_folder: Path, concepts: dict[str, set[str]]) -> None:
    file = "grants/360giving-ab-charitable-trust.json"
    source = published(shared_folder, concepts, "grants-360giving-json", file)
    grants = json.loads((shared_folder / "data" / "published" / file).read_bytes())["grants"]
    assert (source.table.rows_read, source.rows_aside) == (len(grants), 0) == (783, 0)
    assert sums(source) == {
        ("grant", "approved"): sum(Decimal(grant["amountAwarded"]) for grant in grants)
    }


@pytest.mark.shared
def test_organisations_of_ror_in_both_schemas(
    shared_folder: Path, concepts: dict[str, set[str]]
) -> None:
    file = "ror/ror-records-europe.ndjson.gz"
    source = published(shared_folder, concepts, "ror-organisations", file)
    assert (source.table.rows_read, source.rows_aside) == (20_375, 0)
    with gzip.open(shared_folder / "data" / "published" / file, "rt", encoding="utf-8") as records:
        expected = {item["id"]: _ror_name(item) for item in map(json.loads, records)}
    found = dict(source.good.select("ror", "name").iter_rows())
    assert found == expected


def _ror_name(record: dict[str, Any]) -> str:
    shown = [item["value"] for item in record.get("names", ()) if "ror_display" in item["types"]]
    return str(record["name"] if "name" in record else shown[0])


@pytest.mark.shared
def test_further_names_of_ror_in_both_schemas(
    shared_folder: Path, concepts: dict[str, set[str]]
) -> None:
    file = "ror/ror-records-europe.ndjson.gz"
    source = published(shared_folder, concepts, "ror-names", file)
    expected: Counter[tuple[str, str, str]] = Counter()
    with gzip.open(shared_folder / "data" / "published" / file, "rt", encoding="utf-8") as records:
        for item in map(json.loads, records):
            key = item["id"].removeprefix("https://ror.org/")
            for label in item.get("labels", ()):
                expected[key, label["label"], label["iso639"] or ""] += 1
            for name in item.get("names", ()):
                if not {"ror_display", "acronym"} & set(name["types"]):
                    expected[key, name["value"], name["lang"] or ""] += 1
    found = Counter(source.good.select("key", "name", "lang").iter_rows())
    assert found == expected
    assert source.table.rows_read == sum(expected.values()) == 17_173


LISTS = [
    ("codelist-countries", "country.gc", 246),
    ("codelist-countries", "country_eu-country.gc", 27),
    ("codelist-programmes", "eu-programme.gc", 145),
    ("codelist-bodies", "corporate-body.gc", 91),
    ("codelist-languages", "language_eu-official-language.gc", 24),
    ("codelist-regions", "nuts_nuts-aut-lvl3.gc", 36),
    ("codelist-regions", "nuts_nuts-deu-lvl3.gc", 401),
    ("codelist-regions", "nuts_nuts-est-lvl3.gc", 6),
    ("codelist-regions", "nuts_nuts-irl-lvl3.gc", 9),
    ("codelist-regions", "nuts_nuts-lva-lvl3.gc", 6),
    ("codelist-regions", "nuts_nuts-pol-lvl3.gc", 74),
]


@pytest.mark.shared
@pytest.mark.parametrize(("name", "file", "rows"), LISTS, ids=[item[1] for item in LISTS])
def test_code_lists(
    shared_folder: Path, concepts: dict[str, set[str]], name: str, file: str, rows: int
) -> None:
    source = published(shared_folder, concepts, name, f"codelists/{file}")
    assert (source.table.rows_read, source.rows_aside) == (rows, 0)
    labels = [strand for strand in _once(source) if strand.predicate.endswith("prefLabel")]
    assert len(labels) == 24
    assert sum(len(strand.frame) for strand in labels) > 20 * rows
