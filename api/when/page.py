"""The page of times: the timeline with its tables, and the sheet to take away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from api import models_where as models
from api.addresses import Address
from api.assets import bundle
from api.exploring import chips, fields
from api.networks.forms import FIELDS
from api.taking import address_of, credit, sources_of
from api.when.documents import PAGE, WhenAsked, read_when
from api.when.drawing import bars, bars_sentence, span_of, strips, strips_sentence
from api.when.questions import question
from graph.dataset import Dataset
from graph.errors import NotFoundError
from graph.facts.dimensions import UNKNOWN
from graph.facts.facets import PERIOD, kinds
from graph.facts.spans import DATED
from visualisations.counting import kind_name
from visualisations.exporting import Sheet, Table
from visualisations.wording import Wording, wording


@dataclass(frozen=True, slots=True)
class View:
    """A request for the timeline: what is asked, and its address; `dropped` filters left out."""

    asked: WhenAsked
    dropped: tuple[str, ...]

    @property
    def state(self) -> dict[str, str]:
        """Give the parameters that make the view, but for the place in the list."""
        state = {"kind": ",".join(self.asked.kinds)} if self.asked.kinds else {}
        return {**state, **self.asked.filters}

    def at(self, start: int) -> str:
        """Give the address of another part of the list."""
        return Address("/when", {**self.state, "start": str(start)}).but() + "#things"

    def undated(self, kind: str) -> str:
        """Give the address of what of a kind has no date."""
        return Address("/when", {**self.state, "kind": kind, PERIOD: UNKNOWN}).but()

    def narrowed(self, kind: str, year: int) -> str:
        """Give the address of what of a kind begins in a year."""
        return Address("/when", {**self.state, "kind": kind, PERIOD: str(year)}).but()


def page_of(dataset: Dataset, view: View, languages: Sequence[str]) -> dict[str, Any]:
    """Make all that the page is filled with."""
    words = wording(languages)
    when = read_when(dataset, view.asked, languages, words)
    form = fields(dataset, view.asked.kinds or DATED, view.asked.filters, languages)
    # Policies begin with their day, which is no facet.
    form = replace(form, years=tuple(sorted({item.year for item in when.years})))
    address = Address("/when", view.state)
    reached = view.asked.offset + len(when.items)
    return {
        "when": when,
        "view": view,
        "strips": strips(when, words, view.narrowed),
        "strips_sentence": strips_sentence(when, words),
        "bars": bars(when, words, linked=True),
        "bars_sentence": bars_sentence(when, words),
        "items": [(item, span_of(item, words)) for item in when.items],
        "table": _by_year(when),
        "form": form,
        "chips": chips(address, view.asked.filters, form, words),
        "dropped": [FIELDS[name] for name in view.dropped],
        "kinds": [(kind, kind_name(words, kind)) for kind in DATED if kind in kinds(dataset.facts)],
        "names": {kind: kind_name(words, kind) for kind in DATED},
        "address": address,
        "absolute": address_of(dataset, "/embed/when", view.state),
        "rest": Address("/api/v1/when", view.state),
        "query": question(view.asked, when.kinds, dataset.identity),
        "first": view.asked.offset + 1,
        "reached": reached,
        "before": view.at(max(view.asked.offset + 1 - PAGE, 1)) if view.asked.offset else None,
        "after": view.at(reached + 1) if reached < when.total else None,
        "bundle": bundle("when"),
    }


def _by_year(when: models.When) -> list[tuple[int, list[tuple[str, int]]]]:
    """Write the strips as a table: for each year with anything the numbers of all kinds."""
    counted = {(item.kind, item.year): item.things for item in when.years}
    years = sorted({item.year for item in when.years})
    return [(year, [(kind, counted.get((kind, year), 0)) for kind in when.kinds]) for year in years]


def sheet_of(dataset: Dataset, view: View, languages: Sequence[str], words: Wording) -> Sheet:
    """Give the timeline with all that must go with it; NotFoundError where nothing has a date."""
    when = read_when(dataset, view.asked, languages, words)
    address = address_of(dataset, "/when", view.state)
    few = when.total <= PAGE
    drawn: Markup | None = bars(when, words, linked=False) if few else strips(when, words)
    if drawn is None:
        raise NotFoundError("nothing of what was asked has a date: there is nothing to draw")
    heads = (words.gettext("Name"), words.gettext("Kind"), words.gettext("When"))
    rows = tuple(
        (item.label.text, kind_name(words, item.kind), span_of(item, words)) for item in when.items
    )
    title = words.gettext("Timeline")
    return Sheet(
        title=title,
        drawing=drawn,
        alternative=bars_sentence(when, words) if few else strips_sentence(when, words),
        credit=credit(dataset, words, address),
        created=dataset.release.manifest.created,
        address=address,
        told=when.notes,
        tables=(Table(title, heads, rows),),
        sources=sources_of(dataset),
        language=words.language,
    )
