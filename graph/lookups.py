"""Lookups: queries that ask what one subject has, whose form bounds the time that they take.

They need no worker that can be killed: a single pattern whose subject is given is read from one
place of an index, and its reading ends with the last row that is wanted.
"""

from __future__ import annotations

import re

from graph.engine import Query

_LONGEST = 2_000  # characters
_IRI = r"<[^<>\"{}|^`\\\x00-\x20]*>"
_NAME = r"[A-Za-z][\w-]*:[A-Za-z0-9_-]*"
_VARIABLE = r"\?[A-Za-z_]\w*"
_COMMENT = r"\#[^\n\r]*"
_LOOKUP = re.compile(
    rf"""\s*
    (?:PREFIX\s+(?:[A-Za-z][\w-]*)?:\s*{_IRI}\s*)*
    SELECT\s*(?:\*|(?:\s{_VARIABLE}\s*)+)\s*
    (?:WHERE\s*)?
    {{\s*(?:{_IRI}|{_NAME})\s+(?:{_VARIABLE}|{_IRI}|{_NAME}|a)\s+{_VARIABLE}\s*\.?\s*}}\s*
    (?:LIMIT\s+[0-9]{{1,9}}\s*)?
    (?:{_COMMENT})?\s*""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


def is_lookup(query: Query) -> bool:
    """Tell whether a query is surely a lookup over the default graph; errs towards no."""
    return (
        len(query.text) <= _LONGEST
        and not query.default_graphs
        and not query.named_graphs
        and _LOOKUP.fullmatch(query.text) is not None
    )
