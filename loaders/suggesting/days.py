"""Days: in which order the dates of a column are written, found from the dates themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from loaders.language.months import LANGUAGES, months, plain

_ISO = re.compile(r"((?:19|20)\d\d)(?:-(\d\d)(?:-(\d\d)([T ]\d\d:\d\d\S*)?)?)?")
_OF_DAY = re.compile(r"(\d{1,2})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{4}|\d\d)(\.?)")
_OF_YEAR = re.compile(r"(\d{4})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{1,2})(\.?)")
_OF_MONTH = re.compile(r"(\d{1,2})\s*([./-])\s*(\d{4})()()")
_WORD = re.compile(r"[^\W\d_]{3,}\.?")
_NO_WORD = re.compile(r"[A-Z0-9]|[ymd]{2,}")  # what may not stand beside a month in words
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
    language = _language(cells)
    values: list[int | None] = []
    counts: dict[str, int] = {}
    years = 0
    for cell in cells:
        order, day = _read(cell.strip(), american=american is True)
        if day is None:
            order, day = _worded(cell.strip(), language)
        values.append(day.toordinal() if day and day.year in _YEARS else None)
        if values[-1] is not None:
            counts[order] = counts.get(order, 0) + 1
            years += order == "YYYY"
    orders = sorted(
        (order for order in counts if order and order != "YYYY"), key=counts.__getitem__
    )
    kept = list(reversed(orders))[:_MOST]
    asked = any("DD" in order and "MM" in order and order[0] != "Y" for order in kept)
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


def _language(cells: Sequence[str]) -> str:
    """Give the language whose months the cells name; empty where their words leave no doubt."""
    words = {plain(word) for cell in cells for word in _WORD.findall(cell)}
    doubtful = {word for word in words if word not in months()}
    spoken = [name for name in LANGUAGES if doubtful & months(name).keys()]
    reading = {name: len(words & months(name).keys()) for name in spoken}
    return max(spoken, key=reading.__getitem__, default="")


def _worded(cell: str, language: str) -> tuple[str, date | None]:
    """Read a date whose month is a word; what else stands there is kept in the order."""
    words = [word for word in _WORD.findall(cell) if plain(word) in months(language)]
    numbers = re.findall(r"\d+", cell)
    years = [number for number in numbers if len(number) == 4]  # noqa: PLR2004  # digits of a year
    if len(words) != 1 or len(years) != 1 or len(numbers) > 2:  # noqa: PLR2004  # a day and a year
        return "", None
    token = f"MONTH-{language}" if language else "MONTH"
    order = cell.replace(words[0], "\0", 1).replace(years[0], "\1", 1)
    days = [number for number in numbers if number != years[0]]
    order = order.replace(days[0], "\2", 1) if days else order
    if _NO_WORD.search(order):
        return "", None
    order = order.replace("\0", token).replace("\1", "YYYY").replace("\2", "DD")
    month = str(months(language)[plain(words[0])])
    return order, _day(years[0], month, days[0] if days else "1")


def _day(year: str, month: str, day: str) -> date | None:
    whole = int(year)
    if len(year) == 2:  # noqa: PLR2004  # without its century
        whole += 2000 if whole < _CENTURY else 1900
    try:
        return date(whole, int(month), int(day))
    except ValueError:
        return None
