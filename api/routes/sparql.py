"""The page of the SPARQL endpoint, its answers as tables, and its service description."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import dropwhile

from fastapi import APIRouter, Request, Response

from api.asking import SHOWN, ask, content
from api.assets import bundle
from api.dependencies import CurrentService, Languages, Reader
from api.negotiation import HTML, choose
from api.protocol import Operation
from api.rendering import page
from api.routes.description import describe_service
from api.tickets import Result
from graph import examples
from graph.catalogue import CatalogueQuery
from graph.formats import GRAPH_FORMATS, RESULT_FORMATS
from graph.identity import Identity
from graph.terms import Solutions
from ontology import PREFIXES

router = APIRouter(include_in_schema=False)

_EXAMPLE = """\
SELECT ?organisation ?name WHERE {
  ?organisation a sikg:Organisation ;
    sikg:country/skos:notation "EE" ;
    skos:prefLabel ?name .
}
ORDER BY ?name
LIMIT 20
"""


# The front has read the operation already, and hands on what is for people.
@router.api_route("/sparql", methods=["GET", "HEAD", "POST"])
async def show_sparql(request: Request, service: CurrentService, languages: Languages) -> Response:
    """Show the form, the form with an answer, or the service description, by what is asked."""
    operation: Operation | None = request.state.operation
    if operation is not None:
        dataset = await service.answers.dataset_of(operation.release)
        result = await ask(service, request, dataset, operation.query, rows=SHOWN)
        reader = Reader(dataset, languages, service.settings.links)
        return await service.answers.run(partial(_show_answer, service, reader, operation, result))
    dataset = await service.answers.dataset()
    form = choose((*GRAPH_FORMATS, HTML), request.headers.get("accept", ""))
    if form is HTML:
        return _form(service, Reader(dataset, languages, service.settings.links), None, None)
    body = describe_service(dataset, service.settings, form)
    link = f'<{examples.address(dataset.identity)}>; rel="related"; title="Examples of queries"'
    headers = {"Vary": "Accept", "Access-Control-Allow-Origin": "*", "Link": link}
    return Response(body, headers=headers, media_type=form.content_type)


def _show_answer(
    service: CurrentService, reader: Reader, operation: Operation, result: Result
) -> Response:
    shown: dict[str, object] = {"graph": None, "boolean": None, "table": None, "cut": result.cut}
    body = content(result)
    if result.format == GRAPH_FORMATS[0].name:
        shown["graph"] = body.decode()
    elif b'"boolean"' in body[:200]:
        shown["boolean"] = b"true" in body[:200]
    else:
        shown["table"] = table(reader, body, cut=result.cut is not None)
    return _form(service, reader, operation, shown)


def table(reader: Reader, body: bytes, *, cut: bool) -> dict[str, object]:
    """Give results in JSON as a table for a page: the first rows, and whether there are more."""
    solutions = Solutions.from_json(body)
    rows = solutions.rows[:SHOWN]
    ours = {term.value for row in rows for term in row.values() if term.kind == "uri"}
    presenter = reader.presenter(sorted(ours))
    cells = [
        [
            None
            if (term := row.get(name)) is None
            else (term, presenter.thing(term.value) if term.kind == "uri" else None)
            for name in solutions.variables
        ]
        for row in rows
    ]
    return {
        "variables": solutions.variables,
        "rows": cells,
        "count": len(rows),
        "cut": cut or len(solutions) > len(rows),
    }


def text_for_editor(
    query: CatalogueQuery, identity: Identity, values: Mapping[str, str] | None = None
) -> str:
    """Give a question as a text to work on: its title and what is below its header.

    Values are bound, and so are defaults, unless a parameter that is required has none.
    """
    given = values or {}
    whole = all(item.name in given for item in query.parameters if item.required)
    lines = (query.bound(given, identity).text if whole else query.text).splitlines()
    body = dropwhile(lambda line: line.startswith("#"), lines)
    return "\n".join((f"# {query.title}", "", "\n".join(body).strip(), ""))


def _form(
    service: CurrentService,
    reader: Reader,
    operation: Operation | None,
    shown: dict[str, object] | None,
) -> Response:
    example = _example()
    dataset = reader.dataset
    return page(
        "sparql.html",
        text=example if operation is None else operation.query.text,
        release=None if operation is None else operation.release,
        shown=shown,
        prefixes=PREFIXES,
        questions=[
            (query.title, query.description, text_for_editor(query, dataset.identity))
            for query in service.catalogue
        ],
        formats=(HTML, *RESULT_FORMATS, *GRAPH_FORMATS),
        bundle=bundle("editor"),
        languages=reader.languages,
        # What the script of the editor reads.
        data={
            "base": dataset.identity.base,
            "prefixes": dict(PREFIXES),
            "release": dataset.release.number,
            "example": example,
        },
    )


def _example() -> str:
    used = ("sikg", "skos")
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in used) + _EXAMPLE
