"""Money for other programs: flows as graphs and observations, and rows as linked data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from api import models_facts as models
from api.graphs import as_graph, plain_graph
from api.money.rows import Row
from api.money.state import FUNDING
from api.observed import Observed, as_observations
from api.taking import address_of
from graph.dataset import Dataset
from graph.formats import Format
from graph.identity import Identity
from graph.jsonld import compacted
from graph.terms import XSD, Term, iri, literal
from ontology import Class, Property, expand

_TYPE = iri(expand("rdf:type"))


def flows_as_graph(found: models.Flows, form: Format) -> bytes:
    """Write flows as a directed graph; each sort of money has nodes of its own.

    `sum` is exact, and `weight` the same as a number for programs that draw it.
    """
    nodes = [item for flow in found.flows for item in _nodes(flow)]
    links = [item for flow in found.flows for item in _links(flow)]
    name = " → ".join(found.through)
    return as_graph(plain_graph(name, nodes, links, directed=True), form)


def _sort(flow: models.Flow) -> str:
    return ".".join(part or "unknown" for part in (flow.kind, flow.phase, flow.currency))


def _nodes(flow: models.Flow) -> Iterator[tuple[str, dict[str, Any]]]:
    for band in flow.bands:
        keys = "; ".join(band.keys or ())
        told = {"label": band.label, "step": band.step, "keys": keys, "sort": _sort(flow)}
        yield f"{_sort(flow)}/{band.id}", {**told, **_numbers(band)}


def _links(flow: models.Flow) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for link in flow.links:
        sort = _sort(flow)
        weight = None if link.sum is None else float(link.sum)
        told = {**_numbers(link), "weight": weight}
        yield f"{sort}/{link.source}", f"{sort}/{link.target}", told


def _numbers(money: models.FlowMoney) -> dict[str, Any]:
    return {"sum": money.sum, "amounts": money.amounts, "disputed": money.disputed}


def flows_as_jsonld(dataset: Dataset, found: models.Flows) -> bytes:
    """Write the sums of links as observations about the things at both ends."""
    address = address_of(dataset, "/money", {"through": ",".join(found.through), **found.filters})
    told = (item for flow in found.flows for item in _observed(dataset.identity, flow))
    return as_observations(dataset, " → ".join(found.through), address, told)


def _observed(identity: Identity, flow: models.Flow) -> Iterator[Observed]:
    bands = {band.id: band for band in flow.bands}
    for link in flow.links:
        ends = (bands[link.source], bands[link.target])
        yield Observed(
            tuple(one for band in ends for one in _iris(identity, band)),
            f"{' → '.join(band.label for band in ends)} ({_sort(flow)})",
            None if link.sum is None else Decimal(link.sum),
            flow.currency,
        )


def _iris(identity: Identity, band: models.FlowBand) -> Iterator[str]:
    item = FUNDING.dimension(band.step)
    for key in band.keys or ():
        if len(item.segments) == 1:
            yield identity.entity(item.segments[0], key)
        elif item.segments:
            segment, _, name = key.partition("/")
            yield identity.entity(segment, name)


def rows_as_jsonld(dataset: Dataset, rows: Iterable[Row]) -> bytes:
    """Write amounts as what the graph states of them, under the names of its context."""
    identity = dataset.identity
    statements = [statement for row in rows for statement in _statements(identity, row)]
    return compacted(statements, f"{identity.base}context.jsonld")


def _statements(identity: Identity, row: Row) -> Iterator[tuple[Term, Term, Term]]:
    amount = row.amount
    if amount.missing:
        return
    subject = iri(amount.iri)
    yield subject, _TYPE, iri(Class.FUNDING.value)
    if amount.value is not None:
        value = literal(f"{amount.value.normalize() + 0:f}", f"{XSD}decimal")
        yield subject, iri(Property.AMOUNT.value), value
    for code in amount.keys["currency"]:
        yield subject, iri(Property.CURRENCY.value), literal(code)
    for name, named in (("kind", Property.FUNDING_KIND), ("phase", Property.FUNDING_PHASE)):
        for key in amount.keys[name]:
            yield subject, iri(named.value), iri(identity.entity(f"funding-{name}", key))
    for key in amount.keys["project"]:
        segment, _, name = key.partition("/")
        yield iri(identity.entity(segment, name)), iri(Property.FUNDING.value), subject
