"""Refuse queries that would make the engine talk to other hosts, or that would break it.

The engine evaluates SERVICE by real requests and shows no parsed query, so the text is read
here. The reading errs towards refusing: whatever could be the keyword SERVICE counts as it.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from graph.errors import ForbiddenError, QueryError

# The engine is recursive in the depth of a query and in the length of its chains, and a stack
# that overflows ends the process: seen from 1,600 of either in a thread of 8 MiB. The time to
# order joins grows with the fifth power of the patterns: 6 s for 160 of them.
MAX_NESTING = 100
MAX_CHAIN = 500
MAX_PATTERNS = 120

_CODEPOINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")

# Our own marks in a text that was read: the engine takes neither character outside strings.
_AMBIGUOUS, _IRI = "\x00", "\x01"
_OURS = str.maketrans({_AMBIGUOUS: " ", _IRI: " "})

# Tokens in which letters and brackets can stand that are none of the query. A `<` surely opens
# an IRI only before `scheme://`, which no expression can start with. Before other text without
# white space up to `>` it opens an IRI or is an operator: that matters only where quotes, `#`
# or backslashes hide what follows in one of the readings.
_TOKENS = re.compile(
    r"""
      (?P<string>\"{3}(?:\"{0,2}(?:[^\"\\]|\\.))*\"{3}|'{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
                |\"(?:[^\"\\\n\r]|\\.)*\"|'(?:[^'\\\n\r]|\\.)*')
    | <(?P<iri>[A-Za-z][A-Za-z0-9+.-]*://
              (?:[^<>\"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*)>
    | (?P<unclear><(?=[^<>\"{}|^`\x00-\x20]*>)(?=[^<>'\#\\]*['\#\\]))
    | (?P<comment>\#[^\n\r]*)
    | (?P<escape>\\.)
    | (?P<variable>[?$]\w+)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<local>:[\w%-]*)
    """,
    re.VERBOSE | re.DOTALL,
)
_SERVICE = re.compile(r"service", re.IGNORECASE)
_SERVICE_CALL = re.compile(rf"service(?:\s+silent)?\s*{_IRI}([0-9]+){_IRI}", re.IGNORECASE)
_LINKS = re.compile(
    r"&&|\|\||[!+*/|^-]"
    r"|\b(?:as|bind|exists|filter|graph|lateral|minus|optional|service|union)\b",
    re.IGNORECASE,
)
_MARKS = re.compile(r"<<|>>|[(\[{}\]);,/]|(?<![0-9])\.|\.(?![0-9])")
_CLOSING = re.compile(r">>|[)\]}]")


def check_service(query: str, allowed: Collection[str] = ()) -> None:
    """Refuse a query with SERVICE calls to endpoints that are not in `allowed`.

    Only constant endpoints written as absolute IRIs can be allowed. ForbiddenError otherwise.
    """
    # Engines differ in whether codepoint escapes are undone everywhere, as SPARQL 1.1 asks, or
    # in strings and IRIs only: a quote written so ends a string for one and not for the other.
    for text in dict.fromkeys((query, without_escapes(query))):
        if _SERVICE.search(text):
            _check_reading(text, allowed)


def called_endpoints(query: str) -> set[str]:
    """Give the endpoints that a query which passed `check_service` may call."""
    called: set[str] = set()
    for text in {query, without_escapes(query)}:
        if _SERVICE.search(text):
            bared, iris = _bared(text)
            called.update(iris[int(call[1])] for call in _SERVICE_CALL.finditer(bared))
    return called


def without_escapes(query: str) -> str:
    """Undo codepoint escapes everywhere, as SPARQL 1.1, 19.2 asks."""
    return _CODEPOINT.sub(_character, query)


def check_size(query: str) -> None:
    """Refuse a query so deep or long that the engine could not bear it; QueryError then."""
    if len(query) <= MAX_NESTING:
        return
    text, _ = _bared(query)
    if _AMBIGUOUS in text:
        # What seems to be a string may be none, and a bracket within it no end of another.
        text = _CLOSING.sub(" ", query)
    links = sum(1 for _ in _LINKS.finditer(text))
    if links > MAX_CHAIN:
        raise QueryError(
            f"the query has {links} operators and keywords, at most {MAX_CHAIN} are evaluated: "
            "ask in several queries, or give many values in VALUES"
        )
    depth, patterns = _extent(text)
    if depth > MAX_NESTING:
        raise QueryError(f"the query is nested {depth} levels deep, at most {MAX_NESTING} can be")
    if patterns > MAX_PATTERNS:
        raise QueryError(
            f"the query has {patterns} graph patterns, at most {MAX_PATTERNS} are evaluated: "
            "ask in several queries, or give many values in VALUES"
        )


def _check_reading(query: str, allowed: Collection[str]) -> None:
    text, iris = _bared(query)
    if _AMBIGUOUS in text:
        raise ForbiddenError(
            "the query contains the word “service” and a “<” that can be read in two ways: "
            "write a space after each less-than sign and IRIs in the form <scheme://…>"
        )
    rest = _SERVICE_CALL.sub(
        lambda call: "" if iris[int(call[1])] in allowed else call[0],
        text,
    )
    if _SERVICE.search(rest):
        listed = ", ".join(f"<{endpoint}>" for endpoint in sorted(allowed)) or "none"
        raise ForbiddenError(
            "SERVICE is refused here but for the endpoints that the operator allowed "
            f"(setting service_allow; now: {listed})"
        )


def _bared(query: str) -> tuple[str, list[str]]:
    """Take out strings, comments, names and IRIs; each IRI leaves its place in the list."""
    iris: list[str] = []

    def bare(match: re.Match[str]) -> str:
        if match["unclear"] is not None:
            return _AMBIGUOUS
        if match["iri"] is None:
            return " "
        iris.append(match["iri"])
        return f"{_IRI}{len(iris) - 1}{_IRI}"

    return _TOKENS.sub(bare, query.translate(_OURS)), iris


def _extent(text: str) -> tuple[int, int]:
    """Count the depth of brackets, and what separates or opens graph patterns."""
    opened: list[str] = []
    deepest = patterns = 0
    for match in _MARKS.finditer(text):
        mark = match[0]
        if mark in {"(", "[", "{", "<<"}:
            opened.append(mark)
            deepest = max(deepest, len(opened))
            patterns += mark == "{"
        elif mark in {")", "]", "}", ">>"}:
            del opened[-1:]
        # Commas and points within parentheses stand in calls and lists of values.
        elif mark == "/" or opened[-1:] != ["("]:
            patterns += 1
    return deepest, patterns


def _character(match: re.Match[str]) -> str:
    number = int(match[1] or match[2], 16)
    return chr(number) if number <= 0x10FFFF else match[0]  # noqa: PLR2004  # end of Unicode
