"""Pages of maps: one file, no other host, the table equal to the drawing, no name too hostile."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from graph.dataset import Dataset
from graph.engine import Query
from graph.errors import ParameterError, StorageError
from graph.formats import GRAPH_FORMATS
from graph.identity import Identity
from graph.store import Store
from graph.terms import literal
from visualisations.export import render_map, write_map
from visualisations.maps import MapSpec, read_map, read_maps
from visualisations.picture import MAX_NODES
from visualisations.policy import content_security_policy

IDENTITY = Identity()
HEADER = "# title: Bees\n# description: Bees that met.\n# weight: meetings\n"
PREFIXES = """
@prefix : <http://localhost:8000/id/bee/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
BEES = """
PREFIX : <http://localhost:8000/id/bee/>
SELECT ?source ?sourceKind ?target ?targetKind ?via WHERE {
  VALUES (?source ?target ?via) { (:a :b "clover") (:a :b "thyme") (:b :c :meeting) }
  BIND(:bee AS ?sourceKind) BIND(:bee AS ?targetKind)
}
"""
HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "{{ 7 * 7 }}{% raw %}",
    "line\u2028and\u2029paragraph",
    "שלום עולם",
    "o\u0308\u0323" * 40,
    "n" * 500,
    "&lt;b&gt; & “quotes” 'single'",
]


@dataclass
class Page(HTMLParser):
    """What the tests look at in a page."""

    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember every element."""
        self.elements.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        """Leave the element."""
        self._inside = "" if tag == self._inside else self._inside

    def handle_data(self, data: str) -> None:
        """Remember scripts and styles."""
        if self._inside == "script":
            self.scripts.append(data)
        elif self._inside == "style":
            self.styles.append(data)

    @property
    def data(self) -> Any:
        """Give what the page hands to its script."""
        return json.loads(self.scripts[0])


def read(text: str) -> Page:
    """Parse a page."""
    page = Page()
    page.feed(text)
    page.close()
    return page


def rows(text: str, table: str) -> list[list[str]]:
    """Give the cells of the rows of a table, as text."""
    body = (
        text.partition(f'<table id="{table}">')[2].partition("<tbody>")[2].partition("</tbody>")[0]
    )
    return [
        [html.unescape(re.sub(r"<[^>]*>", "", cell)) for cell in re.findall(r"<td.*?</td>", row)]
        for row in re.findall(r"<tr>.*?</tr>", body)
    ]


def bees(text: str = BEES) -> MapSpec:
    """Make a small map."""
    return read_map("bees", HEADER + text)


def store(turtle: str = "") -> Store:
    """Make a store with the names of bees."""
    made = Store.in_memory()
    made.load((PREFIXES + turtle).encode(), GRAPH_FORMATS[0])
    return made


@pytest.fixture(scope="module", params=[spec.name for spec in read_maps()])
def real(request: pytest.FixtureRequest, dataset: Dataset) -> tuple[MapSpec, str]:
    """Give each map with its page, drawn from the curated tables."""
    spec = next(spec for spec in read_maps() if spec.name == request.param)
    return spec, render_map(spec, dataset.store, dataset.identity)


def test_a_map_of_the_curated_tables_is_not_empty(real: tuple[MapSpec, str]) -> None:
    """Every map has something to say about our own data."""
    data = read(real[1]).data
    assert len(data["nodes"]) >= 20
    assert len(data["edges"]) >= 20


def test_a_page_asks_no_other_host(real: tuple[MapSpec, str]) -> None:
    """Nothing is fetched: no element with an address, no address in the styles."""
    page = read(real[1])
    fetching = {"src", "srcset", "data", "poster", "background", "xlink:href", "action", "ping"}
    for tag, attributes in page.elements:
        assert not fetching & set(attributes), (tag, attributes)
        if "href" in attributes:
            assert tag == "a"
    assert not {"link", "base", "iframe", "object", "embed", "img"} & {
        tag for tag, _ in page.elements
    }
    assert page.styles
    assert not re.search(r"url\(|@import|//", "".join(page.styles))


def test_the_tables_hold_what_is_drawn(real: tuple[MapSpec, str]) -> None:
    """The same nodes and links, with the same names, weights and reasons."""
    data = read(real[1]).data
    names = {node["id"]: node["name"][0] for node in data["nodes"]}
    grounds = [ground[0] for ground in data["grounds"]]
    drawn = Counter(
        (
            names[edge["from"]],
            names[edge["to"]],
            edge["weight"],
            "; ".join(grounds[at] for at in edge["grounds"]),
        )
        for edge in data["edges"]
    )
    assert Counter(tuple(row) for row in rows(real[1], "links")) == drawn
    kinds = Counter((node["name"][0], node["kind"][0]) for node in data["nodes"])
    assert Counter((row[0], row[1]) for row in rows(real[1], "nodes")) == kinds


def test_everything_has_a_name_of_its_own(real: tuple[MapSpec, str]) -> None:
    """A name with a language tells that the label was found, not made from the IRI."""
    data = read(real[1]).data
    assert [node["name"] for node in data["nodes"] if not node["name"][1]] == []
    assert [node["kind"] for node in data["nodes"] if not node["kind"][1]] == []
    assert [ground for ground in data["grounds"] if not ground[1]] == []


def test_the_legend_shows_every_kind_drawn(real: tuple[MapSpec, str]) -> None:
    """With the number of its nodes."""
    legend = real[1].partition('<ul class="legend"')[2].partition("</ul>")[0]
    plain = " ".join(re.sub(r"<[^>]*>", "", legend).split())
    for kind, count in Counter(node["kind"][0] for node in read(real[1]).data["nodes"]).items():
        assert f"{kind} ({count})" in plain


def test_positions_are_given_and_physics_off(real: tuple[MapSpec, str]) -> None:
    """The first picture is the final one."""
    data = read(real[1]).data
    assert data["options"]["physics"] == {"enabled": False}
    places = {(node["x"], node["y"]) for node in data["nodes"]}
    assert len(places) == len(data["nodes"])


def test_ids_are_unique_and_references_lead_somewhere(real: tuple[MapSpec, str]) -> None:
    """Labels, descriptions and links in the page."""
    elements = [attributes for _, attributes in read(real[1]).elements]
    ids = [value for attributes in elements if (value := attributes.get("id"))]
    assert len(ids) == len(set(ids))
    named = ("for", "list", "aria-labelledby", "aria-describedby")
    references = {
        str(attributes[name]) for attributes in elements for name in named if name in attributes
    }
    assert references
    assert references <= set(ids)


def test_a_page_carries_its_policy(real: tuple[MapSpec, str]) -> None:
    """For when it is a file; it allows nothing but its own scripts and styles."""
    policy = content_security_policy(real[1])
    metas = [attributes for tag, attributes in read(real[1]).elements if tag == "meta"]
    assert policy in [attributes.get("content") for attributes in metas]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_two_processes_write_the_same_bytes(release_home: Path) -> None:
    """Whatever the seed of Python's hashes."""
    program = (
        "import hashlib, sys; from pathlib import Path; from graph.dataset import Dataset\n"
        "from graph.release import Releases; from visualisations.maps import get\n"
        "from visualisations.export import render_map\n"
        "dataset = Dataset.open(Releases(Path(sys.argv[1])).current())\n"
        "for name in ('organisations', 'funding-tree'):\n"
        "    page = render_map(get(name), dataset.store, dataset.identity)\n"
        "    print(hashlib.sha256(page.encode()).hexdigest())\n"
    )
    root = Path(__file__).parents[2]
    first, second = (
        subprocess.run(
            [sys.executable, "-c", program, str(release_home)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.split()
        for seed in ("1", "2")
    )
    assert len(first) == 2
    assert first == second


def test_importing_the_exporter_leaves_pyvis_alone() -> None:
    """Pyvis brings IPython, and the server must start quickly."""
    program = (
        "import sys, visualisations.export\n"
        "print([name for name in ('pyvis', 'IPython') if name in sys.modules])"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_name_is_never_read_as_markup(name: str) -> None:
    """In the drawing's data, the tables, the summary, the legend and the search."""
    quoted = json.dumps(name, ensure_ascii=False)
    turtle = f":a skos:prefLabel {quoted}@en . :bee skos:prefLabel {quoted}@en ."
    turtle += f":meeting skos:prefLabel {quoted}@en ."
    plain, page = (
        read(render_map(bees(), store(), IDENTITY)),
        render_map(bees(), store(turtle), IDENTITY),
    )
    assert [tag for tag, _ in read(page).elements] == [tag for tag, _ in plain.elements]
    first = next(node for node in read(page).data["nodes"] if node["name"][1])
    assert first["name"] == [name, "en"]
    assert name in {row[0] for row in rows(page, "nodes")} | {row[3] for row in rows(page, "links")}


def test_pages_are_linked_by_iri_in_a_file_and_by_path_on_the_server() -> None:
    """A file must lead to the server; a server may answer at another address than the base."""
    there = ["http://localhost:8000/id/bee/a", "http://localhost:8000/id/bee/meeting"]
    assert set(there) <= {
        a["href"] for tag, a in read(render_map(bees(), store(), IDENTITY)).elements if tag == "a"
    }
    page = read(render_map(bees(), store(), IDENTITY, served=True))
    links = {attributes["href"] for tag, attributes in page.elements if tag == "a"}
    assert {"/page/bee/a", "/page/bee/meeting"} <= links
    assert not set(there) & links


def test_an_iri_that_is_no_web_address_is_not_linked() -> None:
    """A click must not run anything."""
    spec = bees(BEES.replace(":c :meeting", "<javascript:alert(1)> <urn:x>"))
    page = read(render_map(spec, store(), IDENTITY))
    links = [str(attributes["href"]) for tag, attributes in page.elements if tag == "a"]
    assert [link for link in links if link.startswith(("javascript:", "urn:"))] == []
    assert {node["page"] for node in page.data["nodes"]} >= {None}


def test_names_follow_the_language_with_their_tag() -> None:
    """A name in another language than the page's says so."""
    names = store(':a skos:prefLabel "bee"@en, "mesilane"@et . :b skos:prefLabel "bite"@lv .')
    page = render_map(bees(), names, IDENTITY, language="et")
    assert '<span lang="et" dir="auto">mesilane</span>' in page
    assert '<span lang="lv" dir="auto">bite</span>' in page
    assert '<span lang="" dir="auto">c</span>' in page


def test_the_summary_is_taken_from_the_data() -> None:
    """Counts, the most connected and the one in between."""
    page = render_map(bees(), store(':bee skos:prefLabel "bee"@en .'), IDENTITY)
    summary = page.partition('<p id="summary">')[2].partition("</p>")[0]
    assert " ".join(re.sub(r"<[^>]*>", "", summary).split()) == (
        "The map shows 3 nodes (bee: 3) and 2 links. The most connected is b, linked with "
        "2 others. Most often in between is b: 100% of the shortest ways between two others "
        "lead through it."
    )


def test_directed_links_have_arrows() -> None:
    """And others have none."""
    plain = read(render_map(bees(), store(), IDENTITY)).data
    arrows = read(render_map(replace(bees(), directed=True), store(), IDENTITY)).data
    assert {edge["arrows"] for edge in plain["edges"]} == {""}
    assert {edge["arrows"] for edge in arrows["edges"]} == {"to"}


def test_heavier_links_are_thicker() -> None:
    """Two meetings draw a thicker line than one."""
    edges = read(render_map(bees(), store(), IDENTITY)).data["edges"]
    assert [edge["weight"] for edge in edges] == ["2", "1"]
    assert edges[0]["width"] > edges[1]["width"]


def test_an_empty_network_gives_a_page_that_says_so() -> None:
    """Without a script, and with the query."""
    page = render_map(
        bees("SELECT ?source ?sourceKind { ?source a ?sourceKind }"), store(), IDENTITY
    )
    assert "There is nothing to draw." in page
    assert "<script" not in page
    assert "SELECT ?source ?sourceKind { ?source a ?sourceKind }" in page


def test_nodes_without_links_are_drawn_and_told() -> None:
    """They stand alone."""
    spec = bees(
        "PREFIX : <http://localhost:8000/id/bee/>\n"
        "SELECT ?source ?sourceKind { VALUES (?source ?sourceKind) { (:a :bee) (:b :bee) } }"
    )
    page = render_map(spec, store(), IDENTITY)
    assert len(read(page).data["nodes"]) == 2
    assert "2 nodes stand alone" in page
    assert "No two nodes are linked." in page


def test_more_nodes_than_can_be_told_apart_are_refused() -> None:
    """With the numbers and what to do."""
    some = " ".join(f"(:n{at} :bee)" for at in range(MAX_NODES + 1))
    spec = bees(
        "PREFIX : <http://localhost:8000/id/bee/>\n"
        f"SELECT ?source ?sourceKind {{ VALUES (?source ?sourceKind) {{ {some} }} }}"
    )
    with pytest.raises(ParameterError, match=r"bees has 2,001 nodes, and at most 2,000 .* narrow"):
        render_map(spec, store(), IDENTITY)


def test_a_map_can_be_narrowed_by_its_slots() -> None:
    """Whoever serves it binds them before it is drawn."""
    spec = bees(
        BEES.replace("BIND(:bee AS ?sourceKind)", "VALUES ?via { UNDEF } BIND(:bee AS ?sourceKind)")
    )
    narrowed = replace(spec, query=spec.query.bind(via=literal("thyme")))
    assert len(read(render_map(spec, store(), IDENTITY)).data["edges"]) == 2
    assert len(read(render_map(narrowed, store(), IDENTITY)).data["edges"]) == 1


def test_a_map_is_written_to_a_file(tmp_path: Path) -> None:
    """In UTF-8; a folder that does not exist is told in one sentence."""
    path = tmp_path / "bees.html"
    write_map(bees(), store(':a skos:prefLabel "Põdra"@et .'), IDENTITY, path)
    assert path.read_text(encoding="utf-8") == render_map(
        bees(), store(':a skos:prefLabel "Põdra"@et .'), IDENTITY
    )
    with pytest.raises(StorageError, match=r"cannot be written to .*missing"):
        write_map(bees(), store(), IDENTITY, tmp_path / "missing" / "bees.html")


def test_the_query_of_a_page_is_the_query_that_was_asked(real: tuple[MapSpec, str]) -> None:
    """Whoever doubts a map can ask the same question."""
    shown = real[1].partition('<pre tabindex="0"><code>')[2].partition("</code>")[0]
    assert Query(html.unescape(shown)).text.strip() == real[0].query.text.strip()
