"""How things on a map are named in addresses, and where their pages are."""

from __future__ import annotations

from dataclasses import dataclass

from graph.identity import Identity
from graph.network import Label
from graph.networks.projection import Projection
from ontology import SIKG


@dataclass(frozen=True, slots=True)
class Named:
    """A node with its name and page."""

    id: str
    iri: str
    page: str | None
    label: Label


def named(projection: Projection, identity: Identity, iri: str, language: str) -> Named:
    """Name a node of a map in a language."""
    label = projection.name(iri, language).label
    return Named(id_of(identity, iri), iri, page_of(identity, iri), label)


def id_of(identity: Identity, iri: str) -> str:
    """Give what names a node in addresses: kind and key, or its IRI if it is not one of ours."""
    path = identity.path(iri, "id")
    return iri if path is None else path.removeprefix("/id/")


def page_of(identity: Identity, iri: str | None) -> str | None:
    """Give the address of the page of a thing, or None for what has none to be followed."""
    if iri is None or iri.startswith(SIKG):
        return None
    path = identity.path(iri, "page")
    return path or (iri if iri.startswith(("http://", "https://")) else None)
