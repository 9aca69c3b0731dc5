"""The catalogue's questions on the curated tables, against answers worked out from the tables."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from itertools import combinations, permutations
from pathlib import Path

import pytest
import rdflib

import ontology
from graph.catalogue import Catalogue, CatalogueQuery, Kind, document
from graph.dataset import Dataset
from graph.engine import Query
from graph.errors import ParameterError
from graph.formats import GRAPH_FORMATS, by_name
from graph.identity import Identity
from graph.store import Store
from ontology.namespaces import PREFIXES

ROOT = Path(__file__).parents[2]
CATALOGUE = Catalogue.read()
QUERIES = list(CATALOGUE)
NAMES = [query.name for query in QUERIES]

# Values for the queries that have no default to run with.
REQUIRED = {"things-of-an-identifier": {"identifier": "https://ror.org/03z77qz90"}}

Row = dict[str, str]
Tables = Mapping[str, Sequence[Row]]
Ask = Callable[..., list[Row]]


@pytest.fixture(scope="module")
def tables(data_folder: Path) -> Tables:
    """Read the curated tables: name to rows, each a column to its text."""
    found = {}
    for path in data_folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as lines:
            found[path.stem] = list(csv.DictReader(lines, strict=True))
    return found


@pytest.fixture(scope="module")
def ask(dataset: Dataset) -> Ask:
    """Give a function that answers a query; IRIs of ours are shortened to segment/key."""

    def answer(name: str, **values: str) -> list[Row]:
        query = CATALOGUE.get(name).bound(values or REQUIRED.get(name, {}), dataset.identity)
        return [
            {variable: short(term.value, dataset.identity) for variable, term in row.items()}
            for row in dataset.store.select(query)
        ]

    return answer


def short(value: str, identity: Identity) -> str:
    """Shorten an IRI under the base."""
    return value.removeprefix(f"{identity.base}id/")


def split(cell: str, by: str = ";") -> list[str]:
    """Split a cell of several values."""
    return [part.strip() for part in cell.split(by) if part.strip()]


def codes(cell: str) -> set[str]:
    """Split a cell of several keys of concepts, written with underscores in the tables."""
    return {part.replace("_", "-") for part in split(cell)}


def listed(value: str) -> set[str]:
    """Split a list in an answer."""
    return set(split(value))


def by_id(rows: Sequence[Row]) -> dict[str, Row]:
    """Key rows by their id."""
    return {row["id"]: row for row in rows}


def members(tables: Tables, kind: str = "consortium") -> list[Row]:
    """Give the participations in one kind of project."""
    return [row for row in tables["participation"] if row["project_kind"] == kind]


def consortium_countries(tables: Tables) -> dict[str, set[str]]:
    """Give the countries of each consortium, those of single pages included."""
    found = {row["id"]: set(split(row["countries"])) for row in tables["consortia"]}
    for row in tables["consortia_statements"]:
        found[row["consortium_id"]] |= set(split(row["countries"]))
    return found


def broader(scheme: str) -> dict[str, set[str]]:
    """Give each concept of a scheme with itself and all that is broader."""
    graph = rdflib.Graph().parse(ontology.path(f"schemes/{scheme}.ttl"), publicID="http://x/")
    above: dict[str, set[str]] = defaultdict(set)
    for concept, parent in graph.subject_objects(rdflib.SKOS.broader):
        above[str(concept)].add(str(parent))

    def climb(concept: str) -> Iterator[str]:
        yield concept.rpartition("/")[2]
        for parent in above[concept]:
            yield from climb(parent)

    concepts = {str(found) for found in graph.subjects(rdflib.SKOS.notation)}
    return {concept.rpartition("/")[2]: set(climb(concept)) for concept in concepts}


# What holds for every query.


def test_the_catalogue_asks_what_a_researcher_would_ask() -> None:
    """Hold at least the eighteen questions that were promised."""
    assert len(CATALOGUE) >= 18


@pytest.mark.parametrize("query", QUERIES, ids=NAMES)
def test_a_query_answers_with_the_columns_of_its_header(
    query: CatalogueQuery, dataset: Dataset
) -> None:
    """Parse, run with its defaults, and give something on the curated tables."""
    answer = dataset.store.select(query.bound(REQUIRED.get(query.name, {}), dataset.identity))
    assert answer.variables == tuple(column.name for column in query.columns)
    assert len(answer) > 0
    unseen = {column.name for column in query.columns} - {name for row in answer for name in row}
    assert unseen <= {"sheet"}, "a column that no row of the answer fills is asked for in vain"
    for row in answer:
        for term in row.values():
            parts = term.value.split("; ")
            assert len(parts) == len(set(parts)), f"a list names something twice: {term.value}"


@pytest.fixture(scope="module")
def moved(dataset: Dataset) -> Store:
    """Give the same statements under another base."""
    dump = io.BytesIO()
    form = by_name(GRAPH_FORMATS, "nquads")
    assert form is not None
    dataset.store.dump(dump, form)
    other = dump.getvalue().replace(dataset.identity.base.encode(), b"https://example.org/kg/")
    store = Store.in_memory()
    store.load(other, form)
    return store


@pytest.mark.parametrize("query", QUERIES, ids=NAMES)
def test_the_text_alone_runs_and_knows_no_base(
    query: CatalogueQuery, dataset: Dataset, moved: Store
) -> None:
    """Answer as many rows under any base, without anything bound."""
    assert dataset.identity.base not in query.text
    answer = dataset.store.select(Query(query.text))
    assert len(answer) > 0
    assert len(moved.select(Query(query.text))) == len(answer)


@pytest.mark.parametrize("query", QUERIES, ids=NAMES)
def test_the_text_alone_gives_what_the_defaults_give(
    query: CatalogueQuery, dataset: Dataset
) -> None:
    """Differ only by entities, whose defaults depend on the base."""
    entities = [p for p in query.parameters if p.kind is Kind.ENTITY and p.default is not None]
    if query.name in REQUIRED or entities:
        narrow = dataset.store.select(query.bound(REQUIRED.get(query.name, {}), dataset.identity))
        assert len(narrow) < len(dataset.store.select(Query(query.text)))
    else:
        bound = dataset.store.select(query.bound({}, dataset.identity))
        assert bound == dataset.store.select(Query(query.text))


@pytest.mark.parametrize("query", QUERIES, ids=NAMES)
def test_a_query_uses_only_declared_terms_and_known_segments(query: CatalogueQuery) -> None:
    """Name no class or property that the ontology does not have: it would find nothing."""
    body = "\n".join(line for line in query.text.splitlines() if not line.startswith("#"))
    prefixes = dict(re.findall(r"^PREFIX (\w+): <(.*)>$", body, re.MULTILINE))
    used = set(re.findall(r"(?<![\w<\"?/:])(\w+):(\w+)", body))
    assert prefixes.items() <= PREFIXES.items()
    assert {prefix for prefix, _ in used} == set(prefixes)
    for prefix, local in used:
        assert prefix == "xsd" or ontology.is_declared(prefixes[prefix] + local), local
    for parameter in query.parameters:
        assert parameter.segment is None or parameter.segment in ontology.segments()


@pytest.mark.parametrize("query", QUERIES, ids=NAMES)
def test_an_answer_comes_in_a_stated_order(query: CatalogueQuery) -> None:
    """Order the rows, so that two runs can be compared."""
    assert re.search(r"^ORDER BY .+\Z", query.text.rstrip(), re.MULTILINE)


def test_every_query_is_documented() -> None:
    """Keep docs/queries.md as the headers say; `python -m graph.catalogue` writes it."""
    written = (ROOT / "docs" / "queries.md").read_text(encoding="utf-8")
    assert written == document(CATALOGUE)


# rdflib stops on these, or answers otherwise than the specification says.
KNOWN_RDFLIB = {
    "bridging-organisations": "takes minutes",
    "seed-statements": "takes minutes",
    "calls-and-deadlines": "cannot order unbound values downwards",
    "events-by-year": "cannot take the least of unbound values",
    "money-by-programme-country-year": "cannot take the least of unbound values",
    "country-profile": "writes the least of unbound values as the word None",
    "policies-of-a-programme": "writes the least of unbound values as the word None",
}


@pytest.fixture(scope="module")
def other_engine(dataset: Dataset) -> rdflib.Dataset:
    """Load the same statements into rdflib."""
    dump = io.BytesIO()
    form = by_name(GRAPH_FORMATS, "nquads")
    assert form is not None
    dataset.store.dump(dump, form)
    return rdflib.Dataset().parse(data=dump.getvalue(), format="nquads")


@pytest.mark.filterwarnings("ignore:Dataset.contexts is deprecated:DeprecationWarning")
@pytest.mark.parametrize("name", [name for name in NAMES if name not in KNOWN_RDFLIB])
def test_another_engine_gives_the_same_answer(
    name: str, dataset: Dataset, other_engine: rdflib.Dataset
) -> None:
    """Be standard SPARQL 1.1: rdflib finds the same, lists in any order."""
    query = CATALOGUE.get(name).bound(REQUIRED.get(name, {}), dataset.identity)
    answer = dataset.store.select(query)

    ours = [{key: term.value for key, term in row.items()} for row in answer]
    theirs = []
    for found in other_engine.query(query.text):
        assert isinstance(found, rdflib.query.ResultRow)
        theirs.append({key: str(value) for key, value in found.asdict().items()})
    assert sorted(map(str, map(unordered, ours))) == sorted(map(str, map(unordered, theirs)))


def unordered(row: Row) -> dict[str, list[str]]:
    """Take apart the lists in a row, whose order is not given."""
    return {name: sorted(re.split(r"; | \| ", value)) for name, value in row.items()}


# Filters: an answer with a value is the part of the answer without it that fits.

FILTERS: list[tuple[str, dict[str, str], Callable[[Row], bool]]] = [
    (
        "organisations-in-several-consortia",
        {"country": "EE"},
        lambda row: row["countryCode"] == "EE",
    ),
    ("second-generation", {"country": "IT"}, lambda row: row["countryCode"] == "IT"),
    (
        "bridging-organisations",
        {"country": "LU"},
        lambda row: "LU" in {row["firstCode"], row["secondCode"]},
    ),
    (
        "countries-by-shared-consortia",
        {"country": "EE"},
        lambda row: "EE" in {row["firstCode"], row["secondCode"]},
    ),
    (
        "money-by-programme-country-year",
        {"country": "EE"},
        lambda row: "EE" in listed(row["countries"]),
    ),
    ("money-by-programme-country-year", {"fundingKind": "eu"}, lambda row: row["kind"] == "eu"),
    (
        "calls-and-deadlines",
        {"programme": "esf-si-plus"},
        lambda row: row["parent"] == "programme/esf-si-plus",
    ),
    (
        "calls-and-deadlines",
        {"since": "2023"},
        lambda row: row.get("deadline", "") >= "2023",
    ),
    (
        "practices-by-principle",
        {"principle": "epsr-p04"},
        lambda row: row["principle"] == "policy/epsr-p04",
    ),
    (
        "practices-by-theme-and-country",
        {"country": "EE"},
        lambda row: row.get("countryCode") == "EE",
    ),
    (
        "practices-by-target-group",
        {"country": "FI"},
        lambda row: "FI" in listed(row["countries"]),
    ),
    (
        "practices-without-amount",
        {"country": "FI"},
        lambda row: "FI" in listed(row["countries"]),
    ),
    ("networks-by-operator", {"operator": "ee-kysk"}, lambda row: "kysk" in row.get("runBy", "")),
    ("events-by-year", {"year": "2023"}, lambda row: row["startYear"] == "2023"),
    ("events-by-year", {"country": "DE"}, lambda row: row.get("countryCode") == "DE"),
    ("labels-of-a-term", {"language": "ET"}, lambda row: row["tag"] == "et"),
    (
        "conflicts",
        {"entity": "consortium/esia"},
        lambda row: row["entity"] == "consortium/esia",
    ),
]


@pytest.mark.parametrize(("name", "values", "fits"), FILTERS)
def test_a_value_narrows_the_answer(
    name: str, values: dict[str, str], fits: Callable[[Row], bool], ask: Ask
) -> None:
    """Leave out what does not fit, and change nothing else."""
    expected = [row for row in ask(name) if fits(row)]
    assert expected
    assert [unordered(row) for row in ask(name, **values)] == [unordered(row) for row in expected]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("organisations-in-several-consortia", {"least": "many"}),
        ("events-by-year", {"year": "23"}),
        ("practices-by-theme-and-country", {"theme": "Social inclusion"}),
        ("things-of-an-identifier", {"identifier": "ror.org/x> } #"}),
        ("conflicts", {"entity": "consortium"}),
        ("things-of-an-identifier", {"other": "x"}),
    ],
)
def test_an_impossible_value_is_refused(name: str, values: dict[str, str]) -> None:
    """Say what is wrong before anything runs."""
    with pytest.raises(ParameterError, match=next(iter(values))):
        CATALOGUE.get(name).bound(values, Identity())


# Who takes part.


def memberships(tables: Tables) -> dict[str, set[str]]:
    """Give the consortia of each organisation."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in members(tables):
        found[row["organisation_id"]].add(row["project_id"])
    return found


def test_organisations_in_several_consortia(ask: Ask, tables: Tables) -> None:
    """Find each organisation of two consortia or more, with their acronyms and its roles."""
    organisations, consortia = by_id(tables["organisations"]), by_id(tables["consortia"])
    expected = {
        f"organisation/{organisation}": (
            organisations[organisation]["name"],
            organisations[organisation]["country"],
            len(joined),
            {consortia[consortium]["acronym"] for consortium in joined},
            {
                row["role"].replace("_", "-")
                for row in members(tables)
                if row["organisation_id"] == organisation
            },
        )
        for organisation, joined in memberships(tables).items()
        if len(joined) > 1
    }
    assert "organisation/ee-kysk" in expected
    assert {
        row["organisation"]: (
            row["name"],
            row["countryCode"],
            int(row["consortia"]),
            listed(row["acronyms"]),
            listed(row["roles"]),
        )
        for row in ask("organisations-in-several-consortia")
    } == expected
    every = ask("organisations-in-several-consortia", least="1")
    assert len(every) == len(memberships(tables))
    assert ask("organisations-in-several-consortia", least="11") == []


def test_consortium_partners(ask: Ask, tables: Tables) -> None:
    """List who takes part in ESIA, with the country that it stands for and its seat."""
    organisations = by_id(tables["organisations"])
    expected = {
        f"organisation/{row['organisation_id']}": (
            row["country"],
            organisations[row["organisation_id"]]["country"],
            row["role"].replace("_", "-"),
            row["start"],
        )
        for row in members(tables)
        if row["project_id"] == "esia"
    }
    answer = ask("consortium-partners")
    assert len(answer) == len(expected)
    assert {
        row["organisation"]: (
            row["countryCode"],
            row["seatCode"],
            row["role"],
            row.get("start", ""),
        )
        for row in answer
    } == expected
    assert {row["acronym"] for row in ask("consortium-partners", consortium="fuse")} == {"FUSE"}


def test_lead_partners(ask: Ask, tables: Tables) -> None:
    """Show the lead that is named and the one by role, and consortia without either."""
    expected = set()
    for row in tables["consortia"]:
        lead = row["lead_organisation"]
        if lead:
            expected.add((f"consortium/{row['id']}", f"organisation/{lead}", "lead-partner"))
    for row in tables["participation"]:
        if row["role"] in {"lead_partner", "coordinator"}:
            project = f"{row['project_kind']}/{row['project_id']}"
            expected.add((project, f"organisation/{row['organisation_id']}", "participation"))
    led = {project for project, _, _ in expected}
    without = {f"consortium/{row['id']}" for row in tables["consortia"]} - led
    assert without
    expected |= {(project, "", "") for project in without}
    answer = ask("lead-partners")
    assert len(answer) == len(expected)
    assert {
        (row["project"], row.get("organisation", ""), row.get("said", "")) for row in answer
    } == expected
    countries = {row["id"]: row["lead_country"] for row in tables["consortia"]}
    for row in answer:
        segment, key = row["project"].split("/")
        if segment == "consortium":
            assert row.get("leadCountryCode", "") == countries[key]


def test_second_generation(ask: Ask, tables: Tables) -> None:
    """Tell who goes on, who does not, and who is new."""
    consortia = by_id(tables["consortia"])
    expected = {}
    for organisation, joined in memberships(tables).items():
        first, second = (
            {consortia[key]["acronym"] for key in joined if consortia[key]["generation"] == number}
            for number in ("1", "2")
        )
        course = "goes-on" if first and second else "first-only" if first else "second-only"
        expected[f"organisation/{organisation}"] = (first, second, course)
    assert {course for _, _, course in expected.values()} == {
        "goes-on",
        "first-only",
        "second-only",
    }
    assert {
        row["organisation"]: (
            listed(row.get("first", "")),
            listed(row.get("second", "")),
            row["course"],
        )
        for row in ask("second-generation")
    } == expected


def test_partners_of_an_organisation(ask: Ask, tables: Tables) -> None:
    """Count the consortia and practices that others share with KÜSK."""
    names = {f"consortium/{row['id']}": row["full_name"] for row in tables["consortia"]}
    names |= {f"practice/{row['id']}": row["name"] for row in tables["case_studies"]}
    joined: dict[str, set[str]] = defaultdict(set)
    for row in tables["participation"]:
        joined[row["organisation_id"]].add(f"{row['project_kind']}/{row['project_id']}")
    expected = {
        f"organisation/{partner}": {names[project] for project in projects & joined["ee-kysk"]}
        for partner, projects in joined.items()
        if partner != "ee-kysk" and projects & joined["ee-kysk"]
    }
    answer = ask("partners-of-an-organisation")
    assert {row["partner"]: listed(row["names"]) for row in answer} == expected
    assert all(int(row["shared"]) == len(expected[row["partner"]]) for row in answer)


def test_bridging_organisations(ask: Ask, tables: Tables) -> None:
    """Find pairs of countries that share no project, and who has a project with each."""
    reach = {f"consortium/{key}": set(c) for key, c in consortium_countries(tables).items()}
    names = {f"consortium/{row['id']}": row["full_name"] for row in tables["consortia"]}
    for row in tables["case_studies"]:
        reach[f"practice/{row['id']}"] = set(split(row["country"]))
        names[f"practice/{row['id']}"] = row["name"]
    joined: dict[str, set[str]] = defaultdict(set)
    for row in tables["participation"]:
        project = f"{row['project_kind']}/{row['project_id']}"
        reach[project].add(row["country"])
        joined[row["organisation_id"]].add(project)
    together = {pair for found in reach.values() for pair in combinations(sorted(found), 2)}
    expected: dict[tuple[str, str, str], tuple[set[str], set[str]]] = {}
    for organisation, projects in joined.items():
        for one, two in permutations(projects, 2):
            for first in reach[one] - {"EU"}:
                for second in reach[two] - {"EU"}:
                    if first < second and (first, second) not in together:
                        key = (f"organisation/{organisation}", first, second)
                        sides = expected.setdefault(key, (set(), set()))
                        sides[0].add(names[one])
                        sides[1].add(names[two])
    assert ("organisation/ee-kysk", "DK", "LU") in expected
    answer = ask("bridging-organisations")
    assert len(answer) == len(expected)
    assert {
        (row["organisation"], row["firstCode"], row["secondCode"]): (
            listed(row["firstProjects"]),
            listed(row["secondProjects"]),
        )
        for row in answer
    } == expected


def test_countries_by_shared_consortia(ask: Ask, tables: Tables) -> None:
    """Count the consortia of each pair of countries."""
    acronyms = {row["id"]: row["acronym"] for row in tables["consortia"]}
    expected: dict[tuple[str, str], set[str]] = defaultdict(set)
    for consortium, found in consortium_countries(tables).items():
        for pair in combinations(sorted(found), 2):
            expected[pair].add(consortium)
    answer = ask("countries-by-shared-consortia")
    assert {
        (row["firstCode"], row["secondCode"]): (int(row["consortia"]), listed(row["acronyms"]))
        for row in answer
    } == {
        pair: (len(consortia), {acronyms[key] for key in consortia})
        for pair, consortia in expected.items()
    }
    assert len(answer) == len(expected)


def test_country_profile(ask: Ask, tables: Tables) -> None:
    """List what is Estonian, and what Germany leads."""
    expected = {
        ("organisation", f"organisation/{row['id']}")
        for row in tables["organisations"]
        if row["country"] == "EE"
    }
    expected |= {
        ("consortium", f"consortium/{key}")
        for key, found in consortium_countries(tables).items()
        if "EE" in found
    }
    expected |= {
        ("practice", f"practice/{row['id']}")
        for row in tables["case_studies"]
        if "EE" in split(row["country"])
    }
    expected |= {
        ("event", f"event/{row['id']}")
        for row in tables["events_and_networks"]
        if row["kind"] == "event" and "EE" in split(row["countries"])
    }
    answer = ask("country-profile")
    assert len(answer) == len(expected)
    assert {(row["kind"], row["thing"]) for row in answer} == expected
    assert {
        row["thing"]
        for row in ask("country-profile", country="DE")
        if row["kind"] == "consortium-led"
    } == {f"consortium/{row['id']}" for row in tables["consortia"] if row["lead_country"] == "DE"}


# Money.

Money = dict[tuple[str, ...], list[Decimal]]


def money(tables: Tables) -> Money:
    """Group the amounts of the tables as the query should."""
    programmes = by_id(tables["programmes"])
    said: dict[str, dict[str, set[str]]] = {
        row["id"]: {
            "countries": set(split(row["countries"])),
            "payers": set(split(row["funding_programmes"])),
            "years": {row["start"][:4]} - {""},
        }
        for row in tables["consortia"]
    }
    for row in tables["consortia_statements"]:
        found = said[row["consortium_id"]]
        found["countries"] |= set(split(row["countries"]))
        found["payers"] |= set(split(row["funding_programmes"]))
        found["years"] |= {row["start"][:4]} - {""}
    grouped: Money = defaultdict(list)

    def add(about: dict[str, set[str]], kind: str, phase: str, amount: str) -> None:
        if not amount:
            return
        payers = "; ".join(sorted({programmes[key]["name"] for key in about["payers"]}))
        year = min(about["years"], default="unknown")
        grouped[
            payers or "unknown",
            "; ".join(sorted(about["countries"])) or "unknown",
            year,
            "unknown" if year == "unknown" else "start",
            kind,
            phase or "unknown",
            "EUR",
        ].append(Decimal(amount))

    for row in tables["consortia"]:
        add(said[row["id"]], "total", "approved", row["total_cost_eur"])
        add(said[row["id"]], "eu", "approved", row["eu_grant_eur"])
    for row in tables["case_studies"]:
        about = {
            "countries": set(split(row["country"])),
            "payers": set(split(row["funding_programme"])),
            "years": {row["start"][:4]} - {""},
        }
        for kind, column in (
            ("total", "budget_eur"),
            ("eu", "eu_contribution_eur"),
            ("prize", "prize_eur"),
        ):
            add(about, kind, row["funding_phase"], row[column])
    return grouped


def test_money_by_programme_country_year(ask: Ask, tables: Tables) -> None:
    """Sum only what is of one kind, phase and currency, and count each amount once."""
    expected = {key: (len(found), sum(found)) for key, found in money(tables).items()}
    key_columns = ("programmes", "countries", "year", "yearOf", "kind", "phase", "currency")
    answer = ask("money-by-programme-country-year")
    assert len(answer) == len(expected)
    assert {
        tuple(row[column] for column in key_columns): (int(row["amounts"]), Decimal(row["sum"]))
        for row in answer
    } == expected
    assert {row["disputed"] for row in answer} == {"0"}


def test_money_of_a_programme_and_its_parts(ask: Ask, tables: Tables) -> None:
    """Take in what a part of the programme pays for, and nothing else."""
    parents = {row["id"]: row["parent_id"] for row in tables["programmes"]}
    names = {row["id"]: row["name"] for row in tables["programmes"]}
    under = {
        name for key, name in names.items() if "easi-2014-2020" in {key, parents[key]}
    }  # the tree has two levels here
    every = ask("money-by-programme-country-year")
    paid = ask("money-by-programme-country-year", programme="easi-2014-2020")
    assert len(under) > 2
    assert paid == [row for row in every if listed(row["programmes"]) & under]
    assert {row["programmes"] for row in paid} > {"EaSI PROGRESS axis"}


MONEY = """
@prefix sikg: <https://w3id.org/sikg/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<p1> a sikg:Practice ; sikg:country <ee>, <lv> ; sikg:startDate "2021-05"^^xsd:gYearMonth ;
    sikg:funding <a1>, <a2>, <a3>, <a4> .
<p2> a sikg:Practice ; sikg:country <ee>, <lv> ; sikg:startDate "2021"^^xsd:gYear ;
    sikg:funding <b1>, <b2>, <b3> .
<ee> skos:notation "EE" . <lv> skos:notation "LV" .
<total> skos:notation "total" . <eu> skos:notation "eu" . <paid> skos:notation "paid" .
<a1> sikg:amount 100.1 ; sikg:currency "EUR" ; sikg:fundingKind <total> ; sikg:fundingPhase <paid> .
<a2> sikg:amount 50.0 ; sikg:currency "EUR" ; sikg:fundingKind <eu> ; sikg:fundingPhase <paid> .
<a3> sikg:amount 7.0, 8.0 ; sikg:currency "EUR" ; sikg:fundingKind <eu> ; sikg:fundingPhase <paid> .
<a4> sikg:amount 9.0, 10.0 ; sikg:currency "EUR" ; sikg:fundingKind <eu> .
<b1> sikg:amount 200.2 ; sikg:currency "EUR" ; sikg:fundingKind <total> ; sikg:fundingPhase <paid> .
<b2> sikg:amount 300.0 ; sikg:currency "SEK" ; sikg:fundingKind <total> ; sikg:fundingPhase <paid> .
<b3> sikg:amount 1.0 ; sikg:currency "EUR" ; sikg:fundingKind <total> ; sikg:fundingPhase <paid> ;
    sikg:fundingYear "2023"^^xsd:gYear .
"""


def test_money_in_other_currencies_and_in_dispute_is_kept_apart() -> None:
    """Never mix currencies, prefer the year of the amount, and leave disputed amounts out."""
    store = Store.in_memory()
    turtle = by_name(GRAPH_FORMATS, "turtle")
    assert turtle is not None
    store.load(MONEY.encode(), turtle, base="http://x/")
    query = CATALOGUE.get("money-by-programme-country-year")
    rows = [
        {name: term.value for name, term in row.items()} for row in store.select(Query(query.text))
    ]
    assert {row["programmes"] for row in rows} == {"unknown"}
    assert {row["countries"] for row in rows} == {"EE; LV"}
    assert {
        (row["year"], row["yearOf"], row["kind"], row["phase"], row["currency"]): (
            row["amounts"],
            row["disputed"],
            Decimal(row["sum"]) if "sum" in row else None,
        )
        for row in rows
    } == {
        ("2021", "start", "total", "paid", "EUR"): ("2", "0", Decimal("300.30")),
        ("2021", "start", "total", "paid", "SEK"): ("1", "0", Decimal(300)),
        ("2023", "amount", "total", "paid", "EUR"): ("1", "0", Decimal(1)),
        ("2021", "start", "eu", "paid", "EUR"): ("1", "1", Decimal(50)),
        ("2021", "start", "eu", "unknown", "EUR"): ("0", "1", None),
    }


def ancestors(tables: Tables, key: str) -> list[str]:
    """Give what an instrument is part of, nearest first."""
    parents = {row["id"]: row["parent_id"] for row in tables["programmes"]}
    found = []
    while key := parents[key]:
        found.append(key)
    return found


def test_programme_tree(ask: Ask, tables: Tables) -> None:
    """Hang every instrument in its place, with its budget where it is known."""
    expected = {
        f"programme/{row['id']}": (
            row["name"],
            row["kind"].replace("_", "-"),
            f"programme/{row['parent_id']}" if row["parent_id"] else "",
            len(ancestors(tables, row["id"])),
            Decimal(row["budget_eur"]) if row["budget_eur"] else None,
        )
        for row in tables["programmes"]
    }
    answer = ask("programme-tree")
    assert len(answer) == len(expected)
    assert {
        row["instrument"]: (
            row["name"],
            row["kind"],
            row.get("parent", ""),
            int(row["depth"]),
            Decimal(row["amount"]) if "amount" in row else None,
        )
        for row in answer
    } == expected
    assert {row["instrument"] for row in ask("programme-tree", root="esf-plus")} == {
        f"programme/{row['id']}"
        for row in tables["programmes"]
        if "esf-plus" in {row["id"], *ancestors(tables, row["id"])}
    }


def test_calls_and_deadlines(ask: Ask, tables: Tables) -> None:
    """List the calls, the latest deadline first."""
    calls = [row for row in tables["programmes"] if row["kind"] == "call"]
    answer = ask("calls-and-deadlines")
    assert len(answer) == len(calls)
    assert {
        row["call"]: (row.get("identifier", ""), row.get("openDate", ""), row.get("deadline", ""))
        for row in answer
    } == {
        f"programme/{row['id']}": (row["call_id"], row["open_date"], row["deadline"])
        for row in calls
    }
    deadlines = [row.get("deadline", "") for row in answer]
    assert deadlines == sorted(deadlines, reverse=True)


# Policies, principles and themes.


def test_policies_of_a_programme(ask: Ask, tables: Tables) -> None:
    """Find the policies of ESF+, and know which one is its legal basis."""
    basis = by_id(tables["programmes"])["esf-plus"]["legal_basis_celex"]
    expected = {}
    for row in tables["policies"]:
        related = "esf-plus" in split(row["related_programmes"])
        legal = row["celex"] == basis
        if related or legal:
            relation = "both" if related and legal else "related" if related else "legal-basis"
            expected[f"policy/{row['id']}"] = (row["title"], relation, row["celex"])
    answer = ask("policies-of-a-programme")
    assert len(answer) == len(expected)
    assert {
        row["policy"]: (row["title"], row["relation"], row.get("celex", "")) for row in answer
    } == expected
    assert expected["policy/esf-plus-regulation"][1] == "both"


def test_legal_bases(ask: Ask, tables: Tables) -> None:
    """Join instruments with the acts that set them up, described or not."""
    acts = {row["celex"]: row["id"] for row in tables["policies"] if not row["parent_id"]}
    expected = {
        (
            f"http://publications.europa.eu/resource/celex/{row['legal_basis_celex']}",
            f"programme/{row['id']}",
            f"policy/{acts[row['legal_basis_celex']]}" if row["legal_basis_celex"] in acts else "",
        )
        for row in tables["programmes"]
        if row["legal_basis_celex"]
    }
    assert any(policy for _, _, policy in expected)
    answer = ask("legal-bases")
    assert len(answer) == len(expected)
    assert {
        (row["legalBasis"], row["instrument"], row.get("policy", "")) for row in answer
    } == expected


def test_practices_by_principle(ask: Ask, tables: Tables) -> None:
    """Show all twenty principles of the Pillar, with their practices or none."""
    principles = {row["id"] for row in tables["policies"] if row["type"] == "principle"}
    expected = {
        (f"policy/{principle}", f"practice/{row['id']}", frozenset(split(row["country"])))
        for row in tables["case_studies"]
        for principle in split(row["principle_ids"])
    }
    used = {principle for principle, _, _ in expected}
    expected |= {
        (f"policy/{key}", "", frozenset()) for key in principles if f"policy/{key}" not in used
    }
    assert len(principles) == 20
    answer = ask("practices-by-principle")
    assert len(answer) == len(expected)
    assert {
        (row["principle"], row.get("practice", ""), frozenset(listed(row["countries"])))
        for row in answer
    } == expected


def test_practices_by_theme_and_country(ask: Ask, tables: Tables) -> None:
    """Count practices by theme and country; those without a country stand by themselves."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in tables["case_studies"]:
        for theme in codes(row["theme"]):
            for country in split(row["country"]) or [""]:
                counts[theme, country] += 1
    answer = ask("practices-by-theme-and-country")
    assert {
        (row["themeCode"], row.get("countryCode", "")): int(row["practices"]) for row in answer
    } == counts
    assert len(answer) == len(counts)


def test_practices_of_a_theme_and_the_narrower_ones(ask: Ask, tables: Tables) -> None:
    """Find a practice by a broader theme, and name things in the language asked for."""
    above = broader("themes")
    wide = "work-and-skills"
    expected = {
        theme
        for row in tables["case_studies"]
        for theme in codes(row["theme"])
        if wide in above[theme]
    }
    answer = ask("practices-by-theme-and-country", theme=wide, language="et")
    assert len(expected) > 1
    assert {row["themeCode"] for row in answer} == expected
    names = {row["code"]: row["label_et"] for row in tables["countries"]}
    for row in answer:
        assert row.get("countryName", "") == names.get(row.get("countryCode", ""), "")


def test_practices_by_target_group(ask: Ask, tables: Tables) -> None:
    """List the practices of each group."""
    expected = {
        (group, f"practice/{row['id']}"): set(split(row["country"]))
        for row in tables["case_studies"]
        for group in codes(row["target_group_codes"])
    }
    answer = ask("practices-by-target-group")
    assert len(answer) == len(expected)
    assert {
        (row["groupCode"], row["practice"]): listed(row["countries"]) for row in answer
    } == expected
    above = broader("target-groups")
    wide = Counter(parent for group, _ in expected for parent in above[group] - {group})
    chosen = wide.most_common(1)[0][0]
    assert {
        (row["groupCode"], row["practice"])
        for row in ask("practices-by-target-group", targetGroup=chosen)
    } == {(group, practice) for group, practice in expected if chosen in above[group]}


def test_practices_without_amount(ask: Ask, tables: Tables) -> None:
    """Tell what is known of the money where no amount is."""
    expected = {}
    for row in tables["case_studies"]:
        if row["budget_eur"] or row["eu_contribution_eur"] or row["prize_eur"]:
            continue
        payer, words = bool(split(row["funding_programme"])), bool(row["funding_source_type"])
        known = {(True, True): "both", (True, False): "programme", (False, True): "source"}
        expected[f"practice/{row['id']}"] = (
            set(split(row["funding_source_type"])),
            known.get((payer, words), "nothing"),
        )
    answer = ask("practices-without-amount")
    assert len(answer) == len(expected)
    assert {row["practice"]: (listed(row["sources"]), row["known"]) for row in answer} == expected


def test_theme_gaps(ask: Ask, tables: Tables) -> None:
    """Find themes of policies that no practice has, not even by a narrower theme."""
    above = broader("themes")
    covered = {
        wide
        for row in tables["case_studies"]
        for theme in codes(row["theme"])
        for wide in above[theme]
    }
    expected: dict[str, set[str]] = defaultdict(set)
    for row in tables["policies"]:
        for theme in codes(row["themes"]) - covered:
            expected[theme].add(row["title"])
    answer = ask("theme-gaps")
    assert {row["themeCode"]: int(row["policies"]) for row in answer} == {
        theme: len(titles) for theme, titles in expected.items()
    }
    for row in answer:
        assert all(title in row["titles"] for title in expected[row["themeCode"]])


@pytest.mark.parametrize("theme", ["social-economy", "work-and-skills"])
def test_countries_without_practices(theme: str, ask: Ask, tables: Tables) -> None:
    """Find Member States without a practice on a theme, and who could be asked there."""
    above = broader("themes")
    covered = {
        country
        for row in tables["case_studies"]
        if any(theme in above[own] for own in codes(row["theme"]))
        for country in split(row["country"])
    }
    organisations = Counter(row["country"] for row in tables["organisations"])
    assert {
        row["countryCode"]: int(row["organisations"])
        for row in ask("countries-without-practices", theme=theme)
    } == {
        row["code"]: organisations[row["code"]]
        for row in tables["countries"]
        if row["member"] == "yes" and row["code"] not in covered
    }


def test_theme_profile(ask: Ask, tables: Tables) -> None:
    """Bring together all that is about a theme."""
    above = broader("themes")
    segments = {
        "event": "event",
        "network": "network",
        "platform": "network",
        "community_of_practice": "community",
        "portal": "portal",
        "database": "database",
        "prize": "prize",
        "newsletter": "publication",
    }
    rows = [(f"practice/{row['id']}", codes(row["theme"])) for row in tables["case_studies"]]
    rows += [(f"policy/{row['id']}", codes(row["themes"])) for row in tables["policies"]]
    rows += [
        (f"{segments[row['kind']]}/{row['id']}", codes(row["themes"]))
        for row in tables["events_and_networks"]
    ]
    for wide in ("social-inclusion", "inclusion-and-equality"):
        expected = {
            thing: {theme for theme in themes if wide in above[theme]} for thing, themes in rows
        }
        answer = ask("theme-profile", theme=wide)
        assert {row["thing"]: listed(row["through"]) for row in answer} == {
            thing: themes for thing, themes in expected.items() if themes
        }
        assert len(answer) == len({row["thing"] for row in answer})


# Communities, networks and events.


def test_networks_by_operator(ask: Ask, tables: Tables) -> None:
    """List what each organisation runs, and what has no known operator."""
    kinds = {
        "event": ("event", "event"),
        "network": ("network", "network"),
        "platform": ("network", "network"),
        "community_of_practice": ("community of practice", "community"),
        "portal": ("portal", "portal"),
        "database": ("database", "database"),
        "prize": ("prize", "prize"),
        "newsletter": ("publication", "publication"),
    }
    runs: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in tables["events_and_networks"]:
        kind, segment = kinds[row["kind"]]
        runs[kind, f"{segment}/{row['id']}"] |= set(split(row["operator_id"]))
    for row in tables["databases"]:
        runs["database", f"database/{row['id']}"] |= set(split(row["operator_id"]))
    expected = {
        (f"organisation/{operator}" if operator else "", kind, thing)
        for (kind, thing), operators in runs.items()
        for operator in operators or {""}
    }
    answer = ask("networks-by-operator")
    assert len(answer) == len(expected)
    assert {(row.get("runBy", ""), row["kind"], row["thing"]) for row in answer} == expected


def test_communities_by_list(ask: Ask, tables: Tables) -> None:
    """Show the list of the seed page beside the later one, each with its row."""
    expected = {
        (
            f"community/{row['community_id']}",
            row["list_name"],
            row["source_url"],
            f"row/communities-statements-{number}",
        )
        for number, row in enumerate(tables["communities_statements"], start=2)
    }
    named = {community for community, _, _, _ in expected}
    expected |= {
        (f"community/{row['id']}", "", "", "")
        for row in tables["events_and_networks"]
        if row["kind"] == "community_of_practice" and f"community/{row['id']}" not in named
    }
    answer = ask("communities-by-list")
    assert len(answer) == len(expected)
    assert {
        (row["community"], row.get("list", ""), row.get("citedSource", ""), row.get("row", ""))
        for row in answer
    } == expected
    seed = {row["community"] for row in answer if row["citedSource"].startswith("seed 003")}
    assert seed == {"community/cop-employment", "community/cop-inclusion", "community/cop-rbm"}


def test_events_by_year(ask: Ask, tables: Tables) -> None:
    """List events by the year in which they begin."""
    expected = {
        f"event/{row['id']}": (
            row["start"][:4],
            row["event_type"] or "event",
            row["start"],
            row["end"],
            row["place"],
            row["countries"],
        )
        for row in tables["events_and_networks"]
        if row["kind"] == "event"
    }
    answer = ask("events-by-year")
    assert len(answer) == len(expected)
    assert {
        row["event"]: (
            row.get("startYear", ""),
            row["kind"],
            row.get("start", ""),
            row.get("end", ""),
            row.get("place", ""),
            row.get("countryCode", ""),
        )
        for row in answer
    } == expected


def test_labels_of_a_term(ask: Ask, tables: Tables) -> None:
    """Give a term in all its languages."""
    for key in ("social-innovation", "good-practice"):
        expected = {
            (row["lang"].lower(), row["label"], row["label_type"] == "prefLabel")
            for row in tables["terms"]
            if row["concept_id"] == key
        }
        assert expected
        assert {
            (row["tag"], row["label"], row["kind"] == "preferred")
            for row in ask("labels-of-a-term", term=key)
        } == expected


# Receipts.

STATED = {
    "startDate": "start",
    "endDate": "end",
    "cofinancingRate": "eu_cofunding_rate",
    "leadCountry": "lead_country",
}


def stated(tables: Tables) -> dict[tuple[str, str], list[tuple[str, str, str]]]:
    """Give what rows say of single-valued properties of consortia: value, row, pages."""
    found: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for table, key in (("consortia", "id"), ("consortia_statements", "consortium_id")):
        for number, row in enumerate(tables[table], start=2):
            name = f"row/{table.replace('_', '-')}-{number}"
            for term, column in STATED.items():
                if row[column]:
                    fact = (row[column], name, row["source_url"])
                    found[f"consortium/{row[key]}", term].append(fact)
    return found


def same(one: str, two: str) -> bool:
    """Tell whether two values are the same, as numbers if they are numbers."""
    try:
        return Decimal(one) == Decimal(two)
    except ArithmeticError:
        return one == two


def test_conflicts(ask: Ask, tables: Tables) -> None:
    """Show every value of a property on which rows disagree, with the row that states it."""
    expected = {}
    for (entity, term), facts in stated(tables).items():
        for value, at, pages in facts:
            others = [other for other, _, _ in facts if not same(value, other)]
            clash = [o for o in others if not (o.startswith(value) or value.startswith(o))]
            if others:
                expected[entity, term, value, at] = (bool(clash), set(split(pages, " | ")))
    assert ("consortium/esia", "startDate", "2021-05-14", "row/consortia-statements-2") in expected
    assert {contradicted for contradicted, _ in expected.values()} == {True, False}
    answer = ask("conflicts")
    assert len(answer) == len(expected)
    assert {
        (row["entity"], row["property"].rpartition("#")[2], row["value"], row["row"]): (
            row["contradicted"] == "true",
            set(split(row["pages"], " | ")),
        )
        for row in answer
    } == expected
    for row in answer:
        assert row["row"].endswith(f"-{row['number']}")
        assert row["confidence"] == "seen"


def test_conflicts_of_numbers_and_links_have_no_degrees_of_precision() -> None:
    """Take 0.8 and 0.85, or two organisations, for a contradiction; funding has no name."""
    store = Store.in_memory()
    trig = by_name(GRAPH_FORMATS, "trig")
    assert trig is not None
    facts = (
        """<f> sikg:amount {amount} . <c> sikg:leadPartner <{lead}> ; sikg:startDate "{start}" ."""
    )
    one = facts.format(amount="0.8", lead="o/a", start="2021")
    two = facts.format(amount="0.85", lead="o/ab", start="2021")
    store.load(
        f"""
        @prefix sikg: <https://w3id.org/sikg/ontology#> .
        sikg:amount a sikg:SingleValuedProperty . sikg:leadPartner a sikg:SingleValuedProperty .
        sikg:startDate a sikg:SingleValuedProperty .
        {one} {two}
        <r1> {{ {one} }} <r2> {{ {two} }}
        <receipts> {{ <r1> sikg:fromTable <t> ; sikg:rowNumber 2 . <r2> sikg:fromTable <t> ;
            sikg:rowNumber 3 . <t> sikg:fileName "f.csv" . }}
        """.encode(),
        trig,
        base="http://x/",
    )
    answer = store.select(Query(CATALOGUE.get("conflicts").text))
    assert {(row["property"].value.rpartition("#")[2], row["value"].value) for row in answer} == {
        ("amount", "0.8"),
        ("amount", "0.85"),
        ("leadPartner", "http://x/o/a"),
        ("leadPartner", "http://x/o/ab"),
    }
    assert {row["contradicted"].value for row in answer} == {"true"}


def test_seed_statements(ask: Ask, tables: Tables) -> None:
    """Tell what the seed page says of ESIA, what other rows say instead, and where both stand."""
    facts = stated(tables)
    for table, key in (("consortia", "id"), ("consortia_statements", "consortium_id")):
        for number, row in enumerate(tables[table], start=2):
            for payer in split(row["funding_programmes"]):
                fact = (
                    f"programme/{payer}",
                    f"row/{table.replace('_', '-')}-{number}",
                    row["source_url"],
                )
                facts[f"consortium/{row[key]}", "fundedBy"].append(fact)
    expected = set()
    for term in (*STATED, "fundedBy"):
        found = facts["consortium/esia", term]
        said: dict[str, set[str]] = defaultdict(set)
        for value, at, _ in found:
            said[at].add(value)
        for value, at, pages in found:
            if any(page.startswith("seed") for page in split(pages, " | ")):
                others = [
                    (other, there)
                    for other, there, _ in found
                    if not any(same(value, own) for own in said[there])
                    and not any(same(other, own) for own in said[at])
                ]
                for other, there in others or [("", "")]:
                    expected.add((term, value, at, other, there))
    answer = [
        (
            row["property"].rpartition("#")[2],
            str(Decimal(row["value"]).quantize(Decimal("0.01")))
            if row["property"].endswith("cofinancingRate")
            else short(row["value"], Identity()).removeprefix("country/"),
            row["row"],
            row.get("otherValue", ""),
            row.get("otherRow", ""),
        )
        for row in ask("seed-statements")
        if row["subject"] == "consortium/esia"
    ]
    assert {fact for fact in answer if fact[0] in {*STATED, "fundedBy"}} == expected
    esf_plus = ("fundedBy", "programme/esf-plus", "row/consortia-statements-2")
    assert (*esf_plus, "programme/easi-2014-2020", "row/consortia-statements-3") in expected


def test_seed_statements_of_kysk(ask: Ask, tables: Tables) -> None:
    """Take up every row read from the seed page that speaks of KÜSK or ESIA, with its receipt."""
    columns = {
        "organisations": ("id",),
        "consortia": ("id",),
        "consortia_statements": ("consortium_id",),
        "participation": ("organisation_id", "project_id"),
        "events_and_networks": ("operator_id",),
        "databases": ("operator_id",),
        "programmes": ("managing_body_id",),
        "case_studies": ("organisation_id",),
    }
    expected = {}
    for table, about in columns.items():
        for number, row in enumerate(tables[table], start=2):
            pages = split(row["source_url"], " | ")
            named = {key for column in about for key in split(row[column])}
            if named & {"ee-kysk", "esia"} and any(page.startswith("seed") for page in pages):
                key = f"row/{table.replace('_', '-')}-{number}"
                expected[key] = (f"{table}.csv", str(number), set(pages), row["confidence"])
    answer = ask("seed-statements")
    assert {
        row["row"]: (row["file"], row["number"], set(split(row["pages"], " | ")), row["confidence"])
        for row in answer
    } == expected
    assert len(expected) > 5
    acronyms = {row["value"] for row in answer if row["property"].endswith("#acronym")}
    assert acronyms == {"KÜSK", "ESIA"}


def test_receipts_of_an_entity(ask: Ask, tables: Tables, data_folder: Path) -> None:
    """Trace every statement on KÜSK to its row, and the row to its file."""
    number, row = next(
        (number, row)
        for number, row in enumerate(tables["organisations"], start=2)
        if row["id"] == "ee-kysk"
    )
    answer = ask("receipts-of-an-entity")
    assert {
        (found["property"].rpartition("/")[2].rpartition("#")[2], found["value"])
        for found in answer
        if not found["property"].endswith("#type")
    } == {
        ("prefLabel", row["name"]),
        ("nativeName", row["native_name"]),
        ("acronym", row["acronym"]),
        ("country", f"country/{row['country']}"),
        ("organisationType", f"organisation-type/{row['type'].replace('_', '-')}"),
        ("city", row["city"]),
        ("homepage", row["website"]),
        ("description", row["description"]),
    }
    digest = sha256((data_folder / "organisations.csv").read_bytes()).hexdigest()
    for found in answer:
        assert found["row"] == f"row/organisations-{number}"
        assert (found["file"], found["number"]) == ("organisations.csv", str(number))
        assert set(split(found["pages"], " | ")) == set(split(row["source_url"], " | "))
        assert (found["confidence"], found["sha256"]) == (row["confidence"], digest)
        assert found["licence"] == "https://creativecommons.org/licenses/by/4.0/"


def test_receipts_of_what_several_rows_describe(ask: Ask, tables: Tables) -> None:
    """Give each row that speaks of ESIA, from both of its tables."""
    expected = {
        f"row/{table.replace('_', '-')}-{number}"
        for table, key in (("consortia", "id"), ("consortia_statements", "consortium_id"))
        for number, row in enumerate(tables[table], start=2)
        if row[key] == "esia"
    }
    answer = ask("receipts-of-an-entity", entity="consortium/esia")
    assert {row["row"] for row in answer} == expected


def test_evidence_by_confidence(ask: Ask, tables: Tables, dataset: Dataset) -> None:
    """Count rows by table and confidence, and all their statements."""
    expected: Counter[tuple[str, str]] = Counter()
    for table, rows in tables.items():
        for row in rows:
            expected[f"source/{table.replace('_', '-')}", row["confidence"]] += 1
    answer = ask("evidence-by-confidence")
    assert {(row["source"], row["confidence"]): int(row["rows"]) for row in answer} == expected
    dump = io.BytesIO()
    form = by_name(GRAPH_FORMATS, "nquads")
    assert form is not None
    dataset.store.dump(dump, form)
    of_rows = f" <{dataset.identity.base}id/row/".encode()
    lines = [line for line in dump.getvalue().splitlines() if of_rows in line[line.rfind(b" <") :]]
    assert sum(int(row["statements"]) for row in answer) == len(lines)


def test_things_of_an_identifier(ask: Ask, tables: Tables) -> None:
    """Find who stands behind a ROR address, and what a CELEX number documents and founds."""
    for row in tables["organisations"]:
        if row["ror"]:
            answer = ask("things-of-an-identifier", identifier=row["ror"])
            assert [found["thing"] for found in answer] == [f"organisation/{row['id']}"]
    celex = "32021R1057"
    found = ask(
        "things-of-an-identifier",
        identifier=f"http://publications.europa.eu/resource/celex/{celex}",
    )
    expected = {f"policy/{row['id']}" for row in tables["policies"] if row["celex"] == celex}
    expected |= {
        f"programme/{row['id']}"
        for row in tables["programmes"]
        if row["legal_basis_celex"] == celex
    }
    assert {row["thing"] for row in found} == expected
