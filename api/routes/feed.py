"""The feed of changes: Linked Data Event Streams 1.0 for machines, and what it is for people."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.dependencies import CurrentService, KnownParameters, Languages
from api.negotiation import HTML, choose
from api.rendering import page
from graph.feed.log import Head, Log
from graph.feed.pages import root
from graph.feed.recording import record
from graph.formats import GRAPH_FORMATS, Format, by_name
from graph.release import Releases
from graph.store import serialise
from graph.store.subjects import converted

router = APIRouter(include_in_schema=False, dependencies=[KnownParameters])

# Pages are kept as N-Quads, and given so where a client takes anything.
_NQUADS, *_OTHERS = (
    form
    for name in ("nquads", "trig", "jsonld", "turtle", "ntriples")
    if (form := by_name(GRAPH_FORMATS, name)) is not None
)
_PAGE_FORMATS = (_NQUADS, *_OTHERS)
_FOR_EVER = "public, max-age=31536000, immutable"
_LOOK_AGAIN = "no-cache"

FormatName = Annotated[str | None, Query(alias="format")]


@dataclass(frozen=True, slots=True)
class _Body:
    """What is sent: the bytes, their coding, the tag that names them, how long they may be kept."""

    content: bytes
    tag: str
    keeping: str
    packed: bool = False


@router.get("/feed")
async def show_feed(
    request: Request, service: CurrentService, languages: Languages, format_: FormatName = None
) -> Response:
    """Describe the stream of changes and lead to its pages."""
    form = choose((*GRAPH_FORMATS, HTML), request.headers.get("accept", ""), name=format_)
    head = await service.answers.run(partial(record, service.served.releases))
    if form is HTML:
        return page("feed.html", languages=languages, head=head, formats=GRAPH_FORMATS)
    tag = f'W/"{head.epoch}-{head.release}-{head.changes}-{form.name}"'
    return _answer(request, form, _Body(serialise(list(root(head)), form), tag, _LOOK_AGAIN))


@router.get("/feed/{epoch}/{number}")
async def show_feed_page(
    request: Request, service: CurrentService, epoch: str, number: int, format_: FormatName = None
) -> Response:
    """Give one page of changes; a full one never changes."""
    form = choose(_PAGE_FORMATS, request.headers.get("accept", ""), name=format_)
    packing = form is _NQUADS and "gzip" in request.headers.get("accept-encoding", "")
    make = partial(_page, service.served.releases, epoch, number, form, packed=packing)
    return _answer(request, form, await service.answers.run(make))


def _page(releases: Releases, epoch: str, number: int, form: Format, *, packed: bool) -> _Body:
    log = Log(releases.home)
    head = log.head() or record(releases)
    stored = log.page(head, epoch, number)
    entry = head.pages[number - 1]
    tag = f'W/"{epoch}-{number}-{entry.changes}{"" if entry.closed else "-open"}-{form.name}"'
    keeping = _FOR_EVER if entry.closed else _LOOK_AGAIN
    if packed:
        return _Body(stored, tag, keeping, packed=True)
    lines = gzip.decompress(stored)
    if form is not _NQUADS:
        lines = converted(lines, form, graphs=_members(head, number))
    return _Body(lines, tag, keeping)


def _members(head: Head, number: int) -> list[str]:
    entry, address = head.pages[number - 1], head.page_address(number)
    return [f"{address}#{place}" for place in range(1, entry.changes + 1)]


def _answer(request: Request, form: Format, body: _Body) -> Response:
    headers = {
        "ETag": body.tag,
        "Cache-Control": body.keeping,
        "Vary": "Accept, Accept-Encoding",
        "Access-Control-Allow-Origin": "*",
    }
    known = request.headers.get("if-none-match", "")
    if body.tag in {tag.strip() for tag in known.split(",")} or known.strip() == "*":
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    if body.packed:
        headers["Content-Encoding"] = "gzip"
    return Response(body.content, headers=headers, media_type=form.content_type)
