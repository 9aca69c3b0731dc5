"""The solutions of a query about a network: who is linked with whom, or has a part in what.

A row of the solutions says one thing about one link, or names one node without a link:

| column        | holds                                                             |
|---------------|-------------------------------------------------------------------|
| `?source`     | IRI of a node; in every row                                       |
| `?sourceKind` | IRI of what it is (a class or a concept); in every row            |
| `?target`     | IRI of the node at the other end; absent for a node without links |
| `?targetKind` | IRI of what that is; wherever `?target` is                        |
| `?via`        | why they are linked: an IRI or a text; may be absent              |
| `?weight`     | how much this reason counts, a number above 0; absent means 1     |

A query without the column `?target` says who has a part in what: `?source` in `?via`. All that have
a part in the same are then linked by it, each reason with the weight 1, and who shares nothing
with anybody is left out. So a question grows with the parts, and not with the pairs.

Rows about the same pair become one link. Its reasons are the distinct `?via`, and its weight is
the sum of theirs; a reason that several rows give counts once, with its largest weight. A node
of several kinds is shown under the first in the order of IRIs.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from math import isfinite
from typing import NamedTuple

from graph.errors import QueryError
from graph.terms import Solutions, Term

_COLUMNS = ("source", "sourceKind", "target", "targetKind", "via", "weight")


class Link(NamedTuple):
    """A pair of nodes and the weight of each reason for their link."""

    source: str
    target: str
    reasons: dict[Term | None, float]


def read_links(solutions: Solutions, *, directed: bool) -> tuple[dict[str, str], list[Link]]:
    """Read solutions as the kind of each node and the links, in the order of their IRIs.

    QueryError if the columns are not as the module describes them.
    """
    if shares(solutions, directed=directed):
        return _shared(solutions)
    kinds: dict[str, str] = {}
    links: dict[tuple[str, str], Link] = {}
    for row in solutions:
        source = _node(row, "source", kinds)
        if "target" not in row:
            continue
        target = _node(row, "target", kinds)
        if not directed and target < source:
            source, target = target, source
        link = links.setdefault((source, target), Link(source, target, {}))
        via = _via(row)
        link.reasons[via] = max(_weight(row), link.reasons.get(via, 0.0))
    return dict(sorted(kinds.items())), [links[pair] for pair in sorted(links)]


def shares(solutions: Solutions, *, directed: bool) -> bool:
    """Tell whether solutions say who has a part in what, instead of who is linked with whom.

    QueryError if the columns are not as the module describes them.
    """
    unknown = set(solutions.variables) - set(_COLUMNS)
    if unknown:
        raise QueryError(f"a network has no column ?{min(unknown)}, only ?{', ?'.join(_COLUMNS)}")
    if "target" in solutions.variables or "via" not in solutions.variables:
        return False
    if directed or "weight" in solutions.variables:
        raise QueryError(
            "a network of those who share something has no direction and no column ?weight"
        )
    return True


def read_parts(solutions: Solutions) -> tuple[dict[str, str], dict[Term, list[str]]]:
    """Read who has a part in what: kinds of nodes in their order, and nodes in order by reason.

    Only what several nodes share, and only nodes that share something.
    """
    kinds: dict[str, str] = {}
    members: dict[Term, set[str]] = {}
    for row in solutions:
        node, via = _node(row, "source", kinds), _via(row)
        if via is not None:
            members.setdefault(via, set()).add(node)
    parts = {via: sorted(nodes) for via, nodes in members.items() if len(nodes) > 1}
    linked = sorted({node for nodes in parts.values() for node in nodes})
    return {node: kinds[node] for node in linked}, parts


def _shared(solutions: Solutions) -> tuple[dict[str, str], list[Link]]:
    kinds, parts = read_parts(solutions)
    links: dict[tuple[str, str], Link] = {}
    for via, nodes in parts.items():
        for pair in combinations(nodes, 2):
            links.setdefault(pair, Link(*pair, {})).reasons[via] = 1.0
    return kinds, [links[pair] for pair in sorted(links)]


def _via(row: Mapping[str, Term]) -> Term | None:
    via = row.get("via")
    if via is not None and via.kind == "bnode":
        raise QueryError("a network needs an IRI or a text in the column ?via, no blank node")
    return via


def _node(row: Mapping[str, Term], column: str, kinds: dict[str, str]) -> str:
    node, kind = _iri(row, column), _iri(row, f"{column}Kind")
    kinds[node] = min(kind, kinds.get(node, kind))
    return node


def _iri(row: Mapping[str, Term], column: str) -> str:
    term = row.get(column)
    if term is None or term.kind != "uri":
        found = "nothing" if term is None else f"{term.value[:80]!r}"
        raise QueryError(f"a network needs an IRI in the column ?{column}, not {found}")
    return term.value


def _weight(row: Mapping[str, Term]) -> float:
    if "weight" not in row:
        return 1.0
    written = row["weight"].value
    try:
        weight = float(written)
    except ValueError:
        weight = 0.0
    if weight <= 0 or not isfinite(weight):
        raise QueryError(
            f"a network needs a ?weight that is a number above 0, not {written[:80]!r}"
        )
    return weight
