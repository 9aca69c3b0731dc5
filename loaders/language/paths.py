"""Paths: where in a record of nested lists and objects the values of a column are.

    path        = alternative *( "|" alternative )     the first that gives a value
    alternative = step *( "." step )
    step        = name [ "[" [ name ] ( "=" | "!=" ) value *( "," value ) "]" ]
    name        = text without . | [ ], or any text between quotation marks

A step into a list goes into each of its items. What stands in brackets keeps only the items whose
member (or, without a name, which themselves) is one of the values, or with `!=` none of them; of a
member that is a list, one of its own items is enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_STEP = re.compile(r"(?:\"([^\"]+)\"|([^\[\]|.\"]+))(?:\[([^\[\]=!|]*)(=|!=)([^\[\]|]+)\])?")


class PathError(ValueError):
    """A path is not written as one."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step down; `among` keeps items by their `member`, or drops them if `negated`."""

    name: str
    member: str = ""
    among: frozenset[str] = frozenset()
    negated: bool = False


Steps = tuple[Step, ...]
Path = tuple[Steps, ...]


@lru_cache(maxsize=1_024)
def read_path(text: str) -> Path:
    """Read a path; PathError says what is wrong with it."""
    return tuple(_alternative(part.strip(), text) for part in _outside(text, "|"))


def values(record: Any, path: Path) -> list[str]:  # noqa: ANN401  # any JSON value
    """Give the values at the first alternative that has any, as text; objects are no values."""
    for steps in path:
        if isinstance(record, dict) and steps[0].name not in record:
            continue
        found = [_text(item) for item in _at(record, steps) if _is_value(item)]
        if found:
            return found
    return []


class Rest:
    """Gathers the values of records that no path reaches, under their dotted names.

    Names have no places in lists: the values of a list stand under one name.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._reached = {_name(steps) for path in paths for steps in path}
        self.names: dict[str, None] = {}

    def of(self, record: Any) -> dict[str, list[str]]:  # noqa: ANN401  # as above
        """Give the values of a record that are reached by none."""
        found: dict[str, list[str]] = {}
        self._gather(record, "", found)
        self.names.update(dict.fromkeys(found))
        return found

    def _gather(self, value: Any, name: str, found: dict[str, list[str]]) -> None:  # noqa: ANN401
        if isinstance(value, dict):
            for key, below in value.items():
                inner = f"{name}.{key}" if name else key
                if below is not None and inner not in self._reached:
                    self._gather(below, inner, found)
        elif isinstance(value, list):
            for item in value:
                self._gather(item, name, found)
        elif _is_value(value):
            found.setdefault(name, []).append(_text(value))


def items(record: dict[str, Any], path: Path) -> Iterator[dict[str, Any]]:
    """Give a copy of a record for each item that a path leads to, which then stands alone there.

    Other than for values, all alternatives count: a record may have several lists of one sort.
    An item stands without the other lists.
    """
    for steps in path:
        others = {other[0].name for other in path if len(other) == 1 and other != steps}
        bare = {name: value for name, value in record.items() if name not in others}
        for item in _at(record, steps):
            yield _replaced(bare, steps, item)


def _replaced(record: Any, steps: Steps, item: Any) -> Any:  # noqa: ANN401  # any JSON value
    if not steps:
        return item
    around = record if isinstance(record, dict) else {}
    name = steps[0].name
    return {**around, name: _replaced(around.get(name), steps[1:], item)}


def _at(record: Any, steps: Steps) -> list[Any]:  # noqa: ANN401  # any JSON value
    found = record if isinstance(record, list) else [record]
    for step in steps:
        below: list[Any] = []
        for item in found:
            value = item.get(step.name) if isinstance(item, dict) else None
            if isinstance(value, list):
                below += _flat(value)
            elif value is not None:
                below.append(value)
        found = [item for item in below if _keeps(step, item)] if step.among else below
    return found


def _flat(items: list[Any]) -> list[Any]:
    if not any(isinstance(item, list) for item in items):
        return items
    return [inner for item in items for inner in _flat(item if isinstance(item, list) else [item])]


def _keeps(step: Step, item: Any) -> bool:  # noqa: ANN401  # as above
    if step.member:
        item = item.get(step.member) if isinstance(item, dict) else None
    found = {_text(part) for part in (item if isinstance(item, list) else [item])}
    return found.isdisjoint(step.among) if step.negated else not found.isdisjoint(step.among)


def _is_value(item: Any) -> bool:  # noqa: ANN401  # as above
    return item is not None and item != "" and not isinstance(item, dict | list)


def _text(value: Any) -> str:  # noqa: ANN401  # as above
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _name(steps: Steps) -> str:
    return ".".join(step.name for step in steps)


def _alternative(part: str, text: str) -> Steps:
    steps = [_STEP.fullmatch(step.strip()) for step in _outside(part, ".")]
    found = [step for step in steps if step is not None]
    if not part or len(found) < len(steps):
        raise PathError(
            f"{text!r} is no path: write names with points between them, such as "
            "names[types=alias].value | aliases"
        )
    return tuple(
        Step(
            step[1] or step[2].strip(),
            (step[3] or "").strip(),
            frozenset(value.strip() for value in (step[5] or "").split(",") if value.strip()),
            step[4] == "!=",
        )
        for step in found
    )


def _outside(text: str, mark: str) -> list[str]:
    """Split at a mark, but not within brackets or quotation marks."""
    parts, depth, quoted = [""], 0, False
    for character in text:
        quoted ^= character == '"'
        depth += (character == "[") - (character == "]")
        if character == mark and depth == 0 and not quoted:
            parts.append("")
        else:
            parts[-1] += character
    return parts
