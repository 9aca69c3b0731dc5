"""Extending: what the graph holds of things that were found, for the columns of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.dataset import Dataset
from graph.identity import encode_key
from graph.labels import Names, best, read_names
from graph.reconciling.attributes import Attribute, read_values
from graph.terms import Term

ALL = "all"  # languages


@dataclass(frozen=True, slots=True)
class Column:
    """A wanted column: an attribute, how many values of it at most, and texts in which language.

    No limit gives all values; without a language, that of the reader. `count` asks for the number
    of values instead of these.
    """

    attribute: Attribute
    limit: int = 0
    language: str = ""
    count: bool = False


@dataclass(frozen=True, slots=True)
class Extension:
    """The values of things by id and, in the order of the columns, and the names of things."""

    rows: Mapping[str, Sequence[Sequence[Term]]]
    names: Names


def extend(
    dataset: Dataset, ids: Sequence[str], columns: Sequence[Column], languages: Sequence[str]
) -> Extension:
    """Give what things, by their ids, have of each column.

    A merged thing has what it is now; a thing that the release does not know has nothing.
    """
    address = {one: address_of(dataset, one) for one in ids}
    things = sorted({found for found in address.values() if found is not None})
    values = read_values(dataset, things, [column.attribute for column in columns])
    rows = {
        one: [
            _chosen(values[found].get(column.attribute.id, ()), column, languages) if found else ()
            for column in columns
        ]
        for one, found in address.items()
    }
    mentioned = {
        value.value
        for held in rows.values()
        for cell in held
        for value in cell
        if value.kind == "uri"
    }
    return Extension(rows, read_names(dataset.store, dataset.identity, sorted(mentioned)))


def address_of(dataset: Dataset, one: str) -> str | None:
    """Give the IRI of what an id names, as it is now; None for what is no id."""
    segment, _, key = one.removeprefix(f"{dataset.identity.base}id/").partition("/")
    for written in (key, encode_key(key)):
        reference = dataset.identity.parse(f"{dataset.identity.base}id/{segment}/{written}")
        if reference is not None:
            target = dataset.redirects.of(reference) or reference
            return dataset.identity.entity(target.segment, target.key)
    return None


def _chosen(values: Sequence[Term], column: Column, languages: Sequence[str]) -> Sequence[Term]:
    """Keep texts in the wanted language, or the next best, and no more values than are wanted."""
    texts = [value for value in values if value.language]
    if column.language != ALL and texts:
        wanted = [column.language, *languages] if column.language else list(languages)
        label = best(texts, wanted)
        kept = label.language if label else ""
        values = [value for value in values if not value.language or value.language == kept]
    return values[: column.limit] if column.limit and not column.count else values
