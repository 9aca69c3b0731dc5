"""Links in columns: selected, shared, timed, kept, against the same worked out in plain Python."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from graph.engine import Query
from graph.errors import ParameterError, QueryError, StorageError
from graph.identity import Identity
from graph.networks.asking import read_asked
from graph.networks.collapsing import collapsed, plain
from graph.networks.measuring import Betweenness, Counts, Group, Grouping, Prepared, divide
from graph.networks.narrowing import filtered, whole
from graph.networks.preparation import (
    load_prepared,
    read_left_out,
    write_left_out,
    write_prepared,
)
from graph.networks.projection import Drawn, read_projection
from graph.networks.simple import Simple
from graph.networks.solutions import read_links
from graph.networks.ties import NO_REASON, Tie, Ties, distinct, shared
from graph.networks.timing import timed
from graph.store import Store
from tests.graph.test_networks import made

TIES = [Tie(0, 1, ((0, 1.0), (2, 2.5))), Tie(1, 2, ((NO_REASON, 1.0),)), Tie(0, 3, ((1, 4.0),))]


def test_different_numbers_are_given_once_and_in_order() -> None:
    assert distinct(np.array([5, -1, 5, 3, -1, 2**40])).tolist() == [-1, 3, 5, 2**40]
    assert distinct(np.empty(0, np.int64)).tolist() == []


def test_columns_hold_what_was_set_into_them() -> None:
    ties = Ties.of(TIES)
    assert list(ties) == TIES
    assert ties.weights().tolist() == [3.5, 1.0, 4.0]
    assert ties.holders().tolist() == [0, 0, 1, 2]
    assert ties == Ties.of(TIES)
    assert ties != Ties.of(TIES[1:])
    assert list(Ties.of([])) == []
    assert Ties.of([]).weights().tolist() == []


def test_links_and_reasons_are_kept_apart() -> None:
    """A link goes with its last reason."""
    ties = Ties.of(TIES)
    assert list(ties.among(np.array([True, False, True]))) == [TIES[0], TIES[2]]
    assert list(ties.because(np.array([False, True, True, False]))) == [
        Tie(0, 1, ((2, 2.5),)),
        TIES[1],
    ]


def test_those_who_share_are_linked_by_all_that_they_share() -> None:
    """The same as pairs made one by one, of parts made by lot."""
    chance = random.Random(5)  # noqa: S311  # no secret
    parts = [sorted(chance.sample(range(30), chance.choice((1, 2, 2, 3, 7)))) for _ in range(60)]
    expected: dict[tuple[int, int], list[int]] = {}
    for number, members in enumerate(parts):
        for pair in itertools.combinations(members, 2):
            expected.setdefault(pair, []).append(number)
    nodes = np.array([node for part in parts for node in part])
    reasons = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    found = shared(nodes, reasons, 30)
    assert {(tie.source, tie.target): tie.reasons for tie in found} == {
        pair: tuple((number, 1.0) for number in numbers) for pair, numbers in expected.items()
    }
    nothing = np.empty(0, np.int64)
    assert len(shared(nothing, nothing, 0)) == 0


_PARTS = """SELECT ?source ?sourceKind ?via {{ VALUES (?source ?via) {{
  (<a:x> <v:1>) (<a:y> <v:1>) (<a:y> <v:2>) (<a:z> <v:2>) (<a:x> <v:2>) (<a:alone> <v:3>)
  (<a:none> {last}) }} BIND(<a:k> AS ?sourceKind) }}"""


def test_a_query_may_say_who_has_a_part_in_what() -> None:
    """One way for networks of networkx, and one in columns: both the same."""
    drawn = Drawn(Query(_PARTS.format(last="UNDEF")), directed=False)
    store = Store.in_memory()
    kinds, links = read_links(store.select(drawn.query), directed=False)
    assert list(kinds) == ["a:x", "a:y", "a:z"]
    assert [(link.source, link.target, len(link.reasons)) for link in links] == [
        ("a:x", "a:y", 2),
        ("a:x", "a:z", 1),
        ("a:y", "a:z", 1),
    ]
    projection = read_projection(store, drawn, Identity())
    assert projection.nodes == ("a:x", "a:y", "a:z")
    assert [ground.iri for ground in projection.grounds] == ["v:1", "v:2"]
    assert list(projection.ties) == [
        Tie(0, 1, ((0, 1.0), (1, 1.0))),
        Tie(0, 2, ((1, 1.0),)),
        Tie(1, 2, ((1, 1.0),)),
    ]


def test_what_is_shared_has_no_direction() -> None:
    store = Store.in_memory()
    query = Query(_PARTS.format(last="UNDEF"))
    with pytest.raises(QueryError, match="has no direction"):
        read_links(store.select(query), directed=True)


def test_too_many_links_are_refused_before_they_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.networks.projection._MOST", 3)
    with pytest.raises(ParameterError, match="would have 4 reasons for links, and 3 can be held"):
        read_projection(
            Store.in_memory(), Drawn(Query(_PARTS.format(last="UNDEF")), directed=False), Identity()
        )


def test_links_between_too_many_groups_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.networks.collapsing._MOST", 3)
    several = {0: ("g/1", "g/2"), 1: ("g/1", "g/2")}
    with pytest.raises(ParameterError, match="of so many groups each"):
        collapsed(whole(made("ab")), several, (), lambda key: (0, key))


def test_directed_links_of_groups_keep_their_direction() -> None:
    selection = whole(made("ab ca"))
    groups = {0: ("g/1",), 1: ("g/2",), 2: ("g/2",)}
    both = [
        len(collapsed(selection, groups, (), lambda key: (0, key), directed=directed).lines)
        for directed in (False, True)
    ]
    assert both == [1, 2]


# When things begin


def test_links_begin_when_their_reasons_do() -> None:
    """Years of reasons by link; null where not all of them are asked."""
    net = made("ab bc cd de", reasons="P Q Q R", period={"P": "2019", "Q": "2020,2022"})
    found = timed(net, whole(net), plain(whole(net)))
    assert found.time is not None
    assert (found.time.of, found.time.first, found.time.last) == ("reasons", 2019, 2022)
    assert found.time.years == ((2019, 1), (2020, 1), (2022, 1))
    assert found.time.unknown == 1
    assert found.lines == (((2019, 1),), ((2020, 1), (2022, 1)), ((2020, 1), (2022, 1)), ())
    assert set(found.discs) == {None}
    without = made("ab bc", reasons="P -", period={"P": "2019"})
    assert timed(without, whole(without), plain(whole(without))).lines == (((2019, 1),), None)
    partly = replace(without, ties=Ties.of([Tie(0, 1, ((NO_REASON, 1.0), (0, 1.0)))]))
    assert timed(partly, whole(partly), plain(whole(partly))).lines == (None,)


def test_nodes_are_asked_where_they_are_what_is_done() -> None:
    net = made("aP bP bQ", period={"P": "2019"})
    found = timed(net, whole(net), plain(whole(net)))
    assert found.time is not None
    assert (found.time.of, found.time.years, found.time.unknown) == ("nodes", ((2019, 1),), 1)
    assert found.discs == (((2019, 1),), (), None, None)  # P, Q, a, b
    assert found.lines == (((2019, 1),), ((2019, 1),), ())


def test_groups_count_what_links_their_members_once() -> None:
    """P links three members of a group with each other, and one of them with another group."""
    net = made("ab bc ac cd", reasons="P P P P", period={"P": "2019"})
    groups = {0: ("g/1",), 1: ("g/1",), 2: ("g/1",), 3: ("g/2",)}
    sheet = collapsed(whole(net), groups, (), lambda key: (0, key))
    found = timed(net, whole(net), sheet)
    assert found.discs == (((2019, 1),), None)
    assert found.lines == (((2019, 1),),)


def test_nothing_begins_on_a_map_without_years() -> None:
    net = made("ab")
    found = timed(net, whole(net), plain(whole(net)))
    assert (found.time, found.discs, found.lines) == (None, (None, None), (None,))


@pytest.mark.parametrize("period", ["2019", "2020-2022", "2022-2023"])
def test_a_span_of_years_keeps_what_the_filter_by_period_does(period: str) -> None:
    """As the document says that a picture is to be walked through in time."""
    nets = (
        made("ab bc cd de", reasons="P Q Q R", period={"P": "2019", "Q": "2020,2022"}),
        made("aP bP bQ cR PQ", period={"P": "2019", "Q": "2022", "R": "2021"}),
    )
    first, _, last = period.partition("-")
    span = range(int(first), int(last or first) + 1)
    for net in nets:
        sheet = plain(whole(net))
        found = timed(net, whole(net), sheet)
        assert found.time is not None
        inside = [years is None or any(year in span for year, _ in years) for years in found.discs]
        links = {
            (line.source, line.target)
            for line, years in zip(sheet.lines, found.lines, strict=True)
            if (years is None or any(year in span for year, _ in years))
            and inside[line.source]
            and inside[line.target]
        }
        tied = {end for link in links for end in link}
        nodes = [
            at
            for at, years in enumerate(found.discs)
            if at in tied or (found.time.of == "nodes" and years and inside[at])
        ]
        kept = filtered(net, read_asked({"period": period}))
        assert (list(kept.nodes), {(tie.source, tie.target) for tie in kept.ties}) == (nodes, links)


# What is computed in columns


def test_ways_are_counted_as_they_are_followed_one_by_one() -> None:
    """In a ladder there are several ways of the same length, and more each step."""
    ladder = plain(whole(made("ab cd ef ac bd ce df x"))).simple()
    steps, ways = ladder.ways([0, 6])
    assert steps.tolist() == [[0, 1, 1, 2, 2, 3, -1], [-1, -1, -1, -1, -1, -1, 0]]
    assert ways.tolist() == [[1, 1, 1, 2, 1, 3, 0], [0, 0, 0, 0, 0, 0, 1]]


def test_pieces_are_the_networks_within_groups() -> None:
    net = Simple(6, {(0, 1): 1.0, (1, 2): 2.0, (2, 3): 3.0, (3, 4): 4.0, (4, 5): 5.0})
    one, two, three = net.within([[1, 0], [3, 4, 5], [2]])
    assert (one.size, one.pairs, one.weights) == (2, [(0, 1)], [1.0])
    assert (two.size, two.pairs, two.weights) == (3, [(0, 1), (1, 2)], [4.0, 5.0])
    assert (three.size, three.pairs) == (1, [])


def test_groups_that_are_too_large_to_be_opened_are_divided_again() -> None:
    """A group of four cliques that hang together more than with the rest."""
    pairs: set[tuple[int, int]] = set()
    for first in range(0, 40, 10):
        pairs |= set(itertools.combinations(range(first, first + 10), 2))
    pairs |= {(9, 10), (19, 20), (29, 30)}
    net = Simple(40, dict.fromkeys(pairs, 1.0))
    found = divide(net, 5)
    assert found is not None
    whole_of_it = divide(net)
    assert whole_of_it is not None
    assert len(whole_of_it.groups) == 4
    # A clique has no parts: it stays as it is, though it is larger than asked for.
    assert [len(group.members) for group in found.groups] == [10, 10, 10, 10]
    path = Simple(900, {(node, node + 1): 1.0 for node in range(899)})
    cut = divide(path, 5)
    assert cut is not None
    assert max(len(group.members) for group in cut.groups) <= 5
    assert sorted(member for group in cut.groups for member in group.members) == list(range(900))


# Files


def test_what_is_prepared_is_kept(tmp_path: Path) -> None:
    prepared = Prepared(
        Counts(2, 1, 1, 0),
        None,
        Betweenness((0.5, 0.0), 50, 0.1),
        Grouping((Group(0, (0, 1), 1.0),), 0.9, 0.3, 4),
        {"community/0": (3.0, 4.0)},
        ((0.0, 1.0), (0.0, -1.0)),
    )
    write_prepared(tmp_path, "map", "mark", prepared)
    assert load_prepared(tmp_path, "map", "mark") == prepared
    assert load_prepared(tmp_path, "map", "another") is None
    assert load_prepared(tmp_path, "none", "mark") is None
    bare = Prepared(Counts(0, 0, 0, 0), (), None, None)
    write_prepared(tmp_path, "map", "mark", bare)
    assert load_prepared(tmp_path, "map", "mark") == bare
    (tmp_path / "map.prepared.json").write_text('{"mark": "mark"}', encoding="utf-8")
    with pytest.raises(StorageError, match="is damaged"):
        load_prepared(tmp_path, "map", "mark")


def test_why_a_map_was_left_out_is_kept(tmp_path: Path) -> None:
    write_left_out(tmp_path, "map", "mark", "it took too long")
    assert read_left_out(tmp_path, "map", "mark") == "it took too long"
    assert read_left_out(tmp_path, "map", "another") is None
    assert read_left_out(tmp_path, "other", "mark") is None
