"""The image of a graph on disk: mapped into memory, shared by all processes that read it.

{folder}/layout.json    what is where
{folder}/terms.txt      the values of all terms, one after another
{folder}/ends.u64       where each begins and ends
{folder}/texts.arrow    the values of texts, to be searched
{folder}/numbers.i64    integers, and decimals in units of the finest one
{folder}/subjects.u32   the statements, sorted by predicate, subject and object
{folder}/objects.u32
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from graph.errors import StorageError, disk_error
from graph.terms import XSD, Term

LANGUAGE = "[A-Za-z]+(?:-[A-Za-z0-9]+)*"
MAX_SCALE = 6  # digits after the point of a decimal that is counted with

Ids = npt.NDArray[np.uint32]


class Kind(Enum):
    """The kinds of terms, in the order of their numbers.

    OTHER is all that is compared by rules of its own (floats, moments, booleans, unknown and
    malformed literals …): a query that would compare such a term is left to the store.
    """

    IRI = 0
    BLANK = 1
    TEXT = 2
    TAGGED = 3
    INTEGER = 4
    DECIMAL = 5
    DATE = 6
    YEAR = 7
    OTHER = 8


DATATYPES = {
    Kind.INTEGER: XSD + "integer",
    Kind.DECIMAL: XSD + "decimal",
    Kind.DATE: XSD + "date",
    Kind.YEAR: XSD + "gYear",
}
_KINDS: dict[str | None, Kind] = {datatype: kind for kind, datatype in DATATYPES.items()}
_KINDS[None] = Kind.TEXT
_LEAST = -(1 << 63)


@dataclass(frozen=True, slots=True)
class Extent:
    """Where the statements of a predicate are, and how they are spread.

    `most_objects` is the largest number of objects of one subject, `most_subjects` of subjects of
    one object.
    """

    predicate: int
    start: int
    count: int
    subjects: int
    objects: int
    most_objects: int
    most_subjects: int


@dataclass(frozen=True)
class Layout:
    """What is where: the first number of each kind, the numbers of each language."""

    terms: int
    starts: Sequence[int]
    scale: int
    languages: Sequence[tuple[str, int, int]]
    predicates: Sequence[Extent]

    def plain(self) -> dict[str, Any]:
        """Give the layout as plain values for JSON."""
        return asdict(self)

    @classmethod
    def of_plain(cls, plain: dict[str, Any]) -> Layout:
        """Make a layout of plain values."""
        return cls(
            plain["terms"],
            plain["starts"],
            plain["scale"],
            [(tag, start, end) for tag, start, end in plain["languages"]],
            [Extent(**extent) for extent in plain["predicates"]],
        )


class Image:
    """An image opened for reading."""

    def __init__(self, folder: Path, layout: Layout) -> None:
        self.layout = layout
        self.predicates = {extent.predicate: extent for extent in layout.predicates}
        self._folder = folder
        self._ends = _mapped(folder / "ends.u64", np.uint64)
        self._values = _mapped(folder / "terms.txt", np.uint8)
        self.numbers = _mapped(folder / "numbers.i64", np.int64)
        self.subjects = _mapped(folder / "subjects.u32", np.uint32)
        self.objects = _mapped(folder / "objects.u32", np.uint32)

    @classmethod
    def open(cls, folder: Path) -> Image:
        """Open the image in a folder; StorageError if it is missing or damaged."""
        try:
            layout = Layout.of_plain(json.loads((folder / "layout.json").read_bytes()))
            image = cls(folder, layout)
        except OSError as error:
            raise disk_error(folder, error) from error
        except (KeyError, TypeError, ValueError) as error:
            raise StorageError(f"the image in {folder} is damaged: build again") from error
        if not image._is_whole():
            raise StorageError(f"the image in {folder} is not whole: build again")
        return image

    def range(self, kind: Kind, last: Kind | None = None) -> tuple[int, int]:
        """Give the numbers of a kind, or of all kinds up to a last one, as start and end."""
        starts = [*self.layout.starts, self.layout.terms]
        return starts[kind.value], starts[(last or kind).value + 1]

    def kind(self, number: int) -> Kind:
        """Give the kind of a term."""
        return Kind(int(np.searchsorted(self.layout.starts, number, side="right")) - 1)

    def value(self, number: int) -> str:
        """Give the value of a term: its IRI, label or lexical form."""
        start, end = int(self._ends[number]), int(self._ends[number + 1])
        return self._values[start:end].tobytes().decode()

    def language(self, number: int) -> str:
        """Give the language of a tagged text."""
        return next(tag for tag, start, end in self.layout.languages if start <= number < end)

    @cached_property
    def texts(self) -> pl.Series:
        """Give the values of all texts, plain and tagged, in the order of their numbers."""
        return pl.read_ipc(self._folder / "texts.arrow")["value"]

    def place(self, value: str, start: int, end: int) -> int:
        """Find the first number from `start` whose value is not less, among values in order."""
        wanted = value.encode()
        while start < end:
            middle = (start + end) // 2
            if self._bytes(middle) < wanted:
                start = middle + 1
            else:
                end = middle
        return start

    def find(self, term: Term) -> int | None:
        """Give the number of a term; None if the graph does not have it."""
        kind = kind_of(term)
        start, end = self.range(kind)
        if kind in {Kind.INTEGER, Kind.DECIMAL}:
            units = self.units(term.value, kind)
            place = end if units.denominator > 1 else self.find_number(int(units), kind)
        else:
            if kind is Kind.TAGGED:
                ranges = {tag: (first, last) for tag, first, last in self.layout.languages}
                start, end = ranges.get(term.language or "", (0, 0))
            place = self.place(term.value, start, end)
        return place if place < end and self.value(place) == term.value else None

    def units(self, value: str, kind: Kind) -> Fraction:
        """Give a number in the units of a kind."""
        digits = self.layout.scale if kind is Kind.DECIMAL else 0
        return Fraction(value) * Fraction(10**digits)

    def find_number(self, number: int, kind: Kind) -> int:
        """Give the first number of a term that is not less, in the units of the kind."""
        start, end = self.range(kind)
        offset = self.range(Kind.INTEGER)[0]
        number = min(max(number, _LEAST), -_LEAST - 1)
        return start + int(np.searchsorted(self.numbers[start - offset : end - offset], number))

    def _is_whole(self) -> bool:
        statements = sum(extent.count for extent in self.layout.predicates)
        numbers = self.range(Kind.INTEGER, Kind.DECIMAL)
        return (
            len(self._ends) == self.layout.terms + 1
            and len(self._values) == self._ends[-1]
            and len(self.numbers) == numbers[1] - numbers[0]
            and len(self.subjects) == len(self.objects) == statements
        )

    def _bytes(self, number: int) -> bytes:
        return self._values[int(self._ends[number]) : int(self._ends[number + 1])].tobytes()


def kind_of(term: Term) -> Kind:
    """Give the kind of a constant."""
    if term.kind != "literal":
        return Kind.IRI if term.kind == "uri" else Kind.BLANK
    if term.language:
        return Kind.TAGGED
    return _KINDS.get(term.datatype, Kind.OTHER)


def _mapped(path: Path, kind: type[Any]) -> npt.NDArray[Any]:
    if path.stat().st_size == 0:  # which cannot be mapped
        return np.zeros(0, kind)
    return np.memmap(path, kind, mode="r")
