"""Maps for one reader: what is drawn of the curated tables, with names, places and measures."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from pathlib import Path

import networkx as nx
import pytest

from graph.analytics import betweenness, neighbour_counts
from graph.dataset import Dataset
from graph.errors import NotFoundError, ParameterError
from graph.network import Label, project
from graph.networks.asking import read_asked
from graph.networks.keeping import write_projection
from graph.networks.preparation import write_prepared
from graph.networks.reading import Networks, projection_of
from visualisations import maps, shaping
from visualisations.brokers import brokers
from visualisations.drawn import View
from visualisations.prepared import computed, drawn_of
from visualisations.preparing import prepare
from visualisations.views import view
from visualisations.whys import why
from visualisations.wording import wording

ENGLISH = wording(["en"])
NAMES = [spec.name for spec in maps.read_maps()]


def seen(dataset: Dataset, name: str, language: str = "en", **given: str) -> View:
    """Look at a map; `from_` is from."""
    asked = read_asked({key.rstrip("_"): value for key, value in given.items()})
    return view(dataset, maps.get(name), asked, (language,), wording([language]))


@pytest.fixture(scope="module")
def prepared(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Give the release with its maps drawn beforehand."""
    folder = tmp_path_factory.mktemp("prepared")
    (folder / "facts").symlink_to(dataset.release.facts_path)
    prepare(dataset.store, dataset.identity, folder)
    return replace(dataset, networks=Networks(folder / "networks"))


@pytest.mark.parametrize("name", NAMES)
def test_a_view_has_all_that_the_query_of_its_map_finds(prepared: Dataset, name: str) -> None:
    """The same nodes, links, reasons and measures as networkx computes of its solutions."""
    spec = maps.get(name)
    network = project(prepared.store, spec.query, directed=spec.directed)
    drawn = seen(prepared, name)
    assert [node.iri for node in drawn.nodes] == list(network)
    assert {node.iri: node.label for node in drawn.nodes} == {
        iri: data["label"] for iri, data in network.nodes(data=True)
    }
    assert [(link.source, link.target) for link in drawn.links] == [
        (list(network).index(source), list(network).index(target))
        for source, target in network.edges
    ]
    for link, (_, _, data) in zip(drawn.links, network.edges(data=True), strict=True):
        assert link.weight == data["weight"]
        reasons = [drawn.reasons[at] for at in link.reasons]
        assert {(reason.iri, reason.label) for reason in reasons} == set(data["reasons"])
    counts, shares = neighbour_counts(network), betweenness(network)
    for node in drawn.nodes:
        assert node.degree == counts[node.iri or ""]
        assert node.betweenness == pytest.approx(shares[node.iri or ""], abs=1e-6)
    cores = nx.core_number(nx.Graph(nx.Graph(network).edges)) if network.edges else {}
    assert {node.iri: node.core for node in drawn.nodes if node.degree} == cores


@pytest.mark.parametrize("name", NAMES)
def test_circles_of_a_view_do_not_touch(prepared: Dataset, name: str) -> None:
    drawn = seen(prepared, name)
    for one, two in itertools.combinations(drawn.nodes, 2):
        assert math.hypot(one.x - two.x, one.y - two.y) > one.radius + two.radius
    left, top, width, height = drawn.box
    assert all(left <= node.x <= left + width for node in drawn.nodes)
    assert all(top <= node.y <= top + height for node in drawn.nodes)


def test_what_is_prepared_is_what_is_made_at_the_first_question(
    dataset: Dataset, prepared: Dataset
) -> None:
    """Another process gives the same picture, and a release after an edit has one, too."""
    unprepared = replace(dataset, networks=Networks())
    assert seen(unprepared, "countries") == seen(prepared, "countries")
    assert prepared.networks.folder is not None
    assert (prepared.networks.folder / "countries.prepared.json").is_file()


def test_what_was_prepared_for_another_query_is_not_taken(prepared: Dataset) -> None:
    spec = maps.get("countries")
    narrow = replace(spec, query=replace(spec.query, text=f"{spec.query.text}\nLIMIT 3"))
    drawn = view(prepared, narrow, read_asked({}), ("en",), ENGLISH)
    assert len(drawn.links) < len(seen(prepared, "countries").links)


def test_filters_narrow_a_view(prepared: Dataset) -> None:
    everything = seen(prepared, "organisations")
    estonia = seen(prepared, "organisations", country="EE")
    assert {node.attributes["country"] for node in estonia.nodes} == {("EE",)}
    assert 0 < len(estonia.nodes) < len(everything.nodes) == estonia.whole.nodes
    assert estonia.counts.nodes == len(estonia.nodes)
    partners = seen(prepared, "organisations", country="EE", ends="one")
    assert {node.id for node in estonia.nodes} < {node.id for node in partners.nodes}
    both = seen(prepared, "organisations", country="EE,LV")
    assert {key for node in both.nodes for key in node.attributes["country"]} == {"EE", "LV"}
    nothing = seen(prepared, "organisations", country="EE", period="1900")
    assert (nothing.nodes, nothing.links, nothing.box) == ((), (), (0, 0, 0, 0))
    assert nothing.notes == ("Nothing fits all of these filters.",)


def test_the_names_of_values_are_given_with_their_keys(prepared: Dataset) -> None:
    drawn = seen(prepared, "organisations", "et", country="EE,LV")
    values = {item.name: dict(item.values) for item in drawn.attributes}
    assert values["country"] == {"EE": Label("Eesti", "et"), "LV": Label("Läti", "et")}
    assert drawn.language == "et"


def test_nodes_near_another_and_ways_between_two(prepared: Dataset) -> None:
    spec = "actors-practices-funding"
    near = seen(prepared, spec, centre="consortium/esia")
    nodes = {node.id: node.number for node in near.nodes}
    centre = nodes["consortium/esia"]
    assert near.nodes[centre].degree == len(near.nodes) - 1 > 5
    further = seen(prepared, spec, centre="consortium/esia", depth="2")
    assert set(nodes) < {node.id for node in further.nodes}
    way = seen(prepared, spec, from_="consortium/esia", to="programme/leader").path
    assert way is not None
    assert len(way.nodes) == 4
    assert seen(prepared, spec).path is None


def test_countries_stand_for_their_organisations(prepared: Dataset) -> None:
    plain = seen(prepared, "organisations")
    drawn = seen(prepared, "organisations", collapse="country")
    assert drawn.collapsed is not None
    assert drawn.collapsed.asked
    estonia = next(node for node in drawn.nodes if node.group == "country/EE")
    own = [node for node in plain.nodes if "EE" in node.attributes["country"]]
    assert estonia.size == len(own)
    assert estonia.page == "/page/country/EE"
    assert estonia.label.text == "Estonia"
    numbers = {node.number for node in own}
    assert estonia.inside == sum(
        link.source in numbers and link.target in numbers for link in plain.links
    )
    assert drawn.kinds[estonia.kind].label.text == "country"


def test_groups_of_nodes_are_called_by_their_members_and_opened(prepared: Dataset) -> None:
    drawn = seen(prepared, "organisations", collapse="community")
    first = drawn.nodes[0]
    assert first.label.text == f"Group 1: {drawn.called[0]}"
    assert first.iri is None
    assert drawn.kinds[first.kind].iri is None
    opened = seen(prepared, "organisations", collapse="community", open="community/0")
    assert sum(node.group is None for node in opened.nodes) == first.size
    assert {node.community for node in opened.nodes if node.group is None} == {0}
    missing = seen(prepared, "organisations", collapse="community", open="community/99")
    assert any("Not all groups could be opened" in note for note in missing.notes)


def test_too_many_nodes_are_drawn_by_groups(
    prepared: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a group that has too many members stays closed."""
    fresh = replace(prepared, networks=Networks(prepared.networks.folder))
    monkeypatch.setattr(shaping, "DRAWN", 20)
    drawn = seen(fresh, "organisations")
    assert drawn.collapsed is not None
    assert not drawn.collapsed.asked
    assert sum(node.size for node in drawn.nodes) == drawn.counts.nodes == 104
    assert "drawn by groups" in drawn.notes[0]
    largest = max(drawn.nodes, key=lambda node: node.size)
    assert largest.size > 20
    closed = seen(fresh, "organisations", open=largest.group or "")
    assert all(node.group for node in closed.nodes)
    assert not seen(fresh, "organisations", collapse="none").collapsed
    monkeypatch.setattr(shaping, "MOST", 50)
    assert seen(replace(fresh, networks=Networks()), "organisations", collapse="none").collapsed


def test_a_large_map_is_opened_where_its_groups_were_drawn(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is prepared of it are the places of groups, and of members within them."""
    for module in ("prepared", "shaping"):
        monkeypatch.setattr(f"visualisations.{module}.DRAWN", 50)
    spec = maps.get("organisations")
    large = replace(dataset, networks=Networks(tmp_path))
    projection = projection_of(large, spec.name, drawn_of(spec))
    ready = computed(projection)
    assert ready.points is None
    assert ready.counts.nodes == 104
    write_projection(projection, drawn_of(spec).mark, tmp_path / f"{spec.name}.json")
    write_prepared(tmp_path, spec.name, drawn_of(spec).mark, ready)
    drawn = seen(replace(dataset, networks=Networks(tmp_path)), spec.name)
    assert {node.group: (node.x, node.y) for node in drawn.nodes} == ready.outside
    largest = max((node for node in drawn.nodes if node.size <= 50), key=lambda node: node.size)
    opened = seen(large, spec.name, open=largest.group or "")
    members = [node for node in opened.nodes if node.group is None]
    assert len(members) == largest.size > 10
    assert ready.inside is not None
    number = {iri: at for at, iri in enumerate(projection.nodes)}
    moved = {
        (
            round(node.x - ready.inside[number[node.iri or ""]][0]),
            round(node.y - ready.inside[number[node.iri or ""]][1]),
        )
        for node in members
    }
    assert moved == {(round(largest.x), round(largest.y))}
    for one, two in itertools.combinations(opened.nodes, 2):
        assert math.hypot(one.x - two.x, one.y - two.y) > one.radius + two.radius


def test_a_large_map_keeps_its_groups_whatever_is_asked(
    prepared: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is drawn in its place under the name that its members give it, and is told to be so."""
    for module in ("prepared", "shaping"):
        monkeypatch.setattr(f"visualisations.{module}.DRAWN", 20)
    spec = maps.get("organisations")
    whole = projection_of(prepared, spec.name, drawn_of(spec))
    ready = computed(whole)
    fresh = replace(prepared, networks=Networks())
    monkeypatch.setattr(shaping, "prepared_of", lambda *_: ready)
    narrow = seen(fresh, spec.name, period="2007-2020")
    assert 20 < narrow.counts.nodes < 104
    assert narrow.grouping is not None
    assert ready.grouping is not None
    numbers = [group.number for group in narrow.grouping.groups]
    assert numbers == sorted(set(numbers) & {group.number for group in ready.grouping.groups})
    for node in narrow.nodes:
        assert (node.x, node.y) == ready.outside[node.group or ""]
    assert any("Groups are those of the whole map" in note for note in narrow.notes)
    last = narrow.nodes[-1]
    place = numbers.index(int((last.group or "").rpartition("/")[2]))
    assert last.label.text.endswith(narrow.called[place])
    opened = seen(fresh, spec.name, period="2007-2020", open=last.group or "")
    assert sum(node.group is None for node in opened.nodes) == last.size


def test_too_many_links_are_drawn_by_groups(
    prepared: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shaping, "LINKS", 500)
    fresh = replace(prepared, networks=Networks(prepared.networks.folder))
    drawn = seen(fresh, "organisations")
    assert drawn.collapsed is not None
    assert "These are 510 links, more than the" in drawn.notes[0]
    assert not seen(fresh, "organisations", collapse="none").collapsed
    monkeypatch.setattr(shaping, "MOST_LINKS", 500)
    fresh = replace(prepared, networks=Networks(prepared.networks.folder))
    assert seen(fresh, "organisations", collapse="none").collapsed


def test_years_are_told_of_links_and_nodes(prepared: Dataset) -> None:
    """As many links are of a year as the filter by that year keeps."""
    drawn = seen(prepared, "organisations")
    assert drawn.time is not None
    assert drawn.time.of == "reasons"
    year = max(drawn.time.years, key=lambda item: item[1])[0]
    begun = [link for link in drawn.links if year in dict(link.years or ())]
    kept = seen(prepared, "organisations", period=str(year))
    assert len(begun) == len(kept.links) > 0
    assert {node.years for node in drawn.nodes} == {None}
    practices = seen(prepared, "actors-practices-funding")
    assert practices.time is not None
    assert practices.time.of == "nodes"
    started = [node for node in practices.nodes if year in dict(node.years or ())]
    assert {node.period for node in started} == {year}


def test_brokers_are_the_same_however_the_map_is_drawn(prepared: Dataset) -> None:
    spec = maps.get("organisations")
    found = brokers(prepared, spec, read_asked({}), 5, ("en",), ENGLISH)
    shares = [item.found.share for item in found.items]
    assert shares == sorted(shares, reverse=True)
    drawn = seen(prepared, "organisations")
    assert found.items[0].node.iri == max(drawn.nodes, key=lambda node: node.betweenness).iri
    for item in found.items:
        low, high = item.found.low, item.found.high
        assert low is not None
        assert high is not None
        assert low <= high
        for path in item.paths:
            assert path[1] == item.node
    again = brokers(prepared, spec, read_asked({"collapse": "country"}), 5, ("en",), ENGLISH)
    assert again.items == found.items
    assert "a tenth of the projects and practices" in found.notes[0]


def test_a_link_is_explained_by_reasons_with_their_rows(prepared: Dataset) -> None:
    """Each of the rows says something of a reason and of an end of the link."""
    drawn = seen(prepared, "organisations")
    link = max(drawn.links, key=lambda link: len(link.reasons))
    ends = drawn.nodes[link.source].id, drawn.nodes[link.target].id
    found = why(prepared, maps.get("organisations"), *ends, ("en",))
    assert [reason.iri for reason in found.reasons] == [
        drawn.reasons[at].iri for at in link.reasons
    ]
    assert all(reason.rows for reason in found.reasons)
    assert all(row.file and row.number for reason in found.reasons for row in reason.rows)
    back = why(prepared, maps.get("organisations"), ends[1], ends[0], ("en",))
    assert [item.iri for item in back.reasons] == [item.iri for item in found.reasons]


def test_nodes_that_are_not_linked_have_no_reasons(prepared: Dataset) -> None:
    spec = maps.get("organisations")
    with pytest.raises(NotFoundError, match="are not linked"):
        why(prepared, spec, "organisation/at-lr", "organisation/ee-kysk", ("en",))
    with pytest.raises(ParameterError, match="to cannot be"):
        why(prepared, spec, "organisation/at-lr", "organisation/nobody", ("en",))


def test_measures_are_explained_in_the_language_of_the_reader(prepared: Dataset) -> None:
    drawn = seen(prepared, "organisations")
    assert [item.name for item in drawn.measures] == [
        "degree",
        "strength",
        "betweenness",
        "constraint",
        "core",
        "community",
    ]
    assert "shared projects" in drawn.measures[1].explanation
    assert all(item.exact for item in drawn.measures)


def test_a_map_of_a_release_without_facts_has_no_filters(dataset: Dataset, tmp_path: Path) -> None:
    without = replace(dataset, networks=Networks(), facts=type(dataset.facts)(tmp_path))
    drawn = seen(without, "countries")
    assert drawn.facets == ()
    assert drawn.collapses == ("community",)
    with pytest.raises(ParameterError, match="it has: none"):
        seen(without, "countries", country="EE")
