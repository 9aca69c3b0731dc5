"""Reconciliation: every answer by the schemas of the API 0.2, as OpenRefine asks, and hostile."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema_rs
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.odd import BROWSER

SCHEMAS = Path(__file__).parents[3] / "shared" / "suites" / "reconciliation"
ORGANISATION = "Organisation"
Document = dict[str, Any]
Check = Callable[[str, object], None]


@pytest.fixture(scope="session")
def check() -> Check:
    """Give what validates a document by one of the schemas; skip where they are absent."""
    if not SCHEMAS.is_dir():
        pytest.skip(f"the schemas of the Reconciliation Service API are not at {SCHEMAS}")
    read = {path.stem: json.loads(path.read_text("utf-8")) for path in SCHEMAS.glob("*.json")}
    registry = jsonschema_rs.Registry([(schema["$id"], schema) for schema in read.values()])
    made = {
        name: jsonschema_rs.validator_for(schema, registry=registry)
        for name, schema in read.items()
    }

    def validate(name: str, document: object) -> None:
        made[name].validate(document)

    return validate


@pytest.fixture
def ask(client: TestClient, check: Check) -> Callable[..., Document]:
    """Give what sends a batch of queries, checked as they go and as they come back."""

    def send(queries: Document, path: str = "/reconcile", **headers: str) -> Document:
        check("reconciliation-query-batch", queries)
        answer = client.post(path, data={"queries": json.dumps(queries)}, headers=headers)
        assert answer.status_code == 200, answer.text
        assert answer.headers["access-control-allow-origin"] == "*"
        document: Document = answer.json()
        check("reconciliation-result-batch", document)
        assert set(document) == set(queries)
        return document

    return send


def _manifest(client: TestClient, path: str = "/reconcile") -> Document:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    found: Document = answer.json()
    return found


def _path(address: str) -> str:
    """Give the path of an address of the service under test."""
    assert address.startswith("http://testserver/")
    return address.removeprefix("http://testserver")


# The manifest, and what it leads to


def test_the_manifest_fits_the_schema_and_names_what_there_is(
    client: TestClient, check: Check
) -> None:
    manifest = _manifest(client)
    check("manifest", manifest)
    assert manifest["versions"] == ["0.2"]
    assert manifest["identifierSpace"] == "http://localhost:8000/id/"
    assert manifest["batchSize"] <= 1000
    assert [item["id"] for item in manifest["defaultTypes"]][:2] == [ORGANISATION, "Practice"]
    for document in manifest["defaultTypes"]:
        check("type", document)
    assert client.get(_path(manifest["logo"])).status_code == 200
    assert client.get(_path(manifest["documentation"])).status_code == 200


def test_every_address_of_the_manifest_answers(client: TestClient, check: Check) -> None:
    manifest = _manifest(client)
    one = quote("organisation/ee-ut", safe="")  # as clients must write an identifier
    moved = client.get(_path(manifest["view"]["url"].replace("{{id}}", one)))
    assert (moved.status_code, moved.headers["location"]) == (303, "/id/organisation/ee-ut")
    preview = client.get(_path(manifest["preview"]["url"].replace("{{id}}", one)))
    assert "University of Tartu" in preview.text
    assert "frame-ancestors *" in preview.headers["content-security-policy"]
    assert "<script" not in preview.text
    for what, prefix, first, schema in (
        ("entity", "tart", "organisation/ee-ut", "suggest-entities-response"),
        ("type", "organis", ORGANISATION, "suggest-types-response"),
        ("property", "count", "country", "suggest-properties-response"),
    ):
        place = manifest["suggest"][what]
        address = _path(place["service_url"] + place["service_path"])
        found = client.get(address, params={"prefix": prefix})
        check(schema, found.json())
        ids = [item["id"] for item in found.json()["result"]]
        assert first in ids
        later = client.get(address, params={"prefix": prefix, "cursor": 1}).json()["result"]
        assert later[0]["id"] == ids[1]
        itself = client.get(address, params={"prefix": first}).json()["result"]
        assert itself[0]["id"] == first
        path = _path(place["flyout_service_url"] + place["flyout_service_path"])
        flyout = client.get(path.replace("${id}", quote(first, safe=""))).json()
        assert flyout["id"] == first
        assert flyout["html"].startswith("<p>")


def test_each_language_has_a_service_of_its_own(client: TestClient, check: Check) -> None:
    manifest = _manifest(client, "/et/reconcile")
    check("manifest", manifest)
    assert manifest["name"] != _manifest(client)["name"]
    assert manifest["defaultTypes"][0]["name"] == "organisatsioon"
    place = manifest["suggest"]["entity"]
    address = _path(place["service_url"] + place["service_path"])
    found = client.get(address, params={"prefix": "esto"}).json()["result"]
    assert {"id": "country/EE", "name": "Eesti"}.items() <= found[0].items()
    accepted = client.get(
        "/reconcile/suggest/entity?prefix=esto", headers={"accept-language": "lv"}
    )
    assert accepted.json()["result"][0]["name"] == "Igaunija"
    assert "Accept-Language" in accepted.headers["vary"]
    assert client.get("/english/reconcile").status_code == 404


def test_other_pages_may_ask(client: TestClient) -> None:
    origin = {"origin": "https://elsewhere.example"}
    allowed = client.options(
        "/reconcile", headers={**origin, "access-control-request-method": "POST"}
    )
    assert allowed.status_code == 200
    assert "POST" in allowed.headers["access-control-allow-methods"]
    for path in ("/reconcile", "/reconcile/suggest/type?prefix=o", "/reconcile/properties"):
        assert client.get(path, headers=origin).headers["access-control-allow-origin"] == "*"


def test_a_release_can_be_named(client: TestClient) -> None:
    manifest = _manifest(client, "/reconcile?release=1")
    place = manifest["suggest"]["entity"]
    assert place["service_path"].endswith("?release=1")
    assert "release=1" in manifest["preview"]["url"]
    viewed = client.get(_path(manifest["view"]["url"].replace("{{id}}", "country%2FEE")))
    assert viewed.headers["location"] == "/id/country/EE?release=1"
    assert client.get("/reconcile?release=77").status_code == 404


# The order of calls of OpenRefine


def test_a_table_is_reconciled_as_openrefine_does_it(
    client: TestClient, check: Check, ask: Callable[..., Document]
) -> None:
    manifest = _manifest(client)
    names = ["Tartu Ülikool", "Kodanikuühiskonna Sihtkapital", "Αναπτυξιακή Καρδίτσας"]
    guessed = ask({f"q{n}": {"query": name, "limit": 3} for n, name in enumerate(names)})
    types = [item["type"][0]["id"] for found in guessed.values() for item in found["result"][:1]]
    assert types == [ORGANISATION] * 3
    batch = {
        f"q{n}": {
            "query": name,
            "type": ORGANISATION,
            "type_strict": "should",
            "properties": [{"pid": "country", "v": country}],
        }
        for n, (name, country) in enumerate(zip(names, ("EE", "Estonia", "Greece"), strict=True))
    }
    found = ask(batch)
    best = [found[f"q{n}"]["result"][0] for n in range(3)]
    assert [item["id"].partition("/")[2] for item in best] == ["ee-ut", "ee-kysk", "gr-anka"]
    assert all(item["match"] for item in best)
    assert all(item["score"] >= 94 for item in best)
    assert {"id": "country", "value": 100.0} in best[1]["features"]
    assert "Estonia" in best[0]["description"]
    place = manifest["extend"]["propose_properties"]
    proposed = client.get(
        _path(place["service_url"] + place["service_path"]),
        params={"type": ORGANISATION, "limit": 30},
    ).json()
    check("data-extension-property-proposal", proposed)
    ids = [item["id"] for item in proposed["properties"]]
    assert {"country", "consortium", "foaf:homepage"} <= set(ids)
    wish = {"ids": [item["id"] for item in best], "properties": [{"id": one} for one in ids]}
    check("data-extension-query", wish)
    made = client.post("/reconcile", data={"extend": json.dumps(wish)}).json()
    check("data-extension-response", made)
    assert [item["id"] for item in made["meta"]] == ids
    row = made["rows"]["organisation/ee-ut"]
    assert row["country"] == [{"id": "country/EE", "name": "Estonia"}]
    assert made["meta"][ids.index("country")]["type"]["id"] == "Country"
    assert row["foaf:homepage"] == [{"str": "https://ut.ee"}]


def test_all_kinds_of_values_are_written_by_the_schema(client: TestClient, check: Check) -> None:
    """Every attribute of everything that has one, so that no datatype is left out."""
    for kind in ("consortium", "country", "event", "policy", "practice", "programme", "theme"):
        found = client.get(f"/reconcile/properties?type={kind}").json()
        listed = client.get(f"/api/v1/find?kind={kind}&limit=20").json()["items"]
        wish = {
            "ids": [f"{kind}/{item['thing']['key']}" for item in listed],
            "properties": [{"id": item["id"]} for item in found["properties"]],
        }
        assert wish["ids"]
        assert wish["properties"]
        made = client.get("/reconcile", params={"extend": json.dumps(wish)}).json()
        check("data-extension-response", made)
        assert any(cells for row in made["rows"].values() for cells in row.values())


def test_columns_have_settings(client: TestClient) -> None:
    settings = _manifest(client)["extend"]["property_settings"]
    assert [item["name"] for item in settings] == ["limit", "language", "count"]
    wish = {
        "ids": ["country/EE"],
        "properties": [
            {"id": "skos:prefLabel", "settings": {"language": "lv"}},
            {"id": "skos:altLabel", "settings": {"limit": "1", "language": "all"}},
            {"id": "country", "settings": {"count": True}},
        ],
    }
    made = client.post("/et/reconcile", data={"extend": json.dumps(wish)}).json()
    row = made["rows"]["country/EE"]
    assert row["skos:prefLabel"] == [{"str": "Igaunija"}]
    assert len(row["skos:altLabel"]) <= 1
    assert row["country"] == [{"int": 0}]
    assert made["meta"][2]["name"] == "riik"


# What is hostile, or a mistake


def test_what_is_unknown_is_told_beside_the_answer(ask: Callable[..., Document]) -> None:
    found = ask(
        {
            "type": {"query": "Tartu Ülikool", "type": "Unicorn"},
            "some": {"query": "Tartu Ülikool", "type": ["Unicorn", ORGANISATION]},
            "both": {"query": "Tartu Ülikool", "type": ["Country", "Theme"], "type_strict": "all"},
            "property": {"query": "Tartu Ülikool", "properties": [{"pid": "horn", "v": 1}]},
            "empty": {"query": " "},
            "nothing": {"query": "zzzzqqqq"},
        }
    )
    assert found["type"]["result"] == []
    assert "there is no type 'Unicorn'" in found["type"]["notes"][0]
    assert found["some"]["result"][0]["match"]
    assert "Unicorn" in found["some"]["notes"][0]
    assert found["both"]["result"] == []
    assert found["property"]["result"][0]["match"]
    assert "there is no property 'horn'" in found["property"]["notes"][0]
    assert found["empty"] == {"result": [], "notes": ["there is no name to look for"]}
    assert found["nothing"] == {"result": []}


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("", "queries is no JSON"),
        ("{", "queries is no JSON"),
        ("[]", "queries is an object"),
        ('{"a": 1}', "the query 'a' is an object"),
        ('{"a": {}}', "neither query nor properties"),
        ('{"a": {"query": 1}}', "query of the query 'a' is a text"),
        ('{"a": {"query": "x", "limit": 0}}', "limit of the query 'a'"),
        ('{"a": {"query": "x", "limit": "9"}}', "limit of the query 'a'"),
        ('{"a": {"query": "x", "limit": NaN}}', "NaN"),
        ('{"a": {"query": "x", "type": 1}}', "type of the query 'a'"),
        ('{"a": {"query": "x", "type_strict": "never"}}', "type_strict"),
        ('{"a": {"query": "x", "properties": {}}}', "properties of the query 'a'"),
        ('{"a": {"query": "x", "properties": [{"v": 1}]}}', "pid of the query 'a'"),
        ('{"a": {"query": "x", "properties": [{"pid": "country"}]}}', "has no v"),
        ('{"a": {"query": "x", "properties": [{"pid": "country", "v": {}}]}}', "id of a value"),
        ("[" * 100_000, "queries is no JSON"),
    ],
)
def test_what_is_malformed_is_refused_with_its_place(
    client: TestClient, sent: str, told: str
) -> None:
    answer = client.post("/reconcile", data={"queries": sent})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert told in answer.json()["detail"]


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({}, "ids is an array"),
        ({"ids": [1], "properties": []}, "an id is a text"),
        ({"ids": [], "properties": [{"id": "horn"}]}, "there is no property 'horn'"),
        ({"ids": [], "properties": [{"id": "city", "settings": {"limit": "x"}}]}, "limit"),
    ],
)
def test_a_malformed_wish_is_refused(client: TestClient, wish: object, told: str) -> None:
    answer = client.post("/reconcile", data={"extend": json.dumps(wish)})
    assert answer.status_code == 400
    assert told in answer.json()["detail"]


def test_batches_that_are_too_large_are_refused_and_told_what_to_do(client: TestClient) -> None:
    many = json.dumps({f"q{n}": {"query": "x"} for n in range(1001)})
    answer = client.post("/reconcile", data={"queries": many})
    assert answer.status_code == 413
    assert "1,001; at most 1,000 are answered at once" in answer.json()["detail"]
    wish = json.dumps({"ids": ["a/b"] * 1001, "properties": []})
    assert client.post("/reconcile", data={"extend": wish}).status_code == 413
    long = json.dumps({"a": {"query": "x" * 1_000_001}})
    assert client.post("/reconcile", data={"queries": long}).status_code == 413
    assert client.post("/reconcile", json={"a": {"query": "x"}}).status_code == 415
    assert client.post("/reconcile", data={"other": "x"}).status_code == 400
    both = {"queries": "{}", "extend": "{}"}
    assert client.post("/reconcile", data=both).status_code == 400
    assert client.put("/reconcile").status_code == 405


def test_names_that_nobody_expects_are_answered(ask: Callable[..., Document]) -> None:
    names = [
        "x" * 10_000,
        "Tartu " * 2_000,
        "مؤسسة الابتكار الاجتماعي\u202eevil\u202c",
        "Z" + "\u0351\u0323" * 60 + "algo",
        "\u200b",
        "\x00\ud800",
        "<script>alert(1)</script>",
        "?!.,;",
        "1234567890",
        "http://[broken",
        "organisation/",
        "id/../../etc/passwd",
        '" } DROP ALL #',
    ]
    queries = {
        str(n): {"query": name, "limit": 1e9, "properties": [{"pid": "country", "v": name}]}
        for n, name in enumerate(names)
    }
    found = ask(queries)
    assert all(len(item["result"]) <= 100 for item in found.values())
    assert found["6"]["result"] == [] or not found["6"]["result"][0]["match"]
    assert ask({"q": {"query": "social", "limit": 3}})["q"]["result"][2:]


def test_a_batch_has_only_so_much_time(release_home: Path) -> None:
    hurried = Settings(home=release_home, query_seconds=0.000001)
    with TestClient(create_app(hurried)) as client:
        batch = json.dumps({f"q{n}": {"query": "Tartu Ülikool"} for n in range(25)})
        answer = client.post("/reconcile", data={"queries": batch})
    assert answer.status_code == 504
    assert "send fewer at once" in answer.json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/reconcile/view?id=unicorn",
        "/reconcile/flyout/entity?id=organisation%2Fnobody",
        "/reconcile/flyout/type?id=Unicorn",
        "/reconcile/flyout/property?id=horn",
        "/reconcile/flyout/unicorn?id=country%2FEE",
        "/embed/entity?id=nothing",
        "/embed/entity?id=row%2Forganisations-7",
        "/reconcile/nothing",
    ],
)
def test_what_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_release_without_names_says_so(odd: TestClient) -> None:
    answer = odd.get("/reconcile")
    assert answer.status_code == 404
    assert "build it again" in answer.json()["detail"]


# The page


@pytest.fixture
def show(client: TestClient) -> Callable[..., str]:
    """Give what sends the form of the page."""

    def send(status: int = 200, path: str = "/reconciliation", **fields: str) -> str:
        answer = client.post(path, data=fields, headers={"accept": BROWSER})
        assert answer.status_code == status
        return answer.text

    return send


def test_names_are_pasted_into_a_page(client: TestClient, show: Callable[..., str]) -> None:
    text = client.get("/reconciliation", headers={"accept": BROWSER}).text
    assert "http://testserver/reconcile</code>" in text
    assert 'id="proposals"' not in text
    names = "Tartu Ülikool\n\n  <b>zzzz</b>  \r\nEmployment"
    told = show(names=names, type=ORGANISATION, country="EE")
    rows = re.findall(
        r'<tr><th scope="row"><span dir="auto">(.*?)</span> <span class="certain">(.*?)</span>',
        told,
    )
    assert rows == [
        ("Tartu Ülikool", "certain"),
        ("&lt;b&gt;zzzz&lt;/b&gt;", "not certain"),
        ("Employment", "not certain"),
    ]
    assert '<a href="/page/organisation/ee-ut">' in told
    assert "Of 3 names 1 are matched with certainty" in told
    assert '<option value="EE" selected>' in told
    estonian = show(path="/reconciliation?lang=et", names="Estonia", type="Country")
    assert 'href="/page/country/EE?lang=et"><span dir="auto">Eesti</span>' in estonian
    assert 'action="/reconciliation?lang=et"' in estonian


def test_proposals_are_taken_away_as_csv(show: Callable[..., str]) -> None:
    rows = list(csv.DictReader(io.StringIO(show(names="Tartu Ülikool\nzzzz", format="csv"))))
    assert rows[0]["id"] == "organisation/ee-ut"
    assert rows[0]["iri"] == "http://localhost:8000/id/organisation/ee-ut"
    assert (rows[0]["place"], rows[0]["match"], rows[0]["country"]) == ("1", "yes", "EE")
    assert rows[-1] == {**dict.fromkeys(rows[0], ""), "asked": "zzzz"}


def test_a_form_that_cannot_be_read_is_refused(show: Callable[..., str]) -> None:
    show(413, names="x\n" * 1001)
    show(400, names="x", type="Unicorn")
    show(400, names="x", colour="red")
    assert "at most 1,000 names" in show(413, names="x\n" * 1001)


# What may not come out


@pytest.fixture(scope="module")
def merged(release_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Serve a copy of the release in which one organisation is merged into another."""
    import shutil  # noqa: PLC0415  # of this fixture alone

    home = tmp_path_factory.mktemp("merged")
    shutil.copytree(release_home, home, dirs_exist_ok=True)
    folder = home / "releases" / "000001"
    (folder / "identities.csv").write_text(
        "merged,canonical,why\norganisation/old-ut,organisation/ee-ut,a line\n", "utf-8"
    )
    with TestClient(create_app(Settings(home=home)), follow_redirects=False) as client:
        yield client


def test_a_merged_thing_is_told_as_what_it_is_now(merged: TestClient) -> None:
    batch = json.dumps({"q": {"query": "organisation/old-ut"}})
    found = merged.get("/reconcile", params={"queries": batch}).json()["q"]["result"]
    assert (found[0]["id"], found[0]["match"]) == ("organisation/ee-ut", True)
    wish = json.dumps({"ids": ["organisation/old-ut"], "properties": [{"id": "country"}]})
    rows = merged.get("/reconcile", params={"extend": wish}).json()["rows"]
    assert rows["organisation/old-ut"]["country"][0]["id"] == "country/EE"
    assert "University of Tartu" in merged.get("/embed/entity?id=organisation%2Fold-ut").text
