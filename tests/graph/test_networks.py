"""Networks against values worked out by hand: selecting, collapsing, measuring, brokers, gaps."""

from __future__ import annotations

import itertools
import math
import random
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from graph.dataset import Dataset
from graph.engine import Query
from graph.errors import ParameterError, StorageError
from graph.identity import Identity
from graph.network import Label
from graph.networks.asking import Asked, read_asked
from graph.networks.brokering import find_brokers
from graph.networks.collapsing import Disc, Sheet, collapsed, groups_by, plain
from graph.networks.gaps import find_gaps
from graph.networks.keeping import load_projection, write_projection
from graph.networks.measuring import Grouping, adjusted_rand, betweenness, divide, measure
from graph.networks.narrowing import around, between, filtered, number_of, whole
from graph.networks.projection import Drawn, Ground, Projection
from graph.networks.reading import Networks
from graph.networks.simple import Simple
from graph.networks.texts import AllTexts
from graph.networks.ties import NO_REASON, Tie, Ties

HOME = Identity()


def at(name: str) -> str:
    """Give the IRI of a node: small letters are organisations, capitals practices."""
    return HOME.entity("practice" if name.isupper() else "organisation", name)


def made(links: str, *, reasons: str = "", **attributes: dict[str, str]) -> Projection:
    """Make a projection from pairs such as `ab`, each with the reason below it, if any.

    Attributes give the values of some letters, divided by commas; letters of the same sort that
    are left out have none.
    """
    nodes = sorted({letter for link in links.split() for letter in link})
    grounds = sorted(set(reasons.split()) - {"-"})
    each = reasons.split() or ["-"] * len(links.split())
    ties = [
        Tie(
            nodes.index(link[0]),
            nodes.index(link[-1]),
            ((NO_REASON if reason == "-" else grounds.index(reason), 1.0),),
        )
        for link, reason in zip(links.split(), each, strict=True)
        if len(link) > 1
    ]
    things = [*nodes, *grounds]
    return Projection(
        False,  # noqa: FBT003  # links have no direction
        tuple(at(node) for node in nodes),
        tuple("https://example.org/kind" for _ in nodes),
        tuple(Ground(at(ground), Label("")) for ground in grounds),
        Ties.of(ties),
        AllTexts({}),
        tuple("practice" if thing.isupper() else "organisation" for thing in things),
        {
            name: tuple(
                tuple(values[thing].split(",")) if thing in values else _none(thing, values)
                for thing in things
            )
            for name, values in attributes.items()
        },
    )


def _none(thing: str, values: dict[str, str]) -> tuple[str, ...] | None:
    return () if any(thing.isupper() == other.isupper() for other in values) else None


def letters(projection: Projection, nodes: tuple[int, ...]) -> str:
    return "".join(projection.nodes[node].rpartition("/")[2] for node in nodes)


def kept(projection: Projection, **given: str) -> tuple[str, int]:
    """Give the letters of the nodes that a question keeps, and the number of ties."""
    selection = filtered(projection, read_asked(given))
    return letters(projection, selection.nodes), len(selection.ties)


@pytest.fixture
def world() -> Projection:
    """Give organisations of two countries, linked by practices on themes and of years."""
    return made(
        "ab bc cd de f",
        reasons="P Q Q R -",
        country={"a": "EE", "b": "EE", "c": "LV", "d": "EE,LV", "f": "LV"},
        theme={"P": "work", "Q": "work,care"},
        period={"P": "2019", "Q": "2022"},
    )


def test_both_ends_of_a_link_must_pass(world: Projection) -> None:
    """What has one of several values passes, and what has none does not."""
    assert kept(world, country="EE") == ("abd", 1)
    assert kept(world, country="EE,LV") == ("abcdf", 3)
    assert kept(world, country="unknown") == ("e", 0)


def test_one_end_may_be_enough(world: Projection) -> None:
    """Partners of what passes are kept, those of partners are not."""
    assert kept(world, country="EE", ends="one") == ("abcde", 4)
    assert kept(world, country="unknown", ends="one") == ("de", 1)
    assert kept(world, theme="care", ends="one") == ("bcd", 2)  # no end is asked for a theme


def test_reasons_are_asked_what_nodes_do_not_have(world: Projection) -> None:
    """A node stays while it has a link; one that nothing is asked of goes with its last."""
    assert kept(world, theme="care") == ("bcd", 2)
    assert kept(world, theme="unknown") == ("de", 1)
    assert kept(world, theme="work", country="EE") == ("ab", 1)
    assert kept(world, theme="care", country="EE") == ("", 0)


@pytest.mark.parametrize(
    ("period", "found"),
    [
        ("2019", ("ab", 1)),
        ("2020-2027", ("bcd", 2)),
        ("2019,2022", ("abcd", 3)),
        ("unknown", ("de", 1)),
        ("1900", ("", 0)),
    ],
)
def test_periods_are_years_and_spans(
    world: Projection, period: str, found: tuple[str, int]
) -> None:
    assert kept(world, period=period) == found


def test_kinds_keep_nodes_alone() -> None:
    """Nodes of a kind stay though all their links went with the other kind."""
    both = made("aP bP ab c")
    assert kept(both, kind="organisation") == ("abc", 1)
    assert kept(both, kind="practice") == ("P", 0)
    assert kept(both, kind="organisation,practice") == ("Pabc", 3)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"role": "lead"}, "has the facet role"),
        ({"country": "FR"}, "has the country “FR”"),
        ({"country": "ee"}, "did you mean EE"),
        ({"kind": "moon"}, "of the kind “moon”"),
        ({"period": "20x"}, "a year of four digits"),
        ({"period": "2020-2019"}, "a year of four digits"),
        ({"depth": "4"}, "a number from 1 to 3"),
        ({"ends": "none"}, "ends cannot be “none”"),
        ({"collapse": "moon"}, "collapse cannot be “moon”"),
        ({"from": "a/b"}, "both of its ends"),
        ({"from": "a", "to": "b", "centre": "c"}, "at once"),
        ({"country": "x" * 2001}, "more than 2,000 characters"),
    ],
)
def test_impossible_questions_are_told(
    world: Projection, given: dict[str, str], message: str
) -> None:
    with pytest.raises(ParameterError) as caught:
        kept(world, **given)
    assert message in str(caught.value)


def test_a_value_that_only_others_have_keeps_nothing(world: Projection) -> None:
    """Filters come from pages about other things, and are possible there."""
    asked = read_asked({"country": "FR"})
    assert filtered(world, asked, lambda name, key: (name, key) == ("country", "FR")).nodes == ()


def test_a_question_can_be_written_as_an_address() -> None:
    """And is read from it as the same question."""
    given = {
        "country": "EE,LV",
        "period": "2021-2027",
        "kind": "organisation",
        "ends": "one",
        "centre": "organisation/a",
        "depth": "2",
        "collapse": "country",
        "open": "country/EE",
    }
    asked = read_asked(given)
    assert asked.parameters() == given
    assert read_asked(asked.parameters()) == asked
    assert read_asked({"country": "", "unheard": "x"}) == Asked()


def test_what_is_near_a_node_is_counted_in_links() -> None:
    line = made("ab bc cd de f")
    assert [letters(line, around(whole(line), 1, depth).nodes) for depth in (1, 2, 3)] == [
        "abc",
        "abcd",
        "abcde",
    ]
    assert around(whole(line), 99, 1).nodes == ()


def test_shortest_ways_are_all_kept_and_counted() -> None:
    """Two ways of two links; the longer way and the link across are left out."""
    net = made("ab bd ac cd ae ef fd bc g")
    selection, way = between(whole(net), 0, 3)
    assert letters(net, selection.nodes) == "abcd"
    assert len(selection.ties) == 4
    assert (letters(net, way.nodes), way.several) == ("abd", 2)


def test_without_a_way_both_ends_are_shown_apart() -> None:
    net = made("ab cd")
    selection, way = between(whole(net), 0, 3)
    assert (letters(net, selection.nodes), len(selection.ties), way.nodes, way.several) == (
        "ad",
        0,
        (),
        0,
    )
    selection, way = between(whole(net), 1, 1)
    assert (letters(net, selection.nodes), way.nodes, way.several) == ("b", (1,), 1)


def test_a_node_is_named_by_its_address_or_its_iri() -> None:
    net = made("ab")
    assert number_of(net, HOME, "centre", "organisation/b") == 1
    assert number_of(net, HOME, "centre", at("b")) == 1
    assert number_of(net, HOME, "centre", "organisation/%62") == 1
    with pytest.raises(ParameterError, match="centre cannot be “organisation/c”"):
        number_of(net, HOME, "centre", "organisation/c")


def _by(projection: Projection, facet: str, *opened: str) -> Sheet:
    selection = whole(projection)
    return collapsed(
        selection, groups_by(projection, selection, facet), opened, lambda key: (0, key)
    )


def test_nodes_are_drawn_as_one_by_their_values(world: Projection) -> None:
    """What has several counts in each; links inside are counted, those between are merged."""
    sheet = _by(world, "country")
    assert sheet.discs == (
        Disc(None, "country/EE", 3, 1),
        Disc(None, "country/LV", 3, 1),
        Disc(None, "country/unknown", 1, 0),
    )
    # bc, and cd and de once for each country of d.
    merged = {(line.source, line.target): (line.merged, line.weight) for line in sheet.lines}
    assert merged == {(0, 1): (2, 2.0), (0, 2): (1, 1.0), (1, 2): (1, 1.0)}


def test_values_are_lent_by_the_reasons_of_links(world: Projection) -> None:
    """Organisations have no theme of their own; those without any link are of the unknown."""
    sheet = _by(world, "theme")
    assert {disc.group: disc.size for disc in sheet.discs} == {
        "theme/care": 3,
        "theme/work": 4,
        "theme/unknown": 2,
    }


def test_a_group_that_is_opened_shows_its_members(world: Projection) -> None:
    """A member of two groups is drawn once, as itself."""
    sheet = _by(world, "country", "country/LV")
    assert [disc.group or disc.node for disc in sheet.discs] == [
        "country/EE",
        "country/unknown",
        2,
        3,
        5,
    ]
    assert sheet.discs[0].size == 2
    reasons = [line.reasons for line in sheet.lines]
    assert reasons == [(1,), (2,), (1,)]


def simple(links: str) -> Simple:
    return plain(whole(made(links))).simple()


def test_measures_are_those_of_the_textbooks() -> None:
    """A star with a triangle at one end; worked out by hand."""
    # m is linked with a, b and c; c with d and e, which are linked with each other.
    found = measure(simple("ma mb mc cd ce de x"))
    order = "abcdemx"
    assert dict(zip(order, found.degree, strict=True)) == dict(
        zip(order, (1, 1, 3, 2, 2, 3, 0), strict=True)
    )
    assert dict(zip(order, found.core, strict=True)) == dict(
        zip(order, (1, 1, 2, 2, 2, 1, 0), strict=True)
    )
    # Of the 15 pairs that a path joins, 10 do not end in m: of these, a and b meet through it,
    # and each of them and c, d and e. Through c lead the ways of d and e to m, a and b.
    shares = dict(zip(order, found.betweenness.shares, strict=True))
    assert shares["m"] == pytest.approx(7 / 10)
    assert shares["c"] == pytest.approx(6 / 10)
    assert shares["a"] == shares["x"] == 0
    assert found.constraint[order.index("x")] is None
    assert found.constraint[order.index("a")] == pytest.approx(1.0)
    assert found.parts == (6, 1)


def test_constraint_is_that_of_networkx() -> None:
    """An independent implementation, on a weighted network made by lot."""
    chance = random.Random(4)  # noqa: S311  # no secret
    pairs = [pair for pair in itertools.combinations(range(14), 2) if chance.random() < 0.3]
    weights = {pair: float(chance.randint(1, 5)) for pair in pairs}
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(14))
    graph.add_weighted_edges_from((*pair, weight) for pair, weight in weights.items())
    expected = nx.constraint(graph, weight="weight")
    for node, found in enumerate(Simple(14, weights).constraints()):
        if found is None:
            assert math.isnan(expected[node])
        else:
            assert found == pytest.approx(expected[node])


def test_sampled_betweenness_tells_its_error() -> None:
    """From all nodes in batches it is exact; from some, the error covers what is missed."""
    chance = random.Random(2)  # noqa: S311  # no secret
    pairs = {(one, chance.randrange(one)) for one in range(1, 600)}
    net = Simple(600, {(min(pair), max(pair)): 1.0 for pair in pairs})
    exact = betweenness(net)
    assert exact.sampled is None
    estimated = betweenness(net, 400 * len(pairs))
    assert estimated.sampled == 200
    assert estimated.error is not None
    missed = [abs(a - b) for a, b in zip(exact.shares, estimated.shares, strict=True)]
    assert 0 < max(missed) <= estimated.error
    assert betweenness(net, 10**9) == exact


def cliques(number: int, size: int) -> Simple:
    """Make cliques in a ring, each linked with the next by one tie."""
    pairs = [
        (first + one, first + two)
        for first in range(0, number * size, size)
        for one, two in itertools.combinations(range(size), 2)
    ]
    ring = [(at * size, (at * size + size + 1) % (number * size)) for at in range(number)]
    return Simple(number * size, {(min(pair), max(pair)): 1.0 for pair in pairs + ring})


def test_groups_with_many_links_inside_are_found_and_stable() -> None:
    found = divide(cliques(5, 6))
    assert found is not None
    assert [set(group.members) for group in found.groups] == [
        set(range(first, first + 6)) for first in range(0, 30, 6)
    ]
    assert found.stability == 1
    assert {group.stability for group in found.groups} == {1.0}
    assert found.of(30)[7] == 1


def test_a_division_that_runs_disagree_on_is_told_as_such() -> None:
    """In a ring of 200 nobody can say where one group ends."""
    found = divide(
        Simple(200, {(min(n, (n + 1) % 200), max(n, (n + 1) % 200)): 1.0 for n in range(200)})
    )
    assert found is not None
    assert 0 < found.stability < 0.95
    assert min(group.stability for group in found.groups) < 0.95


def test_nodes_without_links_are_in_no_group() -> None:
    found = divide(simple("ab c"))
    assert found is not None
    assert found.of(3) == [0, 0, None]
    assert divide(simple("a b")) is None


def test_the_same_network_is_divided_and_laid_out_the_same() -> None:
    """Whatever was drawn by lot before."""
    first, _ = cliques(4, 5).grouping(7, -1), random.seed(99)
    assert cliques(4, 5).grouping(7, -1) == first
    start = cliques(4, 5).spread(3, None, 20)
    random.random()  # noqa: S311  # another draw of the process
    assert cliques(4, 5).spread(3, None, 20) == start


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ([0, 0, 1, 1], [5, 5, 3, 3], 1.0),
        ([0, 0, 0, 0], [0, 0, 0, 0], 1.0),
        ([0, 0, 1, 1], [0, 1, 0, 1], -0.5),
        # Hubert and Arabie's index by hand: 2 of the pairs agree, 1.2 by chance, 4 at most.
        ([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2], 0.24242424),
    ],
)
def test_the_adjusted_rand_index(one: list[int], two: list[int], expected: float) -> None:
    assert adjusted_rand(one, two) == pytest.approx(expected)


def _brokers(projection: Projection, doing: tuple[int, ...] = ()) -> Any:
    sheet = plain(whole(projection))
    net = sheet.simple()
    return find_brokers(sheet, betweenness(net), divide(net), doing, 3)


def test_a_broker_is_explained_by_what_depends_on_it() -> None:
    """Two triangles that meet in m: all nine pairs across need it, and none joins them beside."""
    found = _brokers(made("ab bc ca ma mb mc md me mf de ef fd"))
    first = found.brokers[0]
    assert (first.disc, first.rank, first.pairs, first.apart) == (6, 1, 9, 9)
    assert all(path[1] == 6 for path in first.paths)
    assert {(path[0] < 3) != (path[2] < 3) for path in first.paths} == {True}
    assert first.low == first.high == 1
    assert first.share_low is not None
    assert first.share_low <= first.share <= (first.share_high or 0) + 0.2
    assert found.unit == "links"
    assert len(found.brokers) == 1  # nobody else lies between anybody


def test_pairs_with_another_way_as_short_do_not_depend_on_a_broker() -> None:
    """In a square each corner lies between two others, and none of them needs it."""
    found = _brokers(made("ab bc cd da"))
    assert {(item.pairs, item.apart, item.paths) for item in found.brokers} == {(0, 0, ())}


def test_ranks_are_resampled_by_what_is_done_together() -> None:
    """The reasons are left out with all their links where all of them are things that are done."""
    net = made("ab bc cd de ef", reasons="P P Q Q R")
    found = _brokers(net, doing=(0, 1, 2))
    assert (found.unit, found.resamples) == ("reasons", 60)
    # One of three reasons is missing in each, so that no rank is sure.
    assert found.brokers[0].low < found.brokers[0].high
    assert _brokers(net, doing=(0,)).unit == "links"


def test_a_projection_is_kept_in_a_file(tmp_path: Path, world: Projection) -> None:
    file = tmp_path / "map.json"
    write_projection(world, "mark", file)
    assert load_projection(file, "mark") == world
    assert load_projection(file, "another") is None
    assert load_projection(tmp_path / "none.json", "mark") is None
    file.write_text('{"mark": "mark"}', encoding="utf-8")
    with pytest.raises(StorageError, match="is damaged"):
        load_projection(file, "mark")


def test_what_was_used_longest_ago_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.networks.reading._MOST", 10)
    networks = Networks()
    calls: list[str] = []

    def make(key: str) -> str:
        calls.append(key)
        return key

    def ask(key: str) -> str:
        return networks.remembered(key, lambda: make(key), lambda _: 4)

    for key in "abac":
        assert ask(key) == key
    assert calls == ["a", "b", "c"]
    ask("a")
    ask("b")
    assert calls == ["a", "b", "c", "b"]


def test_another_query_is_another_question() -> None:
    text = "SELECT * { VALUES ?source { <a:b> } }"
    marks = {Drawn(Query(text), False).mark, Drawn(Query(text), True).mark}  # noqa: FBT003
    assert len(marks | {Drawn(Query(text + " "), False).mark}) == 3  # noqa: FBT003


def test_gaps_are_what_no_practice_of_both_countries_fills(dataset: Dataset) -> None:
    """Counted again in plain Python from what the facts say of each practice."""
    rows = dataset.facts.ask(
        "SELECT facet.thing, facet.name, thing.key FROM facet JOIN thing ON thing.id = value "
        "WHERE facet.kind = 'practice' AND name IN ('country', 'theme')"
    )
    held: dict[int, dict[str, set[str]]] = {}
    for thing, name, key in rows:
        held.setdefault(thing, {"country": set(), "theme": set()})[name].add(key)
    active: dict[tuple[str, str], int] = {}
    shared = set()
    for values in held.values():
        for theme in values["theme"]:
            countries = sorted(values["country"] - {"EU"})
            for country in countries:
                active[theme, country] = active.get((theme, country), 0) + 1
            shared |= {(theme, *pair) for pair in itertools.combinations(countries, 2)}
    expected = {
        (theme, one, two): (active[theme, one], active[theme, two])
        for (theme, one), (other, two) in itertools.product(active, active)
        if theme == other and one < two and (theme, one, two) not in shared
    }
    found = find_gaps(dataset.facts, ["practice"], Asked(), limit=10_000, offset=0)
    assert {(gap.theme, *gap.countries): gap.active for gap in found.found} == expected
    assert found.total == len(expected) > 100
    least = [min(gap.active) for gap in found.found]
    assert least == sorted(least, reverse=True)


def test_gaps_are_filtered_and_paged(dataset: Dataset) -> None:
    asked = read_asked({"country": "EE", "programme": "esf-2014-2020,unknown"})
    everything = find_gaps(dataset.facts, ["practice"], asked, limit=1000, offset=0)
    assert everything.found
    assert all("EE" in gap.countries for gap in everything.found)
    page = find_gaps(dataset.facts, ["practice"], asked, limit=2, offset=1)
    assert page.found == everything.found[1:3]
    assert page.total == everything.total
    years = [
        find_gaps(dataset.facts, ["practice"], read_asked({"period": years}), limit=1, offset=0)
        for years in ("1900", "unknown", "1990-2030", "1990-2030,unknown")
    ]
    assert years[0].total == 0
    assert 0 < years[2].total < years[3].total
    with pytest.raises(ParameterError, match="has the facet role"):
        find_gaps(dataset.facts, ["practice"], read_asked({"role": "x"}), limit=1, offset=0)


def test_a_grouping_keeps_its_numbers() -> None:
    assert Grouping((), 1.0, 0.0, 1).of(2) == [None, None]
