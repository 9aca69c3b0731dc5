"""Compressing what routes answer: once for a release, and only what gets shorter by it."""

from __future__ import annotations

import gzip
import re

from starlette.datastructures import MutableHeaders

from api.answers import Answer

GZIP = "gzip"
_SHORTEST = 1_000  # bytes below which a packet is not filled anyway
_LEVEL = 6
_TEXTS = re.compile(
    r"text/|application/(?:[\w.+-]+\+)?(?:json|xml)\b|image/svg\+xml|application/n-"
)
_REFUSED = re.compile(r";\s*q=0(?:\.0*)?\s*$")


def takes_gzip(accept_encoding: str) -> bool:
    """Tell whether a client reads gzip (RFC 9110, 12.5.3)."""
    parts = (part.strip() for part in accept_encoding.lower().split(","))
    return any(part.partition(";")[0] == GZIP and not _REFUSED.search(part) for part in parts)


def is_text(answer: Answer) -> bool:
    """Tell whether an answer is a text that is long enough, and not compressed already."""
    headers = {name.lower(): value for name, value in answer.headers}
    kind = headers.get(b"content-type", b"").decode("latin-1")
    long = len(answer.body) >= _SHORTEST and b"content-encoding" not in headers
    return long and _TEXTS.match(kind) is not None


def compressed(answer: Answer) -> Answer:
    """Give the same answer in gzip; the same bytes each time."""
    body = gzip.compress(answer.body, _LEVEL, mtime=0)
    raw = [(name.lower(), value) for name, value in answer.headers]
    headers = MutableHeaders(raw=raw)
    headers["content-encoding"] = GZIP
    headers["content-length"] = str(len(body))
    return Answer(answer.status, tuple(headers.raw), body)
