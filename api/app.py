"""The composition root: everything that the service is made of, put together once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from api.answers import Answers, Served
from api.dependencies import KnownParameters, Service
from api.errors import MEDIA_TYPE, MethodError
from api.front import Front
from api.models import ProblemDocument
from api.rendering import failure
from api.routes import (
    documentation,
    entities,
    health,
    maps,
    ontology,
    pages,
    queries,
    releases,
    search,
    sparql,
)
from api.settings import Settings
from graph.catalogue import Catalogue
from graph.errors import NotFoundError, ParameterError, SikgError

_STATIC = Path(__file__).parent / "static"
_NOT_ALLOWED = 405
_PROBLEMS = {
    400: "A parameter is impossible or unknown",
    404: "The release knows no such thing",
    406: "None of the accepted formats can be given",
    500: "An error of the service itself",
    503: "The service is busy or has nothing to serve yet",
}


def create_app(settings: Settings) -> FastAPI:
    """Make the service for a home folder; it serves whatever release is current there."""
    served = Served(settings.home, memory_quads=settings.memory_quads)
    answers = Answers(served, settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        answers.close()

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
    app.state.service = Service(settings, served, answers, Catalogue.read())
    _add_routes(app)
    _add_failures(app)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]  # FastAPI's documented way
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "OPTIONS"],
        expose_headers=["ETag", "Link", "Location", "Vary"],
    )
    app.add_middleware(Front, answers=answers, settings=settings)
    return app


def create() -> FastAPI:
    """Make the service from the settings of the environment; each worker process calls this."""
    return create_app(Settings())


def _add_routes(app: FastAPI) -> None:
    problems: dict[int | str, dict[str, Any]] = {
        status: {"description": description, "model": ProblemDocument}
        for status, description in _PROBLEMS.items()
    }
    rest = APIRouter(prefix="/api/v1", responses=problems)
    for module in (search, releases, entities):
        rest.include_router(module.router, dependencies=[KnownParameters])
    rest.include_router(queries.router)
    app.include_router(rest)
    app.include_router(health.router, responses={503: problems[503]})
    app.include_router(documentation.router, prefix="/api/v1")
    for module in (sparql, ontology, maps):
        app.include_router(module.router)
    app.include_router(pages.strict)
    app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")


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
