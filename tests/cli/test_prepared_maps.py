"""What a build leaves beside the store: every map, drawn and measured."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Sikg
from visualisations import maps


def test_a_build_draws_every_map(sikg: Sikg, tables: Path) -> None:
    ran = sikg("build", "--home", tables / "home", "--sources", tables / "sources")
    assert ran.code == 0, ran.err
    folder = tables / "home" / "releases" / "000001" / "networks"
    names = {spec.name for spec in maps.read_maps()}
    assert {path.name for path in folder.iterdir()} == {
        f"{name}{suffix}" for name in names for suffix in (".json", ".npz", ".prepared.json")
    }
    found = json.loads((folder / "funding-tree.prepared.json").read_text(encoding="utf-8"))
    assert found["points"] == []
    facts = tables / "home" / "releases" / "000001" / "facts" / "facts.json"
    assert json.loads(facts.read_text(encoding="utf-8"))["release"] == 1
