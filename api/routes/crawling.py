"""What crawlers read first: which addresses they may fetch, and all pages of things."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request, Response

from api.dependencies import Counts, CurrentDataset, CurrentService
from api.settings import Settings
from graph.errors import NotFoundError
from graph.release import Manifest

router = APIRouter(include_in_schema=False)

_MOST = 50_000  # addresses of one sitemap (sitemaps.org, protocol)
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# Things that are shown with what they are part of; their own pages say little.
_PARTS = frozenset({"funding", "participation", "exchange-rate", "row", "table", "graph"})
_PAGES = ("", "about", "catalogue", "find", "maps", "networks", "money", "where", "when", "queries")
_NAME = re.compile(r"([a-z][a-z-]*?)(?:-([1-9][0-9]{0,4}))?")
_ROBOTS = """User-agent: *
Disallow: /api/
Disallow: /graph-store
Disallow: /sparql?
Disallow: /find?
Disallow: /search?
Disallow: /browse/*?
Disallow: /dumps/
Allow: /

Sitemap: {address}sitemap.xml
"""


@router.get("/robots.txt")
def read_robots(request: Request, service: CurrentService) -> Response:
    """Say what crawlers may fetch: things and lists, not every question there could be."""
    text = _ROBOTS.format(address=_address(request, service.settings))
    return Response(text, media_type="text/plain; charset=utf-8")


@router.get("/sitemap.xml")
def read_sitemaps(
    request: Request, service: CurrentService, dataset: CurrentDataset, counts: Counts
) -> Response:
    """List the sitemaps: of pages, and of the things of each kind."""
    address = _address(request, service.settings)
    names = ["pages"]
    for kind, count in counts.items():
        if kind not in _PARTS:
            names += [f"{kind}-{place + 1}" for place in range(-(-count // _MOST))]
    addresses = [f"{address}sitemaps/{name}.xml" for name in names]
    return _sitemap("sitemapindex", "sitemap", addresses, dataset.release.manifest)


@router.get("/sitemaps/{name}.xml")
def read_sitemap(
    name: str,
    request: Request,
    service: CurrentService,
    dataset: CurrentDataset,
    counts: Counts,
) -> Response:
    """List the pages of things of one kind, or the pages of the site."""
    address = _address(request, service.settings)
    manifest = dataset.release.manifest
    if name == "pages":
        return _sitemap("urlset", "url", [f"{address}{page}" for page in _PAGES], manifest)
    match = _NAME.fullmatch(name)
    kind, place = (match[1], int(match[2] or 0)) if match else ("", 0)
    if kind in _PARTS or not place or (place - 1) * _MOST >= counts.get(kind, 0):
        raise NotFoundError(f"there is no sitemap “{name[:60]}”")
    found = dataset.facts.ask(
        "SELECT iri FROM thing WHERE kind = $kind ORDER BY id LIMIT $most OFFSET $offset",
        {"kind": kind, "most": _MOST, "offset": (place - 1) * _MOST},
    )
    paths = (dataset.identity.path(str(iri), "page") for (iri,) in found)
    addresses = [f"{address}{path[1:]}" for path in paths if path is not None]
    return _sitemap("urlset", "url", addresses, manifest)


def _address(request: Request, settings: Settings) -> str:
    """Give the address of this service: the setting, or the one that was asked."""
    return settings.address or str(request.base_url)


def _sitemap(root: str, element: str, addresses: Iterable[str], manifest: Manifest) -> Response:
    day = manifest.created.date().isoformat()
    listed = "".join(
        f"<{element}><loc>{escape(item)}</loc><lastmod>{day}</lastmod></{element}>\n"
        for item in addresses
    )
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_SPACE}">\n{listed}</{root}>\n'
    return Response(text, media_type="application/xml")
