"""The maps, each a page of its own."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.answers import Answer
from api.dependencies import (
    CurrentDataset,
    CurrentService,
    KnownParameters,
    Languages,
    OfRelease,
)
from api.rendering import page
from graph.labels import FALLBACK
from visualisations import maps
from visualisations.export import render_map
from visualisations.policy import content_security_policy

router = APIRouter(prefix="/maps", include_in_schema=False, dependencies=[KnownParameters])


@router.get("", dependencies=[OfRelease])
def list_maps(languages: Languages) -> Response:
    """Show the maps that there are."""
    wanted = _language(languages)
    listed = [
        (spec.name, spec.title(wanted), spec.description(wanted)) for spec in maps.read_maps()
    ]
    return page("maps.html", maps=listed, languages=languages)


@router.get("/{name}")
def show_map(
    name: str, service: CurrentService, dataset: CurrentDataset, languages: Languages
) -> Response:
    """Show one map; it is drawn once a release and language."""
    spec = maps.get(name)
    language = _language(languages)
    memory = service.answers.memory
    key = (dataset.release.number, "map", name, language)
    drawn = memory.get(key)
    if drawn is None:
        html = render_map(spec, dataset.store, dataset.identity, language=language, served=True)
        headers = (
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-security-policy", content_security_policy(html).encode()),
            (b"vary", b"Accept-Language"),
        )
        drawn = Answer(200, headers, html.encode())
        memory.put(key, drawn, len(name))
    response = Response(drawn.body)
    response.raw_headers.extend(drawn.headers)
    return response


def _language(languages: Languages) -> str:
    return languages[0].partition("-")[0].lower() if languages else FALLBACK
