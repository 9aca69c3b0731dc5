"""Addresses of pages that each reader may open: every general test of pages opens all of them."""

from __future__ import annotations

PATHS = (
    "/",
    "/about",
    "/browse/practice",
    "/maps",
    "/matches",
    "/page/consortium/esia",
    "/page/organisation/ee-kysk",
    "/page/row/organisations-7",
    "/page/theme/employment",
    "/queries",
    "/queries/conflicts",
    "/quality",
    "/report",
    "/search?q=tallinn",
    "/sparql",
    "/ontology",
)
