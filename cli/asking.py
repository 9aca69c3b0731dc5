"""Ask: where a query comes from, and how its answer is written."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from cli.console import say, say_json, say_table
from graph.catalogue import Catalogue
from graph.endpoint import Endpoint
from graph.engine import Form, Query
from graph.errors import ParameterError
from graph.formats import BOOLEAN_FORMATS, GRAPH_FORMATS, RESULT_FORMATS, Format, by_name
from graph.guard import check_service
from graph.identity import Identity
from graph.store import Store
from graph.terms import Solutions, binding

_OFFERED = {
    Form.SOLUTIONS: RESULT_FORMATS,
    Form.BOOLEAN: BOOLEAN_FORMATS,
    Form.GRAPH: GRAPH_FORMATS,
}


def read_query(what: str, parameters: Sequence[str], identity: Identity) -> Query:
    """Give the query that a name of the catalogue, a file or - for standard input means."""
    catalogue = Catalogue.read()
    if what in {item.name for item in catalogue}:
        return catalogue.get(what).bound(_values(parameters), identity)
    if parameters:
        raise ParameterError("only a query of the catalogue has parameters")
    if what == "-":
        return Query(_decoded(sys.stdin.buffer.read(), "standard input"))
    path = Path(what)
    if not path.exists():
        # No file either: the catalogue names what is near.
        catalogue.get(what)
    try:
        return Query(_decoded(path.read_bytes(), what))
    except OSError as error:
        raise ParameterError(f"{what} cannot be read: {error.strerror}") from error


def answer_from_store(
    store: Store, asked: Query, form: str | None, services: Sequence[str] = ()
) -> None:
    """Write the answer in a format by name, by default as people read it.

    ForbiddenError if the query calls an endpoint by SERVICE that is not among the services.
    """
    check_service(asked.text, services)

    def choose(kind: Form) -> Format:
        return _OFFERED[kind][0] if form is None else _named(form, _OFFERED[kind])

    chosen, body = store.answer(asked, choose)
    if form is not None or chosen in GRAPH_FORMATS:
        sys.stdout.buffer.write(body.rstrip(b"\n") + b"\n")
        return
    document = json.loads(body)
    if "boolean" in document:
        say("true" if document["boolean"] else "false")
    else:
        _say_solutions(Solutions.from_json(body))


def answer_from_endpoint(address: str, asked: Query, form: str | None) -> None:
    """Write the answer of an endpoint: a table, SPARQL results in JSON, or a graph."""
    host = urlsplit(address).hostname
    endpoint = Endpoint(address, allow=(host,) if host else ())
    if form is None:
        _say_solutions(endpoint.select(asked))
    elif form == "json":
        say_json(_results_json(endpoint.select(asked)))
    else:
        body = endpoint.construct(asked, _named(form, (RESULT_FORMATS[0], *GRAPH_FORMATS)))
        sys.stdout.buffer.write(body.rstrip(b"\n") + b"\n")


def _named(form: str, offered: Sequence[Format]) -> Format:
    chosen = by_name(tuple(offered), form)
    if chosen is None:
        names = ", ".join(item.name for item in offered)
        raise ParameterError(f"this answer cannot be written as {form!r}, but as {names}")
    return chosen


def _values(words: Sequence[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise ParameterError(f"{word!r} is no parameter: write name=value")
        if name in values:
            raise ParameterError(f"the parameter {name!r} is given twice")
        values[name] = value
    return values


def _decoded(text: bytes, place: str) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise ParameterError(f"{place} is not in UTF-8: {error}") from error


def _say_solutions(solutions: Solutions) -> None:
    say_table(
        solutions.variables,
        [
            [row[name].value if name in row else "" for name in solutions.variables]
            for row in solutions
        ],
    )
    say(f"{len(solutions)} rows")


def _results_json(solutions: Solutions) -> dict[str, object]:
    bindings = [binding(row) for row in solutions]
    return {"head": {"vars": list(solutions.variables)}, "results": {"bindings": bindings}}
