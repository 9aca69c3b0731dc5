"""Reading the pages of any stream: where they lead, and what their members say of which thing.

What is said of a member is said here of the thing that it is a version of, in a graph that has the
name of the member.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from graph.errors import EndpointError
from graph.feed.members import LDES, TREE
from graph.replicas.streams import Stream, addresses
from graph.store.templates import Quad, named
from graph.terms import Term
from ontology import expand

_TYPE = expand("rdf:type")

NOTES = "urn:sikg:notes"  # the graph of what a replica notes of a stream

# Who is one of these is not kept: personal data is no part of this graph.
_PERSONS = frozenset(
    (_TYPE, kind)
    for kind in (
        expand("foaf:Person"),
        expand("schema:Person"),
        "http://schema.org/Person",
        "http://www.w3.org/ns/person#Person",
        "http://www.w3.org/2006/vcard/ns#Individual",
        expand("s66:Person"),
    )
)

# Statements about each subject, by its kind and name.
_About = Mapping[Term, Sequence[Quad]]


@dataclass(frozen=True, slots=True)
class Version:
    """A member: of which thing, when, whether that is gone, and what is stated of it."""

    member: str
    thing: str
    when: datetime | None
    gone: bool
    quads: tuple[Quad, ...]


@dataclass(frozen=True, slots=True)
class StreamPage:
    """A page: whether it never changes, which pages it leads to, and its members by time."""

    closed: bool
    leads: tuple[str, ...]
    versions: tuple[Version, ...]


def read_stream_page(quads: Sequence[Quad], stream: Stream, address: str) -> StreamPage:
    """Read a page of a stream; EndpointError says what is wrong with it."""
    about: dict[Term, list[Quad]] = defaultdict(list)
    within: dict[str, list[Quad]] = defaultdict(list)
    for quad in quads:
        about[quad[0]].append(quad)
        within[named(quad) or ""].append(quad)
    this = about[Term("uri", address)]
    closed = any((p.value, o.value) == (f"{LDES}immutable", "true") for _, p, o, *_ in this)
    leads = addresses(value for _, name, value, *_ in quads if name.value == f"{TREE}node")
    members = [
        value
        for _, name, value, *_ in about[Term("uri", stream.address)]
        if name.value == f"{TREE}member"
    ]
    versions = [
        _version(member, stream, about, within.get(member.value, ()), address)
        for member in dict.fromkeys(members)
    ]
    first = datetime.min.replace(tzinfo=UTC)
    versions.sort(key=lambda version: version.when or first)
    return StreamPage(closed, leads, tuple(versions))


def _version(
    member: Term, stream: Stream, about: _About, within: Sequence[Quad], address: str
) -> Version:
    """Read a member: what stands in the graph of its name, else what is said of it."""
    if member.kind != "uri" or member.value == NOTES:
        raise EndpointError(f"{address} has a member without an address")
    said: dict[str, list[Term]] = defaultdict(list)
    for quad in about.get(member, ()):
        said[quad[1].value].append(quad[2])
    thing = _only(said, stream.of, member, address).value if stream.of else member.value
    when = _moment(_only(said, stream.at, member, address), address) if stream.at else None
    name, value = stream.gone
    gone = any(term.value == value for term in said[name])
    own = within or [quad for quad in _reached(member, about) if quad[1].value != stream.of]
    kept = [] if gone else _without_persons(own, {member, Term("uri", thing)})
    quads = _standing(kept, member, Term("uri", thing), renamed=not within)
    return Version(member.value, thing, when, gone, quads)


def _without_persons(quads: Sequence[Quad], itself: Collection[Term]) -> list[Quad]:
    """Leave out persons and what leads to them, all of it where the member is about a person."""
    persons = {quad[0] for quad in quads if (quad[1].value, quad[2].value) in _PERSONS}
    if not persons.isdisjoint(itself):
        return []
    return [quad for quad in quads if quad[0] not in persons and quad[2] not in persons]


def _only(said: Mapping[str, Sequence[Term]], name: str, member: Term, address: str) -> Term:
    found = said.get(name, ())
    if len(found) != 1:
        raise EndpointError(
            f"{address} has {len(found)} <{name}> of <{member.value[:200]}>, not one"
        )
    return found[0]


def _moment(term: Term, address: str) -> datetime:
    try:
        read = datetime.fromisoformat(term.value)
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise EndpointError(f"{address} has a member made at {term.value[:60]!r}") from error


def _reached(member: Term, about: _About) -> Iterator[Quad]:
    """Give what is said of a member, and of what has no name but by it."""
    waiting, seen = [member], {member}
    while waiting:
        for quad in about.get(waiting.pop(), ()):
            yield quad
            value = quad[2]
            if value.kind == "bnode" and value not in seen:
                seen.add(value)
                waiting.append(value)


def _standing(
    quads: Iterable[Quad], member: Term, thing: Term, *, renamed: bool
) -> tuple[Quad, ...]:
    """Give statements as they stand in the graph of a member, what has no name named by the thing.

    `renamed` lets the thing stand for the member.
    """
    names: dict[Term, Term] = {member: thing} if renamed else {}
    start = f"{thing.value}{'-' if '#' in thing.value else '#'}genid-"

    def standing(term: Term) -> Term:
        if term.kind == "bnode":
            return names.setdefault(term, Term("uri", f"{start}{len(names)}"))
        return names.get(term, term)

    return tuple(
        (standing(subject), name, standing(value), member) for subject, name, value, *_ in quads
    )
