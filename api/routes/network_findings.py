"""What stands behind a network, as pages: who brings together, what is missing, and why."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.addresses import Address
from api.dependencies import CurrentService, KnownParameters, Languages, ReleaseNumber
from api.networks.answers import brokers_document, gaps_document, why_document
from api.networks.parameters import FILTERS, NARROWING
from api.rendering import page
from graph.dataset import Dataset
from graph.networks.asking import read_asked
from graph.networks.gaps import find_gaps
from graph.networks.reading import projection_of
from visualisations import maps
from visualisations.brokers import brokers
from visualisations.counting import share
from visualisations.prepared import drawn_of
from visualisations.whys import why
from visualisations.wording import wording

router = APIRouter(prefix="/networks", include_in_schema=False, dependencies=[KnownParameters])

_TOP = 15  # who is told of: ranks below are too near to each other to be one
_GAPS = 50  # on a page

_Node = Annotated[str, Query(min_length=1, max_length=2000)]


@router.get("/{name}/brokers", openapi_extra={"parameters": NARROWING})
async def show_brokers(
    name: str,
    request: Request,
    service: CurrentService,
    languages: Languages,
    release: ReleaseNumber = None,
) -> Response:
    """Show who lies between others, how sure that is, and the ways that depend on it."""
    dataset = await service.answers.dataset_of(release)
    make = partial(_brokers, dataset, name, dict(request.query_params), languages)
    return await service.answers.run(make)


@router.get("/{name}/gaps", openapi_extra={"parameters": FILTERS})
async def show_gaps(
    name: str,
    request: Request,
    service: CurrentService,
    languages: Languages,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
    release: ReleaseNumber = None,
) -> Response:
    """Show where two countries are active in a theme and do nothing in it together."""
    dataset = await service.answers.dataset_of(release)
    make = partial(_gaps, dataset, name, dict(request.query_params), languages, offset)
    return await service.answers.run(make)


@router.get("/{name}/why")
async def show_why(
    name: str,
    service: CurrentService,
    languages: Languages,
    source: Annotated[_Node, Query(alias="from")],
    target: Annotated[_Node, Query(alias="to")],
    release: ReleaseNumber = None,
) -> Response:
    """Show why two nodes are linked, with the rows that state each reason."""
    dataset = await service.answers.dataset_of(release)
    return await service.answers.run(partial(_why, dataset, name, source, target, languages))


def _brokers(
    dataset: Dataset, name: str, given: dict[str, str], languages: tuple[str, ...]
) -> Response:
    spec, words = maps.get(name), wording(languages)
    asked = read_asked(given)
    found = brokers(dataset, spec, asked, _TOP, languages, words)
    content = _common(name, given, languages)
    told = brokers_document(dataset, spec, asked, found)
    return page("network_brokers.html", languages=languages, found=told, **content)


def _gaps(
    dataset: Dataset, name: str, given: dict[str, str], languages: tuple[str, ...], offset: int
) -> Response:
    spec, words = maps.get(name), wording(languages)
    asked = read_asked(given)
    projection = projection_of(dataset, name, drawn_of(spec))
    things = set(projection.segments) - {""}
    found = find_gaps(dataset.facts, sorted(things), asked, limit=_GAPS, offset=offset)
    told = gaps_document(dataset, spec, asked, found, (_GAPS, offset), words, languages)
    address = Address(f"/networks/{name}/gaps", given)
    content = _common(name, given, languages) | {
        "first": offset + 1,
        "last": offset + len(told.items),
        "before": address.but(offset=max(offset - _GAPS, 0) or None) if offset else None,
        "after": address.but(offset=offset + _GAPS) if told.next else None,
    }
    return page("network_gaps.html", languages=languages, found=told, **content)


def _why(
    dataset: Dataset, name: str, source: str, target: str, languages: tuple[str, ...]
) -> Response:
    spec = maps.get(name)
    told = why_document(dataset, spec, why(dataset, spec, source, target, languages), languages)
    content = _common(name, {}, languages)
    return page("network_why.html", languages=languages, found=told, **content)


def _common(name: str, given: dict[str, str], languages: tuple[str, ...]) -> dict[str, Any]:
    """Give what all three pages say: which network, and the way back to its drawing."""
    spec, words = maps.get(name), wording(languages)
    state = {key: value for key, value in given.items() if key != "offset"}
    return {
        "name": name,
        "title": spec.title(words.language),
        "weight": spec.weight(words.language),
        "back": Address(f"/networks/{name}", state).but(),
        "rest": Address(f"/api/v1/networks/{name}", state),
        "amount": words.number,
        "percent": partial(share, words),
    }
