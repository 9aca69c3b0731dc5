"""What is drawn of a selection: its nodes, or groups of them as one disc each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from graph.facts.dimensions import UNKNOWN
from graph.networks.narrowing import Selection
from graph.networks.projection import NO_REASON, Projection
from graph.networks.simple import Simple


@dataclass(frozen=True, slots=True)
class Disc:
    """What is drawn as one: a node by its number, or a group with its members and inner ties."""

    node: int | None
    group: str | None = None
    size: int = 1
    inside: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """What is drawn between two discs: the ties that it merges, and the reasons of a single one."""

    source: int
    target: int
    weight: float
    merged: int = 1
    reasons: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is drawn: discs, and lines between them by their places."""

    discs: tuple[Disc, ...]
    lines: tuple[Line, ...]

    def simple(self) -> Simple:
        """Give what is drawn without directions and loops, to be computed with."""
        weights: dict[tuple[int, int], float] = defaultdict(float)
        for line in self.lines:
            if line.source != line.target:
                ends = min(line.source, line.target), max(line.source, line.target)
                weights[ends] += line.weight
        return Simple(len(self.discs), dict(weights))


def plain(selection: Selection) -> Sheet:
    """Draw every node as itself."""
    place = {node: at for at, node in enumerate(selection.nodes)}
    lines = (
        Line(
            place[tie.source],
            place[tie.target],
            sum(weight for _, weight in tie.reasons),
            reasons=tuple(at for at, _ in tie.reasons if at != NO_REASON),
        )
        for tie in selection.ties
    )
    return Sheet(tuple(Disc(node) for node in selection.nodes), tuple(lines))


@dataclass(slots=True)
class _Merged:
    weight: float = 0.0
    ties: int = 0
    reasons: list[tuple[int, ...]] = field(default_factory=list)


def collapsed(
    selection: Selection,
    groups: Mapping[int, Sequence[str]],
    opened: Collection[str],
    order: Callable[[str], tuple[int, str]],
) -> Sheet:
    """Draw each group of nodes as one disc, but the members of those that are opened.

    A node of several groups counts in each, and so do its ties. What is inside a group are the
    ties between its members.
    """
    free = {node for node in selection.nodes if any(group in opened for group in groups[node])}
    sizes = Counter(group for node in selection.nodes if node not in free for group in groups[node])
    names: list[str | int] = [*sorted(sizes, key=order), *(n for n in selection.nodes if n in free)]
    place = {name: at for at, name in enumerate(names)}
    inside: Counter[str] = Counter()
    merged: dict[tuple[int, int], _Merged] = defaultdict(_Merged)
    for tie in selection.ties:
        weight = sum(part for _, part in tie.reasons)
        reasons = tuple(at for at, _ in tie.reasons if at != NO_REASON)
        for source in [tie.source] if tie.source in free else groups[tie.source]:
            for target in [tie.target] if tie.target in free else groups[tie.target]:
                if source == target and isinstance(source, str):
                    inside[source] += 1
                    continue
                found = merged[place[source], place[target]]
                found.weight += weight
                found.ties += 1
                found.reasons.append(reasons)
    discs = tuple(
        Disc(name) if isinstance(name, int) else Disc(None, name, sizes[name], inside[name])
        for name in names
    )
    return Sheet(discs, tuple(_line(ends, merged[ends]) for ends in sorted(merged)))


def _line(ends: tuple[int, int], merged: _Merged) -> Line:
    reasons = merged.reasons[0] if merged.ties == 1 else ()
    return Line(*ends, merged.weight, merged.ties, reasons)


def groups_by(
    projection: Projection, selection: Selection, facet: str
) -> dict[int, tuple[str, ...]]:
    """Group nodes by the values of a facet; those that have none are of the unknown.

    A node whose kind does not have the facet takes the values of the reasons of its ties.
    """
    column = projection.attributes.get(facet, (None,) * len(projection.things()))
    lent: dict[int, set[str]] = defaultdict(set)
    for tie in selection.ties:
        for at, _ in tie.reasons:
            given = column[len(projection.nodes) + at] if at != NO_REASON else None
            for end in (tie.source, tie.target):
                lent[end].update(given or ())
    found = {}
    for node in selection.nodes:
        own = column[node]
        values = tuple(sorted(lent[node])) if own is None else own
        found[node] = tuple(f"{facet}/{key}" for key in values or (UNKNOWN,))
    return found
