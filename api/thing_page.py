"""What the page of one thing shows beside its statements: what is around it, and ways on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from api.citation import ThingCitation
from api.finding.names import NAMES
from api.models import Entity, Receipt, Thing
from api.navigation import SECTIONS
from graph.listing import FILTERS
from graph.release import Manifest
from visualisations import ego
from visualisations.wording import wording

_NETWORKS = "/networks"
# Kinds of things that say how another is, and whose pages tell little.
_ASIDE = frozenset({"funding", "participation", "row", "table", "source", "graph"})


def beside(entity: Entity, languages: tuple[str, ...], manifest: Manifest) -> dict[str, Any]:
    """Give what the page of a thing shows beside what is stated of it."""
    return {
        "picture": _picture(entity, languages),
        "files": _files(entity.receipts),
        "lists": [
            (NAMES[item.name], f"/find?{urlencode({item.name: entity.key})}")
            for item in FILTERS
            if item.segment == entity.kind
        ],
        "network": _network(entity),
        "citation": ThingCitation(entity.label.text, entity.iri, manifest),
    }


def _picture(entity: Entity, languages: tuple[str, ...]) -> Markup | None:
    """Draw what is around a thing; None where there is nothing to see."""
    around = {thing.iri: thing for thing in _linked(entity) if _is_shown(thing, entity)}
    if not around:
        return None
    neighbours = [
        ego.Neighbour(thing.label.text, thing.label.language, thing.page or "", thing.kind or "")
        for thing in around.values()
    ]
    words, cut = wording(languages), bool(entity.notices)
    return ego.draw(neighbours, entity.label.text, words, more=cut)


def _linked(entity: Entity) -> Iterator[Thing]:
    """Give the things that are linked to one: partners first, then what it names, then others."""
    for part in entity.participations:
        yield from part.in_
        if part.organisation is not None:
            yield part.organisation
    for values in entity.properties:
        yield from (value.thing for value in values.values if value.thing is not None)
    for incoming in entity.incoming:
        yield from (value.thing for value in incoming.links if value.thing is not None)


def _is_shown(thing: Thing, entity: Entity) -> bool:
    return thing.page is not None and thing.kind not in _ASIDE and thing.iri != entity.iri


def _network(entity: Entity) -> str | None:
    """Give where a thing stands in the network of organisations; None where it does not."""
    there = any(section.path == _NETWORKS for section in SECTIONS)
    if not there or entity.kind != "organisation" or not entity.participations:
        return None
    centre = {"centre": f"{entity.kind}/{entity.key}", "depth": "1"}
    return f"{_NETWORKS}/organisations?{urlencode(centre, safe='/')}"


def _files(receipts: Mapping[str, Receipt]) -> list[Receipt]:
    """Give one receipt of each file that the statements of a page were read from."""
    read = (item for item in receipts.values() if item.edited is None)
    return list({(item.file, item.sha256): item for item in read}.values())
