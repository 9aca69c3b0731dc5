"""The network projection: the solutions of a query become a networkx graph.

What the columns of the solutions say is told in `graph.networks.solutions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from urllib.parse import unquote

import networkx as nx

from graph.engine import Engine, Query
from graph.networks.solutions import read_links
from graph.terms import Term
from graph.translations import is_machine_translation
from ontology import Property, expand

if TYPE_CHECKING:
    # networkx classes take type arguments in their published stubs only
    Network: TypeAlias = nx.Graph[str]
else:
    Network = nx.Graph

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

    A variety of a language (`et-EE`) serves its readers (`et`), and the other way round. Of one
    language, what a machine translated is taken last; among equals, the first by text and tag.
    """
    wanted = language.lower()
    base = wanted.split("-")[0]

    def rank(label: Label) -> tuple[int, bool, Label]:
        tag = label.language.lower()
        order = (tag == wanted, tag.split("-")[0] == base, tag.split("-")[0] == "en")
        neutral = tag in {"", "und", "mul", "zxx"}
        place = next((at for at, fits in enumerate((*order, neutral)) if fits), 4)
        return place, is_machine_translation(tag), label

    return min(labels, key=rank, default=None)


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
