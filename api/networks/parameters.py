"""What can be asked of a network, as the description of the interface says it."""

from __future__ import annotations

from typing import Any, get_args

from graph.facts.facets import PERIOD
from graph.networks.asking import DEEPEST, Collapse, Ends, facet_names

_NODE = "A node as KIND/KEY, such as organisation/ee-kysk, or its IRI"


def _parameter(name: str, description: str, **schema: Any) -> dict[str, Any]:  # noqa: ANN401  # JSON
    described = {"type": "string", **schema}
    return {"name": name, "in": "query", "description": description, "schema": described}


FILTERS: list[dict[str, Any]] = [
    *(
        _parameter(
            name,
            "Years or spans of them, such as 2019,2021-2027, in which it begins; or unknown."
            if name == PERIOD
            else f"Only what has this {name}: keys, several divided by commas, or unknown.",
        )
        for name in facet_names()
    ),
    _parameter("kind", "Only nodes of these kinds, such as organisation,project."),
    _parameter(
        "ends",
        "Whether both ends of a link must pass the filters, or one of them.",
        enum=list(get_args(Ends)),
    ),
]
NARROWING: list[dict[str, Any]] = [
    *FILTERS,
    _parameter("centre", f"{_NODE}: only what is near it."),
    _parameter(
        "depth",
        "How many links away from the centre, at most.",
        enum=[str(depth) for depth in range(1, DEEPEST + 1)],
    ),
]
PARAMETERS: list[dict[str, Any]] = [
    *NARROWING,
    _parameter("from", f"{_NODE}: only the shortest ways from it."),
    _parameter("to", f"{_NODE}: where they lead."),
    _parameter(
        "collapse",
        "What is drawn as one; none to draw up to 20,000 nodes one by one.",
        enum=list(get_args(Collapse)),
    ),
    _parameter("open", "Groups that are drawn as their members, divided by commas."),
]
