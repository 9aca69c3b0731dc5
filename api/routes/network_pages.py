"""The pages of networks: a drawing with its tables, the same as files, and to be embedded."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.addresses import Address
from api.assets import bundle
from api.dependencies import (
    CurrentDataset,
    CurrentService,
    KnownParameters,
    Languages,
    ReleaseNumber,
)
from api.networks.filling import filled
from api.networks.showing import Shown, show
from api.networks.years import years_of
from api.rendering import page
from api.taking import DRAWN, address_of, credit, file_of, sources_of, written
from graph.dataset import Dataset
from graph.errors import NotFoundError
from graph.formats import Format
from graph.networks.asking import facet_names
from graph.networks.reading import left_out
from visualisations import maps
from visualisations.exporting import Sheet
from visualisations.networks.reporting import tables_of
from visualisations.prepared import drawn_of
from visualisations.wording import wording

router = APIRouter(include_in_schema=False, dependencies=[KnownParameters])

_OWN = (
    *("kind", "ends", "centre", "depth", "from", "to", "collapse", "open"),
    *("colour", "size", "years", "by", "order"),
)
# What the address of a view may have; each value is read, and refused, where it is used.
_ASKED: dict[str, Any] = {
    "parameters": [
        {"name": name, "in": "query", "schema": {"type": "string"}}
        for name in (*facet_names(), *_OWN)
    ]
}
_From = Annotated[int, Query(ge=0, le=10_000_000, alias="nodes-from")]
_LinksFrom = Annotated[int, Query(ge=0, le=10_000_000, alias="links-from")]


@router.get("/networks")
def list_networks(dataset: CurrentDataset, languages: Languages) -> Response:
    """Show which networks there are, and which of them the build had no time for."""
    words = wording(languages)
    listed = [
        {
            "name": spec.name,
            "title": spec.title(words.language),
            "description": spec.description(words.language),
            "left_out": left_out(dataset, spec.name, drawn_of(spec)),
        }
        for spec in maps.read_maps()
    ]
    return page("networks.html", languages=languages, maps=listed)


@router.get("/networks/{name}.{suffix}", openapi_extra=_ASKED)
async def give_drawing(
    name: str,
    suffix: str,
    request: Request,
    service: CurrentService,
    languages: Languages,
    release: ReleaseNumber = None,
) -> Response:
    """Give the drawing as a file: a picture, or a report with tables and sources."""
    form = next((item for item in DRAWN if item.suffix == suffix), None)
    if form is None:
        known = ", ".join(item.suffix for item in DRAWN)
        raise NotFoundError(f"a network is not drawn as “{suffix[:20]}”, but as {known}")
    dataset = await service.answers.dataset_of(release)
    given = dict(request.query_params)
    body = await service.answers.run(partial(_file, dataset, name, given, languages, form))
    return file_of(body, form, name)


@router.get("/networks/{name}", openapi_extra=_ASKED)
async def show_network(  # noqa: PLR0913, PLR0917  # the parameters of the operation
    name: str,
    request: Request,
    service: CurrentService,
    languages: Languages,
    nodes_from: _From = 0,
    links_from: _LinksFrom = 0,
    release: ReleaseNumber = None,
) -> Response:
    """Show a network: what is asked of it, drawn and as tables."""
    dataset = await service.answers.dataset_of(release)
    given = dict(request.query_params)
    make = partial(_page, dataset, name, given, languages, (nodes_from, links_from))
    return await service.answers.run(make)


@router.get("/embed/networks/{name}", openapi_extra=_ASKED)
async def embed_network(
    name: str,
    request: Request,
    service: CurrentService,
    languages: Languages,
    release: ReleaseNumber = None,
) -> Response:
    """Show a network such that pages of others can hold it in a frame."""
    dataset = await service.answers.dataset_of(release)
    given = dict(request.query_params)
    return await service.answers.run(partial(_embedded, dataset, name, given, languages))


def _page(
    dataset: Dataset,
    name: str,
    given: dict[str, str],
    languages: tuple[str, ...],
    rows: tuple[int, int],
) -> Response:
    shown = show(dataset, name, given, languages)
    return page(
        "network.html", languages=languages, bundle=bundle("network"), **filled(shown, *rows)
    )


def _embedded(
    dataset: Dataset, name: str, given: dict[str, str], languages: tuple[str, ...]
) -> Response:
    shown = show(dataset, name, given, languages)
    address = address_of(dataset, f"/networks/{name}", dict(shown.state))
    content = filled(shown, 0, 0)
    # The years of a frame are chosen in it.
    content["framed"] = True
    content["years"] = years_of(
        shown.view, shown.kept, Address(f"/embed/networks/{name}", shown.state)
    )
    return page(
        "network_embed.html",
        languages=languages,
        address=address,
        told=credit(dataset, shown.words, ""),
        bundle=bundle("frame"),
        **content,
    )


def _file(
    dataset: Dataset,
    name: str,
    given: dict[str, str],
    languages: tuple[str, ...],
    form: Format,
) -> bytes:
    shown = show(dataset, name, given, languages)
    return written(_sheet(shown), shown.words, form)


def _sheet(shown: Shown) -> Sheet:
    dataset, words = shown.dataset, shown.words
    address = address_of(dataset, f"/networks/{shown.spec.name}", dict(shown.state))
    return Sheet(
        shown.spec.title(words.language).text,
        shown.drawing(standing_alone=True),
        shown.alternative,
        credit(dataset, words, address),
        dataset.release.manifest.created,
        address=address,
        told=shown.view.notes,
        tables=tables_of(shown.view, words, shown.kept),
        sources=sources_of(dataset),
        language=words.language,
    )
