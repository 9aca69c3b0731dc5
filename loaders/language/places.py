"""Places: where the rows of a source are, be it a file, an address or an endpoint.

What is not a file beside the tables is fetched first; `file` is then the name of what is fetched.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Annotated, Self
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from loaders.language.paths import Path, PathError, read_path

Filled = Annotated[str, Field(min_length=1)]

_FETCHED = ("sha256", "largest", "recorded")
_ASKED = ("query", "page", "after", "pause")


class Cell(BaseModel):
    """How the cells of a column are taken from a record: see `Place.cells`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Filled
    after: Filled | None = Field(default=None, description="text up to which a value is cut off")
    before: Filled | None = Field(default=None, description="text from which on a value is cut off")
    map: Annotated[Mapping[str, str], Field(min_length=1)] | None = Field(
        default=None, description="values and what is read instead of them"
    )

    @field_validator("path")
    @classmethod
    def _readable(cls, path: str) -> str:
        try:
            read_path(path)
        except PathError as error:
            raise ValueError(str(error)) from error
        return path

    @property
    def steps(self) -> Path:
        """Give the path as read."""
        return read_path(self.path)


class Place(BaseModel):
    """Where the rows are: a file, a file at an address, or the answer of an endpoint."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    file: str = Field(default="", description="path inside the data folder")
    url: Filled | None = Field(default=None, description="address of the file")
    endpoint: Filled | None = Field(default=None, description="address of a SPARQL endpoint")
    query: Filled | None = Field(default=None, description="file of the query, by the mapping")
    page: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        default=1_000, description="solutions that are asked for at once"
    )
    after: Filled | None = Field(
        default=None, description="the variable whose last value the next page begins after"
    )
    pause: Annotated[float, Field(ge=0, le=3_600)] = Field(
        default=1.0, description="seconds between two pages"
    )
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = Field(
        default=None, description="checksum that the file must have"
    )
    largest: Annotated[int, Field(ge=1, le=2_048)] = Field(
        default=512, description="MiB that are fetched at most"
    )
    recorded: Filled | None = Field(
        default=None, description="file inside the data folder to fall back on"
    )
    member: Filled | None = Field(default=None, description="file inside a packed one")
    cells: Annotated[Mapping[str, str | Cell], Field(min_length=1)] | None = Field(
        default=None, description="columns and the paths of their values"
    )
    omit: tuple[Filled, ...] = Field(
        default=(), description="parts of records that are not used, on purpose"
    )
    each: Filled | None = Field(
        default=None, description="path of lists whose items are a row each"
    )
    subjects: Filled | None = Field(
        default=None, description="the class whose instances are the rows of an RDF file"
    )

    @field_validator("cells")
    @classmethod
    def _paths(cls, cells: Mapping[str, str | Cell] | None) -> Mapping[str, Cell] | None:
        if cells is None:
            return None
        return {
            name: cell if isinstance(cell, Cell) else Cell(path=cell)
            for name, cell in cells.items()
        }

    @field_validator("each")
    @classmethod
    def _list(cls, each: str | None) -> str | None:
        if each is not None:
            Cell(path=each)
        return each

    @model_validator(mode="before")
    @classmethod
    def _named(cls, given: object) -> object:
        """Name what is fetched after its address or query."""
        if not isinstance(given, dict) or "file" in given:
            return given
        if isinstance(given.get("url"), str):
            return {**given, "file": _last_step(given["url"])}
        if isinstance(given.get("query"), str):
            return {**given, "file": f"{PurePosixPath(given['query']).stem}.srj"}
        return given

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if not self.file and not (self.url or self.endpoint):
            raise ValueError("give one of file, url and endpoint")
        if self.url and self.endpoint:
            raise ValueError("give one of url and endpoint")
        if (self.endpoint is None) != (self.query is None):
            raise ValueError("an endpoint needs a query, and a query an endpoint")
        for name in (*_ASKED, *_FETCHED):
            meant = self.endpoint or (self.url and name in _FETCHED) or name == "sha256"
            if name in self.model_fields_set and not meant:
                raise ValueError(f"{name} has no meaning here: the rows are not fetched")
        if self.endpoint and self.sha256:
            raise ValueError("sha256 has no meaning here: answers of endpoints change")
        return self


def _last_step(url: str) -> str:
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return "fetched"
    return PurePosixPath(path).name.replace("\0", "") or "fetched"
