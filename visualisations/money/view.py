"""What pictures and tables of money show, before anything is drawn or said.

A picture, its table and the sentence that sums it up are made of one `View`, so that they cannot
disagree. All of its money is of one sort: one kind, phase and currency.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from graph.labels import Label


@dataclass(frozen=True, slots=True)
class Money:
    """Amounts with their exact sum (None: nothing to add), and what is counted beside them."""

    amounts: int
    sum: Decimal | None
    disputed: int
    missing: int


@dataclass(frozen=True, slots=True)
class Band:
    """A band of a step. `labels` are of all that it has together, and empty where unknown.

    `made_of` tells of how many bands it is made where the smallest are drawn as one, and is 0 for
    all others. `address` leads to its rows, None where no filter finds them.
    """

    step: int
    labels: tuple[Label, ...]
    money: Money
    made_of: int = 0
    unknown: bool = False
    address: str | None = None
    page: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Money that belongs to a band of one step and to one of the next."""

    source: Band
    target: Band
    money: Money
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way: its name, and its bands, the largest first."""

    name: str
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """A year of money, None where unknown: its parts in the order of `View.parts`."""

    year: str | None
    money: Money
    parts: tuple[Decimal, ...]
    address: str | None = None


@dataclass(frozen=True, slots=True)
class View:
    """A way of money through some steps, and the same money over years.

    `sort` names kind, phase and currency in words, of which `currency` is the code. `parts` are
    the bands of the first step that years are divided by.
    """

    sort: str
    currency: str
    total: Money
    steps: tuple[Step, ...]
    links: tuple[Link, ...]
    parts: tuple[Band, ...] = ()
    part_step: str = ""
    years: tuple[Year, ...] = field(default=())
