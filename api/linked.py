"""Linked data addresses: what is asked for by `/id/…` and `/data/…`, and the ways on from there."""

from __future__ import annotations

from urllib.parse import unquote

from starlette.types import Scope

from graph.errors import NotFoundError
from graph.formats import GRAPH_FORMATS, Format
from graph.identities.redirects import Redirects
from graph.identity import Identity, Reference

# A judgement can be taken back: what has moved is asked for again.
MOVED_HEADERS = {"Cache-Control": "no-cache"}
_LONGEST = 2000  # characters of an address: keys are far shorter


def read_reference(scope: Scope, view: str) -> Reference:
    """Read what `/{view}/{segment}/{key}` names, from the address as it was sent.

    The key is decoded once, so that `%2F` in it divides nothing. NotFoundError for what cannot
    name anything: no key, broken UTF-8, an overlong address.
    """
    sent = scope.get("raw_path") or scope["path"].encode()
    try:
        segment, _, key = sent.decode("ascii").removeprefix(f"/{view}/").partition("/")
        reference = Reference(unquote(segment, errors="strict"), unquote(key, errors="strict"))
    except UnicodeDecodeError as error:
        raise NotFoundError("there is nothing here: the address is no UTF-8") from error
    if len(sent) > _LONGEST or Identity().parse(_iri(reference)) != reference:
        raise NotFoundError("there is nothing here: the address has not the form /KIND/KEY")
    return reference


def _iri(reference: Reference) -> str:
    return Identity().entity(reference.segment, reference.key)


def by_suffix(reference: Reference) -> tuple[Reference, Format] | None:
    """Divide a key from the suffix of a graph format; None if it ends in none."""
    key, dot, suffix = reference.key.rpartition(".")
    form = next((item for item in GRAPH_FORMATS if item.suffix == suffix), None)
    if not dot or not key or form is None:
        return None
    return Reference(reference.segment, key), form


def moved_to(redirects: Redirects, reference: Reference, view: str) -> str | None:
    """Give the path of what a merged thing is now, with the same suffix; None if it is itself."""
    target = redirects.of(reference)
    if target is not None:
        return path(target, view)
    divided = by_suffix(reference) if view == "data" else None
    target = None if divided is None else redirects.of(divided[0])
    if divided is None or target is None:
        return None
    return f"{path(target, view)}.{divided[1].suffix}"


def with_query(address: str, query: str) -> str:
    """Give an address with the query string that was asked."""
    return f"{address}?{query}" if query else address


def path(reference: Reference, view: str) -> str:
    """Give the path of one view of a thing: id, page, data or api/v1."""
    return _iri(reference).replace(f"{Identity().base}id/", f"/{view}/", 1)


def alternates(reference: Reference) -> str:
    """Write the Link header that names all representations of a thing (RFC 8288)."""
    page = f'<{path(reference, "page")}>; rel="alternate"; type="text/html"'
    return f"{page}, {alternate_formats(path(reference, 'data') + '.')}"


def alternate_formats(prefix: str) -> str:
    """Write the Link header that names the graph formats of what stands at a prefix."""
    return ", ".join(
        f'<{prefix}{form.suffix}>; rel="alternate"; type="{form.media_type}"'
        for form in GRAPH_FORMATS
    )
