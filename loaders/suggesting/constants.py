"""Constants: what is the same in every row and stands in no column: country, currency, fund."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from babel.numbers import get_territory_currencies

from loaders.suggesting.cues import Cues
from loaders.suggesting.suggestion import Column, Suggestion
from loaders.suggesting.values import NUTS_CODE

_NAME_PART = re.compile(r"[A-Za-zÀ-ž]+")
_NUTS = re.compile(rf"\b{NUTS_CODE}\b")
_SYMBOL = re.compile(r"€|\bEUR\b|\bPLN\b|\bHUF\b|\bCZK\b|\bRON\b|\bBGN\b|\bSEK\b|\bDKK\b|£")
_PLACES = ("nuts", "region", "location")
_HALF = 0.5
_CHANGE = 738_156  # the first day of 2022: programmes of 2021 began about then
_SPELT = {"EL": "GR", "UK": "GB"}  # how the Union writes the codes of two countries


@dataclass(frozen=True, slots=True)
class Constant:
    """A value for all rows, how sure it is, and from what it is known."""

    field: str
    value: str
    confidence: float
    why: str


def constants(found: Suggestion, cues: Cues) -> list[Constant]:
    """Give the constants of a table for the fields of its model that no column holds."""
    fields = found.choice.target.model.fields
    mapped = {column.match.field for column in found.columns}
    located = any(name in mapped for name, item in fields.items() if item.kind == "country")
    country = None if located else _country(found, cues)
    place = country.value if country else _only_country(found, cues)
    guesses = [country, _currency(found, cues, place), _fund(found, cues)]
    kinds = {"country": "country", "currency": "currency", "fund": "reference"}
    return [
        item
        for item in guesses
        if item
        and item.field not in mapped
        and item.field in fields
        and fields[item.field].kind == kinds[item.field]
    ]


def period(found: Suggestion) -> str:
    """Tell in which period the operations began, by their dates or the name of the file."""
    starts = [
        day
        for column in found.columns
        if column.match.field == "start_date"
        for day in column.profile.days.values
        if day is not None
    ]
    if starts:
        return "2021" if sorted(starts)[len(starts) // 2] >= _CHANGE else "2014"
    return "2021" if re.search(r"2021|2027", _told(found)) else "2014"


def _told(found: Suggestion) -> str:
    return " ".join([found.grid.path.stem.replace("_", " "), *found.layout.titles])


def _country(found: Suggestion, cues: Cues) -> Constant | None:
    guesses: list[Constant] = []
    nuts = Counter(
        str(code)[:2]
        for column in found.columns
        if column.match.field in _PLACES
        for cell in column.profile.cells
        for code in _NUTS.findall(cell)
    )
    if nuts:
        code = nuts.most_common(1)[0][0]
        guesses.append(Constant("country", _SPELT.get(code, code), 0.9, "NUTS codes"))
    parts = _NAME_PART.findall(found.grid.path.stem)
    named = [known for part in parts if (known := cues.country(_SPELT.get(str(part), str(part))))]
    if named:
        guesses.append(Constant("country", named[0], 0.7, "the name of the file"))
    spoken = _spoken(found, cues)
    if len(spoken) == 1:
        guesses.append(Constant("country", spoken[0], 0.6, "the language"))
    if not guesses:
        return None
    agreeing = [item for item in guesses if item.value == guesses[0].value]
    if len(agreeing) > 1:
        why = " and ".join(item.why for item in agreeing)
        return Constant("country", guesses[0].value, 0.95, why)
    return guesses[0]


def _only_country(found: Suggestion, cues: Cues) -> str | None:
    fields = found.choice.target.model.fields
    codes = {
        cues.country(cell)
        for column in found.columns
        if column.match.field and fields[column.match.field].kind == "country"
        for cell in column.profile.cells
    }
    return codes.pop() if len(codes) == 1 else None


def _currency(found: Suggestion, cues: Cues, country: str | None) -> Constant | None:
    signs: Counter[str] = Counter()
    for column in _amounts(found.columns):
        signs += column.profile.amounts.currencies
    filled = sum(column.profile.filled for column in _amounts(found.columns))
    if signs and signs.total() > filled / 100:
        sure = 0.95 if len(signs) == 1 else 0.4
        return Constant("currency", signs.most_common(1)[0][0], sure, "signs beside the amounts")
    named = Counter(
        cues.currencies[sign.casefold()]
        for text in (*found.layout.names, *found.layout.second)
        for sign in _SYMBOL.findall(text)
    )
    if named:
        sure = 0.9 if len(named) == 1 else 0.4
        return Constant("currency", named.most_common(1)[0][0], sure, "the names of columns")
    countries = (country,) if country else _spoken(found, cues)
    in_use = {money for code in countries for money in get_territory_currencies(code)[:1]}
    if len(in_use) != 1 or not _amounts(found.columns):
        return None
    sure, why = (0.7, f"the country {country}") if country else (0.6, "the language")
    return Constant("currency", in_use.pop(), sure, why)


def _spoken(found: Suggestion, cues: Cues) -> Sequence[str]:
    """Give the countries whose authorities write in the language of a table."""
    known = cues.countries_of_languages.get(found.language.tag, ())
    return known if found.language.confidence > _HALF else ()


def _amounts(columns: Sequence[Column]) -> list[Column]:
    return [column for column in columns if column.sort == "amount"]


def _fund(found: Suggestion, cues: Cues) -> Constant | None:
    texts = [found.grid.path.stem.replace("_", " "), *found.layout.titles]
    names = {
        name for text in texts for word in re.split(r"[-/,\s]", text) if (name := cues.fund(word))
    }
    names |= {name for text in found.layout.titles if (name := cues.fund(text))}
    keys = {key for name in names if (key := cues.programmes[period(found)].get(name))}
    if len(keys) != 1:
        return None
    return Constant("fund", keys.pop(), 0.7, "the name of the file and the titles")
