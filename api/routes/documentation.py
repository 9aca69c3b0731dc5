"""The operations of the REST interface as a page, without scripts of other hosts."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.dependencies import KnownParameters, Languages
from api.rendering import page

router = APIRouter(include_in_schema=False, dependencies=[KnownParameters])


@router.get("/docs")
def show_documentation(request: Request, languages: Languages) -> Response:
    """List the operations from the OpenAPI document."""
    document = request.app.openapi()
    operations = [
        (method.upper(), path, operation)
        for path, methods in sorted(document["paths"].items())
        for method, operation in methods.items()
    ]
    return page(
        "documentation.html",
        operations=operations,
        info=document["info"],
        languages=languages,
    )
