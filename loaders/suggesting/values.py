"""Values: what the cells of one column look like, as features from 0 to 1."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from loaders.suggesting.amounts import Amounts, read_amounts
from loaders.suggesting.cues import Cues
from loaders.suggesting.days import Days, read_days

_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"(?:\+|00|\()\d[\d\s()/.-]{6,}\d|0\d[\d\s/.-]{6,}\d")
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_CODE = re.compile(r"(?=\S*\d)[\w./+-]{3,40}")
# Regulation (EC) No 1059/2003: the code of a country, and one to three letters or digits.
NUTS_CODE = (
    r"(?:AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|UK)"
    r"(?=[A-Z0-9]{0,2}\d)[A-Z0-9]{1,3}"
)
_CODE_ONLY = re.compile(NUTS_CODE)
_NUTS = re.compile(rf"{NUTS_CODE}(?:\s*[-\u2013:].*)?|.*\bNUTS\b.*")
# Implementing Regulation (EU) No 215/2014, table 1, and Regulation (EU) 2021/1060, annex I.
_INTERVENTION = re.compile(
    r"[01]\d\d(?:\s*[-\u2013.:)]?\s*[^\W\d].*)?|\d\d\s*[-\u2013.:)]\s*[^\W\d].*"
)
_POSTCODE = re.compile(
    r"\d{4,5}(?:\s+[^\W\d].*)?|\d{3}\s\d{2}|\d{2}-\d{3}|\d{4}-\d{3}|[A-Z]{2}-\d{4,5}|\d{4}\s?[A-Z]{2}"
    r"|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[A-Z]{3}\s?\d{4}|[A-Z]\d{2}\s?[A-Z\d]{4}"
)
_DOTTED = re.compile(r"(?:[IVX]{1,5}|[A-Z]{0,3}\d{1,2})(?:\.[\dA-Za-z]{1,3}){1,5}\.?|[IVX]{1,5}\.?")
_PIC = re.compile(r"[189]\d{8}")
_CELEX = re.compile(r"[1-9CE]\d{4}[A-Z]{1,2}\d{3,5}(?:\(\d+\))?")
_PARTED = re.compile(r"\s*[;|\n]\s*")
_LISTED = re.compile(r"\S\s*[;|\n]\s*\S")
_HALF_CIRCLE = 180
_BIG = 1_000
_FEW = 30
_LONG, _SHORT = 120, 20
_HUNDRED = 100
_MOST = 0.9


@dataclass(frozen=True, slots=True)
class Profile:
    """What the filled cells of a column say: features, and numbers and dates in them."""

    features: dict[str, float]
    amounts: Amounts
    days: Days
    sample: str
    filled: int
    cells: tuple[str, ...]


def profile(cells: Sequence[str], cues: Cues, *, points_group: bool = True) -> Profile:
    """Look at the cells of a column, the empty ones left out."""
    kept = [cell.strip() for cell in cells]
    kept = [cell for cell in kept if cell and cell.casefold() not in cues.empty]
    amounts = read_amounts(kept, dict(cues.currencies), points_group=points_group)
    days = read_days(kept)
    features = _features(kept, amounts, days, cues) if kept else {}
    return Profile(features, amounts, days, _telling(kept), len(kept), tuple(kept))


def _features(cells: Sequence[str], amounts: Amounts, days: Days, cues: Cues) -> dict[str, float]:
    counts = Counter(cells)
    once = len(counts)
    found = {
        "unique": once / len(cells),
        "few": max(0.0, 1 - (once - 1) / _FEW) if len(cells) > once else 0.0,
        "constant": float(once == 1),
        "letters": _share(counts, lambda cell: sum(map(str.isalpha, cell)) * 2 >= len(cell)),
        "words": _share(counts, lambda cell: len(cell.split()) > 2),  # noqa: PLR2004  # more than a name
        "long": _share(counts, lambda cell: len(cell) > _LONG),
        "short": _share(counts, lambda cell: len(cell) <= _SHORT),
        "code": _share(counts, lambda cell: _CODE.fullmatch(cell) is not None),
        "nuts_code": _share(counts, lambda cell: _CODE_ONLY.fullmatch(cell) is not None),
        "nuts": _share(counts, lambda cell: _NUTS.fullmatch(cell) is not None),
        "intervention": _share(counts, lambda cell: _INTERVENTION.fullmatch(cell) is not None),
        "postcode": _share(counts, lambda cell: _POSTCODE.fullmatch(cell) is not None),
        "country": _share(counts, lambda cell: all(map(cues.country, _PARTED.split(cell)))),
        "fund": _share(counts, lambda cell: len(cell) < _LONG and cues.fund(cell) is not None),
        "status": _share(counts, cues.is_status),
        "role": _share(counts, lambda cell: cues.role(cell) is not None),
        "pic": _share(counts, lambda cell: _PIC.fullmatch(cell) is not None),
        "celex": _share(counts, lambda cell: _CELEX.fullmatch(cell) is not None),
        "listed": _share(counts, lambda cell: _LISTED.search(cell) is not None),
        "answer": _share(counts, lambda cell: cell.casefold() in cues.answers),
        "currency": _share(counts, lambda cell: cell.casefold() in cues.currencies),
        "organisation": _share(counts, cues.is_organisation),
        "contact": _share(counts, lambda cell: _MAIL.search(cell) is not None),
        "link": _share(counts, lambda cell: _LINK.match(cell) is not None),
    }
    if not days.share and not amounts.share:
        found["dotted"] = _share(
            counts, lambda cell: _DOTTED.fullmatch(cell.split()[0]) is not None
        )
        phones = _share(counts, lambda cell: _PHONE.fullmatch(cell) is not None)
        found["contact"] = max(found["contact"], phones)
    found["middling"] = max(0.0, 1 - found["long"] - found["short"])
    return found | _of_numbers(amounts, days.years, len(cells)) | _of_days(days, len(cells))


def _of_numbers(amounts: Amounts, years: int, count: int) -> dict[str, float]:
    values = [value for value in amounts.values if value is not None]
    if not values:
        return {"number": 0.0}
    whole = sum(value == int(value) for value in values) / len(values)
    filled = [value for value in values if value]
    steps = sum(two - one == 1 for one, two in pairwise(values))
    return {
        "number": len(values) / count,
        "cents": 1 - whole,
        "big": float(bool(filled) and median(filled) >= _BIG and years < _MOST * count),
        "share": float(all(0 <= value <= 1 for value in values) and bool(filled)),
        "rate": float(all(0 <= value <= _HUNDRED for value in values) and bool(filled)),
        "degree": sum(abs(value) <= _HALF_CIRCLE and value != int(value) for value in values)
        / len(values),
        "percent": amounts.percent / count,
        "money": amounts.currencies.total() / count,
        "sequence": steps / max(len(values) - 1, 1) if len(values) > 2 else 0.0,  # noqa: PLR2004  # a row
    }


def _of_days(days: Days, count: int) -> dict[str, float]:
    """Tell dates; a year alone is as well a number, and a date only beside other dates."""
    dates = sum(value is not None for value in days.values)
    return {"date": dates / count if dates > days.years else 0.0, "year": days.years / count}


def _share(counts: Counter[str], says: Callable[[str], bool]) -> float:
    return sum(times for cell, times in counts.items() if says(cell)) / counts.total()


def _telling(cells: Sequence[str]) -> str:
    """Choose the sample: the first of the cells that are as long as most."""
    if not cells:
        return ""
    usual = median(len(cell) for cell in cells)
    return min(cells[:50], key=lambda cell: abs(len(cell) - usual))
