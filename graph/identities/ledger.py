"""The ledger: one readable file of what people judged to be the same, or not.

A CSV of one line a judgement. Of two lines about one pair the later counts (by date, then by
place), so that a judgement is taken back by a line that says `withdrawn`, and nothing is lost.
Things are named as in their addresses without `{base}id/`: `organisation/ee-kysk`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal, cast, get_args

import ontology
from graph.errors import LedgerError
from graph.identity import DEFAULT_BASE, Identity
from graph.kept import FORMULA, read_table, write_table

Word = Literal["same", "different", "withdrawn"]
# Two things, in the order of their names.
Pair = tuple[str, str]

FILE = "identities.csv"
COLUMNS = ("left", "right", "judgement", "score", "evidence", "reviewer", "date")
_WORDS = get_args(Word)
_SCORE = re.compile(r"0(\.[0-9]{1,4})?|1(\.0{1,4})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Judgement:
    """One line: that `left` and `right` are the same or not, why, by whom and when.

    Where they are the same, `left` is the one that keeps its address. `score` is that of the
    proposal, from 0 to 1, None where nothing proposed it; `line` is its place in the file.
    """

    left: str
    right: str
    judgement: Word
    score: float | None
    evidence: str
    reviewer: str
    date: date
    line: int = field(default=0, compare=False)

    @property
    def pair(self) -> Pair:
        """Give the two things in the order of their names."""
        return (self.left, self.right) if self.left <= self.right else (self.right, self.left)

    def cells(self) -> list[str]:
        """Write the judgement as the cells of its line."""
        score = "" if self.score is None else f"{self.score:.3f}"
        told = (self.judgement, score, self.evidence, self.reviewer, self.date.isoformat())
        return [self.left, self.right, *told]

    def sentence(self) -> str:
        """Say in one line who judged what, when and why."""
        place = f"line {self.line}: " if self.line else ""
        score = "" if self.score is None else f", score {self.score:.3f}"
        return (
            f"{place}{self.left} and {self.right} judged {self.judgement} by {self.reviewer} on "
            f"{self.date.isoformat()}{score}: {self.evidence}"
        )


def one_line(text: str) -> str:
    """Write what somebody typed as a cell of the ledger: one line, and no formula."""
    return " ".join(text.split()).lstrip("".join(FORMULA))


def ledger_file(data: Path, given: Path | None) -> Path:
    """Give the ledger of a workspace: the given one, or that in the folder of its tables."""
    return given or data / FILE


def applied_ledger(data: Path, given: Path | None) -> Path | None:
    """Give the ledger that a build applies; None where none is given and none is there."""
    path = ledger_file(data, given)
    return path if given is not None or path.exists() else None


def read_ledger(path: Path) -> list[Judgement]:
    """Read and check a ledger; LedgerError names file, line and cause."""
    return list(read_table(path, COLUMNS, _checked, named="ledger", error=LedgerError))


def _checked(cells: list[str], line: int) -> Judgement:
    left, right, word, score, evidence, reviewer, day = cells
    kinds = {_kind(left), _kind(right)}
    if len(kinds) > 1:
        raise ValueError(f"{left} and {right} are of different kinds and cannot be the same")
    if left == right:
        raise ValueError(f"{left} is compared with itself")
    if word not in _WORDS:
        raise ValueError(f"the judgement is {word!r}, and not one of {', '.join(_WORDS)}")
    if score and not _SCORE.fullmatch(score):
        raise ValueError(f"the score {score!r} is no number from 0 to 1, such as 0.973")
    for name, cell in (("evidence", evidence), ("reviewer", reviewer)):
        if not cell or "\n" in cell or cell.startswith(FORMULA):
            raise ValueError(f"the {name} is to be one line that begins with a letter or digit")
    if not _DAY.fullmatch(day):
        raise ValueError(f"the date {day!r} is no day such as 2026-11-22")
    given = float(score) if score else None
    return Judgement(
        left, right, cast("Word", word), given, evidence, reviewer, date.fromisoformat(day), line
    )


def _kind(name: str) -> str:
    reference = Identity().parse(f"{DEFAULT_BASE}id/{name}")
    if reference is None or reference.segment not in ontology.segments():
        raise ValueError(f"{name!r} names no thing: write its kind and key, organisation/ee-kysk")
    if reference.segment in ontology.concept_segments():
        raise ValueError(f"{name} is a concept: schemes are mended where they stand")
    return reference.segment


def in_force(judgements: Iterable[Judgement]) -> Mapping[Pair, Judgement]:
    """Give the judgement that counts for each pair: the latest, unless it was withdrawn."""
    latest: dict[Pair, Judgement] = {}
    for judgement in sorted(judgements, key=lambda item: item.date):  # stable: place decides then
        latest[judgement.pair] = judgement
    return {pair: item for pair, item in latest.items() if item.judgement != "withdrawn"}


def write_ledger(path: Path, judgements: Iterable[Judgement]) -> None:
    """Write a ledger, sorted by pair and date, in place of what was there.

    LedgerError if a judgement could not be read again, StorageError if the disk refuses.
    """
    lines = [item.cells() for item in sorted(judgements, key=lambda item: (item.pair, item.date))]
    for number, cells in enumerate(lines, start=2):
        try:
            _checked(cells, number)
        except ValueError as error:
            raise LedgerError(f"{path}: line {number}: {error}") from error
    write_table(path, COLUMNS, lines)


def ledger_line(judgement: Judgement) -> str:
    """Write one judgement as it stands in the file."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="").writerow(judgement.cells())
    return text.getvalue()
