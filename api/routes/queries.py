"""The query catalogue: what can be asked, and the answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api import models
from api.dependencies import CurrentService, KnownParameters
from api.negotiation import choose
from graph.catalogue import CatalogueQuery
from graph.engine import Query as SparqlQuery
from graph.errors import ParameterError
from graph.formats import RESULT_FORMATS
from graph.identity import Identity

router = APIRouter(tags=["queries"], prefix="/queries")

# The parameters of a query stand in one address with these of ours.
RESERVED = ("format", "lang")


@router.get("", dependencies=[KnownParameters])
def list_queries(service: CurrentService) -> models.CatalogueList:
    """List the questions that can be asked by name."""
    return models.CatalogueList(items=tuple(entry(query) for query in service.catalogue))


@router.get("/{name}")
def answer_query(
    name: str,
    request: Request,
    service: CurrentService,
    format_: Annotated[str | None, Query(alias="format", examples=["json", "csv"])] = None,
) -> Response:
    """Answer a question; its parameters, as the list names them, go into the query string."""
    query = service.catalogue.get(name)
    dataset = service.served.dataset()
    bound = bind(query, request, dataset.identity)
    form = choose(RESULT_FORMATS, request.headers.get("accept", ""), name=format_)
    _, body = dataset.store.answer(bound, lambda _: form)
    return Response(body, headers={"Vary": "Accept"}, media_type=form.content_type)


def bind(query: CatalogueQuery, request: Request, identity: Identity) -> SparqlQuery:
    """Bind the parameters of a request to a query; an empty one counts as not given."""
    given = request.query_params
    for name in given:
        if len(given.getlist(name)) > 1:
            raise ParameterError(f"the parameter {name[:80]} is given more than once")
    return query.bound(parameter_values(given), identity)


def parameter_values(given: Mapping[str, str]) -> dict[str, str]:
    """Give the parameters that are the query's own, without those of the address."""
    return {name: value for name, value in given.items() if name not in RESERVED and value}


def entry(query: CatalogueQuery) -> models.CatalogueEntry:
    """Describe a question of the catalogue."""
    return models.CatalogueEntry(
        name=query.name,
        title=query.title,
        description=query.description,
        parameters=tuple(
            models.QueryParameter(
                name=item.name,
                kind=" ".join(filter(None, (item.kind.value, item.segment))),
                required=item.required,
                default=item.default,
                description=item.description,
            )
            for item in query.parameters
        ),
        columns={column.name: column.description for column in query.columns},
        limits=query.answers,
        result=f"/api/v1/queries/{query.name}",
        sparql=query.text,
    )
