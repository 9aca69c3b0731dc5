"""The page of partners: what was asked, what can be asked, and each partner with its drawings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from markupsafe import Markup

from api import models_partners as models
from api.models import Thing
from api.partnering import WEIGHT, PartnersAsked, find_partners
from api.presenting import Presenter
from graph.dataset import Dataset
from graph.facts.dimensions import UNKNOWN
from graph.facts.names import names
from graph.labels import read_names
from graph.partners import ASPECTS, FILTERS, PERIOD, WHOLE, choices
from visualisations.partners import Arrow, Box, draw_path
from visualisations.wording import Wording, wording

_ORGANISATIONS = 8  # that a name is taken to mean


def _(message: str) -> str:
    """Mark a message for the catalogues."""
    return message


_NAMES: Mapping[str, str] = {
    "organisation": _("We are"),
    "theme": _("Theme"),
    "target-group": _("Target group"),
    "role": _("Role"),
    "country": _("Country"),
    "type": _("Type of organisation"),
    "programme": _("Programme"),
    PERIOD: _("Period"),
}
_ASPECTS: Mapping[str, str] = {
    "theme": _("Themes"),
    "target-group": _("Target groups"),
    "role": _("Roles"),
    "call": _("Open calls"),
    "shared-partner": _("Partners in common"),
    "new": _("New to each other"),
    "experience": _("Experience"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter with the keys that it can have, their names, and what is chosen."""

    name: str
    title: str
    chosen: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Something that was asked, in words, and the address of the page without it."""

    title: str
    value: str
    without: str


@dataclass(frozen=True, slots=True)
class Weight:
    """An aspect with its weight here and as usual; `applies` is false where it cannot count."""

    name: str
    title: str
    weight: int
    usual: int
    applies: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A partner with the drawings of each of its reasons, in their order."""

    partner: models.Partner
    drawings: tuple[tuple[Markup, ...], ...]


@dataclass(frozen=True, slots=True)
class PartnersPage:
    """All that the page of partners shows. `found` is None where nothing was asked yet."""

    found: models.Partners | None
    cards: tuple[Card, ...]
    we: str
    meant: tuple[tuple[Thing, str], ...]
    organisation: str | None
    told: tuple[Told, ...]
    choices: tuple[Choice, ...]
    period: str
    weights: tuple[Weight, ...]
    titles: Mapping[str, str]
    query: str
    day: date | None
    previous: str | None
    following: str | None
    whole: int = WHOLE


def partners_page(
    dataset: Dataset, asked: PartnersAsked, we: str, languages: tuple[str, ...]
) -> PartnersPage:
    """Make the page of what is asked; words of a name are answered with whom they may mean."""
    words = wording(languages)
    offered = tuple(_choices(dataset, asked, words, languages))
    found = None if asked.empty or we else find_partners(dataset, asked, languages)
    query = _query(asked)
    here, last = asked.offset // asked.limit + 1, asked.offset + asked.limit
    more = found is not None and found.total > last
    return PartnersPage(
        found=found,
        cards=() if found is None else tuple(_card(item, words) for item in found.items),
        we=we,
        meant=_meant(dataset, asked, we, languages) if we else (),
        organisation=asked.organisation,
        told=() if found is None else tuple(_told(found, asked, offered, words)),
        choices=offered,
        period=asked.filters.get(PERIOD, ""),
        weights=tuple(_weights(found, asked, words)),
        titles={name: words.gettext(title) for name, title in _ASPECTS.items()},
        query=urlencode(query),
        day=None if found is None else date.fromisoformat(found.on),
        previous=_address(query, {"page": str(here - 1)}) if here > 1 else None,
        following=_address(query, {"page": str(here + 1)}) if more else None,
    )


def _query(asked: PartnersAsked) -> dict[str, str]:
    """Give the parameters that ask the same again."""
    query = {} if asked.organisation is None else {"organisation": asked.organisation}
    query |= asked.filters
    query |= {f"{WEIGHT}{name}": str(weight) for name, weight in asked.weights.items()}
    return query if asked.on is None else {**query, "on": asked.on}


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
        (thing, _address({"organisation": thing.key or ""}, _query(asked)))
        for thing in presenter.things(iris)
    )


def _choices(
    dataset: Dataset, asked: PartnersAsked, words: Wording, languages: tuple[str, ...]
) -> Iterator[Choice]:
    for name, keys in choices(dataset.facts).items():
        known = names(dataset.facts, FILTERS[name], languages)
        options = sorted(((key, known.get(key, key)) for key in keys), key=_by_name)
        chosen = asked.filters.get(name, "")
        if chosen and chosen not in keys:
            # Several at once, or one that few have: it stays chosen when the form is sent again.
            told = {**known, UNKNOWN: words.gettext("unknown")}
            several = ", ".join(told.get(key, key) for key in _keys(chosen))
            options.insert(0, (chosen, several))
        yield Choice(name, words.gettext(_NAMES[name]), chosen, tuple(options))


def _by_name(option: tuple[str, str]) -> tuple[str, str]:
    return option[1].casefold(), option[0]


def _keys(text: str) -> list[str]:
    return [key.strip() for key in text.split(",") if key.strip()]


def _told(
    found: models.Partners, asked: PartnersAsked, offered: tuple[Choice, ...], words: Wording
) -> Iterator[Told]:
    query = _query(asked)

    def without(name: str) -> str:
        return _address({key: value for key, value in query.items() if key != name}, {})

    if found.organisation is not None:
        title = words.gettext(_NAMES["organisation"])
        yield Told(title, found.organisation.label.text, without("organisation"))
    for choice in offered:
        if choice.chosen:
            value = dict(choice.options)[choice.chosen]
            yield Told(choice.title, value, without(choice.name))
    if PERIOD in asked.filters:
        yield Told(words.gettext(_NAMES[PERIOD]), asked.filters[PERIOD], without(PERIOD))


def _weights(
    found: models.Partners | None, asked: PartnersAsked, words: Wording
) -> Iterator[Weight]:
    counted = {} if found is None else {item.aspect: item.weight for item in found.aspects}
    for aspect in ASPECTS.values():
        weight = asked.weights.get(aspect.name, aspect.weight)
        applies = not weight or bool(counted.get(aspect.name, weight))
        title = words.gettext(_ASPECTS[aspect.name])
        yield Weight(aspect.name, title, weight, aspect.weight, applies)


def _card(partner: models.Partner, words: Wording) -> Card:
    return Card(
        partner,
        tuple(
            tuple(_drawn(item, words) for item in reason.paths if item.hops)
            for reason in partner.reasons
        ),
    )


def _drawn(path: models.ReasonPath, words: Wording) -> Markup:
    last = len(path.nodes) - 1
    boxes = [
        Box(
            node.label.text,
            _language(node.label.language),
            end=place in {0, last} and node.kind == "organisation",
        )
        for place, node in enumerate(path.nodes)
    ]
    arrows = [Arrow(hop.label.text, _language(hop.label.language), hop.along) for hop in path.hops]
    label = words.gettext("A path of %(count)s things from %(first)s to %(last)s") % {
        "count": words.number(len(boxes)),
        "first": boxes[0].name,
        "last": boxes[-1].name,
    }
    return draw_path(boxes, arrows, label=label)


def _language(tag: str) -> str:
    return "" if tag == "und" else tag
