"""Pages of places: the map of Europe with its tables, the same in a frame, and as a file."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request

from api.exploring import applying
from api.numbers import chosen_filters
from api.routes.exploring import make_router
from api.routes.where import FILTERS, PARAMETERS, Kind, Money, Nuts
from api.where.documents import WhereAsked
from api.where.page import Arcs, View, page_of, sheet_of


def _view(
    request: Request,
    kind: Kind = "organisation",
    money: Money = None,
    nuts: Nuts = "",
    arcs: Annotated[Arcs, Query(description="How many arcs of cooperation are drawn.")] = "most",
) -> View:
    """Read a request; filters that the kind has not are left out, and told."""
    kind = kind or "organisation"
    kept, dropped = applying([kind], chosen_filters(request, FILTERS))
    return View(WhereAsked(kind, money or None, kept, int(nuts or 0)), arcs, dropped)


router = make_router("where", _view, page_of, sheet_of, PARAMETERS)
