"""The page of partners: what was asked, what can be asked, and each partner with its reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from api import models_partners as models
from api.addresses import Address
from api.assets import bundle
from api.choosing import Chip, Choice, Option, by_name, options_of, plain, together
from api.finding.names import NAMES as FILTERED
from api.models import Thing
from api.partners.asking import MOST, PartnersAsked, View
from api.partners.documents import find_partners
from api.partners.sheets import ASPECTS_SAID, drawn, summary, title_of
from api.presenting import Presenter
from api.taking import address_of, credit
from graph.dataset import Dataset
from graph.facts.dimensions import UNKNOWN
from graph.facts.names import labels
from graph.labels import Label, read_names
from graph.partners import ASPECTS, FILTERS, PERIOD, WHOLE, choices
from visualisations.wording import Wording, wording
from visualisations.wording import marked as _

_ORGANISATIONS = 8  # that a name is taken to mean


_NAMES: Mapping[str, str] = {
    **{name: FILTERED[name] for name in FILTERS},
    "organisation": _("We are"),
    "type": _("Type of organisation"),
    PERIOD: _("Period"),
}


@dataclass(frozen=True, slots=True)
class Weight:
    """An aspect with its weight here and as usual; `applies` is false where it cannot count."""

    name: str
    title: str
    weight: int
    usual: int
    applies: bool


@dataclass(frozen=True, slots=True)
class PartnersPage:
    """All that the page of partners shows. `found` is None where nothing was asked yet."""

    found: models.Partners | None
    we: str
    meant: tuple[tuple[Thing, str], ...]
    organisation: str | None
    told: tuple[Chip, ...]
    choices: tuple[Choice, ...]
    period: str
    weights: tuple[Weight, ...]
    titles: Mapping[str, str]
    query: str
    day: date | None
    previous: str | None
    following: str | None
    whole: int = WHOLE


def page_of(dataset: Dataset, view: View, languages: tuple[str, ...]) -> dict[str, Any]:
    """Make all that the page is filled with."""
    shown = _shown(dataset, view.asked, view.we, languages)
    words, state = wording(languages), dict(view.address.state)
    found = shown.found if shown.found is not None and shown.found.items else None
    return {
        "shown": shown,
        "address": view.address,
        "rest": Address("/api/v1/partners", {**view.asked.state, "limit": str(MOST)}),
        "absolute": address_of(dataset, "/embed/partners", state),
        "title": None if found is None else title_of(found, words),
        "drawing": None if found is None else drawn(found, words),
        "sentence": None if found is None else summary(found, words),
        "credit": credit(dataset, words, address_of(dataset, "/partners", state)),
        "bundle": bundle("partners"),
    }


def _shown(
    dataset: Dataset, asked: PartnersAsked, we: str, languages: tuple[str, ...]
) -> PartnersPage:
    """Show what is asked; words of a name are answered with whom they may mean."""
    words = wording(languages)
    offered = tuple(_choices(dataset, asked, words, languages))
    found = None if asked.empty or we else find_partners(dataset, asked, languages)
    query = asked.state
    here, last = asked.offset // asked.limit + 1, asked.offset + asked.limit
    more = found is not None and found.total > last
    return PartnersPage(
        found=found,
        we=we,
        meant=_meant(dataset, asked, we, languages) if we else (),
        organisation=asked.organisation,
        told=() if found is None else tuple(_told(found, asked, offered, words)),
        choices=offered,
        period=asked.filters.get(PERIOD, ""),
        weights=tuple(_weights(found, asked, words)),
        titles={name: words.gettext(title) for name, title in ASPECTS_SAID.items()},
        query=urlencode(query),
        day=None if found is None else date.fromisoformat(found.on),
        previous=_address(query, {"page": str(here - 1)}) if here > 1 else None,
        following=_address(query, {"page": str(here + 1)}) if more else None,
    )


def _address(query: Mapping[str, str], more: Mapping[str, str]) -> str:
    return f"/partners?{urlencode({**query, **more})}"


def _meant(
    dataset: Dataset, asked: PartnersAsked, we: str, languages: tuple[str, ...]
) -> tuple[tuple[Thing, str], ...]:
    """Give the organisations that a name may mean, and the address where each of them asks."""
    hits = dataset.search.search(we, segment="organisation", limit=_ORGANISATIONS)
    iris = [hit.iri for hit in hits]
    presenter = Presenter(
        dataset.identity, read_names(dataset.store, dataset.identity, iris), languages
    )
    asked = replace(asked, organisation=None)
    return tuple(
        (thing, _address({"organisation": thing.key or ""}, asked.state))
        for thing in presenter.things(iris)
    )


def _choices(
    dataset: Dataset, asked: PartnersAsked, words: Wording, languages: tuple[str, ...]
) -> Iterator[Choice]:
    for name, keys in choices(dataset.facts).items():
        known = labels(dataset.facts, FILTERS[name], languages)
        named = options_of({*keys, *known}, known)
        options = by_name(named[key] for key in keys)
        chosen = asked.filters.get(name, "")
        if chosen and chosen not in keys:
            # Several at once, or one that few have: it stays chosen when the form is sent again.
            named[UNKNOWN] = Option(UNKNOWN, (plain(words.gettext("unknown")),))
            options.insert(0, together(named, chosen))
        yield Choice(name, words.gettext(_NAMES[name]), tuple(options), chosen)


def _told(
    found: models.Partners, asked: PartnersAsked, offered: tuple[Choice, ...], words: Wording
) -> Iterator[Chip]:
    query = asked.state

    def without(name: str) -> str:
        return _address({key: value for key, value in query.items() if key != name}, {})

    if found.organisation is not None:
        label = found.organisation.label
        title = words.gettext(_NAMES["organisation"])
        named = Label(label.text, label.language, label.asked)
        yield Chip(title, (named,), without("organisation"))
    for choice in offered:
        if choice.chosen:
            [value] = (option for option in choice.options if option.key == choice.chosen)
            yield Chip(choice.label, value.labels, without(choice.name))
    if PERIOD in asked.filters:
        value_ = (plain(asked.filters[PERIOD]),)
        yield Chip(words.gettext(_NAMES[PERIOD]), value_, without(PERIOD))


def _weights(
    found: models.Partners | None, asked: PartnersAsked, words: Wording
) -> Iterator[Weight]:
    counted = {} if found is None else {item.aspect: item.weight for item in found.aspects}
    for aspect in ASPECTS.values():
        weight = asked.weights.get(aspect.name, aspect.weight)
        applies = not weight or bool(counted.get(aspect.name, weight))
        title = words.gettext(ASPECTS_SAID[aspect.name])
        yield Weight(aspect.name, title, weight, aspect.weight, applies)
