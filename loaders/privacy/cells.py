"""Cells: which columns of a table tell of an entity, and which hold texts."""

from __future__ import annotations

from collections.abc import Iterable

import ontology
from loaders.language.keys import placeholders
from loaders.language.mapping import Entity, Property, SourceMapping

_NAMES = frozenset(
    map(ontology.expand, ("skos:prefLabel", "skos:altLabel", "sikg:nativeName", "foaf:name"))
)
_TEXTS = frozenset({"text", "string", "iri"})


def named(entity: Entity) -> list[str]:
    """Name the columns that hold the names of an entity; where none does, those of its key."""
    found = [
        item.column
        for item in entity.properties
        if item.column is not None and item.name in _NAMES and not item.segments
    ]
    return list(dict.fromkeys(found or placeholders(entity.key)))


def is_keyed_only(entity: Entity) -> bool:
    """Tell whether the items that an entity stands for are in its key, and in nothing else.

    Where an item is masked, such an entity says that somebody takes part, and not who.
    """
    return entity.each is not None and all(
        item.column != entity.each.column for item in entity.properties
    )


def own(mapping: SourceMapping, name: str) -> set[str]:
    """Name the columns to empty where an entity is hidden: its names, and what nothing else uses.

    Those are told that no entity uses at all, too.
    """
    entity = mapping.entities[name]
    others = {
        column
        for other, rest in mapping.entities.items()
        if other != name
        for column in _used(rest)
    }
    return set(named(entity)) | (set(_used(entity)) - others)


def _used(entity: Entity) -> Iterable[str]:
    yield from placeholders(entity.key)
    if not isinstance(entity.class_, str):
        yield entity.class_.column
    if entity.when:
        yield entity.when.column
    for item in entity.properties:
        if item.column:
            yield item.column


def texts(mapping: SourceMapping) -> dict[str, bool]:
    """Name the columns that hold texts; True for addresses, which no mask can stand in."""
    found: dict[str, bool] = {}
    for entity in mapping.entities.values():
        for name in placeholders(entity.key):
            found.setdefault(name, False)
        for item in entity.properties:
            if item.column and _is_text(item):
                found[item.column] = found.get(item.column, False) or item.kind == "iri"
    if mapping.receipt.cited:
        found[mapping.receipt.cited.column] = True
    return found


def others(mapping: SourceMapping) -> dict[str, Property]:
    """Name the columns that hold anything else, such as days and codes, with one use of each."""
    found = {
        item.column: item
        for entity in mapping.entities.values()
        for item in entity.properties
        if item.column and not _is_text(item)
    }
    return {column: item for column, item in found.items() if column not in texts(mapping)}


def may_name(item: Property, cell: str) -> bool:
    """Tell whether such a cell may hold words, and not only a code that the mapping knows."""
    if item.map is not None and cell in item.map:
        return False
    return not item.segments or any(letter.isspace() for letter in cell)


def _is_text(item: Property) -> bool:
    return item.kind in _TEXTS and not item.segments and item.map is None
