"""The command as a user types it, run in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cli.main import main


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Give standard output as JSON."""
        return json.loads(self.out)

    @property
    def only_line(self) -> str:
        """Give the one line of standard error."""
        (line,) = self.err.splitlines()
        return line


Sikg = Callable[..., Ran]


@pytest.fixture
def sikg(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Sikg:
    """Give the command, run in an empty folder without settings of the environment."""
    for name in ("SIKG_HOME", "SIKG_DATA", "SIKG_SOURCES", "SIKG_BASE", "SIKG_KEEP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*words: str | Path) -> Ran:
        capfd.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main([str(word) for word in words])
        written = capfd.readouterr()
        code = stopped.value.code
        return Ran(code if isinstance(code, int) else 0, written.out, written.err)

    return run


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """Give a folder with one small table, `data/`, and one mapping of it, `sources/`."""
    (tmp_path / "data").mkdir()
    (tmp_path / "sources").mkdir()
    (tmp_path / "data" / "things.csv").write_text("id,name,start\na,A,2021\nb,B,\n")
    (tmp_path / "sources" / "things.yaml").write_text(
        "name: things\n"
        "title: Things\n"
        "publisher: Somebody\n"
        "licence: https://creativecommons.org/licenses/by/4.0/\n"
        'version: "1"\n'
        "retrieved: 2026-11-22\n"
        "rows: {file: things.csv}\n"
        "entities:\n"
        "  practice:\n"
        "    type: practice\n"
        "    class: Practice\n"
        '    key: "{id}"\n'
        "    unique: true\n"
        "    properties:\n"
        "      - {property: skos:prefLabel, column: name, lang: en}\n"
        "      - {property: startDate, column: start, as: date}\n"
        "expect: {rows: [1, 5]}\n"
    )
    return tmp_path
