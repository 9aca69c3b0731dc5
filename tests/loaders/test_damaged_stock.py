"""A build whose stock is damaged says so in a line and makes all anew, by itself."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from graph.errors import StorageError
from graph.release import STOCK, Release, Releases
from loaders.building import making
from loaders.building.build import Inputs, build
from loaders.building.stock import read_inventory
from tests.loaders.conftest import Bench
from tests.loaders.described import BODIES, PROJECTS, ROR

BODIES_OF = f"id,name,ror\na,Alpha,{ROR}\nb,Beta,\nc,Gamma,\n"
PROJECTS_OF = "id,name,body\np,One,a\n"


@dataclass(frozen=True)
class Served:
    """A home in which a build is served, what it was built from, and its release."""

    releases: Releases
    inputs: Inputs
    release: Release

    def stocked(self, pattern: str) -> Path:
        """Name the first file in stock of a name."""
        return min((self.release.path / STOCK).glob(pattern))


@pytest.fixture(name="first", scope="module")
def _first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Bench, Inputs]:
    bench = Bench(tmp_path_factory.mktemp("stock"))
    mappings = [bench.mapping(BODIES, "bodies"), bench.mapping(PROJECTS, "projects")]
    inputs = bench.inputs(*mappings, bodies=BODIES_OF, projects=PROJECTS_OF)
    build(bench.releases(), inputs)
    return bench, inputs


@pytest.fixture(name="served")
def _served(first: tuple[Bench, Inputs], tmp_path: Path) -> Iterator[Served]:
    """Copy the home, and change a row of the projects."""
    bench, inputs = first
    releases = Releases(shutil.copytree(bench.releases().home, tmp_path / "home"))
    bench.file("projects.csv", PROJECTS_OF.replace("One", "Two"))
    yield Served(releases, inputs, releases.current())
    bench.file("projects.csv", PROJECTS_OF)


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("of/bodies/table.parquet", id="a table as it was read"),
        pytest.param("of/bodies/*.triples-*.parquet", id="statements that did not change"),
        pytest.param("of/projects/*.prints.parquet", id="prints of what changed"),
        pytest.param("store/*.sst", id="the store"),
    ],
)
def test_a_damaged_stock_is_told_of_and_not_followed(served: Served, pattern: str) -> None:
    damaged = served.stocked(pattern)
    content = damaged.read_bytes()
    damaged.unlink()  # the store of the release has the same file by a hard link
    damaged.write_bytes(content[: len(content) // 2])

    release, report = build(served.releases, served.inputs)

    told = read_inventory(release.path)
    assert told is not None
    assert told.why_all.startswith("the stock of release 1 is damaged (")
    assert "\n" not in told.why_all
    assert told.renewed == ("bodies", "projects")
    assert (release.number, [source.rows_loaded for source in report.sources]) == (2, [3, 1])
    assert list(served.releases.home.glob("draft-*")) == []


def test_a_full_disk_is_no_damage(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def full(*_: object) -> None:
        tried.append(1)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(making, "write_sources", full)
    with pytest.raises(StorageError, match="the disk is full"):
        build(served.releases, served.inputs)
    assert tried == [1]
