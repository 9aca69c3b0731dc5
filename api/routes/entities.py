"""Lists of entities of each kind, and single ones, as JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from starlette.responses import RedirectResponse

from api import models
from api.dependencies import Counts, CurrentReader
from api.dereferencing import check_withdrawn
from api.exchange import Target, exchange_of
from api.linked import MOVED_HEADERS, moved_to, read_reference, with_query
from api.paging import LIMIT, MOST, filter_parameters, list_page
from api.presenting import Presenter, label_model
from graph.entities import read_entity
from graph.labels import label_of_term
from graph.listing import filters_of
from ontology import compact, segments

router = APIRouter(tags=["entities"])

Key = Annotated[str, Path(description="The key in its address, percent-encoded.")]


@router.get("/kinds")
def list_kinds(reader: CurrentReader, counts: Counts) -> models.Kinds:
    """List the kinds of entity, with their number and the filters of their lists."""
    return models.Kinds(
        items=tuple(
            models.Kind(
                kind=kind,
                class_=compact(class_),
                label=label_model(label_of_term(class_, reader.languages)),
                count=counts.get(kind, 0),
                filters=tuple(filters_of(kind)),
            )
            for kind, class_ in segments().items()
        )
    )


def _list_of(kind: str) -> Callable[[Request, Response, CurrentReader], models.EntityPage]:
    def list_kind(request: Request, response: Response, reader: CurrentReader) -> models.EntityPage:
        parameters = dict(request.query_params)
        listed = list_page(reader, kind, parameters)
        following = listed.next_address(request.url.path, parameters)
        if following is not None:
            response.headers["Link"] = f'<{following}>; rel="next"'
        things = reader.presenter(listed.things).things(listed.things)
        return models.EntityPage(items=things, next=following, notices=listed.notices)

    return list_kind


def read_one(
    key: Key,  # noqa: ARG001  # for the documentation
    request: Request,
    reader: CurrentReader,
    target: Target = None,
) -> models.Entity | RedirectResponse:
    """Tell everything the release says about one thing, with the rows that say it.

    What was merged into another thing has moved there for good.
    """
    # The address as it was sent, since a decoded one does not tell `/` from `%2F`.
    reference = read_reference(request.scope, "api/v1")
    moved = moved_to(reader.dataset.redirects, reference, "api/v1")
    if moved is not None:
        return RedirectResponse(with_query(moved, request.url.query), 301, MOVED_HEADERS)
    check_withdrawn(reader.dataset, reference)
    found = read_entity(reader.dataset.store, reader.identity, reference, limit=reader.links)
    exchange = exchange_of(reader.dataset, target)
    return Presenter(reader.identity, found.names, reader.languages, exchange).entity(found)


def _parameters(kind: str) -> dict[str, Any]:
    text = {"type": "string"}
    listed = [
        ("q", "Words that the name holds; the last may be incomplete.", text),
        ("limit", "Most things on a page.", {**_LIMITS, "default": LIMIT}),
        ("cursor", "Where the page begins, from `next` of the page before.", text),
        *((item.name, item.description, text) for item in filter_parameters(kind)),
    ]
    return {
        "parameters": [
            {"name": name, "in": "query", "description": description, "schema": schema}
            for name, description, schema in listed
        ]
    }


_LIMITS = {"type": "integer", "minimum": 1, "maximum": MOST}

for _kind, _class in segments().items():
    _label = label_of_term(_class, ("en",)).text
    router.add_api_route(
        f"/{_kind}",
        _list_of(_kind),
        summary=f"List: {_label}",
        description=f"Things of the class {compact(_class)}, in the order of their IRIs.",
        operation_id=f"list_{_kind}",
        openapi_extra=_parameters(_kind),
    )
    router.add_api_route(
        f"/{_kind}/{{key:path}}",
        read_one,
        response_model=models.Entity,
        summary=f"Read: {_label}",
        operation_id=f"read_{_kind}",
    )
