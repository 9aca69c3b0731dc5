"""Amounts: how the numbers of a column are written, found from the numbers themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import product

from loaders.language.formats import BLANKS

_APOSTROPHE = "'\u2019"
_CELL = re.compile(
    rf"([^\d+\-]*?)[{BLANKS}]*([+\-\u2212]?)[{BLANKS}]*(\d(?:[\d.,{_APOSTROPHE}{BLANKS}]*\d)?)"
    rf"[{BLANKS}]*(\D*)",
)
_POWER = re.compile(r"[+-]?\d(?:\.\d+)?E[+-]?\d+")  # as programs write large numbers
_PLAIN, _POWERED = "1234.56", "1.23456E3"
_EXAMPLE = ("1", "234", "5678")
# Group mark and decimal mark, the likelier first where two explain the cells as well.
_MARKS = [
    *(("", "."), ("", ","), (".", ","), (",", "."), (" ", ","), (" ", "."), ("'", ".")),
    *(("'", ","), (".", ""), (",", ""), (" ", "")),
]
_NEEDLESS = str.maketrans("", "", " .,-\u2013:=()[]\u00a0\u202f")
_WORTH = 0.5
_MANY = 3


@dataclass(frozen=True, slots=True)
class Amounts:
    """The numbers of a column: their values, and examples of how they are written.

    `examples` is empty where numbers are written as `1234.56`. `certain` is false where every
    number could be read in two ways, such as `1.250`.
    """

    values: list[float | None]
    examples: tuple[str, ...]
    currencies: Counter[str]
    percent: int
    certain: bool

    @property
    def share(self) -> float:
        """Tell how many of the cells are numbers, from 0 to 1."""
        return sum(value is not None for value in self.values) / max(len(self.values), 1)


@dataclass(frozen=True, slots=True)
class _Number:
    place: int
    before: str
    sign: str
    digits: str
    after: str


def read_amounts(
    cells: Sequence[str], currencies: dict[str, str], *, points_group: bool = True
) -> Amounts:
    """Read what is a number among filled cells; `currencies` gives codes by sign in small letters.

    Where every cell could be read in two ways, points part thousands, or else commas do.
    """
    powers = {place: float(cell) for place, cell in enumerate(cells) if _POWER.fullmatch(cell)}
    numbers = [number for number in map(_taken, enumerate(cells)) if number is not None]
    numbers = [number for number in numbers if _unit(number, currencies) is not None]
    values: list[float | None] = [powers.get(place) for place in range(len(cells))]
    examples: list[str] = []
    rest, certain = numbers, True
    while rest:
        marks, certain_here = _likeliest(rest, points_group=points_group)
        read = [number for number in rest if _fits(number.digits, *marks)]
        if not read or (examples and (len(read) < _WORTH * len(rest) or len(examples) == _MANY)):
            break
        certain = certain and certain_here
        for number in read:
            values[number.place] = _value(number, *marks)
        examples += _examples(read, *marks)
        rest = [number for number in rest if not _fits(number.digits, *marks)]
    units = Counter(unit for number in numbers if (unit := _unit(number, currencies)))
    percent = units.pop("%", 0)
    plain = all(re.fullmatch(r"1234(?:\.5\d*)?", example) for example in examples)
    if powers:
        examples = [*(examples or [_PLAIN] * bool(numbers)), _POWERED]
        plain = False
    return Amounts(values, () if plain else tuple(dict.fromkeys(examples)), units, percent, certain)


def _taken(placed: tuple[int, str]) -> _Number | None:
    found = _CELL.fullmatch(placed[1].strip())
    if found is None:
        return None
    return _Number(placed[0], found[1].strip(), found[2], found[3], found[4].strip())


def _unit(number: _Number, currencies: dict[str, str]) -> str | None:
    """Give the code of the currency, `%`, or nothing; None where other text stands there."""
    found = ""
    for text in (number.before, number.after):
        bare = text.translate(_NEEDLESS).casefold()
        if not bare:
            continue
        if bare != "%" and bare not in currencies:
            return None
        found = "%" if bare == "%" else currencies[bare]
    return found


def _likeliest(numbers: Collection[_Number], *, points_group: bool) -> tuple[tuple[str, str], bool]:
    shares = {
        marks: sum(_fits(number.digits, *marks) for number in numbers)
        for marks in _MARKS
        if all(any(mark in _flat(number.digits) for number in numbers) for mark in marks if mark)
    }
    shares[("", ".")] = shares.get(("", "."), sum(n.digits.isdigit() for n in numbers))
    most = max(shares.values())
    best = [marks for marks, share in shares.items() if share == most]
    # `1.250` alone: a group to most of Europe, a decimal mark to others.
    whole = [marks for marks in best if marks[0] and not marks[1]]
    if whole and len(best) > 1:
        mark = whole[0][0]
        groups = mark == " " or (mark == ".") == points_group
        return (whole[0] if groups else ("", mark)), mark == " "
    return best[0], True


def _flat(digits: str) -> str:
    return re.sub(f"[{BLANKS}]", " ", digits).replace("\u2019", "'")


def _fits(digits: str, group: str, decimal: str) -> bool:
    mark = re.escape(group)
    whole = rf"(?:\d{{1,3}}(?:{mark}\d{{3}})+|\d+)" if group else r"\d+"
    part = rf"(?:{re.escape(decimal)}\d+)?" if decimal else ""
    return re.fullmatch(whole + part, _flat(digits)) is not None


def _value(number: _Number, group: str, decimal: str) -> float:
    digits = _flat(number.digits)
    plain = digits.replace(group, "") if group else digits
    value = float(plain.replace(decimal, ".") if decimal else plain)
    return -value if number.sign and number.sign != "+" else value


def _examples(numbers: Sequence[_Number], group: str, decimal: str) -> list[str]:
    """Write the number 1234.56 as the cells do; what stands around it may be missing in a cell."""
    longest = max(
        (
            len(number.digits.rpartition(decimal)[2])
            for number in numbers
            if decimal in number.digits
        )
        if decimal
        else (0,),
        default=2,
    )
    befores, afters = (
        [text for text, _ in Counter(getattr(n, side) for n in numbers).most_common() if text]
        for side in ("before", "after")
    )
    pairs = product(befores[:_MANY] or [""], afters[:_MANY] or [""])
    places = _MANY if longest >= _MANY and not group else 2
    return [
        f"{before}{' ' if before else ''}{_written(group, decimal, after, places)}"
        for before, after in pairs
    ]


def _written(group: str, decimal: str, after: str, places: int = 2) -> str:
    first, rest, part = _EXAMPLE
    number = f"{first}{group}{rest}" + (f"{decimal}{part[:places]}" if decimal else "")
    return f"{number}{' ' if after else ''}{after}"
