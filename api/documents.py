"""The documents of a request that writes a graph: one body, or the files of a form."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.types import Receive, Scope

from api.errors import MediaTypeError
from api.protocol import content_type, read_body
from graph.errors import ParameterError
from graph.formats import Format
from graph.store.sent import canonical

_FORM = "multipart/form-data"
_FILES = 100  # of one form
_UTF8 = {"", "utf-8", "utf8"}


@dataclass(frozen=True, slots=True)
class Sent:
    """What a client sent, and the same as the writer takes it."""

    sent: bytes
    body: bytes


class Reading(Protocol):
    """Reads what was sent as the statements of a graph."""

    def __call__(self, graph: str) -> Sent:
        """Give N-Triples; QueryError if a document is malformed."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class _Documents:
    """Documents with their formats."""

    documents: Sequence[tuple[bytes, Format]]

    def __call__(self, graph: str) -> Sent:
        body = b"".join(canonical(data, form, graph) for data, form in self.documents)
        return Sent(b"".join(data for data, _ in self.documents), body)


async def read_sent(
    scope: Scope, receive: Receive, formats: Sequence[Format], limit: int
) -> Reading:
    """Read the documents of a request.

    MediaTypeError for types that are no graph of ours, TooLargeError above the limit in bytes,
    ParameterError for a form that cannot be read.
    """
    kind, charset = content_type(scope)
    if kind == _FORM:
        return _Documents(await _read_form(scope, receive, formats, limit))
    form = _format(kind, charset, formats)
    return _Documents([(await read_body(scope, receive, limit), form)])


async def _read_form(
    scope: Scope, receive: Receive, formats: Sequence[Format], limit: int
) -> list[tuple[bytes, Format]]:
    body = await read_body(scope, receive, limit)

    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    try:
        parser = MultiPartParser(Headers(scope=scope), stream(), max_files=_FILES, max_fields=0)
        found = await parser.parse()
    except (MultiPartException, KeyError) as error:
        raise ParameterError(f"the form cannot be read: {error}") from error
    documents: list[tuple[bytes, Format]] = []
    try:
        for _, part in found.multi_items():
            if isinstance(part, UploadFile):
                told, _, rest = (part.content_type or "").partition(";")
                charset = rest.partition("charset=")[2].strip(' "').lower()
                form = _format(told.strip().lower(), charset, formats)
                documents.append((await part.read(), form))
    finally:
        await found.close()
    if not documents:
        raise ParameterError("the form holds no file")
    return documents


def _format(kind: str, charset: str, formats: Sequence[Format]) -> Format:
    found = next((form for form in formats if kind in {form.media_type, *form.aliases}), None)
    if found is None or kind in {"text/xml", "application/xml", "application/json", "text/plain"}:
        listed = ", ".join(form.media_type for form in formats)
        raise MediaTypeError(f"a graph of type “{kind[:60]}” is not read here; read are {listed}")
    if charset not in _UTF8:
        raise MediaTypeError(f"a graph is sent in UTF-8, not in “{charset[:40]}”")
    return found
