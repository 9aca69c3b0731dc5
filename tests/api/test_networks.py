"""Networks over HTTP: the document in columns, files that other programs read, and refusals."""

from __future__ import annotations

import csv
import io
import itertools
from dataclasses import replace
from typing import Any

import networkx as nx
import openpyxl
import pytest
from rdflib import DCTERMS, RDFS, Graph, URIRef
from starlette.testclient import TestClient

from api.networks.files import as_gexf, as_graphml, network_csv
from graph.dataset import Dataset
from graph.network import Label
from graph.networks.asking import read_asked
from visualisations import maps
from visualisations.drawn import View
from visualisations.views import view
from visualisations.wording import wording

ADDRESS = "/api/v1/networks"


def _json(client: TestClient, path: str) -> Any:
    answer = client.get(f"{ADDRESS}{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_maps_are_listed_with_their_sizes(client: TestClient) -> None:
    listed = {item["map"]: item for item in _json(client, "?lang=et")["items"]}
    assert set(listed) == {spec.name for spec in maps.read_maps()}
    found = listed["organisations"]
    assert found["title"] == {
        "text": "Organisatsioonid ühiste projektide järgi",
        "lang": "et",
    }
    assert (found["nodes"], found["links"]) == (104, 510)
    assert {"country", "theme", "period"} <= set(found["facets"])
    assert found["collapse"] == ["country", "theme", "community"]
    assert client.get(found["result"]).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?country=EE",
        "?collapse=country",
        "?collapse=community&open=community/0",
        "?period=1900",
    ],
)
def test_columns_are_equally_long_and_name_each_other(client: TestClient, query: str) -> None:
    found = _json(client, f"/organisations{query}")
    nodes, links, reasons = found["nodes"], found["links"], found["reasons"]
    size = len(nodes["id"])
    for name, column in nodes.items():
        if name == "attributes":
            assert {len(values) for values in column.values()} <= {size}
        else:
            assert len(column) == size
    for table in (links, reasons):
        assert len({len(column) for column in table.values()}) == 1
    assert set(links["source"] + links["target"]) <= set(range(size))
    assert {at for each in links["reasons"] for at in each} <= set(range(len(reasons["iri"])))
    assert set(nodes["kind"]) == set(range(len(found["kinds"])))
    known = {item["name"]: len(item["values"]) for item in found["attributes"]}
    for name, column in nodes["attributes"].items():
        assert {at for each in column for at in each} <= set(range(known[name]))
    assert len(set(nodes["id"])) == size
    assert found["links_to"]["page"].startswith("/networks/organisations")
    assert client.get(found["links_to"]["csv"]).status_code == 200


def test_a_question_is_told_as_it_was_understood(client: TestClient) -> None:
    found = _json(
        client, "/actors-practices-funding?centre=consortium/esia&depth=2&country=EE,LV&ends=one"
    )
    assert found["asked"] == {
        "filters": {"country": "EE,LV"},
        "kind": [],
        "ends": "one",
        "centre": "consortium/esia",
        "depth": 2,
        "from": None,
        "to": None,
        "collapse": None,
        "open": [],
    }
    assert found["directed"] is True
    assert found["of"] == {"release": 1, "asked": 1, "exact": True}
    assert "SELECT ?source" in found["query"]
    assert found["counts"]["nodes"] < found["whole"]["nodes"]
    again = found["links_to"]["graphml"]
    assert "centre=consortium/esia&depth=2" in again
    assert "country=EE,LV" in again


def test_the_shortest_way_is_given_by_the_places_of_nodes(client: TestClient) -> None:
    found = _json(client, "/actors-practices-funding?from=consortium/esia&to=programme/leader")
    way = [found["nodes"]["id"][at] for at in found["path"]["nodes"]]
    assert (way[0], way[-1]) == ("consortium/esia", "programme/leader")
    assert found["path"]["length"] == len(way) - 1 == 3
    pairs = {
        frozenset((found["nodes"]["id"][a], found["nodes"]["id"][b]))
        for a, b in zip(found["links"]["source"], found["links"]["target"], strict=True)
    }
    assert {frozenset(step) for step in itertools.pairwise(way)} <= pairs


def test_graphml_and_gexf_are_read_by_others(client: TestClient) -> None:
    expected = _json(client, "/organisations?country=EE")
    for form, read in (("graphml", nx.read_graphml), ("gexf", nx.read_gexf)):
        answer = client.get(f"{ADDRESS}/organisations?country=EE&format={form}")
        assert answer.headers["content-type"].startswith(f"application/{form}+xml")
        assert f'filename="organisations.{form}"' in answer.headers["content-disposition"]
        network = read(io.BytesIO(answer.content))
        assert set(network) == set(expected["nodes"]["id"])
        assert network.number_of_edges() == len(expected["links"]["source"])
        node = network.nodes["organisation/ee-heategu"]
        assert node["label"] == "Good Deed Foundation"
        assert node["country"] == "EE"
        assert node["degree"] == 8
    assert network.nodes["organisation/ee-heategu"]["viz"]["size"] > 7
    assert b"lastmodified" not in answer.content


def test_tables_have_a_line_for_each_node_or_link(client: TestClient) -> None:
    expected = _json(client, "/organisations?country=EE")
    for part in ("nodes", "links"):
        address = f"{ADDRESS}/organisations?country=EE&part={part}"
        text = client.get(f"{address}&format=csv").content.decode()
        rows = list(csv.DictReader(io.StringIO(text)))
        key = "id" if part == "nodes" else "source"
        assert len(rows) == len(expected[part][key])
        book = openpyxl.load_workbook(
            io.BytesIO(client.get(f"{address}&format=xlsx").content), read_only=True
        )
        cells = list(book["Table"].iter_rows(values_only=True))
        assert cells[0] == tuple(rows[0])
        assert len(cells) == len(rows) + 1
        about = dict(book["About"].iter_rows(values_only=True))
        assert about["release"] == 1
        assert about["address"] == "/networks/organisations?country=EE"
    assert rows[0]["reasons"]


def test_json_ld_says_who_is_related_and_for_what(client: TestClient) -> None:
    expected = _json(client, "/organisations?country=EE")
    body = client.get(f"{ADDRESS}/organisations?country=EE&format=jsonld").text
    read = Graph().parse(data=body, format="json-ld")
    for iri, label in zip(expected["nodes"]["iri"], expected["nodes"]["label"], strict=True):
        assert str(read.value(URIRef(iri), RDFS.label)) == label
    for source, target in zip(
        expected["links"]["source"], expected["links"]["target"], strict=True
    ):
        ends = [URIRef(expected["nodes"]["iri"][at]) for at in (source, target)]
        assert (ends[0], DCTERMS.relation, ends[1]) in read
    reason = URIRef(expected["reasons"]["iri"][0])
    assert (reason, DCTERMS.relation, None) in read


def test_brokers_gaps_and_reasons_are_told(client: TestClient) -> None:
    found = _json(client, "/organisations/brokers?top=3")
    assert [item["rank"] for item in found["items"]] == [1, 2, 3]
    assert found["unit"] == "reasons"
    assert found["items"][0]["paths"][0]["nodes"][1]["id"] == found["items"][0]["id"]
    gaps = _json(client, "/themes-target-groups/gaps?limit=2")
    assert gaps["kinds"] == ["practice"]
    assert len(gaps["items"]) == 2 < gaps["total"]
    following = client.get(gaps["next"]).json()
    assert following["items"][0] not in gaps["items"]
    side = gaps["items"][0]["countries"][0]
    assert client.get(f"{side['list'][0]}&limit=100").json()["items"]
    assert len(client.get(side["list"][0]).json()["items"]) == side["active"]
    document = _json(client, "/organisations")
    ends = [document["nodes"]["id"][document["links"][end][0]] for end in ("source", "target")]
    why = _json(client, f"/organisations/why?from={ends[0]}&to={ends[1]}")
    assert [why["from"]["id"], why["to"]["id"]] == ends
    row = why["reasons"][0]["rows"][0]
    assert row["file"].endswith(".csv")
    assert client.get(row["page"]).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/nowhere", 404, "there is no map 'nowhere'"),
        ("/organisations?country=ee", 400, "did you mean EE"),
        ("/organisations?colour=red", 400, "there is no parameter “colour”"),
        ("/organisations?centre=organisation/nobody", 400, "the map has no such node"),
        ("/organisations?from=organisation/at-lr", 400, "needs both of its ends"),
        ("/organisations?depth=100000", 400, "a number from 1 to 3"),
        ("/organisations?period=always", 400, "a year of four digits"),
        ("/organisations?format=png", 406, "there is no format “png”"),
        ("/organisations?part=holes", 400, "part"),
        ("/organisations?country=EE&country=LV", 400, "more than once"),
        ("/organisations/brokers?top=100000", 400, "top"),
        ("/organisations/brokers?collapse=country", 400, "there is no parameter “collapse”"),
        ("/organisations/gaps?role=partner", 400, "has the facet role"),
        ("/organisations/gaps?offset=-1", 400, "offset"),
        ("/organisations/why?from=x", 400, "to: Field required"),
        ("/organisations/why?from=organisation/at-lr&to=organisation/ee-kysk", 404, "not linked"),
    ],
)
def test_what_is_impossible_is_told_as_a_problem(
    client: TestClient, path: str, status: int, told: str
) -> None:
    answer = client.get(f"{ADDRESS}{path}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert told in answer.json()["detail"]


def test_a_value_that_only_other_maps_have_gives_an_empty_network(client: TestClient) -> None:
    found = _json(client, "/organisations?country=UA")
    assert found["nodes"]["id"] == []
    assert found["notes"] == ["Nothing fits all of these filters."]
    assert found["box"] == {"x": 0, "y": 0, "width": 0, "height": 0}


def test_a_release_with_nothing_to_draw_gives_empty_networks(odd: TestClient) -> None:
    for item in _json(odd, "")["items"]:
        assert _json(odd, f"/{item['map']}")["counts"]["links"] == 0
    assert odd.get(f"{ADDRESS}/organisations/gaps").status_code == 404


def test_the_operations_are_documented(client: TestClient) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    for path in ("", "/{name}", "/{name}/brokers", "/{name}/gaps", "/{name}/why"):
        operation = paths[f"{ADDRESS}{path}"]["get"]
        assert "$ref" in operation["responses"]["200"]["content"]["application/json"]["schema"]
    names = {item["name"] for item in paths[f"{ADDRESS}/{{name}}"]["get"]["parameters"]}
    assert {"country", "period", "kind", "ends", "centre", "from", "collapse", "open"} <= names


@pytest.fixture(scope="module")
def hostile(dataset: Dataset) -> View:
    """Give a map whose first node has a name that breaks what is careless."""
    spec = maps.get("countries")
    drawn = view(dataset, spec, read_asked({}), ("en",), wording(["en"]))
    name = Label("=1+1 \x00\x0b<script>&]]>\ud800\u202e" + "long " * 100, "en")
    return replace(drawn, nodes=(replace(drawn.nodes[0], label=name), *drawn.nodes[1:]))


def test_hostile_names_break_no_file(hostile: View) -> None:
    for written, read in ((as_graphml, nx.read_graphml), (as_gexf, nx.read_gexf)):
        network = read(io.BytesIO(written(hostile)))
        label = network.nodes[hostile.nodes[0].id]["label"]
        assert "<script>&]]>" in label
        assert "\x00" not in label
    safe = replace(hostile, nodes=(replace(hostile.nodes[0], label=Label("=1+1")),))
    table = csv.reader(io.StringIO(network_csv(replace(safe, links=()), "nodes").decode()))
    assert [row[2] for row in table] == ["label", "'=1+1"]
