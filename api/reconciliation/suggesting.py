"""Suggesting things, types and properties while somebody types (section 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from api.dependencies import Reader
from api.reconciliation.writing import (
    Told,
    attribute_name,
    type_document,
    type_of_kind,
    types,
)
from graph.errors import NotFoundError
from graph.reconciling.attributes import Attribute, attributes_of
from graph.reconciling.identifying import identified
from graph.reconciling.kinds import find_type
from graph.reconciling.matching import Candidate
from graph.search import folded
from ontology import compact, definitions, labels, segments

PAGE = 10  # suggestions at once
FARTHEST = 1_000  # suggestions that can be passed over


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody types, how many suggestions they have passed over, and the type they want.

    An unknown type restricts nothing.
    """

    prefix: str
    cursor: int = 0
    type: str = ""

    @property
    def page(self) -> slice:
        """Give which of all suggestions are wanted."""
        return slice(self.cursor, self.cursor + PAGE)


def suggest(reader: Reader, what: str, typed: Typed) -> list[dict[str, Any]]:
    """Suggest each entity, type or property that is meant by what is typed.

    NotFoundError for anything else.
    """
    made = _SUGGESTED.get(what)
    if made is None:
        raise NotFoundError(f"there is nothing to suggest as {what[:40]!r}: entity, type, property")
    return made(reader, typed)


def _entities(reader: Reader, typed: Typed) -> list[dict[str, Any]]:
    """Suggest things whose names begin with words, or that an identifier names."""
    found = find_type(types(reader), typed.type) if typed.type else None
    segment = next(iter(found.kinds)) if found and len(found.kinds) == 1 else None
    dataset = reader.dataset
    base = f"{reader.identity.base}id/"
    hits = dataset.search.search(typed.prefix, segment=segment, limit=typed.cursor + PAGE + 1)
    named = [one for one in identified(dataset, typed.prefix) if dataset.names.has(one)]
    written = {hit.iri.removeprefix(base): hit.name for hit in hits}
    ids = [
        one
        for one in dict.fromkeys([*named, *written])
        if one.partition("/")[0] in segments()
        and (found is None or one.partition("/")[0] in found.kinds)
    ][typed.page]
    told = Told.of(reader, ids)
    suggested = []
    for one in ids:
        kind, name = type_of_kind(one.partition("/")[0], reader), told.name(one)
        as_found = Candidate(one, 1.0, written.get(one, name))
        suggested.append(
            {
                "id": one,
                "name": name,
                "description": told.description(as_found, name, kind["name"]),
                "notable": [kind],
            }
        )
    return suggested


def _types(reader: Reader, typed: Typed) -> list[dict[str, Any]]:
    """Suggest types by a word of their name in any language, by their id or kind."""
    found = [
        type_document(item, reader)
        for item in types(reader).values()
        if typed.prefix in {item.iri, compact(item.iri)}
        or _begins(typed.prefix, [*labels(item.iri).values(), item.id, *item.kinds])
    ]
    return found[typed.page]


def _properties(reader: Reader, typed: Typed) -> list[dict[str, Any]]:
    """Suggest properties by a word of their name in any language, or by their id."""
    found = [
        property_document(item, reader)
        for item in _attributes(reader, typed.type)
        if typed.prefix == item.property
        or _begins(typed.prefix, [*labels(item.property).values(), item.id])
    ]
    return found[typed.page]


_SUGGESTED: Mapping[str, Callable[[Reader, Typed], list[dict[str, Any]]]] = {
    "entity": _entities,
    "type": _types,
    "property": _properties,
}


def propose_properties(reader: Reader, type_: str, limit: int | None) -> dict[str, Any]:
    """Propose what can be filled in for things of a type; of all where there is no such type."""
    proposed = [property_document(item, reader) for item in _attributes(reader, type_)]
    document = {"properties": proposed[:limit], "type": type_}
    return document if limit is None else {**document, "limit": limit}


def property_document(item: Attribute, reader: Reader) -> dict[str, Any]:
    """Write a property with its name and what it means."""
    document = {"id": item.id, "name": attribute_name(item.id, item.property, reader)}
    meaning = definitions(item.property)
    told = next((meaning[tag] for tag in (*reader.languages, "en") if tag in meaning), "")
    return {**document, "description": told} if told else document


def _attributes(reader: Reader, type_: str) -> list[Attribute]:
    found = find_type(types(reader), type_) if type_ else None
    kinds = reader.dataset.names.kinds if found is None else sorted(found.kinds)
    return attributes_of(reader.dataset, kinds)


def _begins(prefix: str, names: Iterable[str]) -> bool:
    """Tell whether a name, or a word within it, begins with what is typed."""
    wanted = " ".join(folded(prefix))
    return any(f" {wanted}" in f" {' '.join(folded(name))}" for name in names)
