"""Read a query into the algebra of the second engine, or leave it to the store.

The parser is that of rdflib. What is read is a list of what is allowed: every operator, function
and kind of constant not named here is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

import rdflib
from rdflib.paths import AlternativePath, InvPath, SequencePath
from rdflib.plugins.sparql.algebra import translateGroupGraphPattern, translateQuery
from rdflib.plugins.sparql.parser import parseQuery

from graph.engine import Query
from graph.second.algebra import (
    Aggregate,
    Basic,
    Bind,
    Distinct,
    Filter,
    Group,
    Operator,
    Order,
    Pair,
    Pattern,
    Project,
    Slice,
    Step,
    UnsuitedError,
    Values,
    Variable,
)
from graph.second.conditions import read_expression, read_term
from graph.terms import Term

# The parser takes long for deep nesting, and undoes escapes where the store does not.
_LONGEST = 4_000
_DEEPEST = 12
# Escapes that the store reads otherwise, and names that the parser gives itself.
_REFUSED = re.compile(r"\\u|__agg_", re.IGNORECASE)
_AGGREGATES = {
    "Aggregate_Count": "count",
    "Aggregate_Sum": "sum",
    "Aggregate_Avg": "avg",
    "Aggregate_Min": "min",
    "Aggregate_Max": "max",
}
_OPEN = (rdflib.Variable, rdflib.BNode)
# Of triple patterns in one group: the store orders joins better than this engine.
_MOST_PATTERNS = 24


def read(query: Query) -> Operator:
    """Read a query; UnsuitedError if it is not one for this engine."""
    if query.default_graphs or query.named_graphs:
        raise UnsuitedError("it names its dataset")
    text = query.text
    if len(text) > _LONGEST or _depth(text) > _DEEPEST or _REFUSED.search(text):
        raise UnsuitedError("its text is not suited")
    try:
        parsed = parseQuery(text)
        star = cast("Any", parsed[1]).projection is None
        found = translateQuery(parsed).algebra
    except Exception as error:
        # Whatever the parser raises: the store says what is wrong with the query.
        raise UnsuitedError("it cannot be parsed") from error
    if found.name != "SelectQuery" or found.datasetClause is not None:
        raise UnsuitedError("it is no SELECT over the default graph")
    return _Reader().solutions(found.p, star=star)


def _depth(text: str) -> int:
    deepest = depth = 0
    for mark in re.findall(r"[({\[)}\]]", text):
        depth += 1 if mark in "({[" else -1
        deepest = max(deepest, depth)
    return deepest


class _Reader:
    """Turns the parser's tree into the algebra."""

    def __init__(self) -> None:
        # What stands for a key outside of its groups, by the parser's own name.
        self._samples: dict[str, str] = {}
        self._readers: Mapping[str, Callable[[Any], Operator]] = {
            "BGP": self._basic,
            "Join": self._join,
            "Union": lambda node: Pair("union", self.read(node.p1), self.read(node.p2)),
            "Minus": lambda node: Pair("without", self.read(node.p1), self.read(node.p2)),
            "LeftJoin": self._optional,
            "Filter": self._filter,
            "Extend": self._bind,
            "AggregateJoin": self._group,
            "ToMultiSet": self._several,
            "Project": self.solutions,
            "OrderBy": self._order,
            "Distinct": self.solutions,
            "Slice": self.solutions,
        }

    def read(self, node: Any) -> Operator:  # noqa: ANN401  # a tree of the parser
        """Read any operator."""
        reader = self._readers.get(node.name)
        if reader is None:
            raise UnsuitedError(f"the operator {node.name}")
        return reader(node)

    def solutions(self, node: Any, *, star: bool = False) -> Operator:  # noqa: ANN401
        """Read what modifies solutions; `star` where all variables are asked for."""
        match node.name:
            case "Slice":
                return Slice(node.start, node.length, self.solutions(node.p, star=star))
            case "Distinct":
                return Distinct(self.solutions(node.p, star=star))
            case "Project":
                names = None if star else tuple(str(name) for name in node.PV)
                if names is not None and len(set(names)) < len(names):
                    raise UnsuitedError("a variable stands twice")
                return Project(names, self.read(node.p))
        raise UnsuitedError(f"the modifier {node.name}")

    def _basic(self, node: Any) -> Operator:  # noqa: ANN401
        patterns = tuple(pattern for triple in node.triples for pattern in self._patterns(*triple))
        if not 0 < len(patterns) <= _MOST_PATTERNS:
            raise UnsuitedError("no patterns, or many")
        return Basic(patterns)

    def _patterns(self, subject: Any, path: Any, value: Any) -> Iterator[Pattern]:  # noqa: ANN401
        if isinstance(path, SequencePath):
            ends = [*(rdflib.BNode() for _ in path.args[1:]), value]
            for step, end in zip(path.args, ends, strict=True):
                yield from self._patterns(subject, step, end)
                subject = end
            return
        if isinstance(path, InvPath) and isinstance(path.arg, SequencePath):
            yield from self._patterns(value, path.arg, subject)
            return
        predicate = Variable(str(path)) if isinstance(path, rdflib.Variable) else _steps(path)
        if not isinstance(subject, _OPEN) and not isinstance(value, _OPEN):
            raise UnsuitedError("a pattern without variables at its ends")
        yield Pattern(self._node(subject), predicate, self._node(value))

    def _node(self, node: Any) -> Variable | Term:  # noqa: ANN401
        if isinstance(node, rdflib.Variable):
            return Variable(str(node))
        return Variable(f"_:{node}") if isinstance(node, rdflib.BNode) else read_term(node)

    def _join(self, node: Any) -> Operator:  # noqa: ANN401
        if node.p1.name == "BGP" and not node.p1.triples:
            return self.read(node.p2)
        return Pair("join", self.read(node.p1), self.read(node.p2))

    def _optional(self, node: Any) -> Operator:  # noqa: ANN401
        right = self.read(node.p2)
        if node.expr.name != "TrueFilter":
            right = self._filtered(node.expr, right)
        return Pair("optional", self.read(node.p1), right)

    def _filter(self, node: Any) -> Operator:  # noqa: ANN401
        return self._filtered(node.expr, self.read(node.p))

    def _filtered(self, condition: Any, inner: Operator) -> Operator:  # noqa: ANN401
        """Put each part of a conjunction on its own: the order of filters does not matter."""
        name = getattr(condition, "name", None)
        if name == "ConditionalAndExpression":
            for part in (condition.expr, *condition.other):
                inner = self._filtered(part, inner)
            return inner
        if name == "Builtin_NOTEXISTS":
            # Where the group is all that the solution is compared with, this is a difference.
            group = condition.graph
            if group.name == "GroupGraphPatternSub":
                group = translateGroupGraphPattern(group)
            return Pair("without", inner, self.read(group))
        expression = read_expression(condition)
        if isinstance(inner, Basic):
            return Basic(inner.patterns, (*inner.conditions, expression))
        return Filter(expression, inner)

    def _bind(self, node: Any) -> Operator:  # noqa: ANN401
        inner = self.read(node.p)
        value = read_expression(node.expr)
        if isinstance(value, Variable) and self._samples.get(value.name) == str(node.var):
            return inner
        return Bind(str(node.var), value, inner)

    def _group(self, node: Any) -> Operator:  # noqa: ANN401
        if node.p.name != "Group":
            raise UnsuitedError("aggregates of something else")
        keys = None if node.p.expr is None else tuple(map(_name, node.p.expr))
        inner = self.read(node.p.p)
        aggregates, samples = [], []
        for item in node.A:
            if item.name == "Aggregate_Sample":
                # Written by the parser for a key that is used outside, or asked for.
                samples.append((str(item.res), _name(item.vars)))
            elif item.name in _AGGREGATES:
                argument = None if item.vars == "*" else _name(item.vars)
                distinct = bool(item.distinct)
                function = _AGGREGATES[item.name]
                if argument is None and distinct:
                    raise UnsuitedError("counts of distinct solutions")
                aggregates.append(Aggregate(str(item.res), function, argument, distinct))
            else:
                raise UnsuitedError(f"the aggregate {item.name}")
        grouped: Operator = Group(keys, tuple(aggregates), inner)
        for name, sampled in samples:
            if sampled not in (keys or ()):
                raise UnsuitedError("a variable that is no key")
            self._samples[name] = sampled
            grouped = Bind(name, Variable(sampled), grouped)
        return grouped

    def _several(self, node: Any) -> Operator:  # noqa: ANN401
        if node.p.name != "values":
            return self.solutions(node.p)
        rows = node.p.res
        names = tuple(dict.fromkeys(str(name) for row in rows for name in row))
        if not names or any(len(row) != len(names) for row in rows):
            raise UnsuitedError("values without rows, or in part")
        return Values(
            names,
            tuple(tuple(read_term(row[rdflib.Variable(name)]) for name in names) for row in rows),
        )

    def _order(self, node: Any) -> Operator:  # noqa: ANN401
        keys = tuple((read_expression(item.expr), item.order == "DESC") for item in node.expr)
        return Order(keys, self.read(node.p))


def _name(node: Any) -> str:  # noqa: ANN401
    if not isinstance(node, rdflib.Variable):
        raise UnsuitedError("an expression where a variable is expected")
    return str(node)


def _steps(path: Any) -> tuple[Step, ...]:  # noqa: ANN401
    if isinstance(path, rdflib.URIRef):
        return (Step(read_term(path)),)
    if isinstance(path, InvPath):
        return tuple(Step(step.predicate, not step.inverse) for step in _steps(path.arg))
    if isinstance(path, AlternativePath):
        return tuple(step for part in path.args for step in _steps(part))
    raise UnsuitedError("a path of any length")
