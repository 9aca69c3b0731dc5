"""Opening groups in a picture: their members as drawn before, and room for them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from graph.networks.collapsing import Disc
from visualisations.overlap import Point, separate

_GAP = 18.0  # between circles, in units of the drawing


def unfold(
    discs: Sequence[Disc],
    radii: Sequence[float],
    group_of: Mapping[int, str],
    outside: Mapping[str, Point],
    inside: Sequence[Point],
) -> list[Point] | None:
    """Place groups as in the picture without members, and members around the middle of theirs.

    A group that is opened pushes the others away by as much as its members need. None where the
    picture does not have all of these groups.
    """
    reach: dict[str, float] = {}
    for disc, radius in zip(discs, radii, strict=True):
        key = _key(disc, group_of)
        if key not in outside:
            return None
        far = 0.0 if disc.node is None else math.hypot(*inside[disc.node])
        reach[key] = max(reach.get(key, 0.0), far + radius)
    middle = separate(_pushed(discs, reach, group_of, outside), reach, _GAP)
    points = {}
    for at, disc in enumerate(discs):
        x, y = middle[_key(disc, group_of)]
        dx, dy = (0.0, 0.0) if disc.node is None else inside[disc.node]
        points[at] = x + dx, y + dy
    # Members have more neighbours, and so larger circles, than they have within their group.
    found = separate(points, dict(enumerate(radii)), _GAP / 2)
    return [(float(round(x)), float(round(y))) for x, y in found.values()]


def _pushed(
    discs: Sequence[Disc],
    reach: Mapping[str, float],
    group_of: Mapping[int, str],
    outside: Mapping[str, Point],
) -> dict[str, Point]:
    """Move the others straight away from each opened group, by what it grows.

    Nothing comes nearer to anything else so, and little is left to be pushed apart.
    """
    opened = {_key(disc, group_of) for disc in discs if disc.node is not None}
    places = {key: outside[key] for key in sorted(reach)}
    for key in sorted(opened):
        x, y = places[key]
        for other, (left, top) in places.items():
            far = math.hypot(left - x, top - y)
            if other != key and far:
                by = 1 + reach[key] / far
                places[other] = x + (left - x) * by, y + (top - y) * by
    return places


def _key(disc: Disc, group_of: Mapping[int, str]) -> str:
    return disc.group or "" if disc.node is None else group_of[disc.node]
