"""The network projection: rows of solutions become nodes, links and reasons."""

from __future__ import annotations

import random

import networkx as nx
import pytest

from graph.engine import Query
from graph.errors import QueryError
from graph.formats import GRAPH_FORMATS
from graph.network import Label, Reason, best_label, project
from graph.store import Store

PREFIXES = """
@prefix : <https://example.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix sikg: <https://w3id.org/sikg/ontology#> .
"""
DATA = """
:b skos:prefLabel "Bee"@en, "Mesilane"@et ; sikg:acronym "B"@und .
:a skos:prefLabel "A name that is far too long to stand beside a node"@en ; sikg:acronym "ALN"@und .
:kind skos:prefLabel "kind"@en, "liik"@et .
:p1 skos:prefLabel "first project"@en . :p2 skos:prefLabel "teine projekt"@et .
"""
ROW = "(:{} :{} :kind :kind {} {})"


@pytest.fixture
def store() -> Store:
    """Give a store with the names of a few things."""
    made = Store.in_memory()
    made.load((PREFIXES + DATA).encode(), GRAPH_FORMATS[0])
    return made


def rows(*values: str) -> Query:
    """Make a query that answers with the given rows."""
    return Query(
        "PREFIX : <https://example.org/>\n"
        "SELECT ?source ?target ?sourceKind ?targetKind ?via ?weight WHERE {\n"
        "VALUES (?source ?target ?sourceKind ?targetKind ?via ?weight) { "
        + " ".join(values)
        + " } }"
    )


def row(source: str, target: str, via: str = "UNDEF", weight: str = "UNDEF") -> str:
    """Write one row about a link."""
    return ROW.format(source, target, via, weight)


def at(name: str) -> str:
    """Give the IRI of a thing of the test data."""
    return f"https://example.org/{name}"


def test_rows_about_a_pair_become_one_link_with_their_reasons(store: Store) -> None:
    """Both directions and repeated reasons of an undirected network come together."""
    network = project(store, rows(row("a", "b", ":p1"), row("b", "a", ":p2"), row("a", "b", ":p1")))
    assert list(network.edges) == [(at("a"), at("b"))]
    link = network.edges[at("a"), at("b")]
    assert link["weight"] == 2
    assert link["reasons"] == (
        Reason(at("p1"), Label("first project", "en")),
        Reason(at("p2"), Label("teine projekt", "et")),
    )


def test_weights_of_reasons_add_up(store: Store) -> None:
    """A reason counts once, with its largest weight; one without a weight counts 1."""
    network = project(
        store, rows(row("a", "b", ":p1", "3"), row("a", "b", ":p1", "5"), row("a", "b", ":p2"))
    )
    assert network.edges[at("a"), at("b")]["weight"] == 6


def test_a_reason_may_be_a_text(store: Store) -> None:
    """A literal keeps its language and has no IRI."""
    network = project(store, rows(row("a", "b", '"ühine"@et')))
    reasons = network.edges[at("a"), at("b")]["reasons"]
    assert reasons == (Reason(None, Label("ühine", "et")),)


def test_a_directed_network_keeps_both_directions(store: Store) -> None:
    """Two opposite rows are two links of a directed network."""
    network = project(store, rows(row("b", "a"), row("a", "b")), directed=True)
    assert isinstance(network, nx.DiGraph)
    assert list(network.edges) == [(at("a"), at("b")), (at("b"), at("a"))]


def test_nodes_are_named_in_the_language_of_the_reader(store: Store) -> None:
    """The label, the short label and the label of the kind follow the language."""
    network = project(store, rows(row("a", "b")), language="et")
    assert network.nodes[at("b")]["label"] == Label("Mesilane", "et")
    assert network.nodes[at("b")]["short_label"] == Label("Mesilane", "et")
    assert network.nodes[at("b")]["kind"] == at("kind")
    assert network.nodes[at("b")]["kind_label"] == Label("liik", "et")
    assert network.nodes[at("a")]["label"].language == "en"
    assert network.nodes[at("a")]["short_label"] == Label("ALN", "und")


def test_a_thing_without_a_name_is_called_by_the_end_of_its_iri(store: Store) -> None:
    """Percent-encoded ends are read by people, so they are decoded."""
    network = project(
        store, rows("(:a <https://example.org/id/caf%C3%A9> :kind :kind UNDEF UNDEF)")
    )
    assert network.nodes["https://example.org/id/caf%C3%A9"]["label"] == Label("café", "")


def test_a_row_without_a_target_is_a_node_alone(store: Store) -> None:
    """Such a node is in the network, without a link."""
    network = project(store, rows("(:a UNDEF :kind UNDEF UNDEF UNDEF)"))
    assert list(network) == [at("a")]
    assert network.number_of_edges() == 0


def test_no_solutions_give_an_empty_network(store: Store) -> None:
    """An empty answer is no error."""
    assert len(project(store, rows())) == 0


def test_the_order_of_the_solutions_does_not_matter(store: Store) -> None:
    """Nodes, links and reasons come in the order of their IRIs."""
    values = [row(one, two, via) for one in "abcd" for two in "cdef" for via in (":p2", ":p1")]
    expected = project(store, rows(*values))
    random.Random(7).shuffle(values)  # noqa: S311  # a shuffle, no cryptography
    found = project(store, rows(*values))
    assert list(found.nodes(data=True)) == list(expected.nodes(data=True))
    assert list(found.edges(data=True)) == list(expected.edges(data=True))
    assert list(found) == sorted(found)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (rows('("a" :b :kind :kind UNDEF UNDEF)'), "IRI in the column ?source, not 'a'"),
        (rows("(:a :b UNDEF :kind UNDEF UNDEF)"), "IRI in the column ?sourceKind, not nothing"),
        (rows("(:a :b :kind UNDEF UNDEF UNDEF)"), "IRI in the column ?targetKind, not nothing"),
        (rows(row("a", "b", "UNDEF", "-1")), "above 0, not '-1'"),
        (rows(row("a", "b", "UNDEF", '"many"')), "above 0, not 'many'"),
        (rows(row("a", "b", "UNDEF", '"INF"')), "above 0, not 'INF'"),
        (
            Query(
                "PREFIX : <https://example.org/> SELECT * "
                "{ BIND(:a AS ?source) BIND(:a AS ?target) BIND(:k AS ?sourceKind) "
                "BIND(:k AS ?targetKind) BIND(BNODE() AS ?via) }"
            ),
            "?via, no blank node",
        ),
        (Query("SELECT ?source ?colour { VALUES ?source { 1 } }"), "no column ?colour"),
    ],
)
def test_wrong_columns_are_told(store: Store, query: Query, message: str) -> None:
    """What cannot be a network is refused with the column and the value."""
    with pytest.raises(QueryError) as caught:
        project(store, query)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("et", "eesti"),
        ("et-EE", "eesti"),
        ("pt-BR", "brasil"),
        ("pt", "brasil"),
        ("lv", "english"),
        ("EN", "english"),
    ],
)
def test_best_label_follows_the_declared_order(language: str, expected: str) -> None:
    """The language, a variety of it, English."""
    labels = [
        Label("brasil", "pt-BR"),
        Label("a", "de"),
        Label("eesti", "et"),
        Label("english", "en"),
        Label("name", ""),
    ]
    best = best_label(labels, language)
    assert best is not None
    assert best.text == expected


def test_best_label_without_the_language_and_english() -> None:
    """A name of no language comes before one of another language; nothing gives None."""
    assert best_label([Label("a", "de"), Label("b", "und")], "et") == Label("b", "und")
    assert best_label([Label("c", "fi"), Label("a", "de")], "et") == Label("a", "de")
    assert best_label([], "et") is None
