"""Whether the service runs, whether it can answer, and what it counts."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api import models
from api.dependencies import CurrentService, KnownParameters
from api.metrics import MEDIA_TYPE, Metrics
from graph.dataset import Dataset

router = APIRouter(tags=["health"], dependencies=[KnownParameters])


@router.get("/health")
def read_health() -> models.Health:
    """Tell that the process runs, whatever it can serve."""
    return models.Health(status="ok")


@router.get("/ready")
def read_readiness(service: CurrentService) -> models.Health:
    """Tell that a release is open; 503 before the first build."""
    return models.Health(status="ready", release=service.served.dataset().release.number)


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}},
)
async def read_metrics(service: CurrentService) -> Response:
    """Tell what the server counts, in the text format of Prometheus."""
    metrics = service.observer.metrics
    held = service.served.held
    if held is not None:
        _tell_release(metrics, held)
    return Response(metrics.text(), headers={"Cache-Control": "no-store"}, media_type=MEDIA_TYPE)


def _tell_release(metrics: Metrics, dataset: Dataset) -> None:
    manifest = dataset.release.manifest
    metrics.gauge("release_number", manifest.number)
    metrics.gauge("release_statements", manifest.statements)
    metrics.gauge("release_created", manifest.created.timestamp())
