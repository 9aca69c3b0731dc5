"""Partners: who could work with whom on what, over REST and as a page."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from api import models_partners as models
from api.dependencies import (
    CurrentService,
    KnownParameters,
    Languages,
    ReleaseNumber,
)
from api.graphs import GRAPHS
from api.models import Thing
from api.negotiation import choose
from api.numbers import CSV, JSON, FormatName, as_csv, documented, reply
from api.observed import JSONLD
from api.partners.asking import MOST, PARAMETERS, PartnersAsked, View, read_asked
from api.partners.documents import find_partners
from api.partners.files import paths_as_graph, ranks_as_jsonld
from api.partners.page import page_of
from api.partners.sheets import sheet_of, title_of
from api.routes.exploring import make_router
from api.spreadsheets import XLSX, as_xlsx
from graph.partners import ASPECTS
from visualisations.wording import wording

router = APIRouter(tags=["partners"], dependencies=[KnownParameters])

PAGE = 10  # partners on a page
_FURTHEST = 100_000
_DOCUMENTED: list[dict[str, Any]] = [
    {"name": name, "in": "query", "description": description, "schema": {"type": "string"}}
    for name, description in PARAMETERS.items()
]
_HEADS = (
    "rank",
    "points",
    "organisation",
    "name",
    "countries",
    "undertakings",
    *ASPECTS,
    "reasons",
    "together",
)

Organisation = Annotated[
    str | None,
    Query(description="Key of the organisation that asks.", examples=["ee-kysk"], max_length=500),
]
Day = Annotated[
    str | None,
    Query(
        description="Day on which calls have to be open; by default that of the release.",
        examples=["2026-11-22"],
        max_length=10,
    ),
]


@router.get(
    "/partners",
    responses=documented(models.Partners, "Organisations, the best partner first, with reasons."),
    response_class=Response,
    openapi_extra={"parameters": _DOCUMENTED},
)
async def rank_partners(  # noqa: PLR0913, PLR0917  # the parameters of the operation
    request: Request,
    service: CurrentService,
    languages: Languages,
    organisation: Organisation = None,  # noqa: ARG001  # documented here, read with the filters
    on: Day = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = PAGE,
    offset: Annotated[int, Query(ge=0, le=_FURTHEST)] = 0,
    form: FormatName = None,
    release: ReleaseNumber = None,
) -> Response:
    """Rank organisations by how well they would work with one, or fit what is looked for."""
    dataset = await service.answers.dataset_of(release)
    chosen = choose(
        (JSON, CSV, XLSX, *GRAPHS, JSONLD), request.headers.get("accept", ""), name=form
    )
    asked = read_asked(request.query_params, on=on, limit=limit, offset=offset)
    found = await service.answers.run(partial(find_partners, dataset, asked, languages))
    if chosen.name == JSON.name:
        following = _next(request, found, asked)
        return reply(
            found.model_copy(update={"next": following}).model_dump_json().encode(), chosen
        )
    if chosen in GRAPHS:
        return reply(paths_as_graph(found, chosen), chosen)
    if chosen is JSONLD:
        title = title_of(found, wording(languages))
        return reply(ranks_as_jsonld(dataset, found, title, asked.state), chosen)
    write = as_csv if chosen.name == CSV.name else as_xlsx
    return reply(await service.answers.run(partial(write, _HEADS, _lines(found))), chosen)


def _view(
    request: Request,
    organisation: Organisation = None,  # noqa: ARG001  # read with the filters
    we: Annotated[str, Query(description="Words of the name of who asks.", max_length=200)] = "",
    on: Day = None,
    number: Annotated[int, Query(alias="page", ge=1, le=_FURTHEST // PAGE)] = 1,
) -> View:
    """Read a request for a page of ranks."""
    first = (number - 1) * PAGE
    return View(read_asked(request.query_params, on=on, limit=PAGE, offset=first), we.strip())


pages = make_router("partners", _view, page_of, sheet_of, _DOCUMENTED)


def _next(request: Request, found: models.Partners, asked: PartnersAsked) -> str | None:
    following = asked.offset + len(found.items)
    if following >= min(found.total, _FURTHEST) or not found.items:
        return None
    kept = {name: value for name, value in request.query_params.items() if name != "offset"}
    return f"/api/v1/partners?{urlencode({**kept, 'offset': following})}"


def _lines(found: models.Partners) -> list[tuple[object, ...]]:
    return [
        (
            partner.rank,
            partner.points,
            partner.organisation.iri,
            partner.organisation.label.text,
            _names(partner.countries),
            partner.undertakings,
            *_points(partner),
            " ".join(reason.text for reason in partner.reasons),
            _names(partner.together),
        )
        for partner in found.items
    ]


def _points(partner: models.Partner) -> list[int]:
    given = {reason.aspect: reason.points for reason in partner.reasons}
    return [given.get(name, 0) for name in ASPECTS]


def _names(things: tuple[Thing, ...]) -> str:
    return "; ".join(thing.label.text for thing in things)
