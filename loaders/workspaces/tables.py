"""The spreadsheets of a workspace as data: sheets, columns and notes in several languages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

Language = Literal["en", "et", "lv"]
Words = Mapping[str, str]
Kind = Literal["text", "code", "date", "amount", "year", "address"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Strict):
    """A column of a sheet; `choices` is what its drop-down offers."""

    id: str
    label: Words
    note: Words
    kind: Kind = "text"
    choices: str | None = None
    several: bool = False
    required: bool = False
    example: str | None = None
    only: tuple[Language, ...] = ("en", "et", "lv")
    width: int = 18


class Sheet(_Strict):
    """A sheet: its title, and its columns from left to right."""

    title: Words
    columns: tuple[Column, ...]

    def columns_in(self, language: Language) -> list[Column]:
        """Give the columns that a workspace of a language has."""
        return [column for column in self.columns if language in column.only]


class Tables(_Strict):
    """All sheets by their names, and the words that their notes share."""

    currencies: tuple[str, ...]
    workbook: Words
    guide: Words
    lists: Words
    required: Words
    example: Words
    choose: Words
    several: Words
    refused: Words
    kinds: Mapping[str, Words]
    sheets: Mapping[str, Sheet]

    def note(self, column: Column, language: Language) -> str:
        """Write the note of a heading: what belongs there, and how it is written."""
        parts = [column.note[language]]
        if column.required:
            parts.append(self.required[language])
        if column.choices:
            parts.append((self.several if column.several else self.choose)[language])
        if column.kind in self.kinds:
            parts.append(self.kinds[column.kind][language])
        if column.example:
            parts.append(self.example[language] + column.example)
        return "\n".join(parts)


def folder() -> Path:
    """Name the folder of the templates."""
    return Path(str(resources.files("loaders") / "workspaces"))


@cache
def read_tables() -> Tables:
    """Read the description of the spreadsheets."""
    text = (folder() / "tables.yaml").read_text(encoding="utf-8")
    return Tables.model_validate(YAML(typ="base", pure=True).load(text))
