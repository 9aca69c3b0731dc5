"""Writing: a mapping file from a suggestion, with what it is founded on as comments.

What is not sure is marked `decide`. Cells and names of columns are written by
loaders.suggesting.scalars.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from anyascii import anyascii

from loaders.language.keys import Slot, slots
from loaders.language.models import several
from loaders.suggesting.constants import Constant, constants
from loaders.suggesting.cues import Cues
from loaders.suggesting.headers import Layout
from loaders.suggesting.licences import licence
from loaders.suggesting.readings import DECIDE, reading
from loaders.suggesting.remarks import SURE, reason, remark
from loaders.suggesting.rowrules import CARRIED, RowRules
from loaders.suggesting.scalars import flow, quoted, shown
from loaders.suggesting.settling import stand_ins
from loaders.suggesting.suggestion import Column, Suggester, Suggestion

_HALF = 0.5


def mapping_text(found: Suggestion, suggester: Suggester) -> str:
    """Write the proposed mapping as YAML; what is not sure is marked `decide`."""
    cues = suggester.cues
    rules = found.rules
    parts = [
        *_head(found, cues),
        *_rows(found, rules),
        "",
        f"model: {_model(found)}",
        f"lang: {_language(found)}",
        "fields:",
        *_fields(found, rules, cues),
        *_missing(found),
        *_constants(constants(found, cues)),
        *_identified(found),
        *_left_out(found, rules),
        *_expected(found, rules),
    ]
    return "\n".join(parts) + "\n"


def _head(found: Suggestion, cues: Cues) -> Iterator[str]:
    grid, path = found.grid, found.grid.path
    stem = path.name.partition(".")[0]
    name = re.sub(r"[^a-z0-9]+", "-", anyascii(stem).lower()).strip("-")
    day = datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
    part = "all" if grid.whole else "the first"
    yield f"# Proposed for {shown(path.name, 120)} from {part} {len(found.layout.data)} rows."
    yield "# The number after a column is how sure its field is, from 0 to 1; a sample follows."
    yield f"# Lines with “{DECIDE}” need your decision. Then: sikg check THIS_FILE"
    yield f"name: {name if name[:1].isalpha() else f'list-{name}'.strip('-')}"
    title = found.layout.titles[0] if found.layout.titles else stem.replace("_", " ")
    yield f"title: {quoted(title)}   # {DECIDE}: what the table is, in English"
    yield f"publisher: to be named   # {DECIDE}"
    terms = licence(found, cues.licences)
    mark = f"{DECIDE}: " if terms.confidence < SURE else ""
    yield f"licence: {terms.value}   # {mark}{terms.why}"
    yield 'version: "1"'
    yield f"retrieved: {day}   # the date of the file"


def _model(found: Suggestion) -> str:
    choice = found.choice
    others = ", ".join(f"{name} {fit:.2f}" for name, fit in choice.others)
    mark = f"; {DECIDE}: it fits {choice.fit:.2f}, {others}" if choice.confidence < SURE else ""
    return f"{choice.target.name}   # {choice.confidence:.2f}{mark}"


def _language(found: Suggestion) -> str:
    guess = found.language
    if guess.confidence < _HALF:
        return f"und   # {DECIDE}: perhaps {guess.tag} {guess.confidence:.2f}"
    return f"{guess.tag}   # {guess.confidence:.2f}"


def _rows(found: Suggestion, rules: RowRules) -> Iterator[str]:
    grid, layout = found.grid, found.layout
    yield "rows:"
    yield f"  file: {quoted(str(grid.path.resolve()))}   # or its name in the data folder"
    for key in ("format", "sheet", "records", "each"):
        value = getattr(grid, key)
        if value:
            yield f"  {key}: {quoted(value)}"
    if grid.path_of:
        # One path is enough for the names of all columns to be paths.
        yield f"  cells: {flow({grid.path_of: grid.path_of})}"
    encoding = grid.encoding
    if encoding and encoding.name not in {"utf-8", "utf-16"}:
        mark = f"{DECIDE}: " if encoding.confidence < SURE else ""
        yield f"  encoding: {encoding.name}   # {mark}{encoding.confidence:.2f}"
    if grid.delimiter and grid.delimiter != grid.usual_delimiter:
        yield f"  delimiter: {quoted(grid.delimiter)}"
    if grid.quotes:
        yield f"  quotes: {grid.quotes}"
    yield from _header(layout)
    if layout.first:
        yield f"  first: {layout.first}"
    for key, value in rules.keys.items():
        yield f"  {key}: {flow(value)}"
    for name in layout.doubled:
        yield f"  # {DECIDE}: {quoted(name)} stands more than once; give each column its own name"


def _header(layout: Layout) -> Iterator[str]:
    if not layout.header:
        yield f"  header: none   # {DECIDE}: no row names the columns; look at each"
    elif layout.header != (1,):
        numbers = layout.header[0] if len(layout.header) == 1 else list(layout.header)
        yield f"  header: {numbers}"


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
        yield f"  {{}}   # {DECIDE}: no column looks like a field of the model"


def _missing(found: Suggestion) -> Iterator[str]:
    """Tell what tables of the model have and this one seems to lack."""
    model = found.choice.target.model
    known = {column.match.field for column in found.columns}
    for field, place in stand_ins(model, [column.match for column in found.columns]).items():
        name = found.columns[place].name
        yield f"  {field}: {quoted(name)}   # {DECIDE}: its number stands for its name"
        known.add(field)
    for group in model.told_by:
        if not known & set(group):
            yield f"  # {DECIDE}: no column looks like {' or '.join(group)}"


def _field(column: Column, found: Suggestion, rules: RowRules, cues: Cues) -> str:
    given = {"column": column.name, **reading(column, found, rules, cues)}
    written = flow(given) if len(given) > 1 else quoted(column.name)
    return f"{written}   # {remark(column, found, cues)}"


def _constants(found: Sequence[Constant]) -> Iterator[str]:
    if found:
        yield "constants:"
    for item in found:
        mark = f"{DECIDE}; " if item.confidence < SURE else ""
        yield f"  {item.field}: {item.value}   # {item.confidence:.2f}; {mark}from {item.why}"


def _identified(found: Suggestion) -> Iterator[str]:
    """Name columns that tell the rows apart, where the key of the model is the whole row."""
    fields = found.choice.target.model.fields
    by_field = {column.match.field: place for place, column in enumerate(found.columns)}
    first = next(iter(found.choice.target.model.entities.values()))
    named = [slot for key in several(first["key"]) for slot in _slots(key)]
    if any(name in by_field for name in named):
        return
    kinds = {"name": 0, "date": 1, "text": 2}
    order = [name for name in fields if name in by_field and fields[name].kind in kinds]
    order.sort(key=lambda name: kinds[fields[name].kind])
    chosen: list[int] = []
    for name in order:
        chosen.append(by_field[name])
        rows = {tuple(row[place] for place in chosen) for row in found.rows}
        if len(rows) == len(found.rows):
            names = [found.columns[place].name for place in chosen]
            yield f"identified_by: {flow(names)}   # no column numbers the rows"
            return


def _slots(key: str) -> list[str]:
    """Name the fields that stand in a key."""
    return [part.name for part in slots(key) if isinstance(part, Slot) and part.column is not None]


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
        yield f"  - {quoted(column.name)}   # {reason(column, found)}"
    if rules.carried == "-":
        yield f"  - {CARRIED}   # {DECIDE}: rows that head others"


def _expected(found: Suggestion, rules: RowRules) -> Iterator[str]:
    if found.grid.whole:
        rows = rules.records
        yield f"expect: {{rows: [{rows // 2}, {rows * 10}]}}"
