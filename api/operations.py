"""How the questions of the catalogue stand in the OpenAPI document: one operation for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api import models
from graph.catalogue import CatalogueQuery, Kind, Parameter
from graph.formats import RESULT_FORMATS, Format

_LONGEST = 500
# No control character, and one character that is no space.
_TEXT = r"[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*"
_SEGMENT = r"[a-z]+(-[a-z]+)*"
_LARGEST = 10**18 - 1
_SCHEMAS: Mapping[Kind, Mapping[str, Any]] = {
    Kind.ENTITY: {"type": "string", "maxLength": _LONGEST, "pattern": f"^{_SEGMENT}/{_TEXT}$"},
    Kind.CONCEPT: {
        "type": "string",
        "maxLength": _LONGEST,
        "pattern": r"^[a-z0-9]+(-[a-z0-9]+)*$",
    },
    Kind.TEXT: {"type": "string", "maxLength": _LONGEST, "pattern": f"^{_TEXT}$"},
    Kind.LANGUAGE: {
        "type": "string",
        "maxLength": _LONGEST,
        "pattern": "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$",
    },
    Kind.INTEGER: {"type": "integer", "minimum": -_LARGEST, "maximum": _LARGEST},
    Kind.YEAR: {"type": "string", "pattern": "^[0-9]{4}$"},
    # A part of what is taken: the grammar of RFC 3987 is no regular expression of ECMAScript.
    Kind.IRI: {
        "type": "string",
        "maxLength": _LONGEST,
        "pattern": r"^https?://[A-Za-z0-9.-]+(/[A-Za-z0-9._~=&;:@/-]*)?(#[A-Za-z0-9._~/-]*)?$",
    },
}
_TERM = {
    "type": "object",
    "required": ["type", "value"],
    "properties": {
        "type": {"enum": ["uri", "literal", "bnode"]},
        "value": {"type": "string"},
        "xml:lang": {"type": "string"},
        "datatype": {"type": "string"},
    },
}


def schema(parameter: Parameter) -> dict[str, Any]:
    """Give the JSON schema of the values of a parameter."""
    made = dict(_SCHEMAS[parameter.kind])
    if parameter.kind is Kind.ENTITY and parameter.segment is not None:
        made["pattern"] = f"^{_TEXT}$"
    if parameter.default is not None:
        whole = parameter.kind is Kind.INTEGER
        made["default"] = int(parameter.default) if whole else parameter.default
    return made


def parameters(query: CatalogueQuery) -> list[dict[str, Any]]:
    """Describe the parameters of a question that are its own."""
    return [
        {
            "name": item.name,
            "in": "query",
            "required": item.required,
            "description": f"{item.description} Expected is {item.expected}.",
            "schema": schema(item),
        }
        for item in query.parameters
    ]


def responses(query: CatalogueQuery) -> dict[int | str, dict[str, Any]]:
    """Describe what a question is answered with; the answer names each of its columns."""
    columns = "\n".join(f"- `{item.name}`: {item.description}" for item in query.columns)
    content = {form.media_type: {"schema": _result_schema(form, query)} for form in RESULT_FORMATS}
    whole = f"The answer. Its columns:\n\n{columns}"
    cut = "A part of the answer, cut where the header SIKG-Cut says."
    told = {"description": "How many rows there are, and the limit that cut them."}
    return {
        200: {"description": whole, "content": content},
        206: {
            "description": cut,
            "content": content,
            "headers": {"SIKG-Cut": {**told, "schema": {"type": "string"}}},
        },
        429: {
            "description": "Too many queries of this client are under way",
            "model": models.ProblemDocument,
        },
        504: {
            "description": "The query was stopped at its time limit",
            "model": models.ProblemDocument,
        },
    }


def describe(query: CatalogueQuery) -> str:
    """Write the description of the operation."""
    return f"{query.description}\n\nLimits: {query.answers}"


def operation_id(query: CatalogueQuery) -> str:
    """Name the operation as programs that are generated from the document call it."""
    return "ask_" + query.name.replace("-", "_")


def _result_schema(form: Format, query: CatalogueQuery) -> dict[str, Any]:
    if form.name != "json":
        return {"type": "string"}
    names = [item.name for item in query.columns]
    row = {"type": "object", "properties": dict.fromkeys(names, _TERM)}
    rows = {
        "type": "object",
        "required": ["bindings"],
        "properties": {
            "bindings": {
                "type": "array",
                "items": row,
            }
        },
    }
    head = {"type": "object", "properties": {"vars": {"type": "array", "items": {"enum": names}}}}
    return {
        "type": "object",
        "required": ["head", "results"],
        "properties": {"head": head, "results": rows},
    }
