"""The sections of the site, in the order in which its pages name them."""

from __future__ import annotations

from typing import NamedTuple


class Section(NamedTuple):
    """A part of the site: the address of its first page, and its name in English."""

    path: str
    name: str


def _(message: str) -> str:
    """Mark a message for the catalogues; templates say it in the reader's language."""
    return message


SECTIONS = (
    Section("/maps", _("Maps")),
    Section("/queries", _("Questions")),
    Section("/sparql", _("SPARQL")),
    Section("/report", _("Report")),
    Section("/quality", _("Quality")),
    Section("/api/v1/docs", _("API")),
    Section("/about", _("About")),
)
