"""The kept releases."""

from __future__ import annotations

from fastapi import APIRouter

from api import models
from api.dependencies import CurrentService
from graph.release import Release

router = APIRouter(tags=["releases"], prefix="/releases")


@router.get("")
def list_releases(service: CurrentService) -> models.Releases:
    """List the kept releases, the newest first."""
    releases = service.served.releases
    current = releases.current_number()
    kept = reversed(releases.all())
    return models.Releases(
        items=tuple(_info(release, current=release.number == current) for release in kept)
    )


@router.get("/current")
def read_current_release(service: CurrentService) -> models.ReleaseInfo:
    """Describe the release that is served."""
    return _info(service.served.releases.current(), current=True)


def _info(release: Release, *, current: bool) -> models.ReleaseInfo:
    manifest = release.manifest
    return models.ReleaseInfo(
        number=manifest.number,
        current=current,
        created=manifest.created,
        base=manifest.base,
        digest=manifest.digest,
        statements=manifest.statements,
        conforms=manifest.conforms,
        sources=tuple(
            models.Source.model_validate(source.model_dump()) for source in manifest.sources
        ),
    )
