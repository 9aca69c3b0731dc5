"""Shrinking: the build stops when a source loses half of its rows, unless that is allowed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from graph.errors import ShrunkError
from graph.identity import DEFAULT_BASE
from graph.release import Manifest, Release, SourceEntry
from loaders.building.build import Inputs, build
from loaders.building.shrinking import refuse_shrunk, served
from tests.loaders.conftest import PRACTICES, Bench


def rows(count: int) -> str:
    return "id,name\n" + "".join(f"{number},A\n" for number in range(count))


def release(read: int, loaded: int, name: str = "things") -> Manifest:
    """Describe a release in which a source had so many rows."""
    entry = SourceEntry(
        name=name,
        title="Things",
        publisher="Somebody",
        licence="https://example.org/",
        file="things.csv",
        sha256="",
        mapping_version="1",
        rows_read=read,
        rows_loaded=loaded,
        rows_quarantined=read - loaded,
    )
    return Manifest(
        number=7,
        created=datetime.now(UTC),
        base=DEFAULT_BASE,
        digest="",
        statements=0,
        quads=0,
        conforms=True,
        software="",
        ontology="",
        sources=(entry,),
    )


def compare(
    bench: Bench, before: Manifest | None, table: str, expect: str = "", allowed: str = ""
) -> None:
    checked = bench.check([bench.mapping(PRACTICES + expect)], things=table)
    refuse_shrunk(checked, before, {allowed})


@pytest.mark.parametrize(("before", "after"), [(10, 5), (11, 5), (4, 2), (1000, 0), (1, 0)])
def test_a_source_that_loses_half_of_its_rows_is_refused(
    bench: Bench, before: int, after: int
) -> None:
    with pytest.raises(ShrunkError) as caught:
        compare(bench, release(before, before), rows(after))
    told = str(caught.value)
    for part in (f"{after} rows", "release 7", f"{before:,}", "things.csv", "things.yaml"):
        assert part in told
    assert "--allow-shrink things" in told
    assert "expect: {shrink: allowed}" in told


@pytest.mark.parametrize(("before", "after"), [(10, 6), (10, 10), (10, 99), (3, 1), (2, 1), (0, 0)])
def test_a_source_may_lose_less_and_a_handful_of_rows_by_hand(
    bench: Bench, before: int, after: int
) -> None:
    compare(bench, release(before, before), rows(after))


def test_rows_that_are_set_aside_are_lost_too(bench: Bench) -> None:
    """The table is as long as ever, but its keys are not filled any more."""
    broken = rows(4) + ",A\n" * 6
    with pytest.raises(ShrunkError, match="would load 4 rows"):
        compare(bench, release(10, 10), broken)
    compare(bench, release(10, 5), broken)


def test_it_can_be_allowed_once_or_for_good(bench: Bench) -> None:
    before = release(10, 10)
    compare(bench, before, rows(1), allowed="things")
    compare(bench, before, rows(1), expect="expect: {shrink: allowed}\n")
    with pytest.raises(ShrunkError):
        compare(bench, before, rows(1), allowed="others")


def test_without_a_release_before_or_without_the_source_in_it_nothing_shrinks(
    bench: Bench,
) -> None:
    compare(bench, None, rows(0))
    compare(bench, release(10, 10, name="others"), rows(0))
    assert served(bench.releases()) is None


def test_a_build_stops_and_the_release_before_stays(bench: Bench) -> None:
    def built(count: int, *allowed: str) -> Release:
        given = bench.inputs(bench.mapping(PRACTICES), things=rows(count))
        inputs = Inputs(given.mappings, given.data, given.identity, may_shrink=frozenset(allowed))
        return build(bench.releases(), inputs)[0]

    built(10)
    with pytest.raises(ShrunkError):
        built(5)
    assert bench.releases().current_number() == 1
    assert built(5, "things").number == 2
