"""Two nodes on one machine: the second follows the first, both are killed, and they converge."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from graph.corrections import Corrections, proposed
from graph.identity import Identity
from graph.release import Releases
from graph.replicas.replica import Replica
from graph.writing import place
from graph.writing.requests import Outcome, Write
from graph.writing.writer import Writer
from tests.loaders.serving import Answer, serving

SIKG = Path(sys.executable).with_name("sikg")
EDITS = "http://localhost:8000/id/graph/edits/mine"


def served(home: Path, port: int) -> subprocess.Popen[bytes]:
    """Serve a home, and wait until it answers."""
    command = [str(SIKG), "serve", "--home", str(home), "--port", str(port), "--workers", "1"]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=5):
                return server
        except OSError:  # not yet there, or there and busy
            time.sleep(0.1)
    server.kill()
    raise TimeoutError(port)


def following(home: Path, port: int) -> subprocess.Popen[bytes]:
    command = [str(SIKG), "follow", f"http://127.0.0.1:{port}/", "--home", str(home), "--json"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def test_nodes_converge_after_both_were_killed(release_home: Path, tmp_path: Path) -> None:
    theirs, ours = Path(shutil.copytree(release_home, tmp_path / "theirs")), tmp_path / "ours"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    replica = Replica(ours, f"http://127.0.0.1:{port}/")
    server = served(theirs, port)
    try:
        follower = following(ours, port)
        # While it reads: what it has applied does not count yet, or only in part.
        while follower.poll() is None and not any(replica.folder.glob("store-*")):
            time.sleep(0.002)
        follower.kill()
        follower.wait()
        server.kill()  # without a chance to tidy up
        server.wait()
        text = f'INSERT DATA {{ GRAPH <{EDITS}> {{ <{EDITS}/x> <{EDITS}/p> "new" }} }}'
        writer = Writer(Releases(theirs), place.folder(theirs))
        [outcome] = writer.write([Write("update", "me", "0" * 64, text.encode())])
        assert isinstance(outcome, Outcome)
        server = served(theirs, port)
        assert following(ours, port).wait(timeout=300) == 0
    finally:
        server.kill()
        server.wait()
    progress = replica.progress()
    assert progress.converged is not None
    assert progress.digest == Releases(theirs).current().manifest.digest
    assert (progress.release, progress.page > 1) == (2, True)


def test_the_command_lists_and_forgets_peers(sikg: Any, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert sikg("follow", "--home", home, "--json").document == []
    replica = Replica(home, "http://x.example/")
    with replica.held():
        replica.save(replica.progress())
    [told] = sikg("follow", "--home", home, "--json").document
    assert (told["url"], told["converged"]) == ("http://x.example/", None)
    assert "not yet whole" in sikg("follow", "--home", home).out
    assert sikg("follow", "http://x.example/feed", "--stop", "--home", home).code == 0
    assert sikg("follow", "http://x.example/", "--stop", "--home", home).code == 3


STREAM = b"""
<> a <https://w3id.org/tree#Collection> ; <https://w3id.org/tree#view> <> ;
  <https://w3id.org/tree#member> <https://data.example/a> , <https://other.example/b> .
<https://data.example/a> <https://schema.org/name> "A" .
<https://other.example/b> <https://schema.org/name> "B" .
"""


def test_a_stream_of_somebody_else_is_followed_by_the_same_command(
    sikg: Any, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    known = {"/stream": Answer(STREAM, "text/turtle")}
    missing = Answer(b"", "text/plain", 404)
    with serving(lambda asked: known.get(asked.path, missing)) as server:
        url = f"{server.address}/stream?view=all"
        ran = sikg("follow", url, "--of", "https://data.example/", "--home", home, "--json")
        assert ran.code == 0, ran.err
        assert (ran.document["kind"], ran.document["published"]) == ("stream", 1)
        assert ran.document["aside"] == {"thing of another node": 1}
        # Known as a stream by now, and with what it may speak of.
        again = sikg("follow", url, "--home", home)
        assert "2 statements; sikg build publishes 1 of them" in again.out
        assert [asked.path for asked in server.asked] == ["/stream/feed", "/stream", "/stream"]
    assert url in sikg("follow", "--home", home).out
    assert sikg("follow", url, "--stop", "--home", home).code == 0
    assert sikg("follow", "--home", home, "--json").document == []


@pytest.mark.parametrize(("url", "code"), [("ftp://x/", 2), ("http://127.0.0.1:9/", 6)])
def test_what_cannot_be_followed_is_told_in_a_line(
    sikg: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str, code: int
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    ran = sikg("follow", url, "--home", tmp_path / "home")
    assert ran.code == code
    assert ran.only_line.startswith("sikg: ")


def test_differences_are_written_as_a_patch(sikg: Any, release_home: Path) -> None:
    ran = sikg("diff", "1", "1", "--home", release_home)
    assert ran.code == 0
    assert ran.out.splitlines()[2:] == ["TX .", "TC ."]
    assert sikg("diff", "1", "1", "--home", release_home, "--json").document["graphs"] == {}
    assert sikg("diff", "--home", release_home).code == 3
    assert sikg("diff", "1", "9", "--home", release_home).code == 3


def test_corrections_are_listed_and_decided(sikg: Any, tmp_path: Path) -> None:
    home = tmp_path / "home"
    kept = proposed(Identity(), 1, "http://localhost:8000/id/theme/care", {"reason": "not so"})
    Corrections(home).add(kept)
    [told] = sikg("corrections", "--home", home, "--json").document
    assert (told["id"], told["reason"]) == (kept.id, "not so")
    assert "not so" in sikg("corrections", "--home", home).out
    assert sikg("corrections", "--refuse", kept.id, "--home", home).code == 0
    assert sikg("corrections", "--home", home, "--json").document == []
    assert sikg("corrections", "--accept", kept.id, "--home", home).code == 2
    assert sikg("corrections", "--accept", "x", "--refuse", "y", "--home", home).code == 2
