"""The mapping language: what the columns of one table mean, as one YAML file.

Every scalar is read as the text that stands in the file, so that `NO` is the country code of
Norway and `2021-05` no date; the model turns numbers and dates into values where it asks for
them. Every key is checked; a misspelt one is answered with the nearest that exists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from graph.dcat.frequencies import Frequency
from graph.errors import MappingError
from graph.terms import is_absolute_iri
from loaders.language.documents import read_document
from loaders.language.entities import MONEY, Entity
from loaders.language.filling import expand
from loaders.language.keys import placeholders
from loaders.language.mistakes import nearest, sentences
from loaders.language.models import Shorthand
from loaders.language.properties import (
    Choice,
    Condition,
    NumberFormats,
    PowerOfTen,
    Property,
    ValueType,
)
from loaders.language.rows import Filled, Rows, Strict, Texts

__all__ = [
    "Choice",
    "Condition",
    "Entity",
    "Property",
    "Rows",
    "SourceMapping",
    "ValueType",
    "placeholders",
    "read_mapping",
    "read_mappings",
]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Count = Annotated[int, Field(ge=0)]


class Cited(Strict):
    """The column in which a row says where it was itself read."""

    column: Filled
    split: Filled | None = None


class Receipt(Strict):
    """What the rows say about themselves."""

    cited: Cited | None = None
    confidence: Filled | None = Field(default=None, description="the column that holds it")


class Expect(Strict):
    """Bounds outside of which a build stops."""

    rows: tuple[Count, Count] | None = None
    quarantined: Count | None = None
    universe: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="how many rows there are in the world, where that is known"
    )
    shrink: Literal["refused", "allowed"] = Field(
        default="refused", description="whether half of the rows may go from one build to the next"
    )

    @field_validator("rows")
    @classmethod
    def _ordered(cls, rows: tuple[int, int] | None) -> tuple[int, int] | None:
        if rows is not None and rows[0] > rows[1]:
            raise ValueError("the first bound is the lower one")
        return rows


class Example(Strict):
    """A row and the statements that it becomes, as Turtle under the default base."""

    row: Mapping[str, str]
    turtle: str


class Amount(Strict):
    """A column of amounts, or of rates, and how it is written."""

    column: Filled
    numbers: NumberFormats | None = None
    scale: PowerOfTen | None = None
    empty: Texts | None = None

    @property
    def power(self) -> int:
        """Give the power of ten by which the numbers are multiplied."""
        return 0 if self.scale is None else self.scale.adjusted()


class CrossCheck(Strict):
    """Amounts that must agree: the rate times an amount gives the sum of others."""

    rate: Amount
    of: Amount
    gives: Annotated[tuple[Amount, ...], Field(min_length=1)]


class SourceMapping(Shorthand):
    """One source: who published it, where its rows are, and what they mean.

    `model`, `lang`, `fields` and `constants` tell from what the entities were made.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    title: Filled
    description: str | None = None
    publisher: Filled
    licence: str
    version: Filled
    retrieved: date
    frequency: Frequency | None = None
    rows: Rows
    entities: Annotated[Mapping[str, Entity], Field(min_length=1)]
    identified_by: Texts | None = Field(
        default=None, description="the columns that {#content} is made of; by default all"
    )
    cross_checks: tuple[CrossCheck, ...] = ()
    receipt: Receipt = Field(default_factory=Receipt)
    ignore: tuple[str, ...] = ()
    personal: tuple[str, ...] = Field(
        default=(), description="columns about persons, such as contacts, which never load"
    )
    expect: Expect = Field(default_factory=Expect)
    examples: tuple[Example, ...] = ()
    path: Path = Field(default=Path(), exclude=True)

    @field_validator("licence")
    @classmethod
    def _address(cls, licence: str) -> str:
        if not is_absolute_iri(licence):
            raise ValueError(f"{licence!r} is no address of a licence")
        return licence

    @field_validator("retrieved", mode="before")
    @classmethod
    def _day(cls, day: object) -> object:
        # pydantic would also take the text of a number, as seconds since 1970.
        if isinstance(day, str) and not _DAY.fullmatch(day):
            raise ValueError(f"{day!r} is no day such as 2026-11-22")
        return day

    @model_validator(mode="after")
    def _linked(self) -> SourceMapping:
        for name, entity in self.entities.items():
            for item in entity.properties:
                if item.entity is not None and item.entity not in self.entities:
                    raise ValueError(
                        f"entities.{name} refers to the entity {item.entity!r}, which the file "
                        f"does not describe{nearest(item.entity, self.entities)}"
                    )
            self._check_items(name, entity)
        both = sorted(self.columns() & set(self.ignore))
        if both:
            raise ValueError(f"the column {both[0]!r} is both mapped and ignored")
        both = sorted((self.columns() | set(self.ignore)) & set(self.personal))
        if both:
            raise ValueError(f"the column {both[0]!r} is personal: neither map nor ignore it")
        return self

    def _check_items(self, name: str, entity: Entity) -> None:
        """Refuse what would give each item of a cell what is of the whole row, or the reverse."""
        listed = {item.each.column for item in self.entities.values() if item.each}
        own = {entity.each.column} if entity.each else set()
        whole = sorted((listed - own) & set(placeholders(entity.key)))
        if whole:
            raise ValueError(
                f"entities.{name}: its key names {whole[0]!r}, whose cells list several: "
                "say each here, too"
            )
        for item in entity.properties if entity.each else ():
            if item.entity is not None and self.entities[item.entity].type == MONEY:
                raise ValueError(
                    f"entities.{name} leads to the amount {item.entity!r}, which is of the whole "
                    "row and would count for each item"
                )

    def columns(self) -> set[str]:
        """Name every column that the mapping reads."""
        return set(_columns(self))


def read_mapping(path: Path) -> SourceMapping:
    """Read and check a mapping file; MappingError names file, place and cause."""
    document, text = read_document(path)
    if "path" in document:
        raise MappingError(f"{path}: path: there is no such key")
    try:
        plain = expand(document, text, path)
        return SourceMapping.model_validate({**plain, "path": path})
    except ValidationError as error:
        raise MappingError(f"{path}: {sentences(error, text, SourceMapping)}") from error


def read_mappings(folder: Path | None = None) -> list[SourceMapping]:
    """Read all mappings of a folder (by default those that come with the project), by name."""
    root = folder or Path(str(resources.files("loaders") / "sources"))
    mappings = [read_mapping(path) for path in sorted(root.glob("*.yaml"))]
    if not mappings:
        raise MappingError(f"{root}: there is no mapping (*.yaml) in this folder")
    names = [mapping.name for mapping in mappings]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise MappingError(f"{root}: more than one mapping has the name {doubled[0]!r}")
    return mappings


def _columns(mapping: SourceMapping) -> Iterator[str]:
    for entity in mapping.entities.values():
        yield from entity.columns()
    yield from mapping.identified_by or ()
    for check in mapping.cross_checks:
        yield from (amount.column for amount in (check.rate, check.of, *check.gives))
    if mapping.receipt.cited:
        yield mapping.receipt.cited.column
    if mapping.receipt.confidence:
        yield mapping.receipt.confidence
