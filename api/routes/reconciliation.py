"""Reconciliation for programs such as OpenRefine: the Reconciliation Service API 0.2."""

from __future__ import annotations

import re
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.responses import JSONResponse, RedirectResponse

from api.dependencies import CurrentReader, CurrentService, Reader
from api.errors import MediaTypeError, TooLargeError
from api.negotiation import languages as accepted
from api.protocol import FORM, content_type, read_body, read_parameters
from api.reconciliation.answering import answer
from api.reconciliation.manifest import manifest
from api.reconciliation.previewing import flyout
from api.reconciliation.reading import read_batch, read_extension
from api.reconciliation.suggesting import (
    FARTHEST,
    Typed,
    propose_properties,
    suggest,
)
from api.reconciliation.writing import extension_document, types
from api.switching import ReaderLanguages
from graph.errors import NotFoundError, ParameterError
from graph.reconciling.extending import address_of, extend

router = APIRouter(include_in_schema=False)

_SHARED = {"Access-Control-Allow-Origin": "*", "Vary": "Accept-Language"}
_LONGEST = 500  # characters of what somebody types
_TONGUE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}")


def _speaking(request: Request, reader: CurrentReader) -> Reader:
    """Read in the language that stands in the path, before those of the client."""
    tongue = request.path_params.get("tongue", "")
    if not tongue:
        return reader
    if not _TONGUE.fullmatch(tongue):
        raise NotFoundError("there is nothing at this address")
    others = accepted(request.headers.get("accept-language", ""))
    spoken = ReaderLanguages.of(others, request.url.query, tongue)
    return Reader(reader.dataset, spoken, reader.links)


Speaking = Annotated[Reader, Depends(_speaking)]
Prefix = Annotated[str, Query(max_length=_LONGEST)]
Cursor = Annotated[int, Query(ge=0, le=FARTHEST)]


@router.get("/reconcile")
async def read_service(
    request: Request,
    service: CurrentService,
    reader: Speaking,
    queries: str | None = None,
    wish: Annotated[str | None, Query(alias="extend")] = None,
) -> Response:
    """Answer a batch of names or a wish for columns; give the manifest where there is neither."""
    if len(request.url.query) > service.settings.request_bytes:
        raise TooLargeError("the query string is too long: send the batch by POST")
    if queries is not None or wish is not None:
        return await _answer(service, request, reader, queries, wish)
    address = service.settings.address or str(request.base_url)
    tongue = request.path_params.get("tongue", "")
    asked = "" if "release" not in request.query_params else _release(reader)
    made = partial(manifest, reader, address, tongue, asked)
    return _reply(await service.answers.run(made))


@router.post("/reconcile")
async def take_batch(request: Request, service: CurrentService, reader: Speaking) -> Response:
    """Answer a batch of names or a wish for columns that a form holds."""
    if content_type(request.scope)[0] != FORM:
        raise MediaTypeError(f"a batch is sent as {FORM}, in a field queries or extend")
    body = await read_body(request.scope, request.receive, service.settings.request_bytes)
    fields = read_parameters(body)
    queries, wish = fields.get("queries", [None]), fields.get("extend", [None])
    if len(queries) > 1 or len(wish) > 1:
        raise ParameterError("one batch is sent at a time")
    return await _answer(service, request, reader, queries[0], wish[0])


@router.get("/reconcile/suggest/{what}")
async def suggest_some(
    what: str,
    service: CurrentService,
    reader: Speaking,
    prefix: Prefix = "",
    cursor: Cursor = 0,
    type_: Annotated[str, Query(alias="type")] = "",
) -> Response:
    """Suggest things, types or properties while somebody types."""
    made = partial(suggest, reader, what, Typed(prefix, cursor, type_))
    return _reply({"result": await service.answers.run(made)})


@router.get("/reconcile/flyout/{what}")
async def show_flyout(
    what: str, service: CurrentService, reader: Speaking, id_: Annotated[str, Query(alias="id")]
) -> Response:
    """Give a few words of HTML about a thing, type or property."""
    return _reply(await service.answers.run(partial(flyout, reader, what, id_)))


@router.get("/reconcile/properties")
async def propose(
    service: CurrentService,
    reader: Speaking,
    type_: Annotated[str, Query(alias="type")] = "",
    limit: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """Propose properties to fetch for things of a type."""
    made = partial(propose_properties, reader, type_, limit)
    return _reply(await service.answers.run(made))


@router.get("/reconcile/view")
def lead_to_thing(
    request: Request, reader: Speaking, id_: Annotated[str, Query(alias="id")]
) -> Response:
    """Lead to what an identifier names."""
    address = address_of(reader.dataset, id_)
    path = None if address is None else reader.identity.path(address, "id")
    if path is None:
        raise NotFoundError(f"{id_[:80]!r} is no id, such as organisation/ee-kysk")
    asked = f"?{_release(reader)}" if "release" in request.query_params else ""
    return RedirectResponse(path + asked, 303, _SHARED)


async def _answer(
    service: CurrentService, request: Request, reader: Reader, queries: str | None, wish: str | None
) -> Response:
    if (queries is None) == (wish is None):
        raise ParameterError("a batch has a field queries or a field extend, and not both")
    if wish is not None:
        return _reply(await service.answers.run(partial(_extension, reader, wish)))
    known = await service.answers.run(partial(types, reader))
    sent = await service.answers.run(partial(read_batch, queries or "", known))
    return _reply(await answer(service, request, reader, sent))


def _extension(reader: Reader, wish: str) -> dict[str, Any]:
    ids, columns = read_extension(wish)
    made = extend(reader.dataset, ids, columns, reader.languages)
    return extension_document(reader, columns, made)


def _release(reader: Reader) -> str:
    return f"release={reader.dataset.release.number}"


def _reply(document: dict[str, Any]) -> Response:
    return JSONResponse(document, headers=_SHARED)
