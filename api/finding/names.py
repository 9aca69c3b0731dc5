"""How filters and orders are called on pages, in English; templates say it in other languages."""

from __future__ import annotations

from graph.facts.facets import PERIOD
from graph.facts.finding import Sort
from graph.facts.narrowing import KIND
from visualisations.wording import marked as _

# How filters are called.
NAMES = {
    KIND: _("Kind"),
    "country": _("Country"),
    "region": _("Region"),
    "theme": _("Theme"),
    "target-group": _("Target group"),
    "programme": _("Programme"),
    "role": _("Role"),
    "policy": _("Policy"),
    "level": _("Level of action"),
    "phase": _("Phase"),
    "type": _("Type"),
    PERIOD: _("Begins in"),
    "organisation": _("Organisation"),
    "consortium": _("Consortium"),
    "broader": _("Within the theme"),
}
ORDERS = {
    Sort.FIT: _("Best fit"),
    Sort.NAME: _("Name"),
    Sort.NEWEST: _("Newest first"),
    Sort.OLDEST: _("Oldest first"),
}
