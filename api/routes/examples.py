"""The questions of the catalogue in RDF, where programs look for examples of queries."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.dependencies import CurrentDataset, CurrentService, KnownParameters
from api.negotiation import HTML, choose
from graph.catalogue import CatalogueQuery
from graph.dataset import Dataset
from graph.examples import describe_examples
from graph.formats import GRAPH_FORMATS
from graph.store import serialise

router = APIRouter(
    prefix="/.well-known/sparql-examples", include_in_schema=False, dependencies=[KnownParameters]
)
_SEE_OTHER = 303
FormatName = Annotated[str | None, Query(alias="format")]


@router.get("")
def show_examples(
    request: Request, service: CurrentService, dataset: CurrentDataset, form: FormatName = None
) -> Response:
    """Describe all questions in RDF; browsers are led to their page."""
    return _respond(request, dataset, list(service.catalogue), form, "/queries")


@router.get("/{name}")
def show_example(
    name: str,
    request: Request,
    service: CurrentService,
    dataset: CurrentDataset,
    form: FormatName = None,
) -> Response:
    """Describe one question in RDF; browsers are led to its page."""
    query = service.catalogue.get(name)
    return _respond(request, dataset, [query], form, f"/queries/{query.name}")


def _respond(
    request: Request,
    dataset: Dataset,
    queries: list[CatalogueQuery],
    name: str | None,
    page: str,
) -> Response:
    headers = {"Vary": "Accept", "Access-Control-Allow-Origin": "*"}
    form = choose((*GRAPH_FORMATS, HTML), request.headers.get("accept", ""), name=name)
    if form is HTML:
        return Response(status_code=_SEE_OTHER, headers={**headers, "Location": page})
    body = serialise(describe_examples(queries, dataset.identity), form)
    return Response(body, headers=headers, media_type=form.content_type)
