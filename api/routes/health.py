"""Whether the service runs, and whether it can answer."""

from __future__ import annotations

from fastapi import APIRouter

from api import models
from api.dependencies import CurrentDataset

router = APIRouter(tags=["health"])


@router.get("/health")
def read_health() -> models.Health:
    """Tell that the process runs, whatever it can serve."""
    return models.Health(status="ok")


@router.get("/ready")
def read_readiness(dataset: CurrentDataset) -> models.Health:
    """Tell that a release is open; 503 before the first build."""
    return models.Health(status="ready", release=dataset.release.number)
