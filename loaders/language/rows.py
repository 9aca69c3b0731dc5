"""How a table is written: the part of a mapping that says where its rows are."""

from __future__ import annotations

import codecs
from typing import Annotated, Literal

import polars as pl
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from loaders.language.places import Place


class Strict(BaseModel):
    """A part of a mapping: no key but its own, and no number that is none."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def _listed(value: object) -> object:
    """Take one item for a list of it."""
    return value if isinstance(value, list | tuple) else (value,)


def _numbered(value: object) -> object:
    """Take `none` for no number, and one number for a list of it; an empty list is a mistake."""
    if value == "none":
        return ()
    if isinstance(value, list | tuple) and not value:
        raise ValueError("name the header row, or say none")
    return _listed(value)


Filled = Annotated[str, Field(min_length=1)]
Number = Annotated[int, Field(ge=1)]
# One item, or a list of them.
Texts = Annotated[
    tuple[Annotated[str, Field(min_length=1)], ...],
    BeforeValidator(_listed),
    Field(min_length=1),
]
# Numbers of rows; or `none`, which is no row.
Header = Annotated[tuple[Number, ...], BeforeValidator(_numbered)]


def checked_pattern(pattern: str | None) -> str | None:
    """Give a regular expression back; ValueError where it is none."""
    if pattern is not None:
        try:
            pl.Series([""]).str.contains(pattern)
        except pl.exceptions.ComputeError as error:
            raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
    return pattern


class Skip(Strict):
    """Rows that are no records: titles, totals, footnotes and headings of groups."""

    name: Filled = Field(description="what such rows are, for the report")
    column: Filled
    among: Texts | None = None
    matches: Filled | None = None
    alone: bool = Field(default=False, description="only where all other cells are empty")
    carry: Filled | None = Field(
        default=None, description="the new column of the rows below that takes the cell"
    )

    @field_validator("matches")
    @classmethod
    def _pattern(cls, matches: str | None) -> str | None:
        return checked_pattern(matches)

    @model_validator(mode="after")
    def _telling(self) -> Skip:
        if self.among is not None and self.matches is not None:
            raise ValueError("give among or matches, not both")
        if self.among is None and self.matches is None and not self.alone:
            raise ValueError("say which rows are meant: among, matches or alone")
        return self


class Continued(Strict):
    """Rows that go on with the row above: they lack the column that every record has."""

    without: Filled
    take: Texts | None = Field(default=None, description="columns whose cells come from above")
    join: Filled | None = Field(default=None, description="what stands between joined cells")

    @model_validator(mode="after")
    def _one_way(self) -> Continued:
        if (self.take is None) == (self.join is None):
            raise ValueError("give exactly one of take and join")
        return self


class Rows(Place):
    """Where the rows are and how their file is written."""

    format: Filled | None = None
    sheet: Filled | None = None
    records: Filled | None = Field(
        default=None, description="place of the list in a JSON file: a.b"
    )
    encoding: Texts | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    quotes: Literal["double", "none"] = Field(
        default="double", description="none: quotation marks are plain characters"
    )
    header: Header = Field(
        default=(1,),
        description="number of the header row, or of several; none: columns are called by place",
    )
    first: Number | None = Field(default=None, description="number of the first row of data")
    skip: tuple[Skip, ...] = ()
    continued: Continued | None = None
    fill: Texts | None = None
    merged: Texts | None = None
    empty: Texts | None = None

    @field_validator("delimiter")
    @classmethod
    def _separating(cls, delimiter: str | None) -> str | None:
        if delimiter is not None and delimiter in '"\r\n':
            raise ValueError(f"{delimiter!r} cannot separate cells")
        return delimiter

    @field_validator("encoding")
    @classmethod
    def _by_lines(cls, encoding: tuple[str, ...] | None) -> tuple[str, ...] | None:
        # Lines are told apart by their bytes, before anything is decoded.
        for name in encoding[1:] and encoding if encoding else ():
            try:
                single = "\n".encode(name) == b"\n" and codecs.lookup(name).name != "utf-8-sig"
            except (LookupError, UnicodeError):
                single = False
            if not single:
                raise ValueError(f"{name!r} cannot be one of several encodings of one file")
        return encoding

    @model_validator(mode="after")
    def _in_order(self) -> Rows:
        if list(self.header) != sorted(set(self.header)):
            raise ValueError("the header rows are given from top to bottom")
        if self.first is not None and self.first <= max(self.header, default=0):
            raise ValueError("the first row of data stands below the header")
        carried = [rule.carry for rule in self.skip if rule.carry]
        if len(carried) != len(set(carried)):
            raise ValueError("two rules of skip carry their cells into one column")
        return self

    def columns(self) -> set[str]:
        """Name the columns that reading the rows needs."""
        named = {rule.column for rule in self.skip} | set(self.fill or ()) | set(self.merged or ())
        if self.continued:
            named |= {self.continued.without, *(self.continued.take or ())}
        return named
