"""Networks: the maps as data, with positions, measures, and what explains them."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from api import models_networks as models
from api.dependencies import CurrentService, KnownParameters, Languages, ReleaseNumber
from api.graphs import GEXF, GRAPHML
from api.models_network_findings import Brokers, Gaps, LinkWhy
from api.negotiation import choose
from api.networks.answers import brokers_document, gaps_document, why_document
from api.networks.documents import ADDRESS, called, document, made_of
from api.networks.files import as_gexf, as_graphml, as_jsonld, network_csv, network_xlsx
from api.networks.parameters import FILTERS, NARROWING, PARAMETERS
from api.numbers import CSV, JSON, reply
from api.observed import JSONLD
from api.spreadsheets import XLSX
from graph.dataset import Dataset
from graph.formats import Format
from graph.labels import FALLBACK
from graph.networks.asking import Asked, read_asked
from graph.networks.gaps import find_gaps
from graph.networks.reading import left_out, projection_of
from visualisations import maps
from visualisations.brokers import brokers
from visualisations.maps import MapSpec
from visualisations.prepared import drawn_of
from visualisations.shaping import counts_of
from visualisations.views import collapses, view
from visualisations.whys import why
from visualisations.wording import wording

router = APIRouter(tags=["networks"], prefix="/networks", dependencies=[KnownParameters])

_FORMATS = (JSON, GRAPHML, GEXF, CSV, XLSX, JSONLD)
_FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "model": models.Network,
        "description": "The network, or its nodes or links where a table is asked for.",
        "content": {
            form.media_type: {"schema": {"type": "string"}} for form in _FORMATS if form is not JSON
        },
    }
}

Part = Annotated[Literal["nodes", "links"], Query(description="What a table (csv, xlsx) holds.")]
NetworkFormat = Annotated[
    str | None,
    Query(
        alias="format",
        description="Form of the answer, before the header Accept.",
        json_schema_extra={"enum": [form.name for form in _FORMATS]},
    ),
]
NodeId = Annotated[
    str, Query(description="A node as KIND/KEY or IRI.", min_length=1, max_length=2000)
]


@router.get("", response_model=models.Maps)
async def list_networks(
    service: CurrentService, languages: Languages, release: ReleaseNumber = None
) -> Response:
    """List the maps with their sizes, and what they can be filtered and collapsed by."""
    dataset = await service.answers.dataset_of(release)
    found = await service.answers.run(partial(_listed, dataset, languages))
    return reply(found.model_dump_json(by_alias=True).encode(), JSON)


@router.get(
    "/{name}",
    responses=_FILES,
    response_class=Response,
    openapi_extra={"parameters": PARAMETERS},
)
async def read_network(  # noqa: PLR0913, PLR0917  # the parameters of the operation
    name: str,
    request: Request,
    service: CurrentService,
    languages: Languages,
    part: Part = "nodes",
    form: NetworkFormat = None,
    release: ReleaseNumber = None,
) -> Response:
    """Give a map, or the part of it that filters, a centre or two ends of a way ask for.

    More than 5,000 nodes are drawn by groups, which `open` opens.
    """
    dataset = await service.answers.dataset_of(release)
    chosen = choose(_FORMATS, request.headers.get("accept", ""), name=form)
    spec, asked = maps.get(name), read_asked(request.query_params)
    write = partial(_write, dataset, spec, asked, languages, chosen, part)
    response = reply(await service.answers.run(write), chosen)
    if chosen is not JSON:
        shown = f"{name}-{part}" if chosen in {CSV, XLSX} else name
        disposition = f'attachment; filename="{shown}.{chosen.suffix}"'
        response.headers["Content-Disposition"] = disposition
    return response


@router.get("/{name}/brokers", response_model=Brokers, openapi_extra={"parameters": NARROWING})
async def read_brokers(  # the parameters of the operation
    name: str,
    request: Request,
    service: CurrentService,
    languages: Languages,
    top: Annotated[int, Query(ge=1, le=50, description="Most brokers.")] = 10,
    release: ReleaseNumber = None,
) -> Response:
    """Tell who lies between others, how sure that rank is, and which ways depend on it."""
    dataset = await service.answers.dataset_of(release)
    spec, asked = maps.get(name), read_asked(request.query_params)
    find = partial(brokers, dataset, spec, asked, top, languages, wording(languages))
    found = brokers_document(dataset, spec, asked, await service.answers.run(find))
    return reply(found.model_dump_json(by_alias=True).encode(), JSON)


@router.get("/{name}/gaps", response_model=Gaps, openapi_extra={"parameters": FILTERS})
async def read_gaps(  # noqa: PLR0913, PLR0917  # the parameters of the operation
    name: str,
    request: Request,
    service: CurrentService,
    languages: Languages,
    limit: Annotated[int, Query(ge=1, le=1000, description="Most gaps.")] = 50,
    offset: Annotated[int, Query(ge=0, le=10**9, description="Gaps to pass over.")] = 0,
    release: ReleaseNumber = None,
) -> Response:
    """List pairs of countries that are both active in a theme and do nothing in it together.

    Filters by country and theme say of which gaps to tell, the others which undertakings count.
    """
    dataset = await service.answers.dataset_of(release)
    spec, asked = maps.get(name), read_asked(request.query_params)
    find = partial(_gaps, dataset, spec, asked, (limit, offset), languages)
    found = await service.answers.run(find)
    return reply(found.model_dump_json(by_alias=True).encode(), JSON)


@router.get("/{name}/why", response_model=LinkWhy)
async def read_why(  # the parameters of the operation
    name: str,
    service: CurrentService,
    languages: Languages,
    source: Annotated[NodeId, Query(alias="from")],
    target: Annotated[NodeId, Query(alias="to")],
    release: ReleaseNumber = None,
) -> Response:
    """Tell why two nodes are linked: each reason, and the rows that state it."""
    dataset = await service.answers.dataset_of(release)
    spec = maps.get(name)
    found = await service.answers.run(partial(why, dataset, spec, source, target, languages))
    written = why_document(dataset, spec, found, languages)
    return reply(written.model_dump_json(by_alias=True).encode(), JSON)


def _listed(dataset: Dataset, languages: tuple[str, ...]) -> models.Maps:
    language = languages[0].partition("-")[0].lower() if languages else FALLBACK
    return models.Maps(items=tuple(_map(dataset, spec, language) for spec in maps.read_maps()))


def _map(dataset: Dataset, spec: MapSpec, language: str) -> models.MapInfo:
    why = left_out(dataset, spec.name, drawn_of(spec))
    projection = None if why else projection_of(dataset, spec.name, drawn_of(spec))
    counts = None if why else counts_of(dataset, spec)
    return models.MapInfo(
        map=spec.name,
        title=called(spec.title(language)),
        description=called(spec.description(language)),
        weight=called(spec.weight(language)),
        directed=spec.directed,
        nodes=None if counts is None else counts.nodes,
        links=None if counts is None else counts.links,
        facets=() if projection is None else tuple(projection.attributes),
        collapse=() if projection is None else collapses(projection),
        left_out=why,
        result=f"{ADDRESS}/{spec.name}",
        page=f"/networks/{spec.name}",
    )


def _write(  # a question, its reader and the form of the answer
    dataset: Dataset,
    spec: MapSpec,
    asked: Asked,
    languages: tuple[str, ...],
    form: Format,
    part: str,
) -> bytes:
    seen = view(dataset, spec, asked, languages, wording(languages))
    if form is JSON:
        return document(seen, made_of(dataset)).model_dump_json(by_alias=True).encode()
    if form is CSV:
        return network_csv(seen, part)
    if form is XLSX:
        return network_xlsx(seen, part, dataset.release.number)
    return {GRAPHML: as_graphml, GEXF: as_gexf, JSONLD: as_jsonld}[form](seen)


def _gaps(
    dataset: Dataset,
    spec: MapSpec,
    asked: Asked,
    page: tuple[int, int],
    languages: tuple[str, ...],
) -> Gaps:
    projection = projection_of(dataset, spec.name, drawn_of(spec))
    things = set(projection.segments) - {""}
    limit, offset = page
    found = find_gaps(dataset.facts, sorted(things), asked, limit=limit, offset=offset)
    return gaps_document(dataset, spec, asked, found, page, wording(languages), languages)
