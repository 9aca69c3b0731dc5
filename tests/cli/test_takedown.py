"""The command that takes things down, without leaving names in the history of a shell."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from cli.main import app
from graph.takedowns import read_takedowns

IRI = "http://localhost:8000/id/organisation/x"


def _run(folder: Path, *words: str, told: str = "") -> tuple[int, str]:
    ran = CliRunner().invoke(app, ["takedown", "--data", str(folder), *words], input=told)
    return ran.exit_code, ran.output + str(ran.exception or "")


def test_things_names_and_rows_are_added_and_listed(tmp_path: Path) -> None:
    assert _run(tmp_path, IRI, "--reason", "asked")[0] == 0
    assert _run(tmp_path, "--name", "--reason", "a letter", told="Ada Nuthatch\n")[0] == 0
    assert _run(tmp_path, "--name", "--reason", "again", told="NUTHATCH, Ada\n")[0] == 0
    assert _run(tmp_path, "list#12", "--reason", "asked")[0] == 0
    path = tmp_path / "takedowns.csv"
    assert [item.what for item in read_takedowns(path).entries] == ["iri", "name", "row"]
    assert "Nuthatch" not in path.read_text(encoding="utf-8")
    code, said = _run(tmp_path, "--json")
    assert code == 0
    assert IRI in said
    assert "list#12" in said
    assert "a letter" in _run(tmp_path)[1]


def test_what_makes_no_takedown_is_told_and_changes_nothing(tmp_path: Path) -> None:
    for words, told, said in (
        ((IRI,), "", "the reason"),
        (("no address", "--reason", "asked"), "", "no absolute address"),
        (("list#x", "--reason", "asked"), "", "no source and row"),
        (("--name", "--reason", "asked"), "\n", "no letters"),
        (("--name", IRI, "--reason", "asked"), "Ada\n", "and not both"),
    ):
        code, output = _run(tmp_path, *words, told=told)
        assert code != 0
        assert said in output
    assert not (tmp_path / "takedowns.csv").exists()


def test_the_list_can_stand_elsewhere(tmp_path: Path) -> None:
    other = tmp_path / "private" / "list.csv"
    assert _run(tmp_path, "x#1", "--reason", "asked", "--takedowns", str(other))[0] == 0
    assert read_takedowns(other).rows("x") == [1]
