"""The statement on accessibility."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.accessibility import LIMITS, PREPARED, REVIEWED
from api.dependencies import CurrentService, KnownParameters, Languages
from api.rendering import page

router = APIRouter(include_in_schema=False, dependencies=[KnownParameters])


@router.get("/accessibility")
def show_accessibility(service: CurrentService, languages: Languages) -> Response:
    """Show how accessible the site is, what is not, and where to complain."""
    return page(
        "accessibility.html",
        languages=languages,
        limits=LIMITS,
        prepared=PREPARED,
        reviewed=REVIEWED,
        settings=service.settings,
    )
