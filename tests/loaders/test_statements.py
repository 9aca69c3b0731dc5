"""Statements are written in pieces, as text for the store and as columns to count from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graph.digest import Digest
from graph.identity import Identity
from graph.lines import Lines
from graph.store.renewed import RenewedStore
from loaders.building.build import build
from loaders.building.loading import Loading
from loaders.building.stock import begun
from loaders.engine import Engine
from loaders.statements import Written, write_source

if TYPE_CHECKING:
    from tests.loaders.conftest import Bench

PROPERTIES = (
    "{property: skos:prefLabel, column: name, lang: en}",
    '{property: theme, column: themes, split: ";", reference: theme}',
)
NO_LINES = Lines((), ())
TABLE = "id,name,themes\n" + "".join(
    f'p{number},"Name ""{number % 5}""",education;care;education\n' for number in range(23)
)


def written(bench: Bench, folder: Path, told: list[tuple[str, Path, Path]]) -> Written:
    """Write a table in several pieces of several slices each."""
    folder.mkdir()
    engine, table = Engine(bench.mapping_of(*PROPERTIES), Identity()), bench.table(TABLE)
    return write_source(engine, table, table.frame, folder, lambda *files: told.append(files))


def empty(folder: Path) -> Loading:
    """Give a new store to fill."""
    stock = begun(folder / "draft", Identity().base)
    return Loading(RenewedStore.create(folder / "store"), stock, Identity())


@pytest.fixture(name="small_pieces")
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loaders.statements.SLICE", 4)
    monkeypatch.setattr("loaders.statements.PIECE", 90)


@pytest.mark.usefixtures("small_pieces")
def test_columns_hold_what_the_text_does(bench: Bench, tmp_path: Path) -> None:
    told: list[tuple[str, Path, Path]] = []
    found = written(bench, tmp_path / "work", told)
    text = Lines(found.merged, found.stated)
    assert len(found.merged) > 2
    assert told == [("things", *both) for both in zip(found.stated, found.merged, strict=True)]

    columns = found.lines.triples().collect().sort("s", "p", "o")
    assert columns.equals(text.triples().collect().sort("s", "p", "o"))
    counts = found.lines.counts().collect().sort("graph")
    assert counts.equals(text.counts().collect().sort("graph"))
    of_rows = counts.filter(counts["graph"].str.contains("/id/row/"))
    assert of_rows["statements"].to_list() == [4] * 23


@pytest.mark.usefixtures("small_pieces")
def test_text_and_columns_are_read_together(bench: Bench, tmp_path: Path) -> None:
    found = written(bench, tmp_path / "work", [])
    text = Lines(found.merged, found.stated)
    both = Lines.together([found.lines, text])
    assert len(both.triples().collect()) == 2 * len(text.triples().collect())
    once = dict(text.counts().collect().iter_rows())
    assert dict(both.counts().collect().iter_rows()) == {k: 2 * n for k, n in once.items()}


@pytest.mark.parametrize("large", [pytest.param(0, id="apart"), pytest.param(10**9, id="beside")])
def test_the_digest_is_that_of_all_that_is_stated(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    monkeypatch.setattr("loaders.building.loading._LARGE", large)
    found = written(bench, tmp_path / "work", [])
    expected = Digest()
    for file in found.stated:
        expected.add_file(file)
    with empty(tmp_path) as loading:
        loading.take_all(found)
        loading.wait(NO_LINES)
        assert loading.digest() == expected.hexdigest()
        text = [file.read_text("utf-8") for file in (*found.stated, *found.merged)]
        assert len(loading.store) == len({line for part in text for line in part.splitlines()})


def test_text_is_removed_once_it_is_loaded_and_hashed(bench: Bench, tmp_path: Path) -> None:
    found = written(bench, tmp_path / "work", [])
    with empty(tmp_path) as loading:
        loading.take("things", found.stated[0], found.merged[0])
        loading.end(found)
        loading.wait(NO_LINES)
        assert loading.digest() != Digest().hexdigest()
    assert [path.suffix for path in (tmp_path / "work").iterdir()] == [".parquet"] * 4


def test_what_cannot_be_loaded_is_told_when_it_is_waited_for(tmp_path: Path) -> None:
    stated, merged = tmp_path / "a.nq", tmp_path / "b.nq"
    stated.write_text("", "utf-8")
    merged.write_text("no statement\n", "utf-8")
    with empty(tmp_path) as loading:
        loading.take("things", stated, merged)
        loading.end(Written.whole("things", stated, merged, 0))
        with pytest.raises(SyntaxError):
            loading.wait(NO_LINES)


def test_a_second_build_without_edits_reads_its_own_files(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Writing all statements of the store out again takes minutes where they are many."""
    inputs = bench.inputs(bench.mapping_of(PROPERTIES[0]), things="id,name\na,A\n")
    first, _ = build(bench.releases(), inputs)

    def dumped(*_: object) -> None:
        raise AssertionError("the store was written out")

    monkeypatch.setattr(Lines, "dumped", dumped)
    second, _ = build(bench.releases(), inputs)
    assert second.manifest.digest == first.manifest.digest
    assert (second.path / "second").is_dir()
