"""The projection of a map: its nodes and links as they are in a release, in all languages.

It is made once a release, from the solutions that `graph.networks.solutions` describes, and kept
in two files; whatever readers ask of a map is selected from it. Nodes, reasons and links are
numbered in the order of their IRIs.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import comb
from typing import TypeAlias, TypeVar

import numpy as np

from graph.engine import Engine, Query
from graph.errors import ParameterError
from graph.identity import Identity
from graph.network import Label, Names, Texts, name, read_texts
from graph.networks.solutions import Link, read_links, read_parts, shares
from graph.networks.texts import AllTexts
from graph.networks.ties import NO_REASON, Tie, Ties, shared
from graph.terms import Solutions, Term

T = TypeVar("T", bound=Hashable)

_FORM = "columns"  # of what is kept, so that what was kept in another is made anew
_MOST = 20_000_000  # reasons of links that a map may have: some 300 MB

# What a thing has of a facet, by keys; None where things of its kind do not have the facet.
Values: TypeAlias = "tuple[str, ...] | None"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A question of a map: its query, and whether its links have a direction."""

    query: Query
    directed: bool

    @property
    def mark(self) -> str:
        """Name the question, so that what was made of another is not taken for it."""
        return sha256(f"{_FORM} {self.directed} {self.query.text}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Ground:
    """A reason for links: a thing by its IRI, or a text of the query."""

    iri: str | None
    text: Label


@dataclass(frozen=True, slots=True)
class Projection:
    """The nodes of a map with their kinds, its links with their reasons, and all names.

    `segments` has the kind in addresses of each node and after these of each reason, empty for
    what is not of ours; `attributes` has, by facet, their values.
    """

    directed: bool
    nodes: tuple[str, ...]
    kinds: tuple[str, ...]
    grounds: tuple[Ground, ...]
    ties: Ties
    texts: AllTexts
    segments: tuple[str, ...]
    attributes: dict[str, tuple[Values, ...]]

    def name(self, iri: str, language: str) -> Names:
        """Give the name of a node, kind or reason in a language, and a shorter one."""
        return name(iri, self.texts.get(iri, {}), language)

    def things(self) -> tuple[str | None, ...]:
        """Give the IRIs of the nodes and after these of the reasons, in their order."""
        return (*self.nodes, *(ground.iri for ground in self.grounds))


def read_projection(engine: Engine, drawn: Drawn, identity: Identity) -> Projection:
    """Answer the query of a map and number what it found; it has no attributes yet.

    QueryError if the columns are not as `graph.networks.solutions` describes them, ParameterError
    if there are more reasons than can be held.
    """
    solutions = engine.select(drawn.query)
    if shares(solutions, directed=drawn.directed):
        kinds, vias, ties = _shared(solutions)
    else:
        kinds, links = read_links(solutions, directed=drawn.directed)
        named = {via for link in links for via in link.reasons if via is not None}
        vias = sorted(named, key=_order)
        ties = _ties(links, list(kinds), vias)
    grounds = tuple(
        Ground(via.value, Label("")) if via.kind == "uri" else Ground(None, _label(via))
        for via in vias
    )
    texts: dict[str, Texts] = read_texts(
        engine, {*kinds, *kinds.values(), *(ground.iri for ground in grounds if ground.iri)}
    )
    segments = (*kinds, *(ground.iri for ground in grounds))
    return Projection(
        drawn.directed,
        tuple(kinds),
        tuple(kinds.values()),
        grounds,
        ties,
        AllTexts.of(texts),
        tuple(kind_of(identity, iri) for iri in segments),
        {},
    )


def kind_of(identity: Identity, iri: str | None) -> str:
    """Give the kind of a thing as addresses name it, empty for what is not of ours."""
    reference = None if iri is None else identity.parse(iri)
    return "" if reference is None else reference.segment


def _shared(solutions: Solutions) -> tuple[dict[str, str], list[Term], Ties]:
    """Link all that have a part in the same."""
    kinds, parts = read_parts(solutions)
    found = sum(comb(len(nodes), 2) for nodes in parts.values())
    if found > _MOST:
        raise ParameterError(
            f"the map would have {found:,} reasons for links, and {_MOST:,} can be held: "
            "its query must leave out what very many have a part in"
        )
    vias, place = sorted(parts, key=_order), numbers_of(list(kinds))
    members = np.array([place[node] for via in vias for node in parts[via]], np.int64)
    reasons = np.repeat(np.arange(len(vias)), [len(parts[via]) for via in vias])
    return kinds, vias, shared(members, reasons, len(kinds))


def _ties(links: Sequence[Link], nodes: Sequence[str], vias: Sequence[Term]) -> Ties:
    number: dict[Term | None, int] = {None: NO_REASON, **numbers_of(vias)}
    place = numbers_of(nodes)
    return Ties.of(
        Tie(
            place[link.source],
            place[link.target],
            tuple(sorted((number[via], weight) for via, weight in link.reasons.items())),
        )
        for link in links
    )


def _order(via: Term) -> tuple[str, str, str]:
    return via.value if via.kind == "uri" else "", via.value, via.language or ""


def _label(via: Term) -> Label:
    return Label(via.value, via.language or "")


def numbers_of(things: Sequence[T]) -> dict[T, int]:
    """Give the place of each thing."""
    return {thing: at for at, thing in enumerate(things)}
