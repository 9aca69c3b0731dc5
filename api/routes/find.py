"""Finding: one box and one list over all kinds of things, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import RedirectResponse

from api import models_find as models
from api.dependencies import (
    CurrentDataset,
    CurrentReader,
    CurrentService,
    KnownParameters,
    Languages,
)
from api.finding.addresses import Listed
from api.finding.documents import Asked, Finding, parameters, suggest
from api.finding.page import Page, show
from api.finding.sheets import found_as_jsonld, sheet_of
from api.linked import MOVED_HEADERS
from api.negotiation import choose
from api.numbers import CSV, JSON, as_csv, documented, reply
from api.observed import JSONLD
from api.paging import LIMIT
from api.routes.exploring import make_router
from api.spreadsheets import XLSX, as_xlsx
from graph.dataset import Dataset
from graph.facts.facets import all_facets
from graph.facts.finding import Sort
from graph.listing import check_kind
from visualisations.exporting import Sheet
from visualisations.wording import Wording

moved = APIRouter(include_in_schema=False)
rest = APIRouter(tags=["search"], dependencies=[KnownParameters])

_MOST = 10_000  # things in one answer
_LISTED = 400  # things in a report
_FORMATS = (JSON, CSV, XLSX, JSONLD)
_PARAMETERS: dict[str, Any] = {"parameters": parameters()}

Words = Annotated[str, Query(description="Words of a name; typing errors are forgiven.")]
Order = Annotated[Sort, Query(description="fit: how well names fit the words; or by name, year.")]
Offset = Annotated[int, Query(ge=0, le=1_000_000, description="How many things to pass over.")]


@rest.get(
    "/find",
    responses=documented(models.Found, "What fits, in order."),
    response_class=Response,
    openapi_extra=_PARAMETERS,
)
async def find_things(  # noqa: PLR0913, PLR0917  # the parameters of the operation
    request: Request,
    service: CurrentService,
    dataset: CurrentDataset,
    languages: Languages,
    q: Words = "",
    sort: Order = Sort.FIT,
    limit: Annotated[
        int | None, Query(ge=1, le=_MOST, description="50 for JSON, else all that can be had.")
    ] = None,
    offset: Offset = 0,
    top: Annotated[int, Query(ge=0, le=1000, description="Values of each facet to count.")] = 0,
    form: Annotated[
        str | None, Query(alias="format", description="json, csv, xlsx or jsonld, before Accept.")
    ] = None,
) -> Response:
    """Find things of all kinds by words of their names and by filters."""
    chosen = choose(_FORMATS, request.headers.get("accept", ""), name=form)
    most = limit or (LIMIT if chosen is JSON else _MOST)
    asked = Asked.read(q, request.query_params, sort, most, offset)
    data = partial(_data, dataset, languages, asked, top, chosen.name)
    return await service.answers.run(data)


@rest.get("/suggest")
async def suggest_things(
    service: CurrentService,
    reader: CurrentReader,
    q: Words,
    kind: Annotated[str | None, Query(examples=["organisation"])] = None,
    limit: Annotated[int, Query(ge=1, le=20)] = 8,
) -> models.Suggestions:
    """Suggest what words that are still being typed may mean, the best first."""
    if kind is not None:
        check_kind(kind)
    return await service.answers.run(partial(suggest, reader, q, kind, limit))


def _view(
    request: Request,
    q: Annotated[str, Query()] = "",
    sort: Annotated[Sort, Query()] = Sort.FIT,
    offset: Offset = 0,
    view: Annotated[str, Query(pattern="^(list|table)$")] = "list",
    more: Annotated[str | None, Query(description="A facet to show all values of.")] = None,
) -> Page:
    """Read a request for what fits, and how many things each filter would keep."""
    asked = Asked.read(q, request.query_params, sort, LIMIT, offset)
    given = {name: value for name, value in request.query_params.items() if value}
    return Page(asked, given, view, more)


def _sheet(dataset: Dataset, view: Page, languages: Sequence[str], words: Wording) -> Sheet:
    return sheet_of(dataset, replace(view.asked, limit=_LISTED), languages, words)


router = make_router("find", _view, show, _sheet, _PARAMETERS["parameters"])


@moved.get("/search")
def lead_from_search(request: Request) -> RedirectResponse:
    """Lead to where everything is found."""
    return _redirect(dict(request.query_params))


@moved.get("/browse/{kind}")
def lead_from_browse(kind: str, request: Request) -> RedirectResponse:
    """Lead from the list of a kind to what is found of it; NotFoundError if there is no kind."""
    check_kind(kind)
    return _redirect({**request.query_params, "kind": kind})


def _redirect(given: dict[str, str]) -> RedirectResponse:
    # A cursor is of a list that there is no more.
    kept = {name: value for name, value in given.items() if value and name != "cursor"}
    return RedirectResponse(Listed("/find", kept).without("offset"), 301, MOVED_HEADERS)


def _data(
    dataset: Dataset, languages: Sequence[str], asked: Asked, top: int, form: str
) -> Response:
    found = Finding(dataset, languages, asked).found(top)
    if form == JSON.name:
        return reply(found.model_dump_json().encode(), JSON)
    if form == JSONLD.name:
        response = reply(found_as_jsonld(dataset, found, asked), JSONLD)
    else:
        response = _table(found, asked, form)
    rest_of = found.total - found.offset - len(found.items)
    if rest_of > 0:
        response.headers["SIKG-Cut"] = f"rows={len(found.items)}; limit=limit"
    name = f"found.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _table(found: models.Found, asked: Asked, form: str) -> Response:
    names = all_facets()
    heads = ("iri", "kind", "key", "name", "language", "found_as", *names, "period")
    rows = [
        (
            item.thing.iri,
            item.thing.kind,
            item.thing.key,
            item.thing.label.text,
            item.thing.label.language,
            item.found.text if item.found else None,
            *("; ".join(v.label.text for v in item.facets.get(name, ())) for name in names),
            item.period,
        )
        for item in found.items
    ]
    if form == CSV.name:
        return reply(as_csv(heads, rows), CSV)
    about: list[tuple[str, object]] = [
        ("Release", found.of.release),
        ("Things that fit", found.total),
        *asked.parameters.items(),
    ]
    return reply(as_xlsx(heads, rows, about=about), XLSX)
