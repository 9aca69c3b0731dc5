"""The composition root: everything that the service is made of, put together once."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException

from api.answers import Answers, Served
from api.assets import BUILT, STATIC, Built, Static
from api.dependencies import KnownParameters, Service
from api.errors import MEDIA_TYPE, MethodError
from api.front import Front
from api.logs import AccessLog, Lines, SlowQueries
from api.metrics import Metrics
from api.models import ProblemDocument
from api.observing import Observer, Observing
from api.opening import STEPS, Opening, Step
from api.outcomes import Outcomes, tell_workers
from api.patience import PATIENCE, Patience
from api.pool import Pool
from api.quick import Quick
from api.rendering import failure
from api.routes import (
    accessibility,
    aggregates,
    amounts,
    bridges,
    catalogue,
    corrections,
    crawling,
    description,
    differences,
    documentation,
    dumps,
    entities,
    examples,
    facets,
    federated,
    feed,
    find,
    flows,
    health,
    joined,
    judgements,
    links,
    maps,
    matches,
    money_pages,
    network_findings,
    network_pages,
    networks,
    news,
    ontology,
    pages,
    partners,
    peers,
    prefixes,
    quality,
    queries,
    questions,
    reconciliation,
    reconciliation_pages,
    releases,
    search,
    sparql,
    vocabulary,
    when_pages,
    where,
    where_pages,
)
from api.settings import Settings
from api.wire import QUICK
from api.writing import Writing
from graph.catalogue import Catalogue
from graph.errors import NotFoundError, ParameterError, SikgError

_NOT_ALLOWED = 405
_STDERR = 2
_PAGES = 250_000  # quads of a release that each process copies, beside the workers
_HEAD = 65_536  # bytes of a head beside the longest query string
_PROBLEMS = {
    400: "A parameter is impossible or unknown",
    404: "The release knows no such thing",
    406: "None of the accepted formats can be given",
    500: "An error of the service itself",
    503: "The service is busy or has nothing to serve yet",
}


def create_app(settings: Settings, steps: Sequence[Step] = ()) -> FastAPI:
    """Make the service for a home folder; it serves whatever release is current there.

    Each release that is served is opened by the steps before anybody asks for it.
    """
    served = Served(settings.home, memory_quads=min(settings.memory_quads, _PAGES))
    observer = _observer(settings, served)
    answers = Answers(served, settings, observer.metrics)
    pool = Pool(settings, Outcomes(observer))
    writing = Writing(settings, answers)
    opening = Opening(served, steps)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[dict[str, object]]:
        await writing.start()
        if steps:
            opening.start()
        telling = asyncio.create_task(tell_workers(pool.counts, observer.metrics))
        patience = Patience(settings.client_seconds, settings.request_bytes + _HEAD)
        yield {QUICK: Quick(answers, pool, settings, observer), PATIENCE: patience}
        telling.cancel()
        opening.close()
        writing.close()
        pool.close()
        answers.close()
        observer.lines.close()

    app = FastAPI(
        title="Social innovation knowledge graph",
        summary="Actors, practices, policies and funding of European social innovation.",
        version=version("social-innovation-knowledge-graph"),
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.service = Service(settings, served, answers, pool, Catalogue.read(), observer)
    _add_routes(app)
    _add_failures(app)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]  # FastAPI's documented way
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "OPTIONS", "POST"],
        expose_headers=["ETag", "Link", "Location", "SIKG-Cut", "Vary", "X-Request-ID"],
    )
    app.add_middleware(Front, answers=answers, pool=pool, settings=settings, writing=writing)
    app.add_middleware(Observing, observer=observer)
    return app


def create() -> FastAPI:
    """Make the service from the settings of the environment; each worker process calls this."""
    return create_app(Settings(), STEPS)


def _observer(settings: Settings, served: Served) -> Observer:
    """Make what this process observes with; its lines go to standard error."""
    metrics = Metrics(settings.metrics_folder)
    lines = Lines(partial(os.write, _STDERR), partial(metrics.count, "log_lines_dropped"))
    return Observer(
        metrics,
        lines,
        AccessLog(lines, settings.access_log),
        SlowQueries(lines, settings.slow_seconds),
        lambda: 0 if served.held is None else served.held.release.number,
    )


def _add_routes(app: FastAPI) -> None:
    problems: dict[int | str, dict[str, Any]] = {
        status: {"description": description, "model": ProblemDocument}
        for status, description in _PROBLEMS.items()
    }
    # Routes are tried in this order: pages of things are asked most, and these two of the
    # interface with each letter that is typed.
    app.include_router(pages.router)
    rest = APIRouter(prefix="/api/v1", responses=problems)
    rest.include_router(find.rest)
    rest.include_router(search.router, dependencies=[KnownParameters])
    for module in (aggregates, amounts, facets, flows, where, networks):
        rest.include_router(module.router)
    rest.include_router(partners.router)
    for module in (releases, vocabulary, entities):
        rest.include_router(module.router, dependencies=[KnownParameters])
    rest.include_router(queries.make_router(app.state.service.catalogue))
    rest.include_router(quality.rest, dependencies=[KnownParameters])
    rest.include_router(differences.rest)
    rest.include_router(news.rest)
    rest.include_router(dumps.rest)
    rest.include_router(bridges.rest, dependencies=[KnownParameters])
    rest.include_router(federated.router, dependencies=[KnownParameters])
    app.include_router(rest)
    app.include_router(health.router, responses={503: problems[503]})
    app.include_router(documentation.router, prefix="/api/v1")
    for module in (sparql, ontology, maps, matches, questions, examples, description, quality):
        app.include_router(module.router)
    for module in (corrections, differences, feed, joined, judgements, news):
        app.include_router(module.router)
    app.include_router(network_pages.router)
    app.include_router(network_findings.router)
    app.include_router(where_pages.router)
    app.include_router(money_pages.router)
    app.include_router(when_pages.router)
    app.include_router(find.router)
    app.include_router(find.moved)
    for module in (bridges, catalogue, crawling, dumps, links, peers, prefixes):
        app.include_router(module.router)
    app.include_router(accessibility.router)
    app.include_router(partners.pages)
    app.include_router(reconciliation.router)
    app.include_router(reconciliation_pages.router)
    # A language that stands in the path is that of the service.
    app.include_router(reconciliation.router, prefix="/{tongue}")
    app.mount("/static/built", Built(directory=BUILT, check_dir=False), name="built")
    app.mount("/static", Static(directory=STATIC), name="static")


def _openapi(app: FastAPI) -> dict[str, Any]:
    """Describe the operations; problems are of their own media type, and 422 is never given."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            license_info=app.license_info,
            routes=app.routes,
        )
        for methods in document["paths"].values():
            for operation in methods.values():
                operation["responses"].pop("422", None)
                for status, response in operation["responses"].items():
                    if status >= "400":
                        response["content"] = {MEDIA_TYPE: response["content"]["application/json"]}
        app.openapi_schema = document
    return app.openapi_schema


def _add_failures(app: FastAPI) -> None:
    def tell(request: Request, error: Exception) -> Response:
        return failure(request.scope, error)

    def tell_invalid(request: Request, error: Exception) -> Response:
        if not isinstance(error, RequestValidationError):
            return failure(request.scope, error)
        found = "; ".join(
            f"{'.'.join(str(step) for step in item['loc'][1:])}: {item['msg']}"
            for item in error.errors()
        )
        return failure(request.scope, ParameterError(found))

    def tell_http(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException) and error.status_code == _NOT_ALLOWED:
            allow = (error.headers or {}).get("Allow", "GET")
            return failure(request.scope, MethodError(request.method, allow))
        return failure(request.scope, NotFoundError("there is nothing at this address"))

    app.add_exception_handler(SikgError, tell)
    app.add_exception_handler(RequestValidationError, tell_invalid)
    app.add_exception_handler(HTTPException, tell_http)
    app.add_exception_handler(Exception, tell)
