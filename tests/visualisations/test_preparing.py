"""Maps that are drawn by processes of their own, within a budget, and what is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.identity import Identity
from graph.networks.keeping import load_projection
from graph.networks.preparation import load_prepared, read_left_out
from graph.store import Store
from visualisations import maps, preparing
from visualisations.prepared import drawn_of

SPEC = maps.get("themes-target-groups")
MARK = drawn_of(SPEC).mark
PRACTICES = "\n".join(
    f"<http://localhost:8000/id/practice/{name}> "
    f"<{'http://www.w3.org/1999/02/22-rdf-syntax-ns#type'}> "
    f"<https://w3id.org/sikg/ontology#Practice> ; "
    f"<https://w3id.org/sikg/ontology#theme> <http://localhost:8000/id/theme/{name}> ; "
    "<https://w3id.org/sikg/ontology#targetGroup> <http://localhost:8000/id/target-group/all> ."
    for name in ("a", "b")
)


@pytest.fixture
def draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Store, Path]:
    """Give a store that counts as large and the folder of a draft; there is one map."""
    monkeypatch.setattr(preparing, "SMALL", 0)
    monkeypatch.setattr(preparing, "read_maps", lambda: (SPEC,))
    folder = tmp_path / "release"
    folder.mkdir()
    lines = tmp_path / "statements.nt"
    statements = [
        line for text in PRACTICES.splitlines() for line in _lines(text.removesuffix(" ."))
    ]
    lines.write_text("\n".join(statements) + "\n", encoding="utf-8")
    store = Store.create(tmp_path / "store")
    store.load_statements(lines)
    return store, folder


def _lines(text: str) -> list[str]:
    subject, _, rest = text.partition(" ")
    return [f"{subject} {part.strip()} ." for part in rest.split(" ; ")]


def test_a_map_of_a_large_release_is_drawn_by_another_process(draft: tuple[Store, Path]) -> None:
    """It leaves the same files, and nothing else."""
    store, folder = draft
    told: list[str] = []
    preparing.prepare(store, Identity(), folder, tell=told.append)
    assert told == [SPEC.name]
    networks = folder / "networks"
    assert read_left_out(networks, SPEC.name, MARK) is None
    found = load_projection(networks / f"{SPEC.name}.json", MARK)
    assert found is not None
    assert [node.rpartition("/")[2] for node in found.nodes] == ["all", "a", "b"]
    prepared = load_prepared(networks, SPEC.name, MARK)
    assert prepared is not None
    assert (prepared.counts.nodes, prepared.counts.links) == (3, 2)
    assert [path.name for path in folder.parent.iterdir() if path.name == "asked"] == []


def test_a_map_that_takes_too_long_is_left_out(draft: tuple[Store, Path]) -> None:
    """Its process is ended before it can have begun, and nothing of it stays."""
    store, folder = draft
    preparing.prepare(store, Identity(), folder, seconds=0.03)
    why = read_left_out(folder / "networks", SPEC.name, MARK)
    assert why is not None
    assert "took more than 0 seconds: build again with more seconds for maps" in why
    assert [path.name for path in (folder / "networks").iterdir()] == [f"{SPEC.name}.left-out.json"]


def test_a_map_for_which_no_time_is_left_says_so(draft: tuple[Store, Path]) -> None:
    store, folder = draft
    preparing.prepare(store, Identity(), folder, seconds=0)
    why = read_left_out(folder / "networks", SPEC.name, MARK)
    assert why is not None
    assert "other maps took all of the time" in why


def test_why_a_map_cannot_be_made_is_told(
    draft: tuple[Store, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The process says it, what it had begun goes, and the build goes on."""
    store, folder = draft
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    script = '#!/bin/sh\ntouch "$7/$3.json"\necho the map has a fault >&2\nexit 3\n'
    (tmp_path / "python").write_text(script, encoding="utf-8")
    (tmp_path / "python").chmod(0o755)
    preparing.prepare(store, Identity(), folder)
    why = read_left_out(folder / "networks", SPEC.name, MARK)
    assert why is not None
    assert why.endswith("when this release was built: the map has a fault")
    assert len(list((folder / "networks").iterdir())) == 1
