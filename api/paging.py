"""Paging: one page of a list from the parameters of a request, and the way to the next."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from api.dependencies import Reader
from graph.errors import ParameterError
from graph.listing import FILTERS, Filter, filters_of, list_entities

LIMIT = 50
MOST = 200
_WORDS_MOST = 1000  # things that a list looks for by words


@dataclass(frozen=True, slots=True)
class Listed:
    """The IRIs on one page of a list, the cursor of the next, and what was left out."""

    things: tuple[str, ...]
    cursor: str | None
    notices: tuple[str, ...]

    def next_address(self, path: str, parameters: Mapping[str, str]) -> str | None:
        """Give the address of the next page of the same list."""
        if self.cursor is None:
            return None
        kept = {name: value for name, value in parameters.items() if name != "cursor"}
        return f"{path}?{urlencode({**kept, 'cursor': self.cursor})}"


def list_page(reader: Reader, kind: str, parameters: Mapping[str, str]) -> Listed:
    """Read one page of the entities of a kind.

    ParameterError for a limit, a cursor or a filter that is impossible.
    """
    filters = filters_of(kind)
    chosen = {name: value for name, value in parameters.items() if name in filters and value}
    after = parameters.get("cursor", "")
    words = parameters.get("q", "").strip()
    among = None
    notices: tuple[str, ...] = ()
    if words:
        found = reader.dataset.search.search(words, segment=kind, limit=_WORDS_MOST)
        among = [hit.iri for hit in found]
        if len(found) == _WORDS_MOST:
            notices = (f"Only the {_WORDS_MOST} names that fit best are listed; add a word.",)
    taken = list_entities(
        reader.dataset.store,
        reader.identity,
        kind,
        chosen=chosen,
        among=among,
        after=_after(reader, kind, after),
        limit=read_limit(parameters.get("limit", "")),
    )
    cursor = _cursor(reader, taken.things[-1]) if taken.more else None
    return Listed(taken.things, cursor, notices)


def read_limit(value: str) -> int:
    """Read how many things are asked for at once."""
    if not value:
        return LIMIT
    if not value.isascii() or not value.isdigit() or not 1 <= int(value[:9]) <= MOST:
        raise ParameterError(f"limit is “{value[:40]}”; possible are 1 to {MOST}")
    return int(value)


def filter_parameters(kind: str) -> list[Filter]:
    """Give the filters of a kind, in the order of the table."""
    return [item for item in FILTERS if kind in item.paths]


def _cursor(reader: Reader, thing: str) -> str:
    reference = reader.identity.parse(thing)
    key = "" if reference is None else reference.key
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _after(reader: Reader, kind: str, cursor: str) -> str:
    if not cursor:
        return ""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        key = base64.b64decode(padded, altchars=b"-_", validate=True).decode("utf-8")
    except (binascii.Error, UnicodeError) as error:
        raise ParameterError("the cursor is none that this service gave") from error
    return reader.identity.entity(kind, key)
