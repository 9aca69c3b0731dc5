"""Paths in the graph: things that follow each other, and the statements that lead along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, order=True)
class Statement:
    """A statement that has a thing as its value, all by IRI."""

    subject: str
    property: str
    value: str


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a path: the statements that say it, and what it says.

    `property` names the step, or `role` where somebody does something in one; `along` tells
    whether it is said in the direction of the path.
    """

    statements: tuple[Statement, ...]
    property: str
    role: str | None = None
    along: bool = True


@dataclass(frozen=True, slots=True)
class Path:
    """Things by IRI, and the steps between each of them and the next."""

    nodes: tuple[str, ...]
    hops: tuple[Hop, ...] = ()

    def then(self, other: Path) -> Path:
        """Go on along a path that begins where this one ends; ValueError if it does not."""
        if self.nodes[-1] != other.nodes[0]:
            raise ValueError("the second path begins elsewhere")
        return Path(self.nodes + other.nodes[1:], self.hops + other.hops)

    def back(self) -> Path:
        """Give the same path from its end to its beginning."""
        turned = tuple(replace(hop, along=not hop.along) for hop in reversed(self.hops))
        return Path(self.nodes[::-1], turned)

    def statements(self) -> Iterator[Statement]:
        """Give all statements that say the path."""
        for hop in self.hops:
            yield from hop.statements
