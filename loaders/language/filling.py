"""Filling: a mapping in short, which names a model and its columns, becomes a plain one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from graph.errors import MappingError
from loaders.language.keys import Slot, placeholders, slots
from loaders.language.mistakes import nearest, sentences
from loaders.language.models import FORMS, Model, Shorthand, read_model, several

_LANGUAGE = "{lang}"
_UNDETERMINED = "und"


def expand(document: Mapping[str, Any], text: str, path: Path) -> dict[str, Any]:
    """Give a document as a plain mapping, with the entities of the model that it names."""
    parts = {key: document[key] for key in Shorthand.model_fields if key in document}
    try:
        given = Shorthand.model_validate(parts)
    except ValidationError as error:
        raise MappingError(f"{path}: {sentences(error, text, Shorthand)}") from error
    if given.model is None:
        return dict(document)
    try:
        model = read_model(given.model, path.parent)
        filling = Filling(model, given)
        filling.check()
    except (MappingError, ValueError) as error:
        raise MappingError(f"{path}: {error}") from error
    entities = _with_own(filling.entities, document.get("entities"))
    checks = document.get("cross_checks", filling.cross_checks)
    return {**document, "entities": entities, "cross_checks": checks}


def _with_own(
    entities: Mapping[str, Mapping[str, Any]], own: object
) -> Mapping[str, Mapping[str, Any]] | object:
    """Add the entities of a document to those of its model, or properties to one of them."""
    if own is None:
        return entities
    if not isinstance(own, Mapping):
        return own
    merged: dict[str, Any] = dict(entities)
    for name, more in own.items():
        if name in merged and isinstance(more, Mapping):
            properties = [*merged[name]["properties"], *several(more.get("properties", ()))]
            merged[name] = {**merged[name], **more, "properties": properties}
        else:
            merged[name] = more
    return merged


class Filling:
    """A model filled with the columns and constants of one table."""

    def __init__(self, model: Model, given: Shorthand) -> None:
        self._model = model
        self._given = given

    def check(self) -> None:
        """Find the fields that the model does not have: ValueError names the nearest."""
        for key in ("fields", "constants"):
            for name in getattr(self._given, key):
                if name not in self._model.fields:
                    known = self._model.fields
                    raise ValueError(
                        f"{key}.{name}: the model {self._model.name!r} has no such field"
                        f"{nearest(name, known)}; it has {', '.join(known)}"
                    )

    @cached_property
    def entities(self) -> dict[str, dict[str, Any]]:
        """Give the entities whose keys and conditions the table has fields for."""
        made = {name: self._entity(raw) for name, raw in self._model.entities.items()}
        kept = {name: entity for name, entity in made.items() if entity is not None}
        for entity in kept.values():
            entity["properties"] = [
                item
                for item in entity.get("properties", [])
                if "entity" not in item or item["entity"] in kept
            ]
        return kept

    @property
    def cross_checks(self) -> list[dict[str, Any]]:
        """Give the checks all of whose amounts the table has."""
        fields = self._given.fields
        return [
            {
                "rate": self._amount(check.rate),
                "of": self._amount(check.of),
                "gives": [self._amount(name) for name in check.gives],
            }
            for check in self._model.cross_checks
            if all(name in fields for name in (check.rate, check.of, *check.gives))
        ]

    def _entity(self, raw: Mapping[str, Any]) -> dict[str, Any] | None:
        key = next(filter(None, map(self._key, several(raw["key"]))), None)
        if key is None:
            return None
        entity = {**raw, "key": key}
        self._list_items(entity)
        if "when" in raw and not self._when(entity):
            return None
        choice = raw.get("class")
        if isinstance(choice, Mapping):
            column = self._column(choice["column"])
            if column is None:
                entity["class"] = choice.get("default")
            else:
                entity["class"] = {**choice, "column": column}
        properties = [made for item in raw.get("properties", ()) for made in self._property(item)]
        return {**entity, "properties": properties}

    def _list_items(self, entity: dict[str, Any]) -> None:
        """Let an entity stand for each item of its field where the column of that lists several."""
        found = self._given.fields.get(entity.pop("each", ""), ())
        given = next((item for item in found if item.split), None)
        if given is None:
            return
        entity["each"] = {"column": given.column, "split": given.split}
        entity.pop("once", None)
        if given.column not in placeholders(entity["key"]):
            entity["key"] += f"-{{{given.column}|hash}}"

    def _key(self, template: str) -> str | None:
        parts: list[str] = []
        for part in slots(template):
            if isinstance(part, str):
                parts.append(part)
            elif isinstance(part, Slot) and part.column is None:
                parts.append(f"{{{part.name}}}")
            elif part.name in self._given.constants:
                parts.append(self._given.constants[part.name])
            else:
                column = self._column(part.name)
                if column is None:
                    return None
                parts.append(f"{{{column}{'|hash' if part.hashed else ''}}}")
        return "".join(parts)

    def _column(self, name: str) -> str | None:
        found = self._given.fields.get(name)
        return found[0].column if found else None

    def _when(self, item: dict[str, Any]) -> bool:
        """Fill the condition of an entity or property; tell whether it can ever be met."""
        when = item["when"]
        found = self._given.fields.get(when["column"])
        if found:
            empty = {"empty": found[0].empty} if found[0].empty else {}
            item["when"] = {**when, "column": found[0].column, **empty}
            return True
        constant = self._given.constants.get(when["column"])
        del item["when"]
        if when.get("missing") == "true":
            return constant is None
        return constant is not None and ("among" not in when or constant in when["among"])

    def _property(self, raw: Mapping[str, Any]) -> list[dict[str, Any]]:
        item = dict(raw)
        if "when" in item and not self._when(item):
            return []
        if item.get("lang") == _LANGUAGE:
            item["lang"] = self._given.lang or _UNDETERMINED
        if "column" not in item:
            return [item]
        name = item.pop("column")
        if name in self._given.constants:
            plain = {key: value for key, value in item.items() if key not in {*FORMS, "empty"}}
            kept = {key: value for key, value in item.items() if key in {"lang", "map"}}
            return [{**plain, **kept, "value": self._given.constants[name]}]
        return [
            {**item, "column": given.column, **given.overrides()}
            for given in self._given.fields.get(name, ())
        ]

    def _amount(self, name: str) -> dict[str, Any]:
        given = self._given.fields[name][0]
        forms = ("column", "numbers", "scale", "empty")
        return {name: getattr(given, name) for name in forms if getattr(given, name) is not None}
