"""The catalogue of what this node publishes: as a page, and as DCAT-AP in any graph format."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.dependencies import CurrentDataset, CurrentService, KnownParameters, Languages
from api.linked import alternate_formats
from api.negotiation import HTML, choose
from api.rendering import page
from graph.dcat.describing import Catalogue, attribution
from graph.dcat.schema_org import described
from graph.dumps.files import STATEMENTS, SUMS_FILE
from graph.errors import NotFoundError
from graph.formats import GRAPH_FORMATS, Format
from graph.store import serialise

router = APIRouter(include_in_schema=False, dependencies=[KnownParameters])

_FORMATS = (*GRAPH_FORMATS, HTML)
_PROFILE = '<http://data.europa.eu/r5r/>; rel="profile"'  # DCAT-AP


@router.get("/catalogue")
def show_catalogue(
    request: Request,
    service: CurrentService,
    dataset: CurrentDataset,
    languages: Languages,
    format_: Annotated[str | None, Query(alias="format")] = None,
) -> Response:
    """Show what is published, under which licence and in which forms; or give it as DCAT-AP."""
    form = choose(_FORMATS, request.headers.get("accept", ""), name=format_)
    catalogue = Catalogue.of(dataset.release, service.served.releases)
    if form is not HTML:
        return _written(catalogue, form)
    known = {item.name: item for item in catalogue.contents.sources}
    response = page(
        "catalogue.html",
        languages=languages,
        release=catalogue.manifest,
        publisher=catalogue.publisher,
        contact=catalogue.contents.publisher.contact,
        places=catalogue.contents.places,
        covers=catalogue.covers,
        made=bool(catalogue.dumps),
        dumps=(*(catalogue.dumps or STATEMENTS), SUMS_FILE),
        sources=[
            (entry, known.get(entry.name), attribution(entry, known.get(entry.name)))
            for entry in catalogue.manifest.sources
        ],
        versions=catalogue.chain()[::-1],
        formats=GRAPH_FORMATS,
        described=described(catalogue),
    )
    response.headers["Link"] = f"{alternate_formats('/catalogue.')}, {_PROFILE}"
    return response


@router.get("/catalogue.{suffix}")
def give_catalogue(suffix: str, service: CurrentService, dataset: CurrentDataset) -> Response:
    """Give the catalogue in the format of a suffix."""
    form = next((item for item in GRAPH_FORMATS if item.suffix == suffix), None)
    if form is None:
        known = ", ".join(item.suffix for item in GRAPH_FORMATS)
        raise NotFoundError(f"the catalogue is not given as “{suffix[:20]}”, but as {known}")
    return _written(Catalogue.of(dataset.release, service.served.releases), form)


def _written(catalogue: Catalogue, form: Format) -> Response:
    headers = {
        "Vary": "Accept",
        "Access-Control-Allow-Origin": "*",
        "Link": f"{alternate_formats('/catalogue.')}, {_PROFILE}",
    }
    body = serialise(catalogue.statements(), form)
    return Response(body, headers=headers, media_type=form.content_type)
