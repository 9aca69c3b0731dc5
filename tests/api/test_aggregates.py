"""Aggregates, facets and flows, against the store and against each other."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from api import models_facts as models
from graph.dataset import Dataset
from graph.engine import Query
from graph.facts.dimensions import TABLES

API = "/api/v1"
MONEY = ("kind", "phase", "currency")


def _get(client: TestClient, address: str) -> Any:
    answer = client.get(API + address)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _sums(rows: list[dict[str, Any]]) -> dict[tuple[str, ...], tuple[int, Decimal, int]]:
    found: dict[tuple[str, ...], tuple[int, Decimal, int]] = {}
    for row in rows:
        key = tuple(row[name] for name in MONEY)
        amounts, total, disputed = found.get(key, (0, Decimal(0), 0))
        found[key] = (
            amounts + row["amounts"],
            total + Decimal(row["sum"] or 0),
            disputed + row["disputed"],
        )
    return found


@pytest.mark.parametrize(
    "by",
    ["country", "programme", "theme", "year", "of", "year-of", "target-group", "country,programme",
     "programme,country", "year,theme", "country,programme,theme,year", "kind"],
)  # fmt: skip
def test_money_is_the_same_in_all_however_it_is_divided(client: TestClient, by: str) -> None:
    whole = _get(client, "/aggregates/funding")
    divided = _get(client, f"/aggregates/funding?by={by}")
    assert _sums(divided["rows"]) == _sums(whole["rows"])
    assert divided["total"] == len(divided["rows"])
    assert divided["additive"] is True
    for row in divided["rows"]:
        assert set(by.split(",")) | {*MONEY, "amounts", "sum", "disputed", "missing"} == set(row)


def test_money_is_that_of_the_store(client: TestClient, dataset: Dataset) -> None:
    text = """
    PREFIX sikg: <https://w3id.org/sikg/ontology#>
    SELECT ?funding (MIN(?amount) AS ?least) (MAX(?amount) AS ?most) WHERE {
      VALUES ?class { sikg:Project sikg:Practice }
      ?thing a ?class ; sikg:funding ?funding . ?funding sikg:amount ?amount
    } GROUP BY ?funding"""
    amounts = dataset.store.select(Query(text))
    agreed = [row for row in amounts if row["least"] == row["most"]]
    rows = _get(client, "/aggregates/funding")["rows"]
    assert sum(row["amounts"] for row in rows) == len(agreed)
    assert sum(row["disputed"] for row in rows) == len(amounts) - len(agreed)
    total = sum(Decimal(row["least"].value) for row in agreed)
    assert sum(Decimal(row["sum"] or 0) for row in rows) == total > 0


def test_filters_find_what_belongs_to_a_value_alone_or_with_others(client: TestClient) -> None:
    every = _get(client, "/aggregates/funding?by=country")["rows"]
    found = _get(client, "/aggregates/funding?by=country&country=EE")["rows"]
    assert found == [row for row in every if "EE" in (row["country"] or [])]
    assert any(len(row["country"]) > 1 for row in found)
    either = _get(client, "/aggregates/funding?by=country&country=EE,unknown")["rows"]
    assert either == [row for row in every if row["country"] is None or "EE" in row["country"]]


def test_a_programme_finds_what_its_parts_pay(client: TestClient) -> None:
    found = _get(client, "/aggregates/funding?by=programme&programme=esf-plus")["rows"]
    assert {key for row in found for key in row["programme"]} > {"esf-plus"}


def test_rows_come_in_order_and_page_by_page(client: TestClient) -> None:
    whole = _get(client, "/aggregates/funding?by=year,country")["rows"]
    years = [row["year"] or "~" for row in whole]
    assert years == sorted(years)
    gathered: list[Any] = []
    address: str | None = "/aggregates/funding?by=year,country&limit=7"
    while address is not None:
        page = _get(client, address)
        assert page["total"] == len(whole)
        gathered += page["rows"]
        address = page["next"] and page["next"].removeprefix(API)
    assert gathered == whole
    behind = _get(client, "/aggregates/funding?by=year,country&offset=1000")
    assert (behind["rows"], behind["total"], behind["next"]) == ([], len(whole), None)


@pytest.mark.parametrize("table", TABLES)
def test_json_csv_and_the_model_say_the_same(client: TestClient, table: str) -> None:
    for by in ("", "country", "country,programme", "year"):
        address = f"/aggregates/{table}?by={by}"
        answer = client.get(API + address)
        read = models.Aggregates.model_validate_json(answer.content)
        assert read.of == models.FactsOf(release=1, asked=1, exact=True)
        lines = list(csv.DictReader(io.StringIO(client.get(f"{API}{address}&format=csv").text)))
        assert len(lines) == len(answer.json()["rows"]) > 0
        for line, row in zip(lines, answer.json()["rows"], strict=True):
            for name, value in row.items():
                text = "; ".join(value) if isinstance(value, list) else value
                assert line[name] == ("" if text is None else str(text))


def test_each_counts_every_practice_for_each_of_its_values(
    client: TestClient, dataset: Dataset
) -> None:
    found = _get(client, "/aggregates/practices?by=target-group&several=each")
    text = """
    PREFIX sikg: <https://w3id.org/sikg/ontology#>
    SELECT ?group (COUNT(DISTINCT ?practice) AS ?n) WHERE {
      ?practice a sikg:Practice . OPTIONAL { ?practice sikg:targetGroup ?group }
    } GROUP BY ?group"""
    expected = {
        row["group"].value.rpartition("/")[2] if "group" in row else None: int(row["n"].value)
        for row in dataset.store.select(Query(text))
    }
    assert {
        row["target-group"] and row["target-group"][0]: row["practices"] for row in found["rows"]
    } == expected
    assert found["additive"] is False
    together = _get(client, "/aggregates/practices?by=target-group")
    assert sum(row["practices"] for row in together["rows"]) < sum(expected.values())
    assert together["additive"] is True


def test_participations_are_those_of_the_store(client: TestClient, dataset: Dataset) -> None:
    text = """
    PREFIX sikg: <https://w3id.org/sikg/ontology#>
    SELECT ?role (COUNT(DISTINCT ?p) AS ?n) (COUNT(DISTINCT ?who) AS ?o) WHERE {
      ?p a sikg:Participation ; sikg:role ?role . OPTIONAL { ?p sikg:participant ?who }
    } GROUP BY ?role"""
    expected = {
        (row["role"].value.rpartition("/")[2], int(row["n"].value), int(row["o"].value))
        for row in dataset.store.select(Query(text))
    }
    rows = _get(client, "/aggregates/participations?by=role&several=each")["rows"]
    assert {(r["role"][0], r["participations"], r["organisations"]) for r in rows} == expected


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/aggregates/funding?country=EST", "did you mean ES"),
        ("/aggregates/funding?kind=totl", "did you mean total"),
        ("/aggregates/funding?by=contry", "did you mean country"),
        ("/aggregates/funding?contry=EE", "did you mean country"),
        ("/aggregates/funding?by=country,country", "twice"),
        ("/aggregates/funding?several=each", "not one of each"),
        ("/aggregates/funding?year=20x1", "four digits"),
        ("/aggregates/practices?by=kind", "no dimension"),
        ("/facets?kind=practice&country=EST", "did you mean ES"),
        ("/facets?kind=practice&role=partner", "no facet"),
        ("/facets?kind=practice&period=x", "four digits"),
        ("/flows?through=programme", "two to six"),
        ("/flows?through=programme,kind", "two to six"),
        ("/flows?through=programme,programme", "twice"),
        ("/flows?through=programme,contry", "did you mean country"),
    ],
)
def test_what_is_impossible_is_refused_with_near_names(
    client: TestClient, address: str, told: str
) -> None:
    answer = client.get(API + address)
    assert answer.status_code == 400
    assert told in answer.json()["detail"]


def test_unknown_tables_and_kinds_are_not_found(client: TestClient) -> None:
    for address, told in (("/aggregates/fundng", "funding"), ("/facets?kind=practise", "practice")):
        answer = client.get(API + address)
        assert answer.status_code == 404
        assert f"did you mean {told}" in answer.json()["detail"]


def test_facets_count_what_the_list_gives(client: TestClient) -> None:
    kinds = {item["kind"]: item["count"] for item in _get(client, "/kinds")["items"]}
    counted = {
        item["key"]: item["count"] for item in _get(client, "/facets")["facets"][0]["values"]
    }
    assert counted == {kind: count for kind, count in kinds.items() if count}
    for kind in ("practice", "organisation", "consortium", "programme"):
        for facet in _get(client, f"/facets?kind={kind}&top=3")["facets"]:
            for value in facet["values"]:
                if facet["name"] == "period":
                    continue
                try_it = f"/{kind}?{facet['name']}={quote(value['key'])}&limit=200"
                if client.get(API + try_it).status_code == 400:
                    assert facet["name"] == "theme"  # which the list of consortia has not
                    continue
                assert len(_get(client, try_it)["items"]) == value["count"], try_it


def test_facets_narrow_each_other(client: TestClient) -> None:
    found = _get(client, "/facets?kind=practice&country=EE&theme=social-inclusion")
    assert found["total"] == len(
        _get(client, "/practice?country=EE&theme=social-inclusion")["items"]
    )
    for facet in found["facets"]:
        assert all(value["count"] <= found["total"] for value in facet["values"])
        assert facet["unknown"] <= found["total"]


@pytest.mark.parametrize("top", [1, 3, 200])
@pytest.mark.parametrize("through", ["programme,country", "programme,country,theme", "of,year"])
def test_flows_lose_and_add_nothing(client: TestClient, through: str, top: int) -> None:
    whole = {
        tuple(row[name] for name in MONEY): row
        for row in _get(client, "/aggregates/funding")["rows"]
    }
    found = models.Flows.model_validate(_get(client, f"/flows?through={through}&top={top}"))
    steps = through.split(",")
    assert {(flow.kind, flow.phase, flow.currency) for flow in found.flows} == set(whole)
    for flow in found.flows:
        row = whole[flow.kind, flow.phase, flow.currency]
        expected = Decimal(row["sum"] or 0)
        assert Decimal(flow.total.sum or 0) == expected
        for step in steps:
            bands = [band for band in flow.bands if band.step == step]
            assert sum(Decimal(band.sum or 0) for band in bands) == expected
            assert sum(band.amounts for band in bands) == row["amounts"]
            known = [band for band in bands if band.keys is not None]
            assert len(known) <= top
        assert sum(Decimal(link.sum or 0) for link in flow.links) == expected * (len(steps) - 1)
        for band in flow.bands:
            into = sum(Decimal(link.sum or 0) for link in flow.links if link.target == band.id)
            if band.step != steps[0]:
                assert into == Decimal(band.sum or 0)


def test_flows_and_facets_come_as_csv(client: TestClient) -> None:
    flows = client.get(f"{API}/flows?format=csv&through=programme,country")
    facets = client.get(f"{API}/facets?kind=practice", headers={"accept": "text/csv"})
    assert (
        flows.headers["content-type"] == facets.headers["content-type"] == "text/csv; charset=utf-8"
    )
    assert {line["currency"] for line in csv.DictReader(io.StringIO(flows.text))} >= {"EUR"}
    assert {line["facet"] for line in csv.DictReader(io.StringIO(facets.text))} >= {
        "country",
        "period",
    }


def test_labels_follow_the_reader(client: TestClient) -> None:
    address = "/aggregates/practices?by=country&several=each&country=EE&lang="
    assert _get(client, f"{address}et")["labels"]["country"]["EE"] == "Eesti"
    assert _get(client, f"{address}en")["labels"]["country"]["EE"] == "Estonia"


def test_a_release_without_facts_says_so(odd: TestClient) -> None:
    answer = odd.get(f"{API}/aggregates/funding")
    assert answer.status_code == 404
    assert "build it again" in answer.json()["detail"]


def test_every_table_and_parameter_is_documented(client: TestClient) -> None:
    paths = client.get(f"{API}/openapi.json").json()["paths"]
    for table in TABLES.values():
        operation = paths[f"{API}/aggregates/{table.name}"]["get"]
        named = {item["name"] for item in operation["parameters"]}
        assert named >= {"by", "limit", "offset", "several", "format"}
        assert named >= {item.name for item in table.dimensions}
        assert set(operation["responses"]["200"]["content"]) == {"application/json", "text/csv"}
    listed = _get(client, "/aggregates")["items"]
    assert [item["table"] for item in listed] == list(TABLES)


def test_facts_are_kept_beside_the_store(release_home: Path) -> None:
    assert (release_home / "releases" / "000001" / "facts" / "funding_facts.parquet").is_file()
