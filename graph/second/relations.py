"""Solutions as columns, and the joins of basic graph patterns over the statements of an image."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Literal

import numpy as np
import polars as pl

from graph.second.algebra import Pattern, Step, UnsuitedError, Variable
from graph.second.image import Extent, Image
from graph.terms import Term

# Values of a relation that is held at once: 4 bytes each.
MAX_CELLS = 160_000_000
_NONE = np.uint32(0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Type:
    """What a column holds: numbers of terms, or values that were calculated.

    Decimals are held in units of `scale` digits after the point; `tagged` says that some of the
    texts had a language.
    """

    name: Literal["term", "integer", "decimal", "text", "boolean"]
    scale: int = 0
    tagged: bool = False


TERM = Type("term")


@dataclass(frozen=True, slots=True)
class Relation:
    """Solutions: a column for each variable, null where it is unbound.

    A frame without columns counts its solutions in `rows`.
    """

    frame: pl.DataFrame
    types: dict[str, Type]

    @property
    def names(self) -> list[str]:
        """Give the variables that a query can see."""
        return [name for name in self.types if name[0] not in "_#" or name.startswith("__")]

    def with_column(self, name: str, values: pl.Series, kind: Type) -> Relation:
        """Give the solutions with one more variable."""
        frame = self.frame.with_columns(values.alias(name))
        return Relation(frame, {**self.types, name: kind})


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """The solutions of one triple pattern; `most` tells how often a value of a column repeats."""

    frame: pl.DataFrame
    distinct: dict[str, int]
    most: dict[str, int]
    # Whether the columns are those of the subject and the object, in this order.
    plain: bool = field(default=False)


Narrow = Callable[[pl.DataFrame], pl.DataFrame]


def basic(image: Image, patterns: Sequence[Pattern], narrow: Narrow) -> pl.DataFrame:
    """Join the solutions of patterns, smallest first; `narrow` drops what cannot be wanted."""
    scans = []
    for pattern in patterns:
        scan = _scan(image, pattern)
        frame = narrow(scan.frame)
        if len(frame) < len(scan.frame):
            bounds = {name: min(count, len(frame)) for name, count in scan.distinct.items()}
            scan = Scan(frame, bounds, scan.most, plain=scan.plain)
        scans.append(scan)
    scans.sort(key=lambda scan: len(scan.frame))
    found = scans.pop(0).frame
    while scans:
        linked = [scan for scan in scans if set(scan.frame.columns) & set(found.columns)]
        if not linked:
            raise UnsuitedError("patterns without a common variable")
        scan = min(linked, key=lambda item: _estimate(found, item))
        scans.remove(scan)
        found = _joined(image, found, scan)
    return found


def _estimate(found: pl.DataFrame, scan: Scan) -> float:
    shared = [name for name in scan.frame.columns if name in found.columns]
    return len(found) * min(len(scan.frame) / max(scan.distinct[name], 1) for name in shared)


def _joined(image: Image, found: pl.DataFrame, scan: Scan) -> pl.DataFrame:
    shared = [name for name in scan.frame.columns if name in found.columns]
    key, *others = shared
    if scan.plain and not others and scan.most[key] == 1 and len(found) * 20 > len(scan.frame):
        return _looked_up(image, found, scan, key)
    bound = len(found) * min(scan.most[name] for name in shared)
    width = found.width + scan.frame.width - len(shared)
    if bound * width > MAX_CELLS:
        check_cells(_pairs(found, scan.frame, shared), width)
    return found.join(scan.frame, on=shared)


def _looked_up(image: Image, found: pl.DataFrame, scan: Scan, key: str) -> pl.DataFrame:
    """Join on a column without repetitions through a table of all terms."""
    keys = scan.frame[key].to_numpy()
    added = next((name for name in scan.frame.columns if name != key), None)
    table = np.full(image.layout.terms, _NONE, np.uint32)
    table[keys] = keys if added is None else scan.frame[added].to_numpy()
    got = table[found[key].to_numpy()]
    hit = got != _NONE
    if not hit.all():
        found, got = found.filter(pl.Series(hit)), got[hit]
    return found if added is None else found.with_columns(pl.Series(added, got))


def _pairs(left: pl.DataFrame, right: pl.DataFrame, on: list[str]) -> int:
    counts = left.group_by(on).len("#left").join(right.group_by(on).len("#right"), on=on)
    return int(counts.select((pl.col("#left").cast(pl.Int64) * pl.col("#right")).sum()).item() or 0)


def check_cells(rows: int, width: int) -> None:
    """Refuse to hold too large a relation; UnsuitedError then."""
    if rows * max(width, 1) > MAX_CELLS:
        raise UnsuitedError("too many solutions on the way")


def join(left: Relation, right: Relation, how: Literal["inner", "left", "anti"]) -> Relation:
    """Join solutions on the variables that both have, which must be bound to terms."""
    shared = [name for name in left.types if name in right.types]
    for side in (left, right):
        for name in shared:
            if side.types[name] != TERM or side.frame[name].null_count():
                raise UnsuitedError("a join on what is calculated or unbound")
    types = left.types if how == "anti" else {**left.types, **right.types}
    if not shared:
        if how != "inner":
            raise UnsuitedError("groups without a common variable")
        check_cells(left.frame.height * right.frame.height, len(types))
        return Relation(left.frame.join(right.frame, how="cross"), types)
    if how == "anti":
        return Relation(left.frame.join(right.frame, on=shared, how="anti"), types)
    most = right.frame.group_by(shared).len()["len"].max() or 0
    if left.frame.height * int(str(most)) * len(types) > MAX_CELLS:
        check_cells(_pairs(left.frame, right.frame, shared) + left.frame.height, len(types))
    frame = left.frame.join(right.frame, on=shared, how=how)
    return Relation(frame, types)


def _scan(image: Image, pattern: Pattern) -> Scan:
    if isinstance(pattern.predicate, Variable):
        found = [_part(image, extent, pattern, None) for extent in image.layout.predicates]
    else:
        found = [
            _part(image, image.predicates[number], pattern, step)
            for step in pattern.predicate
            if (number := image.find(step.predicate)) in image.predicates
        ]
    if len(found) == 1:
        return found[0]
    names = list(dict.fromkeys(node.name for node in _variables(pattern)))
    if not found:
        frame = pl.DataFrame(schema=dict.fromkeys(names, pl.UInt32))
        return Scan(frame, dict.fromkeys(names, 0), dict.fromkeys(names, 0))
    check_cells(sum(len(scan.frame) for scan in found), len(names))
    frame = pl.concat([scan.frame for scan in found])
    if not isinstance(pattern.predicate, Variable) and frame.is_duplicated().any():
        raise UnsuitedError("a solution by several predicates")  # which the store counts once
    return Scan(
        frame,
        {name: max(scan.distinct[name] for scan in found) for name in names},
        {name: sum(scan.most[name] for scan in found) for name in names},
    )


def _variables(pattern: Pattern) -> list[Variable]:
    nodes = (pattern.subject, pattern.predicate, pattern.object)
    return [node for node in nodes if isinstance(node, Variable)]


def _part(image: Image, extent: Extent, pattern: Pattern, step: Step | None) -> Scan:
    """Give the solutions among the statements of one predicate."""
    nodes = [pattern.subject, pattern.object]
    if step is not None and step.inverse:
        nodes.reverse()
    rows = slice(extent.start, extent.start + extent.count)
    ends = [image.subjects[rows], image.objects[rows]]
    kept = [
        values == _constant(image, node)
        for node, values in zip(nodes, ends, strict=True)
        if isinstance(node, Term)
    ]
    if nodes[0] == nodes[1]:
        kept.append(ends[0] == ends[1])
    if kept:
        hit = reduce(np.logical_and, kept)
        ends = [values[hit] for values in ends]
    frame, distinct, most = {}, {}, {}
    spread = ((extent.subjects, extent.most_objects), (extent.objects, extent.most_subjects))
    for node, values, (count, repeated) in zip(nodes, ends, spread, strict=True):
        if isinstance(node, Variable):
            frame[node.name] = values
            distinct[node.name] = min(count, len(values))
            # A statement is there once: where its other end is fixed, no value repeats.
            most[node.name] = 1 if kept else repeated
    scan = Scan(pl.DataFrame(frame), distinct, most, plain=True)
    if isinstance(pattern.predicate, Variable):
        return _with_predicate(extent, pattern.predicate.name, scan)
    return scan


def _with_predicate(extent: Extent, name: str, scan: Scan) -> Scan:
    number = pl.lit(extent.predicate, dtype=pl.UInt32)
    if name in scan.frame.columns:
        return Scan(scan.frame.filter(pl.col(name) == number), scan.distinct, scan.most)
    frame = scan.frame.with_columns(number.alias(name))
    return Scan(frame, {**scan.distinct, name: 1}, {**scan.most, name: max(len(frame), 1)})


def _constant(image: Image, term: Term) -> np.uint32:
    number = image.find(term)
    return _NONE if number is None else np.uint32(number)
