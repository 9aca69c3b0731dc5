"""Amounts: the rows behind sums and flows, with what they are of and where they were read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api import models_facts as models
from api.dependencies import CurrentService, KnownParameters, Languages, ReleaseNumber
from api.money.files import rows_as_jsonld
from api.money.rows import Row, Rows, filters_of, heads, lines, read_rows, state_of
from api.money.state import FILTERS
from api.negotiation import choose
from api.numbers import CSV, JSON, FormatName, as_csv, chosen_filters, documented, facts_of, reply
from api.observed import JSONLD
from api.routes.aggregates import Offset
from api.routes.flows import PARAMETERS, SortName
from api.spreadsheets import XLSX, as_xlsx
from api.taking import address_of
from graph.dataset import Dataset
from visualisations.wording import wording

router = APIRouter(tags=["aggregates"], dependencies=[KnownParameters])

_FORMS = (JSON, CSV, XLSX, JSONLD)
_LIMIT = 1_000
_MOST = 10_000  # rows with names and receipts take seconds beyond that

Limit = Annotated[int, Query(ge=1, le=_MOST, description="Most rows.")]


@router.get(
    "/flows/rows",
    responses=documented(models.AmountRows, "Amounts, the largest first."),
    response_class=Response,
    openapi_extra={"parameters": PARAMETERS},
)
async def list_amounts(  # noqa: PLR0913, PLR0917  # the parameters of the operation
    request: Request,
    service: CurrentService,
    languages: Languages,
    money: SortName = None,
    limit: Limit = _LIMIT,
    offset: Offset = 0,
    form: FormatName = None,
    release: ReleaseNumber = None,
) -> Response:
    """List the amounts that filters find, and the projects and practices without any.

    A filter that begins with `only:` finds what has exactly the keys that follow, divided by
    semicolons: `country=only:EE;LV` is what belongs to both together and to no other country.
    """
    dataset = await service.answers.dataset_of(release)
    chosen = choose(_FORMS, request.headers.get("accept", ""), name=form)
    given = chosen_filters(request, FILTERS)

    def read() -> bytes:
        filters = filters_of(dataset, given, money or None)
        found = read_rows(dataset, filters, languages, wording(languages), limit, offset)
        if chosen is JSON:
            return _document(dataset, filters, found).model_dump_json().encode()
        if chosen is JSONLD:
            return rows_as_jsonld(dataset, found.rows)
        if chosen is CSV:
            return as_csv(heads(), lines(found.rows))
        return as_xlsx(heads(), lines(found.rows), about=_about(dataset, filters, found))

    return reply(await service.answers.run(read), chosen)


def _document(dataset: Dataset, filters: dict[str, str], found: Rows) -> models.AmountRows:
    return models.AmountRows(
        of=facts_of(dataset),
        filters=filters,
        total=found.total,
        rows=tuple(map(_row, found.rows)),
    )


def _row(row: Row) -> models.AmountRow:
    amount = row.amount
    return models.AmountRow(
        iri=amount.iri,
        amount=None if amount.value is None else f"{amount.value.normalize() + 0:f}",
        added=state_of(amount),
        keys=dict(amount.keys),
        labels={one.key: one.label.text for named in row.named.values() for one in named},
        rows=row.rows,
    )


def _about(dataset: Dataset, filters: dict[str, str], found: Rows) -> Iterable[tuple[object, ...]]:
    """Tell in a workbook what its rows are of."""
    yield ("rows in all", found.total)
    yield ("release", dataset.release.number)
    yield ("address", address_of(dataset, "/money/rows", filters))
    yield from filters.items()
    for source in dataset.release.manifest.sources:
        yield ("source", source.title, source.publisher, source.licence)
