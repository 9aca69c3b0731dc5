"""Dumps: whole, checkable, the same when made again, and of the release that they say."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import os
import shutil
from pathlib import Path

import polars as pl
import pytest

from graph.dataset import Dataset
from graph.dumps.checking import digest_of, lines_of, load_dump
from graph.dumps.files import FOLDER, NQUADS, SUMS, Dump, read_listing
from graph.dumps.tables import write_tables
from graph.dumps.writing import ensure_dumps, make_dumps
from graph.engine import Query
from graph.errors import QueryError, StorageError
from graph.formats import GRAPH_FORMATS
from graph.identity import Identity
from graph.lines import Lines
from graph.release import Releases
from graph.store import Store, new_buffer

SIKG = "https://w3id.org/sikg/ontology#"
BASE = "http://localhost:8000/"


@pytest.fixture(scope="module")
def place(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the dumps of the curated tables, once."""
    place = tmp_path_factory.mktemp("dumps")
    make_dumps(dataset, place)
    return place / FOLDER


def test_a_dump_loads_into_an_empty_store_and_has_the_digest_of_its_release(
    place: Path, dataset: Dataset, tmp_path: Path
) -> None:
    store = load_dump(place / NQUADS.name, tmp_path / "store")
    assert len(store) == len(dataset.store) == dataset.release.manifest.quads
    again = new_buffer()
    store.dump(again, next(form for form in GRAPH_FORMATS if form.name == "nquads"))
    lines = iter(io.BytesIO(again.getvalue()))
    assert digest_of(lines, dataset.identity) == dataset.release.manifest.digest


def test_the_digest_tells_when_a_statement_is_missing(place: Path, dataset: Dataset) -> None:
    graph = f"<{dataset.identity.row('organisations', 7)}> .".encode()
    lines = list(lines_of(place / NQUADS.name))
    place_of_one = next(at for at, line in enumerate(lines) if line.strip().endswith(graph))
    del lines[place_of_one]
    assert digest_of(iter(lines), dataset.identity) != dataset.release.manifest.digest


def test_all_forms_of_the_statements_hold_the_same(place: Path, dataset: Dataset) -> None:
    for name, suffix, quads in (
        ("statements.trig.gz", "trig", len(dataset.store)),
        ("graph.jsonld.gz", "jsonld", dataset.release.manifest.statements),
    ):
        store = Store.in_memory()
        form = next(item for item in GRAPH_FORMATS if item.suffix == suffix)
        store.load(gzip.decompress((place / name).read_bytes()), form)
        assert len(store) == quads


def test_checksums_and_sizes_are_those_of_the_files(place: Path) -> None:
    listed = read_listing(place.parent)
    lines = (place / SUMS).read_text("utf-8").splitlines()
    sums = {name: value for value, name in (line.split("  ") for line in lines)}
    assert set(sums) == {dump.name for dump in listed}
    for dump in listed:
        content = (place / dump.name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == sums[dump.name] == dump.sha256
        assert len(content) == dump.size


def test_tables_hold_each_thing_once_with_all_its_values(place: Path, dataset: Dataset) -> None:
    table = pl.read_parquet(place / "organisation.parquet")
    counted = dataset.store.select(
        Query(
            "SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s ?p ?o FILTER(STRSTARTS(STR(?s), "
            f'"{BASE}id/organisation/")) }}'
        )
    )
    assert len(table) == table["iri"].n_unique() == int(counted.values("n")[0])
    one = table.row(by_predicate=pl.col("iri") == f"{BASE}id/organisation/ee-kysk", named=True)
    assert one["rdf:type"] == [f"{SIKG}Organisation"]
    assert one["skos:prefLabel@en"] == ["National Foundation of Civil Society"]
    assert one["sikg:nativeName@et"] == ["Kodanikuühiskonna Sihtkapital"]
    # What follows from the native name by an alignment says the same again.
    assert not any(name.startswith("skos:altLabel") for name in table.columns)
    text = (place / "organisation.csv").read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["iri"] for row in rows] == table["iri"].to_list()


def test_no_cell_of_a_table_is_a_formula_and_lists_are_whole(tmp_path: Path) -> None:
    lines = tmp_path / "lines.nt"
    thing, city = f"<{BASE}id/organisation/x>", f"<{SIKG}city>"
    statements = [
        f'{thing} <{SIKG}acronym> "=HYPERLINK(1)"@und',
        f'{thing} <{SIKG}amount> "-12.5"',
        f'{thing} {city} "B, \\"b\\"\\nc"',
        f'{thing} {city} "A"',
    ]
    lines.write_text("".join(f"{item} .\n" for item in statements), encoding="utf-8")
    made = list(write_tables(Lines((lines,), ()), Identity(), tmp_path))
    assert [dump.name for dump in made] == ["organisation.parquet", "organisation.csv"]
    with (tmp_path / "organisation.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["sikg:acronym@und"] == "'=HYPERLINK(1)"
    assert row["sikg:amount"] == "-12.5"
    assert row["sikg:city"] == 'A | B, "b"\nc'
    table = pl.read_parquet(tmp_path / "organisation.parquet")
    assert table["sikg:acronym@und"].to_list() == [["=HYPERLINK(1)"]]


@pytest.mark.parametrize("share", [0.5, 0.99])
def test_a_dump_that_was_cut_is_refused(place: Path, tmp_path: Path, share: float) -> None:
    content = (place / NQUADS.name).read_bytes()
    cut = tmp_path / NQUADS.name
    cut.write_bytes(content[: int(len(content) * share)])
    with pytest.raises((StorageError, QueryError)):
        load_dump(cut, tmp_path / "store")


@pytest.fixture
def home(release_home: Path, tmp_path: Path) -> Path:
    """Give a copy of a home, whose files are shared."""
    return Path(shutil.copytree(release_home, tmp_path / "home", copy_function=os.link))


def _one(_: Dataset) -> list[tuple[Dump, bytes]]:
    return [(Dump("more.xml", "network", "More", "application/xml", "XML"), b"<more/>")]


def test_dumps_are_made_once_and_whole(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release = Releases(home).current()
    (home / "dumps.partial").mkdir()  # what a killed process left behind
    made = ensure_dumps(home, release, _one)
    assert made == read_listing(release.path)
    assert made[-1].name == "more.xml"
    assert (release.path / FOLDER / "more.xml").read_bytes() == b"<more/>"
    assert not (home / "dumps.partial").exists()
    monkeypatch.setattr("graph.dumps.writing.make_dumps", None)
    assert ensure_dumps(home, release, _one) == made


def test_what_fails_leaves_nothing(home: Path) -> None:
    def failing(_: Dataset) -> list[tuple[Dump, bytes]]:
        raise OSError(28, "No space left on device")

    release = Releases(home).current()
    with pytest.raises(StorageError, match="the disk is full"):
        ensure_dumps(home, release, failing)
    assert read_listing(release.path) == ()
    assert not (home / "dumps.partial").exists()
