"""The maps of a release that edits made: carried over from the build, or drawn anew."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from graph.dataset import Dataset
from graph.engine import Query
from graph.errors import StorageError
from graph.identity import Identity
from graph.networks.asking import Asked
from graph.networks.measuring import Prepared
from graph.networks.preparation import write_left_out
from graph.networks.projection import Projection
from graph.networks.reading import Networks, left_out, prepared_of
from graph.release import Releases
from graph.writing import place
from graph.writing.requests import Outcome, Write
from graph.writing.writer import Writer
from visualisations import carrying, maps, preparing
from visualisations.carrying import prepare_missing
from visualisations.drawn import View
from visualisations.prepared import computed, drawn_of
from visualisations.preparing import Making
from visualisations.views import view
from visualisations.wording import wording

CHANGED, KEPT, SLOW = (
    maps.get(name) for name in ("themes-target-groups", "funding-tree", "countries")
)
SIKG = "https://w3id.org/sikg/ontology#"
UNTOLD = Query(f"""
SELECT ?practice ?theme {{
  ?practice a <{SIKG}Practice> ; <{SIKG}targetGroup> ?group .
  ?theme a <{SIKG}Theme> .
  FILTER NOT EXISTS {{ ?other <{SIKG}theme> ?theme ; <{SIKG}targetGroup> ?group }}
}} ORDER BY ?practice ?theme LIMIT 1""")


@pytest.fixture
def edited(release_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """Give a release in which an edit says one more theme, after a build with its maps."""
    for module in (carrying, preparing):
        monkeypatch.setattr(module, "read_maps", lambda: (CHANGED, KEPT, SLOW))
    home = Path(shutil.copytree(release_home, tmp_path / "home"))
    built = Dataset.open(Releases(home).current())
    folder = built.networks.folder
    assert folder is not None
    shutil.rmtree(folder, ignore_errors=True)  # a service over the same home may have made maps
    folder.mkdir()
    for spec in (CHANGED, KEPT):
        Making(built.identity, built.release.facts_path, folder).write(
            spec, built.store, built.facts
        )
    write_left_out(folder, SLOW.name, drawn_of(SLOW).mark, "it took too long")
    [row] = built.store.select(UNTOLD)
    graph = f"{Identity().base}id/graph/edits/themes"
    said = f"<{row['practice'].value}> <{SIKG}theme> <{row['theme'].value}>"
    text = f"INSERT DATA {{ GRAPH <{graph}> {{ {said} }} }}".encode()
    write = Write("update", "somebody", hashlib.sha256(text).hexdigest(), text)
    [answer] = Writer(Releases(home), place.folder(home)).write([write])
    assert isinstance(answer, Outcome), answer
    return Dataset.open(Releases(home).current())


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the nodes of each map that is drawn."""
    found: list[int] = []

    def noting(projection: Projection) -> Prepared:
        found.append(len(projection.nodes))
        return computed(projection)

    monkeypatch.setattr(preparing, "computed", noting)
    return found


def seen(dataset: Dataset, name: str) -> View:
    return view(dataset, maps.get(name), Asked(), ("en",), wording(["en"]))


def test_a_map_that_an_edit_changed_is_drawn_anew_and_others_are_carried_over(
    edited: Dataset, drawn: list[int]
) -> None:
    """Once, and readers see what they would have waited for; what took too long is not tried."""
    assert prepared_of(edited, KEPT.name, drawn_of(KEPT)) is None
    prepare_missing(edited)
    bare = replace(edited, networks=Networks())
    assert drawn == [len(seen(bare, CHANGED.name).nodes)]
    for spec in (CHANGED, KEPT):
        assert prepared_of(edited, spec.name, drawn_of(spec)) is not None
        assert seen(edited, spec.name) == seen(bare, spec.name)
    built = replace(edited, networks=Networks(edited.release.built_path / "networks"))
    assert len(seen(edited, CHANGED.name).links) > len(seen(built, CHANGED.name).links)
    assert left_out(edited, SLOW.name, drawn_of(SLOW)) == "it took too long"
    prepare_missing(edited)
    assert len(drawn) == 1
    folder = edited.networks.folder
    assert folder is not None
    assert {file.name for file in folder.iterdir()} == {
        *(f"{spec.name}{end}" for spec in (CHANGED, KEPT) for end in (".json", ".npz")),
        *(f"{spec.name}.prepared.json" for spec in (CHANGED, KEPT)),
        f"{SLOW.name}.left-out.json",
        "lock",
    }


def test_a_map_of_a_large_release_is_made_by_a_process(
    edited: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It knows the release before, too."""
    monkeypatch.setattr(carrying, "SMALL", 0)
    monkeypatch.setattr(carrying, "read_maps", lambda: (KEPT,))
    ran: list[list[str]] = []
    run = subprocess.run

    def noting(command: list[str], **more: Any) -> object:
        ran.append(command)
        return run(command, **more)

    monkeypatch.setattr(subprocess, "run", noting)
    prepare_missing(edited)
    assert [command[-1] for command in ran] == [str(edited.release.built_path / "networks")]
    assert prepared_of(edited, KEPT.name, drawn_of(KEPT)) is not None


def test_a_release_that_is_gone_is_told_of(dataset: Dataset, tmp_path: Path) -> None:
    gone = replace(dataset, networks=Networks(tmp_path / "gone" / "networks"))
    with pytest.raises(StorageError):
        prepare_missing(gone)
