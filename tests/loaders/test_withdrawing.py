"""What a build withdraws: things that are gone, and nobody's name."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from graph.identity import Identity, Reference
from graph.release import Releases
from graph.takedowns import Takedown, Takedowns
from graph.withdrawn import FILE, Last, Withdrawn
from loaders.building.withdrawing import withdraw

BASE = "http://localhost:8000/"


@pytest.fixture
def releases(release_home: Path, tmp_path: Path) -> Releases:
    """Give a home of one release, with facts that a test may replace."""
    home = tmp_path / "home"
    folder = home / "releases" / "000001"
    source = Releases(release_home).current().path
    (folder / "facts").mkdir(parents=True)
    for name in ("manifest.json", "takedowns.json"):
        shutil.copy(source / name, folder / name)
    (home / "current").write_text("1\n")
    return Releases(home)


def _facts(folder: Path, **things: str) -> Path:
    """Write what a release tells of: names by kind and key, as `kind__key`."""
    (folder / "facts").mkdir(parents=True, exist_ok=True)
    rows = [name.split("__") for name in things]
    frame = {
        "id": list(range(len(rows))),
        "kind": [kind for kind, _ in rows],
        "key": [key for _, key in rows],
    }
    pl.DataFrame(frame).write_parquet(folder / "facts" / "thing.parquet")
    labels = {"subject": frame["id"], "value": list(things.values())}
    pl.DataFrame(labels).write_parquet(folder / "facts" / "label.parquet")
    return folder


def test_what_is_gone_is_withdrawn_and_stays_so(releases: Releases, tmp_path: Path) -> None:
    before = releases.current()
    _facts(before.path, practice__a="A programme", practice__b="Another programme")
    (before.path / FILE).write_text(
        "thing,release,told,gone\npractice/old,1,2025-01-01,2025-02-01\n", encoding="utf-8"
    )
    draft = _facts(tmp_path / "draft", practice__b="Another programme")
    found = withdraw(releases, draft, Takedowns())
    assert found.things["practice/old"] == Last(1, date(2025, 1, 1), date(2025, 2, 1))
    assert found.things["practice/a"].release == 1
    assert found.things["practice/a"].gone == datetime.now(UTC).date()
    assert set(found.things) == {"practice/old", "practice/a"}
    found.write(draft)
    assert Withdrawn.read(draft) == found
    assert found.of(Reference("practice", "a")) is not None
    assert found.of(Reference("practice", "b")) is None


def test_what_comes_again_or_was_merged_is_not_withdrawn(
    releases: Releases, tmp_path: Path
) -> None:
    before = releases.current()
    _facts(before.path, practice__a="A programme", practice__b="Another programme")
    (before.path / FILE).write_text(
        "thing,release,told,gone\npractice/old,1,2025-01-01,2025-02-01\n", encoding="utf-8"
    )
    draft = _facts(tmp_path / "draft", practice__old="An old programme", practice__c="A third")
    (draft / "identities.csv").write_text(
        "merged,canonical,why\npractice/a,practice/c,by hand\n", encoding="utf-8"
    )
    assert set(withdraw(releases, draft, Takedowns()).things) == {"practice/b"}


def test_no_tombstone_names_a_person(releases: Releases, tmp_path: Path) -> None:
    _facts(
        releases.current().path,
        organisation__x1="Jan Kowalski",
        **{"organisation__maria-garcia": "Bäckerei", "organisation__city": "City of Tallinn"},
    )
    draft = _facts(tmp_path / "draft", practice__b="A programme")
    assert set(withdraw(releases, draft, Takedowns()).things) == {"organisation/city"}


def test_a_takedown_forgets_all_tombstones(releases: Releases, tmp_path: Path) -> None:
    """Which of what is gone was taken down cannot be told, by name or by row."""
    _facts(releases.current().path, practice__a="A programme")
    draft = _facts(tmp_path / "draft", practice__b="A programme")
    row = Takedown.of("row", "practices#2", "asked for", "2026-11-22")
    assert withdraw(releases, draft, Takedowns((row,))).things == {}
    assert withdraw(releases, draft, Takedowns()).things != {}


def test_the_first_build_withdraws_nothing(tmp_path: Path) -> None:
    draft = _facts(tmp_path / "draft", practice__b="A programme")
    found = withdraw(Releases(tmp_path / "home"), draft, Takedowns())
    assert found == Withdrawn()
    found.write(draft)
    assert not (draft / FILE).exists()


def test_keys_are_written_as_addresses_have_them(tmp_path: Path) -> None:
    last = Last(3, date(2026, 1, 1), date(2026, 2, 1))
    reference = Reference("organisation", "a/b ü")
    address = Identity(BASE).entity("organisation", "a/b ü").removeprefix(f"{BASE}id/")
    Withdrawn({address: last}).write(tmp_path)
    assert Withdrawn.read(tmp_path).of(reference) == last
