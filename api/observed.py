"""Views as linked data: what is counted and what is ranked, in the words of schema.org.

Statements of the graph itself are given by its own vocabulary (graph.jsonld); what a view makes of
them, such as a sum or a rank, is no statement of the graph and says where it comes from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from graph.dataset import Dataset
from graph.formats import Format
from graph.terms import XSD

JSONLD = Format("jsonld", "application/ld+json", "jsonld")

_LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True, slots=True)
class Observed:
    """A number with its unit, the things that it is of, by IRI, and what it is in words."""

    about: tuple[str, ...]
    name: str
    value: Decimal | int | None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A thing by IRI with its name, in its place, and what speaks for it."""

    place: int
    iri: str
    name: str
    why: str


def as_observations(dataset: Dataset, name: str, address: str, found: Iterable[Observed]) -> bytes:
    """Write numbers as the observations of a dataset, which is named by its address."""
    told = [
        {
            "@type": "Observation",
            "name": one.name,
            "observationAbout": [{"@id": iri} for iri in one.about],
            "value": _number(one.value),
            **({"unitText": one.unit} if one.unit else {}),
            "isPartOf": {"@id": address},
        }
        for one in found
        if one.value is not None
    ]
    return _document([{**_about(dataset, name, address), "@type": "Dataset"}, *told])


def as_ranking(dataset: Dataset, name: str, address: str, found: Iterable[Ranked]) -> bytes:
    """Write things in their order as a list, which is named by its address."""
    items = [
        {
            "@type": "ListItem",
            "position": one.place,
            "description": one.why,
            "item": {"@id": one.iri, "name": one.name},
        }
        for one in found
    ]
    about = _about(dataset, name, address)
    return _document([{**about, "@type": "ItemList", "itemListElement": items}])


def _about(dataset: Dataset, name: str, address: str) -> dict[str, Any]:
    manifest = dataset.release.manifest
    return {
        "@id": address,
        "name": name,
        "license": {"@id": _LICENCE},
        "version": str(manifest.number),
        "isBasedOn": [
            {"@id": dataset.identity.entity("source", item.name)} for item in manifest.sources
        ],
    }


def _number(value: Decimal | int | None) -> object:
    return (
        {"@value": f"{value:f}", "@type": f"{XSD}decimal"} if isinstance(value, Decimal) else value
    )


def _document(graph: list[dict[str, Any]]) -> bytes:
    document = {"@context": {"@vocab": "https://schema.org/"}, "@graph": graph}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
