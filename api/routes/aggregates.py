"""Aggregates: counts and exact sums by dimensions, from the fact tables of a release."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from api import models_facts as models
from api.dependencies import CurrentService, KnownParameters, Languages, ReleaseNumber
from api.exchange import (
    LEFT,
    ROUNDED,
    Target,
    converted_lines,
    converted_rows,
    exchange_of,
    told,
)
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
from graph.dataset import Dataset
from graph.facts.aggregates import MOST, Asked, rows, rows_as_json
from graph.facts.dimensions import TABLES, Table, table_of
from graph.facts.names import names
from graph.rates import Exchange

LIMIT = 10_000

By = Annotated[
    str,
    Query(
        description="Dimensions, divided by commas, in the order to sort by.",
        max_length=200,
        examples=["country,programme"],
    ),
]
Several = Annotated[
    str,
    Query(
        description="together: what has several values stands under all of them, and rows add up. "
        "each: it counts under each of them, and rows do not add up; not for money.",
        pattern="^(together|each)$",
    ),
]
Limit = Annotated[int, Query(ge=1, le=MOST, description="Most rows.")]
Offset = Annotated[int, Query(ge=0, le=10**9, description="Rows to pass over.")]

router = APIRouter(tags=["aggregates"], prefix="/aggregates", dependencies=[KnownParameters])


@router.get("")
def list_tables() -> models.Tables:
    """List the tables that can be aggregated, with their dimensions and measures."""
    return models.Tables(
        items=tuple(
            models.TableInfo(
                table=table.name,
                dimensions={item.name: item.description for item in table.dimensions},
                measures=tuple(table.measures),
                notes=table.notes,
                result=f"/api/v1/aggregates/{table.name}",
            )
            for table in TABLES.values()
        )
    )


def _operation(table: Table) -> Callable[..., Coroutine[Any, Any, Response]]:
    async def aggregate(  # noqa: PLR0913, PLR0917  # the parameters of the operation
        request: Request,
        service: CurrentService,
        languages: Languages,
        by: By = "",
        several: Several = "together",
        limit: Limit = LIMIT,
        offset: Offset = 0,
        target: Target = None,
        form: FormatName = None,
        release: ReleaseNumber = None,
    ) -> Response:
        dataset = await service.answers.dataset_of(release)
        chosen = chosen_format(request, form)
        asked = Asked(
            table,
            tuple(name.strip() for name in by.split(",") if name.strip()),
            chosen_filters(request, (item.name for item in table.dimensions)),
            several == "each",
            limit,
            offset,
        )
        write = _as_csv if chosen.name == "csv" else partial(_as_json, release)
        made = partial(write, dataset, asked, languages, target)
        return reply(await service.answers.run(made), chosen)

    return aggregate


def refuse_unknown(table: str) -> None:
    """Say that there is no such table, and which are near."""
    table_of(table)


def _as_json(
    pinned: int | None,
    dataset: Dataset,
    asked: Asked,
    languages: tuple[str, ...],
    target: str | None,
) -> bytes:
    """Write an answer; its rows come written already."""
    of = facts_of(dataset)
    exchange = exchange_of(dataset, target)
    if exchange is None:
        lines, total = rows_as_json(dataset.facts, asked)
    else:
        lines, total = converted_lines(dataset.facts, asked, exchange)
    head = models.Aggregates(
        table=asked.table.name,
        of=of,
        by=tuple(item.name for item in asked.dimensions),
        filters=dict(asked.filters or {}),
        measures=tuple(asked.table.measures),
        additive=asked.table.additive and not asked.each,
        total=total,
        next=_next(asked, total, pinned, target),
        labels=_labels(dataset, asked, languages, lines),
        notes=notes(of, _notes(asked, exchange)),
        conversion=told(exchange, dataset.identity),
        rows=(),
    )
    written = head.model_dump_json().removesuffix("[]}")
    return f"{written}[{','.join(lines)}]}}".encode()


def _notes(asked: Asked, exchange: Exchange | None) -> tuple[str, ...]:
    if exchange is None:
        return asked.table.notes
    return (*asked.table.notes, ROUNDED, *((LEFT,) if exchange.left else ()))


def _next(asked: Asked, total: int, pinned: int | None, target: str | None) -> str | None:
    """Give the address of the rows that follow."""
    reached = asked.offset + asked.limit
    if reached >= total:
        return None
    given: dict[str, str | int] = {**(asked.filters or {}), "limit": asked.limit, "offset": reached}
    if asked.by:
        given["by"] = ",".join(asked.by)
    if asked.each:
        given["several"] = "each"
    if pinned is not None:
        given["release"] = pinned
    if target is not None:
        given["in"] = target
    return f"/api/v1/aggregates/{asked.table.name}?{urlencode(given)}"


def _labels(
    dataset: Dataset, asked: Asked, languages: tuple[str, ...], lines: list[str]
) -> dict[str, dict[str, str]]:
    """Give the names of the keys that rows have, as far as there are any."""
    found: dict[str, dict[str, str]] = {}
    for item in asked.dimensions:
        if item.segment is not None:
            known = names(dataset.facts, item.segment, languages)
            # All of a short list are sooner given than those sought that rows have.
            seen = _keys(item.name, lines) if len(known) > len(lines) else known.keys()
            found[item.name] = {key: name for key, name in known.items() if key in seen}
    return found


def _keys(name: str, lines: list[str]) -> set[str]:
    keys: set[str] = set()
    for line in lines:
        value = json.loads(line)[name]
        keys.update([value] if isinstance(value, str) else value or ())
    return keys


def _as_csv(
    dataset: Dataset, asked: Asked, languages: tuple[str, ...], target: str | None
) -> bytes:
    """Write keys, and names beside them; unknown is empty. Converted sums have their originals."""
    facts_of(dataset)
    exchange = exchange_of(dataset, target)
    more = () if exchange is None else ("original",)
    if exchange is None:
        found, _ = rows(dataset.facts, asked)
    else:
        found = converted_rows(dataset.facts, asked, exchange)
    dimensions = asked.dimensions
    head: list[str] = []
    for item in dimensions:
        head += [item.name] if item.segment is None else [item.name, f"{item.name}-name"]
    named = [
        None if item.segment is None else names(dataset.facts, item.segment, languages)
        for item in dimensions
    ]
    lines = []
    for row in found:
        cells: list[object] = []
        for key, known in zip(row, named, strict=False):
            cells.append(key)
            if known is not None:
                keys: list[str] = [] if key is None else key.split("; ")
                cells.append("; ".join(known.get(one, one) for one in keys))
        lines.append([*cells, *map(digits, row[len(dimensions) :])])
    return as_csv([*head, *asked.table.measures, *more], lines)


for _table in TABLES.values():
    router.add_api_route(
        f"/{_table.name}",
        _operation(_table),
        operation_id=f"aggregate_{_table.name}",
        summary=f"Aggregate {_table.lines}",
        description=" ".join(_table.notes),
        responses=documented(models.Aggregates, "Rows in the order of the dimensions."),
        response_class=Response,
        openapi_extra={"parameters": filter_parameters(_table)},
    )
router.add_api_route("/{table}", refuse_unknown, include_in_schema=False)
