"""Places and spans say what the statements say: counted again from the store, one by one."""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from decimal import Decimal
from itertools import combinations

import pytest

from graph.dataset import Dataset
from graph.engine import Query
from graph.errors import NotFoundError, ParameterError
from graph.facts import Facts, build, stamp
from graph.facts.behind import behind
from graph.facts.money_places import money_places
from graph.facts.narrowing import years
from graph.facts.places import Region, at_level, is_region, placed_kinds, places
from graph.facts.selection import select
from graph.facts.spans import DATED, fitting_kinds, spans
from graph.formats import GRAPH_FORMATS
from graph.identity import Identity
from graph.listing import FILTERS
from graph.store import Store

PREFIX = "PREFIX sikg: <https://w3id.org/sikg/ontology#> "
BASE = "http://localhost:8000/id/"
PLACES = """
@prefix sikg: <https://w3id.org/sikg/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix id: <http://localhost:8000/id/> .
@prefix o: <http://localhost:8000/id/organisation/> .
<http://localhost:8000/id/country/EE> a sikg:Country ; skos:prefLabel "Estonia"@en .
<http://localhost:8000/id/region/EE008> a sikg:Region ; skos:prefLabel "EE008"@zxx .
<http://localhost:8000/id/region/EE009> a sikg:Region ; skos:prefLabel "EE009"@zxx .
<http://localhost:8000/id/region/south> a sikg:Region ; skos:prefLabel "South"@en .
<http://localhost:8000/id/project/wide> a sikg:Project ;
  sikg:region <http://localhost:8000/id/region/EE008>, <http://localhost:8000/id/region/EE009> ;
  sikg:funding <http://localhost:8000/id/funding/wide> .
<http://localhost:8000/id/project/narrow> a sikg:Project ;
  sikg:region <http://localhost:8000/id/region/EE008>, <http://localhost:8000/id/region/south> ;
  sikg:funding <http://localhost:8000/id/funding/narrow> .
<http://localhost:8000/id/programme/measure> a sikg:Strand .
<http://localhost:8000/id/project/known> a sikg:Project ;
  sikg:fundedBy <http://localhost:8000/id/programme/measure> ;
  sikg:region <http://localhost:8000/id/region/EE009> ;
  sikg:funding <http://localhost:8000/id/funding/known> .
<http://localhost:8000/id/funding/wide> a sikg:Funding ; sikg:amount 5.0 ; sikg:currency "EUR" ;
  sikg:fundingKind <http://localhost:8000/id/funding-kind/eu> ;
  sikg:fundingPhase <http://localhost:8000/id/funding-phase/paid> .
<http://localhost:8000/id/funding/narrow> a sikg:Funding ; sikg:amount 70.0 ; sikg:currency "EUR" ;
  sikg:fundingKind <http://localhost:8000/id/funding-kind/eu> ;
  sikg:fundingPhase <http://localhost:8000/id/funding-phase/paid> .
<http://localhost:8000/id/funding/known> a sikg:Funding ; sikg:amount 900.0 ; sikg:currency "EUR" ;
  sikg:fundingKind <http://localhost:8000/id/funding-kind/eu> ;
  sikg:fundingPhase <http://localhost:8000/id/funding-phase/paid> .
o:near a sikg:Organisation ; sikg:latitude 58.381 ; sikg:longitude 26.721 ;
  sikg:country <http://localhost:8000/id/country/EE> ;
  sikg:region <http://localhost:8000/id/region/EE008> .
o:nearer a sikg:Organisation ; sikg:latitude 58.382 ; sikg:longitude 26.722 .
o:far a sikg:Organisation ; sikg:latitude -33.9 ; sikg:longitude 18.4 .
o:torn a sikg:Organisation ; sikg:latitude 1.0, 2.0 ; sikg:longitude 3.0 .
o:half a sikg:Organisation ; sikg:latitude 1.0 .
o:nowhere a sikg:Organisation ; sikg:latitude 91.0 ; sikg:longitude 3.0 .
<http://localhost:8000/id/policy/act> a sikg:Policy ; sikg:documentDate "2021-03-04"^^xsd:date .
<http://localhost:8000/id/policy/plan> a sikg:Policy .
<http://localhost:8000/id/practice/torn> a sikg:Practice ;
  sikg:startDate "2021-05"^^xsd:gYearMonth, "2021-05-14"^^xsd:date ;
  sikg:endDate "2023"^^xsd:gYear, "2022"^^xsd:gYear .
<http://localhost:8000/id/practice/odd> a sikg:Practice ; sikg:startDate "soon" .
"""


def _pairs(dataset: Dataset, text: str) -> list[tuple[str, str]]:
    found = dataset.store.select(Query(PREFIX + text))
    return [tuple(str(cell) for cell in pair) for pair in zip(  # type: ignore[misc]
        found.values("a"), found.values("b"), strict=True
    )]  # fmt: skip


def _key(iri: str) -> str:
    return iri.rsplit("/", 1)[1]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """Make the facts of a few things, some with coordinates."""
    folder = tmp_path_factory.mktemp("places")
    store = Store.create(folder / "store")
    store.load(io.BytesIO(PLACES.encode()), GRAPH_FORMATS[0])
    build(store, Identity(), folder / "facts")
    stamp(folder / "facts", 1, "0")
    return Facts(folder / "facts")


@pytest.mark.parametrize("kind", ["organisation", "practice", "consortium"])
def test_countries_have_as_many_things_as_the_store_says(dataset: Dataset, kind: str) -> None:
    (path,) = [item.paths[kind] for item in FILTERS if item.name == "country"]
    pairs = set(_pairs(dataset, f"SELECT ?a ?b {{ ?a {path} ?b }}"))
    of_kind = {pair for pair in pairs if pair[0].startswith(f"{BASE}{kind}/")}
    found = places(dataset.facts, kind, {})
    assert dict(found.countries) == Counter(_key(country) for _, country in of_kind)
    held = Counter(thing for thing, _ in of_kind)
    assert found.things - found.unknown == len(held)
    assert found.several == sum(number > 1 for number in held.values())


def test_arcs_are_what_both_countries_take_part_in(dataset: Dataset) -> None:
    pairs = _pairs(
        dataset,
        "SELECT DISTINCT ?a ?b { ?p sikg:participatesIn ?a ; sikg:participant/sikg:country ?b }",
    )
    seats: dict[str, set[str]] = defaultdict(set)
    for what, country in pairs:
        seats[what].add(_key(country))
    expected = Counter(
        pair for countries in seats.values() for pair in combinations(sorted(countries), 2)
    )
    found = places(dataset.facts, "participation", {}).arcs
    assert {(one, other): number for one, other, number in found} == expected
    assert len(found) > 50


def test_filters_take_several_keys_the_unknown_and_ranges_of_years(dataset: Dataset) -> None:
    def kept(**chosen: str) -> set[int]:
        made = select(dataset.facts, "practice", chosen)
        return {thing for (thing,) in dataset.facts.ask(made.sql, made.values)}

    everything = kept()
    assert kept(country="EE,LV") == kept(country="EE") | kept(country="LV")
    assert kept(country="EE,unknown") == kept(country="EE") | kept(country="unknown")
    known = set().union(*(kept(period=str(year)) for year in range(1900, 2100)))
    assert kept(period="unknown") == everything - known
    assert kept(period="2016-2018,2020") == set().union(
        *(kept(period=year) for year in ("2016", "2017", "2018", "2020"))
    )
    assert kept(country="EE", period="2019-2024") == kept(country="EE") & kept(period="2019-2024")
    assert kept(country="EE")
    assert kept(country="unknown")
    assert kept(period="unknown")


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"country": "Estonia"}, "country cannot be “Estonia”"),
        ({"country": "EE;LV"}, "several divided by commas"),
        ({"role": "partner"}, "practice has no facet “role”"),
        ({"period": "2027-2021"}, "period cannot be “2027-2021”"),
        ({"period": "21"}, "a range such as 2021-2027"),
        ({"period": "2021,x"}, "“x”"),
    ],
)
def test_impossible_filters_are_refused(
    dataset: Dataset, chosen: dict[str, str], told: str
) -> None:
    with pytest.raises(ParameterError, match=told):
        places(dataset.facts, "practice", chosen)


def test_what_has_no_country_is_refused_and_told(dataset: Dataset) -> None:
    with pytest.raises(ParameterError, match="organisation"):
        places(dataset.facts, "programme", {})
    with pytest.raises(NotFoundError, match="did you mean practice"):
        places(dataset.facts, "practise", {})
    assert {"organisation", "practice", "consortium"} <= set(placed_kinds(dataset.facts))
    assert "programme" not in placed_kinds(dataset.facts)


def test_years_are_read_with_both_ends() -> None:
    assert years("2021, 2014-2020 ,unknown") == [("2021", "2021"), ("2014", "2020")]


def test_spots_gather_what_is_near_and_leave_out_what_is_torn(small: Facts) -> None:
    found = places(small, "organisation", {})
    assert [(spot.things, round(spot.latitude, 3)) for spot in found.spots] == [
        (2, 58.382),
        (1, -33.9),
    ]
    assert found.located == 3
    assert found.spots[1].one == f"{BASE}organisation/far"
    assert found.regions == (Region("EE008", 1, ("EE008",)),)
    assert found.regionless == 5
    assert (found.things, found.unknown) == (6, 5)


def test_regions_are_gathered_by_the_beginning_of_their_codes(small: Facts) -> None:
    found = places(small, "project", {}, 2)
    assert found.regions == (
        Region("EE00", 3, ("EE008", "EE009")),
        Region("south", 1, ("south",)),
    )
    assert {one.key: one.things for one in places(small, "project", {}, 3).regions} == {
        "EE008": 2,
        "EE009": 2,
        "south": 1,
    }
    assert (at_level("EE008", 1), at_level("EE0", 2), at_level("south", 1)) == (
        "EE0",
        "EE0",
        "south",
    )
    assert is_region("EE00", 2)
    assert not is_region("EE0", 2)
    assert not is_region("south", 3)


def test_money_of_regions_adds_up_once_and_what_several_share_stands_apart(small: Facts) -> None:
    def told(level: int) -> dict[tuple[str, ...], Decimal]:
        return {one.places: one.sum for one in money_places(small, {}, None, level).sums}

    assert told(3) == {
        ("EE009",): Decimal(900),
        ("EE008", "south"): Decimal(70),
        ("EE008", "EE009"): Decimal(5),
    }
    # Within one region of a coarser level nothing is shared.
    assert told(2) == {("EE00",): Decimal(905), ("EE00", "south"): Decimal(70)}
    (known, _) = money_places(small, {}, None, 2).sums
    assert set(known.of) == {("EE009",), ("EE008", "EE009")}
    assert told(0) == {(): Decimal(975)}


def test_a_strand_whose_whole_is_not_known_is_no_fund(small: Facts) -> None:
    found, _ = behind(small, {"programme": "measure"}, 10)
    ((known,),) = [[row.keys for row in found]]
    assert (known["strand"], known["programme"], known["fund"]) == (("measure",), ("measure",), ())


def test_spans_have_the_first_beginning_and_the_last_end(small: Facts) -> None:
    found = spans(small, DATED, {}, 10, 0)
    (act, torn) = found.spans
    assert (_key(act.iri), act.begin, act.end, act.differ) == ("act", "2021-03-04", None, False)
    assert (_key(torn.iri), torn.begin, torn.end, torn.differ) == ("torn", "2021-05", "2023", True)
    assert found.undated == {"policy": 1, "practice": 1, "programme": 1, "project": 3}
    assert found.years == (("policy", "2021", 1), ("practice", "2021", 1))
    without = spans(small, ("practice", "policy"), {"period": "unknown"}, 10, 0)
    assert sorted(_key(span.iri) for span in without.spans) == ["odd", "plan"]


def test_pages_of_spans_are_the_whole_in_order(dataset: Dataset) -> None:
    whole = spans(dataset.facts, DATED, {}, 1000, 0)
    assert whole.total == len(whole.spans) == sum(number for *_, number in whole.years)
    assert [span.begin for span in whole.spans] == sorted(span.begin or "" for span in whole.spans)
    parts = [spans(dataset.facts, DATED, {}, 50, start).spans for start in range(0, 200, 50)]
    assert tuple(span for part in parts for span in part) == whole.spans
    assert spans(dataset.facts, DATED, {}, 50, 10_000).total == whole.total


def test_a_period_keeps_what_begins_in_it_and_the_years_tell_all(dataset: Dataset) -> None:
    whole = spans(dataset.facts, DATED, {}, 1000, 0)
    some = spans(dataset.facts, DATED, {"period": "2016-2017"}, 1000, 0)
    assert some.years == whole.years
    expected = [span for span in whole.spans if "2016" <= (span.begin or "")[:4] <= "2017"]
    assert list(some.spans) == expected
    assert expected


def test_only_kinds_that_have_the_filter_are_kept() -> None:
    assert fitting_kinds(DATED, {"theme": "employment", "period": "2020"}) == (
        "project", "consortium", "practice", "policy", "event",
    )  # fmt: skip
    assert fitting_kinds(DATED, {"role": "partner"}) == ()


def test_sums_of_money_are_of_one_sort_and_add_up(dataset: Dataset) -> None:
    found = money_places(dataset.facts, {})
    assert len(found.sorts) > 1
    for sort, amounts in found.sorts:
        one = money_places(dataset.facts, {}, sort.name)
        assert one.chosen == sort
        assert sum(item.amounts for item in one.sums) == amounts
    with pytest.raises(ParameterError, match=r"total\.approved\.EUR"):
        money_places(dataset.facts, {}, "total.approved.XXX")


def test_money_of_a_period_is_that_of_its_years(dataset: Dataset) -> None:
    sort = "total.approved.EUR"
    whole = money_places(dataset.facts, {}, sort)
    parts = [
        money_places(dataset.facts, {"period": period}, sort)
        for period in ("0000-2018", "2019-9999")
    ]
    unknown = money_places(dataset.facts, {"period": "0000-9999,unknown"}, sort)
    assert unknown.sums == whole.sums
    known = money_places(dataset.facts, {"period": "0000-9999"}, sort)
    total = sum(item.sum for part in parts for item in part.sums)
    assert total == sum(item.sum for item in known.sums)


def test_dates_on_which_sources_differ_are_told(dataset: Dataset) -> None:
    found = spans(dataset.facts, ("consortium",), {}, 1000, 0).spans
    by_key = {span.iri.rpartition("/")[2]: span for span in found}
    esia = by_key["esia"]
    assert (esia.begin, esia.differ) == ("2021-05", True)
    assert not all(span.differ for span in found)
