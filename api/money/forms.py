"""What a reader can choose on the pages of money, as fields of a form and as chips to drop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.addresses import Address
from api.choosing import Chip, Choice, plain
from api.dependencies import Reader
from api.exploring import FUNDING as OF_MONEY
from api.exploring import fields
from api.money.names import Naming
from api.money.state import FUNDING, NAMES, years_of_money
from graph.facts.cubes import MONEY
from graph.facts.facets import PERIOD
from graph.facts.filtering import Wanted
from graph.labels import Label
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
        Chip(
            words.gettext(NAMES[name]),
            tuple(_told(name, text, naming, words)),
            address.without(name),
        )
        for name, text in filters.items()
    ]


def _told(name: str, text: str, naming: Naming, words: Wording) -> Iterator[Label]:
    if name == PERIOD:
        yield plain(text)
        return
    item = FUNDING.dimension(name)
    wanted = Wanted.read(text)
    named = naming.of(item, [*wanted.keys, *(key for keys in wanted.exactly for key in keys)])
    yield from (named[key] for key in wanted.keys)
    for keys in wanted.exactly:
        names = " + ".join(named[key].text for key in keys)
        yield plain(words.gettext("only %(names)s") % {"names": names})
    if wanted.unknown:
        yield plain(words.gettext("unknown"))
