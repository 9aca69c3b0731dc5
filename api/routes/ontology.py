"""The ontology, in each of its versions that is kept, and the context of its short names."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

import ontology
from api.dependencies import KnownParameters, Languages
from api.linked import alternate_formats
from api.negotiation import HTML, choose
from api.rendering import page
from api.term_cards import ONTOLOGY, about, cards, version
from graph.errors import NotFoundError
from graph.formats import GRAPH_FORMATS, Format
from graph.store import parse, serialise

router = APIRouter(include_in_schema=False, dependencies=[KnownParameters])

_FORMATS = (*GRAPH_FORMATS, HTML)

Asked = Annotated[str | None, Query(alias="format")]


@router.get("/ontology")
def read_ontology(request: Request, languages: Languages, format_: Asked = None) -> Response:
    """Give the ontology as RDF, or as a page with an anchor for each of its terms."""
    form = choose(_FORMATS, request.headers.get("accept", ""), name=format_)
    if form is not HTML:
        return _written(form)
    response = page(
        "ontology.html",
        languages=languages,
        about=about(languages),
        classes=cards(ontology.classes(), languages),
        properties=cards(ontology.properties(), languages),
        formats=GRAPH_FORMATS,
    )
    response.headers["Link"] = _links()
    return response


@router.get("/ontology.{suffix}")
def give_ontology(suffix: str) -> Response:
    """Give the ontology in the format of a suffix."""
    form = next((item for item in GRAPH_FORMATS if item.suffix == suffix), None)
    if form is None:
        known = ", ".join(item.suffix for item in GRAPH_FORMATS)
        raise NotFoundError(f"the ontology is not given as “{suffix[:20]}”, but as {known}")
    return _written(form)


@router.get("/ontology/{number}")
def read_version(
    number: str, request: Request, languages: Languages, format_: Asked = None
) -> Response:
    """Give a version of the ontology, as its version IRI names it."""
    if number != version():
        raise NotFoundError(
            f"there is no version “{number[:20]}” of the ontology here; there is {version()}"
        )
    return read_ontology(request, languages, format_)


@router.get("/context.jsonld")
def read_context() -> Response:
    """Give the short names that our JSON-LD documents use."""
    return Response(
        ontology.path("context.jsonld").read_bytes(),
        headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=3600"},
        media_type="application/ld+json",
    )


def _written(form: Format) -> Response:
    headers = {"Vary": "Accept", "Access-Control-Allow-Origin": "*", "Link": _links()}
    return Response(_ontology(form), headers=headers, media_type=form.content_type)


def _links() -> str:
    canonical = f'<{ONTOLOGY}>; rel="canonical"'
    return f"{alternate_formats('/ontology.')}, {canonical}"


@cache
def _ontology(form: Format) -> bytes:
    source = ontology.path("core.ttl").read_bytes()
    return source if form.name == "turtle" else serialise(parse(source, GRAPH_FORMATS[0]), form)
