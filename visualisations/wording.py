"""The words of pages and pictures, in the reader's language: catalogues of gettext.

The catalogues are `visualisations/locale/LANGUAGE.po`; a new language is a new file. English is
the language of the code, and what a catalogue has no words for is said in English.
"""

from __future__ import annotations

import gettext as standard
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.core import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

ENGLISH = "en"
_LOCALES = {ENGLISH: "en_GB"}  # how days and numbers are written
_FOLDER = Path(__file__).parent / "locale"


@dataclass(frozen=True, slots=True)
class Wording:
    """Says things in one language, by its BCP-47 tag."""

    language: str
    catalogue: standard.NullTranslations

    def gettext(self, message: str) -> str:
        """Give a message in the language; itself where there are no words for it."""
        return self.catalogue.gettext(message)

    def ngettext(self, one: str, several: str, number: int) -> str:
        """Give the message for a number of things."""
        return self.catalogue.ngettext(one, several, number)

    def number(self, value: Decimal | int) -> str:
        """Write a number as readers of the language do, with all its digits."""
        exponent = Decimal(value).as_tuple().exponent
        digits = -exponent if isinstance(exponent, int) and exponent < 0 else 0
        pattern = f"#,##0.{'0' * digits}" if digits else "#,##0"
        return format_decimal(value, pattern, locale=self._locale)

    def day(self, value: date) -> str:
        """Write a day with the name of its month."""
        return format_date(value, "long", locale=self._locale)

    def tongue(self, tag: str) -> str:
        """Name the language of a tag; the tag itself where there is no name for it."""
        code = tag.partition("-")[0].casefold()
        return str(Locale.parse(self._locale).languages.get(code, tag))

    @property
    def _locale(self) -> str:
        return _LOCALES.get(self.language, self.language)


def marked(message: str) -> str:
    """Mark a message for the catalogues, imported as `_`; whoever shows it says it then."""
    return message


@cache
def wordings() -> tuple[str, ...]:
    """Give the languages that pages can be in, English first."""
    return (ENGLISH, *sorted(file.stem for file in _FOLDER.glob("*.po")))


def wording(languages: Sequence[str] = ()) -> Wording:
    """Choose the first of a reader's languages that there are words for; English otherwise."""
    known = wordings()
    bases = (tag.partition("-")[0].lower() for tag in languages)
    return _read(next((base for base in bases if base in known), ENGLISH))


@cache
def _read(language: str) -> Wording:
    file = _FOLDER / f"{language}.po"
    if not file.is_file():
        return Wording(language, standard.NullTranslations())
    with file.open("rb") as source:
        found = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, found)
    compiled.seek(0)
    return Wording(language, standard.GNUTranslations(compiled))
