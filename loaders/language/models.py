"""Models: what many tables of one sort have in common, written once.

A model is a mapping whose columns are *fields*. A table's own mapping says in which columns the
fields stand and how they are written there, and is expanded into a plain mapping when it is read.
What a table has no field for is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from graph.errors import MappingError
from loaders.language.documents import read_document
from loaders.language.mistakes import nearest, sentences
from loaders.language.properties import DateFormats, NumberFormats, PowerOfTen
from loaders.language.rows import Filled, Strict, Texts

FieldKind = Literal[
    "code", "name", "text", "date", "amount", "rate", "currency", "country", "reference"
]
SHARED = Path(str(resources.files("loaders") / "models"))
FORMS = ("numbers", "scale", "dates", "pattern", "split", "map", "lang", "faulty")


class ModelField(Strict):
    """A field of a model: what sort of value it has, and what it means.

    `meaning` names what columns of the field are called and look like, where that is not under the
    name of the field: see loaders.suggesting.
    """

    kind: FieldKind
    title: Filled
    meaning: Filled | None = None


class Given(Strict):
    """The column of a field, and how the field is written there."""

    column: Filled
    numbers: NumberFormats | None = None
    scale: PowerOfTen | None = None
    dates: DateFormats | None = None
    empty: Texts | None = None
    pattern: Filled | None = None
    map: Annotated[Mapping[str, str], Field(min_length=1)] | None = None
    split: Filled | None = None
    lang: Filled | None = None
    faulty: Literal["row", "omit"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _column_only(cls, given: object) -> object:
        return {"column": given} if isinstance(given, str) else given

    def overrides(self) -> dict[str, Any]:
        """Give what the property of the field takes over, by its keys."""
        return {
            name: getattr(self, name)
            for name in (*FORMS, "empty")
            if getattr(self, name) is not None
        }


def several(value: Any) -> Sequence[Any]:  # noqa: ANN401  # one of anything, or a list of it
    """Take one item for a list of it."""
    return value if isinstance(value, list | tuple) else (value,)


class Shorthand(Strict):
    """How a table fills a model: its columns, its constants and its language."""

    model: Filled | None = None
    lang: Filled | None = None
    fields: Mapping[
        str, Annotated[tuple[Given, ...], BeforeValidator(several), Field(min_length=1)]
    ] = Field(default_factory=dict)
    constants: Mapping[str, Filled] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _once(self) -> Self:
        both = sorted(set(self.fields) & set(self.constants))
        if both:
            raise ValueError(f"{both[0]!r} is both a field with a column and a constant")
        if self.model is None and (self.fields or self.constants or self.lang):
            raise ValueError("fields, constants and lang belong to a model: name it with model")
        return self


class ModelCheck(Strict):
    """Fields that must agree: see `CrossCheck` of a mapping."""

    rate: Filled
    of: Filled
    gives: Texts


def _outlined(entities: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
    """Refuse entities that cannot be filled; the rest is checked with the mapping of a table."""
    for name, entity in entities.items():
        if "key" not in entity or "class" not in entity:
            raise ValueError(f"{name}: an entity has a class and a key")
        plain_field = isinstance(entity.get("each", ""), str)
        if not plain_field:
            raise ValueError(f"{name}: each names a field, whose column may be split")
        items = entity.get("properties", ())
        if not isinstance(items, list | tuple) or not all(isinstance(x, Mapping) for x in items):
            raise ValueError(f"{name}: properties is a list of properties")
        chosen = [entity["class"]] if isinstance(entity["class"], Mapping) else []
        whens = [item["when"] for item in (entity, *items) if "when" in item]
        if not all(isinstance(item, Mapping) and "column" in item for item in (*chosen, *whens)):
            raise ValueError(f"{name}: a condition or choice names its column")
    return entities


class Model(Strict):
    """A model: its fields, and entities that are made of them.

    `told_by` are groups of fields: what a table of the sort has a column of each for; `apart_by`
    are fields of which one tells nearly every row from the others, where each row is a thing.
    A `usual` model is the one of two that fit a table equally.
    `published_under` are the addresses of the acts that oblige to publish such tables, by the year
    in which their period begins.
    """

    name: Filled
    title: Filled
    told_by: tuple[tuple[Filled, ...], ...] = ()
    apart_by: tuple[Filled, ...] = ()
    usual: bool = False
    published_under: Mapping[Filled, Filled] = Field(default_factory=dict)
    fields: Annotated[Mapping[str, ModelField], Field(min_length=1)]
    entities: Annotated[
        Mapping[str, Mapping[str, Any]], Field(min_length=1), AfterValidator(_outlined)
    ]
    cross_checks: tuple[ModelCheck, ...] = ()

    @model_validator(mode="after")
    def _told_by_fields(self) -> Self:
        groups = {
            "told_by": [n for group in self.told_by for n in group],
            "apart_by": self.apart_by,
            "each": [item["each"] for item in self.entities.values() if "each" in item],
        }
        for key, names in groups.items():
            strange = [name for name in names if name not in self.fields]
            if strange:
                near = nearest(strange[0], self.fields)
                raise ValueError(f"{key}: {strange[0]!r} is no field{near}")
        return self


def read_model(name: str, beside: Path) -> Model:
    """Read a model from `models/` beside a mapping file, or of those that come with the project."""
    own = beside / "models"
    for folder in (own, SHARED):
        path = folder / f"{name}.yaml"
        if path.is_file():
            document, text = read_document(path)
            try:
                return Model.model_validate(document)
            except ValidationError as error:
                raise MappingError(f"{path}: {sentences(error, text, Model)}") from error
    known = {path.stem for folder in (own, SHARED) for path in folder.glob("*.yaml")}
    raise MappingError(f"there is no model {name!r}{nearest(name, known)}")
