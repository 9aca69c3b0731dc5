"""Flows: how money goes from one dimension to the next."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api import models_facts as models
from api.dependencies import CurrentService, KnownParameters, Languages, ReleaseNumber
from api.exchange import LEFT, ROUNDED, Target, exchange_of, originals, told
from api.graphs import GRAPHS
from api.money.files import flows_as_graph, flows_as_jsonld
from api.money.names import Naming
from api.money.state import FILTERS, plain, read_steps, sort_filters
from api.negotiation import choose
from api.numbers import (
    CSV,
    JSON,
    FormatName,
    as_csv,
    chosen_filters,
    digits,
    documented,
    facts_of,
    filter_parameters,
    notes,
    reply,
)
from api.observed import JSONLD
from api.spreadsheets import XLSX, as_xlsx
from graph.dataset import Dataset
from graph.facts.dimensions import TABLES, UNKNOWN, Dimension, Values
from graph.facts.facets import PERIOD
from graph.facts.flows import OTHERS, Band, Flow, Money, flows
from graph.labels import Label
from graph.rates import cents
from visualisations.wording import wording

SortName = Annotated[
    str | None,
    Query(
        description="Only one sort of money: kind, phase and currency, divided by points.",
        max_length=120,
        examples=["total.approved.EUR"],
    ),
]

router = APIRouter(tags=["aggregates"], dependencies=[KnownParameters])

_TABLE = TABLES["funding"]
_MOST_BANDS = 200
_FORMS = (JSON, CSV, XLSX, *GRAPHS, JSONLD)
PARAMETERS = [
    *filter_parameters(_TABLE),
    {
        "name": PERIOD,
        "in": "query",
        "description": "Only money of these years: a year, or a range such as 2021-2027.",
        "schema": {"type": "string"},
    },
]
_HEAD = (
    "kind", "phase", "currency", "from", "from-label", "to", "to-label", "amounts", "sum",
    "disputed", "missing",
)  # fmt: skip


@router.get(
    "/flows",
    responses=documented(models.Flows, "Bands and links, apart for kind, phase and currency."),
    response_class=Response,
    openapi_extra={"parameters": PARAMETERS},
)
async def follow_money(  # noqa: PLR0913, PLR0917  # the parameters of the operation
    request: Request,
    service: CurrentService,
    languages: Languages,
    through: Annotated[
        str,
        Query(
            description="Two to six dimensions, divided by commas.",
            max_length=200,
            examples=["programme,country,theme"],
        ),
    ] = "programme,country,theme",
    top: Annotated[
        int,
        Query(ge=1, le=_MOST_BANDS, description="Bands of a step told apart; the rest are one."),
    ] = 25,
    target: Target = None,
    money: SortName = None,
    form: FormatName = None,
    release: ReleaseNumber = None,
) -> Response:
    """Follow the money from dimension to dimension, apart for each kind, phase and currency."""
    dataset = await service.answers.dataset_of(release)
    chosen = choose(_FORMS, request.headers.get("accept", ""), name=form)
    steps = read_steps(through)
    given = chosen_filters(request, FILTERS)

    def follow() -> bytes:
        filters = plain(dataset.facts, given) | (sort_filters(money) if money else {})
        if target is not None:
            filters.pop("currency", None)  # what is converted comes of others
        found = _follow(dataset, steps, filters, top, languages, target)
        if chosen is JSON:
            return found.model_dump_json().encode()
        if chosen in GRAPHS:
            return flows_as_graph(found, chosen)
        if chosen is JSONLD:
            return flows_as_jsonld(dataset, found)
        lines = (line for flow in found.flows for line in _lines(flow))
        return as_csv(_HEAD, lines) if chosen is CSV else as_xlsx(_HEAD, map(_numeric, lines))

    return reply(await service.answers.run(follow), chosen)


def _numeric(line: tuple[object, ...]) -> tuple[object, ...]:
    """Give a line with its sum as a number, for spreadsheets."""
    place = _HEAD.index("sum")
    total = line[place]
    exact = None if total is None else Decimal(str(total))
    return (*line[:place], exact, *line[place + 1 :])


def _follow(
    dataset: Dataset,
    steps: tuple[str, ...],
    filters: dict[str, str],
    top: int,
    languages: tuple[str, ...],
    target: str | None,
) -> models.Flows:
    of = facts_of(dataset)
    exchange = exchange_of(dataset, target)
    naming = Naming(dataset, languages, wording(languages))
    found = flows(dataset.facts, steps, filters, top, exchange)
    more = () if exchange is None else (ROUNDED, *((LEFT,) if exchange.left else ()))
    return models.Flows(
        of=of,
        through=steps,
        filters=filters,
        flows=tuple(_flow(naming, steps, flow, target) for flow in found),
        conversion=told(exchange, dataset.identity),
        notes=notes(of, (*_TABLE.notes, *more)),
    )


def _flow(naming: Naming, steps: tuple[str, ...], flow: Flow, target: str | None) -> models.Flow:
    labels = [_labels(naming, name, step, flow) for step, name in enumerate(steps)]
    money = partial(_money, rounded=target is not None and flow.currency == target)
    place = {band: number for number, band in enumerate(flow.bands)}
    return models.Flow(
        kind=flow.kind,
        phase=flow.phase,
        currency=flow.currency,
        total=models.FlowMoney(**money(flow.total)),
        original=originals(flow.originals),
        bands=tuple(
            models.FlowBand(
                id=place[step, band],
                others=flow.others.get(step, 0) if band == OTHERS else 0,
                **_named(steps[step], band, labels[step]),
                **money(found),
            )
            for (step, band), found in flow.bands.items()
        ),
        links=tuple(
            models.FlowLink(source=place[step, one], target=place[step + 1, other], **money(found))
            for (step, one, other), found in flow.links.items()
        ),
    )


def _labels(naming: Naming, name: str, step: int, flow: Flow) -> dict[str, Label]:
    """Name all that the bands of a step have."""
    item = _TABLE.dimension(name)
    bands = (band for at, band in flow.bands if at == step and band is not None and band != OTHERS)
    return naming.of(item, (key for band in bands for key in _keys(item, band)))


def _keys(item: Dimension, band: str) -> tuple[str, ...]:
    return tuple(band.split("; ")) if item.values is Values.SEVERAL else (band,)


def _named(name: str, band: Band, labels: Mapping[str, Label]) -> dict[str, Any]:
    if band is None or band == OTHERS:
        return {"step": name, "keys": None, "label": UNKNOWN if band is None else "others"}
    keys = _keys(_TABLE.dimension(name), band)
    return {"step": name, "keys": keys, "label": "; ".join(labels[key].text for key in keys)}


def _money(money: Money, *, rounded: bool) -> dict[str, Any]:
    total = cents(money.sum) if rounded and money.sum is not None else money.sum
    return {
        "amounts": money.amounts,
        "sum": None if total is None else str(digits(total)),
        "disputed": money.disputed,
        "missing": money.missing,
    }


def _lines(flow: models.Flow) -> list[tuple[object, ...]]:
    bands = {band.id: band for band in flow.bands}
    lines: list[tuple[object, ...]] = []
    for link in flow.links:
        ends = (bands[link.source], bands[link.target])
        cells = [cell for end in ends for cell in ("; ".join(end.keys or ()), end.label)]
        money = (link.amounts, link.sum, link.disputed, link.missing)
        lines.append((flow.kind, flow.phase, flow.currency, *cells, *money))
    return lines
