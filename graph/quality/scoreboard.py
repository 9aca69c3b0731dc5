"""The scoreboard of a release: what each source gave, how full it is, and what is wrong with it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from graph.errors import NotFoundError, StorageError, disk_error
from graph.report import Note

FILE = "quality.json"

Use = Literal["used", "ignored", "personal", "unmapped"]
Share = Annotated[float | None, Field(ge=0, description="From 0 to 1; null where of nothing.")]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class ColumnScore(_Frozen):
    """A column of a source: what becomes of it, and in how many loaded rows it is filled."""

    name: Annotated[str, Field(examples=["website"])]
    use: Annotated[
        Use, Field(description="personal: never loaded; unmapped: the mapping does not name it.")
    ]
    filled: int
    share: Share


class TagScore(_Frozen):
    """Texts of one column under one language tag, as a detector of languages judges a sample."""

    column: Annotated[str | None, Field(description="Null where the mapping gives the text.")]
    tag: Annotated[str, Field(examples=["et"])]
    checked: Annotated[int, Field(description="Different texts that were looked at.")]
    fitting: Annotated[int, Field(description="Those surely in the language of the tag.")]
    differing: Annotated[int, Field(description="Those surely in another; the rest is unknown.")]
    found: Annotated[dict[str, int], Field(description="The other languages, and how often.")]
    rows: Annotated[tuple[int, ...], Field(description="First rows with such a text.")]


class SourceScore(_Frozen):
    """The scoreboard of one source."""

    name: Annotated[str, Field(examples=["organisations"])]
    title: str
    publisher: str
    file: str
    sha256: str
    retrieved: date
    changed: Annotated[
        datetime | None, Field(description="When a release first had the file as it is now.")
    ] = None
    rows_read: int
    rows_loaded: int
    rows_quarantined: int
    statements: int
    columns: tuple[ColumnScore, ...]
    filled: Annotated[Share, Field(description="Share of cells filled in the columns used.")]
    violations: Annotated[int, Field(description="SHACL, of things that this source describes.")]
    warnings: int
    dangling: Annotated[int, Field(description="Cells that refer to nothing that exists.")]
    tags: tuple[TagScore, ...]
    duplicates: Annotated[
        int | None,
        Field(description="Pairs proposed as the same; null where not looked for."),
    ] = None
    universe: Annotated[
        int | None, Field(description="How many rows there are in the world, where it is known.")
    ] = None
    coverage: Share = None
    notes: tuple[Note, ...] = ()

    @property
    def times_noted(self) -> int:
        """Count how often something was noticed without setting a row aside."""
        return sum(note.count for note in self.notes)

    @property
    def tags_judged(self) -> int:
        """Count the texts whose tag was judged: as fitting or as differing."""
        return sum(tag.fitting + tag.differing for tag in self.tags)

    @property
    def tags_differing(self) -> int:
        """Count the texts that are surely in another language than their tag says."""
        return sum(tag.differing for tag in self.tags)

    def columns_of(self, use: Use) -> int:
        """Count the columns of one use."""
        return sum(column.use == use for column in self.columns)


class Point(_Frozen):
    """A source in one release of the past."""

    rows_read: int
    rows_loaded: int
    rows_quarantined: int
    statements: int
    filled: float | None
    violations: int
    dangling: int
    tags_differing: int
    sha256: str
    # Of releases that kept them; the history of older ones goes on without.
    warnings: int | None = None
    notes: int | None = None
    duplicates: int | None = None
    coverage: float | None = None


class Past(_Frozen):
    """The scoreboard of an earlier release in short, or of the release itself."""

    release: int
    created: datetime
    sources: dict[str, Point]


class Scoreboard(_Frozen):
    """The quality of a release; `history` ends with the release itself."""

    release: Annotated[int, Field(description="Number of the build; edits do not change it.")]
    created: datetime
    shapes_cut: Annotated[
        bool, Field(description="Whether there are more SHACL results than were kept to count.")
    ]
    sources: tuple[SourceScore, ...]
    history: tuple[Past, ...] = ()

    def trend(self, source: str) -> list[tuple[Past, Point]]:
        """Give the releases that had a source, the newest first."""
        return [
            (past, past.sources[source])
            for past in reversed(self.history)
            if source in past.sources
        ]


def read_scoreboard(folder: Path) -> Scoreboard:
    """Read the scoreboard of a release folder.

    NotFoundError if the release has none, StorageError if it is damaged.
    """
    try:
        return Scoreboard.model_validate_json((folder / FILE).read_bytes())
    except FileNotFoundError as error:
        raise NotFoundError("this release has no scoreboard: build it again to get one") from error
    except OSError as error:
        raise disk_error(folder / FILE, error) from error
    except ValidationError as error:
        raise StorageError(f"{folder / FILE} is damaged: build again to get another") from error


def write_scoreboard(board: Scoreboard, folder: Path) -> None:
    """Write the scoreboard of a release into its folder."""
    (folder / FILE).write_text(board.model_dump_json(indent=1) + "\n", encoding="utf-8")
