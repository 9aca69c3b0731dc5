"""Places for other programs: cooperation as a graph, and numbers as observations."""

from __future__ import annotations

from decimal import Decimal

from api.graphs import as_graph, plain_graph
from api.models_where import Where
from api.observed import Observed, as_observations
from api.taking import address_of
from api.where.drawing import name_of, places_of
from graph.dataset import Dataset
from graph.errors import ParameterError
from graph.formats import Format


def cooperation_as_graph(found: Where, form: Format) -> bytes:
    """Write countries and what they do together; ParameterError where that is not told."""
    if found.money is not None or found.nuts:
        raise ParameterError("only things by country have cooperation, which makes a graph")
    names = {place.key: place for place in found.countries}
    keys = dict.fromkeys(
        [*names, *(key for arc in found.cooperation for key in (arc.one, arc.other))]
    )
    nodes = [
        (key, {"label": names[key].label.text, "things": names[key].things} if key in names else {})
        for key in keys
    ]
    links = [(arc.one, arc.other, {"weight": arc.things}) for arc in found.cooperation]
    return as_graph(plain_graph(found.kind, nodes, links, directed=False), form)


def where_as_jsonld(dataset: Dataset, found: Where) -> bytes:
    """Write the number or sum of each place as an observation about it."""
    state = {"kind": found.kind, **found.filters}
    if found.nuts:
        state["nuts"] = str(found.nuts)
    if found.money is not None:
        state["money"] = found.money.name
    segment = "region" if found.nuts else "country"
    what, unit = found.kind, None
    if found.money is not None:
        what, unit = found.money.label, found.money.currency
    told = (
        Observed(
            (dataset.identity.entity(segment, place.key),),
            f"{name_of(place, found)}: {what}",
            place.things if place.sum is None else Decimal(place.sum),
            unit,
        )
        for place in places_of(found)
    )
    return as_observations(dataset, what, address_of(dataset, "/where", state), told)
