"""The page of places: the map of Europe with its tables, and the sheet to take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from api import models_where as models
from api.addresses import Address
from api.assets import bundle
from api.exploring import FUNDING, chips, fields
from api.networks.forms import FIELDS
from api.taking import address_of, credit, sources_of
from api.where.documents import WhereAsked, read_where
from api.where.drawing import ends, name_of, picture, places_of, sentence, value_of
from api.where.questions import question
from graph.dataset import Dataset
from graph.facts.dimensions import UNKNOWN
from graph.facts.facets import filters_of, kinds
from graph.facts.filtering import band
from graph.facts.places import placed_kinds
from visualisations.counting import kind_name
from visualisations.europe import draw, legend_rows
from visualisations.exporting import Sheet, Table
from visualisations.wording import Wording, wording
from visualisations.wording import marked as _

_DEFAULTS = {"kind": "organisation", "arcs": "most", "nuts": "0"}
# What the map can be of, by the level of NUTS.
_LEVELS = (
    _("Countries"), _("Large regions (NUTS 1)"), _("Regions (NUTS 2)"), _("Small regions (NUTS 3)"),
)  # fmt: skip

Arcs = Literal["none", "most", "all"]


@dataclass(frozen=True, slots=True)
class View:
    """A request for the map: what is asked, and its address; `dropped` are filters left out."""

    asked: WhereAsked
    arcs: Arcs
    dropped: tuple[str, ...]

    @property
    def state(self) -> dict[str, str]:
        """Give the parameters that make the view, without those that are as by default."""
        state = {"kind": self.asked.kind, "nuts": str(self.asked.nuts), "arcs": self.arcs}
        state = {name: text for name, text in state.items() if _DEFAULTS[name] != text}
        if self.asked.money is not None:
            state["money"] = self.asked.money
        return {**state, **self.asked.filters}

    def behind(
        self, bands: Sequence[Sequence[str]] | None, money: models.Sorted | None
    ) -> str | None:
        """Give the address of what is in a place, in several together, or in none.

        `bands` are the combinations of keys that it is made of; None where nothing can be listed.
        """
        place = "region" if self.asked.nuts else "country"
        if self.asked.kind == FUNDING:
            text = UNKNOWN if bands is None else ",".join(map(band, bands))
            chosen = {} if money is None else {"money": money.name}
            return Address("/money/rows", {**chosen, **self.asked.filters, place: text}).but()
        if place not in filters_of(self.asked.kind):
            return None
        text = UNKNOWN if bands is None else ",".join(key for keys in bands for key in keys)
        return Address("/find", {"kind": self.asked.kind, **self.asked.filters, place: text}).but()


def page_of(dataset: Dataset, view: View, languages: Sequence[str]) -> dict[str, Any]:
    """Make all that the page is filled with."""
    words = wording(languages)
    where = read_where(dataset, view.asked, languages, words)
    form = fields(dataset, [view.asked.kind], view.asked.filters, languages)
    address = Address("/where", view.state)

    def behind(bands: Sequence[Sequence[str]] | None) -> str | None:
        return view.behind(bands, where.money)

    def one(place: models.Place) -> str | None:
        return behind(place.of)

    shown = picture(where, words, dataset.identity, arcs=view.arcs, link=one)
    classes = ends(shown, words)
    return {
        "where": where,
        "view": view,
        "drawing": draw(shown, classes, linked=True),
        "legend": legend_rows(shown, classes),
        "sentence": sentence(where, words),
        "form": form,
        "chips": chips(address, view.asked.filters, form, words),
        "dropped": [FIELDS[name] for name in view.dropped],
        "kinds": _kinds(dataset, words),
        "kind_name": kind_name(words, where.kind),
        "behind": behind,
        "names": {place.key: place.label.text for place in where.countries + where.regions},
        "places": places_of(where),
        "levels": [words.gettext(name) for name in _LEVELS],
        "address": address,
        "absolute": address_of(dataset, "/embed/where", view.state),
        "rest": _rest(view),
        "query": question(view.asked, dataset.identity),
        "bundle": bundle("where"),
    }


def _kinds(dataset: Dataset, words: Wording) -> list[tuple[str, str]]:
    """Give what the map can show, with its name."""
    found = [*placed_kinds(dataset.facts)]
    if FUNDING in kinds(dataset.facts):
        found.append(FUNDING)
    return [(kind, kind_name(words, kind)) for kind in found]


def _rest(view: View) -> Address:
    """Give the address of the same as data."""
    state: Mapping[str, str] = {name: text for name, text in view.state.items() if name != "arcs"}
    return Address("/api/v1/where", state)


def sheet_of(dataset: Dataset, view: View, languages: Sequence[str], words: Wording) -> Sheet:
    """Give the map with all that must go with it."""
    where = read_where(dataset, view.asked, languages, words)
    address = address_of(dataset, "/where", view.state)
    place_name = words.gettext("Region") if where.nuts else words.gettext("Country")
    measure = kind_name(words, where.kind) if where.money is None else where.money.label
    rows = [(name_of(place, where), words.number(value_of(place))) for place in places_of(where)]
    shown = picture(where, words, dataset.identity, arcs=view.arcs)
    title = words.gettext("%(what)s in Europe") % {"what": kind_name(words, where.kind)}
    return Sheet(
        title=title,
        drawing=draw(shown, ends(shown, words), linked=False),
        alternative=sentence(where, words),
        credit=credit(dataset, words, address),
        created=dataset.release.manifest.created,
        address=address,
        told=(
            *where.notes,
            words.gettext(
                "Outlines: Natural Earth, in the public domain; no statement on borders."
            ),
        ),
        tables=(Table(title, (place_name, measure), tuple(rows), frozenset({1})),),
        sources=sources_of(dataset),
        language=words.language,
    )
