"""Days: in which order the dates of a column are written, found from the dates themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

_ISO = re.compile(r"((?:19|20)\d\d)(?:-(\d\d)(?:-(\d\d)([T ]\d\d:\d\d\S*)?)?)?")
_OF_DAY = re.compile(r"(\d{1,2})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{4}|\d\d)(\.?)")
_OF_YEAR = re.compile(r"(\d{4})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{1,2})(\.?)")
_OF_MONTH = re.compile(r"(\d{1,2})\s*([./-])\s*(\d{4})()()")
_CENTURY = 70
_MOST = 4
_YEARS = range(1980, 2061)


@dataclass(frozen=True, slots=True)
class Days:
    """The dates of a column: days as numbers, and the orders other than ISO's in use.

    `certain` is false where day and month could be changed in every date; `years` counts the cells
    that are a year and nothing else, `timed` those that name a time of the day, too.
    """

    values: list[int | None]
    orders: tuple[str, ...]
    certain: bool
    years: int
    timed: int

    @property
    def share(self) -> float:
        """Tell how many of the cells are dates, from 0 to 1."""
        return sum(value is not None for value in self.values) / max(len(self.values), 1)


def read_days(cells: Sequence[str]) -> Days:
    """Read what is a date among filled cells; day before month where both could be."""
    american = _american(cells)
    values: list[int | None] = []
    counts: dict[str, int] = {}
    years = 0
    for cell in cells:
        order, day = _read(cell.strip(), american=american is True)
        values.append(day.toordinal() if day and day.year in _YEARS else None)
        if values[-1] is not None:
            counts[order] = counts.get(order, 0) + 1
            years += order == "YYYY"
    orders = sorted(
        (order for order in counts if order and order != "YYYY"), key=counts.__getitem__
    )
    kept = list(reversed(orders))[:_MOST]
    asked = any(order.find("DD") >= 0 and not order.startswith("YYYY") for order in kept)
    timed = sum(found[4] is not None for cell in cells if (found := _ISO.fullmatch(cell.strip())))
    return Days(values, tuple(kept), american is not None or not asked, years, timed)


def _american(cells: Sequence[str]) -> bool | None:
    """Tell whether the month stands first: known where one of the two numbers is above 12."""
    first = second = 0
    for cell in cells:
        found = _OF_DAY.fullmatch(cell.strip())
        if found:
            first += int(found[1]) > 12  # noqa: PLR2004  # months
            second += int(found[3]) > 12  # noqa: PLR2004  # as above
    return None if first == second == 0 else second > first


def _read(cell: str, *, american: bool) -> tuple[str, date | None]:
    found = _ISO.fullmatch(cell)
    if found:
        order = "" if found[2] else "YYYY"
        return order, _day(found[1], found[2] or "1", found[3] or "1")
    found = _OF_DAY.fullmatch(cell)
    if found:
        one, mark, two, year, end = found.groups()
        day, month = (two, one) if american else (one, two)
        tokens = ("MM", "DD") if american else ("DD", "MM")
        order = f"{tokens[0]}{mark}{tokens[1]}{mark}{'Y' * len(year)}{end}"
        return order, _day(year, month, day)
    found = _OF_YEAR.fullmatch(cell)
    if found:
        year, mark, month, day, end = found.groups()
        return f"YYYY{mark}MM{mark}DD{end}", _day(year, month, day)
    found = _OF_MONTH.fullmatch(cell)
    if found:
        return f"MM{found[2]}YYYY", _day(found[3], found[1], "1")
    return "", None


def _day(year: str, month: str, day: str) -> date | None:
    whole = int(year)
    if len(year) == 2:  # noqa: PLR2004  # without its century
        whole += 2000 if whole < _CENTURY else 1900
    try:
        return date(whole, int(month), int(day))
    except ValueError:
        return None
