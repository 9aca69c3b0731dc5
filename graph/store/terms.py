"""Terms, statements and formats, between ours and those of pyoxigraph."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import cast

import pyoxigraph as ox

import ontology
from graph.engine import Held
from graph.errors import NotAcceptableError, ParameterError
from graph.formats import Format
from graph.store.failures import query_error
from graph.store.streams import MisfitError, stream_to, write_csv
from graph.terms import XSD, Term, is_absolute_iri

RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPHS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
# Characters that XML 1.0 cannot hold in any way, which the engine writes all the same.
NOT_IN_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
# So that people can read Turtle and TriG.
PREFIXES = dict(ontology.PREFIXES)
_PREFIXED = {"turtle", "trig"}
_STRING = f"{XSD}string"


def serialise(statements: Iterable[Sequence[Term]], form: Format) -> bytes:
    """Write triples (or quads, where the fourth term names the graph) in a graph format.

    The same statements in the same order give the same bytes.
    """
    written, prefixes = GRAPHS[form.name], PREFIXES if form.name in _PREFIXED else None
    if form.quads:
        quads = [native_quad(statement) for statement in statements]
        body = whole(ox.serialize(quads, format=written, prefixes=prefixes))
    else:
        triples = [native_triple(statement) for statement in statements]
        body = whole(ox.serialize(triples, format=written, prefixes=prefixes))
    if form.name == "rdfxml":
        body = body.replace(b"\r", b"&#xD;")  # as in streams
    return body if prefixes is None else _with_sorted_prefixes(body)


def rewrite(solutions: bytes, form: Format) -> bytes:
    """Give solutions in TSV in another format of results, as the engine writes its own.

    QueryError if the text is malformed, NotAcceptableError if the format cannot hold it.
    """
    try:
        body = _rewritten(solutions, form)
    except SyntaxError as error:
        raise query_error(error) from error
    if form.name == "xml" and NOT_IN_XML.search(body):
        raise NotAcceptableError(
            "this answer cannot be written as xml: it holds a control character; ask for another "
            "format"
        )
    return body


def _rewritten(solutions: bytes, form: Format) -> bytes:
    target = io.BytesIO()
    read = ox.parse_query_results(solutions, format=ox.QueryResultsFormat.TSV)
    try:
        read.serialize(stream_to(target, form, read), format=RESULTS[form.name])
    except MisfitError:
        target = io.BytesIO()
        read = ox.parse_query_results(solutions, format=ox.QueryResultsFormat.TSV)
        write_csv(cast("ox.QuerySolutions", read), target)
    return target.getvalue()


def _with_sorted_prefixes(body: bytes) -> bytes:
    """Sort the lines of prefixes, which the engine writes in another order in each process."""
    lines = body.split(b"\n")
    count = next((n for n, line in enumerate(lines) if not line.startswith(b"@prefix ")), 0)
    return b"\n".join([*sorted(lines[:count]), *lines[count:]])


def parse(data: bytes, form: Format, *, base: str | None = None) -> list[tuple[Term, Term, Term]]:
    """Read the triples of a document; QueryError if it is malformed."""
    try:
        return [
            (plain_term(quad.subject), plain_term(quad.predicate), plain_term(quad.object))
            for quad in ox.parse(data, format=GRAPHS[form.name], base_iri=base)
        ]
    except SyntaxError as error:
        raise query_error(error) from error


def native_triple(terms: Sequence[Term]) -> ox.Triple:
    """Give a triple of the engine; TypeError if a term cannot stand where it does."""
    subject, predicate, value = (native_term(term) for term in terms[:3])
    if isinstance(subject, ox.Literal) or not isinstance(predicate, ox.NamedNode):
        raise TypeError("a statement needs a subject that is no literal and an IRI as predicate")
    return ox.Triple(subject, predicate, value)


def native_quad(terms: Sequence[Term]) -> ox.Quad:
    """Give a quad of the engine, in the default graph where there is no fourth term."""
    triple = native_triple(terms)
    if len(terms) == 3:  # noqa: PLR2004  # in the default graph
        return ox.Quad(triple.subject, triple.predicate, triple.object)
    graph = ox.NamedNode(terms[3].value)
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def native_term(term: Term) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """Give a term of the engine."""
    if term.kind == "uri":
        return ox.NamedNode(term.value)
    if term.kind == "bnode":
        return ox.BlankNode(term.value)
    if term.language:
        return ox.Literal(term.value, language=term.language)
    if term.datatype:
        return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))
    return ox.Literal(term.value)


def plain_term(node: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Term:
    """Give a term of ours; TypeError for a triple term."""
    if isinstance(node, ox.NamedNode):
        return Term("uri", node.value)
    if isinstance(node, ox.BlankNode):
        return Term("bnode", node.value)
    if isinstance(node, ox.Literal):
        return Term("literal", node.value, node.language, node.datatype.value)
    raise TypeError("triple terms are not used in this graph")


def held(subject: str, quad: ox.Quad) -> Held:
    """Give a statement about a thing with its graph, its value as answers to queries have it."""
    value, graph = quad.object, quad.graph_name
    if isinstance(value, ox.NamedNode):
        term = Term("uri", value.value)
    elif isinstance(value, ox.Literal):
        language, datatype = value.language, value.datatype.value
        plain = language is not None or datatype == _STRING
        term = Term("literal", value.value, language, None if plain else datatype)
    else:
        term = plain_term(value)
    named = graph.value if isinstance(graph, ox.NamedNode) else None
    return subject, quad.predicate.value, term, named


def graph_name(iri: str) -> ox.NamedNode:
    """Give the name of a graph; ParameterError if it is no absolute IRI."""
    if not is_absolute_iri(iri):
        raise ParameterError(f"the graph {iri[:200]!r} has no absolute IRI as its name")
    return ox.NamedNode(iri)


def whole(body: bytes | None) -> bytes:
    """Give what the engine serialised; TypeError if it went elsewhere."""
    if body is None:
        raise TypeError("the engine wrote to a file instead of returning bytes")
    return body
