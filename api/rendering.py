"""Pages from templates, and problems as pages or documents."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response
from starlette.types import Scope

from api.errors import MEDIA_TYPE, problem_of
from api.negotiation import wants_html
from api.protocol import header

_FOLDER = Path(__file__).parent / "templates"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["amount"] = _amount
    return environment


def _amount(value: str) -> str:
    """Write a decimal number with its thousands apart; anything else as it is."""
    try:
        return f"{Decimal(value):,f}"
    except InvalidOperation:
        return value


def page(template: str, *, status: int = 200, **content: Any) -> Response:  # noqa: ANN401  # Jinja
    """Fill a template; everything that is put in is escaped."""
    body = _environment().get_template(template).render(**content)
    headers = {"Vary": "Accept, Accept-Language"}
    return Response(body, status, headers, "text/html; charset=utf-8")


def failure(scope: Scope, error: Exception) -> Response:
    """Tell an error: as a page to a browser, as a problem document to all others."""
    problem = problem_of(error, scope["path"], scope.get("state", {}).get("request_id", ""))
    if wants_html(header(scope, b"accept")):
        response = page("problem.html", status=problem.type.status, problem=problem)
        response.headers.update(problem.headers)
        return response
    headers = {**problem.headers, "Access-Control-Allow-Origin": "*"}
    return Response(problem.body(), problem.type.status, headers, MEDIA_TYPE)
