"""The manifest: what the service is and can, in the words of the API (section 3.1)."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from api.dependencies import Reader
from api.reconciliation.reading import BATCH
from api.reconciliation.writing import type_document, types
from graph.languages import OFFICIAL
from graph.reconciling.extending import ALL
from ontology import SIKG
from visualisations.wording import wording

VERSIONS = ("0.2",)
PREVIEW = (440, 320)  # pixels
# What tables are most often of; suggest/type tells all.
_FIRST = ("organisation", "practice", "programme", "project", "consortium", "policy", "country")
_ASKED_AT_ONCE = 100  # names: a batch of it is answered in half a second


def manifest(reader: Reader, address: str, tongue: str, asked: str) -> dict[str, Any]:
    """Write the manifest.

    `address` is that of the site, `tongue` the language that stands in the path of the service,
    and `asked` the part of the query string, such as `release=2`, that all its addresses carry.
    """
    words = wording(reader.languages)
    service = f"{address}{tongue}/reconcile" if tongue else f"{address}reconcile"
    ending = f"?{asked}" if asked else ""
    further = f"&{asked}" if asked else ""
    language = f"&lang={tongue}" if tongue else ""
    known = types(reader)
    kinds = [kind for kind in _FIRST if kind in reader.dataset.names.kinds]
    first = [type_ for kind in kinds for type_ in known.values() if type_.kinds == {kind}]

    def suggested(what: str) -> dict[str, str]:
        return {
            "service_url": service,
            "service_path": f"/suggest/{what}{ending}",
            "flyout_service_url": service,
            "flyout_service_path": f"/flyout/{what}?id=${{id}}{further}",
        }

    name = words.gettext("Social innovation knowledge graph")
    return {
        "versions": list(VERSIONS),
        "name": f"{name} ({tongue})" if tongue else name,
        "identifierSpace": f"{reader.identity.base}id/",
        "schemaSpace": SIKG,
        "documentation": f"{address}reconciliation",
        "serviceVersion": version("social-innovation-knowledge-graph"),
        "logo": f"{address}static/icon.svg",
        "defaultTypes": [type_document(type_, reader) for type_ in first],
        "view": {"url": f"{service}/view?id={{{{id}}}}{further}"},
        "preview": {
            "url": f"{address}embed/entity?id={{{{id}}}}{language}{further}",
            "width": PREVIEW[0],
            "height": PREVIEW[1],
        },
        "suggest": {what: suggested(what) for what in ("entity", "type", "property")},
        "extend": {
            "propose_properties": {"service_url": service, "service_path": f"/properties{ending}"},
            "property_settings": _settings(reader),
        },
        "batchSize": min(_ASKED_AT_ONCE, BATCH),
    }


def _settings(reader: Reader) -> list[dict[str, Any]]:
    words = wording(reader.languages)
    languages = [{"value": "", "name": words.gettext("mine")}]
    languages += [{"value": tag, "name": tag} for tag in OFFICIAL]
    languages.append({"value": ALL, "name": words.gettext("all")})
    return [
        {
            "name": "limit",
            "label": words.gettext("Most values"),
            "type": "number",
            "default": 0,
            "help_text": words.gettext("0 gives all values."),
        },
        {
            "name": "language",
            "label": words.gettext("Language of texts"),
            "type": "select",
            "default": "",
            "choices": languages,
            "help_text": words.gettext("Where there is none in it, the next best is given."),
        },
        {
            "name": "count",
            "label": words.gettext("Number of values"),
            "type": "checkbox",
            "default": False,
            "help_text": words.gettext("How many values there are, instead of the values."),
        },
    ]
