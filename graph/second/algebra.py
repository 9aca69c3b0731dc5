"""The part of the SPARQL algebra (SPARQL 1.1 Query, 18.2) that the second engine evaluates."""

from __future__ import annotations

from dataclasses import dataclass

from graph.terms import Term


class UnsuitedError(Exception):
    """Tells that a query is left to the store; never leaves this package but by its callers."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable, or a blank node of a pattern, whose name begins with `_:`."""

    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """One predicate of a path, to be read from object to subject where `inverse`."""

    predicate: Term
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """A triple pattern; its predicate is a variable or one of several steps."""

    subject: Variable | Term
    predicate: Variable | tuple[Step, ...]
    object: Variable | Term


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or function applied to expressions."""

    name: str
    arguments: tuple[Expression, ...]


Expression = Variable | Term | Call


@dataclass(frozen=True, slots=True)
class Basic:
    """A basic graph pattern with the conditions on its solutions."""

    patterns: tuple[Pattern, ...]
    conditions: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """A binary operator: `join`, `optional`, `union`, or `without` (no compatible solution)."""

    name: str
    left: Operator
    right: Operator


@dataclass(frozen=True, slots=True)
class Values:
    """Inline solutions: each row gives all variables a term."""

    names: tuple[str, ...]
    rows: tuple[tuple[Term, ...], ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """Solutions for which a condition is true."""

    condition: Expression
    inner: Operator


@dataclass(frozen=True, slots=True)
class Bind:
    """Solutions with one more variable."""

    name: str
    value: Expression
    inner: Operator


@dataclass(frozen=True, slots=True)
class Aggregate:
    """An aggregate over a variable, or over solutions where there is none."""

    name: str
    function: str
    argument: str | None
    distinct: bool


@dataclass(frozen=True, slots=True)
class Group:
    """One solution for each group; one in all where `keys` is None."""

    keys: tuple[str, ...] | None
    aggregates: tuple[Aggregate, ...]
    inner: Operator


@dataclass(frozen=True, slots=True)
class Project:
    """Solutions with these variables only; with all where `names` is None."""

    names: tuple[str, ...] | None
    inner: Operator


@dataclass(frozen=True, slots=True)
class Distinct:
    """Solutions without repetitions."""

    inner: Operator


@dataclass(frozen=True, slots=True)
class Order:
    """Solutions in the order of keys, each with whether it descends."""

    keys: tuple[tuple[Expression, bool], ...]
    inner: Operator


@dataclass(frozen=True, slots=True)
class Slice:
    """Some of the solutions, in their order."""

    start: int
    length: int | None
    inner: Operator


Operator = Basic | Pair | Values | Filter | Bind | Group | Project | Distinct | Order | Slice
