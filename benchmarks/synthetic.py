"""A synthetic list of operations: skewed like real ones, the same for every run."""

from __future__ import annotations

import csv
import random
from pathlib import Path

COUNTRIES = (
    "DE",
    "IT",
    "ES",
    "PL",
    "FR",
    "PT",
    "RO",
    "HU",
    "CZ",
    "GR",
    "BG",
    "SK",
    "LT",
    "LV",
    "EE",
)
THEMES = 40
PROGRAMMES = 300

MAPPING = """\
name: synthetic
title: Synthetic operations
publisher: The benchmark
licence: https://creativecommons.org/publicdomain/zero/1.0/
version: "1"
retrieved: 2026-01-01
rows: {file: synthetic.csv}
entities:
  project:
    type: project
    class: Project
    key: "{id}"
    unique: true
    properties:
      - {property: skos:prefLabel, column: name, lang: en}
      - {property: country, column: country, reference: country}
      - {property: theme, column: theme, reference: theme}
      - {property: fundedBy, column: programme, reference: programme}
      - {property: startDate, column: start, as: date}
      - {property: endDate, column: end, as: date}
      - {property: funding, entity: total}
  total:
    type: funding
    class: Funding
    key: "{id}-total"
    when: {column: amount}
    properties:
      - {property: amount, column: amount, as: decimal, min: 0}
      - {property: currency, value: EUR, as: string}
      - {property: fundingKind, value: total, reference: funding-kind}
      - {property: fundingPhase, value: approved, reference: funding-phase}
  country:
    type: country
    class: Country
    key: "{country}"
  theme:
    type: theme
    class: Theme
    key: "{theme}"
  programme:
    type: programme
    class: Programme
    key: "{programme}"
receipt:
  cited: {column: source_url}
"""


def write(folder: Path, rows: int) -> None:
    """Write the table and its mapping into a folder."""
    chance = random.Random(20261122)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "synthetic.yaml").write_text(MAPPING, encoding="utf-8")
    with (folder / "synthetic.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            ["id", "name", "country", "theme", "programme", "start", "end", "amount", "source_url"]
        )
        for number in range(rows):
            # Squared and cubed uniform numbers: few places and programmes hold most of the rows.
            country = COUNTRIES[int(chance.random() ** 2 * len(COUNTRIES))]
            year = chance.randrange(2007, 2027)
            month = chance.randrange(1, 13)
            writer.writerow(
                [
                    f"op-{number:07d}",
                    f"Operation “{number}” for inclusion & work in {country}",
                    country,
                    f"theme-{int(chance.random() ** 2 * THEMES)}",
                    f"programme-{int(chance.random() ** 3 * PROGRAMMES)}",
                    f"{year}-{month:02d}-01",
                    f"{year + 2}-{month:02d}-28",
                    f"{chance.lognormvariate(11, 1.5):.2f}" if chance.random() < 0.9 else "",
                    f"https://example.org/operations/{number}",
                ]
            )
