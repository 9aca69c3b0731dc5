"""The report of a build: what was read, what was loaded, what was set aside and why."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Quarantined(_Frozen):
    """A row that was set aside: its place, the value at fault, and the reason."""

    file: str
    row: int | None
    column: str | None
    value: str | None
    reason: str


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


class BuildReport(_Frozen):
    """The report of a release."""

    sources: tuple[SourceReport, ...]
    shapes: ShapeReport

    @property
    def quarantined(self) -> int:
        """Count the rows that were set aside."""
        return sum(source.rows_read - source.rows_loaded for source in self.sources)
