"""Where and when over REST: what is in which country, and what begins in which year."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from api import models_where as models
from api.dependencies import CurrentService, KnownParameters, Languages, ReleaseNumber
from api.graphs import GRAPHS
from api.negotiation import choose
from api.numbers import CSV, JSON, FormatName, as_csv, chosen_filters, documented, reply
from api.observed import JSONLD
from api.spreadsheets import XLSX, as_xlsx
from api.when.documents import PAGE, WhenAsked, read_kinds, read_when
from api.when.files import when_as_jsonld
from api.where.documents import WhereAsked, read_where
from api.where.files import cooperation_as_graph, where_as_jsonld
from graph.facts.facets import PERIOD, all_facets
from graph.formats import Format
from visualisations.wording import wording

router = APIRouter(tags=["aggregates"], dependencies=[KnownParameters])

FILTERS = (*all_facets(), PERIOD)
PARAMETERS: list[dict[str, Any]] = [
    {
        "name": name,
        "in": "query",
        "description": f"Only things with this {name}, by key; several are divided by commas; "
        "unknown finds what has none; for kinds that have it.",
        "schema": {"type": "string"},
    }
    for name in all_facets()
] + [
    {
        "name": PERIOD,
        "in": "query",
        "description": "Only what begins in these years: 2021, or 2021-2027; several are divided "
        "by commas; unknown finds what has no beginning.",
        "schema": {"type": "string"},
    }
]

Kind = Annotated[
    str,
    Query(
        description="Kind of thing that has countries, or funding for money.",
        max_length=40,
        examples=["practice"],
    ),
]
Money = Annotated[
    str | None,
    Query(
        description="Kind, phase and currency of money, divided by points; by default what most "
        "amounts are of.",
        max_length=120,
        examples=["total.approved.EUR"],
    ),
]
Kinds = Annotated[
    str,
    Query(
        description="Kinds of things, divided by commas; by default all that have dates.",
        max_length=120,
        examples=["programme,practice"],
    ),
]
# A form sends it empty for countries.
Nuts = Annotated[
    Literal["", "0", "1", "2", "3"],
    Query(description="Level of regions in NUTS; countries without.", examples=["2"]),
]
_PLACES = (JSON, CSV, XLSX, *GRAPHS, JSONLD)
_TIMES = (JSON, CSV, XLSX, JSONLD)


@router.get(
    "/where",
    responses=documented(models.Where, "Countries with numbers of things, or sums of money."),
    response_class=Response,
    openapi_extra={"parameters": PARAMETERS},
)
async def count_by_place(  # noqa: PLR0913, PLR0917  # the parameters of the operation
    request: Request,
    service: CurrentService,
    languages: Languages,
    kind: Kind = "organisation",
    money: Money = None,
    nuts: Nuts = "",
    form: FormatName = None,
    release: ReleaseNumber = None,
) -> Response:
    """Tell where the things of a kind or the money are, and which countries cooperate."""
    dataset = await service.answers.dataset_of(release)
    chosen = choose(_PLACES, request.headers.get("accept", ""), name=form)
    filters = chosen_filters(request, FILTERS)
    asked = WhereAsked(kind or "organisation", money or None, filters, int(nuts or 0))
    read = partial(read_where, dataset, asked, languages, wording(languages))
    found = await service.answers.run(read)
    if chosen is JSON:
        return reply(found.model_dump_json().encode(), chosen)
    if chosen in GRAPHS:
        return reply(cooperation_as_graph(found, chosen), chosen)
    if chosen is JSONLD:
        return reply(where_as_jsonld(dataset, found), chosen)
    return _table(*where_rows(found), chosen)


@router.get(
    "/when",
    responses=documented(models.When, "Things in the order in which they begin."),
    response_class=Response,
    openapi_extra={"parameters": PARAMETERS},
)
async def list_by_time(  # noqa: PLR0913, PLR0917  # the parameters of the operation
    request: Request,
    service: CurrentService,
    languages: Languages,
    kind: Kinds = "",
    limit: Annotated[int, Query(ge=1, le=1000, description="Most things.")] = PAGE,
    offset: Annotated[int, Query(ge=0, le=10**9, description="Things to pass over.")] = 0,
    form: FormatName = None,
    release: ReleaseNumber = None,
) -> Response:
    """Tell what begins and ends when, and how many begin in each year."""
    dataset = await service.answers.dataset_of(release)
    chosen = choose(_TIMES, request.headers.get("accept", ""), name=form)
    filters = chosen_filters(request, FILTERS)
    asked = WhenAsked(read_kinds(kind), filters, limit, offset)
    read = partial(read_when, dataset, asked, languages, wording(languages))
    found = await service.answers.run(read)
    if chosen is JSON:
        return reply(found.model_dump_json().encode(), chosen)
    if chosen is JSONLD:
        return reply(when_as_jsonld(dataset, found), chosen)
    return _table(*when_rows(found), chosen)


def where_rows(found: models.Where) -> tuple[list[str], list[tuple[object, ...]]]:
    """Write the table of a map: what is in no place stands last, without a key."""
    rows: list[tuple[object, ...]] = [
        (place.key, place.label.text, place.things, _exact(place.sum))
        for place in (found.regions if found.nuts else found.countries)
    ]
    rows += [("; ".join(item.keys), "", item.things, _exact(item.sum)) for item in found.together]
    if found.unknown:
        rows.append((None, "unknown", found.unknown, _exact(found.unplaced)))
    head = ["region" if found.nuts else "country", "name", "things", "sum"]
    if found.money is None:
        return head[:3], [row[:3] for row in rows]
    more = (found.money.kind, found.money.phase, found.money.currency)
    return [*head, "kind", "phase", "currency"], [(*row, *more) for row in rows]


def when_rows(found: models.When) -> tuple[list[str], list[tuple[object, ...]]]:
    """Write the table of a timeline."""
    head = ["iri", "kind", "name", "begin", "end", "sources-differ"]
    return head, [
        (item.iri, item.kind, item.label.text, item.begin, item.end, "yes" if item.differ else "no")
        for item in found.items
    ]


def _exact(total: str | None) -> Decimal | None:
    return None if total is None else Decimal(total)


def _table(head: list[str], rows: list[tuple[object, ...]], form: Format) -> Response:
    return reply(as_csv(head, rows) if form is CSV else as_xlsx(head, rows), form)
