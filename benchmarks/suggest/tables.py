"""Judge the models and the columns of tables of other sorts than lists of operations: tables.yaml."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from loaders.suggesting.grids import read_grid
from loaders.suggesting.headers import find_header
from loaders.suggesting.heads import read_head
from loaders.suggesting.suggestion import Suggester

HERE = Path(__file__).parent
FOLDERS = (HERE.parents[1] / "tests/loaders/published", HERE.parents[1] / "data")
NONE = "-"


def listed(gold: Any, names: Iterable[str]) -> list[list[str]]:  # noqa: ANN401  # as in the YAML
    """Give the right fields of each column."""
    items = [gold.get(name, NONE) for name in names] if isinstance(gold, dict) else gold
    return [item if isinstance(item, list) else [item] for item in items]


def share(right: list[bool]) -> float:
    """Give how many are right, from 0 to 1."""
    return round(sum(right) / len(right), 3)


def judge_table(path: Path, gold: dict[str, Any], suggester: Suggester) -> dict[str, Any]:
    """Judge the model and the columns of a table of any sort, its names not known by heart."""
    grid = read_grid(read_head(path), suggester.detector)
    layout = find_header(grid, suggester.vocabulary, suggester.cues)
    less = suggester.vocabulary.without((*layout.names, *layout.second))
    strict = replace(suggester, vocabulary=less)
    found = {"whole": suggester, "strict": strict}
    told: dict[str, Any] = {"model": gold["model"]}
    for way, known in found.items():
        said = known.understand(grid, layout)
        choice = said.choice
        told[way] = {"model": choice.target.name, "confidence": choice.confidence}
        columns = known.of_model(gold["model"]).understand(grid, layout).columns
        rows = zip(columns, listed(gold["fields"], layout.names), strict=True)
        judged = {item.name: ((item.match.field or NONE), wanted) for item, wanted in rows}
        told[way]["columns"] = share([said in wanted for said, wanted in judged.values()])
        told[way]["missed"] = {
            name: f"{said}, not {'/'.join(wanted)}"
            for name, (said, wanted) in judged.items()
            if said not in wanted
        }
    return told


def judge_tables(folder: Path, suggester: Suggester) -> dict[str, Any]:
    """Judge all tables of other sorts that are there."""
    gold = YAML(typ="safe").load((HERE / "tables.yaml").read_text("utf-8"))
    files = {path.name: path for place in FOLDERS for path in place.glob("*.csv")}
    files |= {path.name: path for path in folder.rglob("*.*")}
    return {name: judge_table(files[name], told, suggester) for name, told in gold.items()}
