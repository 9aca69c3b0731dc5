"""Numbers of persons: what national registers give to people, and dates of birth, within a text.

Each is looked at as a number of its country: it holds a day of birth that the calendar has, and its
check digit where it has one, so that numbers of companies of the same length are seldom taken for
one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date

_BORN = re.compile(
    r"(?:\*|\b(?:geb|nar|ur|born|née?|roden[ay]?|\u0440|род|dzim|gim|sünd|szül|rođ)\b\.?:?)\s*"
    r"(?:dne|am|in|в)?\s*\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}",
    re.IGNORECASE,
)
_OLDEST = "20"
_DATE = re.compile(r"(?<![\d./-])(\d{1,2})\s?[./]\s?(\d{1,2})\s?[./]\s?((?:19|20)\d{2})(?![\d./-])")


def is_born(text: str) -> bool:
    """Tell whether a text says when somebody was born."""
    return bool(_BORN.search(text))


def has_date(text: str) -> bool:
    """Tell whether a day stands in a text."""
    return any(_is_day(int(year), int(month), int(day)) for day, month, year in _DATE.findall(text))


def has_number(text: str) -> bool:
    """Tell whether a number that a register gave to a person stands in a text."""
    return any(
        check(found.group().replace(" ", ""))
        for pattern, check in _KINDS
        for found in pattern.finditer(text)
    )


def _is_day(year: int, month: int, day: int) -> bool:
    with suppress(ValueError):
        return bool(date(year, month, day))
    return False


def _is_short_day(text: str, month: int = 0) -> bool:
    """Tell whether `YYMMDD` is a day of some century; `month` is taken off the month."""
    year, of_year, day = int(text[:2]), int(text[2:4]) - month, int(text[4:6])
    return _is_day(1900 + year, of_year, day) or _is_day(2000 + year, of_year, day)


def _weighed(number: str, weights: tuple[int, ...], by: int) -> int:
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False)) % by


def _polish(number: str) -> bool:
    month = (int(number[2:4]) // 20) * 20
    check = -_weighed(number, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3), 10) % 10
    return check == int(number[10]) and _is_short_day(number, month)


def _baltic(number: str) -> bool:
    """Check a number of Estonia or Lithuania, which are made alike."""
    check = _weighed(number, (1, 2, 3, 4, 5, 6, 7, 8, 9, 1), 11)
    if check == 10:  # noqa: PLR2004  # then the second weights count
        check = _weighed(number, (3, 4, 5, 6, 7, 8, 9, 1, 2, 3), 11) % 10
    # Nobody was born in the first years of 1900 who still lives; companies of Latvia have 4000….
    lives = number[0] not in "34" or number[1:3] >= _OLDEST
    return (
        check == int(number[10]) and lives and "1" <= number[0] <= "8" and _is_short_day(number[1:])
    )


def _bulgarian(number: str) -> bool:
    check = _weighed(number, (2, 4, 8, 5, 10, 9, 7, 3, 6), 11) % 10
    month = (int(number[2:4]) // 20) * 20
    return check == int(number[9]) and _is_short_day(number, month)


def _romanian(number: str) -> bool:
    check = _weighed(number, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9), 11) % 10
    return check == int(number[12]) and number[0] != "0" and _is_short_day(number[1:])


def _czech(number: str) -> bool:
    month = int(number[2:4])
    return _is_short_day(number, next((step for step in (70, 50, 20) if month > step), 0))


def _by_day(number: str) -> bool:
    """Check `DDMMYY…`, as in Denmark, Finland and Latvia."""
    return _is_short_day(number[4:6] + number[2:4] + number[:2])


def _spanish(number: str) -> bool:
    digits = number[:-1].translate(str.maketrans("XYZ", "012"))
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(digits) % 23] == number[-1]


def _swedish(number: str) -> bool:
    # Numbers of organisations have 20 and more where those of persons have the month.
    return _is_short_day(number.replace("-", "")[-10:])


_KINDS: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = tuple(
    (re.compile(rf"(?<![\w/-]){pattern}(?![\w/-])"), check)
    for pattern, check in (
        (r"\d{11}", _polish),
        (r"\d{11}", _baltic),
        (r"\d{10}", _bulgarian),
        (r"\d{13}", _romanian),
        (r"\d{6} ?/ ?\d{3,4}", _czech),
        (r"\d{6} ?- ?\d{4,5}", _by_day),
        (r"\d{6}[-+A]\d{3}[0-9A-Z]", _by_day),
        (r"(?:19|20)?\d{6}-\d{4}", _swedish),
        (r"[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]", bool),
        (r"(?:\d{8}|[XYZ]\d{7})[A-Z]", _spanish),
    )
)
