"""Matching: propose pairs of organisations that may be one, for people to judge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from graph.identities.candidates import Entry, candidates
from graph.identities.clusters import differing
from graph.identities.concepts import meant
from graph.identities.ledger import Pair
from graph.identities.names import Name, read_name
from graph.identities.profiles import Profile
from graph.identities.scoring import Likeness, Rarity, liken

# Measured on the tuning half of the gold sets (docs/identity.md), not on the half reported there.
THRESHOLD = 0.85
# A rival of the same source this near makes it unclear which of them is meant.
MARGIN = 0.03


# Reads a name, with its country: by its words or by what they mean.
_Read = Callable[[str, str], Name]


@dataclass(frozen=True, slots=True)
class Match:
    """A pair that may be one, how much so, why, and what speaks against it.

    `conflict` tells the different identifiers of one scheme that a merge would join, if any.
    """

    left: str
    right: str
    score: float
    evidence: str
    conflict: str = ""

    @property
    def pair(self) -> Pair:
        """Give the two things in the order of their names."""
        return (self.left, self.right) if self.left <= self.right else (self.right, self.left)


@dataclass(frozen=True, slots=True)
class _Found:
    left: Profile
    right: Profile
    likeness: Likeness


def propose(
    profiles: Sequence[Profile],
    others: Sequence[Profile] | None = None,
    *,
    judged: Collection[Pair] = (),
    threshold: float = THRESHOLD,
) -> list[Match]:
    """Propose pairs among profiles, or between two lists; the surest first, conflicts last.

    Pairs that people judged are left out, and so are pairs with a rival: another organisation of
    the same source that is nearly as alike.
    """
    best: dict[Pair, _Found] = {}
    for found in (
        *_compared(profiles, others, threshold - MARGIN, read_name),
        *_compared(profiles, others, threshold - MARGIN, _read_meaning),
    ):
        a, b = found.left.thing, found.right.thing
        key = (a, b) if others is not None or a <= b else (b, a)
        if key not in best or found.likeness.score > best[key].likeness.score:
            best[key] = found
    chosen = [
        _match(found) for found in _unrivalled(best.values()) if found.likeness.score >= threshold
    ]
    forbidden = set(judged)
    chosen = [match for match in chosen if match.pair not in forbidden]
    return sorted(chosen, key=lambda match: (bool(match.conflict), -match.score, match.pair))


def _read_meaning(text: str, country: str) -> Name:
    return meant(read_name(text, country))


def _compared(
    profiles: Sequence[Profile],
    others: Sequence[Profile] | None,
    least: float,
    read: _Read,
) -> Iterator[_Found]:
    """Compare names, read in one way; what is told by words or by meaning is told apart."""
    right = profiles if others is None else others
    entries, owners = _entries(profiles, read)
    right_entries, right_owners = (entries, owners) if others is None else _entries(right, read)
    rarity = Rarity(_distinct(entries, right_entries))
    for i, j in candidates(entries, None if others is None else right_entries):
        a, b = profiles[owners[i]], right[right_owners[j]]
        if a.thing == b.thing or not _may_be_one(a, b, read):
            continue
        likeness = liken(entries[i][0], right_entries[j][0], rarity, entries[i][1])
        if likeness.score >= least:
            yield _Found(a, b, likeness)


def _entries(profiles: Sequence[Profile], read: _Read) -> tuple[list[Entry], list[int]]:
    """Give each name once a profile and country, and the profile that it is of."""
    entries: list[Entry] = []
    owners: list[int] = []
    for place, profile in enumerate(profiles):
        for country in sorted(profile.places) or [""]:
            names = {read(text, country) for text in profile.names}
            told = {(name.words, name.form): name for name in sorted(names, key=lambda n: n.text)}
            entries += [(name, country) for name in told.values() if name.words]
            owners += [place] * (len(entries) - len(owners))
    return entries, owners


def _distinct(*lists: Sequence[Entry]) -> Iterator[Entry]:
    seen = set()
    for entries in lists:
        for entry in entries:
            key = (entry[0].words, entry[1])
            if key not in seen:
                seen.add(key)
                yield entry


def _may_be_one(a: Profile, b: Profile, read: _Read) -> bool:
    """Tell whether countries allow it; translations are of one country that both tell."""
    unknown = not a.places or not b.places
    return not a.places.isdisjoint(b.places) or (unknown and read is read_name)


def _unrivalled(found: Iterable[_Found]) -> Iterator[_Found]:
    """Leave out pairs of which one side is nearly as like another thing of the same source."""
    listed = list(found)
    rivals: dict[tuple[str, frozenset[str]], list[float]] = defaultdict(list)
    for item in listed:
        rivals[item.left.thing, item.right.sources].append(item.likeness.score)
        rivals[item.right.thing, item.left.sources].append(item.likeness.score)
    for item in listed:
        score = item.likeness.score
        sides = ((item.left, item.right), (item.right, item.left))
        if all(
            sum(rival > score - MARGIN for rival in rivals[one.thing, other.sources]) == 1
            for one, other in sides
        ):
            yield item


def _match(found: _Found) -> Match:
    first, second, likeness = found.left, found.right, found.likeness
    if first.thing > second.thing:
        first, second, likeness = second, first, likeness.turned()
    told = [likeness.sentence()]
    for what, a, b in (
        ("country", first.countries, second.countries),
        ("country of activity", first.active, second.active),
        ("town", first.cities, second.cities),
        ("homepage", first.homepages, second.homepages),
    ):
        if a & b:
            told.append(f"one {what}: {', '.join(sorted(a & b))}")
        elif a and b:
            told.append(f"not one {what}: {', '.join(sorted(a))} and {', '.join(sorted(b))}")
    conflict = differing(first.identifiers, second.identifiers)
    evidence = " ".join("; ".join(told).split())
    return Match(first.thing, second.thing, likeness.score, evidence, conflict)
