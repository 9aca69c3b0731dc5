"""Reconciliation for people: names pasted into a page, and previews of things in a frame."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.dependencies import CurrentReader, CurrentService, KnownParameters, Reader
from api.errors import MediaTypeError
from api.numbers import CSV, as_csv, reply
from api.protocol import FORM, content_type, read_body, read_parameters
from api.reconciliation.answering import candidates
from api.reconciliation.forms import HEADS, Form, choices, lines, proposals
from api.reconciliation.manifest import PREVIEW
from api.reconciliation.previewing import preview
from api.reconciliation.reading import BATCH
from api.reconciliation.writing import types
from api.rendering import page

router = APIRouter(include_in_schema=False, dependencies=[KnownParameters])


@router.get("/reconciliation")
async def show_reconciliation(
    request: Request, service: CurrentService, reader: CurrentReader
) -> Response:
    """Show what reconciliation is, and a form to try it with."""
    return await service.answers.run(partial(_page, request, service, reader, Form()))


@router.post("/reconciliation")
async def reconcile_names(
    request: Request, service: CurrentService, reader: CurrentReader
) -> Response:
    """Propose things for the names of a form, as a page or as CSV."""
    if content_type(request.scope)[0] != FORM:
        raise MediaTypeError(f"names are sent as {FORM}")
    body = await read_body(request.scope, request.receive, service.settings.request_bytes)
    known = await service.answers.run(partial(types, reader))
    form = Form.read(read_parameters(body), known)
    found = await candidates(service, request, reader, form.queries(known))
    if form.format == CSV.name:
        rows = await service.answers.run(partial(lines, reader, form, found))
        response = reply(as_csv(HEADS, rows), CSV)
        response.headers["Content-Disposition"] = 'attachment; filename="reconciled.csv"'
        return response
    told = await service.answers.run(partial(proposals, reader, form, found))
    return await service.answers.run(partial(_page, request, service, reader, form, told))


@router.get("/embed/entity")
async def show_preview(
    service: CurrentService, reader: CurrentReader, id_: Annotated[str, Query(alias="id")]
) -> Response:
    """Show a thing in a few lines, for a frame."""
    told = await service.answers.run(partial(preview, reader, id_))
    return page("reconciliation_preview.html", languages=reader.languages, **told)


def _page(
    request: Request,
    service: CurrentService,
    reader: Reader,
    form: Form,
    told: list[dict[str, Any]] | None = None,
) -> Response:
    # The base of the statements may be another address than the one at which this is read.
    address = service.settings.address or str(request.base_url)
    query = request.url.query
    return page(
        "reconciliation.html",
        languages=reader.languages,
        form=form,
        told=told,
        most=BATCH,
        names=reader.dataset.names.size,
        service=f"{address}reconcile",
        tongue=f"{address}et/reconcile",
        action=f"/reconciliation?{query}" if query else "/reconciliation",
        size=PREVIEW,
        **choices(reader),
    )
