"""Updates: divided as the grammar says, and carried out as the engine itself would."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.errors import ForbiddenError, ParameterError, QueryError
from graph.store import Store
from graph.store.writing import Change, WritableStore
from graph.terms import Term
from graph.updates import read_operations


def stores() -> tuple[WritableStore, ox.Store]:
    """Give the same statements in a store of ours and in one of the engine."""
    text = """
        <http://x/a> <http://x/p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .
        <http://x/a> <http://x/p> "b"@en .
        <http://x/b> <http://x/p> <http://x/a> .
        <http://x/a> <http://x/p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <http://x/g> .
        <http://x/c> <http://x/q> "d" <http://x/g> .
        <http://x/c> <http://x/q> "e" <http://x/h> .
    """
    pair = ox.Store(), ox.Store()
    for store in pair:
        store.load(text, format=ox.RdfFormat.N_QUADS)
    return WritableStore(pair[0]), pair[1]


def state(store: ox.Store) -> tuple[set[str], set[str]]:
    """Give the quads and the names of graphs of a store."""
    return {str(quad) for quad in store}, {str(graph) for graph in store.named_graphs()}


X = "PREFIX x: <http://x/> "
UPDATES = [
    X + "INSERT DATA { x:n x:p 5, 'six'@en . GRAPH x:new { x:n x:p x:m } }",
    X + "DELETE DATA { x:a x:p 1 . GRAPH x:g { x:c x:q 'd' . x:c x:q 'nothing' } }",
    X + "DELETE WHERE { ?s x:p ?o }",
    X + "DELETE WHERE { GRAPH ?g { ?s x:q ?o } }",
    X + "WITH x:g DELETE { ?s ?p ?o } INSERT { ?o x:was ?s . ?s x:is ?o } WHERE { ?s ?p ?o }",
    X + "INSERT { GRAPH ?g { ?s x:copy ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
    X + "INSERT { ?s x:in x:g } USING x:g USING NAMED x:h WHERE { ?s ?p ?o }",
    X + "INSERT { ?s x:in x:h } USING NAMED x:h WHERE { GRAPH ?g { ?s ?p ?o } }",
    X + "DELETE { ?s ?p ?o } INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    X + "INSERT { ?s x:maybe ?u } WHERE { ?s ?p ?o OPTIONAL { ?s x:nix ?u } }",
    X + "INSERT { x:once x:p 1 } WHERE { ?s ?p ?o }",
    X + "INSERT { ?o x:p ?s } WHERE { ?s ?p ?o }",
    X + "CLEAR GRAPH x:g",
    X + "CLEAR DEFAULT",
    X + "CLEAR NAMED",
    X + "CLEAR ALL",
    X + "CLEAR SILENT GRAPH x:nix",
    X + "DROP GRAPH x:g",
    X + "DROP NAMED",
    X + "DROP ALL",
    X + "CREATE GRAPH x:new",
    X + "CREATE SILENT GRAPH x:g",
    X + "COPY x:g TO x:h",
    X + "COPY DEFAULT TO x:g",
    X + "COPY x:g TO x:g",
    X + "MOVE x:g TO x:new",
    X + "MOVE x:h TO DEFAULT",
    X + "ADD x:g TO DEFAULT",
    X + "ADD SILENT x:nix TO x:g",
    X + "INSERT DATA { x:n x:p '} ; DROP ALL #' } ; # ; DROP ALL }\n DELETE { x:n ?p ?o } "
    "INSERT { x:n ?p '''a\n}\"\"\"''' } WHERE { x:n ?p ?o FILTER(?o < 'z' && ?o > '') } ;",
    "BASE <http://x/> INSERT DATA { <a#b> <p> <../y> }",
    "",
]


@pytest.mark.parametrize("update", UPDATES)
def test_an_update_does_what_the_engine_itself_would(update: str) -> None:
    ours, theirs = stores()
    ours.update(update)
    theirs.update(update)
    assert state(ours._store) == state(theirs)


def test_each_solution_makes_blank_nodes_of_its_own() -> None:
    ours, _ = stores()
    ours.update(
        X + "INSERT { GRAPH x:n { ?s x:about _:n . _:n x:by [ x:q ?p ] } } WHERE { ?s ?p ?o }"
    )
    nodes = {
        quad[2].value for quad in ours.quads("http://x/n", predicate=Term("uri", "http://x/about"))
    }
    assert len(nodes) == 3
    assert len(list(ours.quads("http://x/n"))) == 9


def test_blank_nodes_that_are_found_stay_the_same_node() -> None:
    ours, _ = stores()
    ours.update(X + "INSERT DATA { x:s x:p _:b . _:b x:q 1 }")
    ours.update(X + "DELETE { ?b x:q 1 } INSERT { ?b x:q 2 } WHERE { x:s x:p ?b . ?b x:q 1 }")
    [(node, _, value)] = ours.quads(None, predicate=Term("uri", "http://x/q"))
    [(_, _, linked)] = ours.quads(None, subject=Term("uri", "http://x/s"))
    assert (node, value.value) == (linked, "2")


def test_declarations_may_stand_between_operations() -> None:
    """The engine of today reads none there, though SPARQL 1.1 (rule 29) allows it."""
    ours, _ = stores()
    ours.update(
        "PREFIX x: <http://x/> INSERT DATA { x:n x:p 1 } ;\n"
        "PREFIX y: <http://y/> INSERT DATA { x:n y:p 2 } ; "
        "PREFIX x: <http://z/> DELETE DATA { x:n y:p 2 }"
    )
    assert ours.has((Term("uri", "http://x/n"), Term("uri", "http://y/p"), integer(2)))


def integer(value: int) -> Term:
    return Term("literal", str(value), None, "http://www.w3.org/2001/XMLSchema#integer")


@pytest.mark.parametrize(
    "second",
    [
        "DROP GRAPH x:nix",
        "CREATE GRAPH x:k",
        "COPY x:nix TO x:g",
        "LOAD <http://x/>",
        "LOAD SILENT <file:///etc/passwd> INTO GRAPH x:g",
        "INSERT { ?s ?p ?o } WHERE { ?s ?p }",
    ],
)
def test_an_update_is_carried_out_whole_or_not_at_all(second: str) -> None:
    ours, theirs = stores()
    first = (
        "INSERT DATA { x:n x:p 1 . GRAPH x:m { x:n x:p 1 } } ; DROP GRAPH x:h ; MOVE x:g TO x:k ;"
    )
    with pytest.raises((QueryError, ForbiddenError)):
        ours.update(f"{X}{first} {second}")
    assert state(ours._store) == state(theirs)


@pytest.mark.parametrize(
    ("update", "line", "column"),
    [
        ("INSERT DATA {", 1, 14),
        (X + "INSERT DATA { x:a x:b 1 } ;\n  INSERT DATA { x:a ?b 1 }", 2, None),
        (X + "INSERT DATA { x:a x:b 1 } ;\n\n  CLEAR GRAPH ;", 3, None),
        (X + "INSERT DATA { x:a x:b 1 } DELETE WHERE { }", 1, None),
        ("\nDELETE DATA { <http://x/a> <http://x/b> _:b }", 2, None),
    ],
)
def test_a_malformed_update_is_refused_with_its_place(
    update: str, line: int, column: int | None
) -> None:
    ours, theirs = stores()
    with pytest.raises(QueryError) as caught:
        ours.update(update)
    assert caught.value.line == line
    assert column is None or caught.value.column == column
    assert state(ours._store) == state(theirs)


@pytest.mark.parametrize("update", ["INSERT DATA { <a> <b> <c> }", "x", "PREFIX", "BASE", "; ;"])
def test_what_is_no_update_is_refused(update: str) -> None:
    with pytest.raises(QueryError):
        stores()[0].update(update)


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <http://x/a> <http://x/p> "
        + "[ <http://x/p> " * 500
        + "1"
        + "]" * 500
        + "}",
        "INSERT { ?s ?p ?o } WHERE " + "{" * 5000 + "}" * 5000,
        "INSERT DATA " + "{ GRAPH <http://x/g> " * 5000,
        "INSERT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(" + "1+" * 20_000 + "1) }",
        "((" * 50_000,
    ],
)
def test_an_update_that_would_break_the_engine_is_refused(update: str) -> None:
    with pytest.raises(QueryError):
        stores()[0].update(update)


def test_a_great_many_statements_are_inserted_at_once() -> None:
    ours, _ = stores()
    ours.update(
        "INSERT DATA { "
        + " ".join(f"<http://x/n{i}> <http://x/p> -{i} ." for i in range(5000))
        + "}"
    )
    assert len(list(ours.quads(None))) == 5003


def test_the_graphs_of_the_protocol_stand_for_using() -> None:
    ours, theirs = stores()
    text = "INSERT { <http://x/n> <http://x/found> ?s } WHERE { ?s ?p ?o }"
    ours.update(text, using=["http://x/g"])
    theirs.update(text.replace("WHERE", "USING <http://x/g> WHERE"))
    assert state(ours._store) == state(theirs)
    ours.update("DELETE WHERE { ?s <http://x/p> ?o }", using=["http://x/h"])
    assert state(ours._store) == state(theirs)


@pytest.mark.parametrize("clause", ["USING <http://x/g>", "USING NAMED <http://x/g>", ""])
def test_graphs_are_named_by_the_protocol_or_by_the_text(clause: str) -> None:
    ours, _ = stores()
    within = "" if clause else "WITH <http://x/g> "
    with pytest.raises(ParameterError, match="using-graph-uri"):
        ours.update(
            f"{within}DELETE {{ ?s ?p ?o }} {clause} WHERE {{ ?s ?p ?o }}", using=["http://x/h"]
        )


def test_relative_iris_are_resolved_against_the_base() -> None:
    ours, _ = stores()
    ours.update("INSERT DATA { GRAPH <g> { <a> <#b> <../c> } }", base="http://y/d/")
    assert list(ours.quads("http://y/d/g")) == [
        tuple(
            Term("uri", iri)
            for iri in ("http://y/d/a", "http://y/d/#b", "http://y/c", "http://y/d/g")
        )
    ]


def test_operations_are_divided_and_not_understood() -> None:
    first, second = read_operations(
        "CLEAR ALL; WITH <g:g> DELETE { ?a ?b 'x}' } WHERE { ?a ?b ?c }"
    )
    assert (first.kind, first.graphs) == ("clear", ("ALL",))
    assert (second.within, second.delete, second.insert) == ("<g:g>", "{ ?a ?b 'x}' }", None)
    assert second.variables == ["a", "b"]
    assert (second.line, second.column) == (1, 12)


def test_a_clone_changes_nothing_of_the_release(tmp_path: Path) -> None:
    made = WritableStore.create(tmp_path / "made")
    made.update("INSERT DATA { <http://x/a> <http://x/p> 1 }")
    made.checkpoint(tmp_path / "release")
    before = {file.name: file.read_bytes() for file in (tmp_path / "release").iterdir()}
    for name in ("one", "two"):
        clone = WritableStore.clone(tmp_path / "release", tmp_path / name)
        for number in range(20):
            clone.update(f"INSERT DATA {{ <http://x/{name}{number}> <http://x/p> 1 }}")
            clone.checkpoint(tmp_path / f"{name}-{number}")
        clone.optimise()
        assert len(clone) == 21
    assert len(Store.open_read_only(tmp_path / "release")) == 1
    assert {file.name: file.read_bytes() for file in (tmp_path / "release").iterdir()} == before


def test_a_change_is_undone_as_it_was_made() -> None:
    ours, theirs = stores()
    change = Change()
    for operation in ours.operations(X + "MOVE x:g TO x:h ; INSERT DATA { x:a x:p 9 }", None):
        change = ours.apply(ours.change(operation))
        ours.undo(change)
        assert state(ours._store) == state(theirs)
    assert len(change.inserted) == 1
