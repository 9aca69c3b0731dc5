"""The prefixes of the project: for people, for SPARQL, and as data."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.dependencies import CurrentDataset, KnownParameters, Languages
from api.negotiation import HTML, choose
from api.rendering import page
from graph.formats import GRAPH_FORMATS, Format
from graph.identity import Identity
from graph.store import serialise
from graph.terms import XSD, Term, iri, literal
from ontology import PREFIXES, expand

router = APIRouter(include_in_schema=False, dependencies=[KnownParameters])

_JSON = Format("json", "application/json", "json")
_SPARQL = Format("sparql", "application/sparql-query", "rq")
_FORMATS = (*GRAPH_FORMATS[:-1], _JSON, GRAPH_FORMATS[-1], _SPARQL, HTML)


@router.get("/prefixes")
def read_prefixes(
    request: Request,
    dataset: CurrentDataset,
    languages: Languages,
    format_: Annotated[str | None, Query(alias="format")] = None,
) -> Response:
    """Give the prefixes: a page, SPARQL, a JSON object, or declarations of SHACL."""
    form = choose(_FORMATS, request.headers.get("accept", ""), name=format_)
    if form is HTML:
        return page("prefixes.html", languages=languages, prefixes=PREFIXES, formats=_FORMATS[:-1])
    if form is _JSON:
        body = json.dumps(dict(PREFIXES), indent=1).encode()
    elif form is _SPARQL:
        body = "".join(f"PREFIX {name}: <{space}>\n" for name, space in PREFIXES.items()).encode()
    else:
        body = serialise(_declared(dataset.identity), form)
    headers = {"Vary": "Accept", "Access-Control-Allow-Origin": "*"}
    return Response(body, headers=headers, media_type=form.content_type)


def _declared(identity: Identity) -> list[tuple[Term, Term, Term]]:
    """Declare the prefixes in the words of SHACL (section 5.2.1)."""
    this = iri(f"{identity.base}prefixes")
    statements = []
    for name, space in PREFIXES.items():
        one = iri(f"{identity.base}prefixes#{name}")
        statements += [
            (this, iri(expand("sh:declare")), one),
            (one, iri(expand("rdf:type")), iri(expand("sh:PrefixDeclaration"))),
            (one, iri(expand("sh:prefix")), literal(name)),
            (one, iri(expand("sh:namespace")), literal(space, f"{XSD}anyURI")),
        ]
    return statements
