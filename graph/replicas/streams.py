"""Reading what any Linked Data Event Stream says of itself: its views, and how members are read.

A stream says by which property its members tell of what they are a version, and when they were
made; its pages are nodes of TREE, each of which leads to others (`versions.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph.errors import EndpointError, QueryError
from graph.feed.members import AS, LDES, TREE
from graph.formats import GRAPH_FORMATS, Format
from graph.store.subjects import parse_quads
from graph.store.templates import Quad
from graph.terms import Term
from ontology import expand

# In the order of what is lost: what names no graphs cannot tell members apart so well.
ACCEPT = (
    "application/n-quads, application/trig;q=0.9, application/n-triples;q=0.8, text/turtle;q=0.8, "
    "application/ld+json;q=0.5"
)
_EARLIER_LDES = "http://w3id.org/ldes#"  # which many streams still say
_COLLECTIONS = frozenset({f"{LDES}EventStream", f"{TREE}Collection"})
_TYPE, _VIEW = expand("rdf:type"), f"{TREE}view"


@dataclass(frozen=True, slots=True)
class Stream:
    """What a stream says of itself: its address, its views, and which properties members have.

    `at` tells when a member was made, `of` what it is a version of, and a member that has `gone`,
    a property with its value, says that the thing is no more; each is empty where it is not said.
    """

    address: str
    views: tuple[str, ...]
    at: str
    of: str
    gone: tuple[str, str]


def read_document(body: bytes, media_type: str, address: str) -> list[Quad]:
    """Read a document of linked data; EndpointError where it is none."""
    name = media_type.partition(";")[0].strip().lower()
    form = next((item for item in GRAPH_FORMATS if _is_of(item, name)), None)
    if form is None:
        raise EndpointError(
            f"{address} answered with {name[:60] or 'no media type'}, no statements"
        )
    try:
        quads = parse_quads(body, form, address)
    except QueryError as error:
        raise EndpointError(f"{address} cannot be read: {error}") from error
    return [_as_named_today(quad) for quad in quads]


def _is_of(form: Format, name: str) -> bool:
    return name in {form.media_type, *form.aliases} and not name.endswith(("/xml", "/json"))


def _as_named_today(quad: Quad) -> Quad:
    name = quad[1].value
    if not name.startswith(_EARLIER_LDES) and not quad[2].value.startswith(_EARLIER_LDES):
        return quad
    return tuple(
        term._replace(value=term.value.replace(_EARLIER_LDES, LDES, 1))
        if term.kind == "uri" and term.value.startswith(_EARLIER_LDES)
        else term
        for term in quad
    )


def read_stream(quads: Iterable[Quad], address: str, asked: str) -> Stream:
    """Find the stream that a document is about; EndpointError where it is about none or several.

    `asked` is what was asked for, where that is another address: one with a fragment, or one that
    led here.
    """
    told: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for subject, name, value, *_ in quads:
        told[subject.value][name.value].append(value)
    streams = {
        subject
        for subject, said in told.items()
        if any(kind.value in _COLLECTIONS for kind in said[_TYPE]) or said[f"{TREE}member"]
    }
    here = {address, asked}
    shown = {item for item in streams if not here.isdisjoint(addresses(told[item][_VIEW]))}
    found = (streams & here) or shown or streams
    if len(found) != 1:
        raise EndpointError(f"{address} describes {len(found)} streams, and not one")
    [stream] = found
    said = told[stream]
    views = addresses(said[_VIEW])
    return Stream(
        stream,
        # All views of a stream lead to all of its members.
        () if here & set(views) else views[:1],
        _path(said, "timestampPath", address),
        _path(said, "versionOfPath", address),
        (
            _path(said, "versionDeletePath", address) or _TYPE,
            _path(said, "versionDeleteObject", address) or f"{AS}Delete",
        ),
    )


def addresses(terms: Iterable[Term]) -> tuple[str, ...]:
    """Give the addresses among some terms, each once and in order."""
    return tuple(sorted({term.value for term in terms if term.kind == "uri"}))


def _path(said: Mapping[str, Sequence[Term]], name: str, address: str) -> str:
    found = said.get(f"{LDES}{name}", ())
    if any(term.kind != "uri" for term in found) or len(found) > 1:
        raise EndpointError(f"{address} has a {name} that is no single property")
    return found[0].value if found else ""
