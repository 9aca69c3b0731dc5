"""The quality of the served release: a page, a document, and measurements as RDF."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from api.dependencies import CurrentDataset, KnownParameters, Languages
from api.linked import alternate_formats
from api.negotiation import HTML, choose
from api.rendering import page
from graph.dataset import Dataset
from graph.errors import NotFoundError
from graph.formats import GRAPH_FORMATS, Format
from graph.quality.measurements import describe
from graph.quality.scoreboard import Scoreboard, SourceScore, read_scoreboard
from graph.store import serialise

router = APIRouter(include_in_schema=False, dependencies=[KnownParameters])
rest = APIRouter(tags=["releases"])

_FORMATS = (HTML, *GRAPH_FORMATS)

By = Literal[
    "title",
    "read",
    "loaded",
    "aside",
    "filled",
    "violations",
    "dangling",
    "tags",
    "duplicates",
    "coverage",
    "retrieved",
    "notes",
]
# What the table can be sorted by; what is not known stands last whichever way.
_KEYS: dict[str, Callable[[SourceScore], Any]] = {
    "title": lambda source: source.title.casefold(),
    "read": lambda source: source.rows_read,
    "loaded": lambda source: source.rows_loaded,
    "aside": lambda source: source.rows_quarantined,
    "filled": lambda source: source.filled,
    "violations": lambda source: (source.violations, source.warnings),
    "dangling": lambda source: source.dangling,
    "tags": lambda source: source.tags_differing,
    "duplicates": lambda source: source.duplicates,
    "coverage": lambda source: source.coverage,
    "retrieved": lambda source: source.retrieved,
    "notes": lambda source: source.times_noted,
}


@rest.get("/quality")
def read_quality(dataset: CurrentDataset) -> Scoreboard:
    """Tell how complete, sound and recent each source is, and how that went over releases."""
    return read_scoreboard(dataset.release.path)


@router.get("/quality")
def show_quality(
    request: Request,
    dataset: CurrentDataset,
    languages: Languages,
    sort: By = "title",
    order: Literal["ascending", "descending"] = "ascending",
    format_: Annotated[str | None, Query(alias="format")] = None,
) -> Response:
    """Show the scoreboard as a page, or give its measurements as RDF (DQV)."""
    form = choose(_FORMATS, request.headers.get("accept", ""), name=format_)
    if form is not HTML:
        return _measurements(dataset, form)
    board = read_scoreboard(dataset.release.path)
    response = page(
        "quality.html",
        board=board,
        sources=_sorted(board, sort, descending=order == "descending"),
        sort=sort,
        order=order,
        today=datetime.now(UTC).date(),
        formats=GRAPH_FORMATS,
        languages=languages,
    )
    response.headers["Link"] = alternate_formats("/quality.")
    return response


@router.get("/quality.{suffix}")
def give_measurements(suffix: str, dataset: CurrentDataset) -> Response:
    """Give the measurements in the format of a suffix."""
    form = next((item for item in GRAPH_FORMATS if item.suffix == suffix), None)
    if form is None:
        known = ", ".join(item.suffix for item in GRAPH_FORMATS)
        raise NotFoundError(f"the quality is not given as “{suffix[:20]}”, but as {known}")
    return _measurements(dataset, form)


def _measurements(dataset: Dataset, form: Format) -> Response:
    board = read_scoreboard(dataset.release.path)
    today = datetime.now(UTC).date()
    body = serialise(list(describe(board, dataset.identity, today)), form)
    headers = {
        "Vary": "Accept",
        "Access-Control-Allow-Origin": "*",
        "Link": alternate_formats("/quality."),
    }
    return Response(body, headers=headers, media_type=form.content_type)


def _sorted(board: Scoreboard, by: By, *, descending: bool) -> list[SourceScore]:
    key = _KEYS[by]
    known = [source for source in board.sources if key(source) is not None]
    unknown = [source for source in board.sources if key(source) is None]
    return sorted(known, key=key, reverse=descending) + unknown
