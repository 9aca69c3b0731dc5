"""What was taken down, looked for in statements written by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from graph.errors import ForbiddenError
from graph.store.writing import Change, Quad
from graph.takedowns import Applied, Takedowns


class _Holds(Protocol):
    def __call__(self, value: str, *, literal: bool = False) -> bool: ...


def withheld(taken: Takedowns) -> Callable[[Quad], bool]:
    """Give what tells whether a statement names something that was taken down."""

    def holds(value: str, *, literal: bool = False) -> bool:
        return taken.holds_name(value) if literal else taken.holds(value)

    return lambda quad: _names(quad, holds)


def refuse_withheld(applied: Applied, change: Change) -> None:
    """Refuse a change that names what was taken down; ForbiddenError does not repeat it."""
    known = applied.iris or applied.names
    if known and any(_names(quad, applied.holds) for quad in change.inserted):
        raise ForbiddenError(
            "this names something that was taken down, and which this graph does not tell of"
        )


def _names(quad: Quad, holds: _Holds) -> bool:
    return any(
        holds(term.value, literal=term.kind == "literal")
        for term in quad
        if term.kind in {"uri", "literal"}
    )
