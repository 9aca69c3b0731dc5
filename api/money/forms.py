"""What a reader can choose on the pages of money, as fields of a form and as chips to drop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.dependencies import Reader
from api.exploring import FUNDING as OF_MONEY
from api.exploring import fields
from api.money.names import Naming
from api.money.state import FUNDING, NAMES, years_of_money
from api.networks.forms import Address, Chip, Choice
from graph.facts.cubes import MONEY
from graph.facts.facets import PERIOD
from graph.facts.filtering import Wanted
from visualisations.wording import Wording


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form, and the years in which there is money of its sort.

    `kept` are filters that it cannot say, such as one organisation.
    """

    choices: tuple[Choice, ...]
    years: tuple[int, ...]
    period: str
    kept: Mapping[str, str]


def form_of(reader: Reader, filters: Mapping[str, str], money: str | None) -> Form:
    """Give the fields of the filters that money has, for one sort of it."""
    made = fields(reader.dataset, [OF_MONEY], filters, reader.languages)
    known = {item.name for item in FUNDING.dimensions} - set(MONEY)
    choices = tuple(choice for choice in made.choices if choice.name in known)
    said = {PERIOD, *(choice.name for choice in choices)}
    kept = {name: text for name, text in filters.items() if name not in said}
    years = years_of_money(reader.dataset.facts, money)
    told = tuple(int(year) for year in years if year.isdecimal())
    return Form(choices, told, made.period, kept)


def chips_of(
    filters: Mapping[str, str], address: Address, naming: Naming, words: Wording
) -> Sequence[Chip]:
    """Say which filters there are, each with the address that drops it."""
    return [
        Chip(words.gettext(NAMES[name]), _told(name, text, naming, words), address.without(name))
        for name, text in filters.items()
    ]


def _told(name: str, text: str, naming: Naming, words: Wording) -> str:
    if name == PERIOD:
        return text
    item = FUNDING.dimension(name)
    wanted = Wanted.read(text)
    keys = [*wanted.keys, *(key for keys in wanted.exactly for key in keys)]
    named = {key: label.text for key, label in naming.of(item, keys).items()}
    said = [named[key] for key in wanted.keys]
    said += [
        words.gettext("only %(names)s") % {"names": " + ".join(named[key] for key in keys)}
        for keys in wanted.exactly
    ]
    return ", ".join([*said, *([words.gettext("unknown")] if wanted.unknown else [])])
