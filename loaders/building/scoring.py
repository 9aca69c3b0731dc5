"""Scoring: the scoreboard of a build, from its tables as read and checked.

Columns are counted whole, by polars; what costs time for each cell is done on a sample.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import polars as pl

from graph.engine import Engine as Asked
from graph.errors import NotFoundError, StorageError
from graph.identity import Identity
from graph.quality.history import completed, earlier
from graph.quality.scoreboard import (
    ColumnScore,
    Scoreboard,
    SourceScore,
    TagScore,
    Use,
    read_scoreboard,
)
from graph.quality.shapes import ShapeCounts, by_source
from graph.release import Releases
from graph.report import BuildReport, SourceReport
from loaders.building.check import Checked
from loaders.building.proposed import count_proposed
from loaders.building.tagging import check_tags
from loaders.building.writing import Plan
from loaders.language.mapping import SourceMapping

_DANGLING = "refers to no "


class Judged(Protocol):
    """What a scoreboard needs to know of the inputs of a build."""

    @property
    def identity(self) -> Identity:
        """The identity that IRIs are minted under."""
        raise NotImplementedError

    @property
    def ledger(self) -> Path | None:
        """The file of what people judged to be the same, or not."""
        raise NotImplementedError


def score(
    releases: Releases,
    sources: Sequence[Checked],
    report: BuildReport,
    store: Asked,
    inputs: Judged,
    tagged: Mapping[str, Sequence[TagScore]],
) -> Scoreboard:
    """Make the scoreboard of a build, with the history of those before it.

    `tagged` tells what is known of the language tags of sources that did not change.
    """
    identity = inputs.identity
    counts = by_source(report.shapes.results, store, identity)
    pairs = count_proposed(releases.home, inputs.ledger, sources, identity)
    reports = {item.name: item for item in report.sources}
    scores = (
        _completed(measure(source, reports[name], identity, tagged.get(name)), counts, pairs)
        for source in sources
        for name in [source.mapping.name]
    )
    board = Scoreboard(
        release=0,
        created=datetime.now(UTC),
        shapes_cut=len(report.shapes.results) < report.shapes.violations + report.shapes.warnings,
        sources=tuple(scores),
        history=earlier(releases),
    )
    return completed(board, releases.next_number(), board.created)


def tags_before(plan: Plan) -> dict[str, Sequence[TagScore]]:
    """Give what the scoreboard before says of the language tags of sources that did not change."""
    if plan.before is None:
        return {}
    try:
        board = read_scoreboard(plan.before.release)
    except (NotFoundError, StorageError):
        return {}
    return {item.name: item.tags for item in board.sources if plan.is_as_before(item.name)}


def measure(
    source: Checked,
    report: SourceReport,
    identity: Identity,
    tags: Sequence[TagScore] | None = None,
) -> SourceScore:
    """Score one source by itself; what its table and mapping do not change stays the same."""
    mapping, rows = source.mapping, source.good
    columns = tuple(_columns(source, report))
    used = [column for column in columns if column.use == "used"]
    universe = mapping.expect.universe
    return SourceScore(
        name=mapping.name,
        title=mapping.title,
        publisher=mapping.publisher,
        file=report.file,
        sha256=source.table.sha256,
        retrieved=mapping.retrieved,
        rows_read=report.rows_read,
        rows_loaded=report.rows_loaded,
        rows_quarantined=source.rows_aside,
        statements=report.statements,
        columns=columns,
        filled=_share(sum(column.filled for column in used), len(used) * len(rows)),
        violations=0,
        warnings=0,
        dangling=sum(item.reason.startswith(_DANGLING) for item in source.problems),
        tags=tuple(check_tags(mapping, identity, rows) if tags is None else tags),
        universe=universe,
        coverage=None if universe is None else round(len(rows) / universe, 4),
        notes=report.notes,
    )


def _completed(
    source: SourceScore, counts: ShapeCounts, pairs: Mapping[str, int] | None
) -> SourceScore:
    """Give the score with what only the whole release tells."""
    return source.model_copy(
        update={
            "violations": counts.violations[source.name],
            "warnings": counts.warnings[source.name],
            "duplicates": None if pairs is None else pairs.get(source.name, 0),
        }
    )


def _columns(source: Checked, report: SourceReport) -> list[ColumnScore]:
    names = source.table.columns
    present = [name for name in names if name in source.good.columns]
    # Blanks alone fill no cell; `\S` stops at the first that is none.
    counted = source.good.select(pl.col(present).str.contains(r"\S").sum())
    filled: Mapping[str, int] = dict(zip(present, counted.row(0), strict=True)) if present else {}
    uses = _uses(source.mapping, report)
    return [
        ColumnScore(
            name=name,
            use=uses.get(name, "used"),
            filled=filled.get(name, 0),
            share=_share(filled.get(name, 0), len(source.good)),
        )
        for name in names
    ] + [
        # These were dropped when the table was read: nothing is known of their cells.
        ColumnScore(name=name, use="personal", filled=0, share=None)
        for name in source.mapping.personal
        if name not in names
    ]


def _uses(mapping: SourceMapping, report: SourceReport) -> dict[str, Use]:
    uses: dict[str, Use] = dict.fromkeys(mapping.ignore, "ignored")
    return {**uses, **dict.fromkeys(report.columns_unmapped, "unmapped")}


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
