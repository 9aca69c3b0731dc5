"""Views that are taken away alike: a page, the same in a frame, and its drawing as a file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from fastapi import APIRouter, Depends, Response

from api.dependencies import CurrentDataset, CurrentService, KnownParameters, Languages
from api.exploring import drawn_format
from api.rendering import page
from api.taking import file_of, written
from graph.dataset import Dataset
from visualisations.exporting import Sheet
from visualisations.wording import Wording, wording

V = TypeVar("V")


def make_router(
    name: str,
    read: Callable[..., V],
    fill: Callable[[Dataset, V, tuple[str, ...]], dict[str, Any]],
    sheet: Callable[[Dataset, V, tuple[str, ...], Wording], Sheet],
    parameters: Sequence[dict[str, Any]],
) -> APIRouter:
    """Make the routes of a view: `/name`, `/embed/name` and `/name.svg`, `.png` and `.pdf`.

    `read` reads a request, as a dependency does; `fill` gives what the templates `name.html` and
    `name_embed.html` are filled with, `sheet` the drawing with all that goes with it.
    """
    router = APIRouter(include_in_schema=False, dependencies=[KnownParameters])
    documented = {"parameters": list(parameters)}
    reading = Depends(read)

    def shown(template: str) -> Callable[..., Awaitable[Response]]:
        async def show(
            service: CurrentService,
            dataset: CurrentDataset,
            languages: Languages,
            view: V = reading,
        ) -> Response:
            content = await service.answers.run(partial(fill, dataset, view, languages))
            return page(template, languages=languages, **content)

        return show

    router.get(f"/{name}", openapi_extra=documented)(shown(f"{name}.html"))
    router.get(f"/embed/{name}", openapi_extra=documented)(shown(f"{name}_embed.html"))

    @router.get(f"/{name}.{{suffix}}", openapi_extra=documented)
    async def give(
        suffix: str,
        service: CurrentService,
        dataset: CurrentDataset,
        languages: Languages,
        view: V = reading,
    ) -> Response:
        form = drawn_format(suffix)
        words = wording(languages)

        def make() -> bytes:
            return written(sheet(dataset, view, languages, words), words, form)

        return file_of(await service.answers.run(make), form, name)

    return router
