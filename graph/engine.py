"""What the project asks of a SPARQL engine, embedded or remote."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol, runtime_checkable

from graph.errors import ParameterError
from graph.formats import Format
from graph.terms import Solutions, Term, is_absolute_iri, is_language, n3

_SLOT = re.compile(r"VALUES\s+\?(\w+)\s*\{[^{}]*\}")
# A `u` after an escaped backslash would be a codepoint escape for parsers that undo those first
# (SPARQL 1.1, 19.2), and braces would end a slot that is bound again. Other escapes are passed by.
_UNSAFE = re.compile(r"(?P<before>\\\\)(?P<letter>[uU])|\\.|(?P<brace>[{}])")


class Form(Enum):
    """The four forms of a query, by what they answer."""

    SOLUTIONS = "solutions"
    BOOLEAN = "boolean"
    GRAPH = "graph"


@dataclass(frozen=True, slots=True)
class Query:
    """A query text and the dataset of the protocol.

    `default_graphs` and `named_graphs` are the IRIs of SPARQL 1.1 Protocol 2.1.4; where both
    are empty, the dataset of the query text or of the store is used.
    """

    text: str
    default_graphs: Sequence[str] = ()
    named_graphs: Sequence[str] = ()

    def bind(self, **terms: Term | Sequence[Term]) -> Query:
        """Give the query with terms in its slots `VALUES ?name { … }`.

        What stands in a slot is its default; `UNDEF` leaves the variable open, and no term at
        all leaves no solution. The terms are written so that no text of a value is read as query.
        ParameterError if the query has not exactly one slot of that name, or if a term is a blank
        node or holds what is no IRI or language tag.
        """
        filled = {
            name: f"VALUES ?{name} {{ {' '.join(map(_written, _several(given)))} }}"
            for name, given in terms.items()
        }
        found: Counter[str] = Counter()

        # In one pass, so that no value is searched for the slot of another.
        def fill(match: re.Match[str]) -> str:
            found[match[1]] += 1
            return filled.get(match[1], match[0])

        text = _SLOT.sub(fill, self.text)
        for name in filled:
            if found[name] != 1:
                raise ParameterError(
                    f"the query has {found[name]} slots “VALUES ?{name} {{ … }}”, not 1"
                )
        return replace(self, text=text)


def _several(given: Term | Sequence[Term]) -> Sequence[Term]:
    return [given] if isinstance(given, Term) else given


def _written(term: Term) -> str:
    if term.kind == "bnode":
        raise ParameterError("a blank node cannot be asked for: it has no name outside its graph")
    for name in (term.value if term.kind == "uri" else None, term.datatype):
        if name is not None and not is_absolute_iri(name):
            raise ParameterError(f"{name[:200]!r} is no absolute IRI")
    if term.language is not None and not is_language(term.language):
        raise ParameterError(f"{term.language[:40]!r} is no language tag")
    if term.kind == "uri":
        return n3(term)
    return _UNSAFE.sub(_as_codepoint, n3(term))


def _as_codepoint(found: re.Match[str]) -> str:
    letter = found["letter"] or found["brace"]
    return f"{found['before'] or ''}\\u{ord(letter):04X}" if letter else found[0]


class Engine(Protocol):
    """Answers queries. Every method raises QueryError for a malformed query."""

    def select(self, query: Query) -> Solutions:
        """Answer a SELECT query with plain values."""
        raise NotImplementedError

    def ask(self, query: Query) -> bool:
        """Answer an ASK query."""
        raise NotImplementedError

    def construct(self, query: Query, form: Format) -> bytes:
        """Answer a CONSTRUCT or DESCRIBE query in one of the graph formats."""
        raise NotImplementedError


# A subject, a property, a value, and the graph that holds it; None for the default graph.
Held = tuple[str, str, Term, str | None]
DEFAULT_GRAPH = ""


@runtime_checkable
class Holder(Protocol):
    """Holds statements that are looked up by their subject, much sooner than by a query."""

    def look_up(
        self, subjects: Iterable[str], *, name: str | None = None, graph: str | None = None
    ) -> list[Held]:
        """Give the statements about things, of one property or all, in one graph or all."""
        raise NotImplementedError

    def look_back(
        self, value: str, limit: int, *, name: str | None = None, graph: str | None = None
    ) -> list[Held]:
        """Give the first statements that name a thing as their value, as `look_up` does."""
        raise NotImplementedError
