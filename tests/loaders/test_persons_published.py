"""How much is hidden of published lists: shares only, and no name."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.identity import Identity
from loaders.language.mapping import read_mapping
from loaders.privacy.hiding import NOTE, Hiding
from loaders.reading.readers import read_table

SOURCES = Path(__file__).parents[2] / "loaders" / "sources" / "operations"

# Bounds of the share of rows, in per cent, around what docs/privacy.md tells: lists with many
# sole traders, and lists of public bodies.
SHARES = [
    ("operations-de-niedersachsen", 15, 30),
    ("operations-de-thueringen", 55, 68),
    ("operations-pl", 3, 10),
    ("operations-nl", 0, 0),
]


@pytest.mark.shared
@pytest.mark.parametrize(("name", "least", "most"), SHARES)
def test_the_share_of_hidden_rows_is_as_documented(
    shared_folder: Path, name: str, least: int, most: int
) -> None:
    mapping = read_mapping(SOURCES / f"{name}.yaml")
    path = shared_folder / "data" / "published" / "operations" / Path(mapping.rows.file).name
    if not path.is_file():
        pytest.skip(f"the published list is not at {path}")
    table = read_table(path, mapping.rows)
    hidden = Hiding(Identity()).hide(mapping, table)
    count = sum(note.count for note in hidden.notes if note.kind == NOTE)
    assert least <= 100 * count / len(table.frame) <= most
