"""Pages of money: flows from step to step with their tables, the same as files, and in a frame."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import RedirectResponse

from api.assets import bundle
from api.dependencies import CurrentReader, CurrentService, KnownParameters, Reader
from api.exchange import told
from api.exploring import FUNDING as OF_MONEY
from api.money.forms import chips_of, form_of
from api.money.names import Naming
from api.money.rows import filters_of, read_rows, state_of
from api.money.sheets import sheet_of, title_of
from api.money.state import (
    FILTERS,
    NAMES,
    STEPS,
    THROUGH,
    TOP,
    MoneyAsked,
    read_steps,
    sort_filters,
)
from api.money.view import Found, read_money
from api.networks.forms import Address
from api.numbers import chosen_filters
from api.rendering import page
from api.routes.aggregates import Offset
from api.taking import DRAWN, address_of, credit, file_of, written
from graph.errors import NotFoundError
from graph.facts.facets import PERIOD, all_facets
from graph.rows import read_receipts
from visualisations.money import bars, sankey, telling
from visualisations.wording import wording

router = APIRouter(include_in_schema=False, dependencies=[KnownParameters])

MOST_STEPS = 6
ROWS = 50  # on a page
PARAMETERS: list[dict[str, Any]] = [
    {"name": name, "in": "query", "schema": {"type": "string"}} for name in FILTERS
]
_EXTRA = {"parameters": PARAMETERS}
# A form without scripts has one field for each step; its address then has them in one.
_FORM = {
    "parameters": [
        *PARAMETERS,
        *({"name": f"step{place}", "in": "query"} for place in range(1, MOST_STEPS + 1)),
    ]
}

Through = Annotated[str, Query(description="Steps, divided by commas.", max_length=200)]
Sorted = Annotated[str | None, Query(alias="money", max_length=120)]
Top = Annotated[int, Query(ge=1, le=60, description="Bands of a step told apart.")]
# A form sends the currency empty where nothing is to be converted.
Target = Annotated[str | None, Query(alias="in", pattern="^([A-Z]{3})?$")]
Drawing = Annotated[Literal["flow", "years"], Query(alias="picture")]


@router.get("/money", openapi_extra=_FORM)
async def show_money(  # noqa: PLR0913, PLR0917  # the parameters of the page
    request: Request,
    service: CurrentService,
    reader: CurrentReader,
    through: Through = THROUGH,
    money: Sorted = None,
    top: Top = TOP,
    target: Target = None,
) -> Response:
    """Show where money comes from and where it goes."""
    asked = _asked(request, through, money, top, target)
    chosen = [request.query_params.get(f"step{place}", "") for place in range(1, MOST_STEPS + 1)]
    if any(chosen):
        steps = tuple(dict.fromkeys(name for name in chosen if name))
        moved = MoneyAsked(steps, asked.filters, asked.money, asked.top, asked.target)
        return RedirectResponse(moved.address().but(lang=request.query_params.get("lang")), 303)
    content = await service.answers.run(partial(_content, reader, asked))
    return page("money.html", languages=reader.languages, **content)


@router.get("/embed/money", openapi_extra=_EXTRA)
async def embed_money(  # noqa: PLR0913, PLR0917  # the parameters of the page
    request: Request,
    service: CurrentService,
    reader: CurrentReader,
    through: Through = THROUGH,
    money: Sorted = None,
    top: Top = TOP,
    target: Target = None,
    picture: Drawing = "flow",
) -> Response:
    """Show a picture of money alone, to stand in pages of others."""
    asked = _asked(request, through, money, top, target)
    content = await service.answers.run(partial(_content, reader, asked))
    return page("money_embed.html", languages=reader.languages, picture=picture, **content)


@router.get("/money.{suffix}", openapi_extra=_EXTRA)
async def give_money(  # noqa: PLR0913, PLR0917  # the parameters of the file
    suffix: str,
    request: Request,
    service: CurrentService,
    reader: CurrentReader,
    through: Through = THROUGH,
    money: Sorted = None,
    top: Top = TOP,
    target: Target = None,
    picture: Drawing = "flow",
) -> Response:
    """Give a picture of money as a file."""
    form = next((item for item in DRAWN if item.suffix == suffix), None)
    if form is None:
        formats = ", ".join(item.suffix for item in DRAWN)
        raise NotFoundError(f"money is not given as “{suffix[:20]}”, but as {formats}")
    asked = _asked(request, through, money, top, target)
    words = wording(reader.languages)

    def make() -> bytes:
        found = read_money(reader.dataset, asked, reader.languages, words)
        if found.view is None:
            raise NotFoundError("there is no money that these filters find, and so no picture")
        return written(sheet_of(reader.dataset, asked, found.view, picture, words), words, form)

    return file_of(await service.answers.run(make), form, "money")


def _asked(
    request: Request, through: str, money: str | None, top: int, target: str | None
) -> MoneyAsked:
    filters = chosen_filters(request, FILTERS)
    return MoneyAsked(read_steps(through or THROUGH), filters, money or None, top, target or None)


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
    fill = partial(_rows, reader, filters, money or None, offset)
    content = await service.answers.run(fill)
    return page("money_rows.html", languages=reader.languages, **content)


def _content(reader: Reader, asked: MoneyAsked) -> dict[str, Any]:
    """Make all that the page is filled with."""
    words = wording(reader.languages)
    found = read_money(reader.dataset, asked, reader.languages, words)
    address, naming = asked.address(), Naming(reader.dataset, reader.languages, words)
    own = address_of(reader.dataset, "/money", dict(address.state))
    content: dict[str, Any] = {
        "asked": asked,
        "found": found,
        "view": found.view,
        "address": address,
        "rest": Address("/api/v1/flows", {**_of_rest(found, asked), **address.state}),
        "credit": credit(reader.dataset, words, own),
        "own": own,
        "embedded": address_of(reader.dataset, "/embed/money", dict(address.state)),
        "form": form_of(reader, asked.filters, None if found.chosen is None else found.chosen.name),
        "chips": chips_of(asked.filters, address, naming, words),
        "cleared": replace(asked, filters={}).address().but(),
        "steps": [(name, NAMES[name]) for name in STEPS],
        "most_steps": MOST_STEPS,
        "notes": telling.notes(words),
        "told": told(found.exchange, reader.identity),
        "telling": telling,
        "words": words,
        "bundle": bundle("money"),
    }
    if found.view is not None:
        content |= {
            "title": title_of(found.view, "flow", words),
            "flow": sankey.draw(found.view, words),
            "summary": telling.summary(found.view, words),
            "years": bars.draw(found.view, words) if found.view.years else None,
            "over_years": telling.over_years(found.view, words),
            "on_map": _on_map(found, asked),
        }
    return content


def _on_map(found: Found, asked: MoneyAsked) -> str | None:
    """Give the address of a map of the same money; None where it has no sum, or another filter."""
    added = found.view is not None and found.view.total.sum is not None
    if found.chosen is None or not added or not asked.filters.keys() <= {*all_facets(), PERIOD}:
        return None
    state = {"kind": OF_MONEY, "money": found.chosen.name, **asked.filters}
    return Address("/where", state).but()


def _of_rest(found: Found, asked: MoneyAsked) -> dict[str, str]:
    """Give what a view shows unless its address says otherwise, for the address of its data."""
    through = {"through": ",".join(asked.through)}
    return through if found.chosen is None else {**through, "money": found.chosen.name}


def _rows(
    reader: Reader, filters: dict[str, str], money: str | None, offset: int
) -> dict[str, Any]:
    """Make all that the page of rows is filled with."""
    words = wording(reader.languages)
    dataset, languages = reader.dataset, reader.languages
    kept = filters_of(dataset, filters, money)
    read = read_rows(dataset, kept, languages, words, ROWS, offset)
    state = {**filters, **({"money": money} if money else {})}
    address, naming = Address("/money/rows", state), Naming(dataset, languages, words)
    shown = {**filters, **({} if money is None else sort_filters(money))}
    stated = {row for item in read.rows for row in item.rows}
    receipts = read_receipts(dataset.store, reader.identity, stated)
    presenter = reader.presenter(())
    return {
        "rows": read.rows,
        "total": read.total,
        "first": offset + 1,
        "before": address.but(offset=max(0, offset - ROWS) or None) if offset else None,
        "after": address.but(offset=offset + ROWS) if offset + ROWS < read.total else None,
        "chips": chips_of(shown, address, naming, words),
        "address": address,
        "rest": Address("/api/v1/flows/rows", state),
        "receipts": {iri: presenter.receipt(found) for iri, found in receipts.items()},
        "telling": telling,
        "words": words,
        "state_of": state_of,
        "bundle": bundle("money"),
    }
