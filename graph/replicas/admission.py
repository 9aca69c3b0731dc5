"""Admission: which statements of a peer are published along with our own.

A node speaks of what is its own, in graphs of its own, and a stream of what it was allowed to speak
of. So nobody can put words into another node's mouth, a node gets what a third one states from that
one itself, and two nodes that follow each other do not hand their statements to and fro. What a
peer says of others is kept in the replica, and counted, and not published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Reason = Literal["graph of another node", "thing of another node", "vocabulary"]

_VOCABULARY = "graph/ontology"  # each node has the ontology itself


@dataclass(slots=True)
class Admission:
    """Judges the statements of a peer, and counts what it sets aside.

    `things` and `graphs` are the beginnings of the addresses that it may speak of, and in which it
    may speak: any where there are none. A graph with the end `vocabulary` is not needed.
    """

    things: tuple[bytes, ...]
    graphs: tuple[bytes, ...] = (b"",)
    vocabulary: bytes = b"\n\n"  # which ends no line
    aside: Counter[Reason] = field(default_factory=Counter)

    @classmethod
    def of_node(cls, base: str) -> Admission:
        """Admit what a node states of its own things in its own graphs."""
        own = f"<{base}id/".encode()
        return cls((own,), (own,), f" <{base}id/{_VOCABULARY}> .\n".encode())

    @classmethod
    def of_stream(cls, own: Iterable[str]) -> Admission:
        """Admit what a stream states of things whose addresses begin as told."""
        return cls(tuple(f"<{beginning}".encode() for beginning in own))

    def admitted(self, lines: Iterable[bytes]) -> list[bytes]:
        """Give those of some lines of N-Quads that are admitted."""
        kept = []
        for line in lines:
            if not line.startswith(self.graphs, line.rindex(b" <") + 1):
                self.aside["graph of another node"] += 1
            elif line.startswith(self.things):
                kept.append(line)
            else:
                reason: Reason = "thing of another node"
                self.aside["vocabulary" if line.endswith(self.vocabulary) else reason] += 1
        return kept
