"""The fact tables answer as the store does: on the curated tables, and on graphs made up at random.

Rows are compared one by one. Lists inside a cell come in no order, so they are compared as sets.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from graph.catalogue import Catalogue, CatalogueQuery, Kind, Parameter
from graph.dataset import Dataset
from graph.engine import Query
from graph.facts import Facts, answer, build, stamp
from graph.facts.answers import question
from graph.facts.names import names
from graph.formats import GRAPH_FORMATS, RESULT_FORMATS
from graph.identity import Identity
from graph.release import Manifest, Release
from graph.search import Name, SearchIndex
from graph.store import Store

CATALOGUE = Catalogue.read()
QUERIES = [query for query in CATALOGUE if question(query.name) is not None]
JSON = RESULT_FORMATS[0]
LISTS = {"acronyms", "roles", "titles"} | {"countries"}
# What each question sorts by; rows that agree in these come in any order.
ORDER = {
    "countries-by-shared-consortia": ("consortia", "firstCode", "secondCode"),
    "countries-without-practices": ("theme", "countryCode"),
    "events-by-year": ("startYear", "event"),
    "evidence-by-confidence": ("source", "confidence"),
    "lead-partners": ("project", "organisation", "said"),
    "money-by-programme-country-year": (
        "programmes", "countries", "year", "kind", "phase", "currency",
    ),
    "organisations-in-several-consortia": ("consortia", "organisation"),
    "practices-by-principle": ("principle", "practice"),
    "practices-by-target-group": ("groupCode", "practice"),
    "practices-by-theme-and-country": ("themeCode", "countryCode"),
    "theme-gaps": ("policies", "themeCode"),
}  # fmt: skip

Row = dict[str, object]


def rows(body: bytes, query: CatalogueQuery) -> list[Row]:
    """Read an answer; the values of lists are sorted, except those that the question sorts."""
    document = json.loads(body)
    assert document["head"]["vars"] == [column.name for column in query.columns]
    lists = LISTS - set(ORDER[query.name])
    found = []
    for binding in document["results"]["bindings"]:
        for name in lists & binding.keys():
            parts = sorted(binding[name]["value"].split("; "))
            binding[name] = {**binding[name], "value": "; ".join(parts)}
        found.append(binding)
    return found


def compare(dataset: Dataset, query: CatalogueQuery, values: Mapping[str, str]) -> int:
    """Compare both answers to a question; give how many rows they have."""
    body = answer(dataset, query, values, JSON)
    assert body is not None, (query.name, values)
    _, expected = dataset.store.answer(query.bound(values, dataset.identity), lambda _: JSON)
    ours, theirs = rows(body, query), rows(expected, query)
    whole = [[json.dumps(row, sort_keys=True) for row in found] for found in (ours, theirs)]
    assert sorted(whole[0]) == sorted(whole[1]), (query.name, values)
    keys = [
        [[row.get(key) for key in ORDER[query.name]] for row in found] for found in (ours, theirs)
    ]
    assert keys[0] == keys[1], (query.name, values)
    return len(ours)


def occurring(dataset: Dataset, parameter: Parameter) -> list[str]:
    """Give every value of a parameter that the release has, and one that it has not."""
    match parameter.kind:
        case Kind.INTEGER:
            return ["1", "2", "3"]
        case Kind.LANGUAGE:
            return ["en", "et", "xx"]
        case Kind.YEAR:
            return [str(year) for year in range(2014, 2026)]
        case _:
            start = f"{dataset.identity.base}id/{parameter.segment}/"
            text = f'SELECT DISTINCT ?s {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{start}")) }}'
            found = dataset.store.select(Query(text)).values("s")
            keys = [reference.key for iri in found if (reference := dataset.identity.parse(iri))]
            return [*sorted(keys), "nothing-of-the-kind"]


def combinations(dataset: Dataset, query: CatalogueQuery, number: int) -> Iterator[dict[str, str]]:
    """Give each value of each parameter alone, and some combinations of them."""
    yield {}
    values = {item.name: occurring(dataset, item) for item in query.parameters}
    for name, known in values.items():
        yield from ({name: value} for value in known)
    chance = random.Random(20261122)  # noqa: S311  # a seeded choice of test data
    for _ in range(number if len(values) > 1 else 0):
        given = {name: chance.choice(["", *known]) for name, known in values.items()}
        yield {name: value for name, value in given.items() if value}


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_facts_answer_as_the_store_for_all_values(dataset: Dataset, query: CatalogueQuery) -> None:
    assert sum(compare(dataset, query, values) for values in combinations(dataset, query, 12)) > 0


def test_questions_that_must_be_answered_are() -> None:
    assert {query.name for query in QUERIES} == set(ORDER)


@pytest.mark.parametrize("form", RESULT_FORMATS, ids=lambda form: form.name)
@pytest.mark.parametrize("name", ["lead-partners", "events-by-year", "countries-without-practices"])
def test_every_format_is_written_as_by_the_store(dataset: Dataset, name: str, form: object) -> None:
    query = CATALOGUE.get(name)
    chosen = next(item for item in RESULT_FORMATS if item is form)
    _, expected = dataset.store.answer(query.bound({}, dataset.identity), lambda _: chosen)
    assert answer(dataset, query, {}, chosen) == expected


class Odd:
    """Makes up small graphs in which everything can be missing, twice or contradictory."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311  # as above
        self.lines: list[str] = []

    def some(self, most: int = 2) -> range:
        """Give a number of times, often one."""
        return range(self.chance.choice([0, 1, 1, 1, most]))

    def thing(self, kind: str, number: int = 6) -> str:
        """Name one of the things of a kind."""
        return f"<http://localhost:8000/id/{kind}/{self.chance.randrange(number)}>"

    def text(self) -> str:
        """Make up a text with characters that formats write in their own ways."""
        word = self.chance.choice(["Alpha", "beta", 'say \\"x\\"', "a\\tb\\\\c", "käsi; pea", "zz"])
        return f'"{word}"{self.chance.choice(["", "@en", "@et", "@en-gb"])}'

    def put(self, subject: str, predicate: str, value: str) -> None:
        """State something."""
        self.lines.append(f"{subject} {predicate} {value} .")

    def turtle(self) -> bytes:
        """Make up a graph."""
        for kind, place in product(["practice", "project", "consortium"], range(6)):
            self._undertaking(f"<http://localhost:8000/id/{kind}/{place}>", kind)
        for number in range(8):
            self._amount(f"<http://localhost:8000/id/funding/{number}>")
            self._participation(f"<http://localhost:8000/id/participation/{number}>")
            self._event(f"<http://localhost:8000/id/event/{number}>")
        for kind, class_ in {
            "country": "MemberState", "theme": "Theme", "target-group": "TargetGroup",
            "programme": "Programme", "policy": "Principle", "organisation": "Organisation",
            "role": "Role", "funding-kind": "FundingKind", "funding-phase": "FundingPhase",
        }.items():  # fmt: skip
            for number in range(6):
                self._concept(f"<http://localhost:8000/id/{kind}/{number}>", kind, class_, number)
        prefixes = (
            "@prefix sikg: <https://w3id.org/sikg/ontology#> .\n"
            "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        )
        return (prefixes + "\n".join(self.lines)).encode()

    def _named(self, subject: str) -> None:
        for _ in self.some():
            self.put(subject, "skos:prefLabel", self.text())

    def _undertaking(self, subject: str, kind: str) -> None:
        class_ = {"practice": "Practice", "project": "Project", "consortium": "Consortium"}[kind]
        self.put(subject, "a", f"sikg:{class_}")
        if kind == "consortium":
            self.put(subject, "a", "sikg:Project")
            for _ in self.some():
                self.put(subject, "sikg:acronym", f'"{self.chance.choice("ABC")}"')
        self._named(subject)
        for property_, other in (
            ("country", "country"), ("theme", "theme"), ("targetGroup", "target-group"),
            ("principle", "policy"), ("fundedBy", "programme"), ("call", "programme"),
            ("funding", "funding"), ("leadPartner", "organisation"), ("leadCountry", "country"),
        ):  # fmt: skip
            for _ in self.some(3):
                self.put(subject, f"sikg:{property_}", self.thing(other))
        self._date(subject, "startDate")

    def _date(self, subject: str, property_: str) -> None:
        for _ in self.some():
            year = self.chance.randrange(2014, 2018)
            written = self.chance.choice(
                [f'"{year}"^^<http://www.w3.org/2001/XMLSchema#gYear>', f'"{year}-05-03"']
            )
            self.put(subject, f"sikg:{property_}", written)

    def _amount(self, subject: str) -> None:
        for _ in self.some():
            value = self.chance.choice(["10.10", "20.2", "1000000.99", "0.01", "7.0", "-3.5"])
            self.put(subject, "sikg:amount", value)
        for _ in self.some():
            self.put(subject, "sikg:fundingKind", self.thing("funding-kind"))
            self.put(subject, "sikg:fundingPhase", self.thing("funding-phase"))
        for _ in self.some():
            self.put(subject, "sikg:currency", self.chance.choice(['"EUR"', '"SEK"']))
        self._date(subject, "fundingYear")

    def _participation(self, subject: str) -> None:
        self.put(subject, "a", "sikg:Participation")
        for _ in self.some():
            self.put(subject, "sikg:participant", self.thing("organisation"))
            kind = self.chance.choice(["consortium", "practice"])
            self.put(subject, "sikg:participatesIn", self.thing(kind))
            self.put(subject, "sikg:role", self.thing("role"))

    def _event(self, subject: str) -> None:
        self.put(subject, "a", "sikg:Event")
        for _ in self.some():
            self.put(subject, "a", self.chance.choice(["sikg:Workshop", "sikg:Training"]))
        self._named(subject)
        for property_ in ("startDate", "endDate"):
            self._date(subject, property_)
        for _ in self.some():
            self.put(subject, "sikg:country", self.thing("country"))
            self.put(subject, "sikg:operator", self.thing("organisation"))
            self.put(subject, "sikg:place", self.text())

    def _concept(self, subject: str, kind: str, class_: str, number: int) -> None:
        if self.chance.random() < 0.9:
            self.put(subject, "a", f"sikg:{class_}")
        roles = {"role": ["lead-partner", "coordinator", "partner"]}
        for _ in self.some():
            notation = self.chance.choice(roles.get(kind, [f"n{number}", "same", "Z"]))
            self.put(subject, "skos:notation", f'"{notation}"')
        self._named(subject)
        if kind in {"theme", "target-group"}:
            for _ in self.some():
                self.put(subject, "skos:broader", self.thing(kind))
                self.put(self.thing("policy"), "sikg:theme", subject)
        if kind == "policy":
            self.put(subject, "a", "sikg:Policy")
        if kind == "programme":
            for _ in self.some():
                self.put(subject, "sikg:partOf", self.thing(kind))
        if kind == "organisation":
            for _ in self.some():
                self.put(subject, "sikg:country", self.thing("country"))


def made(folder: Path, turtle: bytes) -> Dataset:
    """Make a dataset of a graph, with its facts."""
    store, identity = Store.in_memory(), Identity()
    store.load(turtle, GRAPH_FORMATS[0])
    manifest = Manifest(
        number=7,
        created=datetime.now(UTC),
        base=identity.base,
        digest="abc",
        statements=0,
        quads=len(store),
        conforms=True,
        software="0",
        ontology="0",
        sources=(),
    )
    release = Release(folder, manifest)
    SearchIndex.build(
        release.search_path, iter([Name(identity.base, "x", "x", "en", preferred=True)])
    )
    build(store, identity, release.facts_path)
    stamp(release.facts_path, 7, "abc")
    search = SearchIndex.open(release.search_path)
    return Dataset(release, store, search, Facts(release.facts_path))


@pytest.mark.parametrize("seed", range(6))
def test_facts_answer_as_the_store_on_odd_graphs(tmp_path: Path, seed: int) -> None:
    dataset = made(tmp_path, Odd(seed).turtle())
    chance, found = random.Random(seed), 0  # noqa: S311  # as above
    for query in QUERIES:
        if query.name == "evidence-by-confidence":
            continue  # there are no rows here
        found += compare(dataset, query, {})
        for _ in range(6):
            given = {
                item.name: chance.choice(_values_of_odd(item))
                for item in query.parameters
                if chance.random() < 0.6
            }
            found += compare(dataset, query, given)
    assert found > 0


def _values_of_odd(parameter: Parameter) -> list[str]:
    match parameter.kind:
        case Kind.ENTITY:
            return [str(number) for number in range(7)]
        case Kind.CONCEPT:
            return ["n1", "n2", "same", "zz"]
        case Kind.YEAR:
            return ["2014", "2015", "2016"]
        case Kind.LANGUAGE:
            return ["en", "et", "en-gb"]
        case _:
            return ["1", "2"]


@pytest.mark.parametrize(
    "odd",
    [
        b"<a:f> <https://w3id.org/sikg/ontology#amount> 1e3 .",
        b"<a:f> <https://w3id.org/sikg/ontology#amount> 5 .",
        b'<a:f> <https://w3id.org/sikg/ontology#amount> "many" .',
        b"_:f <https://w3id.org/sikg/ontology#amount> 5.5 .",
        b"<a:f> <https://w3id.org/sikg/ontology#amount> 1234567890123456789.5 .",
        b'<a:f> <http://www.w3.org/2004/02/skos/core#notation> "x"@en .',
        b"<a:f> <https://w3id.org/sikg/ontology#country> _:c .",
    ],
)
def test_the_store_answers_what_the_facts_cannot_hold(tmp_path: Path, odd: bytes) -> None:
    query = CATALOGUE.get("money-by-programme-country-year")
    fit = made(tmp_path / "fit", Odd(1).turtle())
    assert answer(fit, query, {}, JSON) is not None
    unfit = made(tmp_path / "unfit", Odd(1).turtle() + b"\n" + odd)
    assert answer(unfit, query, {}, JSON) is None


def test_facts_of_another_state_answer_nothing(tmp_path: Path) -> None:
    dataset = made(tmp_path, Odd(1).turtle())
    query = CATALOGUE.get("theme-gaps")
    assert answer(dataset, query, {}, JSON) is not None
    manifest = dataset.release.manifest.model_copy(update={"digest": "def"})
    assert answer(replace(dataset, release=Release(tmp_path, manifest)), query, {}, JSON) is None


def test_a_release_without_facts_is_answered_by_the_store(tmp_path: Path) -> None:
    dataset = made(tmp_path, Odd(1).turtle())
    without = replace(dataset, facts=Facts(tmp_path / "nowhere"))
    assert answer(without, CATALOGUE.get("theme-gaps"), {}, JSON) is None


def test_more_rows_than_are_wanted_are_left_to_the_store(dataset: Dataset) -> None:
    query = CATALOGUE.get("events-by-year")
    number = compare(dataset, query, {})
    assert answer(dataset, query, {}, JSON, number) is not None
    assert answer(dataset, query, {}, JSON, number - 1) is None


def test_readers_cannot_fill_the_memory_with_their_languages(dataset: Dataset) -> None:
    facts = Facts(dataset.release.facts_path)
    for number in range(300):
        assert "employment" in names(facts, "theme", [f"x-{number}", "et"])
    assert len(facts._memory) < 100


def test_facts_are_opened_before_anybody_asks(dataset: Dataset, tmp_path: Path) -> None:
    facts = Facts(dataset.release.facts_path)
    facts.open()
    opened = facts._opened
    assert opened is not None
    facts.open()
    assert facts.ask("SELECT count(*) FROM thing")[0][0] > 0
    assert facts._opened is opened
    without = Facts(tmp_path / "nowhere")
    without.open()
    assert without._opened is None


def test_the_next_release_reads_on_in_the_same_tables(dataset: Dataset, tmp_path: Path) -> None:
    """As after an edit, which links the files of the tables."""
    for name in ("same", "other"):
        (tmp_path / name).mkdir()
        for path in dataset.release.facts_path.iterdir():
            (tmp_path / name / path.name).hardlink_to(path)
    (tmp_path / "other/thing.parquet").unlink()
    facts = Facts(dataset.release.facts_path)
    assert facts.next(tmp_path / "same")._opened is None
    facts.open()
    assert facts.next(tmp_path / "same")._opened is facts._opened is not None
    assert facts.remembered("anything", lambda: 1) == 1
    assert facts.next(tmp_path / "same").remembered("anything", lambda: 2) == 1
    other = facts.next(tmp_path / "other")
    assert other._opened is None
    assert other.remembered("anything", lambda: 2) == 2
