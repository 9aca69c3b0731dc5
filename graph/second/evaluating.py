"""Evaluate the algebra over an image (SPARQL 1.1 Query, 18.5), exactly or not at all."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import numpy as np
import polars as pl

from graph.second.algebra import (
    Basic,
    Bind,
    Call,
    Distinct,
    Expression,
    Filter,
    Group,
    Operator,
    Order,
    Pair,
    Project,
    Slice,
    UnsuitedError,
    Values,
    Variable,
)
from graph.second.grouping import Groups
from graph.second.image import Image
from graph.second.relations import TERM, Relation, basic, check_cells, join
from graph.second.terms import Terms
from graph.second.values import Expressions
from graph.terms import Term

# From so many solutions on, a condition is asked of each term once.
_MANY = 20_000


class Evaluator:
    """Evaluates operators over one image; UnsuitedError where the store must answer."""

    def __init__(self, image: Image) -> None:
        self._image = image
        self._terms = Terms(image)
        self._expressions = Expressions(image)
        self._groups = Groups(image)
        self._hidden = (f"#{number}" for number in itertools.count())

    def evaluate(self, operator: Operator) -> Relation:  # noqa: C901, PLR0911  # a branch for each
        """Give the solutions of an operator."""
        match operator:
            case Basic():
                return self._basic(operator)
            case Pair(name, left, right):
                return self._pair(name, self.evaluate(left), self.evaluate(right))
            case Values(names, rows):
                return self._values(names, rows)
            case Filter(condition, inner):
                return self._filtered(self.evaluate(inner), [condition])
            case Bind(name, value, inner):
                return self._bound(name, value, self.evaluate(inner))
            case Group(keys, aggregates, inner):
                return self._groups.group(keys, aggregates, self.evaluate(inner))
            case Project(names, inner):
                return self._projected(names, self.evaluate(inner))
            case Distinct(inner):
                found = self.evaluate(inner)
                frame = found.frame.unique(found.names or None, keep="first", maintain_order=True)
                return Relation(frame, found.types)
            case Order(keys, inner):
                return self._sorted(keys, self.evaluate(inner))
            case Slice(start, length, inner):
                return self._sliced(start, length, self.evaluate(inner))

    def _basic(self, operator: Basic) -> Relation:
        """Join patterns; conditions on one variable are asked before the joins."""
        single: dict[str, list[Expression]] = {}
        rest: list[Expression] = []
        for condition in operator.conditions:
            names = list(dict.fromkeys(_names(condition)))
            if len(names) == 1:
                single.setdefault(names[0], []).append(condition)
            else:
                rest.append(condition)

        def narrow(frame: pl.DataFrame) -> pl.DataFrame:
            conditions = [item for name in frame.columns for item in single.get(name, ())]
            return self._filtered(_of_terms(frame), conditions).frame

        frame = basic(self._image, operator.patterns, narrow)
        missing = [item for name in set(single) - set(frame.columns) for item in single[name]]
        return self._filtered(_of_terms(frame), [*rest, *missing])

    def _filtered(self, relation: Relation, conditions: Iterable[Expression]) -> Relation:
        for condition in conditions:
            held = self._held(relation, condition)
            relation = Relation(relation.frame.filter(held), relation.types)
        return relation

    def _held(self, relation: Relation, condition: Expression) -> pl.Series:
        """Ask a condition on one term of each term once, of all texts in their order if of many."""
        names = set(_names(condition))
        name = next(iter(names), "")
        if (
            len(names) != 1
            or relation.frame.height < _MANY
            or relation.types.get(name) != TERM
            or relation.frame[name].null_count()
            or not _reads(condition)
        ):
            return self._expressions.condition(condition, relation)
        terms = relation.frame[name]
        least, most = int(str(terms.min())), int(str(terms.max()))
        if most - least < 3 * len(terms) and self._terms.are_texts(terms):
            asked = pl.Series(name, np.arange(least, most + 1, dtype=np.uint32))
        else:
            asked = terms.unique()
        held = self._expressions.condition(condition, _of_terms(asked.to_frame()))
        table = np.zeros(most - least + 1, bool)
        table[asked.filter(held).to_numpy() - np.uint32(least)] = True
        return pl.Series(table[terms.to_numpy() - np.uint32(least)])

    def _pair(self, name: str, left: Relation, right: Relation) -> Relation:
        if name != "union":
            how = {"join": "inner", "optional": "left", "without": "anti"}
            return join(left, right, how[name])  # type: ignore[arg-type]
        if any(right.types.get(key, kind) != kind for key, kind in left.types.items()):
            raise UnsuitedError("a union of different kinds of values")
        frame = pl.concat([left.frame, right.frame], how="diagonal")
        check_cells(frame.height, frame.width)
        return Relation(frame, {**left.types, **right.types})

    def _values(self, names: tuple[str, ...], rows: tuple[tuple[Term, ...], ...]) -> Relation:
        found = []
        for row in rows:
            numbers = [self._image.find(term) for term in row]
            if None in numbers:
                raise UnsuitedError("a value that the graph does not have")
            found.append(numbers)
        schema = dict.fromkeys(names, pl.UInt32)
        return _of_terms(pl.DataFrame(found, schema=schema, orient="row"))

    def _bound(self, name: str, value: Expression, relation: Relation) -> Relation:
        if name in relation.types:
            raise UnsuitedError("a variable that is bound twice")
        values, kind = self._expressions.value(value, relation)
        return relation.with_column(name, values, kind)

    def _projected(self, names: tuple[str, ...] | None, relation: Relation) -> Relation:
        if names is None:
            names = tuple(sorted(relation.names))
        if not names or any(name not in relation.types for name in names):
            raise UnsuitedError("a variable that is never bound, or none")
        kept = [*names, *(name for name in relation.types if name.startswith("#"))]
        return Relation(relation.frame.select(kept), {name: relation.types[name] for name in kept})

    def _sorted(self, keys: Iterable[tuple[Expression, bool]], relation: Relation) -> Relation:
        hidden, descending = [], []
        for expression, falls in keys:
            values, kind = self._expressions.value(expression, relation)
            if kind == TERM:
                self._terms.check_ordered(values)
            elif kind.name == "boolean" or kind.tagged:
                raise UnsuitedError("an order of truth values or of texts with languages")
            name = next(self._hidden)
            relation = relation.with_column(name, values, kind)
            hidden.append(name)
            descending.append(falls)
        # What is unbound comes before everything else.
        frame = relation.frame.sort(hidden, descending=descending, nulls_last=descending)
        return Relation(frame, relation.types)

    def _sliced(self, start: int, length: int | None, relation: Relation) -> Relation:
        """Cut where the order says what is on which side, or where nothing is cut."""
        frame = relation.frame
        keys = [name for name in frame.columns if name.startswith("#")]
        ends = (start, start + length) if length is not None else (start,)
        for end in ends:
            inside = 0 < end < frame.height
            if inside and (not keys or frame[keys].row(end - 1) == frame[keys].row(end)):
                raise UnsuitedError("a cut between solutions of the same order")
        return Relation(frame.slice(start, length), relation.types)


def _of_terms(frame: pl.DataFrame) -> Relation:
    return Relation(frame, dict.fromkeys(frame.columns, TERM))


def _names(expression: Expression) -> Iterable[str]:
    if isinstance(expression, Variable):
        yield expression.name
    elif isinstance(expression, Call):
        for argument in expression.arguments:
            yield from _names(argument)


def _reads(expression: Expression) -> bool:
    """Tell whether an expression reads texts, which is dear."""
    if not isinstance(expression, Call):
        return False
    own = expression.name in {"contains", "strstarts", "strends", "regex", "str", "strlen"}
    return own or any(map(_reads, expression.arguments))
