"""The questions as pages and as operations: forms, pinned links, citations, and their document."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.citation import Citation
from api.settings import Settings
from graph.catalogue import Catalogue
from graph.identity import Identity
from graph.release import Releases
from loaders.building.build import Inputs, build
from loaders.language.mapping import read_mappings

BROWSER = {"accept": "text/html,*/*;q=0.8"}


def _page(client: TestClient, path: str) -> str:
    answer = client.get(path, headers=BROWSER)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


@pytest.fixture(scope="module")
def two(release_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Ask a service with two releases: from the second, events of Estonia are gone."""
    home = tmp_path_factory.mktemp("two") / "home"
    shutil.copytree(release_home, home)
    data = tmp_path_factory.mktemp("tables")
    source = Path(__file__).parents[2] / "data"
    for table in source.glob("*.csv"):
        (data / table.name).write_bytes(table.read_bytes())
    table = data / "events_and_networks.csv"
    kept = [
        line for line in table.read_bytes().splitlines(keepends=True) if b"Estonian" not in line
    ]
    table.write_bytes(b"".join(kept))
    build(Releases(home), Inputs(read_mappings(), data, Identity()))
    with TestClient(create_app(Settings(home=home)), follow_redirects=False) as client:
        yield client


def _things(client: TestClient, path: str) -> set[str]:
    rows = client.get(path).json()["results"]["bindings"]
    return {row["thing"]["value"] for row in rows}


def test_a_pinned_release_answers_as_it_did(two: TestClient) -> None:
    """The operation, the page and the endpoint alike."""
    address = "/api/v1/queries/country-profile?country=EE"
    first, second = _things(two, f"{address}&release=1"), _things(two, f"{address}&release=2")
    assert second < first
    assert _things(two, address) == second
    (gone, *_) = sorted(first - second)
    page = "/queries/country-profile?country=EE"
    name = gone.rsplit("/", 1)[1]
    assert f"/{name}" in _page(two, f"{page}&release=1")
    assert f"/{name}" not in _page(two, page)
    query = f"ASK {{ <{gone}> ?p ?o }}"
    pinned = two.get("/sparql", params={"query": query, "release": "1"})
    assert pinned.json()["boolean"] is True
    assert two.get("/sparql", params={"query": query}).json()["boolean"] is False


def test_the_page_of_a_pinned_release_keeps_it(two: TestClient) -> None:
    """Its form, its downloads and its link to the editor ask the same release."""
    page = _page(two, "/queries/country-profile?country=EE&release=1")
    assert 'name="release" value="1"' in page
    assert "/api/v1/queries/country-profile?country=EE&release=1&format=csv" in page
    assert re.search(r'href="/sparql\?[^"]*release=1"', page)
    assert "This is the answer of release 1." in page


def test_a_release_that_is_not_kept_is_told(client: TestClient) -> None:
    for path in ("/api/v1/queries/conflicts", "/queries/conflicts", "/queries/conflicts/cite"):
        answer = client.get(f"{path}?release=77", headers={"accept": "application/json"})
        assert answer.status_code == 404
        assert "release 77 is not kept" in answer.json()["detail"]
    assert client.get("/api/v1/queries/conflicts?release=0").status_code == 400


def test_the_permanent_link_works_and_pins_everything(client: TestClient) -> None:
    page = _page(client, "/queries/country-profile?country=LV")
    found = re.search(r'Permanent link: <a class="long" href="([^"]+)"', page)
    assert found
    text = Catalogue.read().get("country-profile").text
    digest = sha256(text.encode()).hexdigest()
    assert found[1] == f"/queries/country-profile?country=LV&release=1&sha256={digest[:12]}"
    assert "Riga" in page or "Latvia" in page
    _page(client, found[1])


def test_a_link_to_another_text_of_the_query_is_not_answered(client: TestClient) -> None:
    for path in ("/api/v1/queries/conflicts", "/queries/conflicts", "/queries/conflicts/cite"):
        answer = client.get(f"{path}?sha256=000000000000", headers={"accept": "application/json"})
        assert answer.status_code == 404
        assert "has been changed since this link was made" in answer.json()["detail"]


def test_a_citation_says_what_was_asked_of_what(client: TestClient) -> None:
    pinned = client.get("/queries/country-profile/cite?country=LV")
    manifest = client.get("/api/v1/releases/current").json()
    assert pinned.headers["content-type"].startswith("text/plain")
    text = pinned.text
    assert text.startswith("The maintainers of the social innovation knowledge graph (")
    assert "Profile of a country" in text
    assert "country = LV" in text
    assert "release 1 of " in text
    assert manifest["digest"][:16] in text
    assert "country=LV&release=1&sha256=" in text


def test_a_citation_is_given_to_programs_that_keep_bibliographies(client: TestClient) -> None:
    (item,) = client.get("/queries/country-profile/cite?country=LV&format=csl").json()
    manifest = client.get("/api/v1/releases/current").json()
    assert item["type"] == "dataset"
    assert item["version"] == "release 1"
    created = [int(part) for part in manifest["created"][:10].split("-")]
    assert item["issued"]["date-parts"] == [created]
    assert manifest["digest"] in item["note"]
    bibtex = client.get("/queries/country-profile/cite?country=LV&format=bibtex").text
    assert bibtex.startswith("@misc{sikg-country-profile-r1,")
    assert item["URL"] in bibtex
    assert bibtex.count("{") == bibtex.count("}")
    assert client.get("/queries/conflicts/cite?format=ris").status_code == 406


def test_what_bibtex_would_read_is_escaped(client: TestClient) -> None:
    """A text may hold anything."""
    given = {"words": r"50 % of {a_b} & $c #d ~ ^ \end"}
    manifest = client.app.state.service.served.dataset().release.manifest  # type: ignore[attr-defined]
    query = Catalogue.read().get("seed-statements")
    note = next(
        line for line in Citation(query, given, manifest).bibtex().splitlines() if "note" in line
    )
    assert r"50 \% of \{a\_b\} \& \$c \#d" in note
    assert r"\textbackslash{}end" in note


def test_an_impossible_question_is_not_cited(client: TestClient) -> None:
    assert client.get("/queries/country-profile/cite?country=%20").status_code == 400
    assert client.get("/queries/country-profile/cite?nonsense=1").status_code == 400


def test_a_form_offers_the_things_that_there_are(client: TestClient) -> None:
    page = _page(client, "/queries/country-profile?country=LV")
    assert '<option value="LV" selected>Latvia</option>' in page
    assert '<option value="EE">Estonia</option>' in page


def test_an_empty_field_of_a_form_counts_as_not_given(client: TestClient) -> None:
    """For forms only: programs that send an empty value are told."""
    assert "rows." in _page(client, "/queries/lead-partners?country=")
    assert client.get("/api/v1/queries/lead-partners?country=").status_code == 400


def test_a_required_parameter_is_asked_for(client: TestClient) -> None:
    assert "Fill in the required parameters" in _page(client, "/queries/things-of-an-identifier")
    answer = client.get("/api/v1/queries/things-of-an-identifier")
    assert answer.status_code == 400
    assert "needs the parameter" in answer.json()["detail"]


def test_a_question_is_opened_in_the_editor_with_its_values(client: TestClient) -> None:
    """What is opened is the query with its title, without the header of the catalogue."""
    page = _page(client, "/queries/country-profile?country=LV")
    found = re.search(r'href="(/sparql\?query=[^"]+)">Run it in the editor', page)
    assert found
    shown = _page(client, found[1])
    field = shown.partition('<textarea id="query"')[2].partition("</textarea>")[0]
    assert "# Profile of a country\n\nPREFIX" in field
    assert "VALUES ?country { <http://localhost:8000/id/country/LV> }" in field
    assert "# parameter" not in field


@pytest.fixture(scope="module")
def document(client: TestClient) -> dict[str, Any]:
    """Read the OpenAPI document."""
    found: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return found


def test_each_question_is_an_operation_of_its_own(document: dict[str, Any]) -> None:
    for query in Catalogue.read():
        operation = document["paths"][f"/api/v1/queries/{query.name}"]["get"]
        assert operation["summary"] == query.title
        named = [item["name"] for item in operation["parameters"]]
        own = [item.name for item in query.parameters]
        assert set(named) == {*own, "format", "release", "sha256"}
        assert len(named) == len(set(named))
        for column in query.columns:
            assert (
                f"`{column.name}`: {column.description}"
                in operation["responses"]["200"]["description"]
            )
        assert {"200", "206", "400", "404", "406", "429", "504"} <= set(operation["responses"])
    assert "/api/v1/queries/{name}" not in document["paths"]


def test_parameters_have_the_types_of_their_kinds(document: dict[str, Any]) -> None:
    def schema(query: str, name: str) -> dict[str, Any]:
        operation = document["paths"][f"/api/v1/queries/{query}"]["get"]
        found: dict[str, Any] = next(
            item["schema"] for item in operation["parameters"] if item["name"] == name
        )
        return found

    least = schema("organisations-in-several-consortia", "least")
    assert (least["type"], least["default"]) == ("integer", 2)
    assert schema("country-profile", "country")["default"] == "EE"
    assert re.fullmatch(schema("country-profile", "country")["pattern"], "ee-kysk")
    whole = schema("receipts-of-an-entity", "entity")["pattern"]
    assert re.fullmatch(whole, "organisation/ee-kysk")
    assert not re.fullmatch(whole, "ee-kysk")


def test_an_operation_refuses_what_it_does_not_document(client: TestClient) -> None:
    for query in ("contry=EE", "country=EE&country=LV", "lang=en"):
        answer = client.get(f"/api/v1/queries/country-profile?{query}")
        assert answer.status_code == 400, query
    assert (
        "did you mean country?"
        in client.get("/api/v1/queries/country-profile?contry=EE").json()["detail"]
    )


def test_a_cut_answer_says_so(release_home: Path) -> None:
    settings = Settings(home=release_home, result_rows=2)
    with TestClient(create_app(settings)) as client:
        answer = client.get("/api/v1/queries/labels-of-a-term")
        assert answer.status_code == 206
        assert answer.headers["sikg-cut"] == "rows=2; limit=result_rows"
        assert len(answer.json()["results"]["bindings"]) == 2
        assert "etag" not in answer.headers
        page = client.get("/queries/labels-of-a-term", headers=BROWSER).text
        assert "Only the first 2 rows are shown" in page


def test_the_vocabulary_names_what_queries_can_use(client: TestClient) -> None:
    found = client.get("/api/v1/vocabulary").json()
    by_name = {term["name"]: term for term in found["classes"]}
    organisation = by_name["sikg:Organisation"]
    assert organisation["label"] == "organisation"
    query = f"SELECT (COUNT(*) AS ?n) {{ ?s a <{organisation['iri']}> }}"
    counted = client.post("/sparql", data={"query": query}).json()
    (row,) = counted["results"]["bindings"]
    assert organisation["count"] == int(row["n"]["value"])
    assert "skos:prefLabel" in {term["name"] for term in found["properties"]}
    assert found["prefixes"]["sikg"] == "https://w3id.org/sikg/ontology#"
