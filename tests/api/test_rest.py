"""The REST interface: lists, single things, search, releases, queries and its description."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

import ontology

PROBLEM = "application/problem+json"


def _get(client: TestClient, path: str) -> Any:
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("kind", sorted(ontology.segments()))
def test_every_kind_can_be_listed_and_read(client: TestClient, kind: str) -> None:
    listed = _get(client, f"/{kind}?limit=3")["items"]
    assert all(item["kind"] == kind for item in listed)
    for item in listed:
        read = _get(client, f"/{kind}/{item['iri'].rsplit('/', 1)[1]}")
        assert read["iri"] == item["iri"]
        assert read["label"] == item["label"]


def test_pages_of_a_list_hold_everything_once_in_order(client: TestClient) -> None:
    iris: list[str] = []
    path: str | None = "/api/v1/organisation?limit=40"
    while path:
        answer = client.get(path)
        body = answer.json()
        iris += [item["iri"] for item in body["items"]]
        path = body["next"]
        assert (answer.headers.get("link") == f'<{path}>; rel="next"') is (path is not None)
    assert iris == sorted(set(iris))
    kinds = {item["kind"]: item["count"] for item in _get(client, "/kinds")["items"]}
    assert len(iris) == kinds["organisation"] > 100


@pytest.mark.parametrize(
    ("path", "inside", "outside"),
    [
        ("/organisation?country=EE", "organisation/ee-kysk", "organisation/es-sssr"),
        ("/organisation?role=national-coordinator", "organisation/ee-kysk", "organisation/eu-eif"),
        ("/organisation?consortium=esia", "organisation/ee-kysk", "organisation/es-sssr"),
        ("/consortium?country=EE", "consortium/esia", "consortium/buicasus"),
        ("/consortium?programme=esf-plus", "consortium/esia", "consortium/buicasus"),
        ("/consortium?organisation=ee-kysk", "consortium/esia", "consortium/buicasus"),
        ("/participation?organisation=ee-kysk", "participation/ee-kysk-esia-", "participation/es-"),
        ("/programme?type=call", "programme/call-vp-2020-010", "programme/esf-plus\n"),
        ("/funding?consortium=buicasus", "funding/buicasus-total", "funding/esia-total"),
        ("/organisation?q=kysk", "organisation/ee-kysk", "organisation/es-sssr"),
        ("/organisation?q=foundation&country=EE", "organisation/ee-kysk", "organisation/ee-tlu"),
    ],
)
def test_filters_keep_what_fits(client: TestClient, path: str, inside: str, outside: str) -> None:
    iris = "\n".join(item["iri"] for item in _get(client, f"{path}&limit=200")["items"]) + "\n"
    assert inside in iris
    assert outside not in iris


def test_no_filter_of_any_kind_is_malformed(client: TestClient) -> None:
    targets = {item["kind"]: item["filters"] for item in _get(client, "/kinds")["items"]}
    keys = {
        kind: items[0]["key"] for kind in targets if (items := _get(client, f"/{kind}")["items"])
    }
    tried = 0
    for kind, filters in targets.items():
        for name in filters:
            for key in (keys.get(name), "EE", "esf-plus", "approved"):
                answer = client.get(f"/api/v1/{kind}?{name}={key}")
                assert answer.status_code in {200, 400}
                tried += answer.status_code == 200
    assert tried > 20


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/organisation?contry=EE", "country"),
        ("/organisation?country=XX", "XX"),
        ("/organisation?country=EE&country=LV", "more than once"),
        ("/organisation?limit=0", "1 to 200"),
        ("/organisation?limit=201", "1 to 200"),
        ("/organisation?limit=ten", "1 to 200"),
        ("/organisation?limit=%C2%B2", "1 to 200"),
        ("/organisation?cursor=%21%21", "cursor"),
        ("/organisation?cursor=gIGC", "cursor"),
        ("/organisation?lang=_", "lang"),
        ("/organisation/ee-kysk?country=EE", "country"),
        ("/search", "q"),
        ("/search?q=x&limit=1000", "limit"),
        ("/queries?x=1", "no parameter"),
        ("/queries/conflicts?x=1", "x"),
        ("/releases?x=1", "x"),
    ],
)
def test_impossible_parameters_are_told(client: TestClient, path: str, named: str) -> None:
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == PROBLEM
    assert answer.json()["type"] == "/problems#impossible-parameter"
    assert named in answer.json()["detail"]
    assert "etag" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/nothing", "/organisation/no-such", "/search?q=x&kind=nothing", "/queries/no-such"]
)
def test_unknown_things_are_not_found(client: TestClient, path: str) -> None:
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == PROBLEM


def test_other_methods_are_not_allowed(client: TestClient) -> None:
    answer = client.post("/api/v1/organisation")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"
    assert answer.json()["type"] == "/problems#method-not-allowed"


def test_an_entity_says_which_rows_say_so(client: TestClient) -> None:
    esia = _get(client, "/consortium/esia")
    start = next(item for item in esia["properties"] if item["property"] == "sikg:startDate")
    assert start["conflict"] is True
    stated = {value["text"]: value["rows"] for value in start["values"]}
    assert set(stated) == {"2021-05", "2021-05-14"}
    for rows in stated.values():
        for row in rows:
            receipt = esia["receipts"][row]
            assert receipt["file"].endswith(".csv")
            assert len(receipt["sha256"]) == 64
            assert receipt["number"] >= 2
    assert not esia["notices"]


def test_every_statement_of_an_entity_names_a_known_row(client: TestClient) -> None:
    for path in ("/consortium/esia", "/organisation/ee-kysk", "/practice/vunki-mano"):
        entity = _get(client, path)
        for item in entity["properties"]:
            for value in item["values"]:
                assert value["rows"], item["property"]
                assert set(value["rows"]) <= set(entity["receipts"])


def test_money_is_a_list_of_amounts_with_kind_and_currency(client: TestClient) -> None:
    money = _get(client, "/consortium/buicasus")["money"]
    told = {(item["kind"]["key"], float(item["amount"]), item["currency"]) for item in money}
    assert told == {("total", 1064413.0, "EUR"), ("eu", 851530.0, "EUR")}
    assert all(item["phase"]["key"] == "approved" and item["rows"] for item in money)


def test_participations_are_told_from_both_sides(client: TestClient) -> None:
    of_esia = _get(client, "/consortium/esia")["participations"]
    of_kysk = _get(client, "/organisation/ee-kysk")["participations"]
    key = "ee-kysk-esia-national-coordinator"
    for side in (of_esia, of_kysk):
        found = next(item for item in side if item["participation"]["key"] == key)
        assert found["organisation"]["key"] == "ee-kysk"
        assert [thing["key"] for thing in found["in"]] == ["esia"]
        assert [role["key"] for role in found["roles"]] == ["national-coordinator"]


def test_labels_follow_the_reader(client: TestClient) -> None:
    by_header = client.get("/api/v1/country/EE", headers={"accept-language": "lv"}).json()
    by_name = _get(client, "/country/EE?lang=lv")
    assert by_header["label"] == by_name["label"]
    assert by_name["label"] == {"text": "Igaunija", "language": "lv", "asked": True}
    fallback = _get(client, "/consortium/esia?lang=lv")["label"]
    assert fallback["language"] == "en"
    assert fallback["asked"] is False


@pytest.mark.parametrize("lang", ["et", "en"])
def test_what_is_found_is_called_as_on_its_own(client: TestClient, lang: str) -> None:
    """Search takes names from its index, all else from the store."""
    found = _get(client, f"/search?q=social&lang={lang}")["items"]
    assert len(found) == 20
    for thing in (item["thing"] for item in found[::2]):
        alone = _get(client, f"/{thing['kind']}/{thing['iri'].rsplit('/', 1)[1]}?lang={lang}")
        assert alone["label"] == thing["label"]


def test_search_finds_over_kinds_and_within_one(client: TestClient) -> None:
    found = _get(client, "/search?q=esia")["items"]
    assert found[0]["thing"]["key"] == "esia"
    assert found == sorted(found, key=lambda hit: -hit["score"])
    within = _get(client, "/search?q=social&kind=programme&limit=3")
    assert {hit["thing"]["kind"] for hit in within["items"]} == {"programme"}
    assert len(within["items"]) <= within["limit"] == 3


def test_releases_are_listed(client: TestClient) -> None:
    listed = _get(client, "/releases")["items"]
    current = _get(client, "/releases/current")
    assert [item["number"] for item in listed if item["current"]] == [current["number"]]
    assert {source["name"] for source in current["sources"]} >= {"consortia", "terms"}


def test_queries_are_listed_and_answered(client: TestClient) -> None:
    listed = _get(client, "/queries")["items"]
    assert len(listed) >= 15
    for entry in listed:
        if not any(item["required"] for item in entry["parameters"]):
            answer = client.get(entry["result"])
            assert answer.status_code == 200
            assert answer.json()["head"]["vars"] == list(entry["columns"])
    asked = client.get("/api/v1/queries/conflicts", headers={"accept": "text/csv"})
    assert asked.headers["content-type"].startswith("text/csv")
    assert client.get("/api/v1/queries/conflicts?format=turtle").status_code == 406


def test_health_and_readiness_differ_before_the_first_build(
    client: TestClient, empty: TestClient
) -> None:
    assert client.get("/health").json()["status"] == "ok"
    assert client.get("/ready").json()["release"] == 1
    assert empty.get("/health").status_code == 200
    assert empty.get("/ready").status_code == 503
    assert empty.get("/api/v1/organisation").status_code == 503


def test_the_description_documents_every_operation(client: TestClient) -> None:
    document = _get(client, "/openapi.json")
    for kind in ontology.segments():
        assert f"/api/v1/{kind}" in document["paths"]
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert operation["summary"], path
            assert "422" not in operation["responses"]
            for status, response in operation["responses"].items():
                if status >= "400":
                    assert set(response["content"]) == {PROBLEM}
    listed = document["paths"]["/api/v1/organisation"]["get"]["parameters"]
    assert {"q", "limit", "cursor", "country", "role", "lang"} <= {item["name"] for item in listed}
    examples = document["components"]["schemas"]["Thing"]["properties"]["iri"]["examples"]
    assert examples == ["http://localhost:8000/id/consortium/esia"]


def test_no_document_leads_to_another_host(client: TestClient) -> None:
    assert "cdn" not in client.get("/api/v1/docs").text.lower()
    assert client.get("/docs").status_code == 404
    assert client.get("/redoc").status_code == 404


def test_pages_of_other_hosts_may_read(client: TestClient) -> None:
    answer = client.get("/api/v1/kinds", headers={"origin": "https://x.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
