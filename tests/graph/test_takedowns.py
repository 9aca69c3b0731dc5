"""The list of takedowns is checked line by line, and names stand in it as hashes only."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from graph.corrections import Correction, Corrections
from graph.errors import InputError
from graph.identity import Identity
from graph.release import Manifest, Releases
from graph.retention import retire
from graph.takedowns import (
    Applied,
    Takedown,
    Takedowns,
    add_takedown,
    hashed_name,
    plain_name,
    read_takedowns,
    salts_of,
)

IRI = "http://localhost:8000/id/organisation/a%20b"


def _entry(what: str, value: str) -> Takedown:
    return Takedown.of(what, value, "asked for", "2026-11-22")


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "workspace" / "takedowns.csv"
    entries = [
        _entry("iri", IRI),
        _entry("name", hashed_name("Ada Nuthatch")),
        _entry("row", "x#2"),
    ]
    for entry in (*entries, entries[0]):
        add_takedown(path, entry)
    assert read_takedowns(path).entries == tuple(entries)
    assert path.stat().st_mode & 0o077 == 0
    assert "uthatch" not in path.read_text()
    assert entries[0].date == date(2026, 11, 22)


def test_no_list_is_an_empty_one() -> None:
    taken = read_takedowns(None)
    assert not taken.holds(IRI)
    assert not taken.holds_name("Ada Nuthatch")
    assert taken.rows("x") == []


def test_things_names_and_rows_are_told() -> None:
    name = hashed_name("Żak, Łucja")
    taken = Takedowns((_entry("iri", IRI), _entry("name", name), _entry("row", "x#12")))
    assert taken.holds(IRI)
    assert not taken.holds(IRI + "c")
    assert taken.keys(Identity(), "organisation") == ["a b"]
    assert taken.keys(Identity(), "project") == []
    assert taken.keys(Identity("https://example.org/"), "organisation") == []
    assert all(map(taken.holds_name, ("Żak, Łucja", "LUCJA ZAK", " Łucja  żak ")))
    assert not any(map(taken.holds_name, ("Żak", "Łucja Żakowa", "", "…")))
    assert taken.rows("x") == [12]
    assert taken.rows("y") == []


def test_names_are_salted_and_share_a_salt() -> None:
    first, second = hashed_name("Ada Nuthatch"), hashed_name("Ada Nuthatch")
    assert first != second
    salts = salts_of(Takedowns((_entry("name", first),)))
    assert hashed_name("Nuthatch, ADA", salts) == first
    assert plain_name("Йорданка ПЕПЕРУДСКА") == plain_name("peperudska yordanka")
    with pytest.raises(ValueError, match="no letters"):
        hashed_name(" — ")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("page,x,asked,2026-11-22", "'page' is none of iri, name, row"),
        ("iri,no address,asked,2026-11-22", "no absolute address"),
        ("name,Ada Nuthatch,asked,2026-11-22", "sha256:SALT:HASH"),
        ("row,x12,asked,2026-11-22", "no source and row"),
        ("row,x#0,asked,2026-11-22", "no source and row"),
        ("row,x#1,,2026-11-22", "the reason"),
        ("row,x#1,=1+1,2026-11-22", "the reason"),
        ("row,x#1,asked,22.11.2026", "no day"),
        ("row,x#1,asked,2026-02-30", "day is out of range"),
        ("row,x#1,asked", "3 cells"),
        ('row,"x#1,asked,2026-11-22', "line 2"),
    ],
)
def test_a_wrong_line_is_told_with_its_place(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "takedowns.csv"
    path.write_text(f"what,value,reason,date\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"takedowns.csv: line 2") as raised:
        read_takedowns(path)
    assert told in str(raised.value)
    assert "Nuthatch" not in str(raised.value)


def test_a_list_that_is_none_is_told(tmp_path: Path) -> None:
    path = tmp_path / "takedowns.csv"
    with pytest.raises(InputError, match="no such list"):
        read_takedowns(path)
    path.write_bytes(b"\xff")
    with pytest.raises(InputError, match="UTF-8"):
        read_takedowns(path)
    path.write_text("a,b\n", encoding="utf-8")
    with pytest.raises(InputError, match="the columns are to be what,value,reason,date"):
        read_takedowns(path)


def test_a_release_tells_what_was_applied_without_telling_what_it_was(tmp_path: Path) -> None:
    taken = Takedowns((_entry("iri", IRI), _entry("name", hashed_name("Ada Nuthatch"))))
    taken.write_applied(tmp_path)
    applied = Applied.read(tmp_path)
    assert applied.marks == {entry.mark for entry in taken.entries}
    assert applied.holds(IRI)
    assert not applied.holds(IRI + "c")
    assert applied.holds("Nuthatch Ada", literal=True)
    assert not applied.holds("Ada", literal=True)
    assert "organisation" not in (tmp_path / "takedowns.json").read_text()
    (tmp_path / "takedowns.json").write_text("[]")
    assert Applied.read(tmp_path) == Applied()
    assert not Applied().holds(IRI)


def _publish(releases: Releases, taken: Takedowns, *, days: int = 0) -> int:
    number = releases.next_number()
    manifest = Manifest(
        number=number,
        created=datetime.now(UTC) - timedelta(days=days),
        base="http://localhost:8000/",
        digest="0",
        statements=0,
        quads=0,
        conforms=True,
        software="1",
        ontology="1",
        sources=(),
    )
    with releases.draft() as draft:
        (draft / "release").mkdir()
        taken.write_applied(draft / "release")
        releases.publish(draft / "release", manifest)
    return number


def test_releases_without_a_takedown_go_and_others_stay(tmp_path: Path) -> None:
    releases, one = Releases(tmp_path), Takedowns((_entry("iri", IRI),))
    both = Takedowns((*one.entries, _entry("row", "x#1")))
    for taken in (Takedowns(), one, both):
        _publish(releases, taken)
    assert retire(releases, Takedowns()) == []
    assert retire(releases, one) == [1]
    assert retire(releases, both) == [2]
    assert releases.numbers() == [3]
    _publish(releases, Takedowns())
    assert retire(releases, both) == []  # the served one stays; the next build replaces it
    assert releases.numbers() == [3, 4]


def test_releases_of_some_age_go(tmp_path: Path) -> None:
    releases = Releases(tmp_path)
    for days in (40, 20, 31):
        _publish(releases, Takedowns(), days=days)
    assert retire(releases, Takedowns()) == []
    assert retire(releases, Takedowns(), 30) == [1]  # the served one stays, however old it is
    assert releases.numbers() == [2, 3]


def test_a_damaged_release_goes_only_where_a_rule_asks_what_it_is(tmp_path: Path) -> None:
    releases = Releases(tmp_path)
    for _ in range(2):
        _publish(releases, Takedowns())
    (tmp_path / "releases" / "000001" / "manifest.json").write_text("{")
    assert retire(releases, Takedowns()) == []
    assert retire(releases, Takedowns((_entry("iri", IRI),))) == [1]


OTHER = "http://localhost:8000/id/organisation/a%20bc"
TOLD: dict[str, dict[str, Any]] = {
    "of it": {"about": IRI, "reason": "It moved"},
    "leads to it": {"about": OTHER, "value": IRI},
    "instead of it": {"about": OTHER, "instead": f"<{IRI}>"},
    "by its key": {"about": OTHER, "value": "organisation/a%20b"},
    "names it": {"about": OTHER, "reason": "led by Nuthatch, Ada until May"},
    "of another": {"about": OTHER, "reason": "led by Ada Nuthatcher"},
    "refused lately": {"about": OTHER, "reason": "no", "decided": 29},
    "refused long ago": {"about": OTHER, "reason": "no", "decided": 31},
    "open for long": {"about": OTHER, "reason": "no", "proposed": 31},
}


@pytest.mark.parametrize(
    ("entries", "days", "gone"),
    [
        ([], None, set()),
        ([_entry("iri", IRI)], None, {"of it", "leads to it", "instead of it", "by its key"}),
        ([_entry("name", hashed_name("ada NUTHATCH"))], None, {"names it"}),
        ([], 30, {"refused long ago"}),
    ],
    ids=["nothing", "address", "name", "age"],
)
def test_what_readers_propose_goes_with_what_it_names_and_when_it_is_old(
    entries: list[Takedown], days: int | None, gone: set[str], tmp_path: Path
) -> None:
    releases, corrections, now = Releases(tmp_path), Corrections(tmp_path), datetime.now(UTC)
    _publish(releases, Takedowns())
    for place, about in enumerate(TOLD.values()):
        ages = {
            name: now - timedelta(days=about[name])
            for name in ("proposed", "decided")
            if isinstance(about.get(name), int)
        }
        given = {"proposed": now, "id": f"{place:016x}", "release": 1, **about, **ages}
        corrections.add(Correction.model_validate(given))
    retire(releases, Takedowns(tuple(entries)), days)
    left = {list(TOLD)[int(item.id, 16)] for item in corrections.all()}
    assert set(TOLD) - left == gone


def test_a_recording_of_another_graph_goes_with_what_it_names(tmp_path: Path) -> None:
    releases = Releases(tmp_path)
    _publish(releases, Takedowns())
    (tmp_path / "federated").mkdir()
    for name, value in (("gone", "Nuthatch, Ada"), ("kept", "Ada Nuthatcher")):
        bindings = [{"x": {"type": "literal", "value": value}}]
        document = {"head": {"vars": ["x"]}, "results": {"bindings": bindings}}
        (tmp_path / "federated" / f"{name}.srj").write_text(json.dumps(document), "utf-8")
    (tmp_path / "federated" / "damaged.srj").write_text("{", "utf-8")
    retire(releases, Takedowns((_entry("name", hashed_name("Ada Nuthatch")),)))
    assert {path.stem for path in (tmp_path / "federated").iterdir()} == {"kept", "damaged"}
