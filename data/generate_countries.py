#!/usr/bin/env python3
# /// script
# requires-python = ">=3.11"
# dependencies = ["babel"]
# ///
"""Write `countries.csv`: codes kept here by hand, names taken from Unicode CLDR through Babel.

Run `python data/generate_countries.py` after a change here or a new version of Babel. The same
input and the same version of Babel give the same bytes.
"""

import csv
import io
from pathlib import Path
from typing import Final, Literal, NamedTuple

import babel
from babel import Locale

# fmt: off
LANGUAGES: Final = (
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr",
    "hu", "it", "lt", "lv", "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv",
)
# fmt: on
"""The 24 official languages of the European Union."""

LOCALES: Final = {"pt": "pt_PT"}
"""Where CLDR's plain language means another country's usage: its `pt` is Brazilian."""


class Place(NamedTuple):
    """The codes of one country, or of an area that stands in a country column."""

    code: str
    """ISO 3166-1 alpha-2, or `EU` and `INT`."""
    alpha3: str
    nuts: str
    """Code of the whole country in NUTS or in the statistical regions beside it."""
    authority: str
    """Code in the country list of the Publications Office of the European Union."""
    member: Literal["yes", "no"]


def _country(code: str, alpha3: str, *, member: bool = False, nuts: str | None = None) -> Place:
    return Place(code, alpha3, code if nuts is None else nuts, alpha3, "yes" if member else "no")


MEMBERS: Final = (
    _country("AT", "AUT", member=True),
    _country("BE", "BEL", member=True),
    _country("BG", "BGR", member=True),
    _country("CY", "CYP", member=True),
    _country("CZ", "CZE", member=True),
    _country("DE", "DEU", member=True),
    _country("DK", "DNK", member=True),
    _country("EE", "EST", member=True),
    _country("ES", "ESP", member=True),
    _country("FI", "FIN", member=True),
    _country("FR", "FRA", member=True),
    _country("GR", "GRC", member=True, nuts="EL"),
    _country("HR", "HRV", member=True),
    _country("HU", "HUN", member=True),
    _country("IE", "IRL", member=True),
    _country("IT", "ITA", member=True),
    _country("LT", "LTU", member=True),
    _country("LU", "LUX", member=True),
    _country("LV", "LVA", member=True),
    _country("MT", "MLT", member=True),
    _country("NL", "NLD", member=True),
    _country("PL", "POL", member=True),
    _country("PT", "PRT", member=True),
    _country("RO", "ROU", member=True),
    _country("SE", "SWE", member=True),
    _country("SI", "SVN", member=True),
    _country("SK", "SVK", member=True),
)

NEIGHBOURS: Final = (
    # European Economic Area and Switzerland
    _country("CH", "CHE"),
    _country("IS", "ISL"),
    _country("LI", "LIE"),
    _country("NO", "NOR"),
    # Candidates for membership; the last four have no code that we could confirm
    _country("AL", "ALB"),
    _country("ME", "MNE"),
    _country("MK", "MKD"),
    _country("RS", "SRB"),
    _country("TR", "TUR"),
    _country("BA", "BIH", nuts=""),
    _country("GE", "GEO", nuts=""),
    _country("MD", "MDA", nuts=""),
    _country("UA", "UKR", nuts=""),
    # Former member
    _country("GB", "GBR", nuts="UK"),
)

AREAS: Final = (
    Place("EU", "", "", "EUR", "no"),
    Place("INT", "", "", "", "no"),
)

PLACES: Final = (*sorted(MEMBERS + NEIGHBOURS), *AREAS)

LABELS_WITHOUT_CLDR: Final = {("INT", "en"): "International"}
"""Names of areas that CLDR does not know."""


def label(code: str, language: str) -> str:
    """Name the country or area in the language, or give an empty text where there is no name."""
    if (code, language) in LABELS_WITHOUT_CLDR:
        return LABELS_WITHOUT_CLDR[code, language]
    return str(Locale.parse(LOCALES.get(language, language)).territories.get(code, ""))


def table() -> str:
    """Build the whole table as CSV text with LF line ends."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    labels = [f"label_{language}" for language in LANGUAGES]
    writer.writerow([*Place._fields, *labels, "source_url", "confidence"])
    source = f"Unicode CLDR through Babel {babel.__version__}"
    for place in PLACES:
        names = [label(place.code, language) for language in LANGUAGES]
        known = source if place.code != "INT" else "own"
        writer.writerow([*place, *names, known, "common"])
    return text.getvalue()


def main() -> None:
    """Write the table beside this script."""
    path = Path(__file__).with_name("countries.csv")
    path.write_text(table(), encoding="utf-8", newline="\n")
    print(f"{path}: {len(PLACES)} rows")


if __name__ == "__main__":
    main()
