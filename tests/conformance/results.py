"""Readers of query results in every format, written from the specifications of the formats.

None of them shares code with what writes our answers.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.etree import ElementTree as ET

from graph.formats import GRAPH_FORMATS, by_name
from graph.store import parse
from graph.terms import XSD, Term

Row = Mapping[str, Term]
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_SRX = "{http://www.w3.org/2005/sparql-results#}"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_STRING = f"{XSD}string"
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_GREENWICH = re.compile(r"(?<=[0-9])[+-]00:00$")
_WHOLE = ("integer", "int", "long", "short", "byte")

_ECHAR = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_ESCAPE = re.compile(r"""\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([tbnrf"'\\]))""")
# What a field of a TSV document holds: a term in the syntax of Turtle (TSV, section 4).
_FIELD = re.compile(
    r"""
      <(?P<iri>[^<>\"{}|^`\x00-\x20]*)>
    | _:(?P<bnode>\S+)
    | (?:\"(?P<double>(?:[^\"\\\n\r]|\\.)*)\" | '(?P<single>(?:[^'\\\n\r]|\\.)*)')
      (?:@(?P<language>[A-Za-z]+(?:-[A-Za-z0-9]+)*) | \^\^<(?P<datatype>[^<>]*)>)?
    | (?P<boolean>true|false)
    | (?P<double_number>[+-]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)[eE][+-]?[0-9]+)
    | (?P<decimal>[+-]?[0-9]*\.[0-9]+)
    | (?P<integer>[+-]?[0-9]+)
    """,
    re.VERBOSE,
)
_BARE = {
    "boolean": f"{XSD}boolean",
    "double_number": f"{XSD}double",
    "decimal": f"{XSD}decimal",
    "integer": f"{XSD}integer",
}


@dataclass(frozen=True, slots=True)
class Table:
    """The solutions of a SELECT query; `ordered` where their order is part of the result."""

    variables: frozenset[str]
    rows: tuple[Row, ...]
    ordered: bool = False

    def by_value(self) -> Table:
        """Give the solutions with numbers and dates in one way of writing each value."""
        rows = tuple({name: _by_value(term) for name, term in row.items()} for row in self.rows)
        return Table(self.variables, rows, self.ordered)

    def by_value_of_text(self) -> Table:
        """Give the same of a table without types, where text that looks like a number is one."""
        rows = tuple(
            {name: _by_value_of_text(term) for name, term in row.items()} for row in self.rows
        )
        return Table(self.variables, rows, self.ordered)

    def without_types(self) -> Table:
        """Give what CSV can say of the solutions: text alone, and unbound as empty text."""
        rows = tuple(
            {name: _as_text(row.get(name)) for name in self.variables} for row in self.rows
        )
        return Table(self.variables, rows, self.ordered)


def _as_text(term: Term | None) -> Term:
    if term is None:
        return Term("literal", "")
    return term if term.kind == "bnode" else _csv_term(term.value)


def plain(term: Term) -> Term:
    """Give a term in one of the ways in which it can be written (RDF 1.1 Concepts, 3.3)."""
    if term.kind != "literal":
        return term
    if term.language:
        return Term("literal", term.value, term.language.lower())
    return Term("literal", term.value, None, None if term.datatype == _STRING else term.datatype)


def _by_value(term: Term) -> Term:
    """Write a literal in one of the ways in which its value can be written."""
    kind = (term.datatype or "").removeprefix(XSD)
    try:
        if kind in {"double", "float"}:
            return term._replace(value=repr(float(term.value)))
        if kind == "decimal":
            return term._replace(value=f"{Decimal(term.value).normalize():f}")
        if kind.lower().endswith(_WHOLE):
            return term._replace(value=str(int(term.value)))
    except (ValueError, InvalidOperation):
        return term
    if kind in {"date", "dateTime", "time"}:
        return term._replace(value=_GREENWICH.sub("Z", term.value))
    return term


def _by_value_of_text(term: Term) -> Term:
    if _NUMBER.fullmatch(term.value):
        return term._replace(value=repr(float(term.value)))
    return term._replace(value=_GREENWICH.sub("Z", term.value))


def read_json(body: bytes) -> Table | bool:
    """Read SPARQL 1.1 Query Results JSON Format."""
    document: Any = json.loads(body)
    if "boolean" in document:
        return bool(document["boolean"])
    rows = tuple(
        {name: _json_term(node) for name, node in binding.items()}
        for binding in document["results"]["bindings"]
    )
    return Table(frozenset(document["head"]["vars"]), rows)


def _json_term(node: Mapping[str, str]) -> Term:
    if node["type"] in {"uri", "bnode"}:
        return Term("uri" if node["type"] == "uri" else "bnode", node["value"])
    if node["type"] not in {"literal", "typed-literal"}:
        raise ValueError(f"a term of the type {node['type']}")
    return plain(Term("literal", node["value"], node.get("xml:lang"), node.get("datatype")))


def read_xml(body: bytes) -> Table | bool:
    """Read SPARQL Query Results XML Format."""
    root = ET.fromstring(body)  # noqa: S314  # the suites' and our own
    truth = root.find(f"{_SRX}boolean")
    if truth is not None:
        return (truth.text or "").strip() == "true"
    variables = frozenset(node.attrib["name"] for node in root.iter(f"{_SRX}variable"))
    rows = tuple(
        # An empty binding of the suites means what no binding does.
        {
            node.attrib["name"]: _xml_term(node[0])
            for node in result.findall(f"{_SRX}binding")
            if len(node)
        }
        for result in root.iter(f"{_SRX}result")
    )
    return Table(variables, rows)


def _xml_term(node: ET.Element) -> Term:
    text = node.text or ""
    if node.tag == f"{_SRX}uri":
        return Term("uri", text.strip())
    if node.tag == f"{_SRX}bnode":
        return Term("bnode", text.strip())
    if node.tag != f"{_SRX}literal":
        raise ValueError(f"a term of the type {node.tag}")
    return plain(Term("literal", text, node.attrib.get(_XML_LANG), node.attrib.get("datatype")))


def read_csv(body: bytes) -> Table:
    """Read SPARQL 1.1 Query Results CSV Format: text without types, but for blank nodes."""
    lines = list(csv.reader(io.StringIO(body.decode("utf-8"), newline=""), strict=True))
    head, *records = lines
    if any(len(record) != len(head) for record in records if record):
        raise ValueError("a record has not as many fields as the header")
    if not head:
        return Table(frozenset(), tuple({} for _ in records))
    # A record of one empty field is an empty line.
    rows = tuple(dict(zip(head, map(_csv_term, record or [""]), strict=True)) for record in records)
    return Table(frozenset(head), rows)


def _csv_term(field: str) -> Term:
    if field.startswith("_:"):
        return Term("bnode", field.removeprefix("_:"))
    return Term("literal", field)


def read_tsv(body: bytes) -> Table:
    """Read SPARQL 1.1 Query Results TSV Format."""
    head, *lines = body.decode("utf-8").removesuffix("\n").split("\n")
    variables = [name.removeprefix("?") for name in head.split("\t") if name]
    rows = []
    for line in lines:
        fields = line.split("\t") if variables else []
        named = zip(variables, fields, strict=True)
        rows.append({name: _tsv_term(field) for name, field in named if field})
    return Table(frozenset(variables), tuple(rows))


def _tsv_term(field: str) -> Term:
    match = _FIELD.fullmatch(field.strip(" "))
    if match is None:
        raise ValueError(f"no term in the syntax of Turtle: {field!r}")
    if match["iri"] is not None:
        return Term("uri", _unescaped(match["iri"]))
    if match["bnode"] is not None:
        return Term("bnode", match["bnode"])
    for name, datatype in _BARE.items():
        if match[name] is not None:
            return Term("literal", match[name], None, datatype)
    text = match["double"] if match["double"] is not None else match["single"]
    return plain(Term("literal", _unescaped(text), match["language"], match["datatype"]))


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(
        lambda found: _ECHAR[found[3]] if found[3] else chr(int(found[1] or found[2], 16)), text
    )


READERS = {"json": read_json, "xml": read_xml, "csv": read_csv, "tsv": read_tsv}


def read_rdf_xml(body: bytes) -> list[tuple[Term, Term, Term]]:
    """Read RDF/XML of the plain form in which properties stand as elements within subjects."""
    triples = []
    for node in ET.fromstring(body):  # noqa: S314  # our own
        subject = _named(node, "about")
        for item in node:
            predicate = Term("uri", "".join(item.tag.removeprefix("{").split("}")))
            text, datatype = item.text or "", item.attrib.get(f"{{{_RDF}}}datatype")
            value = _named(item, "resource") or plain(
                Term("literal", text, item.attrib.get(_XML_LANG), datatype)
            )
            triples.append((subject or Term("bnode", ""), predicate, value))
    return triples


def _named(node: ET.Element, attribute: str) -> Term | None:
    name, label = node.attrib.get(f"{{{_RDF}}}{attribute}"), node.attrib.get(f"{{{_RDF}}}nodeID")
    if name is not None:
        return Term("uri", name)
    return None if label is None else Term("bnode", label)


def read_rdf(body: bytes, suffix: str, base: str) -> Table | bool | None:
    """Read a result in the vocabulary of result sets; None if the graph is no result set."""
    form = by_name(GRAPH_FORMATS, suffix)
    if form is None:
        raise ValueError(f"there is no format of graphs with the suffix {suffix}")
    nodes: dict[Term, list[tuple[str, Term]]] = {}
    for subject, predicate, value in parse(body, form, base=base):
        nodes.setdefault(subject, []).append((predicate.value, plain(value)))
    whole = Term("uri", f"{_RS}ResultSet")
    root = next((node for node in nodes if (f"{_RDF}type", whole) in nodes[node]), None)
    if root is None:
        return None
    for truth in _values(nodes[root], "boolean"):
        return truth.value == "true"
    solutions = [nodes[item] for item in _values(nodes[root], "solution")]
    places = [[int(term.value) for term in _values(item, "index")] for item in solutions]
    ordered = bool(places) and all(places)
    if ordered:
        solutions = [item for _, item in sorted(zip(places, solutions, strict=True))]
    rows = tuple(dict(_bindings(nodes, item)) for item in solutions)
    variables = frozenset(term.value for term in _values(nodes[root], "resultVariable"))
    return Table(variables, rows, ordered)


def _values(node: Sequence[tuple[str, Term]], name: str) -> list[Term]:
    return [value for predicate, value in node if predicate == f"{_RS}{name}"]


def _bindings(
    nodes: Mapping[Term, Sequence[tuple[str, Term]]], solution: Sequence[tuple[str, Term]]
) -> Iterator[tuple[str, Term]]:
    for binding in _values(solution, "binding"):
        (variable,), (value,) = (_values(nodes[binding], name) for name in ("variable", "value"))
        yield variable.value, value
