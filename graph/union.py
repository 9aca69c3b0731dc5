"""The union: which other nodes a release speaks for, and what it holds of each.

Builds bring in what peers state (`loaders/building/peers.py`), each statement in the graph that it
has at its node, or in one of ours for each member of a stream, and say among the receipts where it
was read.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from graph.engine import Engine, Query
from graph.errors import NotFoundError
from graph.identity import Identity
from graph.terms import iri, literal
from ontology import segments

PAGE = 100

_PEERS = Query("""
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX schema: <https://schema.org/>
SELECT ?base ?feed ?release ?last WHERE {
  VALUES ?receipts { UNDEF }
  GRAPH ?receipts {
    ?base a dcat:Dataset ; dcterms:source ?feed
    OPTIONAL { ?base schema:version ?release }
    OPTIONAL { ?base dcterms:modified ?last }
  }
} ORDER BY ?base
""")
# Participations, amounts and the like have no name, and are shown with what they describe.
_THINGS = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?thing WHERE {{
  VALUES ?start {{ UNDEF }}
  ?thing skos:prefLabel ?name .
  FILTER(STRSTARTS(STR(?thing), ?start))
}} ORDER BY ?thing LIMIT {limit} OFFSET {offset}
"""
_OF_STREAM = """
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT DISTINCT ?thing WHERE {{
  VALUES ?receipts {{ UNDEF }}
  VALUES ?stream {{ UNDEF }}
  GRAPH ?receipts {{ ?graph dcterms:isPartOf ?stream }}
  GRAPH ?graph {{ ?thing a ?class }}
}} ORDER BY ?thing LIMIT {limit} OFFSET {offset}
"""


@dataclass(frozen=True, slots=True)
class PeerIdentity(Identity):
    """The identity of another node, whose things are shown under addresses of ours."""

    def path(self, iri: str, view: str) -> str | None:
        """Give the path at which this node shows a thing of the other one; None for no thing."""
        if self.parse(iri) is None:
            return None
        form = {"format": "turtle"} if view == "data" else {}
        return "/peers/thing?" + urlencode({"iri": iri, **form})


@dataclass(frozen=True, slots=True)
class Peer:
    """Another node: its base, where its feed was read, and as of which of its releases.

    A stream of somebody else has no releases; `last` is when the latest of its members was made.
    """

    base: str
    feed: str
    release: str = ""
    last: str = ""

    @property
    def identity(self) -> PeerIdentity:
        """Give the identity under which the things of a node are read."""
        return PeerIdentity(self.base)


def peers_of(engine: Engine, identity: Identity) -> tuple[Peer, ...]:
    """Give the nodes of which a release holds statements, in the order of their bases."""
    found = engine.select(_PEERS.bind(receipts=iri(identity.graph("receipts"))))
    return tuple(Peer(**{name: term.value for name, term in row.items()}) for row in found)


def peer_of(engine: Engine, identity: Identity, thing: str) -> Peer:
    """Give the node that a thing is of; NotFoundError where it is of none that is followed."""
    for peer in peers_of(engine, identity):
        if peer.release and peer.identity.parse(thing) is not None:
            return peer
    raise NotFoundError(f"this release holds nothing of a node that has <{thing[:200]}>")


def things_of(engine: Engine, identity: Identity, peer: Peer, page: int) -> tuple[list[str], bool]:
    """Give a page of the things of a peer, from 1 on, and whether more follow.

    Of a node, those that have a name.
    """
    cut = {"limit": PAGE + 1, "offset": (page - 1) * PAGE}
    if not peer.release:
        receipts = iri(identity.graph("receipts"))
        query = Query(_OF_STREAM.format(**cut)).bind(receipts=receipts, stream=iri(peer.base))
        found = engine.select(query).values("thing")
        return found[:PAGE], len(found) > PAGE
    query = Query(_THINGS.format(**cut)).bind(start=literal(f"{peer.base}id/"))
    found = engine.select(query).values("thing")
    kinds = segments()
    things = []
    for thing in found[:PAGE]:
        reference = peer.identity.parse(thing)
        if reference is not None and reference.segment in kinds:
            things.append(thing)
    return things, len(found) > PAGE
