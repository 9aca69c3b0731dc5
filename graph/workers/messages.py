"""What is said between the processes of one service.

`marshal` is quick, and unsafe with strangers: both ends are processes of ours.
"""

from __future__ import annotations

import marshal
import struct
from dataclasses import dataclass
from typing import Any

from graph import errors
from graph.engine import Form, Query
from graph.errors import NotAcceptableError, QueryError, SikgError
from graph.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from graph.results import Cut

FORMATS = {form.name: form for form in (*RESULT_FORMATS, *GRAPH_FORMATS)}
_LENGTH = struct.Struct("<I")
HEAD = _LENGTH.size


@dataclass(frozen=True, slots=True)
class Wanted:
    """In which format a table, and in which a graph, is wanted.

    An error stands for a format where none can be given: it counts only if such an answer comes.
    """

    table: Format | NotAcceptableError
    graph: Format | NotAcceptableError

    def choose(self, form: Form) -> Format:
        """Give the format for a form of answer; NotAcceptableError if there is none."""
        chosen = self.graph if form is Form.GRAPH else self.table
        if isinstance(chosen, NotAcceptableError):
            raise chosen
        return chosen


@dataclass(frozen=True, slots=True)
class Job:
    """A query for a worker, and how large its result may be: `size` is in bytes."""

    query: Query
    wanted: Wanted
    rows: int
    size: int

    def packed(self) -> bytes:
        """Write the job as a framed message."""
        query, wanted = self.query, self.wanted
        return framed(
            (
                query.text,
                tuple(query.default_graphs),
                tuple(query.named_graphs),
                _name(wanted.table),
                _name(wanted.graph),
                self.rows,
                self.size,
            )
        )

    @classmethod
    def unpacked(cls, content: bytes) -> Job:
        """Read a job from a message without its frame."""
        text, default, named, table, graph, rows, size = marshal.loads(content)  # noqa: S302
        wanted = Wanted(_format(table), _format(graph))
        return cls(Query(text, default, named), wanted, rows, size)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a worker says: the format and size of a result, or an error.

    A result without `body` is in the file whose descriptor comes with the message.
    """

    format: str = ""
    size: int = 0
    body: bytes | None = None
    cut: Cut | None = None
    error: SikgError | None = None

    @property
    def in_file(self) -> bool:
        """Tell whether the result is in the file that comes with the message."""
        return self.body is None and self.error is None

    def packed(self) -> bytes:
        """Write the reply as a framed message."""
        cut = None if self.cut is None else (self.cut.rows, self.cut.setting)
        return framed((self.format, self.size, self.body, cut, _told(self.error)))

    @classmethod
    def unpacked(cls, content: bytes) -> Reply:
        """Read a reply from a message without its frame."""
        form, size, body, cut, error = marshal.loads(content)  # noqa: S302  # of our own process
        return cls(form, size, body, None if cut is None else Cut(*cut), _raised(error))


def framed(content: Any) -> bytes:  # noqa: ANN401  # plain values of any kind
    """Write plain values with their length before them."""
    body = marshal.dumps(content)
    return _LENGTH.pack(len(body)) + body


def length(head: bytes | bytearray) -> int:
    """Read the length of a message from its first HEAD bytes."""
    return int(_LENGTH.unpack_from(head)[0])


def _name(wanted: Format | NotAcceptableError) -> str | tuple[str]:
    return (str(wanted),) if isinstance(wanted, NotAcceptableError) else wanted.name


def _format(name: str | tuple[str]) -> Format | NotAcceptableError:
    return NotAcceptableError(name[0]) if isinstance(name, tuple) else FORMATS[name]


def _told(error: SikgError | None) -> tuple[Any, ...] | None:
    if error is None:
        return None
    place = (error.line, error.column) if isinstance(error, QueryError) else ()
    return type(error).__name__, str(error), *place


def _raised(told: tuple[Any, ...] | None) -> SikgError | None:
    if told is None:
        return None
    name, message, *place = told
    if place:
        return QueryError(message, line=place[0], column=place[1])
    kind: type[SikgError] = getattr(errors, name, SikgError)
    return kind(message)
