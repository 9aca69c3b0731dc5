"""The statistics of the served release in VoID, and what the service says of itself."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request, Response

from api.dependencies import CurrentService
from api.negotiation import choose
from api.settings import Settings
from graph.dataset import Dataset
from graph.description import Limit, describe
from graph.formats import GRAPH_FORMATS, Format
from graph.store import new_buffer, serialise
from graph.terms import Term

router = APIRouter(include_in_schema=False)

# The settings that bound what one client can ask, with their units.
_UNITS = {
    "query_seconds": "seconds",
    "query_memory": "bytes",
    "result_rows": "solutions or statements",
    "result_bytes": "bytes",
    "client_queries": "queries",
    "client_slow": "queries",
    "request_bytes": "bytes",
}


@router.get("/.well-known/void")
async def show_void(request: Request, service: CurrentService) -> Response:
    """Give the statistics of the served release in a format of RDF."""
    dataset = await service.answers.dataset()
    form = choose(GRAPH_FORMATS, request.headers.get("accept", ""))
    body = await service.answers.run(partial(_void, dataset, form))
    headers = {"Vary": "Accept", "Access-Control-Allow-Origin": "*"}
    return Response(body, headers=headers, media_type=form.content_type)


def _void(dataset: Dataset, form: Format) -> bytes:
    target = new_buffer()
    dataset.store.dump(target, form, graph=dataset.identity.graph("void"))
    return target.getvalue()


def describe_service(dataset: Dataset, settings: Settings, form: Format) -> bytes:
    """Write the description of the SPARQL service, with its limits, in a format of RDF."""
    return serialise(list(statements(dataset, settings)), form)


def statements(dataset: Dataset, settings: Settings) -> list[tuple[Term, Term, Term]]:
    """Describe the SPARQL service with the limits of this process."""
    return list(
        describe(dataset.identity, limits=limits(settings), federated=bool(settings.service_allow))
    )


def limits(settings: Settings) -> tuple[Limit, ...]:
    """Give the limits of the service; a setting of 0 is none."""
    fields = type(settings).model_fields
    return tuple(
        Limit(name, getattr(settings, name), unit, fields[name].description or "")
        for name, unit in _UNITS.items()
        if name in fields and getattr(settings, name)
    )
