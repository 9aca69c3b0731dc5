"""Bridges: which graphs elsewhere ours leads to, how often, and by which evidence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from api.dependencies import CurrentDataset, CurrentService, KnownParameters, Languages
from api.rendering import page
from api.routes.federated import list_federated
from graph.bridges import TARGETS, Links, Target
from graph.dataset import Dataset
from graph.dcat.coverage import Contents
from ontology import expand

router = APIRouter(include_in_schema=False, dependencies=[KnownParameters])
rest = APIRouter(tags=["releases"])

_EVIDENCE = """PREFIX sikg: <https://w3id.org/sikg/ontology#>
SELECT ?thing ?elsewhere ?file ?number ?cited WHERE {{
  GRAPH ?row {{ ?thing <{property}> ?elsewhere . FILTER(STRSTARTS(STR(?elsewhere), "{start}")) }}
  GRAPH ?receipts {{
    ?row sikg:fromTable/sikg:fileName ?file ; sikg:rowNumber ?number .
    OPTIONAL {{ ?row sikg:citedSource ?cited }}
  }}
}} ORDER BY ?thing LIMIT 1000
"""
# What the ontology and its concepts state stands in no row.
_STATED = """SELECT ?thing ?elsewhere ?graph WHERE {{
  GRAPH ?graph {{ ?thing <{property}> ?elsewhere }}
  FILTER(STRSTARTS(STR(?elsewhere), "{start}"))
}} ORDER BY ?thing LIMIT 1000
"""


class Bridge(BaseModel):
    """Links of one source to one graph elsewhere, by one property."""

    model_config = ConfigDict(frozen=True)

    target: Annotated[str, Field(examples=["wikidata"])]
    title: str
    start: Annotated[str, Field(description="How the addresses there begin.")]
    about: Annotated[str, Field(description="What is named there.")]
    endpoint: Annotated[str | None, Field(description="Where it answers SPARQL, if it does.")]
    property: Annotated[str, Field(examples=["skos:exactMatch"])]
    source: str | None
    count: int
    example: tuple[str, str]
    evidence: Annotated[str, Field(description="A query for the links with their rows.")]


class Bridges(BaseModel):
    """All bridges of a release."""

    model_config = ConfigDict(frozen=True)

    release: int
    merged: Annotated[int, Field(description="Things that the ledger merged with others.")]
    items: tuple[Bridge, ...]


@rest.get("/bridges")
def list_bridges(dataset: CurrentDataset) -> Bridges:
    """List the links to graphs elsewhere: how many, from which source, and their evidence."""
    return Bridges(
        release=dataset.release.number,
        merged=len(dataset.redirects.targets),
        items=tuple(_bridges(dataset)),
    )


@router.get("/bridges")
def show_bridges(
    dataset: CurrentDataset, service: CurrentService, languages: Languages
) -> Response:
    """Show the links to graphs elsewhere, and how to ask these together with ours."""
    return page(
        "bridges.html",
        languages=languages,
        bridges=list_bridges(dataset),
        federated=list_federated(service),
        unlinked=[item for item in TARGETS if item.name not in _linked(dataset)],
    )


def _bridges(dataset: Dataset) -> Iterator[Bridge]:
    targets = {target.name: target for target in TARGETS}
    contents = Contents.read(dataset.release.path)
    for links in contents.links:
        yield _bridge(targets[links.target], links, None)
    for source in contents.sources:
        for links in source.links:
            yield _bridge(targets[links.target], links, source.name)


def _linked(dataset: Dataset) -> set[str]:
    return {bridge.target for bridge in _bridges(dataset)}


def _bridge(target: Target, links: Links, source: str | None) -> Bridge:
    text = _STATED if source is None else _EVIDENCE
    query = text.format(property=expand(links.property), start=target.start)
    return Bridge(
        target=target.name,
        title=target.title,
        start=target.start,
        about=target.about,
        endpoint=target.endpoint,
        property=links.property,
        source=source,
        count=links.count,
        example=(links.subject, links.object),
        evidence="/sparql?" + urlencode({"query": query}),
    )
