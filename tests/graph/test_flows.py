"""Flows, filters and the rows behind sums, against a count by hand of the same rows."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest

from graph.dataset import Dataset
from graph.errors import ParameterError
from graph.facts.amounts import Amounts
from graph.facts.behind import Amount, behind
from graph.facts.dimensions import TABLES
from graph.facts.filtering import Wanted, band
from graph.facts.flows import OTHERS, Flow, flows

FUNDING = TABLES["funding"]
ALL = 100_000
WAYS = [
    ("fund", "country", "theme"),
    ("fund", "strand", "project", "organisation", "country", "theme"),
    ("year", "of"),
    ("organisation", "target-group"),
]


@pytest.fixture(scope="module")
def rows(dataset: Dataset) -> list[Amount]:
    """Give every amount and everything without any."""
    found, total = behind(dataset.facts, {}, ALL)
    assert len(found) == total > 100
    return found


def _key(row: Amount, name: str) -> str | None:
    return "; ".join(row.keys[name]) or None


def _sort(row: Amount) -> tuple[str | None, ...]:
    return tuple(_key(row, name) for name in ("kind", "phase", "currency"))


def _sum(rows: list[Amount]) -> tuple[int, Decimal | None, int, int]:
    added = [row.value for row in rows if row.adds and row.value is not None]
    return (
        sum(not row.missing and not row.disputed for row in rows),
        sum(added, Decimal(0)) if added else None,
        sum(row.disputed for row in rows),
        sum(row.missing for row in rows),
    )


def _of(flow: Flow, at: tuple[int, str | None]) -> tuple[int, Decimal | None, int, int]:
    money = flow.bands[at]
    return money.amounts, money.sum, money.disputed, money.missing


@pytest.mark.parametrize("through", WAYS, ids=",".join)
def test_flows_are_the_sums_of_rows(
    dataset: Dataset, rows: list[Amount], through: tuple[str, ...]
) -> None:
    found = flows(dataset.facts, through, {}, ALL)
    assert {flow.sort for flow in found} == {_sort(row) for row in rows}
    for flow in found:
        own = [row for row in rows if _sort(row) == flow.sort]
        bands = defaultdict(list)
        links = defaultdict(list)
        for row in own:
            for step, name in enumerate(through):
                bands[step, _key(row, name)].append(row)
            for step, (one, other) in enumerate(pairwise(through)):
                links[step, _key(row, one), _key(row, other)].append(row)
        assert set(flow.bands) == set(bands)
        for at, held in bands.items():
            assert _of(flow, at) == _sum(held)
        assert set(flow.links) == set(links)
        for ends, held in links.items():
            money = flow.links[ends]
            assert (money.amounts, money.sum, money.disputed, money.missing) == _sum(held)


@pytest.mark.parametrize("top", [1, 3])
def test_the_largest_are_told_apart_and_the_rest_is_one(dataset: Dataset, top: int) -> None:
    way = ("country", "theme")
    whole = {flow.sort: flow for flow in flows(dataset.facts, way, {}, ALL)}
    for flow in flows(dataset.facts, way, {}, top):
        full = whole[flow.sort]
        for step in range(len(way)):
            known = [key for at, key in full.bands if at == step and key is not None]
            drawn = [key for at, key in flow.bands if at == step and key not in {None, OTHERS}]
            assert len(drawn) == min(top, len(known))
            least = min((full.bands[step, key].sum or 0 for key in drawn), default=0)
            left = [full.bands[step, key] for key in known if key not in drawn]
            assert all((money.sum or 0) <= least for money in left)
            if left:
                assert flow.others[step] == len(left)
                assert flow.bands[step, OTHERS].amounts == sum(money.amounts for money in left)
            else:
                assert step not in flow.others


@pytest.mark.parametrize("name", [item.name for item in FUNDING.dimensions])
def test_a_band_is_found_again_by_its_filter(
    dataset: Dataset, rows: list[Amount], name: str
) -> None:
    """The filter of a band finds exactly its rows: no more, as one by a key would, and no fewer."""
    held = defaultdict(list)
    for row in rows:
        held[row.keys[name]].append(row.iri)
    for keys, iris in list(held.items())[:8]:
        found, total = behind(dataset.facts, {name: band(keys or None)}, ALL)
        assert sorted(row.iri for row in found) == sorted(iris)
        assert total == len(iris)


def test_a_key_finds_what_has_it_with_others_too(dataset: Dataset, rows: list[Amount]) -> None:
    alone, _ = behind(dataset.facts, {"country": "only:EE"}, ALL)
    either, _ = behind(dataset.facts, {"country": "EE"}, ALL)
    assert [row.keys["country"] for row in alone] == [("EE",)] * len(alone)
    assert {row.iri for row in either} == {row.iri for row in rows if "EE" in row.keys["country"]}
    assert len(either) > len(alone) > 0
    both, _ = behind(dataset.facts, {"country": "only:EE,unknown"}, ALL)
    assert {row.keys["country"] for row in both} == {("EE",), ()}


def test_a_strand_is_the_most_exact_part_that_pays(rows: list[Amount]) -> None:
    by_project = {row.keys["project"]: row for row in rows}
    first = by_project["consortium/esia",]
    assert first.keys["strand"] == ("call-vp-2020-010",)
    assert first.keys["fund"] == ("easi-2014-2020", "esf-2014-2020", "esf-plus")
    assert len(first.keys["organisation"]) > 3
    alone = by_project["practice/lv-social-entrepreneurship",]
    assert alone.keys["strand"] == ()


def test_rows_come_in_pages_the_largest_first(dataset: Dataset, rows: list[Amount]) -> None:
    values = [row.value for row in rows if row.adds and row.value is not None]
    assert values == sorted(values, reverse=True)
    page, total = behind(dataset.facts, {}, 7, 5)
    assert [row.iri for row in page] == [row.iri for row in rows[5:12]]
    assert total == len(rows)


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        ({"project": "esia"}, "kind/key"),
        ({"project": "consortium/nobody"}, "kind/key"),
        ({"country": "only:EE;QQ"}, "“QQ”"),
        ({"country": "only:"}, "country cannot be"),
        ({"year": "20"}, "four digits"),
        ({"currency": "EUX"}, "did you mean EUR"),
        ({"organisation": "ee-kyks"}, "did you mean ee-kysk"),
    ],
)
def test_impossible_filters_are_refused(
    dataset: Dataset, filters: dict[str, str], told: str
) -> None:
    with pytest.raises(ParameterError, match=told):
        behind(dataset.facts, filters, 1)


def test_filters_are_read_and_written() -> None:
    wanted = Wanted.read("EE, only:LV;LT,unknown")
    assert wanted == Wanted(("EE",), (("LV", "LT"),), unknown=True)
    programme = FUNDING.dimension("programme")
    assert Wanted.read("esf-plus").columns(programme) == {"payer"}
    assert Wanted.read("only:esf-plus,unknown").columns(programme) == {"programme"}
    assert band(("EE", "LV")) == "only:EE;LV"
    assert band(None) == "unknown"


@pytest.mark.parametrize("largest", [10**8, 10**17, 10**27])
def test_sums_are_exact_however_large_amounts_are(largest: int) -> None:
    chance = random.Random(largest)  # noqa: S311  # nothing is kept secret by it
    units = [chance.randrange(-largest, largest) for _ in range(500)]
    bits = 53 - len(units).bit_length()
    parts = [
        np.array(
            [
                float(math.copysign(abs(unit) >> bits * part & (1 << bits) - 1, unit))
                for unit in units
            ]
        )
        for part in range(-(-largest.bit_length() // bits))
    ]
    lines = Amounts(np.ones(500, np.int32), np.zeros(500, np.int8), parts, bits, 1)
    keys = np.array([chance.randrange(7) for _ in units])
    sums = lines.sums(keys, 7, slice(None))
    by_hand = [
        sum(unit for unit, key in zip(units, keys, strict=True) if key == of) for of in range(7)
    ]
    assert [total for _, total, _, _ in sums.numbers()] == [
        Decimal(f"{total}e-6") for total in by_hand
    ]
    (whole,) = sums.merged(np.zeros(7, int)).numbers()
    assert whole == (500, Decimal(f"{sum(units)}e-6"), 0, 0)
