"""The files of maps: their headers are read strictly, their names are found."""

from __future__ import annotations

import re

import pytest

from graph.errors import NotFoundError, QueryError
from graph.network import Label
from ontology import expand, is_declared
from visualisations.maps import MapSpec, get, read_map, read_maps

HEADER = """\
# title: Bees by flower
# title@et: Mesilased õie järgi
# description: Bees that visited
#   the same flower.
# weight: flowers
"""
QUERY = "SELECT ?source ?sourceKind { ?source a ?sourceKind }\n"


def test_the_maps_of_the_issue_are_there() -> None:
    """Some maps are promised by name; all are in the order of their names."""
    names = [spec.name for spec in read_maps()]
    assert names == sorted(names)
    assert {
        "organisations",
        "actors-practices-funding",
        "programmes-policies-principles",
        "countries",
        "projects",
        "policies",
    } <= set(names)


@pytest.mark.parametrize("spec", read_maps(), ids=lambda spec: spec.name)
def test_maps_use_declared_terms_only(spec: MapSpec) -> None:
    """A misspelt term of ours would draw an empty map without a word."""
    names = set(re.findall(r"\b(?:sikg|skos):\w+", spec.query.text))
    assert names
    assert [name for name in sorted(names) if not is_declared(expand(name))] == []


def test_a_header_is_read() -> None:
    """Lines go on when indented; other languages stand beside English."""
    spec = read_map("bees", HEADER + QUERY)
    assert spec.title() == Label("Bees by flower", "en")
    assert spec.title("et") == Label("Mesilased õie järgi", "et")
    assert spec.title("lv") == Label("Bees by flower", "en")
    assert spec.description("et") == Label("Bees that visited the same flower.", "en")
    assert spec.weight() == Label("flowers", "en")
    assert not spec.directed
    assert spec.query.text.endswith(QUERY)
    assert read_map("bees", f"# directed: yes\n{HEADER}{QUERY}").directed


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        (f"# colour: blue\n{HEADER}", "'colour' is unknown", 1),
        (f"{HEADER}# weight: bees\n", "'weight' is unknown, repeated", 6),
        (f"{HEADER}# directed: maybe\n", "'directed' is unknown, repeated or misfilled", 6),
        (f"{HEADER}# directed: yes\n# directed: yes\n", "'directed' is unknown, repeated", 7),
        ("# title: Bees\n# weight: flowers\n", "'description' is missing in English", 1),
        ("# title@et: Mesilased\n", "'title' is missing in English", 1),
        (f"#   more\n{HEADER}", "continues nothing", 1),
        (f"# title:\n{HEADER}", "reads “# field: text”", 1),
        (f"#title: Bees\n{HEADER}", "reads “# field: text”", 1),
        ("", "'title' is missing", 1),
    ],
)
def test_a_wrong_header_is_told_with_its_line(text: str, message: str, line: int) -> None:
    """Every error names the file and the line."""
    with pytest.raises(QueryError) as caught:
        read_map("bees", text + QUERY)
    assert message in str(caught.value)
    assert f"maps/bees.rq, line {line}:" in str(caught.value)
    assert caught.value.line == line


def test_a_name_is_safe_in_an_address() -> None:
    """Names of files become parts of addresses."""
    with pytest.raises(QueryError, match="single hyphens"):
        read_map("Bees & flowers", HEADER + QUERY)


def test_get_finds_a_map_or_names_those_near() -> None:
    """A misspelt name is answered with what may have been meant."""
    assert get("countries").name == "countries"
    with pytest.raises(NotFoundError, match="'contries'; did you mean countries"):
        get("contries")
    with pytest.raises(NotFoundError, match="organisations"):
        get("")


@pytest.mark.parametrize("spec", read_maps(), ids=lambda spec: spec.name)
def test_inline_data_of_a_map_is_no_slot(spec: MapSpec) -> None:
    """What looks like a slot could be filled by a reader's parameter."""
    assert re.findall(r"VALUES\s+[?$]\w+", spec.query.text) == []
