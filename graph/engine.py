"""What the project asks of a SPARQL engine, embedded or remote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from typing import Protocol

from graph.errors import ParameterError
from graph.formats import Format
from graph.terms import Solutions, Term, n3


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

        What stands in a slot is its default; `UNDEF` leaves the variable open. The terms are
        written in canonical N-Quads, so that no text of a value is read as query. ParameterError
        if the query has not exactly one slot of that name.
        """
        text = self.text
        for name, given in terms.items():
            values = [given] if isinstance(given, Term) else given
            body = " ".join(n3(term) for term in values)
            filled = f"VALUES ?{name} {{ {body} }}"
            # A function, so that backslashes of the terms are not read as of a pattern.
            text, count = slot(name).subn(partial(_constant, filled), text)
            if count != 1:
                raise ParameterError(f"the query has {count} slots “VALUES ?{name} {{ … }}”, not 1")
        return replace(self, text=text)


def _constant(text: str, _: re.Match[str]) -> str:
    return text


def slot(name: str) -> re.Pattern[str]:
    """Give the pattern of the slot in which terms are bound to a variable."""
    return re.compile(rf"VALUES\s+\?{re.escape(name)}\s*\{{[^{{}}]*\}}")


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
