"""From views to drawings: colours, sizes, and what is said of them."""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations

import pytest

from graph.dataset import Dataset
from graph.errors import ParameterError
from graph.networks.asking import Asked
from visualisations.drawn import View
from visualisations.maps import get
from visualisations.networks.picturing import SIZES, Look, colours_of, scene_of
from visualisations.networks.telling import alternative
from visualisations.views import view
from visualisations.wording import wording

WORDS = wording()


@pytest.fixture(scope="module")
def organisations(dataset: Dataset) -> View:
    """See the map of organisations."""
    return view(dataset, get("organisations"), Asked(), ("en",), WORDS)


@pytest.mark.parametrize("size", SIZES)
def test_no_two_marks_touch_whatever_their_size_stands_for(organisations: View, size: str) -> None:
    marks = scene_of(organisations, Look(size=size), WORDS).marks
    gaps = [
        math.hypot(one.x - two.x, one.y - two.y) - one.radius - two.radius
        for one, two in combinations(marks, 2)
    ]
    assert min(gaps) > 0


def test_the_area_of_a_mark_grows_with_what_it_stands_for(organisations: View) -> None:
    made = scene_of(organisations, Look(size="betweenness"), WORDS)
    first = organisations.nodes[made.marks[0].number]
    assert first.betweenness == max(node.betweenness for node in organisations.nodes)
    assert made.marks[0].radius > 2 * made.marks[-1].radius


def test_every_node_has_the_colour_of_its_country(organisations: View) -> None:
    made = scene_of(organisations, Look(colour="country"), WORDS)
    found = Counter(item.group for item in made.marks)
    assert [found[place] for place in range(len(made.groups))] == [
        group.count for group in made.groups
    ]
    styles = [group.style for group in made.groups]
    assert len(set(styles)) == len(styles)
    estonia = next(at for at, group in enumerate(made.groups) if group.label.text == "Estonia")
    for item in made.marks:
        only = organisations.nodes[item.number].attributes.get("country") == ("EE",)
        assert (item.group == estonia) == only


def test_every_colour_can_be_drawn(organisations: View) -> None:
    for colour in colours_of(organisations):
        made = scene_of(organisations, Look(colour=colour), WORDS)
        assert sum(group.count for group in made.groups) == len(organisations.nodes)


@pytest.mark.parametrize("look", [Look(colour="nonsense"), Look(size="nonsense")])
def test_what_cannot_be_shown_is_refused(organisations: View, look: Look) -> None:
    with pytest.raises(ParameterError, match="nonsense"):
        scene_of(organisations, look, WORDS)


def test_the_alternative_text_says_what_the_tables_say(organisations: View) -> None:
    said = alternative(organisations, WORDS)
    first = max(organisations.nodes, key=lambda node: node.degree)
    assert f"{len(organisations.nodes)} nodes" in said
    assert f"{len(organisations.links)} links" in said
    assert first.label.text in said
    assert f"linked with {first.degree} others" in said


def test_a_way_is_brought_out_and_told(dataset: Dataset) -> None:
    asked = Asked(source="country/EE", target="country/PT")
    seen = view(dataset, get("countries"), asked, ("en",), WORDS)
    made = scene_of(seen, Look(), WORDS)
    assert seen.path is not None
    assert made.shown == frozenset(seen.path.nodes)
    assert len(made.way) == len(seen.path.nodes) - 1
    assert "Estonia \N{RIGHTWARDS ARROW} " in alternative(seen, WORDS)


def test_nothing_is_told_as_nothing(dataset: Dataset) -> None:
    asked = Asked(filters=(("period", ("1900",)),))
    seen = view(dataset, get("organisations"), asked, ("en",), WORDS)
    assert not scene_of(seen, Look(size="betweenness"), WORDS).marks
    assert alternative(seen, WORDS) == "Nothing fits what was asked."
