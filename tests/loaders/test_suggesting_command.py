"""The command `suggest` writes a mapping, tells machines, and overwrites nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from graph.errors import MappingError, ParameterError, TableError
from loaders.language.mapping import read_mapping

LIST = "Project code,Project title,Total eligible expenditure\nP-1,Work,1000.5\nP-2,Care,2000.5\n"


def test_a_mapping_is_written_and_told(tmp_path: Path) -> None:
    table, out = tmp_path / "list.csv", tmp_path / "list.yaml"
    table.write_text(LIST, encoding="utf-8")
    result = CliRunner().invoke(app, ["suggest", str(table), "-o", str(out), "--json"])
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert told["mapping"] == out.read_text(encoding="utf-8")
    assert [item["field"] for item in told["columns"]] == [
        "operation_id",
        "operation_name",
        "eligible",
    ]
    assert read_mapping(out).rows.file == str(table)


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    table, out = tmp_path / "list.csv", tmp_path / "list.yaml"
    table.write_text(LIST, encoding="utf-8")
    out.write_text("mine", encoding="utf-8")
    result = CliRunner().invoke(app, ["suggest", str(table), "-o", str(out)])
    assert isinstance(result.exception, ParameterError)
    assert out.read_text(encoding="utf-8") == "mine"


def test_the_model_can_be_said(tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    table.write_text(LIST, encoding="utf-8")
    result = CliRunner().invoke(app, ["suggest", str(table), "--model", "grant", "--json"])
    told = json.loads(result.stdout)
    assert told["model"]["name"] == "grant"
    assert [item["field"] for item in told["columns"]][:2] == ["grant_id", "title"]
    result = CliRunner().invoke(app, ["suggest", str(table), "--model", "grnt"])
    assert isinstance(result.exception, MappingError)
    assert "did you mean 'grant'?; there are event, grant" in str(result.exception)


@pytest.mark.parametrize("name", ["none.csv", "."])
def test_what_cannot_be_read_is_told(name: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["suggest", str(tmp_path / name)])
    assert isinstance(result.exception, TableError)
