"""What all tests share: one release built from the curated tables."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.dataset import Dataset
from graph.identity import Identity
from graph.release import Releases
from loaders.building.build import Inputs, build
from loaders.language.mapping import read_mappings

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Run three processes for two cores: four tenths of its time a process waits for another."""
    return ((os.cpu_count() or 1) * 3 + 1) // 2


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """Give the folder of the curated tables."""
    return ROOT / "data"


@pytest.fixture(scope="session")
def release_home(tmp_path_factory: pytest.TempPathFactory, data_folder: Path) -> Path:
    """Give a release built from the curated tables: built once, and a copy for each process."""

    def make(home: Path) -> None:
        build(Releases(home), Inputs(read_mappings(), data_folder, Identity()))

    home = tmp_path_factory.mktemp("home")
    shutil.copytree(_made_once(tmp_path_factory, "built", make), home, dirs_exist_ok=True)
    return home


def _made_once(folders: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Make a folder in the first process that asks for it; the others wait and are given it."""
    shared = folders.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    made, draft = shared / name, shared / f"{name}-draft"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.is_dir():
            shutil.rmtree(draft, ignore_errors=True)
            make(draft)
            draft.rename(made)
    return made


@pytest.fixture(scope="session")
def dataset(release_home: Path) -> Dataset:
    """Open the release built from the curated tables."""
    return Dataset.open(Releases(release_home).current())


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """Give the folder of published files; skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"the published files are not at {SHARED}")
    return SHARED
