"""What stands behind a network, as documents: who brings together, what is missing, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api import models_network_findings as models
from api.models_network_columns import AttributeValue
from api.networks.documents import ADDRESS, address, asked_of, called, made_of
from api.presenting import Presenter
from graph.dataset import Dataset
from graph.facts.names import names
from graph.labels import Names
from graph.networks.asking import Asked
from graph.networks.gaps import Gap, Gaps
from visualisations.addressing import Named
from visualisations.brokers import Brokers, Told
from visualisations.maps import MapSpec
from visualisations.whys import Why
from visualisations.wording import Wording

# Kinds whose lists can be filtered by country and theme.
_LISTED = frozenset({"practice"})


def brokers_document(
    dataset: Dataset, spec: MapSpec, asked: Asked, found: Brokers
) -> models.Brokers:
    """Write who brings others together."""
    return models.Brokers(
        map=spec.name,
        of=made_of(dataset),
        asked=asked_of(asked),
        measure="betweenness",
        exact=found.exact,
        resamples=found.resamples,
        left_out=found.left_out,
        unit=found.unit,
        items=tuple(_broker(item) for item in found.items),
        notes=found.notes,
    )


def gaps_document(  # noqa: PLR0913, PLR0917  # what was asked, found and is said
    dataset: Dataset,
    spec: MapSpec,
    asked: Asked,
    found: Gaps,
    page: tuple[int, int],
    words: Wording,
    languages: Sequence[str],
) -> models.Gaps:
    """Write gaps; `page` is the limit and the offset."""
    limit, offset = page
    themes = names(dataset.facts, "theme", languages)
    countries = names(dataset.facts, "country", languages)
    following = {**asked.parameters(), "limit": str(limit), "offset": str(offset + limit)}
    more = offset + len(found.found) < found.total and found.found
    return models.Gaps(
        map=spec.name,
        of=made_of(dataset),
        asked=asked_of(asked),
        kinds=found.kinds,
        total=found.total,
        next=address(f"{ADDRESS}/{spec.name}/gaps", following) if more else None,
        items=tuple(
            models.Gap(
                theme=AttributeValue(key=gap.theme, label=themes.get(gap.theme, gap.theme)),
                countries=(
                    _side(gap, 0, found.kinds, countries),
                    _side(gap, 1, found.kinds, countries),
                ),
            )
            for gap in found.found
        ),
        notes=(
            words.gettext(
                "Active is a country in which an undertaking on the theme takes place. That both "
                "have nothing in common here does not say that they never met: data have gaps."
            ),
        ),
    )


def why_document(
    dataset: Dataset, spec: MapSpec, found: Why, languages: Sequence[str]
) -> models.LinkWhy:
    """Write why two nodes are linked."""
    presenter = Presenter(dataset.identity, Names(dataset.identity), languages)
    return models.LinkWhy(
        map=spec.name,
        of=made_of(dataset),
        source=_named(found.source),
        target=_named(found.target),
        reasons=tuple(
            models.LinkReason(
                id=reason.id,
                iri=reason.iri,
                page=reason.page,
                label=called(reason.label),
                weight=reason.weight,
                rows=tuple(presenter.receipt(row) for row in reason.rows),
            )
            for reason in found.reasons
        ),
    )


def _named(node: Named) -> models.NodeNamed:
    return models.NodeNamed(id=node.id, iri=node.iri, page=node.page, label=called(node.label))


def _broker(item: Told) -> models.BrokerOf:
    found, node = item.found, item.node
    return models.BrokerOf(
        id=node.id,
        iri=node.iri,
        page=node.page,
        label=called(node.label),
        rank=found.rank,
        low=found.low,
        high=found.high,
        betweenness=round(found.share, 6),
        betweenness_low=_rounded(found.share_low),
        betweenness_high=_rounded(found.share_high),
        constraint=_rounded(item.constraint),
        degree=item.degree,
        pairs=found.pairs,
        apart=found.apart,
        joins=found.joins,
        paths=tuple(
            models.BrokerPath(nodes=tuple(_named(one) for one in path)) for path in item.paths
        ),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _side(
    gap: Gap, side: int, kinds: Sequence[str], countries: Mapping[str, str]
) -> models.GapSide:
    key = gap.countries[side]
    return models.GapSide(
        key=key,
        label=countries.get(key, key),
        active=gap.active[side],
        list=tuple(
            address(f"/api/v1/{kind}", {"country": key, "theme": gap.theme})
            for kind in kinds
            if kind in _LISTED
        ),
    )
