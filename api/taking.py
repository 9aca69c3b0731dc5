"""Taking a view away: its drawing as a file, with sources and licences, under a name to save."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import Response

from api.citation import GRAPH_TITLE
from graph.dataset import Dataset
from graph.formats import Format
from visualisations.exporting import Sheet, Source, as_pdf, as_png, as_svg
from visualisations.wording import Wording

SVG = Format("svg", "image/svg+xml", "svg")
PNG = Format("png", "image/png", "png")
PDF = Format("pdf", "application/pdf", "pdf")
DRAWN = (SVG, PNG, PDF)


def sources_of(dataset: Dataset) -> tuple[Source, ...]:
    """Give the sources of a release with their licences, as they are told under a drawing."""
    identity = dataset.identity
    return tuple(
        Source(item.title, item.publisher, item.licence, identity.entity("source", item.name))
        for item in dataset.release.manifest.sources
    )


def address_of(dataset: Dataset, path: str, state: dict[str, str]) -> str:
    """Give the address of a view: that of the service, a path that begins with `/`, its state."""
    asked = f"?{urlencode(state)}" if state else ""
    return f"{dataset.release.manifest.base}{path.removeprefix('/')}{asked}"


def credit(dataset: Dataset, words: Wording, address: str) -> str:
    """Say in one sentence what a drawing is of: graph, release, day and address."""
    manifest = dataset.release.manifest
    return words.gettext("%(graph)s, release %(number)s of %(day)s. %(address)s") % {
        "graph": words.gettext(GRAPH_TITLE),
        "number": manifest.number,
        "day": words.day(manifest.created.date()),
        "address": address,
    }


def written(sheet: Sheet, words: Wording, form: Format) -> bytes:
    """Write a sheet in one of the formats of drawings."""
    if form is SVG:
        return as_svg(sheet)
    return as_png(sheet) if form is PNG else as_pdf(sheet, words)


def file_of(body: bytes, form: Format, name: str) -> Response:
    """Answer with a file that is shown where it can be, and saved as `name` with its suffix."""
    headers = {
        "Content-Disposition": f'inline; filename="{name}.{form.suffix}"',
        "Vary": "Accept, Accept-Language",
        "Access-Control-Allow-Origin": "*",
    }
    return Response(body, media_type=form.content_type, headers=headers)
