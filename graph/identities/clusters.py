"""Clusters: what follows from judgements and shared identifiers, and where they contradict.

People decide with the ledger; an identifier that two things share joins them without asking,
unless that would join two different identifiers of one scheme or two things judged different.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graph.errors import LedgerError
from graph.identities.ledger import Judgement, Pair, in_force

# The identifiers of things, by scheme: {"organisation/x": {"ror": {"https://ror.org/…"}}}.
Held = Mapping[str, Mapping[str, Collection[str]]]

SHARING = "they share the "  # begins the sentence on a shared identifier
_DERIVED = re.compile(r"(^|[-/])[0-9a-f]{16}$")


@dataclass(frozen=True, slots=True)
class Shared:
    """An identifier and the things that bear it; `scheme` and `value` as in the evidence."""

    scheme: str
    value: str
    things: tuple[str, ...]

    def sentence(self) -> str:
        """Say what is shared."""
        return f"{SHARING}{self.scheme} {self.value}"


@dataclass(frozen=True, slots=True)
class Resolution:
    """Which thing stands for which: `canonical` of each merged one, and `why`, step by step.

    `conflicts` are sentences with both evidences; `judged` and `shared` count what was merged by
    the ledger and by identifiers.
    """

    canonical: Mapping[str, str] = field(default_factory=dict)
    why: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    conflicts: tuple[str, ...] = ()
    judged: int = 0
    shared: int = 0


class Groups:
    """Sets of things that are joined one pair at a time."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def find(self, thing: str) -> str:
        """Give the thing that stands for the group."""
        root = thing
        while (above := self._above.get(root, root)) != root:
            root = above
        while (above := self._above.get(thing, thing)) != root:
            self._above[thing], thing = root, above
        return root

    def join(self, left: str, right: str) -> None:
        """Make one group of two; the first in order stands for it."""
        first, second = sorted((self.find(left), self.find(right)))
        self._above[first] = first
        self._above[second] = first

    def all(self) -> Mapping[str, list[str]]:
        """Give the members of each group, in order."""
        found: dict[str, list[str]] = defaultdict(list)
        for thing in sorted(self._above):
            found[self.find(thing)].append(thing)
        return found


def resolve(
    judgements: Iterable[Judgement],
    shared: Sequence[Shared],
    held: Held,
    existing: Collection[str],
) -> Resolution:
    """Decide which things are one, and which of them keeps its address.

    `existing` holds the things that rows describe; others are redirected at most. LedgerError
    where the ledger contradicts itself, with the lines of both sides.
    """
    valid = in_force(judgements)
    same = [item for item in valid.values() if item.judgement == "same"]
    different = {pair: item for pair, item in valid.items() if item.judgement == "different"}
    judged, links = Groups(), defaultdict[str, list[tuple[str, str]]](list)
    for item in same:
        judged.join(item.left, item.right)
        _link(links, item.left, item.right, item.sentence())
    _forbid(judged, links, different)
    conflicts = list(_told(judged, held))
    joined, refused = _joined(judged, shared, held, different)
    conflicts += refused
    groups = Groups()
    for item in same:
        groups.join(item.left, item.right)
    for found in joined:
        for other in found.things[1:]:
            groups.join(found.things[0], other)
            _link(links, found.things[0], other, found.sentence())
    ranks = _ranks(same, existing)
    canonical: dict[str, str] = {}
    why: dict[str, tuple[str, ...]] = {}
    for members in groups.all().values():
        chosen = min(members, key=ranks)
        if chosen in existing:
            for member in members:
                if member != chosen:
                    canonical[member] = chosen
                    why[member] = _path(links, chosen, member)
    by_people = sum(1 for thing, to in canonical.items() if judged.find(thing) == judged.find(to))
    return Resolution(canonical, why, tuple(conflicts), by_people, len(canonical) - by_people)


def differing(left: Mapping[str, Collection[str]], right: Mapping[str, Collection[str]]) -> str:
    """Name the schemes in which two things bear different identifiers, with both values."""
    return "; ".join(
        f"different {scheme}: {', '.join(sorted(left[scheme]))} and "
        f"{', '.join(sorted(right[scheme]))}"
        for scheme in sorted(left.keys() & right.keys())
        if left[scheme] and right[scheme] and set(left[scheme]).isdisjoint(right[scheme])
    )


def _link(links: dict[str, list[tuple[str, str]]], left: str, right: str, why: str) -> None:
    links[left].append((right, why))
    links[right].append((left, why))


def _path(links: Mapping[str, list[tuple[str, str]]], begin: str, end: str) -> tuple[str, ...]:
    """Give the reasons from one thing to another, over as few others as possible."""
    reached: dict[str, tuple[str, ...]] = {begin: ()}
    waiting = deque([begin])
    while waiting and end not in reached:
        here = waiting.popleft()
        for other, why in links[here]:
            if other not in reached:
                reached[other] = (*reached[here], why)
                waiting.append(other)
    return reached[end]


def _forbid(
    judged: Groups,
    links: Mapping[str, list[tuple[str, str]]],
    different: Mapping[Pair, Judgement],
) -> None:
    for (left, right), item in different.items():
        if judged.find(left) == judged.find(right):
            reasons = "; ".join(_path(links, left, right))
            raise LedgerError(
                f"the ledger contradicts itself: {item.sentence()}; yet {reasons}. "
                "Withdraw one of these lines"
            )


def _told(judged: Groups, held: Held) -> Iterator[str]:
    for members in judged.all().values():
        for scheme, sides in _contradictions([[member] for member in members], held):
            yield f"the ledger joins what differs in {scheme}: {' and '.join(sides)}"


def _joined(
    judged: Groups, shared: Sequence[Shared], held: Held, different: Mapping[Pair, Judgement]
) -> tuple[list[Shared], list[str]]:
    """Divide shared identifiers into those that join, and why the others do not.

    All of a group are refused together, so that no order of joining decides.
    """
    tried = Groups()
    for found in shared:
        for thing in found.things:
            tried.join(judged.find(found.things[0]), judged.find(thing))
    judged_members = judged.all()
    reasons: dict[str, list[str]] = {}
    for root, parts in tried.all().items():
        if len(parts) > 1:
            wholes = [judged_members.get(part, [part]) for part in parts]
            against = [
                f"{scheme}: {' and '.join(sides)}"
                for scheme, sides in _contradictions(wholes, held)
            ]
            against += _separated(wholes, different)
            if against:
                reasons[root] = against
    joined, refused = [], defaultdict[str, list[str]](list)
    for found in shared:
        root = tried.find(judged.find(found.things[0]))
        if root in reasons:
            refused[root].append(f"{', '.join(found.things)}: {found.sentence()}")
        else:
            joined.append(found)
    told = [
        f"not joined: {'; '.join(same)}; yet they differ in {'; '.join(reasons[root])}"
        for root, same in refused.items()
    ]
    return joined, told


def _contradictions(wholes: Sequence[Sequence[str]], held: Held) -> Iterator[tuple[str, list[str]]]:
    """Give each scheme in which the wholes bear identifiers that no other connects."""
    schemes = sorted({scheme for whole in wholes for one in whole for scheme in held.get(one, {})})
    for scheme in schemes:
        sides: list[tuple[set[str], list[str]]] = []
        for whole in wholes:
            values = {value for one in whole for value in held.get(one, {}).get(scheme, ())}
            if values:
                bearing = [one for one in whole if held.get(one, {}).get(scheme)]
                touching = [side for side in sides if side[0] & values]
                sides = [side for side in sides if not side[0] & values]
                merged = values.union(*(side[0] for side in touching))
                sides.append((merged, [*(one for side in touching for one in side[1]), *bearing]))
        if len(sides) > 1:
            yield scheme, [f"{', '.join(sorted(v))} ({', '.join(things)})" for v, things in sides]


def _separated(
    wholes: Sequence[Sequence[str]], different: Mapping[Pair, Judgement]
) -> Iterator[str]:
    members = {one for whole in wholes for one in whole}
    for (left, right), item in different.items():
        if left in members and right in members:
            yield f"what a person decided: {item.sentence()}"


class _ranks:  # noqa: N801  # read as a function
    """Order the members of a group: the least keeps its address.

    What exists before what is gone; what the ledger keeps (left and never right) before what it
    says nothing of, and that before what it merges; a key that people chose before one computed
    from a name; then the key itself.
    """

    def __init__(self, same: Iterable[Judgement], existing: Collection[str]) -> None:
        lines = list(same)
        self._right = {item.right for item in lines}
        self._left = {item.left for item in lines} - self._right
        self._existing = existing

    def __call__(self, thing: str) -> tuple[bool, int, bool, str]:
        place = 0 if thing in self._left else 2 if thing in self._right else 1
        derived = _DERIVED.search(thing) is not None
        return thing not in self._existing, place, derived, thing
