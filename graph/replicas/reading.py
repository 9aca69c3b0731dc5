"""Reading a peer's feed: its root and its pages, checked before anything is done with them.

A feed is written by others. What does not fit the form that nodes of this kind give it is refused
with a reason, whatever else a client of Linked Data Event Streams could make of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from graph.errors import EndpointError, QueryError
from graph.feed.changes import Action
from graph.feed.members import AS, LDES, TREE
from graph.feed.pages import DIGEST, VOID
from graph.formats import NQUADS
from graph.identity import Identity
from graph.store.subjects import Payload, parse_page, parse_quads
from graph.store.templates import Quad
from ontology import expand

_TYPE = expand("rdf:type")
_ACTIONS: dict[str, Action] = {
    f"{AS}Create": "Create",
    f"{AS}Update": "Update",
    f"{AS}Delete": "Delete",
}
_PAGE = re.compile(r"feed/([0-9a-f]{1,40})/([1-9][0-9]{0,6})")
_RELEASE = re.compile(r"releases/([1-9][0-9]{0,17})")


@dataclass(frozen=True, slots=True)
class Root:
    """What a peer says of its feed: its base, the epoch, how many pages, and what they lead to."""

    base: str
    epoch: str
    pages: int
    release: int
    digest: str


@dataclass(frozen=True, slots=True)
class Member:
    """One change on a page: of which thing, what, and when."""

    subject: str
    action: Action
    published: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """A page: whether it is full, its changes in order, and what is stated of their things."""

    closed: bool
    members: tuple[Member, ...]
    payload: Payload


def read_root(data: bytes, address: str) -> Root:
    """Read the root of a feed; EndpointError says what is wrong with it."""
    quads = _parsed(data, address)
    streams = [s.value for s, p, o, *_ in quads if (p.value, o.value) == (_TYPE, _STREAM)]
    if len(streams) != 1:
        raise EndpointError(f"{address} describes {len(streams)} streams of changes, and not one")
    about = {(p.value, o.value) for s, p, o, *_ in quads if s.value == streams[0]}
    base = _one(address, "base", (o for p, o in about if p == f"{VOID}uriSpace"))
    try:
        Identity(base)
    except ValueError as error:
        raise EndpointError(f"{address}: {error}") from error
    version = _one(address, "release", (o for p, o in about if p == expand("dcterms:hasVersion")))
    release = _RELEASE.fullmatch(version.removeprefix(base))
    digest = _one(
        address,
        "digest",
        (
            o.value.removeprefix(DIGEST)
            for s, p, o, *_ in quads
            if s.value == version and p.value == expand("dcterms:identifier")
        ),
    )
    if release is None or not re.fullmatch("[0-9a-f]{128}", digest):
        raise EndpointError(f"{address} does not say which release it leads to, and its digest")
    epoch, pages = _pages(quads, base, address)
    return Root(base, epoch, pages, int(release[1]), digest)


_STREAM = f"{LDES}EventStream"


def _pages(quads: Iterable[Quad], base: str, address: str) -> tuple[str, int]:
    """Read of which epoch the pages are, and that they are numbered from 1 without a gap."""
    leads = {o.value for _, p, o, *_ in quads if p.value == f"{TREE}node"}
    found = [_PAGE.fullmatch(lead.removeprefix(base)) for lead in leads]
    if not found or not all(found):
        raise EndpointError(f"{address} leads to other pages than those of the feed under {base}")
    epochs = {match[1] for match in found if match}
    numbers = sorted(int(match[2]) for match in found if match)
    if len(epochs) != 1 or numbers != list(range(1, len(numbers) + 1)):
        raise EndpointError(f"{address} lists pages of several feeds, or with gaps between them")
    return epochs.pop(), len(numbers)


def read_page(data: bytes, root: Root, number: int, address: str) -> Page:
    """Read a page of a feed; EndpointError says what is wrong with it."""
    this = f"{root.base}feed/{root.epoch}/{number}"
    try:
        about, payload = parse_page(data, f"{this}#")
    except QueryError as error:
        raise EndpointError(f"{address} is no page of a feed: {error}") from error
    closed = about.get(this, {}).get(f"{LDES}immutable") == "true"
    members = [about.get(f"{this}#{place}") for place in range(1, len(about) + 1)]
    found = [member for member in members if member is not None]
    if found != members[: len(found)]:
        raise EndpointError(f"{address} has gaps between its changes")
    changes = tuple(_member(member, address) for member in found)
    subjects = {change.subject for change in changes if change.action != "Delete"}
    if len({change.subject for change in changes}) != len(changes):
        raise EndpointError(f"{address} tells of one thing twice")
    if payload.subjects - subjects:
        other = min(payload.subjects - subjects)
        raise EndpointError(f"{address} states something of <{other[:200]}> without a change of it")
    return Page(closed, changes, payload)


def _member(told: dict[str, str], address: str) -> Member:
    action = _ACTIONS.get(told.get(_TYPE, ""))
    subject, published = told.get(f"{AS}object"), told.get(f"{AS}published")
    if action is None or subject is None or published is None:
        raise EndpointError(f"{address} has a change without its thing, its kind or its time")
    try:
        when = datetime.fromisoformat(published).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise EndpointError(f"{address} has a change at {published[:60]!r}") from error
    return Member(subject, action, when)


def _parsed(data: bytes, address: str) -> Sequence[Quad]:
    try:
        return parse_quads(data, NQUADS)
    except QueryError as error:
        raise EndpointError(f"{address} is no feed: {error}") from error


def _one(address: str, what: str, found: Iterable[str]) -> str:
    values = list(found)
    if len(values) != 1:
        raise EndpointError(f"{address} names {len(values)} of what is one: its {what}")
    return values[0]
