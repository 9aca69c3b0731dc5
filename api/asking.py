"""Asking the pool for a route: one query over one release, within the limits of the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request

from api.dependencies import Service
from api.front import client_of, wait_for_disconnect
from api.tickets import Result
from graph.catalogue import CatalogueQuery
from graph.dataset import Dataset
from graph.engine import Query
from graph.facts import answers as facts
from graph.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from graph.workers.messages import Job, Wanted

SHOWN = 1000  # rows in a table of a page
PLAIN = Wanted(RESULT_FORMATS[0], GRAPH_FORMATS[0])  # JSON and Turtle, as pages read them


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the catalogue with the values that a client gave."""

    query: CatalogueQuery
    given: Mapping[str, str]


async def ask(
    service: Service,
    request: Request,
    dataset: Dataset,
    query: Query,
    wanted: Wanted = PLAIN,
    rows: int | None = None,
) -> Result:
    """Answer a query within the limits of the settings, or fewer `rows`.

    It ends when the client of the request goes. Errors are those of `Pool.answer`.
    """
    settings = service.settings
    most = settings.result_rows if rows is None else min(rows, settings.result_rows)
    job = Job(query, wanted, most, settings.result_bytes)
    gone = partial(wait_for_disconnect, request.receive)
    return await service.pool.answer(dataset, job, client_of(request.scope), gone)


async def ask_question(
    service: Service,
    request: Request,
    dataset: Dataset,
    question: Question,
    form: Format = RESULT_FORMATS[0],
    rows: int | None = None,
) -> Result:
    """Answer a question of the catalogue: from the facts of the release, or else from its store.

    ParameterError for impossible values; other errors are those of `ask`.
    """
    query, given = question.query, question.given
    bound = query.bound(given, dataset.identity)
    if facts.question(query.name) is not None:
        most = service.settings.result_rows
        answer = partial(facts.answer, dataset, query, given, form, most)
        body = await service.answers.run(answer)
        if body is not None:
            return Result(form.name, len(body), body)
    return await ask(service, request, dataset, bound, Wanted(form, PLAIN.graph), rows)


def content(result: Result) -> bytes:
    """Read a result whole, from memory or its file."""
    if isinstance(result.body, bytes):
        return result.body
    with result.body as file:
        return file.read()
