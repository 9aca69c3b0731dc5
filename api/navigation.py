"""The sections of the site, in the order in which its pages name them."""

from __future__ import annotations

from typing import NamedTuple

from visualisations.wording import marked as _


class Section(NamedTuple):
    """A part of the site: the address of its first page, and its name in English."""

    path: str
    name: str


SECTIONS = (
    Section("/find", _("Find")),
    Section("/networks", _("Networks")),
    Section("/money", _("Money")),
    Section("/where", _("Where")),
    Section("/when", _("When")),
    Section("/partners", _("Partners")),
    Section("/queries", _("Questions")),
    Section("/sparql", _("SPARQL")),
    Section("/catalogue", _("Data")),
    Section("/about", _("About")),
)

# What the foot of each page leads to.
FURTHER = (
    Section("/news", _("News")),
    Section("/reconciliation", _("Match names")),
    Section("/releases", _("Releases")),
    Section("/quality", _("Quality")),
    Section("/report", _("Report")),
    Section("/ontology", _("Ontology")),
    Section("/api/v1/docs", _("API")),
    Section("/accessibility", _("Accessibility")),
    Section("/correct/page", _("Report a mistake")),
)

# The first segments of the addresses of pages that take a language, the start among them.
TRANSLATED = frozenset(
    {
        "",
        "about",
        "accessibility",
        "bridges",
        "browse",
        "catalogue",
        "correct",
        "dumps",
        "feed",
        "find",
        "links",
        "matches",
        "money",
        "networks",
        "news",
        "ontology",
        "page",
        "partners",
        "peers",
        "prefixes",
        "quality",
        "queries",
        "reconciliation",
        "releases",
        "report",
        "search",
        "sparql",
        "when",
        "where",
    }
)

# Those of them that are of no release: they take none, and lead to the served one.
TIMELESS = frozenset(
    {
        "about",
        "accessibility",
        "correct",
        "feed",
        "matches",
        "news",
        "ontology",
        "queries",
        "releases",
        "sparql",
    }
)
