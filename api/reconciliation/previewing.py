"""Previews: a thing in a few lines, for a frame in the page of another program."""

from __future__ import annotations

from html import escape
from typing import Any

from api.dependencies import Reader
from api.models import Label
from api.presenting import label_model
from api.reconciliation.suggesting import property_document
from api.reconciliation.writing import attribute_name, type_document, type_of_kind, types
from graph.errors import NotFoundError
from graph.identity import Reference
from graph.labels import best, read_names
from graph.reconciling.attributes import attributes_of, find_attribute, read_values
from graph.reconciling.extending import address_of
from graph.reconciling.kinds import find_type
from graph.terms import Term
from ontology import Property, compact, expand

_DESCRIPTIONS = ("dcterms:description", "skos:definition")
_NAMES = frozenset(map(expand, ("skos:prefLabel", "skos:altLabel")))
_FACTS, _VALUES = 6, 3  # lines, and values in each
_LONGEST = 300  # characters of a description


def preview(reader: Reader, one: str) -> dict[str, Any]:
    """Tell a thing in short; NotFoundError where the release has no such thing."""
    address, reference = _found(reader, one)
    kind = reference.segment
    wanted = attributes_of(reader.dataset, [kind])
    values = read_values(reader.dataset, [address], wanted)[address]
    mentioned = {term.value for held in values.values() for term in held if term.kind == "uri"}
    names = read_names(reader.dataset.store, reader.identity, sorted({address, *mentioned}))

    def said(term: Term) -> Label:
        if term.kind != "uri":
            return Label(text=term.value, language=term.language or "", asked=True)
        if reader.identity.parse(term.value) is None:
            return Label(text=term.value, language="", asked=True)
        return label_model(names[term.value].label(reader.languages))

    facts = [
        (
            attribute_name(item.id, item.property, reader),
            [said(term) for term in values[item.id][:_VALUES]],
            max(len(values[item.id]) - _VALUES, 0),
        )
        for item in wanted
        if values.get(item.id) and _is_short(item.property)
    ]
    return {
        "label": label_model(names[address].label(reader.languages)),
        "kind": type_of_kind(kind, reader)["name"],
        "text": _description(reader, values.get("dcterms:description") or ()),
        "facts": facts[:_FACTS],
        "page": reader.identity.path(address, "page"),
    }


def flyout(reader: Reader, what: str, one: str) -> dict[str, str]:
    """Tell a thing, type or property in a few words of HTML; NotFoundError if there is none."""
    if what == "entity":
        told = preview(reader, one)
        lines = [told["label"].text, told["kind"], told["text"].text if told["text"] else ""]
    elif what == "type":
        found = find_type(types(reader), one)
        if found is None:
            raise NotFoundError(f"there is no type {one[:80]!r}")
        broader = ", ".join(
            item["name"] for item in type_document(found, reader).get("broader", ())
        )
        lines = [type_document(found, reader)["name"], compact(found.iri), broader]
    elif what == "property":
        attribute = find_attribute(one)
        if attribute is None:
            raise NotFoundError(f"there is no property {one[:80]!r}")
        document = property_document(attribute, reader)
        lines = [document["name"], attribute.id, document.get("description", "")]
    else:
        raise NotFoundError("there is a flyout of an entity, a type and a property")
    shown = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    return {"id": one, "html": shown}


def _found(reader: Reader, one: str) -> tuple[str, Reference]:
    address = address_of(reader.dataset, one)
    reference = None if address is None else reader.identity.parse(address)
    if address is None or reference is None:
        raise NotFoundError(f"{one[:80]!r} is no id, such as organisation/ee-kysk")
    if not reader.dataset.names.has(address.removeprefix(f"{reader.identity.base}id/")):
        raise NotFoundError(f"this release knows nothing of the name {one[:80]!r}")
    return address, reference


def _is_short(property_: str) -> bool:
    return property_ not in {*_NAMES, *map(expand, _DESCRIPTIONS), Property.NATIVE_NAME.value}


def _description(reader: Reader, texts: Any) -> Label | None:  # noqa: ANN401  # terms
    found = best(texts, reader.languages)
    if found is None:
        return None
    text = found.text if len(found.text) <= _LONGEST else f"{found.text[:_LONGEST]}…"
    return Label(text=text, language=found.language, asked=found.asked)
