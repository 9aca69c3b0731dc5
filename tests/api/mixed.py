"""A release whose money is of many kinds, phases and currencies, each sum of which shows itself.

Every combination has a power of ten of its own, and few amounts of a few of these. So whatever
number is shown anywhere, its digits tell which combinations were added to make it.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from graph.identity import Identity
from graph.release import Release, Releases
from loaders.building.build import Inputs, build
from loaders.language.mapping import read_mapping, read_mappings

_DATA = Path(__file__).parents[2] / "data"


class Money(NamedTuple):
    """A combination of kind, phase and currency with its power of ten, and whether it adds up."""

    kind: str
    phase: str
    currency: str
    power: int
    adds: bool = True

    @property
    def unit(self) -> int:
        """Give the smallest amount of it."""
        return int(10**self.power)


ALL = (
    Money("total", "approved", "EUR", 7),
    Money("eu", "approved", "EUR", 8),
    Money("total", "paid", "EUR", 9),
    Money("total", "approved", "HUF", 10),
    Money("grant", "requested", "EEK", 11),
    Money("", "approved", "EUR", 12, adds=False),
    Money("total", "", "EUR", 13, adds=False),
    Money("total", "approved", "", 14, adds=False),
)
# Projects with country, regions, programme, year of start, year of the amounts, and units in each.
_PROJECTS = (
    ("one", "EE", "EE008", "programme-one", "2019", "", 1),
    ("two", "EE;LV", "EE009;LV006", "programme-two", "2019", "2020", 2),
    ("three", "EE", "EE009", "programme-one", "2019", "", 4),
)
_MAPPING = """
name: mixed
title: Money of all sorts
publisher: A test
licence: https://creativecommons.org/publicdomain/zero/1.0/
version: "1"
retrieved: 2026-01-01
rows: {file: mixed.csv}
entities:
  project:
    type: project
    class: Project
    key: "{project}"
    properties:
      - {property: skos:prefLabel, column: project, lang: en}
      - {property: country, column: country, split: ";", reference: country}
      - {property: region, column: regions, split: ";", reference: region}
      - {property: fundedBy, column: programme, reference: programme}
      - {property: theme, value: employment, reference: theme}
      - {property: startDate, column: start, as: date}
      - {property: funding, entity: amount}
  amount:
    type: funding
    class: Funding
    key: "{project}-{power}"
    when: {column: amount}
    properties:
      - {property: amount, column: amount, as: decimal}
      - {property: currency, column: currency, as: string}
      - {property: fundingKind, column: kind, reference: funding-kind}
      - {property: fundingPhase, column: phase, reference: funding-phase}
      - {property: fundingYear, column: year, as: date}
  country:
    type: country
    class: Country
    key: "{first}"
    properties:
      - {property: skos:prefLabel, column: first, lang: en}
      - {property: skos:notation, column: first, as: string}
  region:
    type: region
    class: Region
    key: "{region}"
    when: {column: region}
    properties:
      - {property: skos:prefLabel, column: region, lang: zxx}
  programme:
    type: programme
    class: Programme
    key: "{programme}"
    properties:
      - {property: skos:prefLabel, column: programme, lang: en}
      - {property: funding, entity: budget}
  budget:
    type: funding
    class: Funding
    key: "{programme}-{power}"
    when: {column: project, among: [one]}
    properties:
      - {property: amount, column: amount, as: decimal}
      - {property: currency, column: currency, as: string}
      - {property: fundingKind, column: kind, reference: funding-kind}
      - {property: fundingPhase, column: phase, reference: funding-phase}
receipt: {}
"""
_YEARLY = """
name: yearly
title: Rates of a test, which nobody has published
publisher: A test
licence: https://creativecommons.org/publicdomain/zero/1.0/
version: "1"
retrieved: 2026-01-01
rows: {file: yearly.csv}
entities:
  rate:
    type: exchange-rate
    class: ExchangeRate
    key: "{id}"
    unique: true
    properties:
      - {property: fromCurrency, column: currency, as: string}
      - {property: toCurrency, column: to, as: string}
      - {property: rate, column: rate, as: decimal}
      - {property: startDate, column: valid_from, as: date}
      - {property: endDate, column: valid_until, as: date}
receipt: {cited: {column: source_url}}
"""
# The amounts of the projects one and three are of 2019, for which alone there is a rate.
HUF = Decimal(320)


def publish_mixed(home: Path, work: Path) -> Release:
    """Build a release of all combinations, with rates of the euro's past and one of a year."""
    shutil.copy(_DATA / "rates.csv", work)
    _write(work / "mixed.csv", _rows())
    _write(
        work / "yearly.csv",
        [
            {"id": "huf-2019", "currency": "HUF", "to": "EUR", "rate": str(HUF),
             "valid_from": "2019", "valid_until": "2019", "source_url": "https://bank.example/huf"},
        ],
    )  # fmt: skip
    made = []
    for name, text in (("mixed", _MAPPING), ("yearly", _YEARLY)):
        path = work / f"{name}.yaml"
        path.write_text(text, "utf-8")
        made.append(read_mapping(path))
    shipped = [mapping for mapping in read_mappings() if mapping.name == "rates"]
    release, _ = build(Releases(home), Inputs([*shipped, *made], work, Identity()))
    return release


def _rows() -> Iterator[dict[str, str]]:
    blank = dict.fromkeys(
        ("project", "country", "first", "regions", "region", "programme", "start", "year", "power",
         "amount", "currency", "kind", "phase"), "",
    )  # fmt: skip
    for project, country, regions, programme, start, year, times in _PROJECTS:
        for place, money in enumerate(ALL):
            yield {
                **blank, "project": project, "country": country, "first": country[-2:],
                "regions": regions, "region": regions.split(";")[place % (regions.count(";") + 1)],
                "programme": programme, "start": start, "year": year,
                "power": str(money.power), "amount": str(times * money.unit),
                "currency": money.currency, "kind": money.kind, "phase": money.phase,
            }  # fmt: skip
    # Two rows give one amount two kinds: it belongs to neither.
    for kind in ("total", "eu"):
        yield {
            **blank, "project": "torn", "country": "EE", "first": "EE",
            "programme": "programme-one", "start": "2019", "power": "7",
            "amount": str(4 * ALL[0].unit), "currency": "EUR", "kind": kind, "phase": "approved",
        }  # fmt: skip
    yield {**blank, "project": "silent", "country": "EE", "first": "EE", "start": "2020",
           "programme": "programme-one"}  # fmt: skip


def _write(path: Path, rows: Iterator[dict[str, str]] | list[dict[str, str]]) -> None:
    listed = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(listed[0]))
        writer.writeheader()
        writer.writerows(listed)


# Thousands may be apart, as on pages; what hangs on letters is a checksum, an IRI or a time.
_NUMBER = re.compile(
    r"(?<![\w./%#-])(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:[eE]\+?\d+)?(?![\w/%-])"
)


def mixtures(text: str) -> list[str]:
    """Find numbers that cannot come of amounts of one combination that adds up.

    Smaller numbers than the smallest amount are counts, years and the like.
    """
    return [found for found in _NUMBER.findall(text) if not _pure(Decimal(found.replace(",", "")))]


def _pure(number: Decimal) -> bool:
    if number < ALL[0].unit:
        return True
    for money in ALL:
        times = number / money.unit
        if times in {1, 2, 4} or (money.adds and times in {3, 5, 6, 7}):
            return True
    return False
