"""The curated tables and the concept schemes as the tests of this folder read them."""

import csv
from pathlib import Path

import pytest
from rdflib import Graph

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """Give the folder of the curated tables."""
    return ROOT / "data"


@pytest.fixture(scope="session")
def scheme_files() -> list[Path]:
    """Give the files of the concept schemes."""
    return sorted((ROOT / "ontology" / "schemes").glob("*.ttl"))


@pytest.fixture(scope="session")
def tables(data_folder: Path) -> dict[str, list[dict[str, str]]]:
    """Read every table: its name without suffix to its rows, each a column to its text."""
    found = {}
    for path in sorted(data_folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            found[path.stem] = list(csv.DictReader(lines, strict=True))
    return found


@pytest.fixture(scope="session")
def schemes(scheme_files: list[Path]) -> Graph:
    """Parse all concept schemes into one graph, with the base of a local server."""
    graph = Graph()
    for path in scheme_files:
        graph.parse(path, format="turtle", publicID="http://localhost:8000/")
    return graph
