"""`sikg serve` answers as processes of its own, and follows a new release."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

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
