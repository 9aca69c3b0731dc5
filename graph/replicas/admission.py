"""Admission: which statements of a peer are published along with our own.

A peer speaks of what is its own, in graphs of its own. So nobody can put words into another node's
mouth, a node gets what a third one states from that one itself, and two nodes that follow each
other do not hand their statements to and fro. What a peer says of others is kept in the replica,
and counted, and not published.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

Reason = Literal["graph of another node", "thing of another node", "vocabulary"]

_VOCABULARY = "graph/ontology"  # each node has the ontology itself


@dataclass(slots=True)
class Admission:
    """Judges the statements of the peer with a base, and counts what it sets aside."""

    base: str
    aside: Counter[Reason] = field(default_factory=Counter)

    def lines(self, graph: str, lines: bytes) -> bytes:
        """Give the lines of a graph that are admitted."""
        own = f"{self.base}id/"
        if not graph.startswith(own):
            self.aside["graph of another node"] += lines.count(b"\n")
            return b""
        begins = f"<{own}".encode()
        kept = [line for line in lines.splitlines(keepends=True) if line.startswith(begins)]
        reason: Reason = "vocabulary" if graph == own + _VOCABULARY else "thing of another node"
        left = lines.count(b"\n") - len(kept)
        if left:
            self.aside[reason] += left
        return b"".join(kept)
