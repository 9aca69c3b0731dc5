"""The questions of the catalogue as pages: with forms, answers, permanent links and citations."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from starlette.datastructures import QueryParams

from api.asking import SHOWN, Question, ask_question, content
from api.citation import CITED, Citation, check_text, text_hash
from api.dependencies import CurrentService, KnownParameters, Languages, Reader, ReleaseNumber
from api.models import Thing
from api.rendering import page
from api.routes.queries import TextHash, parameter_values
from api.routes.sparql import table, text_for_editor
from graph.catalogue import CatalogueQuery, Kind, Parameter
from graph.formats import RESULT_FORMATS
from graph.listing import list_entities
from ontology import segments

router = APIRouter(prefix="/queries", include_in_schema=False)

_CHOICES = 300  # things that a field offers in a list; above that it takes a typed key


@router.get("", dependencies=[KnownParameters])
def list_questions(service: CurrentService, languages: Languages) -> Response:
    """Show the questions that can be asked by name."""
    return page("queries.html", catalogue=service.catalogue, languages=languages)


@router.get("/{name}")
async def show_question(
    name: str,
    request: Request,
    service: CurrentService,
    languages: Languages,
    release: ReleaseNumber = None,
    pinned: TextHash = None,
) -> Response:
    """Show one question with its parameters, and its answer once all required are given."""
    query = service.catalogue.get(name)
    check_text(query, pinned)
    dataset = await service.answers.dataset_of(release)
    reader = Reader(dataset, languages, service.settings.links)
    given = _given(request.query_params)
    shown: dict[str, Any] = {"answer": None, "text": query.text, "release": release}
    if all(item.name in given for item in query.parameters if item.required):
        shown["text"] = query.bound(given, dataset.identity).text
        question = Question(query, given)
        result = await ask_question(service, request, dataset, question, rows=SHOWN)
        make = partial(table, reader, content(result), cut=result.cut is not None)
        shown["answer"] = await service.answers.run(make)
    return await service.answers.run(partial(_page, query, reader, given, shown))


@router.get("/{name}/cite")
def cite(
    name: str,
    request: Request,
    service: CurrentService,
    release: ReleaseNumber = None,
    pinned: TextHash = None,
    form: Annotated[str, Query(alias="format")] = "text",
) -> Response:
    """Cite the answer to a question as text, BibTeX or CSL-JSON."""
    query = service.catalogue.get(name)
    check_text(query, pinned)
    served = service.served
    dataset = served.dataset() if release is None else served.of(release)
    given = _given(request.query_params)
    query.bound(given, dataset.identity)  # an impossible question is not cited
    citation = Citation(query, given, dataset.release.manifest)
    return Response(citation.written(form), media_type=CITED[form])


def _given(parameters: QueryParams) -> dict[str, str]:
    """Give what was asked for; a form sends its empty fields too, which count as not given."""
    return {name: value for name, value in parameter_values(parameters).items() if value}


def _page(
    query: CatalogueQuery, reader: Reader, given: dict[str, str], shown: dict[str, Any]
) -> Response:
    citation = Citation(query, given, reader.dataset.release.manifest)
    asked = given if shown["release"] is None else {**given, "release": str(shown["release"])}
    return page(
        "query.html",
        query=query,
        fields=[(item, _kind(item), _choices(reader, item)) for item in query.parameters],
        given=given,
        citation=citation,
        manifest=reader.dataset.release.manifest,
        hash=text_hash(query),
        # What follows each address of this question.
        asked=urlencode(asked),
        pinned=urlencode(citation.pinned),
        edited=text_for_editor(query, reader.identity, given),
        formats=RESULT_FORMATS,
        languages=reader.languages,
        **shown,
    )


def _kind(parameter: Parameter) -> str:
    """Give the type of the field in a form."""
    return "number" if parameter.kind in {Kind.INTEGER, Kind.YEAR} else "text"


def _choices(reader: Reader, parameter: Parameter) -> list[Thing]:
    """Give the things that a parameter can be; none where there are too many, or no kind."""
    segment = parameter.segment
    if segment is None or segment not in segments():
        return []
    store, identity = reader.dataset.store, reader.identity
    listed = list_entities(store, identity, segment, chosen={}, limit=_CHOICES)
    if listed.more:
        return []
    things = reader.presenter(listed.things).things(listed.things)
    return sorted(things, key=lambda thing: thing.label.text.casefold())
