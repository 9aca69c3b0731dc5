"""The statistics of a release, against counts of the store."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph import statistics, void
from graph.dataset import Dataset
from graph.engine import Query
from graph.formats import GRAPH_FORMATS
from graph.identity import Identity
from graph.lines import Lines, unescape
from graph.store import Store

PREFIXES = """
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
"""
VOID = "GRAPH <http://localhost:8000/id/graph/void>"
ABOUT = "<http://localhost:8000/sparql#default>"


def one(dataset: Dataset, text: str) -> int:
    """Give the only number that a query answers."""
    (row,) = dataset.store.select(Query(PREFIXES + text)).rows
    return int(row["n"].value)


@pytest.mark.parametrize(
    ("name", "counted"),
    [
        ("triples", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"),
        ("distinctSubjects", "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }"),
        ("distinctObjects", "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }"),
        ("properties", "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }"),
        ("classes", "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }"),
        (
            "entities",
            (
                "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o "
                'FILTER(STRSTARTS(STR(?s), "http://localhost:8000/id/")) }'
            ),
        ),
    ],
)
def test_the_whole_is_counted(dataset: Dataset, name: str, counted: str) -> None:
    stated = one(dataset, f"SELECT ?n {{ {VOID} {{ {ABOUT} void:{name} ?n }} }}")
    assert stated == one(dataset, counted) > 10


def _table(dataset: Dataset, text: str) -> set[tuple[str, ...]]:
    found = dataset.store.select(Query(PREFIXES + text))
    return {tuple(row[name].value for name in found.variables) for row in found}


@pytest.mark.parametrize(
    ("stated", "counted"),
    [
        (
            (
                f"SELECT ?p ?n ?s ?o {{ {VOID} {{ {ABOUT} void:propertyPartition ?x . "
                "?x void:property ?p ; void:triples ?n ; void:distinctSubjects ?s ; "
                "void:distinctObjects ?o } }"
            ),
            (
                "SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?a) AS ?s) (COUNT(DISTINCT ?b) AS ?o) "
                "{ ?a ?p ?b } GROUP BY ?p"
            ),
        ),
        (
            (
                f"SELECT ?c ?n {{ {VOID} {{ {ABOUT} void:classPartition ?x . "
                "?x void:class ?c ; void:entities ?n } }"
            ),
            "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c",
        ),
        (
            (
                f"SELECT ?c ?p ?n {{ {VOID} {{ {ABOUT} void:classPartition ?x . ?x void:class ?c ; "
                "void:propertyPartition ?y . ?y void:property ?p ; void:triples ?n } }"
            ),
            (
                "SELECT ?c ?p (COUNT(*) AS ?n) { ?s a ?c . ?s ?p ?o "
                'FILTER(STRSTARTS(STR(?c), "https://w3id.org/sikg/ontology#")) } GROUP BY ?c ?p'
            ),
        ),
    ],
    ids=["property", "class", "property of a class"],
)
def test_every_part_is_counted(dataset: Dataset, stated: str, counted: str) -> None:
    expected = _table(dataset, counted)
    assert _table(dataset, stated) == expected
    assert len(expected) > 10


def test_links_lead_to_what_others_publish(dataset: Dataset) -> None:
    stated = one(
        dataset,
        f"SELECT (SUM(?t) AS ?n) {{ {VOID} {{ ?x a void:Linkset ; void:triples ?t ; "
        "void:linkPredicate <http://www.w3.org/2004/02/skos/core#exactMatch> } }",
    )
    counted = one(
        dataset,
        "SELECT (COUNT(*) AS ?n) { ?s <http://www.w3.org/2004/02/skos/core#exactMatch> ?o "
        'FILTER(STRSTARTS(STR(?s), "http://localhost:8000/id/")) }',
    )
    assert stated == counted > 10


def test_examples_and_graphs_are_there(dataset: Dataset) -> None:
    examples = _table(dataset, f"SELECT ?e {{ {VOID} {{ {ABOUT} void:exampleResource ?e }} }}")
    assert len(examples) >= 4
    for (example,) in examples:
        assert dataset.store.ask(Query(f"ASK {{ <{example}> ?p ?o }}"))
    described = _table(
        dataset,
        "SELECT ?name ?n { GRAPH <http://localhost:8000/id/graph/service> "
        "{ ?g sd:name ?name ; sd:graph/void:triples ?n } }",
    )
    for name, number in described:
        count = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
        assert one(dataset, count) == int(number) > 10
    assert len(described) == 2


def test_counts_are_of_the_release_that_they_say(dataset: Dataset) -> None:
    found = void.counts(dataset.store, dataset.identity, 1)
    assert found is not None
    assert found.triples == one(dataset, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert sum(found.properties.values()) == found.triples
    assert found.classes["https://w3id.org/sikg/ontology#Practice"] == one(
        dataset, "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/sikg/ontology#Practice> }"
    )
    assert void.counts(dataset.store, dataset.identity, 2) is None


def test_files_and_a_dump_of_the_store_count_alike(tmp_path: Path) -> None:
    merged, stated = tmp_path / "merged.nq", tmp_path / "stated.nq"
    lines = [
        '<http://localhost:8000/id/a/1> <http://p.example/> "x <y> \\" .\\n" .',
        "<http://localhost:8000/id/a/1> <http://p.example/> <http://o.example/#> .",
        "<http://localhost:8000/id/a/1> <http://p.example/> <http://o.example/#> .",
        "_:b <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://c.example/> .",
    ]
    merged.write_text("\n".join([*lines, ""]), "utf-8")
    graph = "<http://localhost:8000/id/row/1>"
    stated.write_text(f"{lines[0][:-1]}{graph} .\n{lines[1][:-1]}{graph} .\n", "utf-8")
    store = Store.in_memory()
    nquads = GRAPH_FORMATS[2]
    for path in (merged, stated):
        store.load(path.read_bytes(), nquads)
    read = Lines([merged], [stated])
    found = statistics.measure(read, Identity())
    (tmp_path / "work").mkdir()
    dumped = statistics.measure(Lines.dumped(store, tmp_path / "work"), Identity())
    assert found == dumped
    assert (found.triples, found.subjects, found.objects, found.stated) == (3, 2, 3, 2)
    assert found.triples + found.stated == len(store)


def test_escapes_are_undone() -> None:
    assert unescape('a\\tb\\n\\"\\\\n\\u00e9\\U0001F600') == 'a\tb\n"\\n\u00e9\U0001f600'
