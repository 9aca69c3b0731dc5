"""A user's mistake is told in one line, by its own exit code, and never by a traceback."""

from __future__ import annotations

import io
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graph.release import Release, Releases

if TYPE_CHECKING:
    from tests.cli.conftest import Sikg

BUILD = "build --data data --sources sources --home home"
MISTAKES = [
    # the words of the command, its exit code, and what its one line says
    ("releases --home nothing/here", 0, ""),
    ("rollback --home nowhere", 3, "no release before"),
    ("rollback 999 --home {home}", 3, "release 999 is not kept here"),
    ("rollback --home {home}", 3, "no release before"),
    ("serve --home nowhere", 3, "run sikg build"),
    ("query --home nowhere conflicts", 3, "run sikg build"),
    ("query --home {home} conflict", 3, "did you mean conflicts"),
    ("query --home {home} no-such-file.rq", 3, "the catalogue has no query"),
    ("query --home {home} data", 2, "data cannot be read: Is a directory"),
    ("query --home {home} latin.rq", 2, "latin.rq is not in UTF-8"),
    ("query --home {home} bad.rq", 2, "line 1"),
    ("query --home {home} conflicts --param x", 2, "'x' is no parameter: write name=value"),
    ("query --home {home} conflicts --param x=1", 2, "has no parameter “x”"),
    ("query --home {home} good.rq --param x=1", 2, "only a query of the catalogue"),
    ("query --home {home} good.rq --format pdf", 2, "cannot be written as 'pdf', but as json"),
    ("query --home {home} good.rq --format turtle", 2, "cannot be written as 'turtle'"),
    ("query --home {home} graph.rq --format csv", 2, "cannot be written as 'csv', but as turtle"),
    ("query --home {home} good.rq --release 77", 3, "release 77 is not kept here"),
    ("query --home {home} service.rq", 2, "SERVICE"),
    ("query good.rq --endpoint ftp://example.org/", 2, "ftp"),
    ("query good.rq --endpoint nonsense", 2, "nonsense"),
    ("query good.rq --endpoint http://127.0.0.1:9/sparql --format csv", 2, "written as 'csv'"),
    ("map --home nowhere countries", 3, "run sikg build"),
    ("map --home {home} country", 3, "countries"),
    ("map --home {home} countries --out no/such/folder.html", 2, "cannot be written"),
    ("map --home {home} countries --out data", 2, "data cannot be written: Is a directory"),
    ("map --home {home} countries --out data/things.csv/x.html", 2, "Not a directory"),
    ("export --home nowhere --out x.nq", 3, "run sikg build"),
    ("export --home {home} --out x.pdf", 2, "there is no format 'pdf'; there are turtle"),
    ("export --home {home} --out x", 2, "there is no format ''"),
    ("export --home {home} --out no/x.nq", 2, "no/x.nq cannot be written: No such file"),
    ("export --home {home} --out data/things.csv/x.nq", 2, "Not a directory"),
    ("export --home {home} --out x.ttl --graph not-an-iri", 3, "there is no graph 'not-an-iri'"),
    ("export --home {home} --out x.ttl --graph http://example.org/", 3, "there is no graph"),
    ("export --home {home} --out x.nq --release 99", 3, "release 99 is not kept here"),
    (BUILD + " --base nonsense", 2, "the base 'nonsense' is no http(s) address"),
    (BUILD + " --sources nowhere", 2, "nowhere: there is no such folder, and the sets"),
    (BUILD + " --sources data", 2, "there is no mapping (*.yaml) in this folder"),
    (BUILD + " --data nowhere", 2, "nowhere: there is no such folder of tables"),
    ("build --data nowhere --sources sources", 2, "nowhere: there is no such folder of tables"),
    ("build --data data --sources sources --home data/things.csv", 5, "data/things.csv"),
    ("build --data data --sources broken --home home", 2, "did you mean 'title'?"),
    ("build --data data --sources short --home home", 4, "1 to 1 are expected"),
    ("build --data data --sources column --home home", 2, "has no column 'nmae'; did you mean"),
    ("check nothing --data data --sources sources", 3, "'nothing' is neither a source (things)"),
    ("check no.yaml --data data --sources sources", 2, "no.yaml: cannot be read: No such file"),
    ("check data/other.csv --data data --sources sources", 3, "nor a table that a source reads"),
    ("check nowhere/things.csv --data data --sources sources", 2, "there is no such file"),
    ("check broken/things.yaml --data data --sources sources", 2, "did you mean 'title'?"),
    ("releases --home damaged", 5, "damaged"),
    ("query --home damaged good.rq", 5, "damaged"),
]


@pytest.fixture(name="workplace")
def _workplace(tables: Path) -> Path:
    mapping = (tables / "sources" / "things.yaml").read_text()
    for name, text in {
        "broken": mapping.replace("title:", "titel:"),
        "short": mapping.replace("[1, 5]", "[1, 1]"),
        "column": mapping.replace("column: name", "column: nmae"),
    }.items():
        (tables / name).mkdir()
        (tables / name / "things.yaml").write_text(text)
    (tables / "good.rq").write_text("SELECT ?s WHERE { ?s ?p ?o } LIMIT 1")
    (tables / "graph.rq").write_text("CONSTRUCT WHERE { ?s a <https://schema.org/Country> }")
    (tables / "bad.rq").write_text("SELECT ?s WHERE { ?s ?p }")
    (tables / "service.rq").write_text("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    (tables / "latin.rq").write_bytes(b"SELECT ?s # \xf5\nWHERE { ?s ?p ?o }")
    (tables / "damaged" / "releases" / "000001").mkdir(parents=True)
    (tables / "damaged" / "releases" / "000001" / "manifest.json").write_text("{}")
    (tables / "damaged" / "current").write_text("1\n")
    return tables


@pytest.mark.parametrize(
    ("words", "code", "cause"), MISTAKES, ids=[words for words, _, _ in MISTAKES]
)
def test_a_mistake_is_told_in_one_line(
    sikg: Sikg, workplace: Path, release_home: Path, words: str, code: int, cause: str
) -> None:
    assert workplace == Path.cwd()
    ran = sikg(*words.format(home=release_home).split(" "))
    assert (ran.code, "Traceback" in ran.err) == (code, False), ran.err
    if code:
        assert ran.only_line.startswith("sikg: ")
        assert cause in ran.err
        assert len(ran.err) < 1000


@pytest.mark.parametrize(
    "words",
    [
        "bild",
        "build --strickt",
        "build --keep 0",
        "serve --port 99999",
        "serve --port http",
        "export",
        "rollback one",
        "query a b",
    ],
)
def test_wrong_words_are_told_with_the_way_to_the_help(sikg: Sikg, words: str) -> None:
    ran = sikg(*words.split(" "))
    assert ran.code == 2
    assert "Traceback" not in ran.err
    assert "--help" in ran.err


def test_standard_input_in_another_encoding_is_told(
    sikg: Sikg, release_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"ASK { ?s ?p '\xf5' }")))
    ran = sikg("query", "-", "--home", release_home)
    assert ran.code == 2
    assert "standard input is not in UTF-8" in ran.only_line


def test_an_error_of_the_disk_that_nothing_else_tells_is_told(
    sikg: Sikg, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Releases) -> list[Release]:
        raise OSError(28, "No space left on device", "some/file")

    monkeypatch.setattr(Releases, "all", full)
    ran = sikg("releases")
    assert ran.code == 5
    assert "the disk is full at some/file" in ran.only_line


def test_a_failed_build_leaves_the_old_release_served(sikg: Sikg, workplace: Path) -> None:
    assert sikg(*BUILD.split(" ")).code == 0
    (workplace / "data" / "things.csv").write_text("id,name,start\na,A,2021-02-30\n")
    assert sikg(*BUILD.split(" "), "--strict").code == 4
    assert [item["number"] for item in sikg("releases", "--home", "home", "--json").document] == [1]


def test_no_file_of_a_failed_export_is_left(
    sikg: Sikg, workplace: Path, release_home: Path
) -> None:
    (workplace / "x.ttl").write_text("old")
    graph = "http://example.org/none"
    assert sikg("export", "--home", release_home, "--out", "x.ttl", "--graph", graph).code == 3
    assert (workplace / "x.ttl").read_text() == "old"
    assert not (workplace / "x.ttl.part").exists()


def test_a_port_that_is_taken_is_told_before_anything_starts(
    sikg: Sikg, release_home: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = sikg("serve", "--home", release_home, "--port", port)
    assert ran.code == 2
    assert f"127.0.0.1:{port} cannot be listened on" in ran.only_line
