"""Updates and their templates, as the engine reads them.

The engine parses and fills; what it fills stands in a small store of its own, where it can be
looked at before anything is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from uuid import uuid4

import pyoxigraph as ox

from graph.errors import QueryError
from graph.guard import check_size
from graph.store.failures import query_error
from graph.store.terms import native_term, plain_term
from graph.terms import Term
from graph.updates import Operation, check_depth, read_operations

_BLANK = "urn:uuid:63e1c2d0-8c4f-4c0e-9d56-7a4c3f1b90aa:"  # stands for a blank node in VALUES
_ABSENT = f"urn:uuid:{uuid4()}"
# Fails when it is carried out: after what follows it was parsed, before that is carried out.
_PARSE_ONLY = f"DROP GRAPH <{_ABSENT}> ;\n"

IN_NAMED = 4  # terms of a quad in a named graph

# Three terms of a statement in the default graph, or four where the last names its graph.
Quad = tuple[Term, ...]


def named(quad: Quad) -> str | None:
    """Name the graph of a quad; None for the default graph."""
    return None if len(quad) < IN_NAMED else quad[3].value


def read_update(text: str, base: str | None) -> list[Operation]:
    """Divide an update; each operation has been parsed by the engine, and none carried out."""
    check_depth(text)
    operations = list(read_operations(text))
    for operation in operations:
        check_size(operation.text if operation.kind == "unknown" else operation.where)
        _parse(operation, base)
    return operations


def _parse(operation: Operation, base: str | None) -> None:
    before = operation.prologue + _PARSE_ONLY
    try:
        ox.Store().update(before + operation.text, base_iri=base)
    except SyntaxError as error:
        told = query_error(error)
        line = (told.line or 0) - before.count("\n")
        if line < 1 or told.column is None:
            raise told from error
        column = told.column + (operation.column - 1 if line == 1 else 0)
        raise query_error(error, at=(operation.line + line - 1, column)) from error
    except RuntimeError as error:
        if _ABSENT not in str(error):
            raise QueryError(f"the update cannot be read: {error}") from error
    if operation.kind == "unknown":
        raise QueryError(
            f"line {operation.line}, column {operation.column}: the update cannot be divided into "
            "operations from here on",
            line=operation.line,
            column=operation.column,
        )


@contextmanager
def told() -> Iterator[None]:
    """Turn what the engine raises while it evaluates an update into one sentence."""
    try:
        yield
    except SyntaxError as error:
        raise query_error(error) from error
    except (RuntimeError, ValueError) as error:
        told = " ".join(str(error).split())
        raise QueryError(f"the update cannot be evaluated: {told}") from error
    except TypeError as error:
        raise QueryError(f"the update cannot be carried out: {error}") from error


def filled(operation: Operation, template: str, base: str | None, values: str | None) -> list[Quad]:
    """Give the quads of a template, or of data where there are no values."""
    scratch = ox.Store()
    if values is None:
        text = f"{operation.prologue}INSERT DATA {template}"
    else:
        text = f"{operation.prologue}INSERT {template} WHERE {{ {values} }}"
    scratch.update(text, base_iri=base)
    within = operation.within and iri_of(operation, operation.within, base)
    return [
        in_graph(quad, within) if len(quad) < IN_NAMED else quad
        for quad in map(plain_quad, scratch)
    ]  # in the default graph


def values_of(variables: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write solutions as VALUES."""
    names = " ".join(f"?{name}" for name in variables)
    lines = "\n".join(f"({' '.join(row)})" for row in rows)
    return f"VALUES ({names}) {{\n{lines}\n}}"


def value_of(node: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> str:
    """Write a term for VALUES, in which no blank node can stand."""
    if node is None:
        return "UNDEF"
    return f"<{_BLANK}{node.value}>" if isinstance(node, ox.BlankNode) else str(node)


def graph_of(operation: Operation, name: str, base: str | None) -> str | None:
    """Give the IRI of a graph as it is named in an update; None for DEFAULT."""
    return None if name.upper() == "DEFAULT" else iri_of(operation, name, base)


def iri_of(operation: Operation, name: str, base: str | None) -> str:
    """Give the IRI that a name or a relative IRI stands for at its place in the update."""
    scratch = ox.Store()
    scratch.update(f"{operation.prologue}INSERT DATA {{ {name} a {name} }}", base_iri=base)
    return next(plain_term(quad.subject).value for quad in scratch)


def in_graph(quad: Quad, graph: str | None) -> Quad:
    """Give a quad as it stands in a graph (None: the default graph)."""
    return quad[:3] if graph is None else (*quad[:3], Term("uri", graph))


def plain_quad(quad: ox.Quad) -> Quad:
    """Give a quad in our terms, blank nodes that stood in VALUES among them."""
    terms = [plain_term(quad.subject), plain_term(quad.predicate), plain_term(quad.object)]
    if not isinstance(quad.graph_name, ox.DefaultGraph):
        terms.append(plain_term(quad.graph_name))
    return tuple(
        Term("bnode", term.value.removeprefix(_BLANK)) if term.value.startswith(_BLANK) else term
        for term in terms
    )


def pattern_of(
    subject: Term | None, predicate: Term | None, value: Term | None
) -> tuple[
    ox.NamedNode | ox.BlankNode | None,
    ox.NamedNode | None,
    ox.NamedNode | ox.BlankNode | ox.Literal | None,
]:
    """Give the terms of a pattern as the engine takes them."""
    first = None if subject is None else native_term(subject)
    second = None if predicate is None else native_term(predicate)
    if isinstance(first, ox.Literal) or isinstance(second, ox.Literal | ox.BlankNode):
        raise TypeError("a statement needs a subject that is no literal and an IRI as predicate")
    return first, second, None if value is None else native_term(value)
