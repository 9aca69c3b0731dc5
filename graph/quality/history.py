"""The history of scoreboards: each release carries that of the releases before it.

So it outlives the releases that are removed, is published with the release whole or not at all,
and no file stands beside the releases that could disagree with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from graph.errors import NotFoundError, StorageError
from graph.quality.scoreboard import Past, Point, Scoreboard, SourceScore, read_scoreboard
from graph.release import Releases

KEPT = 200  # releases; older ones are forgotten, so that a scoreboard stays small


def earlier(releases: Releases) -> tuple[Past, ...]:
    """Read the history up to the last release that has one; nothing before the first."""
    for number in reversed(releases.numbers()):
        try:
            return read_scoreboard(releases.get(number).path).history
        except (NotFoundError, StorageError):
            continue  # made before there were scoreboards, or damaged
    return ()


def completed(board: Scoreboard, number: int, created: datetime) -> Scoreboard:
    """Give the scoreboard its place in history, which it holds up to the release before."""
    past = [item for item in board.history if item.release < number]
    now = Past(release=number, created=created, sources=dict(map(_point, board.sources)))
    history = (*past, now)[-KEPT:]
    sources = (_dated(source, history) for source in board.sources)
    return board.model_copy(
        update={
            "release": number,
            "created": created,
            "sources": tuple(sources),
            "history": history,
        }
    )


def since(name: str, sha256: str, history: Sequence[Past]) -> datetime | None:
    """Tell when a release first had a source in the state that all later releases have it in."""
    found = None
    for past in reversed(history):
        point = past.sources.get(name)
        if point is None or point.sha256 != sha256:
            break
        found = past.created
    return found


def _dated(source: SourceScore, history: Sequence[Past]) -> SourceScore:
    return source.model_copy(update={"changed": since(source.name, source.sha256, history)})


def _point(source: SourceScore) -> tuple[str, Point]:
    point = Point(
        rows_read=source.rows_read,
        rows_loaded=source.rows_loaded,
        rows_quarantined=source.rows_quarantined,
        statements=source.statements,
        filled=source.filled,
        violations=source.violations,
        dangling=source.dangling,
        tags_differing=source.tags_differing,
        sha256=source.sha256,
        warnings=source.warnings,
        notes=source.times_noted,
        duplicates=source.duplicates,
        coverage=source.coverage,
    )
    return source.name, point
