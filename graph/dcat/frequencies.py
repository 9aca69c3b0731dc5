"""How often a source is published anew, in words and in codes of the EU authority table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Frequency = Literal[
    "continuous",
    "daily",
    "weekly",
    "monthly",
    "quarterly",
    "semiannual",
    "annual",
    "irregular",
    "never",
]

CODES: Mapping[Frequency, str] = {
    "continuous": "CONT",
    "daily": "DAILY",
    "weekly": "WEEKLY",
    "monthly": "MONTHLY",
    "quarterly": "QUARTERLY",
    "semiannual": "ANNUAL_2",
    "annual": "ANNUAL",
    "irregular": "IRREG",
    "never": "NEVER",
}
