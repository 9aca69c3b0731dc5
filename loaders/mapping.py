"""The mapping language: what the columns of one table mean, as one YAML file.

Every scalar is read as the text that stands in the file, so that `NO` is the country code of
Norway and `2021-05` no date; the model turns numbers and dates into values where it asks for
them. Every key is checked; a misspelt one is answered with the nearest that exists.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

import ontology
from graph.errors import MappingError

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

ValueType = Literal["text", "string", "integer", "decimal", "date", "iri"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Rows(_Strict):
    """Where the rows are and how their file is written."""

    file: str
    format: str | None = None
    sheet: str | None = None
    records: str | None = Field(default=None, description="place of the list in a JSON file: a.b")
    encoding: str | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    header: Annotated[int, Field(ge=1)] = Field(default=1, description="number of the header row")


class Choice(_Strict):
    """A value chosen by the cell of a column."""

    column: str
    map: Mapping[str, str] | None = None
    default: str | None = None


class Condition(_Strict):
    """Rows in which a column is filled, or holds one of some values."""

    column: str
    among: tuple[str, ...] | None = None


class Property(_Strict):
    """One property of an entity and the cells that fill it.

    The value comes from `column`, from the row's other `entity`, or is the constant `value`.
    """

    name: str = Field(alias="property")
    column: str | None = None
    entity: str | None = None
    value: str | None = None
    kind: ValueType = Field("text", alias="as")
    lang: str | Choice | None = None
    reference: str | tuple[str, ...] | None = None
    when: Condition | None = None
    split: str | None = None
    map: Mapping[str, str] | None = None
    template: str | None = Field(
        default=None, description="an IRI with one {} for the encoded value"
    )
    min: float | None = None
    max: float | None = None

    @field_validator("name")
    @classmethod
    def _known(cls, name: str) -> str:
        return _term(name)

    @model_validator(mode="after")
    def _consistent(self) -> Property:
        given = [self.column, self.entity, self.value]
        if sum(item is not None for item in given) != 1:
            raise ValueError("give exactly one of column, entity and value")
        if self.template is not None and self.template.count("{}") != 1:
            raise ValueError("a template holds exactly one {}")
        needs_lang = self.kind == "text" and not (self.reference or self.entity)
        if needs_lang and self.lang is None:
            raise ValueError("a text needs lang: a language tag or a column (or say as: string)")
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
    def _segment(cls, name: str) -> str:
        known = ontology.segments()
        if name not in known:
            raise ValueError(f"there is no kind of entity {name!r}{_nearest(name, known)}")
        return name

    @field_validator("class_")
    @classmethod
    def _class(cls, name: str | Choice) -> str | Choice:
        if isinstance(name, str):
            return _term(name)
        chosen = {key: _term(value) for key, value in (name.map or {}).items()}
        default = _term(name.default) if name.default else None
        return name.model_copy(update={"map": chosen, "default": default})


class Cited(_Strict):
    """The column in which a row says where it was itself read."""

    column: str
    split: str | None = None


class Receipt(_Strict):
    """What the rows say about themselves."""

    cited: Cited | None = None
    confidence: str | None = Field(default=None, description="the column that holds it")


class Expect(_Strict):
    """Bounds outside of which a build stops."""

    rows: tuple[int, int] | None = None
    quarantined: int | None = None


class Example(_Strict):
    """A row and the statements that it becomes, as Turtle under the default base."""

    row: Mapping[str, str]
    turtle: str


class SourceMapping(_Strict):
    """One source: who published it, where its rows are, and what they mean."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    title: str
    description: str | None = None
    publisher: str
    licence: str
    version: str
    retrieved: date
    rows: Rows
    entities: Mapping[str, Entity]
    receipt: Receipt = Field(default_factory=Receipt)
    ignore: tuple[str, ...] = ()
    expect: Expect = Field(default_factory=Expect)
    examples: tuple[Example, ...] = ()
    path: Path = Field(default=Path(), exclude=True)

    @model_validator(mode="after")
    def _linked(self) -> SourceMapping:
        for name, entity in self.entities.items():
            for item in entity.properties:
                if item.entity is not None and item.entity not in self.entities:
                    raise ValueError(
                        f"entities.{name} refers to the entity {item.entity!r}, which the file "
                        f"does not describe{_nearest(item.entity, self.entities)}"
                    )
        return self

    def columns(self) -> set[str]:
        """Name every column that the mapping reads."""
        return set(_columns(self))


def read_mapping(path: Path) -> SourceMapping:
    """Read and check a mapping file; MappingError names file, place and cause."""
    try:
        document = YAML(typ="base", pure=True).load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise MappingError(f"{path}: cannot be read: {error.strerror}") from error
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise MappingError(f"{path}: {line}{error.problem}") from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise MappingError(f"{path}: no readable YAML: {error}") from error
    if not isinstance(document, dict):
        raise MappingError(f"{path}: a mapping of keys is expected, such as “title: …”")
    try:
        return SourceMapping.model_validate({**document, "path": path})
    except ValidationError as error:
        raise MappingError(f"{path}: {_sentences(error)}") from error


def read_mappings(folder: Path | None = None) -> list[SourceMapping]:
    """Read all mappings of a folder (by default those that come with the project), by name."""
    root = folder or Path(str(resources.files("loaders") / "sources"))
    mappings = [read_mapping(path) for path in sorted(root.glob("*.yaml"))]
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


def _term(name: str) -> str:
    return ontology.declared(name if ":" in name else f"sikg:{name}")


def _nearest(name: str, known: Any) -> str:  # noqa: ANN401  # any collection of names
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


_MODELS: dict[str, type[BaseModel]] = {
    "rows": Rows,
    "entities": Entity,
    "properties": Property,
    "receipt": Receipt,
    "expect": Expect,
    "examples": Example,
    "when": Condition,
    "cited": Cited,
}


def _sentences(error: ValidationError) -> str:
    return "; ".join(_sentence(item["loc"], item["type"], item["msg"]) for item in error.errors())


def _sentence(place: tuple[int | str, ...], kind: str, message: str) -> str:
    # pydantic names the branch of a union that it tried; that is no part of the file.
    where = ".".join(str(part) for part in place if part not in {"Choice", "str"})
    if kind != "extra_forbidden":
        return f"{where}: {message.removeprefix('Value error, ')}"
    parents = [_MODELS[str(part)] for part in place[:-1] if str(part) in _MODELS]
    model = parents[-1] if parents else SourceMapping
    known = [item.alias or name for name, item in model.model_fields.items()]
    return f"{where}: there is no such key{_nearest(str(place[-1]), known)}"
