"""What the page of a network is filled with: choices, tables, and what can be taken away."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from html import escape
from typing import Any
from urllib.parse import urlencode

from api.addresses import Address
from api.networks.forms import FIELDS, chips, choices
from api.networks.showing import Shown
from api.networks.tables import (
    groups_of,
    heads,
    link_row,
    node_row,
    part,
    sorted_links,
    sorted_nodes,
)
from api.networks.words import words_of
from api.networks.years import period_of, year_chips, years_of
from api.taking import DRAWN, address_of
from graph.errors import ParameterError
from graph.facts.facets import PERIOD
from graph.labels import Label
from visualisations import maps
from visualisations.counting import share
from visualisations.maps import MapSpec
from visualisations.networks.legend import legend
from visualisations.networks.picturing import SIZES, colours_of
from visualisations.networks.scene import Scene
from visualisations.networks.spans import drawn_of
from visualisations.picture import MAX_NODES
from visualisations.wording import Wording

_ORDERS = ("ascending", "descending")
_SCRIPTED = 2000  # nodes from which the script needs the look of each: SVG has it otherwise
# Files of the REST interface, by format and part.
_FILES: tuple[tuple[str, dict[str, str]], ...] = (
    ("JSON", {}),
    ("CSV (nodes)", {"format": "csv", "part": "nodes"}),
    ("CSV (links)", {"format": "csv", "part": "links"}),
    ("Excel", {"format": "xlsx"}),
    ("GraphML", {"format": "graphml"}),
    ("GEXF", {"format": "gexf"}),
    ("JSON-LD", {"format": "jsonld"}),
)
# What a form leaves to the address: it has no field for it, and a new choice does not end it.
_KEPT = ("kind", "ends", "centre", "depth", "from", "to", "years", "lang", "release")


def filled(shown: Shown, nodes_from: int, links_from: int) -> dict[str, Any]:
    """Give what the template of the page is filled with."""
    name, state, words = shown.spec.name, shown.state, shown.words
    address = Address(f"/networks/{name}", state)
    return {
        "name": name,
        "path": address.path,
        "maps": [_titled(spec, words) for spec in maps.read_maps()],
        "title": shown.spec.title(words.language),
        "description": shown.spec.description(words.language),
        "weight": shown.spec.weight(words.language),
        "view": shown.view,
        "look": shown.look,
        "notes": shown.view.notes,
        "alternative": shown.alternative,
        "drawing": shown.drawing(),
        "legend": legend(shown.scene.groups),
        "colours": colours_of(shown.view),
        "sizes": SIZES,
        "fields": FIELDS,
        "words": words_of(words),
        "node_look": _node_look(shown.scene),
        "amount": words.number,
        "percent": partial(share, words, digits=0),
        "years": years_of(shown.view, shown.kept, address),
        "framed": False,
        "alone": address.but(years=None, period=period_of(shown.view, shown.kept)),
        **_chosen(shown, address),
        **_tables(shown, address, nodes_from, links_from),
        **_taken(shown, address),
    }


def _chosen(shown: Shown, address: Address) -> dict[str, Any]:
    asked, dataset, words = shown.view.asked, shown.dataset, shown.words
    names = {
        node.id: Label(node.label.text, node.label.language, asked=False)
        for node in shown.view.nodes
    }
    fields = shown.view.facets
    return {
        "choices": choices(dataset, fields, asked, shown.languages),
        "has_period": PERIOD in fields,
        "period": shown.state.get(PERIOD, ""),
        "kept": {key: shown.state[key] for key in _KEPT if key in shown.state},
        "chips": (
            *chips(address, asked, dataset, shown.languages, names, words),
            *year_chips(shown.kept, address, words),
        ),
        "whole": Address(
            address.path, {key: shown.state[key] for key in ("lang",) if key in shown.state}
        ).but(),
    }


def _tables(shown: Shown, address: Address, nodes_from: int, links_from: int) -> dict[str, Any]:
    by, order = shown.state.get("by", "degree"), shown.state.get("order", "descending")
    known = ("name", "group", *(item.name for item in shown.view.measures))
    if by not in known or order not in _ORDERS:
        raise ParameterError(
            f"the table cannot be sorted by “{by[:40]}”, {order[:40]}; it can be by "
            f"{', '.join(known)}, {' or '.join(_ORDERS)}"
        )
    falling = order == "descending"
    seen, words, name = shown.view, shown.words, shown.spec.name
    groups = groups_of(shown.scene)
    there, links = drawn_of(seen, shown.kept)
    nodes = sorted_nodes(there, groups, by, falling=falling)
    return {
        "by": by,
        "order": order,
        "heads": heads(
            seen,
            address,
            FIELDS.get(shown.look.colour, shown.look.colour),
            by,
            falling=falling,
            words=words,
        ),
        "nodes": part(
            nodes,
            nodes_from,
            lambda row: address.but(nodes_from=row),
            partial(node_row, seen, groups, address, words),
        ),
        "links": part(
            sorted_links(links),
            links_from,
            lambda row: address.but(links_from=row),
            partial(link_row, seen, name, words),
        ),
    }


def _taken(shown: Shown, address: Address) -> dict[str, Any]:
    """Give where the view can be had as a file, as a link, and to be embedded."""
    name, dataset = shown.spec.name, shown.dataset
    asked = shown.view.asked.parameters()
    asked |= {key: shown.state[key] for key in ("lang", "release") if key in shown.state}
    rest = Address(f"/api/v1/networks/{name}", asked)
    data = (
        rest
        if shown.kept is None
        else Address(rest.path, {**asked, PERIOD: period_of(shown.view, shown.kept)})
    )
    link = partial(address_of, dataset, state=dict(shown.state))
    embed = escape(link(f"/embed/networks/{name}"))
    title = escape(shown.spec.title(shown.words.language).text)
    return {
        "document": rest.but(),
        "drawn": [
            {"name": item.name.upper(), "address": address.but(f"{address.path}.{item.suffix}")}
            for item in DRAWN
        ],
        "files": [{"name": title_, "address": data.but(**more)} for title_, more in _FILES],
        "link": link(address.path),
        "embed_code": f'<iframe src="{embed}" title="{title}" width="900" height="700" '
        'loading="lazy"></iframe>',
        "sparql": f"/sparql?{urlencode({'query': shown.spec.query.text})}",
        "query": shown.spec.query.text,
        "most_in_file": MAX_NODES,
        "brokers": data.but(f"{address.path}/brokers"),
        "gaps": data.but(f"{address.path}/gaps"),
    }


def _node_look(scene: Scene) -> dict[str, Any] | None:
    """Give the look of each node to a script that draws so many itself."""
    if len(scene.marks) <= _SCRIPTED:
        return None
    groups = {item.number: item.group for item in scene.marks}
    radii = {item.number: round(item.radius, 1) for item in scene.marks}
    return {
        "groups": [groups[number] for number in range(len(groups))],
        "marks": [asdict(group.style) for group in scene.groups],
        "radii": [radii[number] for number in range(len(radii))],
    }


def _titled(spec: MapSpec, words: Wording) -> dict[str, Any]:
    return {
        "name": spec.name,
        "title": spec.title(words.language),
        "description": spec.description(words.language),
    }
