"""Properties: what the cells of a column mean, as one item of a mapping."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, field_validator, model_validator

import ontology
from graph.terms import is_absolute_iri
from loaders.language.dates import DateFormat
from loaders.language.formats import NumberFormat
from loaders.language.mistakes import nearest
from loaders.language.rows import Filled, Strict, Texts, checked_pattern

_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")

ValueType = Literal["text", "string", "integer", "decimal", "date", "iri"]


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
    "numbers": "only integers and decimals are written in formats of numbers",
    "scale": "only integers and decimals are multiplied",
    "dates": "only as: date is written in formats of dates",
    "empty": "only the cells of a column can be empty",
    "pattern": "only the cells of a column have parts",
    "faulty": "only the cells of a column can be faulty",
}


def _number_formats(numbers: tuple[str, ...]) -> tuple[str, ...]:
    for example in numbers:
        NumberFormat.parse(example)
    return numbers


def _date_formats(dates: tuple[str, ...]) -> tuple[str, ...]:
    for form in dates:
        DateFormat.parse(form)
    return dates


def _power_of_ten(scale: Decimal) -> Decimal:
    if scale <= 0 or scale.normalize().as_tuple().digits != (1,):
        raise ValueError(f"{scale} is no power of ten such as 1000 or 0.01")
    return scale


NumberFormats = Annotated[Texts, AfterValidator(_number_formats)]
DateFormats = Annotated[Texts, AfterValidator(_date_formats)]
PowerOfTen = Annotated[Decimal, AfterValidator(_power_of_ten)]


class Choice(Strict):
    """A value chosen by the cell of a column."""

    column: Filled
    map: Annotated[Mapping[str, str], Field(min_length=1)] | None = None
    default: str | None = None


class Condition(Strict):
    """Rows in which a column is filled, or holds one of some values."""

    column: Filled
    among: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    empty: Texts | None = None
    missing: bool = Field(default=False, description="rows in which the column is empty instead")

    @model_validator(mode="after")
    def _one_sense(self) -> Condition:
        if self.missing and self.among is not None:
            raise ValueError("give among or missing, not both: an empty cell has no value")
        return self


class Property(Strict):
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
    numbers: NumberFormats | None = Field(default=None, description="1234.56 as the table has it")
    scale: PowerOfTen | None = Field(default=None, description="what the numbers are multiplied by")
    dates: DateFormats | None = Field(default=None, description="orders of a date: DD.MM.YYYY")
    empty: Texts | None = Field(default=None, description="cells that count as empty")
    pattern: Filled | None = Field(default=None, description="its first group is the value")
    faulty: Literal["row", "omit"] = Field(
        default="row", description="what is set aside for a cell that makes no value"
    )

    @field_validator("pattern")
    @classmethod
    def _grouped(cls, pattern: str | None) -> str | None:
        if pattern is not None and "(" not in pattern:
            raise ValueError(f"the pattern {pattern!r} has no group: put the value in brackets")
        return checked_pattern(pattern)

    @field_validator("name")
    @classmethod
    def _known(cls, name: str) -> str:
        return known_term(name, ontology.properties(), "property")

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
            known_segment(name, {*ontology.segments(), _SCHEME})
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
            **dict.fromkeys(("min", "max", "numbers", "scale"), numbers),
            "dates": self.kind == "date",
            **dict.fromkeys(("empty", "pattern", "faulty"), self.column is not None),
        }
        for key in sorted(self.model_fields_set & {*allowed, "kind"}):
            if not allowed[_alias(Property, key)]:
                raise ValueError(f"{_alias(Property, key)} has no meaning here: {_MEANING[key]}")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("min is larger than max")
        return self

    @property
    def power(self) -> int:
        """Give the power of ten by which numbers are multiplied."""
        return 0 if self.scale is None else self.scale.adjusted()

    @property
    def segments(self) -> tuple[str, ...]:
        """Name the kinds of entity that the value may refer to, in order of preference."""
        if self.reference is None:
            return ()
        return (self.reference,) if isinstance(self.reference, str) else tuple(self.reference)


def known_term(name: str, known: frozenset[str], kind: str) -> str:
    """Give the IRI of a term of the ontology; ValueError names the one that was meant."""
    iri = ontology.declared(name if ":" in name else f"sikg:{name}")
    if iri not in known:
        raise ValueError(f"{name!r} is no {kind} of the ontology")
    return iri


def known_segment(name: str, known: Iterable[str]) -> str:
    """Give a kind of entity back; ValueError names the one that was meant."""
    if name not in known:
        raise ValueError(f"there is no kind of entity {name!r}{nearest(name, known)}")
    return name


def _alias(model: type[BaseModel], name: str) -> str:
    return model.model_fields[name].alias or name
