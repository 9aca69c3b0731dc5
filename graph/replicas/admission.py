"""Admission: which statements of a peer are published along with our own.

A peer speaks of what is its own, in graphs of its own. So nobody can put words into another node's
mouth, a node gets what a third one states from that one itself, and two nodes that follow each
other do not hand their statements to and fro. What a peer says of others is kept in the replica,
and counted, and not published.
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
    """Judges the statements of the peer with a base, and counts what it sets aside."""

    base: str
    aside: Counter[Reason] = field(default_factory=Counter)

    def admitted(self, lines: Iterable[bytes]) -> list[bytes]:
        """Give those of some lines of N-Quads that are admitted."""
        own = f"{self.base}id/"
        begins, within = f"<{own}".encode(), f" <{own}".encode()
        vocabulary = f" <{own}{_VOCABULARY}> .\n".encode()
        kept = []
        for line in lines:
            if not line.startswith(within, line.rindex(b" <")):
                self.aside["graph of another node"] += 1
            elif line.startswith(begins):
                kept.append(line)
            else:
                reason: Reason = "thing of another node"
                self.aside["vocabulary" if line.endswith(vocabulary) else reason] += 1
        return kept
