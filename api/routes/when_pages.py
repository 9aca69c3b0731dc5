"""Pages of times: the timeline with its tables, the same in a frame, and as a file."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request

from api.exploring import applying
from api.numbers import chosen_filters
from api.routes.exploring import make_router
from api.routes.where import FILTERS, PARAMETERS, Kinds
from api.when.documents import PAGE, WhenAsked, read_kinds
from api.when.page import View, page_of, sheet_of
from graph.facts.spans import DATED

Start = Annotated[int, Query(ge=1, le=10**9, description="Number of the first thing shown.")]


def _view(request: Request, kind: Kinds = "", start: Start = 1) -> View:
    """Read a request; filters that none of the kinds has are left out, and told."""
    wanted = read_kinds(kind)
    kept, dropped = applying(wanted or DATED, chosen_filters(request, FILTERS))
    return View(WhenAsked(wanted, kept, PAGE, start - 1), dropped)


router = make_router("when", _view, page_of, sheet_of, PARAMETERS)
