"""Members of the stream: each change as lines of N-Quads that a page of the feed holds.

A member is an activity (`as:Create`, `as:Update`, `as:Delete`) about a thing. What is stated of the
thing stands twice: in the graph named by the member, where clients of Linked Data Event Streams
look for it, and in the graphs that state it, so that no statement loses its origin. So no page
holds two changes of one thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from graph.feed.changes import EntityChange
from graph.feed.log import Head
from graph.terms import XSD

AS = "https://www.w3.org/ns/activitystreams#"
LDES = "https://w3id.org/ldes#"
TREE = "https://w3id.org/tree#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_PART_OF = "http://purl.org/dc/terms/isPartOf"
_GRAPH = re.compile(rb" <[^<>]*> \.$")
_OBJECT = re.compile(f"^<[^<>]*> <{AS}object> <([^<>]*)> \\.$".encode())


def member_lines(
    head: Head, page: int, place: int, change: EntityChange, published: datetime
) -> Iterator[bytes]:
    """Write a change as the member at a place of a page, which is counted from 1."""
    this = f"<{head.page_address(page)}#{place}>"
    told = (
        f"<{head.stream}> <{TREE}member> {this}",
        f"{this} <{_TYPE}> <{AS}{change.action}>",
        f"{this} <{AS}object> <{change.subject}>",
        f'{this} <{AS}published> "{moment(published)}"^^<{XSD}dateTime>',
        f"{this} <{_PART_OF}> <{head.base}releases/{head.release}>",
    )
    yield from (f"{line} .\n".encode() for line in told)
    own = f" {this} .\n".encode()
    yield from dict.fromkeys(_GRAPH.sub(b"", line) + own for line in change.lines)
    yield from (line + b"\n" for line in change.lines)


def page_lines(head: Head, page: int, *, closed: bool) -> Iterator[bytes]:
    """Write what a page says of itself."""
    this = f"<{head.page_address(page)}>"
    yield f"{this} <{_TYPE}> <{TREE}Node> .\n".encode()
    if closed:
        yield f'{this} <{LDES}immutable> "true"^^<{XSD}boolean> .\n'.encode()


def subjects_on(lines: Sequence[bytes]) -> set[str]:
    """Name the things of which a page holds a change."""
    found = (_OBJECT.match(line.rstrip(b"\n")) for line in lines)
    return {match[1].decode() for match in found if match}


def moment(when: datetime) -> str:
    """Write a time in UTC, as XML Schema has it."""
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")
