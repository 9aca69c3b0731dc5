"""Groups that are opened in a picture, and the forces by which pictures are drawn."""

from __future__ import annotations

import itertools
import math

from graph.networks.collapsing import Disc
from visualisations.atlas import atlas
from visualisations.unfolding import unfold

OUTSIDE = {"g/1": (0.0, 0.0), "g/2": (60.0, 0.0), "g/3": (0.0, 80.0)}
INSIDE = [(-50.0, 0.0), (50.0, 0.0), (0.0, 0.0)]
GROUPS = {0: "g/1", 1: "g/1", 2: "g/2"}


def test_nothing_moves_while_no_group_is_open() -> None:
    discs = [Disc(None, key, 2) for key in OUTSIDE]
    assert unfold(discs, [10.0, 10.0, 10.0], GROUPS, OUTSIDE, INSIDE) == [*OUTSIDE.values()]


def test_members_stand_around_the_middle_of_their_group_and_push_others_away() -> None:
    """Each of the others in the direction in which it was."""
    discs = [Disc(None, "g/2", 1), Disc(None, "g/3", 9), Disc(0), Disc(1)]
    radii = [10.0, 20.0, 8.0, 8.0]
    found = unfold(discs, radii, GROUPS, OUTSIDE, INSIDE)
    assert found is not None
    second, third, left, right = found
    assert (left, right) == ((-50.0, 0.0), (50.0, 0.0))
    assert second[1] == third[0] == 0
    assert second[0] > 60 + 50
    assert third[1] > 80 + 50
    for (one, first), (two, other) in itertools.combinations(zip(found, radii, strict=True), 2):
        assert math.dist(one, two) > first + other


def test_a_picture_that_does_not_have_a_group_is_not_taken() -> None:
    assert unfold([Disc(None, "g/9")], [10.0], GROUPS, OUTSIDE, INSIDE) is None


def test_forces_bring_what_is_linked_together() -> None:
    """Two cliques with one link between them, begun in a row in which they alternate."""
    cliques = [pair for first in (0, 1) for pair in itertools.combinations(range(first, 16, 2), 2)]
    start = [(float(at), 0.1 * (at % 3)) for at in range(16)]
    found = atlas(16, [*cliques, (0, 1)], start, 300)
    inside = max(math.dist(found[one], found[two]) for one, two in cliques)
    middles = [
        tuple(sum(found[at][axis] for at in range(first, 16, 2)) / 8 for axis in (0, 1))
        for first in (0, 1)
    ]
    assert math.dist(*middles) > inside
    assert found == atlas(16, [*cliques, (0, 1)], start, 300)
