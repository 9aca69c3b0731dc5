"""Filters over all kinds of things: they keep what the store says, and counts keep their word."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graph.dataset import Dataset
from graph.errors import NotFoundError, ParameterError
from graph.facts.finding import Finder, Sort, Wanted
from graph.facts.found import Counted, values_of
from graph.facts.narrowing import known_filters
from graph.facts.reading import MADE, Facts
from graph.listing import FILTERS, Filter, list_entities

_ALL = 10_000


def found(dataset: Dataset, sort: Sort = Sort.FIT, **filters: str) -> list[str]:
    chosen = {name.replace("_", "-"): text for name, text in filters.items()}
    things = Finder(dataset.facts, Wanted(chosen, sort=sort)).things(_ALL)
    return [thing.iri for thing in things]


def facet(dataset: Dataset, name: str, filters: dict[str, str], most: int = _ALL) -> Counted:
    facets = Finder(dataset.facts, Wanted(filters)).facets(most)
    return next(item for item in facets if item.name == name)


CASES = [
    (item.name, kind)
    for item in FILTERS
    for kind in item.paths
    if kind in {"practice", "consortium"}
] + [
    ("broader", "theme"),
    ("consortium", "organisation"),
    ("programme", "funding"),
    ("policy", "programme"),
    ("policy", "policy"),
]


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_a_filter_keeps_what_the_store_lists(dataset: Dataset, name: str, kind: str) -> None:
    item = next(item for item in FILTERS if item.name == name and kind in item.paths)
    kept = 0
    for key in _keys(dataset, item, kind):
        listed = list_entities(
            dataset.store, dataset.identity, kind, chosen={name: key}, limit=_ALL
        )
        things = Finder(dataset.facts, Wanted({"kind": kind, name: key})).things(_ALL)
        assert {thing.iri for thing in things} == set(listed.things)
        kept += len(things)
    assert kept or (name, kind) == ("region", "practice")  # of which curated ones state none


def _keys(dataset: Dataset, item: Filter, kind: str) -> list[str]:
    """Give some values of a filter: those with most things, and others, which may have none."""
    values = list_entities(dataset.store, dataset.identity, item.segment, chosen={}, limit=400)
    read = [
        dataset.identity.parse(value) for value in values.things[:: len(values.things) // 6 or 1]
    ]
    facets = Finder(dataset.facts, Wanted({"kind": kind})).facets(3)
    most = [value.key for facet in facets if facet.name == item.name for value in facet.values]
    return [*most, *(reference.key for reference in read if reference is not None)]


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"kind": "practice"},
        {"kind": "practice,organisation"},
        {"kind": "practice", "country": "EE,LV"},
        {"country": "EE"},
        {"theme": "employment,social-inclusion", "period": "2010-2022"},
    ],
)
def test_a_count_is_what_choosing_it_gives(dataset: Dataset, filters: dict[str, str]) -> None:
    counted = Finder(dataset.facts, Wanted(filters)).facets(3)
    assert {item.name for item in counted} >= {"kind", "country", "theme"}
    for item in counted:
        others = {name: text for name, text in filters.items() if name != item.name}
        for value in item.values:
            finder = Finder(dataset.facts, Wanted({**others, item.name: value.key}))
            assert finder.total() == len(finder.things(_ALL)) == value.count, (item.name, value)
            assert value.chosen == (value.key in filters.get(item.name, "").split(","))
        if item.unknown is not None:
            finder = Finder(dataset.facts, Wanted({**others, item.name: "unknown"}))
            assert finder.total() == item.unknown, item.name


def test_values_of_one_filter_are_either_and_filters_are_both(dataset: Dataset) -> None:
    either = set(found(dataset, kind="practice", country="EE,LV"))
    estonia = set(found(dataset, kind="practice", country="EE"))
    latvia = set(found(dataset, kind="practice", country="LV"))
    assert estonia
    assert latvia - estonia
    assert either == estonia | latvia
    both = set(found(dataset, country="EE", theme="social-inclusion"))
    assert both == set(found(dataset, country="EE")) & set(found(dataset, theme="social-inclusion"))
    assert both


def test_what_a_kind_cannot_have_leaves_nothing(dataset: Dataset) -> None:
    wanted = Wanted({"kind": "programme", "country": "EE"})
    finder = Finder(dataset.facts, wanted)
    assert finder.total() == 0
    assert finder.things(10) == []
    assert finder.without("country") == len(found(dataset, kind="programme"))
    assert finder.without("kind") == len(found(dataset, country="EE"))


def test_a_period_is_a_span_or_years(dataset: Dataset) -> None:
    years = {int(value.key): value.count for value in facet(dataset, "period", {}).values}
    span = len(found(dataset, period="2014-2020"))
    assert span == sum(count for year, count in years.items() if 2014 <= year <= 2020)
    assert span > years[2016] > 0
    assert len(found(dataset, period="2016,2018")) == years[2016] + years[2018]


def test_years_are_in_their_order(dataset: Dataset) -> None:
    years = [value.key for value in facet(dataset, "period", {}, most=5).values]
    assert len(years) == 5
    assert years == sorted(years, reverse=True)


def test_words_narrow_and_order(dataset: Dataset) -> None:
    hits = [hit.iri for hit in dataset.search.search("social innovation", limit=200)]
    every = Finder(dataset.facts, Wanted({}, hits)).things(_ALL)
    assert [thing.iri for thing in every] == hits
    kept = Finder(dataset.facts, Wanted({"kind": "practice"}, hits)).things(_ALL)
    assert [thing.iri for thing in kept] == [iri for iri in hits if "/practice/" in iri]
    assert kept
    assert Finder(dataset.facts, Wanted({}, [])).total() == 0


def test_orders(dataset: Dataset) -> None:
    things = Finder(dataset.facts, Wanted({"kind": "event"}, sort=Sort.NEWEST)).things(_ALL)
    values = values_of(dataset.facts, things)
    years = [values.get(thing.number, {}).get("period", [(None, "")])[0][1] for thing in things]
    assert years == sorted(years, reverse=True)
    assert years[0] > "2015"
    newest = found(dataset, Sort.NEWEST, kind="event", period="1900-2100")
    assert found(dataset, Sort.OLDEST, kind="event", period="1900-2100") != newest
    by_name = Finder(dataset.facts, Wanted({"kind": "country"}, sort=Sort.NAME)).things(4)
    assert [thing.key for thing in by_name] == ["AL", "AT", "BE", "BA"]  # by their names in English


def test_pages_cover_everything_once(dataset: Dataset) -> None:
    finder = Finder(dataset.facts, Wanted({"kind": "practice,policy"}))
    pages = [finder.things(40, offset) for offset in range(0, 400, 40)]
    every = [thing.iri for page in pages for thing in page]
    assert len(every) == len(set(every)) == finder.total()


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({"country": "ESTONIA"}, "country cannot be “ESTONIA”"),
        ({"theme": "employmnt"}, "did you mean employment"),
        ({"kind": "practise"}, "did you mean practice"),
        ({"period": "20"}, "period cannot be “20”"),
        ({"period": "2020-2010"}, "period cannot be"),
        ({"colour": "red"}, "there is no filter “colour”"),
        ({"organisation": "x" * 1000}, "organisation cannot be “xxx"),
    ],
)
def test_what_is_impossible_is_told(dataset: Dataset, filters: dict[str, str], said: str) -> None:
    with pytest.raises(ParameterError) as told:
        Finder(dataset.facts, Wanted(filters))
    assert said in str(told.value)
    assert len(str(told.value)) < 500


def test_every_filter_can_be_asked(dataset: Dataset) -> None:
    for name in known_filters():
        value = "practice" if name == "kind" else "unknown"
        assert Finder(dataset.facts, Wanted({name: value})).total() >= 0


def test_facts_of_another_version_say_so(dataset: Dataset, tmp_path: Path) -> None:
    for file in dataset.release.facts_path.iterdir():
        if file.name != MADE:
            (tmp_path / file.name).symlink_to(file)
    made = json.loads((dataset.release.facts_path / MADE).read_text("utf-8"))
    (tmp_path / MADE).write_text(json.dumps({**made, "shape": made["shape"] - 1}), "utf-8")
    facts = Facts(tmp_path)
    facts.open()  # which is left to whoever asks, and is told
    with pytest.raises(NotFoundError, match="another version: build it again"):
        Finder(facts, Wanted({})).total()
