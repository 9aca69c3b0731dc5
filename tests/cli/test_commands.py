"""Every command explains itself, is named in the README, and keeps its outputs apart."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from cli.console import ExitCode, exit_code
from cli.main import app
from graph import errors
from graph.errors import SikgError

if TYPE_CHECKING:
    from tests.cli.conftest import Sikg

ROOT = Path(__file__).parents[2]
COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def _subclasses(kind: type[SikgError]) -> set[type[SikgError]]:
    below = set(kind.__subclasses__())
    return below.union(*(_subclasses(item) for item in below))


def test_the_commands_are_those_of_the_project() -> None:
    named = (
        "audit build check corrections diff digest export follow map match new-workspace query "
        "record releases review rollback serve suggest takedown token"
    )
    assert " ".join(COMMANDS) == named


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_explains_itself_and_each_of_its_options(command: str) -> None:
    result = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "300", "TERM": "dumb"})
    assert result.exit_code == 0
    described = typer.main.get_command(app).commands[command]  # type: ignore[attr-defined]
    assert described.help.splitlines()[0] in result.output
    for option in described.params:
        if option.param_type_name == "option" and option.name not in {"help", "port"}:
            assert option.help, f"{command} --{option.name}"


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_names_the_command(command: str) -> None:
    readme = ROOT / "README.md"
    assert readme.is_file(), "README.md is missing: it must name every command"
    assert f"sikg {command}" in readme.read_text(encoding="utf-8"), (
        f"README.md does not name the command “sikg {command}”: describe it there"
    )


def test_without_words_the_help_is_shown(sikg: Sikg) -> None:
    ran = sikg()
    assert ran.code == ExitCode.INPUT
    assert all(command in ran.out + ran.err for command in COMMANDS)


def test_the_version_is_that_of_the_distribution(sikg: Sikg) -> None:
    assert sikg("--version").out.strip() == version("social-innovation-knowledge-graph")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.InputError, 2),
        (errors.MappingError, 2),
        (errors.TableError, 2),
        (errors.QueryError, 2),
        (errors.ParameterError, 2),
        (errors.ForbiddenError, 2),
        (errors.NotFoundError, 3),
        (errors.NoReleaseError, 3),
        (errors.BuildError, 4),
        (errors.ExpectationError, 4),
        (errors.ShrunkError, 4),
        (errors.StrictError, 4),
        (errors.StorageError, 5),
        (errors.EndpointError, 6),
    ],
)
def test_each_kind_of_error_has_its_exit_code(error: type[SikgError], code: int) -> None:
    assert exit_code(error("…")) == code


def test_an_error_without_a_code_of_its_own_is_told_by_1() -> None:
    assert exit_code(SikgError("…")) == 1
    # Those that the service adds are told by it alone, whoever imported it before.
    kinds = [kind for kind in _subclasses(SikgError) if kind.__module__ == errors.__name__]
    codeless = {kind.__name__ for kind in kinds if exit_code(kind("…")) == ExitCode.FAILED}
    # Only the service negotiates formats, sets limits to queries and takes writes.
    assert codeless == {
        "EngineError",
        "LimitError",
        "MemoryLimitError",
        "NotAcceptableError",
        "PreconditionError",
        "ShapesError",
        "TimeLimitError",
        "UnprocessableError",
        "WithdrawnError",
        "WriterError",
    }


def test_the_installed_command_writes_json_to_stdout_and_progress_elsewhere(
    tables: Path,
) -> None:
    environment = {**os.environ, "FORCE_COLOR": "1", "SIKG_HOME": str(tables / "home")}
    words = ["build", "--data", "data", "--sources", "sources", "--json"]
    ran = subprocess.run(
        [Path(sys.executable).with_name("sikg"), *words],
        cwd=tables,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("{")
    assert ran.stdout.endswith("}\n")
    # FORCE_COLOR makes rich believe in a terminal: the bars are drawn, on standard error.
    assert "Reading tables" in ran.stderr
    assert "Reading tables" not in ran.stdout


def test_a_reader_that_stops_reading_gets_no_traceback(release_home: Path) -> None:
    command = f"'{Path(sys.executable).with_name('sikg')}' query --json | head -c 1"
    ran = subprocess.run(
        ["bash", "-c", command],
        env={**os.environ, "SIKG_HOME": str(release_home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.stdout == "["
    assert "Traceback" not in ran.stderr
