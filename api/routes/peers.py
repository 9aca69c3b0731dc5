"""Other nodes whose statements are published here: which they are, and pages of their things."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from api import models
from api.dependencies import CurrentReader, KnownParameters, Reader
from api.negotiation import HTML, choose
from api.presenting import Presenter
from api.rendering import page
from graph.documents import document
from graph.entities import read_entity
from graph.errors import NotFoundError
from graph.formats import GRAPH_FORMATS
from graph.labels import read_names
from graph.union import Peer, peer_of, peers_of, things_of

router = APIRouter(include_in_schema=False, dependencies=[KnownParameters])

PageNumber = Annotated[int, Query(alias="page", ge=1, le=100_000)]
FormatName = Annotated[str | None, Query(alias="format")]


@router.get("/peers")
def show_peers(reader: CurrentReader, number: PageNumber = 1) -> Response:
    """Show the nodes that this release speaks for beside itself, and things of each."""
    shown = list(_peers(reader, number))
    if number > 1 and not any(item["things"] for item in shown):
        raise NotFoundError(f"there is no page {number} of things of other nodes")
    return page("peers.html", languages=reader.languages, peers=shown)


def _peers(reader: Reader, number: int) -> Iterator[dict[str, Any]]:
    store = reader.dataset.store
    for peer in peers_of(store, reader.identity):
        things, more = things_of(store, reader.identity, peer, number)
        following = "?" + urlencode({"page": number + 1}) if more else None
        yield {
            "base": peer.base,
            "feed": peer.feed,
            "release": peer.release,
            "last": peer.last,
            "things": _named(reader, peer, things),
            "following": following,
        }


def _named(reader: Reader, peer: Peer, things: list[str]) -> tuple[models.Thing, ...]:
    identity = peer.identity if peer.release else reader.identity
    names = read_names(reader.dataset.store, identity, things)
    return Presenter(identity, names, reader.languages).things(things)


@router.get("/peers/thing")
def show_peer_thing(
    request: Request,
    reader: CurrentReader,
    address: Annotated[str, Query(alias="iri", max_length=2000)],
    format_: FormatName = None,
) -> Response:
    """Show what this release holds of a thing of another node, or give it as linked data."""
    form = choose((HTML, *GRAPH_FORMATS), request.headers.get("accept", ""), name=format_)
    store = reader.dataset.store
    peer = peer_of(store, reader.identity, address)
    reference = peer.identity.parse(address)
    assert reference is not None  # noqa: S101  # else it would be of no peer
    found = read_entity(store, peer.identity, reference, limit=reader.links)
    if form is not HTML:
        headers = {"Vary": "Accept", "Link": f'<{address}>; rel="canonical"'}
        return Response(document(found, form), headers=headers, media_type=form.content_type)
    presenter = Presenter(peer.identity, found.names, reader.languages)
    response = page(
        "peer_thing.html",
        languages=reader.languages,
        peer=peer,
        entity=presenter.entity(found),
        named=presenter.named(found),
        formats=GRAPH_FORMATS,
    )
    response.headers["Link"] = f'<{address}>; rel="canonical"'
    return response
