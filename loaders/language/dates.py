"""Dates: in which order a date is written in a column, declared as `DD.MM.YYYY`.

An order reads a cell whole or not at all: nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import polars as pl

from loaders.language.months import LANGUAGES, months

_MONTH = "MONTH"
_TOKEN = re.compile("YYYY|YY|MM|DD|MONTH(?:-[a-z]{2})?")
_ANY = re.compile(r"[^\W_]")
_SMALL = re.compile(r"[A-Z0-9]|[ymd]{2,}")  # of what is no word beside a month in words
_CENTURY = 70  # two digits from here on are years of the century before


@dataclass(frozen=True, slots=True)
class DateFormat:
    """In which order year, month and day stand, and what is between them.

    `language` is that of months in words; empty for words that mean one month in any.
    """

    expression: str
    tokens: tuple[str, ...]
    language: str = ""

    @classmethod
    @cache
    def parse(cls, form: str) -> DateFormat:
        """Read a format such as `DD.MM.YYYY`; ValueError where it is none."""
        written = _TOKEN.findall(form)
        tokens = tuple(token.partition("-")[0] for token in written)
        parts = {"MM" if token == _MONTH else token[:2] for token in tokens}
        if len(parts) != len(tokens) or "YY" not in parts or parts == {"YY", "DD"}:
            raise ValueError(f"{form!r} is no order of a date such as DD.MM.YYYY or MM/YY")
        between = _TOKEN.split(form)
        worded = _MONTH in tokens
        if (_SMALL if worded else _ANY).search("".join(between)):
            raise ValueError(
                f"{form!r}: only YYYY, YY, MM, DD and marks can stand in a date, or small letters "
                "beside MONTH"
            )
        pattern = re.escape(between[0])
        packed = not any(between)
        for token, mark in zip(tokens, between[1:], strict=True):
            pattern += _expression(token, packed=packed)
            pattern += r"\s*".join(["", *(re.escape(sign) for sign in mark.split()), ""])
        language = next((token[len(_MONTH) + 1 :] for token in written if "-" in token), "")
        if language and language not in LANGUAGES:
            raise ValueError(f"{form!r}: months are known in {', '.join(LANGUAGES)}")
        return cls(rf"^\s*{pattern}\s*$", tokens, language)

    def matches(self, cell: str) -> bool:
        """Tell whether a cell is written in this order, be it a date or not."""
        return re.match(self.expression, cell) is not None

    def iso(self, cell: pl.Expr) -> pl.Expr:
        """Write the cells of this format as `2016-04-30`.

        Null where a cell is in another, or no date of the calendar.
        """
        parts = cell.str.extract_groups(self.expression)
        by_token = {token: parts.struct[place] for place, token in enumerate(self.tokens)}
        if "YY" in by_token:
            short = by_token["YY"]
            later = short.cast(pl.Int32, strict=False) < _CENTURY
            year = pl.when(later).then("20" + short).otherwise("19" + short)
        else:
            year = by_token["YYYY"]
        if _MONTH in by_token:
            number = by_token[_MONTH].str.to_lowercase().str.strip_chars_end(".")
            known = {word: f"{month:02}" for word, month in months(self.language).items()}
            by_token["MM"] = number.replace_strict(known, default=None, return_dtype=pl.String)
        made = year
        for token in ("MM", "DD"):
            if token in by_token:
                made = made + "-" + by_token[token].str.pad_start(2, "0")
        whole = made + "-01" * (3 - len(self.tokens))
        real = whole.str.to_date("%Y-%m-%d", strict=False).is_not_null()
        return pl.when(real).then(made)


def _expression(token: str, *, packed: bool) -> str:
    """Give the expression of a part; days and months may have one digit, unless all are packed."""
    if token == _MONTH:
        return r"([^\W\d_]{3,}\.?)"
    loose = token in {"MM", "DD"} and not packed
    return f"([0-9]{{{'1,' if loose else ''}{len(token)}}})"
