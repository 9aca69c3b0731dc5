"""Dumps by command: written whole, packed by their name, and told by their digest."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
from pathlib import Path

import pytest

from graph.dataset import Dataset
from graph.dumps.files import SUMS
from tests.cli.conftest import Sikg


@pytest.fixture(scope="module")
def home(release_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of a home, whose files are shared: dumps are made in it."""
    target = tmp_path_factory.mktemp("dumping") / "home"
    return Path(shutil.copytree(release_home, target, copy_function=os.link))


def test_a_whole_dump_is_written_with_its_checksums(
    sikg: Sikg, home: Path, dataset: Dataset, tmp_path: Path
) -> None:
    done = sikg("export", "--all", "--out", "dump", "--home", home)
    assert done.code == 0, done.err
    folder = tmp_path / "dump"
    for line in (folder / SUMS).read_text("utf-8").splitlines():
        value, name = line.split("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == value
    told = sikg("digest", "dump/statements.nq.gz", "--home", home, "--json").document
    assert told["digest"] == dataset.release.manifest.digest
    assert told["releases"] == [dataset.release.number]
    assert "That is release 1" in sikg("digest", "dump/statements.nq.gz", "--home", home).out


def test_an_export_is_packed_by_its_name(sikg: Sikg, home: Path, tmp_path: Path) -> None:
    assert sikg("export", "--out", "all.nt.gz", "--home", home).code == 0
    assert sikg("export", "--out", "all.nt", "--home", home).code == 0
    packed = gzip.decompress((tmp_path / "all.nt.gz").read_bytes())
    assert sorted(packed.splitlines()) == sorted((tmp_path / "all.nt").read_bytes().splitlines())


def test_a_dump_that_was_cut_has_no_digest(sikg: Sikg, home: Path, tmp_path: Path) -> None:
    assert sikg("export", "--out", "all.nq.gz", "--home", home).code == 0
    content = (tmp_path / "all.nq.gz").read_bytes()
    (tmp_path / "cut.nq.gz").write_bytes(content[: len(content) // 2])
    done = sikg("digest", "cut.nq.gz", "--home", home)
    assert done.code == 5
    assert "cut.nq.gz" in done.err
    assert sikg("digest", "nothing.nq.gz", "--home", home).code == 5


def test_a_contact_is_an_address(sikg: Sikg, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    done = sikg("build", "--home", tmp_path / "home", "--contact", "call us")
    assert done.code == 2
    assert "mailto:" in done.err
