"""The ontology and the context of its short names, as they are in their files."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

import ontology
from api.dependencies import KnownParameters, Languages
from api.linked import alternate_formats
from api.negotiation import HTML, choose
from api.rendering import page
from graph.formats import GRAPH_FORMATS, Format
from graph.labels import Label, best, label_of_term
from graph.store import parse, serialise
from graph.terms import Term
from ontology import SIKG, compact

router = APIRouter(include_in_schema=False, dependencies=[KnownParameters])

_FORMATS = (*GRAPH_FORMATS, HTML)


@router.get("/ontology")
def read_ontology(
    request: Request,
    languages: Languages,
    format_: Annotated[str | None, Query(alias="format")] = None,
) -> Response:
    """Give the ontology as RDF, or as a page with an anchor for each of its terms."""
    form = choose(_FORMATS, request.headers.get("accept", ""), name=format_)
    if form is HTML:
        return page(
            "ontology.html",
            classes=_terms(ontology.classes(), languages),
            properties=_terms(ontology.properties(), languages),
            formats=GRAPH_FORMATS,
        )
    headers = {
        "Vary": "Accept",
        "Access-Control-Allow-Origin": "*",
        "Link": alternate_formats("/ontology?format="),
    }
    return Response(_ontology(form), headers=headers, media_type=form.content_type)


@router.get("/context.jsonld")
def read_context() -> Response:
    """Give the short names that our JSON-LD documents use."""
    return Response(
        ontology.path("context.jsonld").read_bytes(),
        headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=3600"},
        media_type="application/ld+json",
    )


@cache
def _ontology(form: Format) -> bytes:
    source = ontology.path("core.ttl").read_bytes()
    return source if form.name == "turtle" else serialise(parse(source, GRAPH_FORMATS[0]), form)


def _terms(
    iris: frozenset[str], languages: Languages
) -> list[tuple[str, Label, Label | None, list[str]]]:
    """Describe our own terms: local name, label, definition, and what they are aligned to."""
    found = []
    for iri in sorted(iris):
        if not iri.startswith(SIKG):
            continue
        texts = ontology.definitions(iri)
        definition = best(
            [Term("literal", text, language) for language, text in texts.items()], languages
        )
        above = sorted(ontology.superclasses(iri) | ontology.superproperties(iri))
        found.append(
            (
                iri.removeprefix(SIKG),
                label_of_term(iri, languages),
                definition,
                [compact(item) for item in above],
            )
        )
    return found
