"""Takeover: the statements of an RDF file that the ontology has words for, without naming each.

An entity that takes over what is declared gets a property for each column that is named after a
property of the ontology and that nothing else uses; columns with other predicates count as
ignored, and are told as such. So a concept scheme comes over with all its languages.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

import ontology
from loaders.language.mapping import Entity, Property, SourceMapping
from loaders.reading.readers import Table

_IRI = r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$"
_TYPES = "type"


def taken_over(mapping: SourceMapping, table: Table) -> SourceMapping:
    """Give the mapping with what its entities take over from the columns of a table."""
    if not any(entity.declared for entity in mapping.entities.values()):
        return mapping
    free = [name for name in table.columns if name not in {*mapping.columns(), *mapping.ignore}]
    made = {name: item for name in free if (item := _property(name, table.frame)) is not None}
    entities = {
        name: _with(entity, made.values()) if entity.declared else entity
        for name, entity in mapping.entities.items()
    }
    unknown = tuple(name for name in free if name not in made)
    return mapping.model_copy(update={"entities": entities, "ignore": (*mapping.ignore, *unknown)})


def _with(entity: Entity, items: Iterable[Property]) -> Entity:
    return entity.model_copy(update={"properties": (*entity.properties, *items)})


def _property(column: str, frame: pl.DataFrame) -> Property | None:
    """Give the property that a column such as `skos:prefLabel@et` is named after, if declared."""
    name, _, language = column.partition("@")
    if name == _TYPES or ":" not in name:
        return None
    try:
        iri = ontology.declared(name)
    except ValueError:
        return None
    if iri not in ontology.properties():
        return None
    item = {"property": name, "column": column, "split": "\n"}
    if language:
        return Property.model_validate({**item, "lang": language})
    cells = frame[column].str.split("\n").explode()
    addresses = cells.filter(cells != "").str.contains(_IRI).all()
    return Property.model_validate({**item, "as": "iri" if addresses else "string"})
