"""Read expressions of a query, of which only the named operators and functions are allowed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import rdflib

from graph.second.algebra import Call, Expression, UnsuitedError, Variable
from graph.second.image import MAX_SCALE
from graph.terms import XSD, Term

_COMPARISONS = {"=", "!=", "<", ">", "<=", ">="}
# How many arguments each function takes.
_FUNCTIONS = {
    "Builtin_BOUND": ("bound", "arg"),
    "Builtin_STR": ("str", "arg"),
    "Builtin_LANG": ("lang", "arg"),
    "Builtin_LCASE": ("lcase", "arg"),
    "Builtin_UCASE": ("ucase", "arg"),
    "Builtin_STRLEN": ("strlen", "arg"),
    "Builtin_YEAR": ("year", "arg"),
    "Builtin_isIRI": ("isiri", "arg"),
    "Builtin_isURI": ("isiri", "arg"),
    "Builtin_isLITERAL": ("isliteral", "arg"),
    "Builtin_isBLANK": ("isblank", "arg"),
    "Builtin_CONTAINS": ("contains", "arg1", "arg2"),
    "Builtin_STRSTARTS": ("strstarts", "arg1", "arg2"),
    "Builtin_STRENDS": ("strends", "arg1", "arg2"),
    "Builtin_LANGMATCHES": ("langmatches", "arg1", "arg2"),
    "Builtin_sameTerm": ("sameterm", "arg1", "arg2"),
    "Builtin_SUBSTR": ("substr", "arg", "start", "length"),
    "Builtin_REGEX": ("regex", "text", "pattern", "flags"),
}
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")


def read_expression(node: Any) -> Expression:  # noqa: ANN401  # a tree of the parser
    """Read an expression; UnsuitedError if it uses what is not allowed."""
    if isinstance(node, rdflib.Variable):
        return Variable(str(node))
    if isinstance(node, (rdflib.URIRef, rdflib.Literal)):
        return read_term(node)
    name = str(getattr(node, "name", None))
    if name in _OPERATORS:
        return _OPERATORS[name](node)
    if name not in _FUNCTIONS:
        raise UnsuitedError(f"the expression {name}")
    function, *names = _FUNCTIONS[name]
    given = [node.get(argument) for argument in names]
    return Call(function, tuple(read_expression(item) for item in given if item is not None))


def read_term(node: Any) -> Term:  # noqa: ANN401
    """Read a constant, in the form in which the store keeps it; UnsuitedError for others."""
    if isinstance(node, rdflib.URIRef):
        return Term("uri", str(node))
    if not isinstance(node, rdflib.Literal):
        raise UnsuitedError("a constant that is neither IRI nor literal")
    value = str(node)
    if node.language:
        if not _LANGUAGE.fullmatch(node.language):
            raise UnsuitedError("a language of an unusual form")
        return Term("literal", value, node.language.lower())
    kind = str(node.datatype) if node.datatype else XSD + "string"
    if kind == XSD + "string":
        return Term("literal", value)
    form, canonical = _FORMS.get(kind, (None, str))
    if form is None or not form.fullmatch(value):
        raise UnsuitedError(f"a constant of the type {kind}")
    return Term("literal", canonical(value), datatype=kind)


def _integer(value: str) -> str:
    return str(int(value))


def _decimal(value: str) -> str:
    text = f"{Decimal(value):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if len(text.partition(".")[2]) > MAX_SCALE:
        raise UnsuitedError("a constant with many digits")
    return "0" if text in {"-0", ""} else text


def _chain(name: str, node: Any) -> Expression:  # noqa: ANN401
    return Call(name, tuple(read_expression(part) for part in (node.expr, *node.other)))


def _number(node: Any) -> Term:  # noqa: ANN401
    term = read_expression(node)
    if not isinstance(term, Term) or term.datatype not in {XSD + "integer", XSD + "decimal"}:
        raise UnsuitedError("a calculation")
    return term


def _negative(node: Any) -> Term:  # noqa: ANN401
    term = _number(node)
    value = term.value[1:] if term.value.startswith("-") else f"-{term.value}"
    return term._replace(value="0" if value == "-0" else value)


def _comparison(node: Any) -> Expression:  # noqa: ANN401
    if node.op in _COMPARISONS:
        return Call(node.op, (read_expression(node.expr), read_expression(node.other)))
    if node.op not in {"IN", "NOT IN"} or not isinstance(node.other, list) or not node.other:
        raise UnsuitedError(f"the comparison {node.op}")
    left = read_expression(node.expr)
    found = Call("or", tuple(Call("=", (left, read_expression(item))) for item in node.other))
    return found if node.op == "IN" else Call("not", (found,))


_OPERATORS: Mapping[str, Callable[[Any], Expression]] = {
    "RelationalExpression": _comparison,
    "ConditionalAndExpression": lambda node: _chain("and", node),
    "ConditionalOrExpression": lambda node: _chain("or", node),
    "UnaryNot": lambda node: Call("not", (read_expression(node.expr),)),
    "UnaryMinus": lambda node: _negative(node.expr),
    "UnaryPlus": lambda node: _number(node.expr),
}
# How typed constants are written, and the form in which the store keeps them.
_FORMS: Mapping[str, tuple[re.Pattern[str], Callable[[str], str]]] = {
    f"{XSD}integer": (re.compile(r"[+-]?[0-9]{1,18}"), _integer),
    f"{XSD}decimal": (
        re.compile(r"[+-]?(?:[0-9]{1,12}(?:\.[0-9]{0,12})?|\.[0-9]{1,12})"),
        _decimal,
    ),
    f"{XSD}date": (re.compile(r"[1-9][0-9]{3}-(?:0[1-9]|1[0-2])-(?:[01][1-9]|[12]0|2[0-8])"), str),
    f"{XSD}gYear": (re.compile(r"[1-9][0-9]{3}"), str),
}
