"""Streams between the engine and a result, which put right what it writes wrongly.

It leaves carriage returns in XML as they are, which every reader takes for line feeds, and commas
within IRIs in CSV without quotes.
"""

from __future__ import annotations

from typing import IO, Protocol, cast

import pyoxigraph as ox

from graph.formats import Format

_PIECE = 1 << 16


class Target(Protocol):
    """What takes the bytes of a result."""

    def write(self, data: bytes, /) -> int:
        """Take a piece."""
        raise NotImplementedError


class MisfitError(Exception):
    """Tells that a record has not as many fields as there are variables. Never leaves here."""


class XmlStream:
    """Writes carriage returns as references, so that they are kept (XML 1.0, 2.11)."""

    def __init__(self, target: Target) -> None:
        self._target = target

    def write(self, data: bytes) -> int:
        """Take a piece."""
        self._target.write(data.replace(b"\r", b"&#xD;"))
        return len(data)

    def flush(self) -> None:
        """Do nothing: nothing is held back."""


class CsvStream:
    """Counts the fields of records on their way."""

    def __init__(self, target: Target, fields: int) -> None:
        self._target = target
        self._separators = max(fields - 1, 0)
        self._quoted = False
        self._pending = 0  # commas of the record that has not ended yet

    def write(self, data: bytes) -> int:
        """Take a piece; MisfitError if a record ends in it with too many fields."""
        parts = data.split(b'"')
        outside = b"".join(parts[self._quoted :: 2])
        self._quoted ^= len(parts) % 2 == 0
        ended, newline, begun = outside.rpartition(b"\n")
        commas = self._pending + ended.count(b",")
        if newline:
            if commas != self._separators * (ended.count(b"\n") + 1):
                raise MisfitError
            commas = 0
        self._pending = commas + begun.count(b",")
        return self._target.write(data)

    def flush(self) -> None:
        """Do nothing: nothing is held back."""


def stream_to(
    target: Target, form: Format, results: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
) -> IO[bytes]:
    """Give what the engine writes results to: it has what the engine calls."""
    stream: Target = target
    if form.name in {"xml", "rdfxml"}:
        stream = XmlStream(target)
    elif form.name == "csv" and isinstance(results, ox.QuerySolutions):
        stream = CsvStream(target, len(results.variables))
    return cast("IO[bytes]", stream)


def write_csv(solutions: ox.QuerySolutions, target: Target) -> None:
    """Write solutions as SPARQL 1.1 Query Results CSV, three times slower than the engine."""
    try:
        variables = solutions.variables
        piece, size = [",".join(variable.value for variable in variables)], 0
        for solution in solutions:
            record = ",".join([_field(solution[variable]) for variable in variables])
            piece.append(record)
            size += len(record)
            if size > _PIECE:
                target.write("\r\n".join([*piece, ""]).encode())
                piece, size = [], 0
        target.write("\r\n".join([*piece, ""]).encode())
    finally:
        # An error of the target must not keep them: they belong to this thread.
        del solutions


def _field(node: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> str:
    if node is None:
        return ""
    text = node.value if isinstance(node, ox.NamedNode | ox.Literal) else str(node)
    if any(sign in text for sign in ',"\r\n'):
        return f'"{text.replace(chr(34), chr(34) * 2)}"'
    return text
