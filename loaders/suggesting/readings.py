"""Readings: how the cells of a column are read as values of its field."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from loaders.suggesting.constants import period
from loaders.suggesting.cues import Cues
from loaders.suggesting.rowrules import RowRules
from loaders.suggesting.suggestion import Column, Suggestion
from loaders.workspaces.choices import read_choices

DECIDE = "decide"
_POSTCODE = re.compile(r"\d{4,5}\s+[^\W\d]")
_SEPARATORS = ";|\n"
_OFTEN = 0.2
_HALF = 0.5
_SHOWN = 20


def reading(column: Column, found: Suggestion, rules: RowRules, cues: Cues) -> dict[str, Any]:
    """Say how the cells of a field are read, in the keys of a mapping."""
    said: dict[str, Any] = {}
    amounts, features = column.profile.amounts, column.profile.features
    if column.sort in {"amount", "rate", "degree"} and amounts.examples:
        said["numbers"] = _one(amounts.examples)
    if column.sort == "rate" and not features.get("share") and not features.get("percent"):
        said["scale"] = "0.01"
    if column.sort == "date" and column.profile.days.orders:
        said["dates"] = _one(column.profile.days.orders)
    if column.sort == "date" and column.profile.days.timed and "dates" not in said:
        said["pattern"] = "^([0-9]{4}-[0-9]{2}-[0-9]{2})"
    said |= _coded(column, found, cues)
    with_place = sum(_POSTCODE.match(cell) is not None for cell in column.profile.cells)
    if column.match.field == "postcode" and with_place > _HALF * column.profile.filled:
        said["pattern"] = "^([0-9]{4,5})"
    if column.name in rules.joined and column.sort in {"code", "text"}:
        said["split"] = "\n"
    return said


def _coded(column: Column, found: Suggestion, cues: Cues) -> dict[str, Any]:
    """Say which keys the values of a field stand for, where its values are things of their own."""
    name = column.match.field or ""
    field = found.choice.target.model.fields.get(name)
    if field is None or field.kind not in {"country", "reference"}:
        return {}
    between = _separator(column)
    parts = (part.strip() for cell in _cells(column, found) for part in cell.split(between or "\0"))
    values = sorted({part for part in parts if part})
    code = _coder(name, field.kind, found, cues)
    codes = {value: code(value) for value in values}
    said: dict[str, Any] = {"split": between} if between else {}
    if all(code == value for value, code in codes.items()):
        return said
    unknown = [value for value in values if not codes[value]]
    if unknown or not found.grid.whole:
        # A cell that stands for nothing known is left out and counted, until somebody decides.
        said["faulty"] = "omit"
    unsaid = {*unknown[_SHOWN:]}
    shown = {value: codes[value] or DECIDE for value in values if value not in unsaid}
    return {**said, "map": shown}


def _coder(name: str, kind: str, found: Suggestion, cues: Cues) -> Callable[[str], str | None]:
    """Give what finds the key of a value: of a country, a fund, a role or another concept."""
    if kind == "country":
        return cues.country
    scheme = _scheme(name, found)
    if scheme == "programme":
        keys = cues.programmes[period(found)]
        return lambda value: keys.get(cues.fund(value) or "")
    named = read_choices("en").get(scheme)
    concepts = {text.casefold(): key for text, key in named.keys.items()} if named else {}
    if scheme == "role":
        return lambda value: cues.role(value) or concepts.get(_plain(value)) or cues.lead(value)
    return lambda value: concepts.get(_plain(value))


def _plain(value: str) -> str:
    return " ".join(value.replace("_", " ").split()).casefold()


def _scheme(name: str, found: Suggestion) -> str:
    """Name the kind of things that the values of a field refer to."""
    properties: Sequence[Mapping[str, Any]] = [
        item
        for entity in found.choice.target.model.entities.values()
        for item in entity.get("properties", ())
    ]
    return next(
        (str(item["reference"]) for item in properties if item.get("column") == name), "programme"
    )


def _separator(column: Column) -> str | None:
    """Give what stands between several values of a cell, where that is usual."""
    counts = Counter(mark for cell in column.profile.cells for mark in {*cell} & {*_SEPARATORS})
    often = [mark for mark, count in counts.items() if count > _OFTEN * column.profile.filled]
    return max(often, key=counts.__getitem__, default=None)


def _cells(column: Column, found: Suggestion) -> list[str]:
    """Give the different cells of a column in all rows that were looked at."""
    place = found.layout.names.index(column.name)
    return sorted({row[place].strip() for row in found.layout.data} - {""})


def _one(items: Sequence[str]) -> str | list[str]:
    return items[0] if len(items) == 1 else list(items)
