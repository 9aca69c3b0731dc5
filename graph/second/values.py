"""Evaluate expressions over columns; an error is a null, as is what is unbound.

`and`, `or` and `not` of polars treat nulls as SPARQL treats errors (SPARQL 1.1 Query, 17.2).
Whatever would be compared by rules that are not kept here raises UnsuitedError.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce
from operator import and_, or_

import numpy as np
import polars as pl

from graph.second.algebra import Call, Expression, UnsuitedError, Variable
from graph.second.image import Image, Kind, kind_of
from graph.second.relations import TERM, Relation, Type
from graph.second.terms import Terms
from graph.terms import Term

BOOLEAN = Type("boolean")
INTEGER = Type("integer")
TEXT = Type("text")
Value = tuple[pl.Series, Type]

_FLIPPED = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
# Kinds whose terms can only be equal if they are the same term.
_IDENTICAL = (Kind.IRI, Kind.TAGGED)
_ORDERED = (Kind.TEXT, Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.YEAR)


class Expressions:
    """Evaluates expressions over the terms of an image."""

    def __init__(self, image: Image) -> None:
        self._image = image
        self._terms = Terms(image)

    def condition(self, expression: Expression, relation: Relation) -> pl.Series:
        """Give for each solution whether a condition is true, false or an error (null)."""
        values, kind = self.value(expression, relation)
        if kind != BOOLEAN:
            raise UnsuitedError("a condition that is not of truth values")
        return values

    def value(self, expression: Expression, relation: Relation) -> Value:
        """Give the value of an expression for each solution."""
        if isinstance(expression, Variable):
            if expression.name not in relation.types:
                raise UnsuitedError("a variable that is not there")
            return relation.frame[expression.name], relation.types[expression.name]
        if isinstance(expression, Term):
            raise UnsuitedError("a constant as a value")
        name, arguments = expression.name, expression.arguments
        if name in {"and", "or"}:
            parts = [self.condition(part, relation) for part in arguments]
            return reduce(and_ if name == "and" else or_, parts), BOOLEAN
        if name == "not":
            return ~self.condition(arguments[0], relation), BOOLEAN
        if name in _FLIPPED:
            return self._compared(name, arguments, relation), BOOLEAN
        if name in {"contains", "strstarts", "strends", "regex"}:
            return self._searched(name, arguments, relation), BOOLEAN
        return self._called(name, arguments, relation)

    def _called(self, name: str, arguments: Sequence[Expression], relation: Relation) -> Value:
        first = arguments[0]
        match name:
            case "langmatches":
                wanted = _constant_text(arguments[1])
                found = self._language(first, wanted, relation, wide=True), BOOLEAN
            case "sameterm":
                found = self._term(first, relation) == self._term(arguments[1], relation), BOOLEAN
            case "bound":
                found = self.value(first, relation)[0].is_not_null(), BOOLEAN
            case "isiri" | "isblank" | "isliteral":
                found = self._terms.is_of(name, self._term(first, relation)), BOOLEAN
            case "year":
                found = self._terms.years(self._term(first, relation)), INTEGER
            case "str":
                found = self._plain(first, relation)
            case _:
                found = self._of_text(name, arguments, relation)
        return found

    def _of_text(self, name: str, arguments: Sequence[Expression], relation: Relation) -> Value:
        text, kind = self._text(arguments[0], relation)
        match name:
            case "strlen":
                return text.str.len_chars().cast(pl.Int64), INTEGER
            case "lcase":
                return text.str.to_lowercase(), kind
            case "ucase":
                return text.str.to_uppercase(), kind
            case "substr":
                start, *length = (_constant_integer(item) for item in arguments[1:])
                return text.str.slice(start - 1, *length), kind
        raise UnsuitedError(f"the function {name}")

    def _term(self, expression: Expression, relation: Relation) -> pl.Series:
        values, kind = self.value(expression, relation)
        if kind != TERM:
            raise UnsuitedError("a calculated value where a term is expected")
        return values

    def _plain(self, expression: Expression, relation: Relation) -> Value:
        """Give the value as STR does."""
        values, kind = self.value(expression, relation)
        if kind == TERM:
            return self._terms.texts(values, of_all=True), TEXT
        if kind.name == "text":
            return values, TEXT
        raise UnsuitedError("the text of a calculated value")

    def _text(self, expression: Expression, relation: Relation) -> Value:
        """Give the value of a text, plain or tagged; of anything else it is an error."""
        values, kind = self.value(expression, relation)
        if kind == TERM:
            tagged = self._terms.touches(values, Kind.TAGGED)
            return self._terms.texts(values, of_all=False), Type("text", tagged=tagged)
        if kind.name == "text":
            return values, kind
        raise UnsuitedError("a calculated value where a text is expected")

    def _searched(
        self, name: str, arguments: Sequence[Expression], relation: Relation
    ) -> pl.Series:
        wanted = _constant_text(arguments[1])
        if name == "regex":
            flags = _constant_text(arguments[2]) if len(arguments) > 2 else ""  # noqa: PLR2004
            if set(flags) - {"i", "s"} or "{" in wanted or len(wanted) > 200:  # noqa: PLR2004
                raise UnsuitedError("an unusual pattern")
            wanted = f"(?{flags}){wanted}" if flags else wanted
        found = self._text(arguments[0], relation)[0]
        match name:
            case "contains":
                return found.str.contains(wanted, literal=True)
            case "strstarts":
                return found.str.starts_with(wanted)
            case "strends":
                return found.str.ends_with(wanted)
        try:
            return found.str.contains(wanted)
        except pl.exceptions.ComputeError as error:
            raise UnsuitedError("a pattern that cannot be read") from error

    def _language(
        self, expression: Expression, wanted: str, relation: Relation, *, wide: bool
    ) -> pl.Series:
        """Compare LANG of a term with a constant, or match it where `wide`."""
        if not isinstance(expression, Call) or expression.name != "lang":
            raise UnsuitedError("the language of something else")
        if wide and not wanted:
            raise UnsuitedError("an empty range of languages")
        terms = self._term(expression.arguments[0], relation)
        return self._terms.in_language(terms, wanted, wide=wide)

    def _compared(
        self, name: str, arguments: Sequence[Expression], relation: Relation
    ) -> pl.Series:
        left, right = arguments
        if isinstance(left, Term):
            left, right, name = right, left, _FLIPPED[name]
        if isinstance(right, Term):
            if isinstance(left, Call) and left.name == "lang":
                if name not in {"=", "!="}:
                    raise UnsuitedError("an order of languages")
                found = self._language(left, _plain_text(right), relation, wide=False)
                return found if name == "=" else ~found
            values, kind = self.value(left, relation)
            if kind == TERM:
                return self._terms.compared(name, values, right)
            return _compared_value(name, values, kind, right)
        first, second = self.value(left, relation), self.value(right, relation)
        if first[1] == second[1] == TERM:
            self._terms.check_comparable(name, first[0], second[0])
        elif first[1] != second[1] or first[1].name == "boolean" or first[1].tagged:
            raise UnsuitedError("a comparison of different kinds of values")
        return operate(name, first[0], second[0])


def operate(name: str, left: pl.Series, right: pl.Series | int | str) -> pl.Series:
    """Compare columns, or a column with a value."""
    operators: dict[str, Callable[[], pl.Series]] = {
        "=": lambda: left == right,
        "!=": lambda: left != right,
        "<": lambda: left < right,
        ">": lambda: left > right,
        "<=": lambda: left <= right,
        ">=": lambda: left >= right,
    }
    return operators[name]()


def _compared_value(name: str, values: pl.Series, kind: Type, constant: Term) -> pl.Series:
    """Compare calculated values with a constant."""
    wanted = kind_of(constant)
    if kind.name == "text" and not kind.tagged and wanted is Kind.TEXT:
        return operate(name, values, constant.value)
    if kind.name not in {"integer", "decimal"} or wanted not in {Kind.INTEGER, Kind.DECIMAL}:
        raise UnsuitedError("a comparison of different kinds of values")
    exact = Fraction(constant.value) * 10**kind.scale
    whole = math.floor(exact)
    if exact != whole:
        # Between two values: nothing is equal, and what is greater is greater than the lower one.
        if name in {"=", "!="}:
            never = values != values  # noqa: PLR0124  # null stays null
            return never if name == "=" else ~never
        name = {"<": "<=", ">=": ">"}.get(name, name)
    if abs(whole) >= 1 << 62:
        raise UnsuitedError("a large constant")
    return operate(name, values, whole)


def _constant_text(expression: Expression) -> str:
    if not isinstance(expression, Term):
        raise UnsuitedError("a variable where a constant is expected")
    return _plain_text(expression)


def _plain_text(term: Term) -> str:
    if kind_of(term) is not Kind.TEXT:
        raise UnsuitedError("a constant that is no plain text")
    return term.value


def _constant_integer(expression: Expression) -> int:
    if not isinstance(expression, Term) or kind_of(expression) is not Kind.INTEGER:
        raise UnsuitedError("a place that is no constant number")
    value = int(expression.value)
    if not 1 <= value <= np.iinfo(np.int32).max:
        raise UnsuitedError("a place before the text")
    return value
