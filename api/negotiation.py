"""Content negotiation: what a client takes, and which of our formats that means (RFC 9110, 12.5).

Malformed parts of a header are passed over: a client is never worse off for sending more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from graph.errors import NotAcceptableError
from graph.formats import GRAPH_FORMATS, RESULT_FORMATS, Format, by_name
from graph.workers.messages import Wanted

HTML = Format("html", "text/html", "html", ("application/xhtml+xml",))

_LONGEST = 8192  # characters of a header that are read
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105  # RFC 9110, 5.6.2
_RANGE = re.compile(rf"\s*({_TOKEN})/({_TOKEN})\s*((?:;.*)?)", re.DOTALL)
_ELEMENT = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*"?)+', re.DOTALL)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_QUALITY = re.compile(r";\s*q\s*=\s*([^;\s]*)\s*(?:;|$)", re.IGNORECASE)
_NUMBER = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
_LANGUAGE = re.compile(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*((?:;.*)?)")


class _Range(NamedTuple):
    specificity: int
    type: str
    subtype: str
    quality: float


@lru_cache(maxsize=1024)
def _ranges(accept: str) -> tuple[_Range, ...]:
    """Read the media ranges of an Accept header, the most specific first."""
    found = []
    for element in _ELEMENT.findall(accept[:_LONGEST]):
        match = _RANGE.fullmatch(element)
        quality = _quality(match[3]) if match else None
        if match is None or quality is None:
            continue
        kind, subtype = match[1].lower(), match[2].lower()
        if kind == "*" and subtype != "*":
            continue
        specificity = (kind != "*") + (subtype != "*")
        found.append(_Range(specificity, kind, subtype, quality))
    return tuple(sorted(found, reverse=True)) or (_Range(0, "*", "*", 1.0),)


def _quality(parameters: str) -> float | None:
    match = _QUALITY.search(_QUOTED.sub("", parameters))
    if match is None:
        return 1.0
    return float(match[1]) if _NUMBER.fullmatch(match[1]) else None


def quality(accept: str, media_type: str) -> float:
    """Tell how much a client wants a media type, from 0 (not at all) to 1."""
    kind, _, subtype = media_type.partition("/")
    for item in _ranges(accept):
        if item.type in {kind, "*"} and item.subtype in {subtype, "*"}:
            return item.quality
    return 0.0


@lru_cache(maxsize=1024)
def choose(formats: tuple[Format, ...], accept: str, *, name: str | None = None) -> Format:
    """Choose the format that a client wants most, the first of ours among equals.

    `name` is a format asked for by its short name, which overrides the header.
    NotAcceptableError, naming all formats, if none fits.
    """
    if name is not None:
        found = by_name(formats, name)
        if found is None:
            raise NotAcceptableError(f"there is no format “{name[:40]}” here; {_offer(formats)}")
        return found
    best = max(formats, key=lambda item: _best_quality(accept, item))
    if _best_quality(accept, best) <= 0:
        raise NotAcceptableError(
            f"none of the accepted media types is given here; {_offer(formats)}"
        )
    return best


@lru_cache(maxsize=1024)
def wanted(accept: str, name: str | None = None) -> Wanted:
    """Choose the formats of answers, one for tables and one for graphs, as `choose` does."""

    def chosen(formats: tuple[Format, ...]) -> Format | NotAcceptableError:
        try:
            return choose(formats, accept, name=name)
        except NotAcceptableError as error:
            return error.with_traceback(None)

    return Wanted(chosen(RESULT_FORMATS), chosen(GRAPH_FORMATS))


def wants_html(accept: str) -> bool:
    """Tell whether a client is a browser: names HTML, and nothing else higher."""
    asked = _best_quality(accept, HTML)
    named = any(item.type == "text" and item.subtype == "html" for item in _ranges(accept))
    return named and asked > 0 and asked >= max(item.quality for item in _ranges(accept))


def _best_quality(accept: str, form: Format) -> float:
    # Another name of a format counts where it is named: no range means a type that is not sent.
    named = {f"{item.type}/{item.subtype}" for item in _ranges(accept)}
    aliases = (quality(accept, alias) for alias in form.aliases if alias in named)
    return max((quality(accept, form.media_type), *aliases))


def _offer(formats: Sequence[Format]) -> str:
    listed = ", ".join(f"{item.media_type} (format={item.name})" for item in formats)
    return f"given are {listed}"


@lru_cache(maxsize=1024)
def languages(accept_language: str) -> tuple[str, ...]:
    """Read an Accept-Language header: the languages that a reader wants, most wanted first."""
    found = []
    for element in accept_language[:_LONGEST].split(","):
        match = _LANGUAGE.fullmatch(element)
        wanted = _quality(match[2]) if match else None
        if match and wanted:
            found.append((wanted, match[1]))
    found.sort(key=lambda item: -item[0])
    return tuple(dict.fromkeys(tag for _, tag in found))
