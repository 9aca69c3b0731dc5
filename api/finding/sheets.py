"""What was found, to take away: counted in a drawing, listed in a report with its sources."""

from __future__ import annotations

from collections.abc import Sequence

from api.citation import GRAPH_TITLE
from api.finding.documents import Asked, Finding
from api.finding.names import NAMES
from api.models_find import Found, FoundFacet
from api.observed import Ranked, as_ranking
from api.taking import address_of, credit, sources_of
from graph.dataset import Dataset
from graph.errors import NotFoundError
from graph.facts.facets import PERIOD
from graph.facts.narrowing import KIND
from graph.labels import label_of_term
from ontology import segments
from visualisations.bars import Bar, draw_bars
from visualisations.exporting import Sheet, Table
from visualisations.wording import Wording, wording

_DRAWN = 15  # values that a drawing counts
_TELLING = ("country", "theme", "programme", "type", PERIOD)  # what a single kind is counted by
_TOLD = ("country", "programme", "theme")  # columns of the report


def sheet_of(dataset: Dataset, asked: Asked, languages: Sequence[str], words: Wording) -> Sheet:
    """Give what was found with all that must go with it; NotFoundError where nothing fits."""
    found = Finding(dataset, languages, asked).found(_DRAWN)
    if not found.items:
        raise NotFoundError("nothing fits what is asked, and so there is nothing to draw")
    facet = _telling(found)
    bars = [
        Bar(
            value.label.text,
            "" if value.label.language == "und" else value.label.language,
            value.count,
        )
        for value in facet.values[:_DRAWN]
    ]
    said = words.ngettext(
        "%(count)s thing, counted by %(facet)s: %(values)s.",
        "%(count)s things, counted by %(facet)s: %(values)s.",
        found.total,
    ) % {
        "count": words.number(found.total),
        "facet": words.gettext(NAMES[facet.name]),
        "values": "; ".join(f"{bar.name} {words.number(bar.count)}" for bar in bars),
    }
    address = address_of(dataset, "/find", asked.parameters)
    return Sheet(
        title_of(asked, words),
        draw_bars(bars, words, label=said),
        said,
        credit(dataset, words, address),
        dataset.release.manifest.created,
        author=GRAPH_TITLE,
        address=address,
        told=tuple(_left_open(found, words)),
        tables=(_table(found, languages, words),),
        sources=sources_of(dataset),
        language=words.language,
    )


def title_of(asked: Asked, words: Wording) -> str:
    """Say in a few words what was looked for."""
    if asked.words:
        return words.gettext("Find “%(words)s”") % {"words": asked.words}
    return words.gettext("What was found")


def found_as_jsonld(dataset: Dataset, found: Found, asked: Asked) -> bytes:
    """Write things in their order as a list, as linked data."""
    items = (
        Ranked(found.offset + at, item.thing.iri, item.thing.label.text, item.thing.kind or "")
        for at, item in enumerate(found.items, 1)
    )
    address = address_of(dataset, "/find", asked.parameters)
    return as_ranking(dataset, title_of(asked, wording()), address, items)


def _telling(found: Found) -> FoundFacet:
    """Choose what things are counted by: their kind, or what tells apart those of a single one."""
    facets = {facet.name: facet for facet in found.facets if facet.values}
    of_kind = facets[KIND]
    kept = [value for value in of_kind.values if value.chosen] or of_kind.values
    names = (name for name in _TELLING if len(kept) == 1 and name in facets)
    telling = next((name for name in names if not any(v.chosen for v in facets[name].values)), KIND)
    return facets[telling] if telling != KIND else of_kind.model_copy(update={"values": kept})


def _left_open(found: Found, words: Wording) -> Sequence[str]:
    said = list(found.notes)
    if found.total > len(found.items):
        told = words.gettext("Listed are the first %(shown)s of %(total)s.")
        shown = words.number(len(found.items))
        said.append(told % {"shown": shown, "total": words.number(found.total)})
    return said


def _table(found: Found, languages: Sequence[str], words: Wording) -> Table:
    kinds = segments()
    rows = tuple(
        (
            item.thing.label.text,
            label_of_term(kinds[item.thing.kind], languages).text if item.thing.kind else "",
            *("; ".join(v.label.text for v in item.facets.get(name, ())) for name in _TOLD),
            item.period or "",
        )
        for item in found.items
    )
    named = (words.gettext(NAMES[name]) for name in (KIND, *_TOLD, PERIOD))
    heads = (words.gettext("Name"), *named)
    return Table(words.gettext("What was found"), heads, rows, frozenset({len(heads) - 1}))
