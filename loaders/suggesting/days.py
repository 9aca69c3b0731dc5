"""Days: in which order the dates of a column are written, found from the dates themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from loaders.language.months import LANGUAGES, months, plain

_ISO = re.compile(r"((?:19|20)\d\d)(?:-(\d\d)(?:-(\d\d)([T ]\d\d:\d\d\S*)?)?)?")
_OF_DAY = re.compile(r"(\d{1,2})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{4}|\d\d)(\.?)")
_OF_YEAR = re.compile(r"(\d{4})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{1,2})(\.?)")
_PACKED = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_OF_MONTH = re.compile(r"(\d{1,2})\s*([./-])\s*(\d{4})()()")
_WORD = re.compile(r"[^\W\d_]{3,}\.?")
_NO_WORD = re.compile(r"[A-Z0-9]|[ymd]{2,}")  # what may not stand beside a month in words
_CENTURY = 70
_MONTHS = 12
_MOST = 4
_NEARLY_ALL = 0.9  # of the cells that must be days, where each could be a number as well
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
    packed = _are_packed(cells, american)
    values: list[int | None] = []
    counts: dict[str, int] = {}
    years = 0
    for cell in cells:
        order, day = _read(cell.strip(), american)
        if day is None:
            order, day = _worded(cell.strip(), language)
        if packed and (found := _PACKED.fullmatch(cell.strip())):
            order, day = "YYYYMMDD", _day(*found.groups())
        values.append(day.toordinal() if day and day.year in _YEARS else None)
        if values[-1] is not None:
            counts[order] = counts.get(order, 0) + 1
            years += order == "YYYY"
    orders = sorted(
        (order for order in counts if order and order != "YYYY"), key=counts.__getitem__
    )
    kept = list(reversed(orders))[:_MOST]
    asked = any(mark in order and american[mark] is None for order in kept for mark in american)
    timed = sum(found[4] is not None for cell in cells if (found := _ISO.fullmatch(cell.strip())))
    return Days(values, tuple(kept), not asked, years, timed)


def _are_packed(cells: Sequence[str], american: Mapping[str, bool | None]) -> bool:
    """Tell whether eight digits are a day: nearly all cells are one, in this order or another."""
    packed = sum(_PACKED.fullmatch(cell.strip()) is not None for cell in cells)
    others = sum(_read(cell.strip(), american)[1] is not None for cell in cells)
    return packed > 0 and packed + others >= _NEARLY_ALL * len(cells)


def _american(cells: Sequence[str]) -> dict[str, bool | None]:
    """Tell of each mark whether the month stands first: known where a number is above 12."""
    counts: dict[str, list[int]] = {}
    for cell in cells:
        found = _OF_DAY.fullmatch(cell.strip())
        if found:
            first, second = counts.setdefault(found[2], [0, 0])
            counts[found[2]] = [
                first + (int(found[1]) > _MONTHS),
                second + (int(found[3]) > _MONTHS),
            ]
    return {
        mark: second > first if first or second else None
        for mark, (first, second) in counts.items()
    }


def _read(cell: str, american: Mapping[str, bool | None]) -> tuple[str, date | None]:
    found = _ISO.fullmatch(cell)
    if found:
        order = "" if found[2] else "YYYY"
        return order, _day(found[1], found[2] or "1", found[3] or "1")
    found = _OF_DAY.fullmatch(cell)
    if found:
        one, mark, two, year, end = found.groups()
        turned = american.get(mark)
        day, month = (two, one) if turned else (one, two)
        tokens = ("MM", "DD") if turned else ("DD", "MM")
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
