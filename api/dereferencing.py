"""What a client wishes of a linked data address, and the document that it gets.

Beside the format, it can wish for a profile (`Accept-Profile` or `?_profile=`) and for one page of
what links to the thing (`?links=`). What was withdrawn has a tombstone.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from starlette.types import Scope

from api.linked import alternates, by_suffix, path
from api.negotiation import HTML, choose
from api.protocol import header, read_parameters
from graph.conforming import PROFILES, WHOLE, Profile, profile_of
from graph.dataset import Dataset
from graph.documents import document
from graph.entities import exists, read_entity
from graph.errors import NotAcceptableError, NotFoundError, ParameterError, WithdrawnError
from graph.formats import GRAPH_FORMATS, Format
from graph.identity import Reference
from graph.incoming import Incoming, read_incoming
from graph.store import serialise
from graph.withdrawn import Last, tombstone

_PAGE = re.compile(r"[1-9][0-9]{0,6}")
_LONGEST = 4096  # characters of a header that are read
# An address between angle brackets, and maybe a quality; malformed parts are passed over.
_WISHED = re.compile(r"<([^<>\s]{1,500})>(?:\s*;\s*q=([01](?:\.[0-9]{1,3})?))?")

Headers = tuple[tuple[bytes, bytes], ...]


class Wish(NamedTuple):
    """How a client wants a thing told: format, profile, and page of links."""

    accept: str
    form: str | None = None
    profile: str = WHOLE.name
    links: int | None = None

    @property
    def query(self) -> dict[str, str]:
        """Give the parameters that an address carries on when it leads elsewhere."""
        given = {"format": self.form, "links": self.links}
        found = {name: str(value) for name, value in given.items() if value is not None}
        return found if self.profile == WHOLE.name else {**found, "_profile": self.profile}


class Document(NamedTuple):
    """A document: its format, body, further headers, and what beside the thing it was made by."""

    form: Format
    body: bytes
    headers: Headers
    asked: tuple[str, ...]
    gone: bool = False


def read_wish(scope: Scope) -> Wish:
    """Read what a request wishes; ParameterError and NotAcceptableError for what cannot be."""
    accept, accepted = header(scope, b"accept"), header(scope, b"accept-profile")
    if not scope["query_string"] and not accepted:  # as most ask: nothing more is read
        return Wish(accept)
    given = {name: values[0] for name, values in read_parameters(scope["query_string"]).items()}
    page = given.get("links")
    if page is not None and not _PAGE.fullmatch(page):
        raise ParameterError(f"links is the number of a page, from 1 on, and not “{page[:40]}”")
    profile = _profile(given.get("_profile"), accepted)
    links = None if page is None else int(page)
    return Wish(accept, given.get("format"), profile.name, links)


def _profile(name: str | None, accepted: str) -> Profile:
    """Choose a profile: the one asked for by name, else the most wanted of those there are."""
    if name is not None:
        found = profile_of(name)
        if found is None:
            known = ", ".join(f"{item.name} ({item.address})" for item in PROFILES)
            raise NotAcceptableError(f"there is no profile “{name[:60]}” here; there are {known}")
        return found
    wished = [
        (float(quality or 1), item)
        for address, quality in _WISHED.findall(accepted[:_LONGEST])
        if (item := profile_of(address)) is not None
    ]
    best = max(wished, key=lambda item: item[0], default=(0.0, WHOLE))
    return best[1] if best[0] > 0 else WHOLE


def make_document(dataset: Dataset, reference: Reference, wish: Wish, limit: int) -> Document:
    """Make the document about a thing; NotFoundError if the release says nothing of it."""
    store, identity = dataset.store, dataset.identity
    divided = by_suffix(reference)
    if divided is not None and _has(dataset, divided[0]):
        reference, form = divided
    else:
        form = choose(GRAPH_FORMATS, wish.accept, name=wish.form)
    last = withdrawn(dataset, reference)
    if last is not None:
        statements = list(tombstone(identity, reference, last))
        return Document(form, serialise(statements, form), _ways(reference), (), gone=True)
    profile = profile_of(wish.profile) or WHOLE
    asked = (path(reference, "data"), profile.name, str(wish.links))
    ways = _ways(reference, profile)
    if wish.links is not None:
        if not exists(store, identity, reference):
            raise NotFoundError(f"this release says nothing about {path(reference, 'id')}")
        found = read_incoming(store, identity, reference, wish.links)
        address = f"{identity.base}{path(reference, 'data')[1:]}"
        body = serialise(list(found.statements(address)), form)
        return Document(form, body, (*ways, *_paging(found, reference)), asked)
    entity = read_entity(store, identity, reference, limit=limit)
    if profile is WHOLE:
        return Document(form, document(entity, form), ways, asked)
    told = (item for item in entity.all_statements() if not item.overruled)
    kept = profile.kept(quad for item in told for quad in item.quads())
    return Document(form, serialise(list(dict.fromkeys(kept)), form), ways, asked)


def choose_view(dataset: Dataset, reference: Reference, wish: Wish) -> Format:
    """Choose page or document for a thing; NotFoundError if the release says nothing of it.

    WithdrawnError tells a browser that it is gone; others get the tombstone.
    """
    form = choose((*GRAPH_FORMATS, HTML), wish.accept, name=wish.form)
    if form is HTML:
        check_withdrawn(dataset, reference)
    if withdrawn(dataset, reference) is None and not exists(
        dataset.store, dataset.identity, reference
    ):
        address = f"{dataset.identity.base}{path(reference, 'id')[1:]}"
        raise NotFoundError(f"this release says nothing about {address}")
    return form


def withdrawn(dataset: Dataset, reference: Reference) -> Last | None:
    """Tell when a thing was withdrawn; None where it was not, or is told of again by an edit."""
    last = dataset.withdrawn.of(reference)
    if last is None or exists(dataset.store, dataset.identity, reference):
        return None
    return last


def check_withdrawn(dataset: Dataset, reference: Reference) -> None:
    """Refuse a thing that was withdrawn: WithdrawnError says since when."""
    last = withdrawn(dataset, reference)
    if last is not None:
        raise WithdrawnError(
            f"{dataset.identity.entity(reference.segment, reference.key)} was withdrawn: release "
            f"{last.release} of {last.told} was the last to tell of it, and since {last.gone} "
            "none does"
        )


def _has(dataset: Dataset, reference: Reference) -> bool:
    return withdrawn(dataset, reference) is not None or exists(
        dataset.store, dataset.identity, reference
    )


def _ways(reference: Reference, profile: Profile = WHOLE) -> Headers:
    """Name the other forms and profiles of a document."""
    here = path(reference, "data")
    others = [
        f'<{here}?_profile={item.name}>; rel="alternate"; profile="{item.address}"'
        for item in PROFILES
        if item is not profile
    ]
    link = ", ".join([alternates(reference), *others, f'<{profile.address}>; rel="profile"'])
    return (
        (b"link", link.encode()),
        (b"content-profile", f"<{profile.address}>".encode()),
        (b"vary", b"Accept-Profile"),
    )


def _paging(found: Incoming, reference: Reference) -> Headers:
    here = path(reference, "data")
    names = {"previous": "prev"}
    links = (
        f'<{found.address(here, page)}>; rel="{names.get(relation, relation)}"'
        for relation, page in found.others().items()
    )
    return ((b"link", ", ".join(links).encode()),)
