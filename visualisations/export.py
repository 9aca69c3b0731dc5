"""Write a map as one HTML file that asks no other host for anything.

The one module that knows pyvis. Of pyvis, the network of nodes, links and options is used, and
the copy of vis-network that it ships. Its own templates are not: even those called `in_line` and
`local` fetch scripts and styles from other hosts.
"""

from __future__ import annotations

import json
import math
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from graph.engine import Engine
from graph.errors import StorageError
from graph.identity import Identity
from visualisations.maps import MapSpec
from visualisations.picture import Ground, Picture, draw
from visualisations.policy import policy
from visualisations.styles import Style

_HERE = Path(__file__).parent
_VIS = "lib/vis-9.1.2/vis-network.min.js"

_OPTIONS = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {"hover": True, "keyboard": False, "selectConnectedEdges": False},
    "nodes": {"borderWidth": 1.5, "borderWidthSelected": 4, "chosen": False},
    "edges": {
        "smooth": False,
        "chosen": False,
        "color": {"color": "#8590a2", "highlight": "#1f2937", "hover": "#1f2937"},
        "arrows": {"to": {"scaleFactor": 0.45}},
        "selectionWidth": 2,
        "hoverWidth": 1,
    },
}


def render_map(
    spec: MapSpec,
    engine: Engine,
    identity: Identity,
    *,
    language: str = "en",
    served: bool = False,
) -> str:
    """Give the page of a map: drawing, legend, search, side panel and tables.

    The names are those of the language, else of English, else any. Links to pages are IRIs,
    or, where the page is `served` by the server that has the pages, paths on that server. The
    same release gives the same text. ParameterError if the map is too large to be drawn.
    """
    picture = draw(spec, engine, identity, language=language, served=served)
    style = _read("web/map.css")
    scripts = [_vis_network(), _read("web/map.js")] if picture.nodes else []
    return (
        _environment()
        .get_template("map.html.jinja")
        .render(
            spec=spec,
            title=spec.title(language),
            description=spec.description(language),
            weight=spec.weight(language),
            picture=picture,
            query=spec.query.text,
            data=_for_script(_drawing(spec, picture)),
            style=Markup(style),  # noqa: S704  # our own file
            scripts=[Markup(script) for script in scripts],  # noqa: S704  # as above
            policy=policy(scripts, [style]),
        )
    )


def write_map(
    spec: MapSpec, engine: Engine, identity: Identity, path: Path, *, language: str = "en"
) -> None:
    """Write the page of a map to a file; StorageError if the file cannot be written."""
    page = render_map(spec, engine, identity, language=language)
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise StorageError(f"the map cannot be written to {path}: {error.strerror}") from error


def _drawing(spec: MapSpec, picture: Picture) -> dict[str, Any]:
    """Give what the script of the page needs: nodes and links of vis-network, and names."""
    # Importing pyvis takes IPython in, which takes longer than drawing a map: only when needed.
    from pyvis.network import Network  # noqa: PLC0415

    # Directed in any case: for an undirected network, pyvis compares each link with all others.
    network = Network(directed=True)
    network.set_options(json.dumps(_OPTIONS))
    for node in picture.nodes:
        network.add_node(
            node.number,
            label=node.short.text,
            **_look(node.kind.style),
            size=node.radius,
            x=node.x,
            y=node.y,
            name=node.label,
            kind=node.kind.label,
            page=node.page,
        )
    grounds: dict[Ground, int] = {}
    for number, link in enumerate(picture.links):
        network.add_edge(
            link.source.number,
            link.target.number,
            id=number,
            arrows="to" if spec.directed else "",
            width=_width(link.weight),
            weight=_number(link.weight),
            grounds=[grounds.setdefault(ground, len(grounds)) for ground in link.grounds],
        )
    nodes, edges, _, _, _, options = network.get_network_data()
    return {
        "nodes": nodes,
        "edges": edges,
        "options": json.loads(options),
        "grounds": [(*ground.label, ground.page) for ground in grounds],
    }


def _look(style: Style) -> dict[str, Any]:
    return {
        "shape": style.shape,
        "color": {"background": style.fill, "border": style.border},
    }


def _width(weight: float) -> float:
    """Let a line grow by as much with each doubling of its weight."""
    return round(min(1.2 + 1.2 * math.log2(max(weight, 1.0)), 7.0), 2)


def _number(value: float) -> str:
    return f"{value:g}" if value < 1e6 else f"{value:,.0f}"  # noqa: PLR2004  # %g turns to 1e+06


def _for_script(data: Any) -> Markup:  # noqa: ANN401  # JSON is Any
    """Write JSON such that no text in it ends the script element that holds it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704  # escaped above


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = _number
    return environment


@cache
def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


@cache
def _vis_network() -> str:
    # The styles beside it are left out: they are for buttons and menus that these pages do not
    # have, and weigh 220 kB.
    return (files("pyvis") / _VIS).read_text(encoding="utf-8")
