"""Tags of graphs: the same statements have the same tag, whatever their order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graph.digest import Digest
from graph.terms import Term, n3


def tag_of(quads: Iterable[Sequence[Term]]) -> str:
    """Give the tag of the statements of one graph, as 32 hexadecimal digits."""
    return tag_of_lines((" ".join(map(n3, quad[:3])) + " .").encode() for quad in quads)


def tag_of_lines(lines: Iterable[bytes]) -> str:
    """Give the tag of a graph from its lines of canonical N-Triples."""
    digest = Digest()
    digest.add_lines(lines)
    return digest.hexdigest()[-32:]
