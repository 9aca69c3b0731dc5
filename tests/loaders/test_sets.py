"""Several folders of mappings and of tables make one build."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graph.errors import MappingError
from loaders.building.check import read_sources
from loaders.language.mapping import read_mappings
from loaders.language.sets import read_sets
from tests.loaders.conftest import HEAD, PRACTICES

if TYPE_CHECKING:
    from tests.loaders.conftest import Bench


def lay_out(bench: Bench, folder: str, *names: str) -> Path:
    """Write mappings into a folder."""
    path = bench.folder / folder
    path.mkdir()
    for name in names:
        (path / f"{name}.yaml").write_text(HEAD.format(name=name) + PRACTICES, encoding="utf-8")
    return path


def test_without_a_name_the_default_set_is_read() -> None:
    names = [mapping.name for mapping in read_sets(None, [Path("data")])]
    assert names == [mapping.name for mapping in read_mappings()]
    assert [item.name for item in read_sets([Path("default")], [Path("data")])] == names


def test_sets_are_read_together_in_their_order(bench: Bench) -> None:
    one, two = lay_out(bench, "one", "b"), lay_out(bench, "two", "a", "c")
    assert [item.name for item in read_sets([one, two], [bench.folder])] == ["b", "a", "c"]


def test_a_set_of_the_project_is_found_by_its_name() -> None:
    names = [mapping.name for mapping in read_sets([Path("operations")], [Path("data")])]
    assert "operations-at" in names
    assert not {"countries", "default"} & set(names)


def test_an_unknown_set_is_answered_with_the_nearest() -> None:
    with pytest.raises(MappingError, match=r"by name are .*default, .*; did you mean 'operations'"):
        read_sets([Path("operation")], [Path("data")])


def test_two_sets_with_one_name_are_an_error(bench: Bench) -> None:
    one, two = lay_out(bench, "one", "a"), lay_out(bench, "two", "a")
    with pytest.raises(MappingError, match=f"{two}: a mapping of {one} has the name 'a' too"):
        read_sets([one, two], [bench.folder])


def test_a_table_is_found_in_the_first_folder_that_has_it(bench: Bench) -> None:
    lay_out(bench, "set", "a", "b")
    folders = [bench.folder / "first", bench.folder / "second"]
    for folder, names in zip(folders, ("a", "ab"), strict=True):
        folder.mkdir()
        for name in names:
            (folder / f"{name}.csv").write_text(f"id,name\n{folder.name},{name}\n")
    mappings = read_sets([bench.folder / "set"], folders)
    found = [source.good["id"].to_list() for source in read_sources(mappings, folders[0])]
    assert found == [["first"], ["second"]]
    assert mappings[0].rows.file == "a.csv"


def test_where_there_is_no_folder_of_tables_it_is_told_how_to_get_one(bench: Bench) -> None:
    lay_out(bench, "set", "a")
    with pytest.raises(MappingError, match=r"nowhere: .*sikg new-workspace DIR.*--data FOLDER"):
        read_sets([bench.folder / "set"], [Path("nowhere")])
    elsewhere = read_sets([Path("endpoints")], [Path("nowhere")])
    assert all(mapping.rows.endpoint for mapping in elsewhere)
