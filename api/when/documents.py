"""When things begin: the document that the page, the drawing and the REST interface share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from api import models_where as models
from api.numbers import facts_of, notes
from api.presenting import Presenter
from graph.dataset import Dataset
from graph.errors import ParameterError
from graph.facts.dimensions import near
from graph.facts.facets import kinds as all_kinds
from graph.facts.spans import DATED, Span, fitting_kinds, spans
from graph.labels import read_names
from visualisations.wording import Wording

PAGE = 60  # things that are drawn at once: more is no picture


@dataclass(frozen=True, slots=True)
class WhenAsked:
    """What is asked: kinds of things, filters, and which part of what they keep."""

    kinds: tuple[str, ...] = ()
    filters: Mapping[str, str] = field(default_factory=dict)
    limit: int = PAGE
    offset: int = 0


def read_kinds(text: str) -> tuple[str, ...]:
    """Read kinds, divided by commas; none means all. ParameterError for one without dates."""
    found = tuple(dict.fromkeys(item.strip() for item in text.split(",") if item.strip()))
    for kind in found:
        if kind not in DATED:
            raise ParameterError(
                f"kind cannot be “{kind[:80]}”{near(kind, DATED)} (there are: {', '.join(DATED)})"
            )
    return found


def read_when(
    dataset: Dataset, asked: WhenAsked, languages: Sequence[str], words: Wording
) -> models.When:
    """Read what begins when; ParameterError as from selections."""
    of = facts_of(dataset)
    counted = all_kinds(dataset.facts)
    there = [kind for kind in asked.kinds or DATED if kind in counted]
    fitting = fitting_kinds(there, asked.filters)
    found = spans(dataset.facts, fitting, asked.filters, asked.limit, asked.offset)
    reached = asked.offset + len(found.spans)
    state = {**asked.filters, "limit": str(asked.limit), "offset": str(reached)}
    if asked.kinds:
        state["kind"] = ",".join(asked.kinds)
    told = [
        words.gettext("The period is that in which things begin; a policy begins with its day."),
        words.gettext("Where sources give several dates, the first beginning and the last end."),
    ]
    return models.When(
        of=of,
        kinds=fitting,
        left_out=tuple(kind for kind in there if kind not in fitting),
        filters=dict(asked.filters),
        total=found.total,
        next=f"/api/v1/when?{urlencode(state)}" if reached < found.total else None,
        items=tuple(_dated(dataset, found.spans, languages)),
        years=tuple(
            models.YearCount(kind=kind, year=int(year), things=number)
            for kind, year, number in found.years
        ),
        undated=dict(found.undated),
        notes=notes(of, told),
    )


def _dated(dataset: Dataset, found: Sequence[Span], languages: Sequence[str]) -> list[models.Dated]:
    named = read_names(dataset.store, dataset.identity, [span.iri for span in found])
    presenter = Presenter(dataset.identity, named, languages)
    made = []
    for span in found:
        thing = presenter.thing(span.iri)
        made.append(
            models.Dated(
                iri=span.iri,
                kind=span.kind,
                label=thing.label,
                page=thing.page,
                begin=span.begin,
                end=span.end,
                differ=span.differ,
            )
        )
    return made
