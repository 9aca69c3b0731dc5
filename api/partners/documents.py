"""Partners as documents: the ranking, and its reasons as sentences and paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from api import models_partners as models
from api.models import Receipt
from api.numbers import facts_of, notes
from api.partners.asking import PartnersAsked
from api.presenting import Presenter, label_model
from graph.dataset import Dataset
from graph.identity import Reference
from graph.labels import label_of_term, read_names
from graph.partners import (
    ASPECTS,
    Path,
    Proposal,
    Reason,
    Statement,
    rank,
    read_question,
    read_rows,
    reasons,
)
from graph.rows import Receipts
from visualisations.partners import sentence
from visualisations.wording import Wording, wording


def find_partners(
    dataset: Dataset, asked: PartnersAsked, languages: tuple[str, ...]
) -> models.Partners:
    """Rank partners in a release and tell why. Errors as of `read_question`."""
    of = facts_of(dataset)
    day = asked.on or dataset.release.manifest.created.date().isoformat()
    question = read_question(
        dataset.facts,
        asked.filters,
        day=day,
        organisation=_present(dataset, asked.organisation),
        weights=asked.weights,
    )
    ranking = rank(dataset.facts, question, limit=asked.limit, offset=asked.offset)
    proposals = reasons(dataset.facts, ranking)
    rows, receipts = read_rows(dataset.store, dataset.identity, _statements(proposals))
    ours = _iri(dataset, asked.organisation)
    named = [*_named(proposals), *([] if ours is None else [ours])]
    names = read_names(dataset.store, dataset.identity, named)
    presenter = Presenter(dataset.identity, names, languages)
    writer = _Writer(presenter, rows, wording(languages), completed=ranking.basis.completed)
    return models.Partners(
        of=of,
        organisation=None if ours is None else presenter.thing(ours),
        filters=dict(asked.filters),
        on=day,
        aspects=tuple(
            models.AspectWeight(
                aspect=aspect.name,
                weight=ranking.weights[aspect.name],
                usual=aspect.weight,
                method=aspect.method,
            )
            for aspect in ASPECTS.values()
        ),
        total=ranking.number,
        next=None,
        items=tuple(
            models.Partner(
                rank=asked.offset + place,
                organisation=presenter.thing(proposal.organisation),
                countries=presenter.things(proposal.countries),
                points=standing.points,
                undertakings=standing.things,
                reasons=tuple(writer.reason(item) for item in proposal.reasons),
                together=presenter.things(proposal.together),
            )
            for place, (standing, proposal) in enumerate(
                zip(ranking.standings, proposals, strict=True), start=1
            )
        ),
        receipts=_receipts(presenter, receipts),
        notes=notes(of, ()),
    )


def _present(dataset: Dataset, key: str | None) -> str | None:
    """Give the key of what an organisation is now, where it was merged with another."""
    if key is None:
        return None
    target = dataset.redirects.of(Reference("organisation", key))
    return key if target is None else target.key


def _iri(dataset: Dataset, key: str | None) -> str | None:
    present = _present(dataset, key)
    return None if present is None else dataset.identity.entity("organisation", present)


def _receipts(presenter: Presenter, receipts: Receipts) -> dict[str, Receipt]:
    return {row: presenter.receipt(found) for row, found in receipts.items()}


def _statements(proposals: tuple[Proposal, ...]) -> Iterator[Statement]:
    for proposal in proposals:
        for reason in proposal.reasons:
            for path in reason.paths:
                yield from path.statements()


def _named(proposals: tuple[Proposal, ...]) -> Iterator[str]:
    for proposal in proposals:
        yield proposal.organisation
        yield from proposal.countries
        yield from proposal.together
        for reason in proposal.reasons:
            yield from reason.things
            if reason.open_call is not None:
                yield reason.open_call
            for path in reason.paths:
                yield from path.nodes
                yield from (hop.role for hop in path.hops if hop.role is not None)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes reasons for one reader."""

    presenter: Presenter
    rows: Mapping[Statement, tuple[str, ...]]
    words: Wording
    completed: bool

    def reason(self, reason: Reason) -> models.PartnerReason:
        things = self.presenter.things(reason.things)
        call = None if reason.open_call is None else self.presenter.thing(reason.open_call)
        return models.PartnerReason(
            aspect=reason.aspect,
            points=reason.points,
            text=sentence(
                reason.aspect,
                self.words,
                number=reason.number,
                names=[thing.label.text for thing in things],
                completed=self.completed,
                call=None if call is None else call.label.text,
                deadline=reason.deadline,
            ),
            number=reason.number,
            things=things,
            paths=tuple(self.path(item) for item in reason.paths),
            call=call,
            deadline=reason.deadline,
        )

    def path(self, path: Path) -> models.ReasonPath:
        return models.ReasonPath(
            nodes=self.presenter.things(path.nodes),
            hops=tuple(
                models.PathHop(
                    label=(
                        label_model(label_of_term(hop.property, self.presenter.languages))
                        if hop.role is None
                        else self.presenter.thing(hop.role).label
                    ),
                    along=hop.along,
                    rows=tuple(
                        dict.fromkeys(row for item in hop.statements for row in self.rows[item])
                    ),
                )
                for hop in path.hops
            ),
        )
