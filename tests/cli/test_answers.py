"""What commands answer: for people as tables, for machines as JSON and RDF."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cli.console import say_table
from graph.catalogue import Catalogue
from graph.dataset import Dataset
from graph.engine import Query
from graph.formats import GRAPH_FORMATS, by_name
from graph.identity import Identity
from graph.store import Store, parse
from graph.terms import literal
from visualisations.maps import read_maps

if TYPE_CHECKING:
    from tests.cli.conftest import Sikg

ALL = Query("SELECT (COUNT(*) AS ?n) WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }")
LABELS = (
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> SELECT ?label WHERE "
    "{ <http://localhost:8000/id/country/EE> skos:prefLabel ?label } ORDER BY LANG(?label)"
)

# Values of the parameters without which a query of the catalogue is not answered.
EXAMPLES = {"identifier": "https://ror.org/03z77qz90"}


# build and check


def test_build_tells_what_became_of_the_rows(sikg: Sikg, tables: Path) -> None:
    (tables / "data" / "things.csv").write_text("id,name,start\na,A,2021\nb,B,never\n")
    words = ("build", "--data", "data", "--sources", "sources", "--home", "home")
    ran = sikg(*words)
    assert ran.code == 0
    assert ran.out.startswith("Release 1: ")
    assert "1 rows loaded, 1 set aside" in ran.out
    assert "things.csv, row 3, start: no date of the calendar" in ran.only_line
    document = sikg(*words, "--json").document
    assert document["release"]["number"] == 2
    assert document["quarantined"] == 1


def test_settings_come_from_the_environment_too(
    sikg: Sikg, tables: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "SIKG_HOME": "elsewhere",
        "SIKG_DATA": "data",
        "SIKG_SOURCES": "sources",
        "SIKG_BASE": "https://example.org/kg/",
        "SIKG_KEEP": "1",
    }.items():
        monkeypatch.setenv(name, value)
    for _ in range(2):
        assert sikg("build").code == 0
    (release,) = sikg("releases", "--json").document
    assert (release["number"], release["base"]) == (2, "https://example.org/kg/")
    assert (tables / "elsewhere" / "current").is_file()


def test_check_tells_what_would_load_and_builds_nothing(sikg: Sikg, tables: Path) -> None:
    ran = sikg("check", "--data", "data", "--sources", "sources")
    assert (ran.code, ran.err) == (0, "")
    assert "things.csv" in ran.out
    assert not (tables / "var").exists()


@pytest.mark.parametrize(
    "target", ["things", "data/things.csv", "sources/things.yaml", "copy/things.csv"]
)
def test_check_takes_a_source_a_table_and_a_mapping(sikg: Sikg, tables: Path, target: str) -> None:
    (tables / "copy").mkdir()
    (tables / "copy" / "things.csv").write_text("id,name,start\nc,C,2021-02-30\nd,D,\n")
    ran = sikg("check", target, "--data", "data", "--sources", "sources", "--json")
    (report,) = ran.document
    faulty = target.startswith("copy")
    assert ran.code == (4 if faulty else 0)
    assert (report["name"], report["rows_read"]) == ("things", 2)
    assert [item["row"] for item in report["quarantined"]] == ([2] if faulty else [])


def test_check_reports_only_what_is_asked_but_checks_all_references(
    sikg: Sikg, data_folder: Path
) -> None:
    (report,) = sikg("check", "participation", "--data", data_folder, "--json").document
    assert report["name"] == "participation"
    assert report["quarantined"] == []
    assert report["rows_loaded"] == report["rows_read"] > 100


def test_check_tells_that_a_build_would_stop(sikg: Sikg, tables: Path) -> None:
    rows = "".join(f"{number},x,\n" for number in range(9))
    (tables / "data" / "things.csv").write_text("id,name,start\n" + rows)
    ran = sikg("check", "--data", "data", "--sources", "sources")
    assert ran.code == 4
    assert "9 rows would load from things.csv, 1 to 5 are expected" in ran.only_line
    assert "things.csv" in ran.out


def test_check_shows_the_first_problems_and_counts_the_others(sikg: Sikg, tables: Path) -> None:
    mapping = tables / "sources" / "things.yaml"
    mapping.write_text(mapping.read_text().replace("expect: {rows: [1, 5]}\n", ""))
    rows = "".join(f"{number},x,never\n" for number in range(30))
    (tables / "data" / "things.csv").write_text("id,name,start\n" + rows)
    ran = sikg("check", "--data", "data", "--sources", "sources")
    assert len(ran.err.splitlines()) == 21
    assert "… and 10 more" in ran.err


# query


def test_query_without_a_name_lists_the_catalogue(sikg: Sikg) -> None:
    names = [item.name for item in Catalogue.read()]
    listed = sikg("query")
    assert all(name in listed.out for name in names)
    assert [item["name"] for item in sikg("query", "--json").document] == names


@pytest.mark.parametrize("name", [item.name for item in Catalogue.read()])
def test_every_query_of_the_catalogue_is_answered(
    sikg: Sikg, release_home: Path, name: str
) -> None:
    query = Catalogue.read().get(name)
    given = [
        word
        for parameter in query.parameters
        if parameter.required
        for word in ("--param", f"{parameter.name}={EXAMPLES[parameter.name]}")
    ]
    ran = sikg("query", name, *given, "--home", release_home, "--json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.document["head"]["vars"] == [column.name for column in query.columns]


@pytest.mark.parametrize("form", ["json", "csv", "tsv", "xml"])
def test_results_are_written_in_each_format(
    sikg: Sikg, release_home: Path, tmp_path: Path, form: str
) -> None:
    (tmp_path / "q.rq").write_text(LABELS)
    ran = sikg("query", "q.rq", "--home", release_home, "--format", form)
    assert (ran.code, ran.err) == (0, "")
    assert "Eesti" in ran.out
    if form == "json":
        assert len(ran.document["results"]["bindings"]) == 24
    if form == "csv":
        assert len(list(csv.reader(io.StringIO(ran.out)))) == 25


@pytest.mark.parametrize("form", [item.name for item in GRAPH_FORMATS])
def test_graphs_are_written_in_each_format(
    sikg: Sikg, release_home: Path, tmp_path: Path, form: str
) -> None:
    (tmp_path / "q.rq").write_text("DESCRIBE <http://localhost:8000/id/country/EE>")
    ran = sikg("query", "q.rq", "--home", release_home, "--format", form)
    assert ran.code == 0
    chosen = by_name(GRAPH_FORMATS, form)
    assert chosen is not None
    found = parse(ran.out.encode(), chosen)
    assert {subject.value for subject, _, _ in found} == {"http://localhost:8000/id/country/EE"}


def test_without_a_format_each_form_of_answer_is_written_for_people(
    sikg: Sikg, release_home: Path, tmp_path: Path
) -> None:
    def asked(text: str) -> str:
        (tmp_path / "q.rq").write_text(text)
        return sikg("query", "q.rq", "--home", release_home).out

    assert "Eesti" in asked(LABELS)
    assert asked(LABELS).endswith("24 rows\n")
    assert asked("ASK { ?s ?p ?o }") == "true\n"
    assert asked("ASK { <urn:x> ?p ?o }") == "false\n"
    assert "<http://localhost:8000/id/country/EE>" in asked(
        "CONSTRUCT WHERE { <http://localhost:8000/id/country/EE> a ?c }"
    )


def test_a_query_is_read_from_standard_input(
    sikg: Sikg, release_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"ASK { ?s ?p ?o }")))
    assert sikg("query", "-", "--home", release_home, "--json").document["boolean"] is True


def test_a_parameter_narrows_an_answer(sikg: Sikg, release_home: Path) -> None:
    name = "organisations-in-several-consortia"

    def rows(*words: str) -> list[Any]:
        ran = sikg("query", name, "--home", release_home, "--json", *words)
        bindings: list[Any] = ran.document["results"]["bindings"]
        return bindings

    assert 0 < len(rows("--param", "country=EE")) < len(rows())


def test_values_are_shown_as_they_are_and_never_as_markup(
    sikg: Sikg, release_home: Path, tmp_path: Path
) -> None:
    wide = "x" * 500
    values = ["[/red]", "[bold]b[/bold]", ":smile:", "\\[x]", wide]
    listed = " ".join(f'"{value}"' for value in values[:3]) + f' "\\\\[x]" "{wide}"'
    (tmp_path / "q.rq").write_text(f"SELECT ?x {{ VALUES ?x {{ {listed} }} }}")
    ran = sikg("query", "q.rq", "--home", release_home)
    assert ran.code == 0
    for value in values:
        assert value in ran.out


def test_a_cell_cannot_command_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say_table(["a"], [["x\x1b[2Jy\x9bz"]])
    written = capsys.readouterr().out
    assert "\x1b" not in written
    assert "\x9b" not in written


# map


def test_map_without_a_name_lists_all_maps(sikg: Sikg) -> None:
    listed = sikg("map").out
    for spec in read_maps():
        assert spec.name in listed
        assert spec.title().text in listed


def test_map_writes_one_html_file_that_loads_nothing(
    sikg: Sikg, release_home: Path, tmp_path: Path
) -> None:
    ran = sikg("map", "countries", "--home", release_home, "--lang", "et")
    assert (ran.code, ran.err) == (0, "")
    page = (tmp_path / "countries.html").read_text(encoding="utf-8")
    assert page.lower().startswith("<!doctype html>")
    assert "Eesti" in page
    assert "<script src" not in page
    assert "<link" not in page


# releases, rollback, export


def test_releases_and_rollback(sikg: Sikg, tables: Path) -> None:
    home = tables / "home"
    words = ("build", "--data", "data", "--sources", "sources", "--home", home)
    for _ in range(3):
        assert sikg(*words, "--keep", "2").code == 0
    listed = sikg("releases", "--home", home, "--json").document
    assert [(item["number"], item["current"]) for item in listed] == [(2, False), (3, True)]
    assert sikg("rollback", "--home", home).out == "Release 2 is served now\n"
    listed = sikg("releases", "--home", home, "--json").document
    assert [item["current"] for item in listed] == [True, False]
    assert sikg("rollback", "3", "--home", home).code == 0
    assert "→" in sikg("releases", "--home", home).out


@pytest.mark.parametrize("name", ["all.nq", "all.trig"])
def test_an_export_of_all_graphs_holds_the_whole_release(
    sikg: Sikg, release_home: Path, dataset: Dataset, tmp_path: Path, name: str
) -> None:
    assert sikg("export", "--home", release_home, "--out", name).code == 0
    form = by_name(GRAPH_FORMATS, name.partition(".")[2])
    assert form is not None
    again = Store.in_memory()
    again.load((tmp_path / name).read_bytes(), form)
    assert len(again) == len(dataset.store)
    assert again.select(ALL).values("n") == dataset.store.select(ALL).values("n")


@pytest.mark.parametrize("name", ["all.ttl", "all.nt", "all.rdf", "all.jsonld"])
def test_an_export_of_one_graph_holds_the_merged_statements(
    sikg: Sikg, release_home: Path, dataset: Dataset, tmp_path: Path, name: str
) -> None:
    assert sikg("export", "--home", release_home, "--out", name).code == 0
    form = by_name(GRAPH_FORMATS, name.partition(".")[2])
    assert form is not None
    again = Store.in_memory()
    again.load((tmp_path / name).read_bytes(), form)
    assert len(again) == dataset.release.manifest.statements


def test_an_export_of_a_row_holds_what_the_row_states(
    sikg: Sikg, release_home: Path, dataset: Dataset, tmp_path: Path
) -> None:
    row = Identity().row("countries", 2)
    words = ("export", "--home", release_home, "--out", "row.data", "--format", "ntriples")
    assert sikg(*words, "--graph", row).code == 0
    form = by_name(GRAPH_FORMATS, "ntriples")
    assert form is not None
    found = parse((tmp_path / "row.data").read_bytes(), form)
    query = Query("SELECT * { VALUES ?row { UNDEF } GRAPH ?row { ?s ?p ?o } }")
    stated = dataset.store.select(query.bind(row=literal(row)._replace(kind="uri")))
    assert len(found) == len(stated) > 20


def test_json_keeps_letters_readable(sikg: Sikg, release_home: Path, tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_text(LABELS)
    text = sikg("query", "q.rq", "--home", release_home, "--json").out
    assert "Εσθονία" in text  # Greek, as it stands in the data
    assert json.loads(text)
