"""Remarks: what is said beside a column in a proposed mapping: how sure, what else, and a cell.

No cell is shown that may name a person.
"""

from __future__ import annotations

from loaders.suggesting.cues import Cues
from loaders.suggesting.readings import DECIDE
from loaders.suggesting.scalars import quoted, shown
from loaders.suggesting.suggestion import Column, Suggestion

SURE = 0.8
_SAMPLE = 50
_ACTOR = 0.5  # how much a meaning must ask for organisations to be told as one
_NUMBERS = "beneficiary_id"  # the list of terms of numbers that may be those of persons


def remark(column: Column, found: Suggestion, cues: Cues) -> str:
    """Say how sure a field is, what else it could be, and show a cell."""
    match = column.match
    parts = [f"{match.confidence:.2f}"]
    if match.confidence < SURE:
        others = [f"{name} {score:.2f}" for name, score in match.others]
        parts.append(f"{DECIDE}" + (f": or {', '.join(others)}" if others else ""))
    if column.sort in {"amount", "rate"} and not column.profile.amounts.certain:
        parts.append(f"{DECIDE}: each number can be read in two ways")
    if column.sort == "date" and not column.profile.days.certain:
        parts.append(f"{DECIDE}: day and month could be changed")
    parts.append(_sample(column, found, cues))
    return "; ".join(part for part in parts if part)


def reason(column: Column, found: Suggestion) -> str:
    """Say how sure it is that a column is of no use, why, and show a cell."""
    sure = f"{column.match.confidence:.2f}"
    sample = f"such as {quoted(shown(column.profile.sample, _SAMPLE))}"
    if any(_of_actors(name, found) for name, _ in column.match.others):
        sample = "not shown, as it may name persons"
    if not column.profile.filled:
        return f"{sure}; {DECIDE}: no cell is filled"
    if column.match.why:
        return f"{DECIDE}: {column.match.why}; {sample}"
    if column.match.reason:
        return f"{sure}; {column.match.reason.replace('_', ' ')}; {sample}"
    if column.match.others:
        others = ", ".join(f"{name} {score:.2f}" for name, score in column.match.others)
        return f"{sure}; {DECIDE}: not near enough to {others}; {sample}"
    return f"{sure}; no field is near; {sample}"


def _of_actors(field: str | None, found: Suggestion) -> bool:
    """Tell whether a field names actors, or numbers them: some may be persons."""
    meaning = found.choice.target.fields.get(field or "")
    return meaning is not None and (
        meaning.weighs.get("organisation", 0.0) > _ACTOR or _NUMBERS in meaning.named
    )


def _sample(column: Column, found: Suggestion, cues: Cues) -> str:
    """Show a cell, but none that may name a person."""
    sample = column.profile.sample
    if not sample:
        return "no cell is filled"
    if _of_actors(column.match.field, found):
        known = [cell for cell in column.profile.cells if cues.is_body(cell)]
        if not known:
            return "not shown, as it may name persons"
        sample = known[0]
    return f"such as {quoted(shown(sample, _SAMPLE))}"
