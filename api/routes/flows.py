"""Flows: how money goes from one dimension to the next."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api import models_facts as models
from api.dependencies import CurrentService, KnownParameters, Languages
from api.exchange import LEFT, ROUNDED, Target, exchange_of, originals, told
from api.numbers import (
    FormatName,
    as_csv,
    chosen_filters,
    chosen_format,
    digits,
    documented,
    facts_of,
    filter_parameters,
    notes,
    reply,
)
from api.routes.queries import ReleaseNumber
from graph.dataset import Dataset
from graph.facts.dimensions import TABLES, UNKNOWN, Values
from graph.facts.flows import OTHERS, Band, Flow, Money, flows
from graph.facts.names import names
from graph.rates import cents

router = APIRouter(tags=["aggregates"], dependencies=[KnownParameters])

_TABLE = TABLES["funding"]
_MOST_BANDS = 200
_HEAD = (
    "kind", "phase", "currency", "from", "from-label", "to", "to-label", "amounts", "sum",
    "disputed", "missing",
)  # fmt: skip


@router.get(
    "/flows",
    responses=documented(models.Flows, "Bands and links, apart for kind, phase and currency."),
    response_class=Response,
    openapi_extra={"parameters": filter_parameters(_TABLE)},
)
async def follow_money(  # noqa: PLR0913, PLR0917  # the parameters of the operation
    request: Request,
    service: CurrentService,
    languages: Languages,
    through: Annotated[
        str,
        Query(
            description="Two to four dimensions, divided by commas.",
            max_length=200,
            examples=["programme,country,theme"],
        ),
    ] = "programme,country,theme",
    top: Annotated[
        int,
        Query(ge=1, le=_MOST_BANDS, description="Bands of a step told apart; the rest are one."),
    ] = 25,
    target: Target = None,
    form: FormatName = None,
    release: ReleaseNumber = None,
) -> Response:
    """Follow the money from dimension to dimension, apart for each kind, phase and currency."""
    dataset = await service.answers.dataset_of(release)
    chosen = chosen_format(request, form)
    steps = tuple(name.strip() for name in through.split(",") if name.strip())
    filters = chosen_filters(request, (item.name for item in _TABLE.dimensions))
    follow = partial(_follow, dataset, steps, filters, top, languages, target)
    found = await service.answers.run(follow)
    if chosen.name == "json":
        return reply(found.model_dump_json().encode(), chosen)
    return reply(as_csv(_HEAD, (line for flow in found.flows for line in _lines(flow))), chosen)


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
    found = flows(dataset.facts, steps, filters, top, exchange)
    more = () if exchange is None else (ROUNDED, *((LEFT,) if exchange.left else ()))
    return models.Flows(
        of=of,
        through=steps,
        filters=filters,
        flows=tuple(_flow(dataset, steps, languages, flow, target) for flow in found),
        conversion=told(exchange, dataset.identity),
        notes=notes(of, (*_TABLE.notes, *more)),
    )


def _flow(
    dataset: Dataset,
    steps: tuple[str, ...],
    languages: tuple[str, ...],
    flow: Flow,
    target: str | None,
) -> models.Flow:
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
                **_named(dataset, steps[step], band, languages),
                **money(found),
            )
            for (step, band), found in flow.bands.items()
        ),
        links=tuple(
            models.FlowLink(source=place[step, one], target=place[step + 1, other], **money(found))
            for (step, one, other), found in flow.links.items()
        ),
    )


def _named(dataset: Dataset, step: str, band: Band, languages: tuple[str, ...]) -> dict[str, Any]:
    item = _TABLE.dimension(step)
    if band is None or band == OTHERS:
        return {"step": step, "keys": None, "label": UNKNOWN if band is None else "others"}
    known = names(dataset.facts, item.segment, languages) if item.segment else {}
    keys = tuple(band.split("; ")) if item.values is Values.SEVERAL else (band,)
    return {"step": step, "keys": keys, "label": "; ".join(known.get(key, key) for key in keys)}


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
