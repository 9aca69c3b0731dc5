"""The network projection: the solutions of a query become a networkx graph.

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

from collections.abc import Iterable, Mapping
from itertools import combinations
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from urllib.parse import unquote

import networkx as nx

from graph.engine import Engine, Query
from graph.errors import QueryError
from graph.terms import Solutions, Term
from ontology import Property, expand

if TYPE_CHECKING:
    # networkx classes take type arguments in their published stubs only
    Network: TypeAlias = nx.Graph[str]
else:
    Network = nx.Graph

_COLUMNS = ("source", "sourceKind", "target", "targetKind", "via", "weight")

# Told by a filter: joined with the properties as inline data, it took eight times as long.
_LABELS = Query("""
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX sikg: <https://w3id.org/sikg/ontology#>
SELECT ?thing ?property ?label WHERE {
  VALUES ?thing { UNDEF }
  ?thing ?property ?label
  FILTER(?property IN (skos:prefLabel, rdfs:label, skos:altLabel, sikg:acronym))
}
""")
_ACRONYM = Property.ACRONYM.value
_ALTERNATIVE = expand("skos:altLabel")
_SHORT = 32  # characters of a name that still fits beside a node


class Label(NamedTuple):
    """A name in one language, by its BCP-47 tag; the tag is empty where it is not known."""

    text: str
    language: str = ""


class Reason(NamedTuple):
    """Why two nodes are linked; `iri` is None where the query gave a text."""

    iri: str | None
    label: Label


class Names(NamedTuple):
    """The name to show of a thing, and a shorter one for drawings."""

    label: Label
    short: Label


# The names of one thing: labels by the property that gives them.
Texts: TypeAlias = Mapping[str, list[Label]]


class Link(NamedTuple):
    """A pair of nodes and the weight of each reason for their link."""

    source: str
    target: str
    reasons: dict[Term | None, float]


def project(
    engine: Engine, query: Query, *, directed: bool = False, language: str = "en"
) -> Network:
    """Answer the query and build its network, labelled in the reader's language.

    The graph is a `networkx.Graph`, or a `DiGraph` where `directed`. Nodes are IRIs with the
    attributes `iri`, `label` and `short_label` (`Label`), `kind` (IRI) and `kind_label`; links
    have `weight` (float) and `reasons` (tuple of `Reason`). Nodes and links stand in the order
    of their IRIs, whatever the order of the solutions. The short label is the acronym or the
    shortest other name where the label is too long to be drawn. QueryError if the columns are
    not as the module describes them.
    """
    kinds, links = read_links(engine.select(query), directed=directed)
    vias = {via.value for link in links for via in link.reasons if via and via.kind == "uri"}
    texts = read_texts(engine, {*kinds, *kinds.values(), *vias})
    names = {thing: name(thing, found, language) for thing, found in texts.items()}
    network: Network = nx.DiGraph() if directed else nx.Graph()
    for node, kind in kinds.items():
        label, short = names[node]
        network.add_node(
            node,
            iri=node,
            label=label,
            short_label=short,
            kind=kind,
            kind_label=names[kind].label,
        )
    for link in links:
        weight, reasons = sum(link.reasons.values()), _reasons(link.reasons, names)
        network.add_edge(link.source, link.target, weight=weight, reasons=reasons)
    return network


def best_label(labels: Iterable[Label], language: str) -> Label | None:
    """Choose among labels: the language asked for, English, no language, any; None if none.

    A variety of a language (`et-EE`) serves its readers (`et`), and the other way round. Among
    equals, the first by tag and text is taken.
    """
    wanted = language.lower()
    base = wanted.split("-")[0]

    def rank(label: Label) -> tuple[int, Label]:
        tag = label.language.lower()
        order = (tag == wanted, tag.split("-")[0] == base, tag.split("-")[0] == "en")
        neutral = tag in {"", "und", "mul", "zxx"}
        return next((at for at, fits in enumerate((*order, neutral)) if fits), 4), label

    return min(labels, key=rank, default=None)


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


def _reasons(vias: Iterable[Term | None], names: Mapping[str, Names]) -> tuple[Reason, ...]:
    reasons = [
        Reason(via.value, names[via.value].label)
        if via.kind == "uri"
        else Reason(None, Label(via.value, via.language or ""))
        for via in vias
        if via is not None
    ]
    return tuple(sorted(reasons, key=lambda reason: (reason.iri or "", reason.label)))


def read_texts(engine: Engine, iris: Iterable[str]) -> dict[str, Texts]:
    """Read all that names things, by the property that says so; nothing for a thing unnamed."""
    found: dict[str, dict[str, list[Label]]] = {thing: {} for thing in sorted(iris)}
    query = _LABELS.bind(thing=[Term("uri", thing) for thing in found])
    for row in engine.select(query) if found else ():
        label = Label(row["label"].value, row["label"].language or "")
        found[row["thing"].value].setdefault(row["property"].value, []).append(label)
    return dict(found)


def name(thing: str, texts: Texts, language: str) -> Names:
    """Choose the name of a thing in a language, and a shorter one where that is long."""
    own = [
        label
        for property_, values in texts.items()
        if property_ not in {_ACRONYM, _ALTERNATIVE}
        for label in values
    ]
    label = best_label(own, language) or Label(_last_part(thing))
    if len(label.text) <= _SHORT:
        return Names(label, label)
    others = [other for other in texts.get(_ALTERNATIVE, ()) if other.language == label.language]
    shorter = texts.get(_ACRONYM) or [other for other in others if len(other.text) <= _SHORT]
    return Names(label, min(shorter, key=lambda other: (len(other.text), other), default=label))


def _last_part(value: str) -> str:
    return unquote(value.rstrip("/#").replace("#", "/").rpartition("/")[2]) or value
