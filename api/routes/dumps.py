"""Dumps: the files of a release to take away, by its number, its day, or as the latest."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from starlette.responses import RedirectResponse

from api.dependencies import CurrentService, KnownParameters, Languages
from api.dumps import find_dump, find_release, send_dump
from api.models_dumps import DumpFile, DumpFiles
from api.rendering import page
from graph.dumps.files import STATEMENTS, SUMS_FILE, Dump, read_listing
from graph.release import Release

router = APIRouter(include_in_schema=False)
rest = APIRouter(tags=["releases"])

Asked = Annotated[str, Path(description="latest, the number of a release, or a day.")]
_FRESH = {"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}


@rest.get("/dumps/{asked}", dependencies=[KnownParameters])
def list_dumps(asked: Asked, service: CurrentService) -> DumpFiles:
    """List the files of a dump with their checksums; those that are yet to be made have none."""
    release = find_release(service.served.releases, asked)
    made = read_listing(release.path)
    items = tuple(DumpFile.of(dump, release.number) for dump in made or STATEMENTS)
    return DumpFiles(
        release=release.number, made=bool(made), digest=release.manifest.digest, items=items
    )


@router.get("/dumps")
def lead_to_latest() -> Response:
    """Lead to the dump of the served release."""
    return RedirectResponse("/dumps/latest", headers=_FRESH)


@router.get("/dumps/{asked}")
def show_dumps(asked: str, service: CurrentService, languages: Languages) -> Response:
    """Show the files of a dump."""
    release = find_release(service.served.releases, asked)
    dumps = _listed(release)
    return page(
        "dumps.html",
        languages=languages,
        release=release.manifest,
        made=bool(read_listing(release.path)),
        dumps=dumps,
        kept=[item.manifest for item in reversed(service.served.releases.all())],
    )


@router.api_route("/dumps/{asked}/{name}", methods=["GET", "HEAD"])
async def give_dump(asked: str, name: str, request: Request, service: CurrentService) -> Response:
    """Give a file of a dump, which is made if need be; parts of it by Range."""
    releases = service.served.releases
    release = await service.answers.run(lambda: find_release(releases, asked))
    if asked != str(release.number):
        return RedirectResponse(f"/dumps/{release.number}/{name}", headers=_FRESH)
    dumps = await service.dumps.of(release, releases.home)
    return send_dump(request, release, find_dump(dumps, name))


def _listed(release: Release) -> tuple[Dump, ...]:
    return (*(read_listing(release.path) or STATEMENTS), SUMS_FILE)
