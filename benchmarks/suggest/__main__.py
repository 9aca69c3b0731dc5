"""Measure how well the columns of tables that were never seen are recognised.

    python -m benchmarks.suggest [FOLDER OF THE PUBLISHED FILES]

Each file is left out in turn: the weights are chosen on the other files, and every term of the
vocabulary that is the name of a column of the file, or a part of one, is taken out before the file
is judged (`strict`; `whole` is with them). `foreign` takes out all terms of the language of the
file. `names` and `values` are strict, too, with one of the two alone; `nameless` is a table without
a header. The gold is gold.yaml.

names.yaml holds the names of the columns of other lists, without values; tables.yaml is the gold of
tables of other sorts, whose model is judged as well. held-out.yaml holds tables in languages that no
given file is in, with the names that their publishers gave to columns: nothing was made for them.
held-out-second.yaml holds more, gathered before what the first ones showed was mended.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML

from benchmarks.suggest.checks import check_files
from benchmarks.suggest.held_out import SECOND, judge_held_out, summed
from benchmarks.suggest.tables import NONE, judge_tables, listed, share
from loaders.suggesting.grids import Grid, read_grid
from loaders.suggesting.headers import Layout, find_header
from loaders.suggesting.heads import read_head
from loaders.suggesting.matching import Weights, match
from loaders.suggesting.suggestion import Suggester, Suggestion
from loaders.suggesting.values import Profile, profile
from loaders.suggesting.vocabulary import Nearness

HERE = Path(__file__).parent
RESULTS = HERE.parent / "results" / "suggest.json"
PUBLISHED = HERE.parents[2] / "shared/data/published"
MODEL = "operation"
GRID = [
    Weights(name=name, value=round(1 - name, 2), least=least)
    for name, least in product((0.6, 0.65, 0.7, 0.75, 0.8), (0.36, 0.39, 0.42, 0.45, 0.48))
]
BANDS = ((0.0, 0.5), (0.5, 0.8), (0.8, 0.95), (0.95, 1.01))
WAYS = ("whole", "strict", "foreign")


@dataclass(frozen=True)
class Judged:
    """What was said of each column of a file, how sure it was, and what is right."""

    said: list[str]
    sure: list[float]
    gold: list[list[str]]

    @property
    def right(self) -> list[bool]:
        """Tell of each column whether it was recognised."""
        return [said in gold for said, gold in zip(self.said, self.gold, strict=True)]


@dataclass(frozen=True)
class File:
    """A file as read once: its suggestion, and its names against the vocabularies."""

    name: str
    gold: dict[str, Any]
    found: Suggestion
    near: dict[str, list[Nearness]]

    def judge(self, suggester: Suggester, way: str, weights: Weights) -> Judged:
        """Match the columns with one vocabulary and some weights."""
        profiles = [column.profile for column in self.found.columns]
        if way == "nameless" or not weights.name:
            profiles = [_unnamed(item) for item in profiles]
        fields = suggester.targets[MODEL].fields
        matches = match(self.near[way], profiles, fields, weights)
        gold = listed(self.gold["fields"], self.found.layout.names)
        return Judged([m.field or NONE for m in matches], [m.confidence for m in matches], gold)


def _unnamed(found: Profile) -> Profile:
    """Give what the values of a column say, without what its name says of them."""
    said = ("says_", "unsaid_")
    kept = {name: share for name, share in found.features.items() if not name.startswith(said)}
    return replace(found, features=kept)


def read_file(name: str, gold: dict[str, Any], path: Path, suggester: Suggester) -> File:
    """Read a file and compare its names with the vocabularies."""
    grid = read_grid(read_head(path), suggester.detector)
    layout = find_header(grid, suggester.vocabulary, suggester.cues)
    found = suggester.understand(grid, layout)
    whole = suggester.vocabulary
    names = (*layout.names, *layout.second)
    words = (whole, whole.without(names), whole.without(names, gold["language"]))
    target = suggester.targets[MODEL]
    near = {}
    for way, vocabulary in zip(WAYS, words, strict=True):
        known = replace(suggester, vocabulary=vocabulary).vocabulary_of(target)
        near[way] = suggester.near(known, layout, found.language.tag)
    near["nameless"] = [
        replace(item, scores=np.zeros_like(item.scores)) for item in near["strict"][:1]
    ]
    return File(name, gold, found, near)


def best_weights(files: Iterable[File], suggester: Suggester) -> Weights:
    """Choose the weights that recognise most columns; of equals those nearest to the usual."""
    known = list(files)
    usual = suggester.weights

    def rank(weights: Weights) -> tuple[int, float]:
        right = sum(sum(file.judge(suggester, "strict", weights).right) for file in known)
        return right, -abs(weights.name - usual.name) - abs(weights.least - usual.least)

    return max(GRID, key=rank)


def form_mistakes(file: File) -> list[str]:
    """Tell what was said wrongly of how the file is written."""
    grid, layout, gold = file.found.grid, file.found.layout, file.gold
    said = {**written(grid, layout), "language": file.found.language.tag}
    wanted = {**gold.get("rows", {}), "language": gold["language"]}
    wrong = [f"{key}: {said[key]}" for key, value in wanted.items() if said[key] != value]
    for key in ("numbers", "dates"):
        for place, form in gold.get(key, {}).items():
            profile = file.found.columns[place].profile
            forms = profile.amounts.examples if key == "numbers" else profile.days.orders
            if form not in forms:
                wrong.append(f"{key} of {file.found.columns[place].name}: {forms}")
    return wrong


def written(grid: Grid, layout: Layout) -> dict[str, Any]:
    """Give what was found out about how a file is written, in the words of the gold."""
    return {
        "header": list(layout.header),
        "first": layout.first,
        "encoding": grid.encoding.name if grid.encoding else None,
        "delimiter": grid.delimiter,
        "format": grid.format,
    }


def judge_left_out(file: File, others: list[File], suggester: Suggester) -> dict[str, Judged]:
    """Judge a file with the weights that are best for the others."""
    weights = best_weights(others, suggester)
    by_name = replace(weights, name=1.0, value=0.0)
    by_value = replace(weights, name=0.0, value=1.0)
    return {
        **{way: file.judge(suggester, way, weights) for way in (*WAYS, "nameless")},
        "names": file.judge(suggester, "strict", by_name),
        "values": file.judge(suggester, "strict", by_value),
    }


def judge_names(suggester: Suggester) -> dict[str, Judged]:
    """Judge the names of columns of other lists, whose values are not at hand."""
    lists = YAML(typ="safe").load((HERE / "names.yaml").read_text("utf-8"))
    judged: dict[str, Judged] = {}
    for name, columns in lists.items():
        target = suggester.targets[MODEL]
        near = suggester.vocabulary_of(target).nearness(list(columns), name[:2])
        empty = [profile([], suggester.cues)] * len(columns)
        by_name = replace(suggester.weights, name=1.0, value=0.0)
        matches = match([near], empty, target.fields, by_name)
        gold = [item if isinstance(item, list) else [item] for item in columns.values()]
        said = [item.field or NONE for item in matches]
        judged[name] = Judged(said, [item.confidence for item in matches], gold)
    return judged


def judge_models(files: Iterable[File], suggester: Suggester) -> dict[str, str]:
    """Tell of the lists of operations which model is chosen where their names are not known."""
    chosen = {}
    for file in files:
        layout = file.found.layout
        less = suggester.vocabulary.without((*layout.names, *layout.second))
        choice = replace(suggester, vocabulary=less).understand(file.found.grid, layout).choice
        chosen[file.name] = f"{choice.target.name} {choice.confidence}"
    return chosen


def main() -> None:
    """Print the table of accuracies and write the results."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PUBLISHED
    if not folder.is_dir():
        sys.exit(f"the published files are not there: {folder}")
    gold = YAML(typ="safe").load((HERE / "gold.yaml").read_text("utf-8"))
    suggester = Suggester()
    lists = folder / "operations"
    files = [read_file(name, gold[name], lists / name, suggester) for name in gold]
    rows: dict[str, dict[str, Any]] = {}
    totals: dict[str, list[bool]] = {}
    sure: list[tuple[float, bool]] = []
    for file in files:
        judged = judge_left_out(file, [item for item in files if item is not file], suggester)
        strict = judged["strict"]
        for way, item in judged.items():
            totals.setdefault(way, []).extend(item.right)
        sure += zip(strict.sure, strict.right, strict=True)
        missed = zip(file.found.layout.names, strict.said, strict.gold, strict.right, strict=True)
        rows[file.name] = {
            "columns": len(strict.gold),
            **{way: share(item.right) for way, item in judged.items()},
            "missed": {n: f"{said}, not {'/'.join(g)}" for n, said, g, ok in missed if not ok},
            "form": form_mistakes(file),
        }
        print(file.name, rows[file.name])
    bands = {
        f"{low} to {high}": [len(found), share(found)]
        for low, high in BANDS
        if (found := [right for confidence, right in sure if low <= confidence < high])
    }
    total = {way: share(right) for way, right in totals.items()}
    named = judge_names(suggester)
    others = {name: [len(item.right), share(item.right)] for name, item in named.items()}
    other_total = share([right for item in named.values() for right in item.right])
    print(total, bands, others, other_total)
    models = judge_models(files, suggester)
    tables = judge_tables(folder, suggester)
    checks = check_files(folder, suggester)
    held = judge_held_out(suggester)
    later = judge_held_out(suggester, SECOND)
    print(summed(held), summed(later))
    for name, told in (models | tables | checks | held | later).items():
        print(name, told)
    result = {
        "files": rows,
        "all columns": total,
        "right by confidence": bands,
        "names of other lists": others,
        "all names of other lists": other_total,
        "models of the files": models,
        "tables of other sorts": tables,
        "proposals checked": checks,
        "never used": {**summed(held), "tables": held},
        "never used, second set": {**summed(later), "tables": later},
    }
    RESULTS.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
