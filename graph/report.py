"""The report of a build: what was read, what was loaded, what was set aside and why."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Quarantined(_Frozen):
    """A row that was set aside: its place, the value at fault, and the reason."""

    file: str
    row: int | None
    column: str | None
    value: str | None
    reason: str


class Note(_Frozen):
    """Something noticed in a source that sets no row aside: a doubt, or a change made to cells.

    `kind` is a short name for all notes of this sort, such as `rate-differs`; `text` a sentence
    without a cell that may name a person; `row` the first row concerned, and `count` how many
    cells or rows are.
    """

    kind: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    text: str
    column: str | None = None
    row: int | None = None
    count: Annotated[int, Field(ge=1)] = 1


class SourceReport(_Frozen):
    """What became of one source."""

    name: str
    title: str
    file: str
    rows_read: int
    rows_loaded: int
    statements: int
    columns_unmapped: tuple[str, ...]
    columns_ignored: tuple[str, ...]
    quarantined: tuple[Quarantined, ...]
    notes: tuple[Note, ...] = ()


class ShapeResult(_Frozen):
    """One result of SHACL validation."""

    severity: Literal["Violation", "Warning", "Info"]
    focus: str
    path: str | None
    value: str | None
    message: str


class ShapeReport(_Frozen):
    """The SHACL validation of the release: counts of all results, and the first of them."""

    conforms: bool
    violations: int
    warnings: int
    results: tuple[ShapeResult, ...]


class IdentityReport(_Frozen):
    """What was found to be one: how many things by the ledger and by shared identifiers.

    `parts` counts the participations and amounts of these that two sources said alike.
    `conflicts` are sentences with the evidence of both sides; what they name was not joined by an
    identifier, or was joined by a person who decided so.
    """

    judged: int = 0
    shared: int = 0
    parts: int = 0
    conflicts: tuple[str, ...] = ()


class BuildReport(_Frozen):
    """The report of a release."""

    sources: tuple[SourceReport, ...]
    shapes: ShapeReport
    identities: IdentityReport = IdentityReport()
    edits_dropped: int = 0  # statements written by hand that name what was taken down

    @property
    def quarantined(self) -> int:
        """Count the rows that were set aside."""
        return sum(source.rows_read - source.rows_loaded for source in self.sources)
