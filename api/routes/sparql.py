"""The page of the SPARQL endpoint, its answers as tables, and its service description."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from fastapi import APIRouter, Request, Response

from api.dependencies import CurrentDataset, CurrentService, Languages, Reader
from api.negotiation import HTML, choose
from api.protocol import Operation
from api.rendering import page
from graph.dataset import Dataset
from graph.engine import Form
from graph.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from graph.identity import Identity
from graph.store import serialise
from graph.terms import Solutions, Term, iri
from ontology import PREFIXES, expand

router = APIRouter(include_in_schema=False)

SHOWN = 1000  # solutions in a table of a page
_SD = "http://www.w3.org/ns/sparql-service-description#"
_W3C_FORMATS = "http://www.w3.org/ns/formats/"
_W3C_NAMES = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "turtle": "Turtle",
    "ntriples": "N-Triples",
    "nquads": "N-Quads",
    "trig": "TriG",
    "rdfxml": "RDF_XML",
    "jsonld": "JSON-LD",
}
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
async def show_sparql(
    request: Request, service: CurrentService, dataset: CurrentDataset, languages: Languages
) -> Response:
    """Show the form, the form with an answer, or the service description, by what is asked."""
    operation: Operation | None = request.state.operation
    if operation is not None:
        answer = await service.answers.run(partial(_answer, dataset, operation))
        reader = Reader(dataset, languages, service.settings.links)
        return await service.answers.run(partial(_show_answer, service, reader, operation, answer))
    form = choose((*GRAPH_FORMATS, HTML), request.headers.get("accept", ""))
    if form is HTML:
        return _form(service, _example(), None)
    body = serialise(list(_description(dataset.identity)), form)
    headers = {"Vary": "Accept", "Access-Control-Allow-Origin": "*"}
    return Response(body, headers=headers, media_type=form.content_type)


def _answer(dataset: Dataset, operation: Operation) -> tuple[Format, bytes]:
    return dataset.store.answer(
        operation.query,
        lambda form: GRAPH_FORMATS[0] if form is Form.GRAPH else RESULT_FORMATS[0],
    )


def _show_answer(
    service: CurrentService, reader: Reader, operation: Operation, answer: tuple[Format, bytes]
) -> Response:
    form, body = answer
    shown: dict[str, object] = {"graph": None, "boolean": None, "table": None}
    if form is GRAPH_FORMATS[0]:
        shown["graph"] = body.decode()
    elif b'"boolean"' in body[:200]:
        shown["boolean"] = b"true" in body[:200]
    else:
        shown["table"] = table(reader, Solutions.from_json(body))
    return _form(service, operation.query.text, shown)


def table(reader: Reader, solutions: Solutions) -> dict[str, object]:
    """Give solutions as a table for a page: the first of them, and how many there are."""
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
    return {"variables": solutions.variables, "rows": cells, "count": len(solutions)}


def _form(service: CurrentService, text: str, shown: dict[str, object] | None) -> Response:
    return page(
        "sparql.html",
        text=text,
        shown=shown,
        most=SHOWN,
        prefixes=PREFIXES,
        catalogue=service.catalogue,
        formats=(HTML, *RESULT_FORMATS, *GRAPH_FORMATS),
    )


def _example() -> str:
    used = ("sikg", "skos")
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in used) + _EXAMPLE


def _description(identity: Identity) -> Iterator[tuple[Term, Term, Term]]:
    """Describe the service in the words of SPARQL 1.1 Service Description."""
    service = iri(f"{identity.base}sparql")
    dataset = iri(f"{identity.base}sparql#dataset")
    default = iri(f"{identity.base}sparql#default")
    kind = iri(expand("rdf:type"))
    yield service, kind, iri(f"{_SD}Service")
    yield service, iri(f"{_SD}endpoint"), service
    yield service, iri(f"{_SD}supportedLanguage"), iri(f"{_SD}SPARQL11Query")
    for form in (*RESULT_FORMATS, *GRAPH_FORMATS):
        yield service, iri(f"{_SD}resultFormat"), iri(_W3C_FORMATS + _W3C_NAMES[form.name])
    yield service, iri(f"{_SD}defaultDataset"), dataset
    yield dataset, kind, iri(f"{_SD}Dataset")
    yield dataset, iri(f"{_SD}defaultGraph"), default
    yield default, kind, iri(f"{_SD}Graph")
    for name in ("ontology", "receipts"):
        named = iri(f"{identity.base}sparql#{name}")
        yield dataset, iri(f"{_SD}namedGraph"), named
        yield named, kind, iri(f"{_SD}NamedGraph")
        yield named, iri(f"{_SD}name"), iri(identity.graph(name))
