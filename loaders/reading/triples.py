"""Triples: the records of an RDF file, and of an answer to a SPARQL query.

A record of an RDF file is one subject with its `type` (the classes it is of) and, under the
prefixed name of each predicate, its values: `skos:prefLabel@et` are the texts in one language.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ontology
from graph.errors import QueryError, TableError
from graph.formats import GRAPH_FORMATS, by_name
from graph.store import parse
from graph.terms import Solutions, Term

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_TYPES = "type"
_SUFFIXES = {"owl": "rdf", "xml": "rdf", "n3": "ttl", "json": "jsonld"}
# Files of which each statement stands in a graph: what the graphs are called is left out.
SUFFIXES = ("ttl", "nt", "nq", "trig", "rdf", "owl", "jsonld", "n3")


def subject_records(
    path: Path, content: bytes, kind: str, wanted: str | None
) -> list[dict[str, Any]]:
    """Give a record for each subject of the class `wanted`, by its IRI, in order of these."""
    form = by_name(GRAPH_FORMATS, kind) or by_name(GRAPH_FORMATS, _SUFFIXES.get(kind, kind))
    if form is None:
        raise TableError(f"{path}: RDF files of the kind {kind!r} are not read")
    try:
        statements = parse(content, form, base=path.name and f"urn:file:{path.stem}")
    except (QueryError, ValueError) as error:
        raise TableError(f"{path}: no readable RDF ({form.name}): {error}") from error
    found: dict[str, dict[str, list[str]]] = {}
    for subject, predicate, value in statements:
        if subject.kind == "uri":
            record = found.setdefault(subject.value, {})
            name = _column(predicate.value, value)
            shown = ontology.compact(value.value) if name == _TYPES else value.value
            record.setdefault(name, []).append(shown)
    named = ontology.compact(wanted) if wanted else None
    records = [
        {"subject": subject, **{name: sorted(set(values)) for name, values in record.items()}}
        for subject, record in sorted(found.items())
        if named is None or named in record.get(_TYPES, ())
    ]
    if not records:
        raise TableError(f"{path}: no subject is of the class {wanted or 'of any'} (rows.subjects)")
    return records


def answer_records(path: Path, content: bytes) -> tuple[list[str], list[list[str]]]:
    """Give the variables of an answer in SPARQL 1.1 Query Results JSON, and a row a solution."""
    try:
        answer = Solutions.from_json(content)
    except (ValueError, RecursionError) as error:
        raise TableError(f"{path}: no SPARQL results in JSON: {error}") from error
    names = list(answer.variables)
    return names, [[row[name].value if name in row else "" for name in names] for row in answer]


def _column(predicate: str, value: Term) -> str:
    if predicate == _TYPE:
        return _TYPES
    name = ontology.compact(predicate)
    return f"{name}@{value.language}" if value.language else name
