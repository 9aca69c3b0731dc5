"""Facets: how many things there are by the filters of their list."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api import models_facts as models
from api.dependencies import CurrentService, KnownParameters, Languages, ReleaseNumber
from api.numbers import (
    FormatName,
    as_csv,
    chosen_filters,
    chosen_format,
    documented,
    facts_of,
    notes,
    reply,
)
from graph.dataset import Dataset
from graph.facts.counting import facets
from graph.facts.facets import PERIOD, all_facets, kinds
from graph.facts.names import names

router = APIRouter(tags=["aggregates"], dependencies=[KnownParameters])

_PARAMETERS: list[dict[str, Any]] = [
    {
        "name": name,
        "in": "query",
        "description": f"Only things with this {name}, by its key; for kinds that have it.",
        "schema": {"type": "string"},
    }
    for name in (*all_facets(), PERIOD)
]


@router.get(
    "/facets",
    responses=documented(models.Facets, "Facets with their values, the most frequent first."),
    response_class=Response,
    openapi_extra={"parameters": _PARAMETERS},
)
async def count_facets(  # noqa: PLR0913, PLR0917  # the parameters of the operation
    request: Request,
    service: CurrentService,
    languages: Languages,
    kind: Annotated[
        str | None,
        Query(description="Kind of thing; without it, kinds are counted.", examples=["practice"]),
    ] = None,
    top: Annotated[int, Query(ge=1, le=1000, description="Most values of a facet.")] = 50,
    form: FormatName = None,
    release: ReleaseNumber = None,
) -> Response:
    """Count the things of a kind by the filters of their list and the year in which they begin."""
    dataset = await service.answers.dataset_of(release)
    chosen = chosen_format(request, form)
    filters = chosen_filters(request, (*all_facets(), PERIOD))
    count = partial(_count, dataset, kind, filters, top, languages)
    counted = await service.answers.run(count)
    if chosen.name == "json":
        return reply(counted.model_dump_json().encode(), chosen)
    lines: list[tuple[object, ...]] = []
    for facet in counted.facets:
        lines += [(facet.name, item.key, item.label, item.count) for item in facet.values]
        lines.append((facet.name, None, "unknown", facet.unknown))
    return reply(as_csv(("facet", "key", "label", "count"), lines), chosen)


def _count(
    dataset: Dataset,
    kind: str | None,
    filters: dict[str, str],
    top: int,
    languages: tuple[str, ...],
) -> models.Facets:
    of = facts_of(dataset)
    if kind is None:
        counted = kinds(dataset.facts)
        listed = tuple(
            models.FacetValue(key=key, label=None, count=count) for key, count in counted.items()
        )
        return models.Facets(
            of=of,
            kind=None,
            filters={},
            total=sum(counted.values()),
            facets=(models.Facet(name="kind", values=listed, unknown=0),),
            notes=notes(of, ()),
        )
    found = facets(dataset.facts, kind, filters, top)
    return models.Facets(
        of=of,
        kind=kind,
        filters=filters,
        total=found.things,
        facets=tuple(
            models.Facet(
                name=facet.name,
                values=_values(dataset, facet.segment, facet.values, languages),
                unknown=facet.unknown,
            )
            for facet in found.facets
        ),
        notes=notes(of, ("A thing with several values counts for each of them.",)),
    )


def _values(
    dataset: Dataset,
    segment: str | None,
    values: tuple[tuple[str, int], ...],
    languages: tuple[str, ...],
) -> tuple[models.FacetValue, ...]:
    known = names(dataset.facts, segment, languages) if segment else {}
    return tuple(
        models.FacetValue(key=key, label=known.get(key), count=count) for key, count in values
    )
