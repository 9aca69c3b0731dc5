"""Money is never added across kinds, phases and currencies, wherever it is shown."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api import models_facts as models
from api.app import create_app
from api.settings import Settings
from graph.catalogue import Catalogue
from graph.dataset import Dataset
from graph.facts.dimensions import TABLES
from graph.formats import RESULT_FORMATS
from graph.release import Releases
from tests.api.mixed import ALL, HUF, mixtures, publish_mixed
from visualisations.maps import read_maps

API = "/api/v1"
FUNDING = TABLES["funding"]
PREFIX = "PREFIX sikg: <https://w3id.org/sikg/ontology#> "
MONEY = {"kind", "phase", "currency"}
(CSV,) = (form for form in RESULT_FORMATS if form.name == "csv")
# These tell of the server, its limits among it, and not of what it serves.
OF_THE_SERVER = {"/metrics", "/health", "/ready", "/sparql"}
# This tells what was recorded of other services, with numbers of theirs.
OF_OTHERS = {"/api/v1/federated"}

_OF_DATA = ("/quality.", "/catalogue.", "/ontology.")
_HASH = re.compile(r"\?h=[0-9a-f]{8}(?=\")")
_SCRIPT = re.compile(r"<script[^>]*>.*?</script>", re.DOTALL)
_LIBRARY = 100_000  # characters of a script that are code of a drawing, and not what is drawn


@pytest.fixture(scope="module")
def mixed_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a home whose money is of all sorts."""
    home, work = tmp_path_factory.mktemp("mixed"), tmp_path_factory.mktemp("tables")
    publish_mixed(home, work)
    return home


@pytest.fixture(scope="module")
def mixed(mixed_home: Path) -> Iterator[TestClient]:
    """Ask a service whose money is of all sorts."""
    with TestClient(create_app(Settings(home=mixed_home)), follow_redirects=False) as client:
        yield client


def _get(client: TestClient, address: str) -> Any:
    answer = client.get(API + address)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _sparql(client: TestClient, query: str) -> str:
    answer = client.get("/sparql", params={"query": PREFIX + query, "format": "csv"})
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_query_that_mixes_shows_itself(mixed: TestClient) -> None:
    """The fixture finds what the other tests look for: otherwise they could not fail."""
    amounts = "?f sikg:amount ?a"
    for wrong in (
        f"SELECT (SUM(?a) AS ?s) {{ {amounts} }}",
        f"SELECT (AVG(?a) AS ?s) {{ {amounts} ; sikg:currency 'EUR' }}",
        f"SELECT ?k (SUM(?a) AS ?s) {{ {amounts} ; sikg:fundingKind ?k }} GROUP BY ?k",
        f"SELECT ?c (SUM(?a) AS ?s) {{ {amounts} ; sikg:currency ?c }} GROUP BY ?c",
        f"SELECT (SUM(?a) AS ?s) {{ {amounts} FILTER NOT EXISTS {{ ?f sikg:fundingKind ?k }} }}",
    ):
        assert mixtures(_sparql(mixed, wrong)), wrong
    right = f"SELECT ?f ?a {{ {amounts} }}"
    assert mixtures(_sparql(mixed, right)) == []
    assert mixtures("a 30,000,000 b 10000000.0 c") == []
    assert mixtures("110,000,000 or 1.1e8 or 15000000") == ["110,000,000", "1.1e8", "15000000"]


def _paths(client: TestClient) -> Iterator[str]:
    """Give the paths of all routes that answer to GET, those outside the document too."""
    app = client.app
    assert isinstance(app, FastAPI)
    for router in app.routes:
        # FastAPI keeps the routes of an included router behind this.
        inner: Any = getattr(router, "effective_route_contexts", lambda: ())
        for route in inner():
            if "GET" in route.methods:
                yield str(route.path).replace(":path}", "}")


def _addresses(client: TestClient) -> Iterator[str]:
    """Give every address of every route, with each name and key that its path can have."""
    keys = {
        kind["kind"]: [item["key"] for item in _get(client, f"/{kind['kind']}?limit=200")["items"]]
        for kind in _get(client, "/kinds")["items"]
        if kind["count"]
    }
    things = [
        f"{kind}/{key}"
        for kind in ("project", "funding", "programme", "country", "exchange-rate")
        for key in keys[kind][:20]
    ]
    names: dict[str, list[str]] = {
        "/queries/": [query.name for query in Catalogue.read()],
        "/sparql-examples/": [query.name for query in Catalogue.read()],
        "/maps/": [item.name for item in read_maps()],
        "/aggregates/": list(TABLES),
        "/quality.": ["ttl"],
        "/networks/": [item.name for item in read_maps()][:2],
        "/releases/": ["1"],
        "/ontology/": ["0.1.0"],
        # Their paths have a suffix alone, which is filled in below.
        **{start: ["svg"] for start in ("/money.", "/catalogue.", "/ontology.")},
        # These hold single statements, and addresses.
        **{start: [] for start in ("/dumps/", "/feed/", "/sitemaps/")},
        # Answers that other services have given, with numbers of theirs.
        "/federated/": [],
        "/find.": ["svg"],
        "/where.": ["svg"],
        "/when.": ["svg"],
        "/partners.": ["svg"],
        "/reconcile": ["en"],
    }
    for path in _paths(client):
        if "{" not in path:
            yield path
        elif path.endswith("{kind}/{key}"):
            yield from (path.replace("{kind}/{key}", thing) for thing in things)
        elif path.endswith("/{key}"):
            kind = path.split("/")[-2]
            yield from (path.replace("{key}", key) for key in keys.get(kind, ())[:3])
        elif path.endswith("/{kind}"):
            yield from (path.replace("{kind}", kind) for kind in keys)
        else:
            (known,) = (listed for start, listed in names.items() if start in path)
            suffix = "ttl" if path.startswith(_OF_DATA) else "svg"
            whole = path.replace("{suffix}", suffix)
            yield from (re.sub(r"\{\w+\}", name, whole) for name in known)
    # These are answered before the routes.
    yield from (f"/data/{thing}.{suffix}" for thing in things for suffix in ("nq", "jsonld", "rdf"))


def _drawn(text: str) -> str:
    """Leave out code of a drawing, and hashes of files, some of which are digits alone."""
    whole = _HASH.sub("", text)
    return _SCRIPT.sub(lambda found: "" if len(found[0]) > _LIBRARY else found[0], whole)


def test_no_query_of_the_catalogue_or_of_a_map_adds_what_does_not_add_up(mixed_home: Path) -> None:
    """The store is asked itself, also what the fact tables answer otherwise."""
    dataset = Dataset.open(Releases(mixed_home).current())
    identifier = {"identifier": "https://example.org/nobody"}
    asked = {
        query.name: query.bound(
            identifier if query.name == "things-of-an-identifier" else {}, dataset.identity
        )
        for query in Catalogue.read()
    }
    asked |= {item.name: item.query for item in read_maps()}
    shown = ""
    for name, query in asked.items():
        _, body = dataset.store.answer(query, lambda _: CSV)
        assert mixtures(body.decode()) == [], name
        shown += body.decode()
    assert str(5 * ALL[0].unit) in shown


def test_no_route_page_query_or_map_adds_what_does_not_add_up(mixed: TestClient) -> None:
    """A new route is asked as well, and one with a new kind of name in its path fails here."""
    seen = set()
    for address in _addresses(mixed):
        if address in OF_THE_SERVER | OF_OTHERS:
            continue
        for accept in ("application/json", "text/html,*/*;q=0.1"):
            answer = mixed.get(address, headers={"accept": accept})
            if answer.status_code == 200:
                assert mixtures(_drawn(answer.text)) == [], (address, accept)
                if str(ALL[0].unit) in answer.text.replace(",", ""):
                    seen.add(address.split("/")[1])
            if "html" not in answer.headers.get("content-type", ""):
                break  # the second would be the same
    assert {"api", "page", "data"} <= seen  # there was money to see


@pytest.mark.parametrize(("form", "every"), [("json", 2), ("csv", 5)])
def test_no_aggregate_or_flow_adds_what_does_not_add_up(
    mixed: TestClient, form: str, every: int
) -> None:
    """All dimensions are asked, and every so many of their pairs, of which there are a hundred."""
    names = [item.name for item in FUNDING.dimensions]
    for by in (*names, *[",".join(pair) for pair in combinations(names, 2)][::every]):
        answer = mixed.get(f"{API}/aggregates/funding?by={by}&format={form}")
        assert mixtures(answer.text) == [], by
        flow = mixed.get(f"{API}/flows?through={by}&top=1&format={form}")
        assert mixtures(flow.text) == [], by
        assert flow.status_code == (200 if "," in by and not set(by.split(",")) & MONEY else 400)


def test_what_lacks_kind_phase_or_currency_is_counted_and_not_added(mixed: TestClient) -> None:
    rows = _get(mixed, "/aggregates/funding")["rows"]
    found = {tuple(row[name] for name in ("kind", "phase", "currency")): row for row in rows}
    for money in ALL:
        row = found.pop((money.kind or None, money.phase or None, money.currency or None))
        assert (row["amounts"], row["disputed"], row["missing"]) == (3, 0, 0)
        assert row["sum"] == (str(7 * money.unit) if money.adds else None)
    torn = found.pop(("eu; total", "approved", "EUR"))
    assert (torn["amounts"], torn["sum"]) == (1, None)
    # What has no amount at all is a row of its own, and no zero.
    assert found == {
        (None, None, None): {"kind": None, "phase": None, "currency": None,
                             "amounts": 0, "sum": None, "disputed": 0, "missing": 1}
    }  # fmt: skip
    silent = _get(mixed, "/aggregates/funding?by=country&year=2020&kind=unknown&currency=unknown")
    assert [(row["country"], row["missing"]) for row in silent["rows"]] == [(["EE"], 1)]
    flows = models.Flows.model_validate(_get(mixed, "/flows?through=programme,country"))
    assert sum(flow.total.missing for flow in flows.flows) == 1


def test_money_is_converted_on_request_and_the_original_stays(mixed: TestClient) -> None:
    found = models.Aggregates.model_validate(_get(mixed, "/aggregates/funding?in=EUR"))
    assert found.conversion is not None
    kroon, forint = found.conversion.rates
    assert (kroon.currency, kroon.rate, kroon.since, kroon.until) == (
        "EEK", "15.6466", "2011-01-01", None,
    )  # fmt: skip
    assert "http://publications.europa.eu/resource/celex/32010R0671" in kroon.sources
    assert (forint.currency, forint.since, forint.until, forint.amounts) == (
        "HUF", "2019", "2019", 2,
    )  # fmt: skip
    assert forint.sources == ("https://bank.example/huf",)
    left = [(item.currency, item.year, item.amounts) for item in found.conversion.unconverted]
    assert left == [("HUF", "2020", 1)]
    rows = {(row["kind"], row["phase"], row["currency"]): row for row in _rows(found)}
    assert rows["grant", "requested", "EUR"]["sum"] == "44738153975.94"  # 7 * 10^11 / 15.6466
    assert rows["grant", "requested", "EUR"]["original"] == [
        {"currency": "EEK", "sum": "700000000000", "rate": kroon.iri}
    ]
    euro = 7 * ALL[0].unit
    total = rows["total", "approved", "EUR"]
    assert Decimal(total["sum"]) == euro + 5 * ALL[3].unit / HUF
    assert total["original"] == [
        {"currency": "EUR", "sum": str(euro), "rate": None},
        {"currency": "HUF", "sum": str(5 * ALL[3].unit), "rate": forint.iri},
    ]
    assert rows["total", "approved", "HUF"]["sum"] == str(2 * ALL[3].unit)
    assert any("no rate" in note for note in found.notes)


def _rows(found: models.Aggregates) -> list[dict[str, Any]]:
    return [row.model_dump() for row in found.rows]


@pytest.mark.parametrize("by", ["country", "year", "country,programme", "currency", "kind,year"])
def test_converting_changes_no_count_and_pages_like_the_rest(mixed: TestClient, by: str) -> None:
    plain = _get(mixed, f"/aggregates/funding?by={by}")["rows"]
    made = _get(mixed, f"/aggregates/funding?by={by}&in=EUR")
    for name in ("amounts", "disputed", "missing"):
        assert sum(row[name] for row in plain) == sum(row[name] for row in made["rows"])
    keys = [[row[name] for name in by.split(",")] for row in made["rows"]]
    assert keys == sorted(keys, key=lambda key: [(item is None, item or "") for item in key])
    lines = mixed.get(f"{API}/aggregates/funding?by={by}&in=EUR&format=csv").text
    read = list(csv.DictReader(io.StringIO(lines)))
    assert [line["sum"] for line in read] == [row["sum"] or "" for row in made["rows"]]
    assert any("EEK" in line["original"] and "celex" in line["original"] for line in read)
    first = _get(mixed, f"/aggregates/funding?by={by}&in=EUR&limit=2")
    assert "in=EUR" in first["next"]
    second = _get(mixed, first["next"].removeprefix(API))
    assert first["rows"] + second["rows"] == made["rows"][:4]


def test_flows_are_converted_too(mixed: TestClient) -> None:
    found = models.Flows.model_validate(_get(mixed, "/flows?through=country,programme&in=EUR"))
    assert found.conversion is not None
    assert {rate.currency: rate.amounts for rate in found.conversion.rates} == {"EEK": 3, "HUF": 2}
    grants = next(flow for flow in found.flows if flow.kind == "grant")
    assert (grants.currency, grants.total.sum) == ("EUR", "44738153975.94")
    assert [item.currency for item in grants.original] == ["EEK"]
    ends = [Decimal(band.sum or 0) for band in grants.bands if band.step == "programme"]
    assert abs(sum(ends) - Decimal(grants.total.sum or 0)) < Decimal("0.02")


def test_a_thing_shows_its_money_converted_beside_what_it_is(mixed: TestClient) -> None:
    money = {item["funding"]["key"]: item for item in _get(mixed, "/project/one?in=EUR")["money"]}
    assert money["one-11"]["amount"] == "100000000000"
    assert money["one-11"]["currency"] == "EEK"
    assert money["one-11"]["converted"]["amount"] == "6391164853.71"
    assert money["one-11"]["converted"]["rate"]["page"] == "/page/exchange-rate/eek-eur"
    assert money["one-10"]["converted"]["amount"] == "31250000"  # the year of the start
    assert money["one-7"]["converted"] is None
    later = {item["funding"]["key"]: item for item in _get(mixed, "/project/two?in=EUR")["money"]}
    assert later["two-10"]["converted"] is None
    page = mixed.get("/page/project/two?in=EUR", headers={"accept": "text/html"}).text
    assert "no rate known" in page
    assert "not needed" in page
    assert "fixed since 2011-01-01" in page
    assert "in=EUR" in mixed.get("/page/project/two", headers={"accept": "text/html"}).text


def test_of_several_kinds_none_is_chosen(mixed: TestClient) -> None:
    (money,) = _get(mixed, "/project/torn")["money"]
    assert (money["kind"], money["phase"]["key"], money["several"]) == (None, "approved", ["kind"])
    page = mixed.get("/page/project/torn", headers={"accept": "text/html"}).text
    assert "several stated" in page
    rows = _get(mixed, "/queries/money-by-programme-country-year")["results"]["bindings"]
    (torn,) = [row for row in rows if row["kind"]["value"] == "several"]
    assert torn["amounts"]["value"] == "1"
    assert "sum" not in torn


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/aggregates/funding?in=SEK", "there are rates to EUR"),
        ("/aggregates/practices?in=EUR", "only money is converted"),
        ("/aggregates/funding?in=euro", "in:"),
        ("/project/one?in=SEK", "there are rates to EUR"),
    ],
)
def test_conversion_that_cannot_be_is_refused(mixed: TestClient, address: str, told: str) -> None:
    answer = mixed.get(API + address)
    assert answer.status_code == 400
    assert told in answer.json()["detail"]
