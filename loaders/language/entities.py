"""Entities: what a row describes, by kind, class, key and properties."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field, field_validator, model_validator

import ontology
from loaders.language import keys
from loaders.language.properties import Choice, Condition, Property, known_segment, known_term
from loaders.language.rows import Filled, Strict

MONEY = "funding"


class Each(Strict):
    """A cell that lists several: a row has one of the entity for each item."""

    column: Filled
    split: Filled


class Entity(Strict):
    """One entity that a row describes: its kind, its class, its key and its properties."""

    type: str
    class_: str | Choice = Field(alias="class")
    key: str
    unique: bool = False
    once: bool = Field(
        default=False, description="only the first row that has the key states what it is"
    )
    each: Each | None = Field(
        default=None, description="the cell whose items have one each; the column stands for one"
    )
    declared: bool = Field(
        default=False, description="columns named after properties of the ontology become ones too"
    )
    when: Condition | None = None
    persons: Literal["never", "possible", "always"] = Field(
        default="never", description="whether natural persons stand among these, who are hidden"
    )
    properties: tuple[Property, ...] = ()

    @field_validator("type")
    @classmethod
    def _known(cls, name: str) -> str:
        return known_segment(name, ontology.segments())

    @field_validator("class_")
    @classmethod
    def _class(cls, name: str | Choice) -> str | Choice:
        if isinstance(name, str):
            return known_term(name, ontology.classes(), "class")
        if name.map is None:
            raise ValueError("a class chosen by a column needs map: which code stands for which")
        chosen = {
            key: known_term(value, ontology.classes(), "class") for key, value in name.map.items()
        }
        default = known_term(name.default, ontology.classes(), "class") if name.default else None
        return name.model_copy(update={"map": chosen, "default": default})

    @field_validator("key")
    @classmethod
    def _template(cls, key: str) -> str:
        return keys.checked(key)

    @model_validator(mode="after")
    def _fitting(self) -> Entity:
        if self.once and self.unique:
            raise ValueError("unique and once: a key that stands in one row needs no first one")
        if self.each is not None:
            self._of_items(self.each.column)
        kind = ontology.segments()[self.type]
        for name in self._classes():
            if kind != name and kind not in ontology.superclasses(name):
                raise ValueError(
                    f"the class {ontology.compact(name)} is not below {ontology.compact(kind)}, "
                    f"the class of the type {self.type!r}"
                )
        return self

    def _of_items(self, column: str) -> None:
        if column not in keys.placeholders(self.key):
            raise ValueError(f"each: name {{{column}}} in the key, so that items differ")
        if self.once:
            raise ValueError("each and once: every row states its items")
        if self.type == MONEY:
            raise ValueError("each: an amount is of the whole row, and would count for each item")

    def _classes(self) -> list[str]:
        if isinstance(self.class_, str):
            return [self.class_]
        default = [self.class_.default] if self.class_.default else []
        return [*(self.class_.map or {}).values(), *default]

    def columns(self) -> Iterator[str]:
        """Name the columns that are read for it."""
        yield from keys.placeholders(self.key)
        if self.each:
            yield self.each.column
        if isinstance(self.class_, Choice):
            yield self.class_.column
        if self.when:
            yield self.when.column
        for item in self.properties:
            if item.column:
                yield item.column
            if isinstance(item.lang, Choice):
                yield item.lang.column
            if item.when:
                yield item.when.column
