"""Writing: a mapping file from a suggestion, with what it is founded on as comments.

What is not sure is marked `decide`. Cells and names of columns are written by
loaders.suggesting.scalars.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from anyascii import anyascii

from loaders.suggesting.constants import Constant, constants, period
from loaders.suggesting.cues import Cues
from loaders.suggesting.rowrules import CARRIED, RowRules, row_rules
from loaders.suggesting.scalars import flow, quoted, shown
from loaders.suggesting.suggestion import Column, Suggester, Suggestion

DECIDE = "decide"
_SURE = 0.8
_SAMPLE = 50
_POSTCODE = re.compile(r"\d{4,5}\s+[^\W\d]")
_HALF = 0.5
_IDENTIFYING = (
    *("operation_name", "start_date", "end_date", "location", "postcode", "category", "priority"),
    *("programme", "theme", "summary"),
)


def mapping_text(found: Suggestion, suggester: Suggester) -> str:
    """Write the proposed mapping as YAML; what is not sure is marked `decide`."""
    cues = suggester.cues
    rules = row_rules(found, cues, suggester.vocabulary)
    parts = [
        *_head(found),
        *_rows(found, rules),
        "",
        "model: operation",
        f"lang: {_language(found)}",
        "fields:",
        *_fields(found, rules, cues),
        *_constants(constants(found, cues)),
        *_identified(found),
        *_left_out(found, rules),
        *_expected(found, rules),
    ]
    return "\n".join(parts) + "\n"


def _head(found: Suggestion) -> Iterator[str]:
    grid, path = found.grid, found.grid.path
    name = re.sub(r"[^a-z0-9]+", "-", anyascii(path.stem).lower()).strip("-")
    day = datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
    part = "all" if grid.whole else "the first"
    yield f"# Proposed for {shown(path.name, 120)} from {part} {len(found.layout.data)} rows."
    yield "# The number after a column is how sure its field is, from 0 to 1; a sample follows."
    yield f"# Lines with “{DECIDE}” need your decision. Then: sikg check THIS_FILE"
    yield f"name: {name if name[:1].isalpha() else f'list-{name}'.strip('-')}"
    title = found.layout.titles[0] if found.layout.titles else path.stem.replace("_", " ")
    yield f"title: {quoted(title)}   # {DECIDE}: what the table is, in English"
    yield f"publisher: to be named   # {DECIDE}"
    yield f"licence: http://data.europa.eu/eli/reg/2021/1060/oj   # {DECIDE}: the address of it"
    yield 'version: "1"'
    yield f"retrieved: {day}   # the date of the file"


def _language(found: Suggestion) -> str:
    guess = found.language
    if guess.confidence < _HALF:
        return f"und   # {DECIDE}: perhaps {guess.tag} {guess.confidence:.2f}"
    return f"{guess.tag}   # {guess.confidence:.2f}"


def _rows(found: Suggestion, rules: RowRules) -> Iterator[str]:
    grid, layout = found.grid, found.layout
    yield "rows:"
    yield f"  file: {quoted(str(grid.path.resolve()))}   # or its name in the data folder"
    for key, value in (("format", grid.format), ("sheet", grid.sheet), ("records", grid.records)):
        if value:
            yield f"  {key}: {quoted(value)}"
    encoding = grid.encoding
    if encoding and encoding.name not in {"utf-8", "utf-16"}:
        mark = f"{DECIDE}: " if encoding.confidence < _SURE else ""
        yield f"  encoding: {encoding.name}   # {mark}{encoding.confidence:.2f}"
    if grid.delimiter and grid.delimiter != grid.usual_delimiter:
        yield f"  delimiter: {quoted(grid.delimiter)}"
    if grid.quotes:
        yield f"  quotes: {grid.quotes}"
    if layout.header != (1,):
        numbers = layout.header[0] if len(layout.header) == 1 else list(layout.header)
        yield f"  header: {numbers}"
    if layout.first:
        yield f"  first: {layout.first}"
    for key, value in rules.keys.items():
        yield f"  {key}: {flow(value)}"
    for name in layout.doubled:
        yield f"  # {DECIDE}: {quoted(name)} stands more than once; give each column its own name"


def _fields(found: Suggestion, rules: RowRules, cues: Cues) -> Iterator[str]:
    by_field: dict[str, list[Column]] = {}
    for column in found.columns:
        if column.match.field is not None:
            by_field.setdefault(column.match.field, []).append(column)
    for field, columns in by_field.items():
        lines = [_field(column, found, rules, cues) for column in columns]
        if len(lines) == 1:
            yield f"  {field}: {lines[0]}"
        else:
            yield f"  {field}:"
            yield from (f"    - {line}" for line in lines)
    if rules.carried not in {None, "-"}:
        yield f"  {rules.carried}: {CARRIED}   # from the rows that head others"
    elif not by_field:
        yield f"  {{}}   # {DECIDE}: no column looks like a field of a list of operations"


def _field(column: Column, found: Suggestion, rules: RowRules, cues: Cues) -> str:
    given = {"column": column.name, **_reading(column, found, rules, cues)}
    written = flow(given) if len(given) > 1 else quoted(column.name)
    return f"{written}   # {_remark(column, cues)}"


def _remark(column: Column, cues: Cues) -> str:
    """Say how sure a field is, what else it could be, and show a cell."""
    match = column.match
    parts = [f"{match.confidence:.2f}"]
    if match.confidence < _SURE:
        others = [f"{name} {score:.2f}" for name, score in match.others]
        parts.append(f"{DECIDE}" + (f": or {', '.join(others)}" if others else ""))
    if column.sort in {"amount", "rate"} and not column.profile.amounts.certain:
        parts.append(f"{DECIDE}: each number can be read in two ways")
    if column.sort == "date" and not column.profile.days.certain:
        parts.append(f"{DECIDE}: day and month could be changed")
    parts.append(_sample(column, cues))
    return "; ".join(part for part in parts if part)


def _sample(column: Column, cues: Cues) -> str:
    """Show a cell, but none that may name a person."""
    sample = column.profile.sample
    if not sample:
        return "no cell is filled"
    if column.match.field in {"beneficiary_name", "beneficiary_id"}:
        known = [cell for cell in column.profile.cells if cues.is_body(cell)]
        if not known:
            return "not shown, as it may name persons"
        sample = known[0]
    return f"such as {quoted(shown(sample, _SAMPLE))}"


def _reading(column: Column, found: Suggestion, rules: RowRules, cues: Cues) -> dict[str, Any]:
    """Say how the cells of a field are read."""
    said: dict[str, Any] = {}
    amounts, features = column.profile.amounts, column.profile.features
    if column.sort in {"amount", "rate"} and amounts.examples:
        said["numbers"] = _one(amounts.examples)
    if column.sort == "rate" and not features.get("share") and not features.get("percent"):
        said["scale"] = "0.01"
    if column.sort == "date" and column.profile.days.orders:
        said["dates"] = _one(column.profile.days.orders)
    if column.sort == "date" and column.profile.days.timed and "dates" not in said:
        said["pattern"] = "^([0-9]{4}-[0-9]{2}-[0-9]{2})"
    if column.match.field == "country":
        said |= _map({cell: cues.country(cell) for cell in _cells(column, found)})
    if column.match.field == "fund":
        keys = cues.programmes[period(found)]
        said |= _map({cell: keys.get(cues.fund(cell) or "") for cell in _cells(column, found)})
    with_place = sum(_POSTCODE.match(cell) is not None for cell in column.profile.cells)
    if column.match.field == "postcode" and with_place > _HALF * column.profile.filled:
        said["pattern"] = "^([0-9]{4,5})"
    if column.name in rules.joined and column.sort in {"code", "text"}:
        said["split"] = "\n"
    return said


def _cells(column: Column, found: Suggestion) -> list[str]:
    """Give the different cells of a column in all rows that were looked at."""
    place = found.layout.names.index(column.name)
    return sorted({row[place].strip() for row in found.layout.data} - {""})


def _map(codes: Mapping[str, str | None]) -> dict[str, Any]:
    """Give the codes of values that are none themselves."""
    if all(code == value for value, code in codes.items()):
        return {}
    return {"map": {value: code or DECIDE for value, code in sorted(codes.items())}}


def _constants(found: Sequence[Constant]) -> Iterator[str]:
    if found:
        yield "constants:"
    for item in found:
        mark = f"{DECIDE}; " if item.confidence < _SURE else ""
        yield f"  {item.field}: {item.value}   # {item.confidence:.2f}; {mark}from {item.why}"


def _identified(found: Suggestion) -> Iterator[str]:
    """Name columns that tell the rows apart, where no column numbers them."""
    by_field = {column.match.field: place for place, column in enumerate(found.columns)}
    if "operation_id" in by_field:
        return
    chosen: list[int] = []
    for field in _IDENTIFYING:
        if field in by_field:
            chosen.append(by_field[field])
            if len({tuple(row[place] for place in chosen) for row in found.rows}) == len(
                found.rows
            ):
                break
    if chosen:
        names = [found.columns[place].name for place in chosen]
        yield f"identified_by: {flow(names)}   # no column numbers the operations"


def _left_out(found: Suggestion, rules: RowRules) -> Iterator[str]:
    personal = [column for column in found.columns if column.match.reason == "contact"]
    ignored = [
        column
        for column in found.columns
        if column.match.field is None and column.match.reason != "contact"
    ]
    if personal:
        yield "personal:   # never loaded, nor shown"
    for column in personal:
        yield f"  - {quoted(column.name)}"
    if ignored or rules.carried == "-":
        yield "ignore:"
    for column in ignored:
        yield f"  - {quoted(column.name)}   # {_reason(column)}"
    if rules.carried == "-":
        yield f"  - {CARRIED}   # {DECIDE}: rows that head others"


def _reason(column: Column) -> str:
    """Say how sure it is that a column is of no use, why, and show a cell."""
    sure = f"{column.match.confidence:.2f}"
    sample = f"such as {quoted(shown(column.profile.sample, _SAMPLE))}"
    if not column.profile.filled:
        return f"{sure}; {DECIDE}: no cell is filled"
    if column.match.reason:
        return f"{sure}; {column.match.reason.replace('_', ' ')}; {sample}"
    if column.match.others:
        others = ", ".join(f"{name} {score:.2f}" for name, score in column.match.others)
        return f"{sure}; {DECIDE}: not near enough to {others}; {sample}"
    return f"{sure}; no field is near; {sample}"


def _expected(found: Suggestion, rules: RowRules) -> Iterator[str]:
    if found.grid.whole:
        rows = rules.records
        yield f"expect: {{rows: [{rows // 2}, {rows * 10}]}}"


def _one(items: Sequence[str]) -> str | list[str]:
    return items[0] if len(items) == 1 else list(items)
