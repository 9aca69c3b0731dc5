"""Matching: propose pairs of organisations that may be one, for people to judge."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from graph.identities.beside import Beside, Places
from graph.identities.candidates import Entry, candidates
from graph.identities.choosing import FLOOR, THRESHOLD, Found, Rivals, chosen, sources_of
from graph.identities.clusters import differing
from graph.identities.concepts import meant
from graph.identities.ledger import Pair
from graph.identities.names import Name, read_name
from graph.identities.profiles import Profile
from graph.identities.scoring import Rarity, liken

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
    places, rivals = Places.of(profiles, others), Rivals()
    best: dict[Pair, Found] = {}
    for read in (read_name, _read_meaning):
        for found in _compared(profiles, others, read, places):
            rivals.add(found)
            a, b = found.left.thing, found.right.thing
            key = (a, b) if others is not None or a <= b else (b, a)
            held = best.get(key)
            if held is None or found.score > held.score:
                best[key] = found
    forbidden = set(judged)
    both = profiles if others is None else (*profiles, *others)
    sizes = Counter(source for profile in both for source in sources_of(profile))
    matches = [_match(found) for found in chosen(best.values(), rivals, sizes, threshold)]
    kept = [match for match in matches if match.pair not in forbidden]
    return sorted(kept, key=lambda match: (bool(match.conflict), -match.score, match.pair))


def _read_meaning(text: str, country: str) -> Name:
    return meant(read_name(text, country))


def _compared(
    profiles: Sequence[Profile],
    others: Sequence[Profile] | None,
    read: _Read,
    places: Places,
) -> Iterator[Found]:
    """Compare names, read in one way; what is told by words or by meaning is told apart."""
    right = profiles if others is None else others
    entries, owners = _entries(profiles, read)
    right_entries, right_owners = (entries, owners) if others is None else _entries(right, read)
    rarity = Rarity(_distinct(entries, right_entries))
    near = candidates(entries, None if others is None else right_entries)
    for i, j in chain(near, _of_one_site(profiles, owners, right, right_owners, places)):
        a, b = profiles[owners[i]], right[right_owners[j]]
        if a.thing != b.thing and _may_be_one(a, b, read):
            likeness = liken(entries[i][0], right_entries[j][0], rarity, entries[i][1])
            beside = places.compared(a.thing, b.thing)
            score = round(beside.weighed(likeness.score), 4)
            if score > FLOOR:
                yield Found(a, b, likeness, beside, score)


def _of_one_site(
    profiles: Sequence[Profile],
    owners: Sequence[int],
    others: Sequence[Profile],
    other_owners: Sequence[int],
    places: Places,
) -> Iterator[tuple[int, int]]:
    """Give the names of organisations that share a site, whether they share words or not."""
    named: dict[str, list[int]] = defaultdict(list)
    for place, owner in enumerate(other_owners):
        if others[owner].thing in places.sites:
            named[others[owner].thing].append(place)
    for place, owner in enumerate(owners):
        for other in sorted(places.sites.get(profiles[owner].thing, ())):
            yield from ((place, there) for there in named[other])


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


def _match(found: Found) -> Match:
    first, second, likeness = found.left, found.right, found.likeness
    if first.thing > second.thing:
        first, second, likeness = second, first, likeness.turned()
    told = [likeness.sentence(), *_told_beside(first, second, found.beside)]
    conflict = differing(first.identifiers, second.identifiers)
    evidence = " ".join("; ".join(told).split())
    return Match(first.thing, second.thing, found.score, evidence, conflict)


def _told_beside(first: Profile, second: Profile, beside: Beside) -> Iterator[str]:
    """Say what else is told of both; towns and sites also where they are written differently."""
    for what, a, b, alike in (
        ("country", first.countries, second.countries, False),
        ("country of activity", first.active, second.active, False),
        ("town", first.cities, second.cities, beside is Beside.TOWN),
        ("homepage", first.homepages, second.homepages, beside is Beside.SITE),
    ):
        if a & b:
            yield f"one {what}: {', '.join(sorted(a & b))}"
        elif a and b:
            word = "one" if alike else "not one"
            yield f"{word} {what}: {', '.join(sorted(a))} and {', '.join(sorted(b))}"
