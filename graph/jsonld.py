"""JSON-LD compacted with the short names of `ontology/context.jsonld`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from graph.terms import XSD, Term
from ontology import PREFIXES, expand, path

_TYPE = expand("rdf:type")


@dataclass(frozen=True, slots=True)
class _ShortName:
    """A term of the context: its name, and the type or container that its values must have."""

    name: str
    type: str | None
    by_language: bool


@cache
def _short_names() -> Mapping[str, _ShortName]:
    """Read the context: short names by the IRI that they stand for."""
    context = json.loads(path("context.jsonld").read_text(encoding="utf-8"))["@context"]
    found = {}
    for name, told in context.items():
        definition = {"@id": told} if isinstance(told, str) else told
        if name.startswith("@") or name in PREFIXES or not isinstance(definition, dict):
            continue
        kind = definition.get("@type")
        found[_expanded(definition["@id"])] = _ShortName(
            name,
            None if kind is None else _expanded(kind),
            "@language" in definition.get("@container", ()),
        )
    return found


def _expanded(name: str) -> str:
    return expand(name) if name.partition(":")[0] in PREFIXES else name


def compacted(statements: Iterable[Sequence[Term]], context: str) -> bytes:
    """Write triples as a JSON-LD document that names its context by address.

    A value that its short name cannot carry, such as a text without language where texts stand
    by language, is written under the prefixed name of its property.
    """
    nodes: dict[str, dict[str, Any]] = {}
    for subject, predicate, value, *_ in statements:
        node = nodes.setdefault(_node_id(subject), {"@id": _node_id(subject)})
        if predicate.value == _TYPE and value.kind == "uri":
            node.setdefault("@type", []).append(_class_name(value.value))
        else:
            _add(node, predicate.value, value)
    document = {"@context": context, "@graph": list(nodes.values())}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _add(node: dict[str, Any], predicate: str, value: Term) -> None:
    short = _short_names().get(predicate)
    if short is not None and short.by_language and value.language:
        texts = node.setdefault(short.name, {})
        texts.setdefault(value.language, []).append(value.value)
        return
    if short is not None and not short.by_language and short.type == _type_of(value):
        name, written = short.name, value.value if short.type else _value(value)
    else:
        name, written = _prefixed(predicate), _value(value)
    if name in node:
        node[name] = [*(node[name] if isinstance(node[name], list) else [node[name]]), written]
    else:
        node[name] = written


def _type_of(value: Term) -> str | None:
    """Give the type that a short name must have to carry the bare text of a value."""
    if value.kind != "literal":
        return "@id"
    if value.language or value.datatype in {None, f"{XSD}string"}:
        return None
    return value.datatype


def _value(value: Term) -> str | dict[str, str]:
    if value.kind != "literal":
        return {"@id": _node_id(value)}
    if value.language:
        return {"@value": value.value, "@language": value.language}
    if value.datatype in {None, f"{XSD}string"}:
        return value.value
    return {"@value": value.value, "@type": value.datatype or ""}


def _node_id(term: Term) -> str:
    return f"_:{term.value}" if term.kind == "bnode" else term.value


def _class_name(iri: str) -> str:
    short = _short_names().get(iri)
    return short.name if short else _prefixed(iri)


def _prefixed(iri: str) -> str:
    """Write an IRI with a prefix of the context, unless that would be read as something else."""
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local != iri and local and not local.startswith("//") and prefix in _prefixes():
            return f"{prefix}:{local}"
    return iri


@cache
def _prefixes() -> frozenset[str]:
    context = json.loads(path("context.jsonld").read_text(encoding="utf-8"))["@context"]
    return frozenset(name for name in PREFIXES if context.get(name) == PREFIXES[name])
