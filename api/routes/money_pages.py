"""Pages of money: flows from step to step with their tables, the same as files, and in a frame."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.responses import RedirectResponse

from api.dependencies import CurrentReader, CurrentService, KnownParameters
from api.exploring import drawn_format
from api.money.page import MoneyView, page_of, rows_page_of
from api.money.sheets import Drawing, sheet_of
from api.money.state import FILTERS, MOST_STEPS, THROUGH, TOP, MoneyAsked, read_steps
from api.money.view import read_money
from api.numbers import chosen_filters
from api.rendering import page
from api.routes.aggregates import Offset
from api.taking import file_of, written
from graph.errors import NotFoundError
from visualisations.wording import wording

router = APIRouter(include_in_schema=False, dependencies=[KnownParameters])

PARAMETERS: list[dict[str, Any]] = [
    {"name": name, "in": "query", "schema": {"type": "string"}} for name in FILTERS
]
_EXTRA = {"parameters": PARAMETERS}
_STEPS = [f"step{place}" for place in range(1, MOST_STEPS + 1)]
# A form without scripts has one field for each step; its address then has them in one.
_FORM = {"parameters": [*PARAMETERS, *({"name": name, "in": "query"} for name in _STEPS)]}

Sorted = Annotated[str | None, Query(alias="money", max_length=120)]


async def _view(  # the parameters of all pages, read at once
    request: Request,
    through: Annotated[
        str, Query(description="Steps, divided by commas.", max_length=200)
    ] = THROUGH,
    money: Sorted = None,
    top: Annotated[int, Query(ge=1, le=60, description="Bands of a step told apart.")] = TOP,
    # A form sends the currency empty where nothing is to be converted.
    target: Annotated[str | None, Query(alias="in", pattern="^([A-Z]{3})?$")] = None,
    picture: Drawing = "flow",
) -> MoneyView:
    steps, filters = read_steps(through or THROUGH), chosen_filters(request, FILTERS)
    return MoneyView(MoneyAsked(steps, filters, money or None, top, target or None), picture)


CurrentView = Annotated[MoneyView, Depends(_view)]


@router.get("/money", openapi_extra=_FORM)
async def show_money(
    request: Request, service: CurrentService, reader: CurrentReader, view: CurrentView
) -> Response:
    """Show where money comes from and where it goes."""
    given = request.query_params
    steps = tuple(dict.fromkeys(given[name] for name in _STEPS if given.get(name)))
    if steps:
        asked = view.asked
        moved = MoneyAsked(steps, asked.filters, asked.money, asked.top, asked.target)
        return RedirectResponse(moved.address().but(lang=given.get("lang")), 303)
    content = await service.answers.run(partial(page_of, reader, view))
    return page("money.html", languages=reader.languages, **content)


@router.get("/embed/money", openapi_extra=_EXTRA)
async def embed_money(
    service: CurrentService, reader: CurrentReader, view: CurrentView
) -> Response:
    """Show a picture of money alone, to stand in pages of others."""
    content = await service.answers.run(partial(page_of, reader, view))
    return page("money_embed.html", languages=reader.languages, **content)


@router.get("/money.{suffix}", openapi_extra=_EXTRA)
async def give_money(
    suffix: str, service: CurrentService, reader: CurrentReader, view: CurrentView
) -> Response:
    """Give a picture of money as a file."""
    form = drawn_format(suffix)
    words = wording(reader.languages)

    def make() -> bytes:
        found = read_money(reader.dataset, view.asked, reader.languages, words)
        if found.view is None:
            raise NotFoundError("there is no money that these filters find, and so no picture")
        sheet = sheet_of(reader.dataset, view.asked, found.view, view.picture, words)
        return written(sheet, words, form)

    return file_of(await service.answers.run(make), form, "money")


@router.get("/money/rows", openapi_extra=_EXTRA)
async def show_rows(
    request: Request,
    service: CurrentService,
    reader: CurrentReader,
    money: Sorted = None,
    offset: Offset = 0,
) -> Response:
    """Show the amounts behind a sum, each with what it is of and where it was read."""
    filters = chosen_filters(request, FILTERS)
    fill = partial(rows_page_of, reader, filters, money or None, offset)
    content = await service.answers.run(fill)
    return page("money_rows.html", languages=reader.languages, **content)
