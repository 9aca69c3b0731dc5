"""Groups and aggregates (SPARQL 1.1 Query, 11 and 18.5.1), counted in whole numbers."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from graph.second.algebra import Aggregate, UnsuitedError
from graph.second.image import Image, Kind
from graph.second.relations import TERM, Relation, Type
from graph.second.terms import Terms

_MAX = (1 << 63) - 1
# The store divides to so many digits after the point and drops the rest.
_QUOTIENT = 18


class Groups:
    """Groups solutions over an image."""

    def __init__(self, image: Image) -> None:
        self._image = image
        self._terms = Terms(image)

    def group(
        self, keys: tuple[str, ...] | None, aggregates: Sequence[Aggregate], relation: Relation
    ) -> Relation:
        """Give a solution for each group, with its keys and aggregates."""
        if any(key not in relation.types for key in keys or ()):
            raise UnsuitedError("a key that is not there")
        if keys is None and not relation.frame.height:
            return _of_nothing(aggregates)
        wanted, types = self._prepared(aggregates, relation)
        frame, expressions = wanted
        if keys:
            found = frame.group_by(keys).agg(expressions)
        else:
            found = frame.select(expressions) if expressions else pl.DataFrame({"_": [0]})
        for item in aggregates:
            if item.function == "avg":
                found = _divided(found, item.name, types[item.name].scale)
                types[item.name] = Type("decimal", _QUOTIENT)
        return Relation(found, {**{key: relation.types[key] for key in keys or ()}, **types})

    def _prepared(
        self, aggregates: Sequence[Aggregate], relation: Relation
    ) -> tuple[tuple[pl.DataFrame, list[pl.Expr]], dict[str, Type]]:
        frame = relation.frame
        expressions: list[pl.Expr] = []
        types: dict[str, Type] = {}
        for item in aggregates:
            types[item.name] = Type("integer")
            if item.argument is None:
                expressions.append(pl.len().cast(pl.Int64).alias(item.name))
                continue
            if item.argument not in relation.types:
                raise UnsuitedError("an aggregate of what is not there")
            source = pl.col(item.argument)
            if item.function == "count":
                counted = source.drop_nulls().n_unique() if item.distinct else source.count()
                expressions.append(counted.cast(pl.Int64).alias(item.name))
                continue
            values, kind = self._values(item, relation)
            name = f"of {item.name}"
            frame = frame.with_columns(values.alias(name))
            expressions.extend(_aggregated(item, pl.col(name)))
            types[item.name] = kind
        return (frame, expressions), types

    def _values(self, item: Aggregate, relation: Relation) -> tuple[pl.Series, Type]:
        """Give what is summed or compared, in one unit and of one kind."""
        name = str(item.argument)
        values, kind = relation.frame[name], relation.types[name]
        if values.null_count():
            raise UnsuitedError("an aggregate of what is unbound in part")
        if item.function in {"min", "max"}:
            if kind == TERM:
                self._terms.check_ordered(values)
            elif kind.name == "boolean" or kind.tagged:
                raise UnsuitedError("an extreme of truth values or of texts with languages")
            return values, kind
        if kind == TERM:
            values, kind = self._numbers(values)
        if kind.name not in {"integer", "decimal"}:
            raise UnsuitedError("a sum of other things than numbers")
        most = max(abs(int(str(values.min() or 0))), abs(int(str(values.max() or 0))))
        if most * len(values) > _MAX:
            if kind.name == "integer" or most > _MAX:
                raise UnsuitedError("a sum beyond what the store can hold")
            values = values.cast(pl.Int128)
        return values, kind

    def _numbers(self, terms: pl.Series) -> tuple[pl.Series, Type]:
        start, _ = self._image.range(Kind.INTEGER)
        for kind, found in (
            (Kind.INTEGER, Type("integer")),
            (Kind.DECIMAL, Type("decimal", self._image.layout.scale)),
        ):
            if self._terms.within(terms, kind):
                return pl.Series(self._image.numbers[terms.to_numpy() - start]), found
        raise UnsuitedError("numbers of different types, or other terms")


def _aggregated(item: Aggregate, values: pl.Expr) -> list[pl.Expr]:
    if item.distinct:
        values = values.unique()
    match item.function:
        case "min":
            return [values.min().alias(item.name)]
        case "max":
            return [values.max().alias(item.name)]
        case "sum":
            return [values.sum().alias(item.name)]
    return [
        values.sum().alias(item.name),
        values.len().cast(pl.Int64).alias(f"number of {item.name}"),
    ]


def _divided(found: pl.DataFrame, name: str, scale: int) -> pl.DataFrame:
    """Turn sums into averages, in units of the last digit that the store gives."""
    shift = 10 ** (_QUOTIENT - scale)
    averages = [
        (abs(total) * shift // count) * (1 if total >= 0 else -1)
        for total, count in zip(found[name], found[f"number of {name}"], strict=True)
    ]
    return found.with_columns(pl.Series(name, averages, dtype=pl.Int128))


def _of_nothing(aggregates: Sequence[Aggregate]) -> Relation:
    """Give the one solution of a group without members."""
    columns = {
        item.name: pl.Series([None if item.function in {"min", "max"} else 0], dtype=pl.Int64)
        for item in aggregates
    }
    frame = pl.DataFrame(columns or {"_": [0]})
    return Relation(frame, dict.fromkeys(columns, Type("integer")))
