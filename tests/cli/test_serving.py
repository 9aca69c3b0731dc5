"""`sikg serve` answers as processes of its own, and follows a new release."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.serving import metrics_folder
from graph.identity import Identity
from graph.release import Releases
from loaders.building.build import Inputs, build
from loaders.language.mapping import read_mappings

SIKG = Path(sys.executable).with_name("sikg")


@pytest.fixture
def home(release_home: Path, tmp_path: Path) -> Path:
    """Give a home of its own, in which a test may publish."""
    return Path(shutil.copytree(release_home, tmp_path / "home"))


@pytest.fixture
def address(home: Path) -> Iterator[str]:
    """Serve the home with two workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(SIKG), "serve", "--home", str(home), "--port", str(port), "--workers", "2"]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        yield wait_for(f"http://127.0.0.1:{port}")
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) in {0, -signal.SIGTERM}


def wait_for(address: str) -> str:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{address}/ready", timeout=5):
                return address
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise TimeoutError(address)


def served(address: str) -> str:
    with urllib.request.urlopen(f"{address}/ready", timeout=5) as answer:
        return str(answer.read().decode())


def test_a_new_release_is_served_without_a_restart(
    address: str, home: Path, data_folder: Path
) -> None:
    before = served(address)
    few = [mapping for mapping in read_mappings() if mapping.name == "countries"]
    release, _ = build(Releases(home), Inputs(few, data_folder, Identity()))
    after = {served(address) for _ in range(20)}
    assert before == '{"status":"ready","release":1}'
    assert release.number == 2
    assert after == {'{"status":"ready","release":2}'}
    query = (
        "query=ASK%20%7B%20%3Fs%20a%20%3Chttps%3A%2F%2Fw3id.org%2Fsikg%2Fontology%23Country%3E%7D"
    )
    with urllib.request.urlopen(f"{address}/sparql?{query}", timeout=10) as answer:
        assert answer.headers["Content-Type"] == "application/sparql-results+json"
        assert answer.read() == b'{"head":{},"boolean":true}'


def test_the_counts_of_killed_servers_are_removed_and_those_of_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIKG_METRICS_FOLDER", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    killed, running = (tmp_path / f"sikg-metrics-{name}" for name in ("killed", "running"))
    for folder in (killed, running):
        folder.mkdir()
        (folder / "lock").touch()
        (folder / "x-0.counts").write_bytes(b"1")
    with (running / "lock").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with metrics_folder():
            own = Path(os.environ["SIKG_METRICS_FOLDER"])
            assert {running, own} == set(tmp_path.iterdir())
            with metrics_folder():  # of a server in this process, which it is for all
                assert Path(os.environ["SIKG_METRICS_FOLDER"]) == own
    assert set(tmp_path.iterdir()) == {running}
    assert "SIKG_METRICS_FOLDER" not in os.environ
