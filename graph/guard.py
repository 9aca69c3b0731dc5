"""Refuse queries that would make the engine talk to other hosts.

The engine evaluates SERVICE by real requests and shows no parsed query, so the text is read
here. The reading errs towards refusing: whatever could be the keyword SERVICE counts as it.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from graph.errors import ForbiddenError

_CODEPOINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_AMBIGUOUS = "\x00"

# Tokens in which the letters "service" can stand without being the keyword. A `<` opens an IRI
# only before `scheme://`, which no expression can start with; otherwise it may be an operator
# that hides what follows, unless white space or `=` comes after it.
_TOKENS = re.compile(
    r"""
      (?P<string>\"{3}(?:\"{0,2}(?:[^\"\\]|\\.))*\"{3}|'{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
                |\"(?:[^\"\\\n\r]|\\.)*\"|'(?:[^'\\\n\r]|\\.)*')
    | (?P<iri><[A-Za-z][A-Za-z0-9+.-]*://[^<>\"{}|^`\\\x00-\x20]*>)
    | (?P<operator><(?=[\s=]))
    | (?P<unclear><)
    | (?P<comment>\#[^\n\r]*)
    | (?P<escape>\\.)
    | (?P<variable>[?$]\w+)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<local>:[\w%-]*)
    """,
    re.VERBOSE | re.DOTALL,
)
_SERVICE = re.compile(r"service", re.IGNORECASE)
_SERVICE_CALL = re.compile(r"service(?:\s+silent)?\s*<([^<>]*)>", re.IGNORECASE)


def check_service(query: str, allowed: Collection[str] = ()) -> None:
    """Refuse a query with SERVICE calls to endpoints that are not in `allowed`.

    Only constant endpoints written as absolute IRIs can be allowed. ForbiddenError otherwise.
    """
    text = _CODEPOINT.sub(_character, query)
    if not _SERVICE.search(text):
        return
    text = _TOKENS.sub(_blank, text)
    if _AMBIGUOUS in text:
        raise ForbiddenError(
            "the query contains the word “service” and a “<” that can be read in two ways: "
            "write a space after each less-than sign and IRIs in the form <scheme://…>"
        )
    rest = _SERVICE_CALL.sub(lambda call: "" if call[1] in allowed else call[0], text)
    if _SERVICE.search(rest):
        listed = ", ".join(f"<{endpoint}>" for endpoint in sorted(allowed)) or "none"
        raise ForbiddenError(
            "SERVICE is refused here but for the endpoints that the operator allowed "
            f"(setting service_allow; now: {listed})"
        )


def _character(match: re.Match[str]) -> str:
    number = int(match[1] or match[2], 16)
    return chr(number) if number <= 0x10FFFF else match[0]  # noqa: PLR2004  # end of Unicode


def _blank(match: re.Match[str]) -> str:
    if match["unclear"] is not None:
        return _AMBIGUOUS
    if match["iri"] is not None:
        # Kept as the operand of a SERVICE call, shorn of the letters that are searched for.
        return match[0] if _precedes_call(match) else "<>"
    return " "


def _precedes_call(match: re.Match[str]) -> bool:
    before = match.string[: match.start()]
    return re.search(r"(?<![?$:@\w])service(?:\s+silent)?\s*$", before, re.IGNORECASE) is not None
