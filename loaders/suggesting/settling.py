"""Settling: which of the chosen fields can stand in a mapping, once all of them are known.

What makes the key of a thing must be there in every row, and be its own where the model says so;
and a field is of no use where the thing that it belongs to cannot be made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from loaders.language.filling import Filling
from loaders.language.keys import Slot, slots
from loaders.language.models import Model, Shorthand, several
from loaders.suggesting.headers import Layout
from loaders.suggesting.matching import Match
from loaders.suggesting.rowrules import RowRules
from loaders.suggesting.values import Profile

_LAST = 0.2  # what texts that differ count as a name, where no column is called so
_FEW = 0.02  # of the rows that may be faulty: they are set aside, and told


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that are records, by the fields of their columns."""

    cells: Sequence[Sequence[str]]
    places: Mapping[str, int]

    def column(self, field: str, where: str | None = None) -> list[str]:
        """Give the cells of a field, of all rows or of those in which another is filled."""
        kept = self.cells
        if where is not None and where in self.places:
            kept = [row for row in kept if row[self.places[where]].strip()]
        return [row[self.places[field]].strip() for row in kept]


def settle(
    model: Model,
    matches: Sequence[Match],
    profiles: Sequence[Profile],
    layout: Layout,
    rules: RowRules,
) -> list[Match]:
    """Take back the fields that cannot stand in a mapping, with the reason why.

    Where nothing would be left, the likeliest column becomes the name of the things.
    """
    settled = list(matches)
    records = _records(layout, rules)
    for field, why in _unfit_keys(model, Rows(records, _places(settled))).items():
        _take_back(settled, field, why)
    if not _made(model, settled, layout) and not stand_ins(model, settled):
        _promote(settled, profiles, _naming(model))
    used = _used(_made(model, settled, layout))
    for field, place in _places(settled).items():
        if layout.names[place] not in used:
            _take_back(settled, field, "what it belongs to cannot be made without other columns")
    return settled


def stand_ins(model: Model, matches: Sequence[Match]) -> dict[str, int]:
    """Give the columns whose identifiers stand for names that no column has, by their fields."""
    places = _places(matches)
    found: dict[str, int] = {}
    for entity in model.entities.values():
        name = entity["when"]["column"] if "when" in entity else None
        if name is None or name in places or model.fields[name].kind != "name":
            continue
        codes = [
            item["column"]
            for item in entity.get("properties", ())
            if item.get("as") == "string" and item.get("column") in places
        ]
        keys = [
            part.name
            for key in several(entity["key"])
            for part in slots(key)
            if isinstance(part, Slot)
        ]
        known = [field for field in (*keys, *codes) if field in places]
        if known:
            found[name] = places[known[0]]
    return found


def _records(layout: Layout, rules: RowRules) -> list[list[str]]:
    """Give the rows that are records: no headings, no totals, and none that go on with another."""
    rows = [row for row in layout.data if sum(map(bool, row)) > 1 and not rules.is_total(row)]
    if rules.without is None:
        return rows
    place = layout.names.index(rules.without)
    return [row for row in rows if row[place]]


def _places(matches: Sequence[Match]) -> dict[str, int]:
    """Give the first column of each field."""
    found = {item.field: place for place, item in reversed([*enumerate(matches)]) if item.field}
    return {field: found[field] for field in sorted(found, key=found.__getitem__)}


def _take_back(matches: list[Match], field: str, why: str) -> None:
    for place, item in enumerate(matches):
        if item.field == field:
            matches[place] = replace(item, field=None, why=f"looks like {field}, but {why}")


def _unfit_keys(model: Model, rows: Rows) -> dict[str, str]:
    """Find the fields that a key would be made of, and that are missing or stand twice."""
    unfit: dict[str, str] = {}
    for entity in model.entities.values():
        where = entity["when"]["column"] if "when" in entity else None
        for key in several(entity["key"]):
            parts = [part for part in slots(key) if isinstance(part, Slot) and part.column]
            names = [part.name for part in parts if not part.hashed]
            if any(part.name not in rows.places for part in parts):
                continue
            why = {name: _why_unfit(rows.column(name, where)) for name in names}
            if len(names) == 1 and entity.get("unique") == "true":
                why = {name: why[name] or _why_doubled(rows.column(name)) for name in names}
            unfit |= {name: reason for name, reason in why.items() if reason}
            if not any(why.values()):
                break
    return unfit


def _why_unfit(cells: Sequence[str]) -> str:
    missing = sum(not cell for cell in cells)
    return f"{missing} of {len(cells)} rows lack it" if missing > _FEW * len(cells) else ""


def _why_doubled(cells: Sequence[str]) -> str:
    again = len(cells) - len(set(cells))
    return f"{again} of {len(cells)} rows repeat it" if again > _FEW * len(cells) else ""


def _naming(model: Model) -> str | None:
    """Name the field without which the first thing of a model is not made."""
    first = next(iter(model.entities.values()))
    return str(first["when"]["column"]) if "when" in first else None


def _promote(matches: list[Match], profiles: Sequence[Profile], field: str | None) -> None:
    """Let the column be a field that comes nearest to it, or at least tells the rows apart."""
    near = {
        place: dict(item.others).get(field, 0.0) or _LAST * _telling(profiles[place])
        for place, item in enumerate(matches)
        if field and item.field is None
    }
    place = max(near, key=near.__getitem__, default=None)
    if place is not None and near[place]:
        matches[place] = replace(matches[place], field=field, confidence=round(near[place] / 2, 2))


def _telling(profile: Profile) -> float:
    features = profile.features
    return (
        features.get("unique", 0.0) * features.get("letters", 0.0) * (1 - features.get("link", 0.0))
    )


def _made(
    model: Model, matches: Sequence[Match], layout: Layout
) -> Mapping[str, Mapping[str, Any]]:
    """Give the things that a mapping with these fields makes."""
    fields = {name: [layout.names[at]] for name, at in stand_ins(model, matches).items()}
    for name, item in zip(layout.names, matches, strict=True):
        if item.field:
            fields.setdefault(item.field, []).append(name)
    return Filling(
        model, Shorthand.model_validate({"model": model.name, "fields": fields})
    ).entities


def _used(entities: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Name the columns that properties and keys of things use."""
    found = {
        str(item["column"])
        for entity in entities.values()
        for item in entity["properties"]
        if "column" in item
    }
    keys = [slots(entity["key"]) for entity in entities.values()]
    return found | {part.name for key in keys for part in key if isinstance(part, Slot)}
