"""The kept releases as a page, and what differs between two: a page, RDF Patch, and counts."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api import models_feed as models
from api.dependencies import CurrentService, KnownParameters, Languages
from api.errors import TooLargeError
from api.negotiation import HTML, choose
from api.rendering import page
from graph.errors import NotFoundError
from graph.feed.differences import PATCH, Difference, between
from graph.release import Release, Releases

router = APIRouter(include_in_schema=False, dependencies=[KnownParameters])
rest = APIRouter(tags=["releases"])

_SHOWN = 200  # lines of each half on the page
_LARGEST_NUMBER = 10**18 - 1

Number = Annotated[int, Path(ge=1, le=_LARGEST_NUMBER, description="The later release.")]
Since = Annotated[
    int | None,
    Query(
        ge=1,
        le=_LARGEST_NUMBER,
        description="The release to compare with; by default the one kept before.",
    ),
]


@router.get("/releases")
def show_releases(service: CurrentService, languages: Languages) -> Response:
    """Show the kept releases, the newest first."""
    releases = service.served.releases
    kept = [release.manifest for release in reversed(releases.all())]
    current = releases.current().number
    return page("releases.html", languages=languages, releases=kept, current=current)


@router.get("/releases/{number}/diff")
async def show_difference(
    request: Request,
    service: CurrentService,
    languages: Languages,
    number: Number,
    since: Since = None,
    format_: Annotated[str | None, Query(alias="format")] = None,
) -> Response:
    """Show what a release states and an earlier one did not, and the reverse."""
    form = choose((PATCH, HTML), request.headers.get("accept", ""), name=format_)
    find = partial(_difference, service.served.releases, number, since)
    earlier, later, found = await service.answers.run(find)
    if form is HTML:
        return page(
            "difference.html",
            languages=languages,
            earlier=earlier.manifest,
            later=later.manifest,
            found=found,
            graphs=found.by_graph(),
            removed=[line.decode() for line in found.removed[:_SHOWN]],
            added=[line.decode() for line in found.added[:_SHOWN]],
            shown=_SHOWN,
        )
    body = b"".join(found.patch(earlier, later))
    if len(body) > service.settings.result_bytes:
        raise TooLargeError(
            f"the difference has {len(body)} bytes, and more than "
            f"{service.settings.result_bytes} are not sent: follow the feed instead"
        )
    headers = {"Vary": "Accept", "Access-Control-Allow-Origin": "*"}
    return Response(body, headers=headers, media_type=form.content_type)


@rest.get("/releases/{number}/diff", dependencies=[KnownParameters])
async def count_difference(
    service: CurrentService, number: Number, since: Since = None
) -> models.ReleaseDifference:
    """Count the statements by which a release differs from an earlier one, graph by graph."""
    find = partial(_difference, service.served.releases, number, since)
    earlier, later, found = await service.answers.run(find)
    return models.ReleaseDifference(
        earlier=earlier.number,
        later=later.number,
        removed=len(found.removed),
        added=len(found.added),
        things=len(found.subjects),
        graphs=tuple(
            models.GraphDifference(graph=graph, removed=gone, added=new)
            for graph, (gone, new) in found.by_graph().items()
        ),
    )


def _difference(
    releases: Releases, number: int, since: int | None
) -> tuple[Release, Release, Difference]:
    later = releases.get(number)
    if since is None:
        before = [kept for kept in releases.numbers() if kept < number]
        if not before:
            raise NotFoundError(f"no release before {number} is kept to compare it with")
        since = before[-1]
    earlier = releases.get(since)
    return earlier, later, between(earlier, later)
