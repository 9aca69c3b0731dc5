"""Search by name over all kinds of entity."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query

from api import models
from api.dependencies import CurrentReader, CurrentService, Reader
from api.paging import MOST
from graph.listing import check_kind

router = APIRouter(tags=["search"])

Words = Annotated[
    str, Query(description="Words of a name; typing errors are forgiven.", examples=["sihtasutus"])
]


@router.get("/search")
async def search_names(
    service: CurrentService,
    reader: CurrentReader,
    q: Words,
    kind: Annotated[str | None, Query(examples=["organisation"])] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 20,
) -> models.SearchResult:
    """Find things by their names in any language, the best first."""
    if kind is not None:
        check_kind(kind)
    return await service.answers.run(partial(_find, reader, q, kind, limit))


def _find(reader: Reader, words: str, kind: str | None, limit: int) -> models.SearchResult:
    hits = reader.dataset.search.search(words[:200], segment=kind, limit=limit)
    presenter = reader.presenter_of(hits)
    return models.SearchResult(
        items=tuple(
            models.SearchHit(
                thing=presenter.thing(hit.iri),
                found=models.Text(text=hit.name, language=hit.language),
                score=hit.score,
            )
            for hit in hits
        ),
        limit=limit,
    )
