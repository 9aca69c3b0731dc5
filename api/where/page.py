"""The page of places: the map of Europe with its tables, and the sheet to take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from api import models_where as models
from api.assets import bundle
from api.exploring import FUNDING, chips, fields
from api.networks.forms import FIELDS, Address
from api.taking import address_of, credit, sources_of
from api.where.documents import WhereAsked, read_where
from api.where.drawing import ends, picture, sentence, value_of
from api.where.questions import question
from graph.dataset import Dataset
from graph.facts.dimensions import UNKNOWN
from graph.facts.facets import kinds
from graph.facts.filtering import band
from graph.facts.places import placed_kinds
from visualisations.counting import kind_name
from visualisations.europe import draw, legend_rows
from visualisations.exporting import Sheet, Table
from visualisations.wording import Wording, wording

_DEFAULTS = {"kind": "organisation", "arcs": "most"}

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
        state = {"kind": self.asked.kind, "arcs": self.arcs}
        state = {name: text for name, text in state.items() if _DEFAULTS[name] != text}
        if self.asked.money is not None:
            state["money"] = self.asked.money
        return {**state, **self.asked.filters}

    def behind(self, keys: Sequence[str] | None, money: models.Sorted | None) -> str:
        """Give the address of what is in a country, in several together, or in none."""
        key = UNKNOWN if keys is None else ",".join(keys)
        if self.asked.kind != FUNDING:
            state = {"kind": self.asked.kind, **self.asked.filters, "country": key}
            return Address("/find", state).but()
        chosen = {} if money is None else {"money": money.name}
        return Address("/money/rows", {**chosen, **self.asked.filters, "country": band(keys)}).but()


def page_of(dataset: Dataset, view: View, languages: Sequence[str]) -> dict[str, Any]:
    """Make all that the page is filled with."""
    words = wording(languages)
    where = read_where(dataset, view.asked, languages, words)
    form = fields(dataset, [view.asked.kind], view.asked.filters, languages)
    address = Address("/where", view.state)

    def behind(keys: Sequence[str] | None) -> str:
        return view.behind(keys, where.money)

    def one(key: str) -> str:
        return behind([key])

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
        "names": {place.key: place.label.text for place in where.countries},
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
    heads = [words.gettext("Country"), kind_name(words, where.kind)]
    rows = [(place.label.text, words.number(place.things)) for place in where.countries]
    if where.money is not None:
        heads = [words.gettext("Country"), where.money.label]
        rows = [(place.label.text, words.number(value_of(place))) for place in where.countries]
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
        tables=(Table(title, tuple(heads), tuple(rows), frozenset({1})),),
        sources=sources_of(dataset),
        language=words.language,
    )
