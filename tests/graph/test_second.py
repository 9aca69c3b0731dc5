"""The second engine against the store: the same answers to the letter, or none."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.catalogue import Catalogue
from graph.dataset import Dataset
from graph.engine import Query
from graph.errors import NotAcceptableError, StorageError
from graph.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from graph.lines import Lines
from graph.results import Limits, Spool
from graph.second.algebra import UnsuitedError
from graph.second.encoding import build
from graph.second.engine import Second, accepts
from graph.store import Store
from graph.terms import Solutions, Term
from tests.conformance.loading import store_of
from tests.conformance.manifests import Documents, entries
from tests.conformance.suites import SuitesAbsentError, suites
from tests.graph.random_graphs import graph
from tests.graph.random_queries import Queries

JSON = RESULT_FORMATS[0]
NTRIPLES = GRAPH_FORMATS[1]
# For a longer run: the seed of the first graph, how many graphs, and how many queries of each.
LONGER = os.environ.get("SIKG_RANDOM_QUERIES", "0,2,100")
FIRST, GRAPHS, QUERIES = map(int, LONGER.split(","))
Row = tuple[tuple[str, Term], ...]

PROLOGUE = "PREFIX : <http://e/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
SMALL = """
<http://e/a> <http://e/is> <http://e/Thing> .
<http://e/b> <http://e/is> <http://e/Thing> .
<http://e/c> <http://e/is> <http://e/Thing> .
<http://e/a> <http://e/paid> "10.50"^^<http://www.w3.org/2001/XMLSchema#decimal> .
<http://e/b> <http://e/paid> "-0.25"^^<http://www.w3.org/2001/XMLSchema#decimal> .
<http://e/c> <http://e/paid> "10.00"^^<http://www.w3.org/2001/XMLSchema#decimal> .
<http://e/a> <http://e/count> "10"^^<http://www.w3.org/2001/XMLSchema#integer> .
<http://e/b> <http://e/count> "10"^^<http://www.w3.org/2001/XMLSchema#integer> .
<http://e/c> <http://e/count> "-11"^^<http://www.w3.org/2001/XMLSchema#integer> .
<http://e/a> <http://e/big> "900000000000.01"^^<http://www.w3.org/2001/XMLSchema#decimal> .
<http://e/b> <http://e/big> "9000000000000.000001"^^<http://www.w3.org/2001/XMLSchema#decimal> .
<http://e/c> <http://e/big> "9000000000000.000001"^^<http://www.w3.org/2001/XMLSchema#decimal> .
<http://e/a> <http://e/lost> "-10"^^<http://www.w3.org/2001/XMLSchema#integer> .
<http://e/a> <http://e/lost> "-11"^^<http://www.w3.org/2001/XMLSchema#integer> .
<http://e/b> <http://e/lost> "-10"^^<http://www.w3.org/2001/XMLSchema#integer> .
<http://e/a> <http://e/long> "9000000000000000000"^^<http://www.w3.org/2001/XMLSchema#integer> .
<http://e/b> <http://e/long> "9000000000000000001"^^<http://www.w3.org/2001/XMLSchema#integer> .
<http://e/a> <http://e/mixed> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .
<http://e/b> <http://e/mixed> "1.0"^^<http://www.w3.org/2001/XMLSchema#decimal> .
<http://e/c> <http://e/mixed> "1"^^<http://www.w3.org/2001/XMLSchema#double> .
<http://e/a> <http://e/label> "Caf\\u00E9 \\"Eins\\"\\nZwei\\tDrei"@de-AT .
<http://e/b> <http://e/label> "ΑΣ \\u0130zmir" .
<http://e/c> <http://e/label> "control \\u0001" .
<http://e/a> <http://e/day> "2020-02-29"^^<http://www.w3.org/2001/XMLSchema#date> .
<http://e/b> <http://e/day> "2021-02-29"^^<http://www.w3.org/2001/XMLSchema#date> .
"""


class Pair:
    """A store and the second engine over the image of its default graph."""

    def __init__(self, store: Store, folder: Path) -> None:
        build(store, folder)
        self.store = store
        self.second = Second.open(folder)

    def asked(self, text: str, form: Format = JSON) -> tuple[bytes, bytes]:
        """Answer a query by both; UnsuitedError if the second leaves it to the store."""
        query = Query(text)
        found = self.second.answer(query, form)
        return found, self.store.answer(query, lambda _: form)[1]

    def check(self, text: str) -> int:
        """Compare both answers, their order where it is asked for; give the number of rows."""
        found, expected = (Solutions.from_json(body) for body in self.asked(text))
        assert found.variables == expected.variables, text
        assert Counter(map(_row, found)) == Counter(map(_row, expected)), text
        # With one key, the keys come in one order only.
        ordered = re.search(r"ORDER BY (?:DESC)?\(?\?(\w+)\)?\s*(?:LIMIT.*|OFFSET.*)?$", text)
        if ordered:
            name = ordered[1]
            assert [row.get(name) for row in found] == [row.get(name) for row in expected], text
        return len(found)


def _row(row: object) -> Row:
    return tuple(sorted(dict(row).items()))  # type: ignore[call-overload]


def _store(text: str) -> Store:
    store = Store.in_memory()
    store.load(text.encode(), NTRIPLES)
    return store


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return Pair(_store(SMALL), tmp_path_factory.mktemp("small") / "second")


@pytest.fixture(scope="module")
def curated(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return Pair(dataset.store, tmp_path_factory.mktemp("curated") / "second")


@pytest.mark.parametrize("dirty", [False, True])
@pytest.mark.parametrize("seed", range(FIRST, FIRST + GRAPHS))
def test_random_queries_have_the_answers_of_the_store(
    seed: int, *, dirty: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if seed % 2:  # as with many solutions
        monkeypatch.setattr("graph.second.evaluating._MANY", 1)
    pair = Pair(_store(graph(seed, dirty=dirty)), tmp_path / "second")
    queries = Queries(seed)
    answered = rows = 0
    for _ in range(QUERIES):
        text = queries.next()
        try:
            rows += pair.check(text) > 0
        except UnsuitedError:
            continue
        answered += 1
    print(f"{answered} of {QUERIES} answered, {rows} of them with rows")  # noqa: T201  # a long run
    # Or nothing would have been compared.
    assert answered > QUERIES / 6
    assert rows > QUERIES / 12


def test_w3c_queries_have_the_answers_of_the_store(tmp_path: Path) -> None:
    try:
        asked = [entry for entry in entries() if entry.kind.endswith("EvaluationTest")]
    except SuitesAbsentError as error:
        pytest.skip(str(error))
    answered = 0
    pairs: dict[Documents, Pair] = {}
    for number, entry in enumerate(asked):
        if not entry.request.endswith(".rq"):
            continue
        text = f"BASE <{entry.request}>\n{suites().text(entry.request)}"
        if not accepts(Query(text)):
            continue
        if entry.data not in pairs:
            pairs[entry.data] = Pair(store_of(entry.data), tmp_path / str(number))
        try:
            pairs[entry.data].check(text)
        except UnsuitedError:
            continue
        answered += 1
    assert answered > 60


def test_a_release_has_an_image_of_its_statements(dataset: Dataset) -> None:
    second = Second.open(dataset.release.path / "second")
    counted = Query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    found = Solutions.from_json(second.answer(counted, JSON))
    assert int(found.values("n")[0]) == dataset.release.manifest.statements


def test_catalogue_queries_have_the_answers_of_the_store(curated: Pair) -> None:
    answered = 0
    for entry in Catalogue.read():
        try:
            curated.check(entry.text)
        except UnsuitedError:
            continue
        answered += 1
    assert answered > 0


QUERIES_OF_PEOPLE = {
    "count all": "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
    "count by property": "SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p ORDER BY ?p",
    "sum and average": "SELECT (SUM(?v) AS ?s) (AVG(?v) AS ?a) (MIN(?v) AS ?l) (MAX(?v) AS ?m) "
    "(COUNT(DISTINCT ?v) AS ?n) WHERE { ?x :paid ?v }",
    "average of integers": "SELECT (SUM(?v) AS ?s) (AVG(?v) AS ?a) (AVG(DISTINCT ?v) AS ?d) "
    "WHERE { ?x :count ?v }",
    "average below zero": "SELECT (AVG(?v) AS ?a) WHERE { ?x :lost ?v }",
    "a sum of 128 bits": "SELECT (SUM(?v) AS ?s) (AVG(?v) AS ?a) WHERE { ?x :big ?v }",
    "nothing": "SELECT (COUNT(*) AS ?n) (SUM(?v) AS ?s) (AVG(?v) AS ?a) (MIN(?v) AS ?m) "
    "WHERE { ?x :none ?v }",
    "nothing in groups": "SELECT ?x (SUM(?v) AS ?s) WHERE { ?x :none ?v } GROUP BY ?x",
    "groups": "SELECT ?v (COUNT(?x) AS ?n) WHERE { ?x :count ?v } "
    "GROUP BY ?v HAVING (COUNT(*) > 1)",
    "numbers across types": "SELECT ?x WHERE { ?x :paid ?v FILTER(?v >= 10) } ORDER BY ?x",
    "a bound between units": "SELECT ?x WHERE { ?x :paid ?v FILTER(?v > 9.9999 && ?v < 10.4999) }",
    "a bound between integers": "SELECT ?x WHERE { ?x :count ?v FILTER(?v < 10.5) }",
    "what is unbound comes first": "SELECT ?x ?v WHERE { ?x :is :Thing OPTIONAL { ?x :long ?v } } "
    "ORDER BY ?v",
    "what is unbound comes last": "SELECT ?x ?v WHERE { ?x :is :Thing OPTIONAL { ?x :long ?v } } "
    "ORDER BY DESC(?v)",
    "several types of numbers given out": "SELECT ?x ?v WHERE { ?x :mixed ?v }",
    "small letters": "SELECT ?x WHERE { ?x :label ?l FILTER(CONTAINS(LCASE(STR(?l)), 'ας i̇')) }",
    "a regular expression": "SELECT ?x WHERE { ?x :label ?l FILTER(REGEX(?l, 'e.ns.*z', 'is')) }",
    "language": "SELECT ?x ?l WHERE { ?x :label ?l FILTER(LANGMATCHES(LANG(?l), 'DE')) }",
    "years, of which one is no date": "SELECT ?x WHERE { ?x :day ?d FILTER(?x = :a) "
    "OPTIONAL { ?x :paid ?p } }",
    "a path": "SELECT ?x ?y WHERE { ?x :is/^:is ?y . FILTER(?x != ?y) } ORDER BY ?x ?y LIMIT 3",
    "all variables": "SELECT * WHERE { ?z :paid ?b ; :count ?a }",
    "what is not there": "SELECT ?x WHERE { ?x :is :Thing FILTER NOT EXISTS { ?x :long ?v } }",
}


@pytest.mark.parametrize("text", QUERIES_OF_PEOPLE.values(), ids=QUERIES_OF_PEOPLE)
def test_what_people_write_is_answered_as_by_the_store(small: Pair, text: str) -> None:
    small.check(PROLOGUE + text)


@pytest.mark.parametrize("form", RESULT_FORMATS, ids=lambda form: form.name)
def test_a_spool_gets_the_answer_and_may_cut_it(small: Pair, form: Format) -> None:
    query = Query(PROLOGUE + "SELECT ?x ?v WHERE { ?x :count ?v } ORDER BY ?x")
    for rows in (2, 3):
        whole, expected = Spool(Limits(rows=rows)), Spool(Limits(rows=rows))
        assert small.second.write_answer(query, lambda _: form, whole) is form
        small.store.write_answer(query, lambda _: form, expected)
        assert whole.finish() == expected.finish()
        assert whole.cut == expected.cut


@pytest.mark.parametrize("form", RESULT_FORMATS, ids=lambda form: form.name)
def test_ordered_answers_are_the_same_bytes(small: Pair, form: Format) -> None:
    text = (
        "SELECT ?x ?l ?v ?n WHERE { ?x :paid ?v ; :count ?n "
        "OPTIONAL { ?x :label ?l FILTER(LANG(?l) != '') } } "
        "ORDER BY ?x"
    )
    found, expected = small.asked(PROLOGUE + text, form)
    assert found == expected


def test_xml_refuses_control_characters_as_the_store_does(small: Pair) -> None:
    query = Query(PROLOGUE + "SELECT ?l WHERE { ?x :label ?l }")
    with pytest.raises(NotAcceptableError):
        small.second.answer(query, RESULT_FORMATS[1])


NOT_ACCEPTED = {
    "graphs": "SELECT ?s WHERE { GRAPH ?g { ?s ?p ?o } }",
    "dataset": "SELECT ?s FROM :g WHERE { ?s ?p ?o }",
    "service": "SELECT ?s WHERE { SERVICE :e { ?s ?p ?o } }",
    "ask": "ASK { ?s ?p ?o }",
    "construct": "CONSTRUCT WHERE { ?s ?p ?o }",
    "long paths": "SELECT ?s WHERE { ?s :p+ ?o }",
    "sample": "SELECT (SAMPLE(?o) AS ?x) WHERE { ?s ?p ?o }",
    "concatenation": "SELECT (GROUP_CONCAT(?o) AS ?x) WHERE { ?s ?p ?o }",
    "chance": "SELECT (RAND() AS ?x) WHERE { ?s ?p ?o }",
    "calculation": "SELECT (?o + 1 AS ?x) WHERE { ?s ?p ?o }",
    "doubles": "SELECT ?s WHERE { ?s ?p ?o FILTER(?o > 1e3) }",
    "no query": "SELECT ?s WHERE {",
    "escapes": "SELECT ?s WHERE { ?s ?p '\\u0041' }",
    "patterns without variables": "SELECT ?s WHERE { ?s ?p ?o . :a :is :Thing }",
    "deep": f"SELECT ?s WHERE {{ ?s ?p ?o FILTER{'(' * 20}true{')' * 20} }}",
}


@pytest.mark.parametrize("text", NOT_ACCEPTED.values(), ids=NOT_ACCEPTED)
def test_other_queries_are_left_to_the_store(text: str) -> None:
    assert not accepts(Query(PROLOGUE + text))


def test_a_dataset_of_the_protocol_is_left_to_the_store() -> None:
    text = "SELECT ?s WHERE { ?s ?p ?o }"
    assert accepts(Query(text))
    assert not accepts(Query(text, default_graphs=("http://e/g",)))
    assert not accepts(Query(text, named_graphs=("http://e/g",)))


LEFT_BY_CONTENT = {
    "a cut between equals": "SELECT ?x WHERE { ?x :count ?v } ORDER BY DESC(?v) LIMIT 1",
    "a cut without order": "SELECT ?x WHERE { ?x :count ?v } LIMIT 2",
    "a start without order": "SELECT ?x WHERE { ?x :count ?v } OFFSET 1",
    "a sum across types": "SELECT (SUM(?v) AS ?s) WHERE { ?x :mixed ?v }",
    "an order across types": "SELECT ?x WHERE { ?x ?p ?v } ORDER BY ?v",
    "a comparison with a double": "SELECT ?x WHERE { ?x :mixed ?v FILTER(?v > 0) }",
    "a sum beyond 64 bits": "SELECT (SUM(?v) AS ?s) WHERE { ?x :long ?v }",
    "an average of what is unbound": "SELECT (AVG(?v) AS ?s) WHERE "
    "{ ?x :is :Thing OPTIONAL { ?x :long ?v } }",
    "a date that is none": "SELECT ?x WHERE { ?x :day ?d FILTER(YEAR(?d) = 2021) }",
    "a solution by two predicates": "SELECT ?x WHERE { ?x :paid|:paid ?v }",
    "an empty range": "SELECT ?x WHERE { ?x :label ?l FILTER(LANGMATCHES(LANG(?l), '')) }",
    "a text with a language": "SELECT ?x WHERE { ?x :label ?l FILTER(LCASE(?l) != 'a') }",
    "a text and a number": "SELECT ?x WHERE { ?x :label ?l FILTER(STR(?l) = 5) }",
    "no common variable": "SELECT ?x WHERE { ?x :count ?v . ?y :paid ?w }",
}


@pytest.mark.parametrize("text", LEFT_BY_CONTENT.values(), ids=LEFT_BY_CONTENT)
def test_what_the_content_makes_unsure_is_left_to_the_store(small: Pair, text: str) -> None:
    assert accepts(Query(PROLOGUE + text))
    with pytest.raises(UnsuitedError):
        small.second.answer(Query(PROLOGUE + text), JSON)


def test_a_limit_beyond_all_rows_needs_no_order(small: Pair) -> None:
    assert small.check(PROLOGUE + "SELECT ?x WHERE { ?x :count ?v } LIMIT 3") == 3


def test_joins_too_large_are_left_to_the_store(
    small: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = PROLOGUE + "SELECT ?x ?y WHERE { ?x :is ?t . ?y :is ?t }"
    assert small.check(text) == 9
    monkeypatch.setattr("graph.second.relations.MAX_CELLS", 26)
    with pytest.raises(UnsuitedError):
        small.second.answer(Query(text), JSON)


def test_an_empty_graph_is_answered(tmp_path: Path) -> None:
    pair = Pair(Store.in_memory(), tmp_path / "second")
    assert pair.check("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }") == 1
    assert pair.check("SELECT ?s WHERE { ?s <http://e/p> ?o FILTER(?o > 3) }") == 0


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("dirty", [False, True])
def test_lines_give_the_image_of_the_store_that_they_were_loaded_into(
    tmp_path: Path, *, dirty: bool
) -> None:
    text = graph(7, dirty=dirty).replace("_:blank", "<http://example.org/blank>")
    files = [tmp_path / name for name in ("one.nt", "other.nt", "none.nt")]
    # Some statements stand twice.
    for file, part in zip(files, (text[: len(text) // 2], text[len(text) // 4 :], ""), strict=True):
        lines = part.split("\n")[1:-1]
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    store = Store.in_memory()
    for file in files:
        store.load_statements(file)
    build(store, tmp_path / "of-store")
    build(Lines(files, ()), tmp_path / "of-lines")
    assert _files(tmp_path / "of-lines") == _files(tmp_path / "of-store")


@pytest.mark.parametrize(
    "line",
    ["_:b <http://e/p> <http://e/o> .", "nothing", "<http://e/s> <http://e/p> <http://e/<> ."],
)
def test_lines_that_cannot_be_read_are_refused(tmp_path: Path, line: str) -> None:
    file = tmp_path / "lines.nt"
    file.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(StorageError):
        build(Lines((file,), ()), tmp_path / "second")


def _without(folder: Path) -> None:
    (folder / "layout.json").unlink()


def _garbled(folder: Path) -> None:
    (folder / "layout.json").write_text("{}", encoding="utf-8")


def _shortened(folder: Path) -> None:
    with (folder / "objects.u32").open("r+b") as file:
        file.truncate(4)


@pytest.mark.parametrize("damage", [_without, _garbled, _shortened])
def test_a_damaged_image_is_told_at_once(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    folder = tmp_path / "second"
    build(_store(SMALL), folder)
    damage(folder)
    with pytest.raises(StorageError):
        Second.open(folder)
