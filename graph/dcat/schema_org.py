"""The whole and its sources in the words of schema.org, for search engines of datasets."""

from __future__ import annotations

from typing import Any

from graph.dcat.coverage import Coverage
from graph.dcat.describing import DESCRIPTION, TITLE, Catalogue, attribution
from graph.dcat.distributing import CC_BY, KEYWORDS
from graph.dumps.files import STATEMENTS, Dump

_Document = dict[str, Any]


def described(catalogue: Catalogue) -> _Document:
    """Write the whole as a schema.org Dataset with its parts, in JSON-LD."""
    manifest, base = catalogue.manifest, catalogue.identity.base
    known = {item.name: item for item in catalogue.contents.sources}
    parts = []
    for entry in manifest.sources:
        source = known.get(entry.name)
        parts.append(
            {
                "@type": "Dataset",
                "@id": catalogue.identity.entity("source", entry.name),
                "name": entry.title,
                "description": (source.description if source else None) or entry.title,
                "license": entry.licence,
                "creator": {"@type": "Organization", "name": entry.publisher},
                "creditText": attribution(entry, source),
                **_covers(source.covers if source else Coverage(), catalogue),
            }
        )
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": catalogue.whole.value,
        "name": TITLE,
        "description": DESCRIPTION,
        "url": f"{base}catalogue",
        "license": CC_BY,
        "isAccessibleForFree": True,
        "keywords": list(KEYWORDS),
        "version": str(manifest.number),
        "dateModified": manifest.created.date().isoformat(),
        "publisher": {"@type": "Organization", "name": catalogue.publisher, "url": base},
        "includedInDataCatalog": {"@type": "DataCatalog", "@id": f"{base}catalogue"},
        "distribution": [
            _download(base, manifest.number, dump)
            for dump in (catalogue.dumps or STATEMENTS)
            if dump.holds in {"statements", "table"}
        ],
        "hasPart": parts,
        **_covers(catalogue.covers, catalogue),
    }


def _download(base: str, release: int, dump: Dump) -> _Document:
    found: _Document = {
        "@type": "DataDownload",
        "name": dump.title,
        "contentUrl": f"{base}dumps/{release}/{dump.name}",
        "encodingFormat": dump.media_type,
    }
    if dump.size is not None and dump.sha256 is not None:
        found |= {"contentSize": f"{dump.size} B", "sha256": dump.sha256}
    return found


def _covers(covers: Coverage, catalogue: Catalogue) -> _Document:
    found: _Document = {}
    places = catalogue.contents.places
    named = [places[country][1] for country in covers.countries if country in places]
    if covers.years is not None:
        found["temporalCoverage"] = f"{covers.years[0]:04d}/{covers.years[1]:04d}"
    if named:
        found["spatialCoverage"] = named
    if covers.languages:
        found["inLanguage"] = list(covers.languages)
    return found
