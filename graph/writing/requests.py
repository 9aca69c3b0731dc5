"""What is asked of the writer and what it answers, and both as bytes on its socket.

A request is its length and that of its body (4 and 8 bytes, big-endian), a JSON document and the
body. An answer is its length (4 bytes) and a JSON document: an outcome or an error.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from graph import errors
from graph.errors import QueryError, ShapesError, SikgError, WriterError
from graph.report import ShapeResult

REQUEST_HEAD = struct.Struct("!IQ")
ANSWER_HEAD = struct.Struct("!I")

Operation = Literal["update", "put", "post", "delete", "patch"]
Policy = Literal["off", "report", "enforce"]

HOW: Mapping[Operation, str] = {
    "update": "SPARQL Update",
    "put": "Graph Store PUT",
    "post": "Graph Store POST",
    "delete": "Graph Store DELETE",
    "patch": "Graph Store PATCH",
}


@dataclass(frozen=True, slots=True)
class Write:
    """One write: who asks for what.

    `body` is an update in UTF-8 or a graph as N-Triples; `graph` is the one graph of a Graph
    Store operation. `sha256` is that of what the client sent. With `expected`, the graph must have
    one of these tags, or be there at all (`*`); with `absent`, it must not be there.
    """

    operation: Operation
    writer: str
    sha256: str
    body: bytes = b""
    scopes: tuple[str, ...] = ()
    graph: str = ""
    base: str | None = None
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    validation: Policy = "off"
    request: str = ""
    expected: tuple[str, ...] = ()
    absent: bool = False

    def encode(self) -> bytes:
        """Write the request as bytes."""
        told = {item.name: getattr(self, item.name) for item in fields(self) if item.name != "body"}
        head = json.dumps(told).encode()
        return REQUEST_HEAD.pack(len(head), len(self.body)) + head + self.body

    @classmethod
    def decode(cls, head: bytes, body: bytes) -> Write:
        """Read a request from its two parts."""
        told: dict[str, Any] = json.loads(head)
        lists = {name: tuple(value) for name, value in told.items() if isinstance(value, list)}
        return cls(body=body, **{**told, **lists})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a write did: the release that holds it, and the quads of edit graphs that differ.

    `shapes` is None where nothing was validated.
    """

    release: int
    inserted: int
    removed: int
    graphs: tuple[str, ...]
    created: bool = False
    shapes: tuple[ShapeResult, ...] | None = None


def encode_answer(answer: Outcome | SikgError) -> bytes:
    """Write an answer as bytes."""
    if isinstance(answer, Outcome):
        shapes = None if answer.shapes is None else [item.model_dump() for item in answer.shapes]
        document = {"outcome": asdict(answer) | {"shapes": shapes}}
    else:
        more: dict[str, object] = {}
        if isinstance(answer, QueryError):
            more = {"line": answer.line, "column": answer.column}
        if isinstance(answer, ShapesError):
            more = {"results": answer.results}
        document = {"error": {"kind": type(answer).__name__, "told": str(answer), "more": more}}
    body = json.dumps(document).encode()
    return ANSWER_HEAD.pack(len(body)) + body


def decode_answer(body: bytes) -> Outcome:
    """Read an answer; raises the error that it tells."""
    document: dict[str, Any] = json.loads(body)
    found = document.get("outcome")
    if found is None:
        error = document["error"]
        kind = getattr(errors, error["kind"], WriterError)
        raise kind(error["told"], **error["more"])
    shapes = found.pop("shapes")
    if shapes is not None:
        shapes = tuple(ShapeResult.model_validate(item) for item in shapes)
    return Outcome(**found | {"graphs": tuple(found["graphs"])}, shapes=shapes)
