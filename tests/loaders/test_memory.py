"""A table is read and checked again only where something changed that it depends on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from graph.identity import Identity
from graph.takedowns import Takedown, Takedowns
from loaders.building import check, memory
from loaders.building.check import Checked, Faults, check_sources, look, read_sources
from loaders.building.memory import Memory
from loaders.building.stock import Stock, begun
from loaders.engine import Engine
from loaders.privacy.hiding import Hiding
from loaders.reading.readers import read_table
from tests.loaders.conftest import Bench
from tests.loaders.described import BODIES, PROJECTS

ITEMS = (
    "{property: skos:prefLabel, column: name, lang: en}",
    "{property: theme, column: theme, reference: theme}",
)
TABLE = "id,name,theme,note\na,Alpha,care,call Jane Doe\nb,Beta,work,\nc,Gamma,,-\nc,\n"


def remembered(
    bench: Bench, folder: Path, before: Stock | None = None, taken: Takedowns | None = None
) -> tuple[Checked, Stock]:
    """Read and check the table as a build does, and keep what the next one may know."""
    told = taken or Takedowns()
    known, stock = Memory(before, told), begun(folder, Identity().base)
    hiding, concepts = Hiding(Identity(), told), {"theme": {"care"}}
    [source] = read_sources(
        [bench.mapping_of(*ITEMS)], bench.folder, hiding=hiding, recall=known.recall
    )
    check_sources([source], Identity(), concepts, look=known.look)
    stock.new_place("things")
    known.keep([source], stock)
    return source, stock


@pytest.fixture(name="first")
def _first(bench: Bench) -> tuple[Checked, Stock]:
    bench.file("things.csv", TABLE)
    return remembered(bench, bench.folder / "first")


@pytest.fixture(name="done")
def _done(first: tuple[Checked, Stock], monkeypatch: pytest.MonkeyPatch) -> list[str]:  # noqa: ARG001
    """Note what is done again from now on."""
    done: list[str] = []

    def noted(name: str, function: Callable[..., object]) -> Callable[..., object]:
        def call(*given: object) -> object:
            done.append(name)
            return function(*given)

        return call

    monkeypatch.setattr(check, "read_table", noted("read", read_table))
    monkeypatch.setattr(memory, "look", noted("look", look))
    return done


def test_what_did_not_change_is_neither_read_nor_checked_again(
    bench: Bench, first: tuple[Checked, Stock], done: list[str], tmp_path: Path
) -> None:
    again, stock = remembered(bench, tmp_path / "again", first[1])
    assert done == []
    assert again.report() == first[0].report()
    assert again.good["id"].to_list() == first[0].good["id"].to_list() == ["a", "c"]
    third, _ = remembered(bench, tmp_path / "third", stock)
    assert done == []
    assert third.report() == first[0].report()


def test_what_changed_is_read_and_checked_again(
    bench: Bench, first: tuple[Checked, Stock], done: list[str], tmp_path: Path
) -> None:
    bench.file("things.csv", TABLE.replace("Beta,work", "Beta,care"))
    changed, _ = remembered(bench, tmp_path / "changed", first[1])
    assert done == ["read", "look"]
    assert changed.good["id"].to_list() == ["a", "b", "c"]


def test_a_takedown_lets_all_be_read_again(
    bench: Bench, first: tuple[Checked, Stock], done: list[str], tmp_path: Path
) -> None:
    day = date(2026, 11, 22)
    taken = Takedowns([Takedown("iri", Identity().entity("practice", "a"), "asked", day)])
    left, stock = remembered(bench, tmp_path / "left", first[1], taken)
    assert done.count("read") == 1
    kept = pl.read_parquet(stock.place("things") / "table.parquet")
    assert "Alpha" not in kept["name"].to_list()
    assert left.report().notes != first[0].report().notes


def test_cells_that_no_mapping_looks_at_are_not_kept(first: tuple[Checked, Stock]) -> None:
    """They may name anybody; that they are filled is all that the scoreboard asks."""
    kept = pl.read_parquet(first[1].place("things") / "table.parquet")
    assert kept["note"].to_list() == ["x", "", "x"]
    assert kept["name"].to_list() == ["Alpha", "Beta", "Gamma"]


def test_a_source_is_looked_at_again_only_where_rows_or_what_they_refer_to_changed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first look sets a body aside, the second what refers to it, and the third finds none."""
    looked: list[str] = []

    def noted(source: Checked, engine: Engine) -> Faults:
        looked.append(source.mapping.name)
        return look(source, engine)

    monkeypatch.setattr(memory, "look", noted)
    bench.file("bodies.csv", "id,name,ror\na,Alpha,no address\nb,Beta,\n")
    bench.file("others.csv", "id,name,ror\nc,Gamma,\n")
    bench.file("projects.csv", "id,name,body\np,One,a\nq,Two,b\n")
    mappings = [bench.mapping(BODIES, name) for name in ("bodies", "others")]
    mappings.append(bench.mapping(PROJECTS, "projects"))
    known = Memory(None, Takedowns())
    sources = read_sources(mappings, bench.folder, recall=known.recall)
    check_sources(sources, Identity(), {}, look=known.look)

    assert [len(source.good) for source in sources] == [1, 1, 1]
    assert looked == ["bodies", "others", "projects", "bodies", "projects", "projects"]
