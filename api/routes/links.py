"""All that links to a thing, page by page: pages of things show the first of them only."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import RedirectResponse

from api.dependencies import CurrentReader, KnownParameters
from api.dereferencing import check_withdrawn
from api.linked import moved_to, path, read_reference
from api.presenting import label_model
from api.rendering import page
from graph.entities import exists
from graph.errors import NotFoundError
from graph.incoming import read_incoming
from graph.labels import label_of_term
from ontology import compact

router = APIRouter(include_in_schema=False, dependencies=[KnownParameters])


@router.get("/links/{kind}/{key:path}")  # noqa: FAST003  # read as they were sent
def show_links(
    request: Request,
    reader: CurrentReader,
    number: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1,
) -> Response:
    """Show a page of what links to a thing."""
    reference = read_reference(request.scope, "links")
    moved = moved_to(reader.dataset.redirects, reference, "links")
    if moved is not None:
        return RedirectResponse(moved, 301, {"Cache-Control": "no-cache"})
    check_withdrawn(reader.dataset, reference)
    store, this = reader.dataset.store, reader.identity.entity(reference.segment, reference.key)
    if not exists(store, reader.identity, reference):
        raise NotFoundError(f"this release says nothing about {this}")
    found = read_incoming(store, reader.identity, reference, number)
    subjects = [subject for subject, _ in found.links]
    presenter = reader.presenter([this, *subjects])
    thing, *things = presenter.things([this, *subjects])
    properties = [
        (compact(name), label_model(label_of_term(name, reader.languages)))
        for _, name in found.links
    ]
    return page(
        "links.html",
        languages=reader.languages,
        thing=thing,
        links=list(zip(things, properties, strict=True)),
        number=number,
        others=found.others(),
        here=path(reference, "links"),
        data=path(reference, "data"),
    )
