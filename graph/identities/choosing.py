"""Choosing: which of the pairs that were compared are proposed.

A pair needs to be likely by itself and to stand out: likeness and its lead over the next
organisation of the same source are added, since a name of which two thirds are alike and that
is like no other is surer than one of which nine tenths are alike and that is like three.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from graph.identities.beside import Beside
from graph.identities.profiles import Profile
from graph.identities.scoring import Likeness

# Measured on the tuning half of the gold sets (docs/identity.md), not on the half reported there.
THRESHOLD = 0.85
# A rival of the same source this near makes it unclear which of them is meant.
MARGIN = 0.03
# The lead that a pair of just that likeness needs, by what else speaks for it.
_LEADS: Mapping[Beside, float] = MappingProxyType(
    {
        Beside.SITE: MARGIN,
        Beside.TOWN: 0.06,
        Beside.NOTHING: 0.19,
        Beside.OTHER_SITE: 0.19,
        Beside.OTHER_TOWN: 0.19,
    }
)
FLOOR = 0.3  # what is less alike is no rival: all lead from here
_SHARED = 0.25  # of the smaller source, surely in the other, so that less alike ones may be, too
_NOBODY = (FLOOR, "", FLOOR)


@dataclass(frozen=True, slots=True)
class Found:
    """Two organisations, how alike their names are, what stands beside these, and both weighed."""

    left: Profile
    right: Profile
    likeness: Likeness
    beside: Beside
    score: float

    @property
    def sides(self) -> tuple[tuple[Profile, Profile], tuple[Profile, Profile]]:
        """Give each organisation with the other."""
        return (self.left, self.right), (self.right, self.left)


class Rivals:
    """For each organisation and source, the two of that source that are most like it."""

    def __init__(self) -> None:
        self._best: dict[tuple[str, str], tuple[float, str, float]] = {}

    def add(self, found: Found) -> None:
        """Note how alike two organisations are; of several notes on a pair the highest counts."""
        score = found.score
        for one, other in found.sides:
            for source in sources_of(other):
                first, thing, second = self._best.get((one.thing, source), _NOBODY)
                if other.thing == thing:
                    first = max(first, score)
                elif score > first:
                    first, thing, second = score, other.thing, first
                else:
                    second = max(second, score)
                self._best[one.thing, source] = (first, thing, second)

    def lead(self, found: Found) -> float:
        """Give how far a pair is before all others of either side; negative where it is behind."""
        behind = [
            second if thing == other.thing else first
            for one, other in found.sides
            for source in sources_of(other)
            for first, thing, second in (self._best.get((one.thing, source), _NOBODY),)
        ]
        return found.score - max(behind)


def sources_of(profile: Profile) -> Collection[str]:
    """Give the sources that describe an organisation; those of which none is known are of one."""
    return profile.sources or ("",)


def chosen(
    found: Iterable[Found],
    rivals: Rivals,
    sizes: Mapping[str, int],
    threshold: float = THRESHOLD,
) -> Iterator[Found]:
    """Choose pairs that are alike, and more so than any other of the same sources.

    What is less alike than `threshold` needs to stand out, and to be of two sources of which many
    are the same: else the likest of a source is a stranger. `sizes` tells how many each describes.
    """
    doubtful: list[Found] = []
    certain: Counter[tuple[str, str]] = Counter()
    for item in found:
        lead = rivals.lead(item)
        wanted = threshold + _LEADS[item.beside]
        if lead <= MARGIN or item.score + lead < wanted:
            continue
        if item.score < threshold:
            doubtful.append(item)
        else:
            certain.update(_between(item))
            yield item
    for item in doubtful:
        if (item.beside is Beside.SITE or not item.likeness.notes_against) and any(
            certain[pair] >= _SHARED * min(sizes[source] for source in pair)
            for pair in _between(item)
        ):
            yield item


def _between(found: Found) -> Iterator[tuple[str, str]]:
    """Give the pairs of sources that a pair of organisations is of; none if they have one."""
    left, right = sources_of(found.left), sources_of(found.right)
    if set(left).isdisjoint(right):
        for a in left:
            yield from ((min(a, b), max(a, b)) for b in right)
