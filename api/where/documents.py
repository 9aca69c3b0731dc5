"""Where things are: the document that the page, the drawing and the REST interface share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from api import models_where as models
from api.exploring import FUNDING
from api.numbers import digits, facts_of, notes
from api.presenting import Presenter
from graph.dataset import Dataset
from graph.facts.money_places import MoneyPlaces, Sort, money_places
from graph.facts.names import names
from graph.facts.places import is_region, places
from graph.labels import read_names
from visualisations.europe import europe
from visualisations.europe.tiles import country_of
from visualisations.wording import Wording

_COUNTRY, _REGION = "country", "region"
# A place: its key, how many things there are, and the combinations of keys that count in it.
_Counted = tuple[str, int, tuple[tuple[str, ...], ...]]


@dataclass(frozen=True, slots=True)
class WhereAsked:
    """What is asked: the things of a kind or the money, its sort, and the filters.

    `nuts` is the level of regions; 0 asks for countries, with regions as they are named.
    """

    kind: str = "organisation"
    money: str | None = None
    filters: Mapping[str, str] = field(default_factory=dict)
    nuts: int = 0


def read_where(
    dataset: Dataset, asked: WhereAsked, languages: Sequence[str], words: Wording
) -> models.Where:
    """Read where things are; NotFoundError and ParameterError as from selections."""
    if asked.kind == FUNDING:
        return _read_money(dataset, asked, languages, words)
    of = facts_of(dataset)
    found = places(dataset.facts, asked.kind, asked.filters, asked.nuts)
    named = _Named(dataset, languages)
    told = [_several(asked.nuts, words)]
    if found.arcs and not asked.nuts:
        told.append(
            words.gettext(
                "Cooperation is what organisations with seats in both countries take part in."
            )
        )
    return models.Where(
        of=of,
        kind=asked.kind,
        nuts=asked.nuts,
        filters=dict(asked.filters),
        total=found.things,
        unknown=found.regionless if asked.nuts else found.unknown,
        several=found.several,
        located=found.located,
        countries=tuple(
            named.places(0, [(key, number, ((key,),)) for key, number in found.countries])
        ),
        regions=tuple(
            named.places(
                asked.nuts,
                [(one.key, one.things, tuple((key,) for key in one.keys)) for one in found.regions],
                _REGION,
            )
        ),
        cooperation=tuple(
            models.Cooperation(one=one, other=other, things=number)
            for one, other, number in found.arcs
        ),
        spots=tuple(
            models.Spot(
                latitude=round(spot.latitude, 4),
                longitude=round(spot.longitude, 4),
                things=spot.things,
                one=spot.one,
            )
            for spot in found.spots
        ),
        notes=notes(of, told),
    )


def _read_money(
    dataset: Dataset, asked: WhereAsked, languages: Sequence[str], words: Wording
) -> models.Where:
    of = facts_of(dataset)
    found = money_places(dataset.facts, asked.filters, asked.money, asked.nuts)
    sorts = tuple(
        _sorted(dataset, sort, amounts, languages, words) for sort, amounts in found.sorts
    )
    chosen = None if found.chosen is None else found.chosen.name
    single = [one for one in found.sums if len(one.places) == 1]
    together = [one for one in found.sums if len(one.places) > 1]
    unplaced = [one for one in found.sums if not one.places]
    listed = _Named(dataset, languages).places(
        asked.nuts,
        [(one.places[0], one.amounts, one.of) for one in single],
        _REGION if asked.nuts else _COUNTRY,
    )
    summed = tuple(
        place.model_copy(update={"sum": str(digits(one.sum))})
        for place, one in zip(listed, single, strict=True)
    )
    return models.Where(
        of=of,
        kind=FUNDING,
        nuts=asked.nuts,
        filters=dict(asked.filters),
        total=sum(one.amounts for one in found.sums),
        unknown=sum(one.amounts for one in unplaced),
        several=sum(one.amounts for one in together),
        located=0,
        money=next((item for item in sorts if item.name == chosen), None),
        sorts=sorts,
        countries=() if asked.nuts else summed,
        regions=summed if asked.nuts else (),
        together=tuple(
            models.Together(
                keys=one.places, of=one.of, things=one.amounts, sum=str(digits(one.sum))
            )
            for one in together
        ),
        unplaced=str(digits(unplaced[0].sum)) if unplaced else None,
        cooperation=(),
        spots=(),
        notes=notes(of, tuple(_money_notes(found, asked.nuts, words))),
    )


def _several(level: int, words: Wording) -> str:
    if level:
        return words.gettext("What is in several regions counts for each of them.")
    return words.gettext("What is in several countries counts for each of them.")


def _money_notes(found: MoneyPlaces, level: int, words: Wording) -> Iterable[str]:
    """Say what sums leave out, in the reader's language."""
    yield words.gettext("Kinds, phases and currencies are never added to each other.")
    if level:
        yield words.gettext(
            "Money of several regions together stands in the table and not on the map: nobody "
            "says how it is divided."
        )
    else:
        yield words.gettext(
            "Money of several countries together stands in the table and not on the map: nobody "
            "says how it is divided."
        )
    if found.missing:
        yield words.ngettext(
            "%(number)s project or practice has no amount at all.",
            "%(number)s projects and practices have no amount at all.",
            found.missing,
        ) % {"number": words.number(found.missing)}
    if found.unsorted:
        yield words.ngettext(
            "%(number)s amount is left out: its kind, phase or currency is not known.",
            "%(number)s amounts are left out: their kind, phase or currency is not known.",
            found.unsorted,
        ) % {"number": words.number(found.unsorted)}
    disputed = sum(one.disputed for one in found.sums)
    if disputed:
        yield words.ngettext(
            "%(number)s amount is left out: sources disagree on it.",
            "%(number)s amounts are left out: sources disagree on them.",
            disputed,
        ) % {"number": words.number(disputed)}


def _sorted(
    dataset: Dataset, sort: Sort, amounts: int, languages: Sequence[str], words: Wording
) -> models.Sorted:
    kinds = names(dataset.facts, "funding-kind", languages)
    phases = names(dataset.facts, "funding-phase", languages)
    label = words.gettext("%(kind)s, %(phase)s, in %(currency)s") % {
        "kind": kinds.get(sort.kind, sort.kind),
        "phase": phases.get(sort.phase, sort.phase),
        "currency": sort.currency,
    }
    return models.Sorted(
        name=sort.name,
        kind=sort.kind,
        phase=sort.phase,
        currency=sort.currency,
        label=label,
        amounts=amounts,
    )


@dataclass(frozen=True, slots=True)
class _Named:
    """Gives places their names in the languages of a reader."""

    dataset: Dataset
    languages: Sequence[str]

    def places(
        self, level: int, counted: Sequence[_Counted], segment: str = _COUNTRY
    ) -> list[models.Place]:
        """Name places by their keys; a region that no source names has no page."""
        identity = self.dataset.identity
        iris = [identity.entity(segment, key) for key, _, _ in counted]
        named = read_names(self.dataset.store, identity, iris)
        presenter = Presenter(identity, named, self.languages)
        known = europe().countries
        return [
            models.Place(
                key=key,
                label=thing.label,
                page=thing.page if any(key in keys for keys in of) else None,
                drawn=key in known
                if segment == _COUNTRY
                else is_region(key, level) and country_of(key) in known,
                things=number,
                of=of,
            )
            for thing, (key, number, of) in zip(presenter.things(iris), counted, strict=True)
        ]
