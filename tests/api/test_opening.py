"""What a running service opens before anybody asks."""

from __future__ import annotations

import gc
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import cast

import pytest
from starlette.testclient import TestClient

from api.answers import Served
from api.app import create_app
from api.opening import Opening, open_networks
from api.settings import Settings
from graph.dataset import Dataset
from graph.errors import StorageError
from graph.networks.preparation import write_left_out
from graph.networks.reading import Networks, prepared_of
from graph.release import Releases
from visualisations import maps
from visualisations.prepared import drawn_of

SPEC = maps.get("countries")


def test_the_served_release_is_opened_without_a_question(odd_home: Path) -> None:
    """A step that fails does not keep the next from its work."""
    opened: list[int] = []
    done = Event()

    def fail(_: Dataset) -> None:
        raise StorageError("a table is damaged")

    def note(dataset: Dataset) -> None:
        opened.append(dataset.release.number)
        done.set()

    with TestClient(create_app(Settings(home=odd_home, access_log="off"), (fail, note))):
        assert done.wait(30)
    assert opened == [1]


class _Following:
    """Serves one release after the other, each of which is looked at twice."""

    def __init__(self, datasets: list[Dataset], opening: list[Opening]) -> None:
        self._datasets = [item for item in datasets for _ in (1, 2)]
        self._opening = opening
        self._now: Dataset | None = None

    def dataset(self) -> Dataset:
        self._now = self._datasets.pop(0)
        if not self._datasets:
            self._opening[0].close()
        return self._now

    def opened(self) -> Dataset | None:
        return self._now


def _edited(dataset: Dataset, age: float) -> Dataset:
    created = datetime.now(UTC) - timedelta(seconds=age)
    edits = (SimpleNamespace(),)
    manifest = dataset.release.manifest.model_copy(update={"created": created, "edits": edits})
    return replace(dataset, release=replace(dataset.release, manifest=manifest))


def test_a_release_is_opened_once_and_one_just_edited_is_not(
    odd_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.opening._LOOK", 0.0)
    first = Dataset.open(Releases(odd_home).current())
    young, old = _edited(first, -60), _edited(first, 60)
    opened: list[Dataset] = []
    frozen: list[int] = []
    held: list[Opening] = []
    steps = (opened.append, lambda _: frozen.append(gc.get_freeze_count()))
    opening = Opening(cast("Served", _Following([first, young, old], held)), steps)
    held.append(opening)
    opening.run()
    assert [id(item) for item in opened] == [id(first), id(old)]
    # What the first has opened is not looked through again, until all is closed.
    assert frozen[0] == 0 < frozen[1]
    assert gc.get_freeze_count() == 0


def test_maps_that_nobody_prepared_are_prepared(odd_home: Path, tmp_path: Path) -> None:
    """All but the one of which it is known that it takes too long."""
    dataset = Dataset.open(Releases(odd_home).current())
    bare = replace(dataset, networks=Networks(tmp_path))
    write_left_out(tmp_path, SPEC.name, drawn_of(SPEC).mark, "the map took too long")
    open_networks(bare)
    for spec in maps.read_maps():
        made = prepared_of(bare, spec.name, drawn_of(spec))
        assert (made is None) == (spec == SPEC)


def test_a_map_that_the_build_left_out_is_told_of(odd_home: Path, tmp_path: Path) -> None:
    """In the list of maps, and as a problem to whoever asks for it."""
    home = tmp_path / "home"
    shutil.copytree(odd_home, home)
    networks = home / "releases" / "000001" / "networks"
    networks.mkdir(exist_ok=True)
    write_left_out(networks, SPEC.name, drawn_of(SPEC).mark, "the map took too long")
    with TestClient(create_app(Settings(home=home, access_log="off"))) as client:
        listed = {item["map"]: item for item in client.get("/api/v1/networks").json()["items"]}
        found = listed[SPEC.name]
        assert (found["nodes"], found["left_out"]) == (None, "the map took too long")
        assert listed["organisations"]["left_out"] is None
        refused = client.get(f"/api/v1/networks/{SPEC.name}")
        assert refused.status_code == 504
        assert refused.json()["detail"] == "the map took too long"
