"""What all tests share: one release built from the curated tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.dataset import Dataset
from graph.identity import Identity
from graph.release import Releases
from loaders.building.build import Inputs, build
from loaders.language.mapping import read_mappings

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """Give the folder of the curated tables."""
    return ROOT / "data"


@pytest.fixture(scope="session")
def release_home(tmp_path_factory: pytest.TempPathFactory, data_folder: Path) -> Path:
    """Build a release from the curated tables, once a session."""
    home = tmp_path_factory.mktemp("home")
    build(Releases(home), Inputs(read_mappings(), data_folder, Identity()))
    return home


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
