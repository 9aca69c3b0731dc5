"""What the pages of places and times share: fields of filters, and what was asked in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.addresses import Address
from api.choosing import Chip, Choice, Option, by_name, options_of, plain, together
from api.networks.forms import FIELDS
from api.taking import DRAWN
from graph.dataset import Dataset
from graph.errors import NotFoundError
from graph.facts.counting import facets
from graph.facts.dimensions import TABLES, UNKNOWN
from graph.facts.facets import PERIOD, filters_of, kinds
from graph.facts.names import labels
from graph.formats import Format
from visualisations.wording import Wording

FUNDING = "funding"
_PAID = ("project", "consortium", "practice")
_MOST = 300  # values of a field: more is for the address


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a form, and the first and last year in which anything begins."""

    choices: tuple[Choice, ...]
    years: tuple[int, ...]
    period: str


def fields(
    dataset: Dataset, of: Sequence[str], chosen: Mapping[str, str], languages: Sequence[str]
) -> Fields:
    """Give the fields that filter the things of some kinds."""
    found, years = dataset.facts.remembered(
        ("fields", tuple(of), tuple(languages)), lambda: _read(dataset, of, languages)
    )
    made = []
    applied = _known(of)
    for name, options in found.items():
        if name not in applied:
            continue
        text = chosen.get(name, "")
        # What cannot be chosen in the form, such as several values at once, stays chosen.
        more = () if text in {"", UNKNOWN, *options} else (together(options, text),)
        made.append(Choice(name, FIELDS[name], (*more, *options.values()), text))
    return Fields(tuple(made), years, chosen.get(PERIOD, ""))


def applying(
    of: Sequence[str], chosen: Mapping[str, str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Divide filters in those that one of the kinds has, and the names of the others."""
    known = _known(of)
    kept = {name: text for name, text in chosen.items() if name in known}
    return kept, tuple(name for name in chosen if name not in known)


def _known(of: Sequence[str]) -> set[str]:
    """Name the filters that one of the kinds has; money is filtered by what it pays for."""
    known = {PERIOD}.union(*(filters_of(kind) for kind in of if kind != FUNDING))
    return known | {item.name for item in TABLES[FUNDING].dimensions if FUNDING in of}


def drawn_format(suffix: str) -> Format:
    """Give the format of a drawing by its suffix; NotFoundError if there is none."""
    form = next((item for item in DRAWN if item.suffix == suffix), None)
    if form is None:
        formats = ", ".join(item.suffix for item in DRAWN)
        raise NotFoundError(f"the drawing is not given as “{suffix[:20]}”, but as {formats}")
    return form


def chips(address: Address, chosen: Mapping[str, str], form: Fields, words: Wording) -> list[Chip]:
    """Say which filters there are, each with the address that drops it."""
    named = {choice.name: {item.key: item for item in choice.options} for choice in form.choices}
    unknown = Option(UNKNOWN, (plain(words.gettext("not known")),))
    made = []
    for name, text in chosen.items():
        known = {UNKNOWN: unknown, **named.get(name, {})}
        told = known.get(text) or together(known, text)
        made.append(Chip(words.gettext(FIELDS[name]), told.labels, address.without(name, "start")))
    return made


def _read(
    dataset: Dataset, of: Sequence[str], languages: Sequence[str]
) -> tuple[dict[str, dict[str, Option]], tuple[int, ...]]:
    gathered: dict[str, dict[str, Option]] = {}
    years: set[int] = set()
    for kind in _PAID if FUNDING in of else of:
        if kind not in kinds(dataset.facts):
            continue
        for facet in facets(dataset.facts, kind, {}, _MOST).facets:
            if facet.name == PERIOD:
                years |= {int(key) for key, _ in facet.values if key.isdecimal()}
            elif facet.segment is not None:
                known = labels(dataset.facts, facet.segment, languages)
                values = options_of((key for key, _ in facet.values), known)
                gathered.setdefault(facet.name, {}).update(values)
    return {
        name: {option.key: option for option in by_name(values.values())}
        for name, values in gathered.items()
        if values
    }, tuple(sorted(years))
