"""Rules for rows: which rows of a table are no records, or go on with the record above."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from loaders.suggesting.cues import Cues
from loaders.suggesting.vocabulary import Vocabulary

if TYPE_CHECKING:
    from loaders.suggesting.suggestion import Suggestion

CARRIED = "Heading"
_LINE = "\n"
_WIDE = 3
_FOOTERS = 12
_SEEN = 40
_OFTEN = 0.03
_NAMED = 0.6
_ENDING = re.compile(r"[:(\d].*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class RowRules:
    """What `rows` of a mapping says besides the place: keys and their values.

    `carried` is the field of the headings that go down into the rows, `-` where it is none;
    `joined` are columns that hold several lines once rows are joined; `totals` are the words that
    sums begin with; `records` counts the rest.
    """

    keys: dict[str, Any] = field(default_factory=dict)
    carried: str | None = None
    joined: tuple[str, ...] = ()
    records: int = 0
    totals: frozenset[str] = frozenset()

    @property
    def without(self) -> str | None:
        """Name the column that rows lack which go on with the row above."""
        return self.keys["continued"]["without"] if "continued" in self.keys else None

    def is_total(self, row: Sequence[str]) -> bool:
        """Tell whether a row is one of sums."""
        return any(cell in self.totals for cell in row[:2])


def row_rules(found: Suggestion, cues: Cues, vocabulary: Vocabulary) -> RowRules:
    """Find titles within the table, totals, footers and rows that go on."""
    names, data = found.layout.names, found.layout.data
    keys: dict[str, Any] = {}
    skip: list[dict[str, Any]] = []
    alone = [
        number
        for number, row in enumerate(data)
        if len(names) >= _WIDE and sum(map(bool, row)) == 1 and row[0]
    ]
    tail = _tail(alone, len(data)) if found.grid.whole else []
    if tail:
        skip.append(_rule("footer", names[0], [data[number][0] for number in tail]))
    headings = [number for number in alone if number not in tail]
    carried = None
    if headings:
        carried = _meaning([data[number][0] for number in headings], found, vocabulary)
        skip.append({"name": "heading", "column": names[0], "alone": "true", "carry": CARRIED})
    totals = frozenset(cell for row in data for cell in row[:2] if _is_total(cell, row, cues))
    if totals:
        place = next(p for p in (0, 1) if any(row[p] in totals for row in data))
        skip.append({"name": "total", "column": names[place], "among": sorted(totals)})
    if skip:
        keys["skip"] = skip
    others = [row for number, row in enumerate(data) if number not in set(alone)]
    continued, joined = _continued(found, others)
    keys |= continued
    empty = sorted({cell for row in data for cell in row if cell and cell.casefold() in cues.empty})
    if empty:
        keys["empty"] = empty[:_SEEN]
    rules = RowRules(keys, carried, joined, totals=totals)
    records = sum(not rules.is_total(row) for row in others)
    if continued:
        key = names.index(continued["continued"]["without"])
        records = sum(bool(row[key]) for row in others)
    return replace(rules, records=records)


def _tail(alone: Sequence[int], count: int) -> list[int]:
    """Give the rows of one cell at the end of the table."""
    found: list[int] = []
    for number in reversed(alone):
        if number != count - 1 - len(found) or len(found) == _FOOTERS:
            break
        found.append(number)
    return found


def _rule(name: str, column: str, cells: Sequence[str]) -> dict[str, Any]:
    begins = sorted({re.escape(_ENDING.sub("", cell)[:_SEEN].strip()) for cell in cells})
    pattern = "|".join(begin.replace("\\ ", " ") for begin in begins if begin)
    rule: dict[str, Any] = {"name": name, "column": column, "alone": "true"}
    return {**rule, "matches": f"^({pattern})"} if pattern and "" not in begins else rule


def _meaning(cells: Sequence[str], found: Suggestion, vocabulary: Vocabulary) -> str:
    """Tell which field headings are: `Priority 1: …` says it by its first word."""
    taken = {column.match.field for column in found.columns}
    begins = [_ENDING.sub("", cell).strip() for cell in cells]
    near = vocabulary.nearness([begin or cell for begin, cell in zip(begins, cells, strict=True)])
    mean = near.scores.mean(axis=0)
    for name in ("priority", "programme", "theme", "fund", "region"):
        fields = vocabulary.fields
        if name in fields and name not in taken and mean[fields.index(name)] >= _NAMED:
            return name
    return "-"


def _is_total(cell: str, row: Sequence[str], cues: Cues) -> bool:
    bare = cell.rstrip(" :.").casefold()
    return bare in cues.totals and sum(map(bool, row)) < max(_WIDE, len(row) * 0.7)


def _first_name(found: Suggestion) -> str | None:
    """Name the field of what each record is called."""
    model = found.choice.target.model
    return next((name for name, item in model.fields.items() if item.kind == "name"), None)


def _continued(
    found: Suggestion, data: Sequence[Sequence[str]]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Tell whether rows without a name of the operation add cells to the row above."""
    key = next(
        (
            number
            for number, column in enumerate(found.columns)
            if column.match.field == _first_name(found)
        ),
        None,
    )
    if key is None:
        return {}, ()
    going_on = [row for row in data if any(row) and not row[key]]
    if len(going_on) < _OFTEN * len(data):
        return {}, ()
    filled = {place for row in going_on for place, cell in enumerate(row) if cell}
    sums = {"amount", "rate", "date"}
    telling = [found.columns[place] for place in filled]
    fields = found.choice.target.fields
    if any(item.match.field and fields[item.match.field].sort in sums for item in telling):
        return {}, ()
    rule = {"without": found.layout.names[key], "join": _LINE}
    return {"continued": rule}, tuple(column.name for column in telling)
