"""The query catalogue: what can be asked by name, and the answers."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from http import HTTPStatus
from typing import IO, Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.datastructures import QueryParams
from starlette.responses import StreamingResponse

from api import models, operations
from api.answers import Answer
from api.asking import Question, ask_question
from api.citation import check_text
from api.dependencies import CurrentService, KnownParameters, ReleaseNumber
from api.negotiation import choose
from api.tickets import Result
from graph.catalogue import Catalogue, CatalogueQuery
from graph.errors import ParameterError
from graph.formats import RESULT_FORMATS, Format

# The parameters of a query stand in one address with these of ours.
RESERVED = ("format", "lang", "release", "sha256")
_PIECE = 1 << 18

TextHash = Annotated[
    str | None,
    Query(
        alias="sha256",
        pattern="^[0-9a-f]{12,64}$",
        description="Beginning of the SHA-256 of the text of the query, to be sure that it is "
        "the same; as permanent links have it.",
    ),
]
FormatName = Annotated[
    str | None,
    Query(
        alias="format",
        description="Short name of the format, before those of the header Accept.",
        json_schema_extra={"enum": [form.name for form in RESULT_FORMATS]},
    ),
]


def make_router(catalogue: Catalogue) -> APIRouter:
    """Make the operations: the list, and one for each question with its own parameters."""
    router = APIRouter(tags=["queries"], prefix="/queries")
    router.add_api_route(
        "", list_queries, dependencies=[KnownParameters], response_model=models.CatalogueList
    )
    for query in catalogue:
        router.add_api_route(
            f"/{query.name}",
            _operation(query),
            dependencies=[KnownParameters],
            operation_id=operations.operation_id(query),
            summary=query.title,
            description=operations.describe(query),
            responses=operations.responses(query),
            response_class=Response,
            openapi_extra={"parameters": operations.parameters(query)},
        )
    router.add_api_route("/{name}", refuse_unknown, include_in_schema=False)
    return router


def list_queries(service: CurrentService) -> models.CatalogueList:
    """List the questions that can be asked by name."""
    return models.CatalogueList(items=tuple(entry(query) for query in service.catalogue))


def refuse_unknown(name: str, service: CurrentService) -> None:
    """Say that there is no such question, and which are near."""
    service.catalogue.get(name)


def _operation(query: CatalogueQuery) -> Callable[..., Coroutine[Any, Any, Response]]:
    async def answer_query(
        request: Request,
        service: CurrentService,
        form: FormatName = None,
        release: ReleaseNumber = None,
        pinned: TextHash = None,
    ) -> Response:
        check_text(query, pinned)
        dataset = await service.answers.dataset_of(release)
        question = Question(query, parameter_values(request.query_params))
        chosen = choose(RESULT_FORMATS, request.headers.get("accept", ""), name=form)
        given = tuple(sorted(question.given.items()))
        key = (dataset.release.number, "query", query.name, given, chosen.name)
        answer = service.answers.memory.get(key)
        if answer is None:
            result = await ask_question(service, request, dataset, question, chosen)
            answer = _answer(chosen, result)
            if answer.status == HTTPStatus.OK:
                service.answers.memory.put(key, answer, len(str(given)))
        return _response(answer)

    return answer_query


def _answer(form: Format, result: Result) -> Answer:
    headers = [(b"content-type", form.content_type.encode()), (b"vary", b"Accept")]
    if result.cut is not None:
        told = f"rows={result.cut.rows}; limit={result.cut.setting}"
        headers.append((b"sikg-cut", told.encode()))
    status = HTTPStatus.OK if result.cut is None else HTTPStatus.PARTIAL_CONTENT
    if isinstance(result.body, bytes):
        return Answer(status, tuple(headers), result.body)
    return Answer(status, tuple(headers), b"", None, result.body)


def _response(answer: Answer) -> Response:
    if answer.file is None:
        response = Response(answer.body, answer.status)
    else:
        response = StreamingResponse(_pieces(answer.file), answer.status)
    response.raw_headers.extend(answer.headers)
    return response


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece


def parameter_values(given: QueryParams) -> dict[str, str]:
    """Give the parameters that are the query's own, without those of the address.

    ParameterError if one is given more than once.
    """
    for name in given:
        if len(given.getlist(name)) > 1:
            raise ParameterError(f"the parameter {name[:80]} is given more than once")
    return {name: value for name, value in given.items() if name not in RESERVED}


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
