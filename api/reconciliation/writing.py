"""Writing what clients read: candidates and columns in the words of the API, in one language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.dependencies import Reader
from api.reconciliation.reading import Sent
from graph.identity import encode_key
from graph.labels import Names, label_of_term, read_names
from graph.reconciling.extending import Column, Extension
from graph.reconciling.kinds import Type, short, types_of
from graph.reconciling.matching import Candidate
from graph.terms import XSD, Term
from ontology import expand, segments

_NAME = expand("skos:prefLabel")
_NUMBERS = {"integer": "int", "nonNegativeInteger": "int", "decimal": "float", "double": "float"}
_DAY = re.compile(r"-?[0-9]{4,}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    _DAY.pattern + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)


def types(reader: Reader) -> Mapping[str, Type]:
    """Give the types of the release that is read, by id."""
    return types_of(reader.dataset.names.kinds)


def type_document(type_: Type, reader: Reader) -> dict[str, Any]:
    """Write a type with its name and those right above it."""
    document = {"id": type_.id, "name": label_of_term(type_.iri, reader.languages).text}
    known = types(reader)
    broader = [
        {"id": above, "name": label_of_term(known[above].iri, reader.languages).text}
        for above in type_.broader
    ]
    return {**document, "broader": broader} if broader else document


def type_of_kind(kind: str, reader: Reader) -> dict[str, str]:
    """Write the type that all things of a kind have."""
    class_ = segments()[kind]
    return {"id": short(class_), "name": label_of_term(class_, reader.languages).text}


@dataclass(frozen=True, slots=True)
class Told:
    """Writes things for one reader, with names that were read at once."""

    reader: Reader
    names: Names

    @classmethod
    def of(cls, reader: Reader, ids: Iterable[str]) -> Told:
        """Read the names of things by their ids."""
        base = f"{reader.identity.base}id/"
        names = read_names(reader.dataset.store, reader.identity, [f"{base}{one}" for one in ids])
        return cls(reader, names)

    def name(self, one: str) -> str:
        """Give the name of a thing in the reader's language, or what comes nearest."""
        found = self.names[f"{self.reader.identity.base}id/{one}"]
        return found.label(self.reader.languages).text or one

    def candidate(self, item: Candidate) -> dict[str, Any]:
        """Write a candidate (section 4.2)."""
        kind = type_of_kind(item.thing.partition("/")[0], self.reader)
        name = self.name(item.thing)
        features = [{"id": key, "value": value} for key, value in item.features.items()]
        return {
            "id": item.thing,
            "name": name,
            "description": self.description(item, name, kind["name"]),
            "type": [kind],
            "score": round(item.score * 100, 1),
            "features": features,
            "match": item.match,
        }

    def description(self, item: Candidate, name: str, kind: str) -> str:
        """Tell namesakes apart: what it is, where, and by which of its names it was found."""
        parts = [kind]
        if item.country:
            parts.append(self.name(f"country/{encode_key(item.country)}"))
        if item.found not in {name, item.thing, ""}:
            parts.append(f"“{item.found}”")
        return ", ".join(parts)


def result_batch(
    reader: Reader, sent: Sequence[Sent], found: Sequence[Sequence[Candidate]]
) -> dict[str, Any]:
    """Write the answer to a batch, or to some of it: one result a query, under its key.

    What is unknown in a query stands in `notes` beside its result.
    """
    things = {item.thing for items in found for item in items}
    countries = {f"country/{encode_key(item.country)}" for items in found for item in items}
    told = Told.of(reader, sorted(things | countries))
    return {
        one.key: {
            "result": [told.candidate(item) for item in items],
            **({"notes": list(one.notes)} if one.notes else {}),
        }
        for one, items in zip(sent, found, strict=True)
    }


def extension_document(
    reader: Reader, columns: Sequence[Column], made: Extension
) -> dict[str, Any]:
    """Write the columns and what each thing has of them (section 7.4)."""
    base = f"{reader.identity.base}id/"
    meta: list[dict[str, Any]] = []
    for place, column in enumerate(columns):
        about: dict[str, Any] = {
            "id": column.attribute.id,
            "name": attribute_name(column.attribute.id, column.attribute.property, reader),
        }
        values = [value.value for cells in made.rows.values() for value in cells[place]]
        kinds = {_kind(value, base) for value in values}
        if len(kinds) == 1 and (kind := kinds.pop()) in segments() and not column.count:
            about["type"] = type_of_kind(kind, reader)
        meta.append(about)
    rows = {
        one: {
            column.attribute.id: _cell(column, cells[place], made.names, reader)
            for place, column in enumerate(columns)
        }
        for one, cells in made.rows.items()
    }
    return {"meta": meta, "rows": rows}


def attribute_name(id_: str, property_: str, reader: Reader) -> str:
    """Call an attribute by the label of its property, else by its id."""
    if property_:
        return label_of_term(property_, reader.languages).text
    return id_.replace("-", " ")


def _cell(
    column: Column, values: Sequence[Term], names: Names, reader: Reader
) -> list[dict[str, Any]]:
    if column.count:
        return [{"int": len(values)}]
    return [_value(value, names, reader) for value in values]


def _value(value: Term, names: Names, reader: Reader) -> dict[str, Any]:
    if value.kind == "uri":
        base = f"{reader.identity.base}id/"
        if reader.identity.parse(value.value) is None:
            return {"str": value.value}  # of another space of identifiers
        name = names[value.value].label(reader.languages).text
        return {"id": value.value.removeprefix(base), "name": name}
    sort = _NUMBERS.get((value.datatype or "").removeprefix(XSD))
    if sort == "int":
        return {"int": int(value.value)}
    if sort == "float":
        return {"float": float(value.value)}
    if _DAY.fullmatch(value.value):
        return {"date": f"{value.value}T00:00:00"}
    return {"date": value.value} if _MOMENT.fullmatch(value.value) else {"str": value.value}


def _kind(value: str, base: str) -> str:
    return value.removeprefix(base).partition("/")[0] if value.startswith(base) else ""
