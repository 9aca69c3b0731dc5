"""Tables at addresses, from the command line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Sikg
from tests.loaders.serving import Answer, Server, serving


def fetched_from(server: Server, folder: Path) -> list[str]:
    """Let the mapping of the small table name an address; give the words to check it."""
    path = folder / "sources" / "things.yaml"
    rows = f'rows: {{url: "{server.address}/things.csv"}}'
    path.write_text(path.read_text().replace("rows: {file: things.csv}", rows))
    return ["check", "--sources", str(folder / "sources"), "--data", str(folder / "data"), "--json"]


def test_a_table_is_fetched_where_its_host_is_allowed(sikg: Sikg, tables: Path) -> None:
    body = (tables / "data" / "things.csv").read_bytes()
    with serving(lambda _: Answer(body)) as server:
        words = fetched_from(server, tables)
        refused = sikg(*words)
        assert (refused.code, len(server.asked)) == (2, 0)
        assert "is at the inner address 127.0.0.1" in refused.only_line
        (report,) = sikg(*words, "--fetch-host", "127.0.0.1").document
    assert (report["rows_loaded"], report["file"], report["notes"]) == (2, "things.csv", [])


def test_offline_the_copy_is_used_and_without_one_the_command_fails(
    sikg: Sikg, tables: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIKG_FETCH_HOSTS", "127.0.0.1")
    body = (tables / "data" / "things.csv").read_bytes()
    with serving(lambda _: Answer(body)) as server:
        words = fetched_from(server, tables)
        sikg(*words)
    (report,) = sikg(*words, "--offline").document
    assert (report["rows_loaded"], report["notes"][0]["kind"]) == (2, "stale-copy")
    shown = sikg(*words[:-1], "--offline")
    assert "things: The copy of" in shown.out
    shutil.rmtree(Path("var") / "fetched")
    failed = sikg(*words, "--offline")
    assert failed.code == 6
    assert "there is no copy of it" in failed.only_line
