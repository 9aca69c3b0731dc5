"""Queries built to exhaust: refused or ended within the budget, and nobody else notices."""

from __future__ import annotations

import random

import pytest

from tests.hostile.conftest import PROBLEM, Server

MEGABYTE = 1_000_000
LABEL = "<http://www.w3.org/2004/02/skos/core#prefLabel>"

TOO_MUCH = {
    "one megabyte of triples": lambda: f"SELECT * {{ {'?s ?p ?o . ' * 90_000} }}",
    "one megabyte of brackets": lambda: "SELECT * " + "{" * 490_000 + "}" * 490_000,
    "open brackets only": lambda: "SELECT * " + "{" * 900_000,
    "parentheses": lambda: f"SELECT * {{ FILTER({'(' * 400_000}1{')' * 400_000}) }}",
    "negations": lambda: f"SELECT * {{ FILTER({'!' * 900_000}true) }}",
    "a sum": lambda: f"SELECT (1{'+1' * 400_000} AS ?n) {{}}",
    "unions": lambda: f"SELECT * {{ {{}} {'UNION {} ' * 100_000} }}",
    "optionals": lambda: "SELECT * { ?s ?p ?o " + "OPTIONAL { ?s ?p ?o " * 40_000 + "}" * 40_001,
    "subqueries": lambda: "SELECT * { " * 80_000 + "}" * 80_000,
    "a path of sequences": lambda: f"ASK {{ ?s {'/'.join(['<p:p>'] * 100_000)} ?o }}",
    "a path of stars": lambda: f"ASK {{ ?s {'(' * 90_000}<p:p>{')*' * 90_000} ?o }}",
    "nested lists": lambda: f"ASK {{ ?s ?p {'(' * 200_000}{')' * 200_000} }}",
    "nested blank nodes": lambda: f"ASK {{ ?s ?p {'[<p:p> ' * 90_000}{']' * 90_000} }}",
    "nested quoted triples": lambda: f"ASK {{ {'<<' * 200_000}",
    "a string": lambda: f'ASK {{ ?s ?p "{"a" * 900_000}" }}',
    "a string without end": lambda: f'ASK {{ ?s ?p "{"a" * 900_000}',
    "quotes": lambda: '"' * MEGABYTE,
    "escapes": lambda: "\\" * MEGABYTE,
    "less-than signs": lambda: "<" * MEGABYTE,
    "colons": lambda: ":" * MEGABYTE,
    "comments": lambda: "#\n" * 490_000,
    "prefixes": lambda: "".join(f"PREFIX p{n}: <http://x/{n}> " for n in range(30_000)) + "ASK{}",
    "white space": lambda: " " * MEGABYTE,
    "the word service": lambda: "service " * 120_000,
    "values": lambda: f"SELECT * {{ VALUES ?x {{ {' '.join(map(str, range(120_000)))} }} }}",
    "variables": lambda: f"SELECT {' '.join(f'?v{n}' for n in range(80_000))} {{ ?s ?p ?o }}",
    "functions": lambda: f"ASK {{ FILTER({'STR(' * 90_000}1{')' * 90_000} = 1) }}",
    "exists in exists": lambda: "ASK { " + "FILTER EXISTS { " * 50_000 + "}" * 50_001,
    "minus in minus": lambda: "ASK { ?a ?b ?c " + "MINUS { ?a ?b ?c " * 30_000 + "}" * 30_001,
}

EXPLODING = {
    "a cross product": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "a sorted cross product": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY DESC(?a) ?f LIMIT 1",
    "a distinct cross product": "SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "a grouped cross product": (
        "SELECT ?a (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } GROUP BY ?a"
    ),
    "concatenated groups": (
        "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d))) AS ?all) { ?a ?b ?c . ?d ?e ?f }"
    ),
    "any path between all": "SELECT (COUNT(*) AS ?n) { ?a (<x:x>|!<x:x>)* ?b . ?c (!<x:y>)* ?d }",
    "stars of stars": "SELECT * { ?a ((!<x:x>)*/(!<x:y>)*)* ?b . ?b ((!<x:x>)+)+ ?c }",
    "inverse paths": "SELECT * { ?a (!(<x:x>|^<x:x>))+ ?b . ?b (^!<x:y>/!<x:z>)* ?c }",
    "a doubling string": (
        'SELECT (STRLEN(?z) AS ?n) { BIND("aaaaaaaaaa" AS ?a0) '
        + " ".join(f"BIND(CONCAT({', '.join([f'?a{n}'] * 10)}) AS ?a{n + 1})" for n in range(10))
        + " BIND(?a10 AS ?z) }"
    ),
    "a replacement that grows": (
        'SELECT * { ?s ?p ?o BIND(REPLACE(REPLACE(REPLACE(STR(?s), ".", "$0$0$0$0$0$0$0$0"), ".", '
        '"$0$0$0$0$0$0$0$0"), ".", "$0$0$0$0$0$0$0$0") AS ?x) ?t ?q ?r }'
    ),
    "the long way round": (
        "SELECT * { ?s ?p ?o FILTER NOT EXISTS { ?a ?b ?c . ?d ?e ?f FILTER(?a = ?f && ?b = ?o) } }"
    ),
    "all described": "DESCRIBE * { ?a ?b ?c . ?d ?e ?f }",
    "all constructed": "CONSTRUCT { ?a ?e ?f . ?d ?b ?c } { ?a ?b ?c . ?d ?e ?f }",
    "large hashes": "SELECT (MD5(GROUP_CONCAT(STR(?o))) AS ?h) { ?s ?p ?o . ?t ?q ?r } GROUP BY ?q",
    "chance": "SELECT (SUM(RAND()) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
}

REGEXES = [
    "(a+)+$",
    "(a|a)*b",
    "((a{0,100}){0,100}){0,100}",
    "(.*)*(.*)*(.*)*x",
    "a{1000000}",
    "(((((((((((((((((((((a?)?)?)?)?)?)?)?)?)?)?)?)?)?)?)?)?)?)?)?)?",
    "(" * 5000 + ")" * 5000,
    "[a-z]{0,1000}" * 500,
    "\\p{L}{1,1000}" * 100,
    "(?:x{0,65535}){0,65535}",
]

# What an answer to such a query may be: in full, cut, refused as malformed or unreadable, or
# ended at a limit of time or memory.
BORNE = {200, 206, 400, 403, 413, 503, 504}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_queries_of_one_megabyte_are_borne(well: Server, name: str) -> None:
    query = TOO_MUCH[name]()
    said = well.query(query[:MEGABYTE])
    assert said.status in BORNE
    if said.status >= 400:
        assert said.headers["content-type"] == PROBLEM
        assert len(said.body) < 2000


@pytest.mark.parametrize("name", EXPLODING)
def test_queries_that_explode_end_at_a_limit_that_is_told(well: Server, name: str) -> None:
    said = well.query(EXPLODING[name])
    assert said.status in BORNE
    if said.status >= 500:
        assert said.headers["content-type"] == PROBLEM
        assert "setting query_" in said.document["detail"]
    elif said.status == 206:
        assert "limit=" in said.headers["sikg-cut"]


@pytest.mark.parametrize("pattern", REGEXES, ids=range(len(REGEXES)))
def test_regular_expressions_do_not_explode(well: Server, pattern: str) -> None:
    text = "a" * 40 + "!"
    written = pattern.replace("\\", "\\\\")
    said = well.query(
        f'SELECT * {{ ?s {LABEL} ?o FILTER(REGEX(CONCAT("{text}", ?o), "{written}")) }}'
    )
    assert said.status in BORNE


def test_random_bytes_of_queries_are_told_as_malformed(well: Server) -> None:
    """Good queries with a few bytes changed, the same in each run."""
    chance = random.Random(3)  # noqa: S311  # reproducible, no secret
    good = (*EXPLODING.values(), f"SELECT ?s {{ ?s {LABEL} 'x'@en }} LIMIT 3")
    for _ in range(200):
        letters = list(chance.choice(good))
        for _ in range(chance.randrange(1, 6)):
            place = chance.randrange(len(letters))
            letters[place] = chance.choice(
                ["", "{", "}", "<", '"', "\\", "(", "é", "\x01", "*", "?"]
            )
        said = well.query("".join(letters) + " LIMIT 1 OFFSET x")
        assert said.status == 400
