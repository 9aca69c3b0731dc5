"""The mapping language: what the columns of one table mean, as one YAML file.

Every scalar is read as the text that stands in the file, so that `NO` is the country code of
Norway and `2021-05` no date; the model turns numbers and dates into values where it asks for
them. Every key is checked; a misspelt one is answered with the nearest that exists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

import ontology
from graph.errors import MappingError
from graph.terms import is_absolute_iri
from loaders.mistakes import nearest, one_line, sentences

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

ValueType = Literal["text", "string", "integer", "decimal", "date", "iri"]
Filled = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=0)]


_SCHEME = "scheme"  # a concept scheme: an entity that no table describes, but data name
_MEANING = {
    "lang": "only a text has a language",
    "kind": "what the value refers to says what it is",
    "reference": "entity says already what it refers to",
    "map": "the key of the entity is its value",
    "split": "only a column is split",
    "template": "only as: iri has one",
    "min": "only integers and decimals have bounds",
    "max": "only integers and decimals have bounds",
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Rows(_Strict):
    """Where the rows are and how their file is written."""

    file: Filled
    format: Filled | None = None
    sheet: Filled | None = None
    records: Filled | None = Field(
        default=None, description="place of the list in a JSON file: a.b"
    )
    encoding: Filled | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    quotes: Literal["double", "none"] = Field(
        default="double", description="none: quotation marks are plain characters"
    )
    header: Annotated[int, Field(ge=1)] = Field(default=1, description="number of the header row")

    @field_validator("delimiter")
    @classmethod
    def _separating(cls, delimiter: str | None) -> str | None:
        if delimiter is not None and delimiter in '"\r\n':
            raise ValueError(f"{delimiter!r} cannot separate cells")
        return delimiter


class Choice(_Strict):
    """A value chosen by the cell of a column."""

    column: Filled
    map: Annotated[Mapping[str, str], Field(min_length=1)] | None = None
    default: str | None = None


class Condition(_Strict):
    """Rows in which a column is filled, or holds one of some values."""

    column: Filled
    among: Annotated[tuple[str, ...], Field(min_length=1)] | None = None


class Property(_Strict):
    """One property of an entity and the cells that fill it.

    The value comes from `column`, from the row's other `entity`, or is the constant `value`.
    """

    name: str = Field(alias="property")
    column: Filled | None = None
    entity: Filled | None = None
    value: Filled | None = None
    kind: ValueType = Field("text", alias="as")
    lang: str | Choice | None = None
    reference: str | tuple[str, ...] | None = None
    when: Condition | None = None
    split: Filled | None = None
    map: Annotated[Mapping[str, str], Field(min_length=1)] | None = None
    template: str | None = Field(
        default=None, description="an IRI with one {} for the encoded value"
    )
    min: float | None = None
    max: float | None = None

    @field_validator("name")
    @classmethod
    def _known(cls, name: str) -> str:
        return _term(name, ontology.properties(), "property")

    @field_validator("lang")
    @classmethod
    def _tag(cls, lang: str | Choice | None) -> str | Choice | None:
        fixed = lang.default if isinstance(lang, Choice) else lang
        if fixed is not None and not _LANGUAGE.fullmatch(fixed):
            raise ValueError(f"{fixed!r} is no language tag such as en or de-AT")
        return lang

    @field_validator("reference")
    @classmethod
    def _kinds(cls, reference: str | tuple[str, ...] | None) -> str | tuple[str, ...] | None:
        for name in (reference,) if isinstance(reference, str) else reference or ():
            _segment(name, {*ontology.segments(), _SCHEME})
        return reference

    @field_validator("template")
    @classmethod
    def _address(cls, template: str | None) -> str | None:
        if template is not None and template.count("{}") != 1:
            raise ValueError("a template holds exactly one {}")
        if template is not None and not is_absolute_iri(template.replace("{}", "x")):
            raise ValueError("a template is an absolute address, such as https://example.org/{}")
        return template

    @model_validator(mode="after")
    def _consistent(self) -> Property:
        given = [self.column, self.entity, self.value]
        if sum(item is not None for item in given) != 1:
            raise ValueError("give exactly one of column, entity and value")
        is_text = self.kind == "text" and not (self.reference or self.entity)
        if is_text and self.lang is None:
            raise ValueError("a text needs lang: a language tag or a column (or say as: string)")
        numbers = self.kind in {"integer", "decimal"}
        allowed = {
            "lang": is_text,
            "as": not (self.reference or self.entity),
            "reference": not self.entity,
            "map": not self.entity,
            "split": self.column is not None,
            "template": self.kind == "iri",
            "min": numbers,
            "max": numbers,
        }
        for key in sorted(self.model_fields_set & {*allowed, "kind"}):
            if not allowed[_alias(Property, key)]:
                raise ValueError(f"{_alias(Property, key)} has no meaning here: {_MEANING[key]}")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("min is larger than max")
        return self

    @property
    def segments(self) -> tuple[str, ...]:
        """Name the kinds of entity that the value may refer to, in order of preference."""
        if self.reference is None:
            return ()
        return (self.reference,) if isinstance(self.reference, str) else tuple(self.reference)


class Entity(_Strict):
    """One entity that a row describes: its kind, its class, its key and its properties."""

    type: str
    class_: str | Choice = Field(alias="class")
    key: str
    unique: bool = False
    when: Condition | None = None
    properties: tuple[Property, ...] = ()

    @field_validator("type")
    @classmethod
    def _known(cls, name: str) -> str:
        return _segment(name, ontology.segments())

    @field_validator("class_")
    @classmethod
    def _class(cls, name: str | Choice) -> str | Choice:
        if isinstance(name, str):
            return _term(name, ontology.classes(), "class")
        if name.map is None:
            raise ValueError("a class chosen by a column needs map: which code stands for which")
        chosen = {key: _term(value, ontology.classes(), "class") for key, value in name.map.items()}
        default = _term(name.default, ontology.classes(), "class") if name.default else None
        return name.model_copy(update={"map": chosen, "default": default})

    @field_validator("key")
    @classmethod
    def _template(cls, key: str) -> str:
        if not all(placeholders(key)) or set("{}") & set(_PLACEHOLDER.sub("", key)):
            raise ValueError(f"the braces of {key!r} do not match: write {{column}}")
        if not placeholders(key):
            raise ValueError(f"the key {key!r} names no column: write {{column}}")
        return key

    @model_validator(mode="after")
    def _fitting(self) -> Entity:
        kind = ontology.segments()[self.type]
        for name in self._classes():
            if kind != name and kind not in ontology.superclasses(name):
                raise ValueError(
                    f"the class {ontology.compact(name)} is not below {ontology.compact(kind)}, "
                    f"the class of the type {self.type!r}"
                )
        return self

    def _classes(self) -> list[str]:
        if isinstance(self.class_, str):
            return [self.class_]
        default = [self.class_.default] if self.class_.default else []
        return [*(self.class_.map or {}).values(), *default]


class Cited(_Strict):
    """The column in which a row says where it was itself read."""

    column: Filled
    split: Filled | None = None


class Receipt(_Strict):
    """What the rows say about themselves."""

    cited: Cited | None = None
    confidence: Filled | None = Field(default=None, description="the column that holds it")


class Expect(_Strict):
    """Bounds outside of which a build stops."""

    rows: tuple[Count, Count] | None = None
    quarantined: Count | None = None

    @field_validator("rows")
    @classmethod
    def _ordered(cls, rows: tuple[int, int] | None) -> tuple[int, int] | None:
        if rows is not None and rows[0] > rows[1]:
            raise ValueError("the first bound is the lower one")
        return rows


class Example(_Strict):
    """A row and the statements that it becomes, as Turtle under the default base."""

    row: Mapping[str, str]
    turtle: str


class SourceMapping(_Strict):
    """One source: who published it, where its rows are, and what they mean."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    title: Filled
    description: str | None = None
    publisher: Filled
    licence: str
    version: Filled
    retrieved: date
    rows: Rows
    entities: Annotated[Mapping[str, Entity], Field(min_length=1)]
    receipt: Receipt = Field(default_factory=Receipt)
    ignore: tuple[str, ...] = ()
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
        both = sorted(self.columns() & set(self.ignore))
        if both:
            raise ValueError(f"the column {both[0]!r} is both mapped and ignored")
        return self

    def columns(self) -> set[str]:
        """Name every column that the mapping reads."""
        return set(_columns(self))


def read_mapping(path: Path) -> SourceMapping:
    """Read and check a mapping file; MappingError names file, place and cause."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise MappingError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise MappingError(f"{path}: the file is not in UTF-8: {one_line(error)}") from error
    try:
        document = YAML(typ="base", pure=True).load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        cause = ", ".join(filter(None, (error.context, error.problem)))
        raise MappingError(f"{path}: {line}{one_line(cause)}") from error
    except (YAMLError, RecursionError) as error:
        raise MappingError(f"{path}: no readable YAML: {one_line(error)}") from error
    if not isinstance(document, dict) or not all(isinstance(key, str) for key in document):
        raise MappingError(f"{path}: line 1: a mapping of keys is expected, such as “title: …”")
    if "path" in document:
        raise MappingError(f"{path}: path: there is no such key")
    try:
        return SourceMapping.model_validate({**document, "path": path})
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


def placeholders(template: str) -> list[str]:
    """Name the columns of a key such as `{id}-total`, in order."""
    return _PLACEHOLDER.findall(template)


def _columns(mapping: SourceMapping) -> Iterator[str]:
    for entity in mapping.entities.values():
        yield from placeholders(entity.key)
        if isinstance(entity.class_, Choice):
            yield entity.class_.column
        if entity.when:
            yield entity.when.column
        for item in entity.properties:
            if item.column:
                yield item.column
            if isinstance(item.lang, Choice):
                yield item.lang.column
            if item.when:
                yield item.when.column
    if mapping.receipt.cited:
        yield mapping.receipt.cited.column
    if mapping.receipt.confidence:
        yield mapping.receipt.confidence


def _term(name: str, known: frozenset[str], kind: str) -> str:
    iri = ontology.declared(name if ":" in name else f"sikg:{name}")
    if iri not in known:
        raise ValueError(f"{name!r} is no {kind} of the ontology")
    return iri


def _segment(name: str, known: Iterable[str]) -> str:
    if name not in known:
        raise ValueError(f"there is no kind of entity {name!r}{nearest(name, known)}")
    return name


def _alias(model: type[BaseModel], name: str) -> str:
    return model.model_fields[name].alias or name
