"""Persons planted in a list of operations are found nowhere: in no file, and in no answer.

All persons are made up. What is looked for are the words of their names that nothing else holds,
in every writing, and hashes of the whole names; and in the same places an organisation is found,
so that looking there is known to find.
"""

# ruff: noqa: RUF001  # names in Cyrillic and Greek are what is planted

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import typst
from anyascii import anyascii
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.tokens import make_token
from graph.dataset import Dataset
from graph.errors import NotFoundError
from graph.identities.matching import Match
from graph.identities.proposals import FILE as PROPOSALS
from graph.identities.proposals import write_proposals
from graph.identity import Identity
from graph.release import Release, Releases
from graph.report import BuildReport
from graph.takedowns import Takedown, add_takedown, hashed_name
from loaders.building.build import Inputs, build
from loaders.language.mapping import read_mapping
from tests.hostile.planting import found_words, hashed_names, home_contents, unpacked

BASE = "http://localhost:8000/"
KEPT = "Verein Blaukehlchenhaus e.V."
TAKEN = "Stiftung Zaunkönigreich"
NAMED = "Seeadlerwerk GmbH"

PERSONS = {
    "Dr. Petra Quendelhuber": "quendelhuber",
    "Autohaus Meise Inh. Gottlieb Zwetschgenrainer": "zwetschgenrainer",
    "Frau Hannelore Blaumeislerin": "blaumeislerin",
    "PIEGŻANOWSKI ZBIGNIEW": "piegzanowski",
    "Ing. Bořivoj Křepelkovský": "krepelkovsky",
    "ЕТ ГЛОРИЯ - ЙОРДАНКА ПЕПЕРУДСКА": "peperudska",
    "Γιώργος Παπαγαλόπουλος": "papagalopoylos",
    "Szarkaházy Ildikó e.v.": "szarkahazy",
    "Aivars Zvirbulēnskis": "zvirbulenskis",
    "FIE Ülle Pihlakmetsalu": "pihlakmetsalu",
    "Tmi Pirjo Kottaraisniemi": "kottaraisniemi",
    "Aurélie Pimprenelleau": "pimprenelleau",
    "Joost van der Kwikstaartje": "kwikstaartje",
    "Paloma Golondrinez, 12345678Z": "golondrinez",
    "Giuseppina Fringuelletti": "fringuelletti",
    "Zvonimir Kobasičarević": "kobasicarevic",
    "Ċensu Balzunettarel": "balzunettarel",
    "Grethe Solsortgaardsen": "solsortgaardsen",
}
CONTACT = "Ottokar Wiedehopfner"
SECRETS = [*PERSONS.values(), "wiedehopfner", "gottlieb", "12345678z"]
LOOKED = [*SECRETS, "blaukehlchenhaus"]

MAPPING = """\
name: list
title: A list of operations
publisher: Somebody
licence: https://creativecommons.org/licenses/by/4.0/
version: "1"
retrieved: 2026-11-22
rows: {file: list.csv}
personal: [contact]
ignore: [remark]
entities:
  project:
    type: project
    class: Project
    key: "list-{id}"
    unique: true
    properties:
      - {property: skos:prefLabel, column: title, lang: de}
      - {property: dcterms:description, column: summary, lang: de}
      - {property: startDate, column: start, as: date}
      - {property: foaf:homepage, column: link, as: iri}
  beneficiary:
    type: organisation
    class: Organisation
    key: "list-{name|hash}"
    when: {column: name}
    persons: possible
    properties:
      - {property: skos:prefLabel, column: name, lang: de}
      - {property: city, column: town, lang: de}
  participation:
    type: participation
    class: Participation
    key: "list-{id}-beneficiary"
    when: {column: name}
    properties:
      - {property: participant, entity: beneficiary}
      - {property: participatesIn, entity: project}
      - {property: role, value: beneficiary, reference: role}
"""

PARTNERS = """\
name: partners
title: Partners by the keys of organisations
publisher: Somebody
licence: https://creativecommons.org/licenses/by/4.0/
version: "1"
retrieved: 2026-11-22
rows: {file: partners.csv}
entities:
  project:
    type: project
    class: Project
    key: "partners-{id}"
    properties:
      - {property: skos:prefLabel, column: title, lang: de}
      - {property: leadPartner, column: partners, split: ";", reference: organisation}
  participation:
    type: participation
    class: Participation
    key: "{id}-{first}"
    properties:
      - {property: participant, column: first, reference: organisation}
      - {property: participatesIn, entity: project}
      - {property: role, value: beneficiary, reference: role}
"""


def _key(name: str) -> str:
    """Give the key of an organisation as the mapping makes it."""
    return "list-" + hashlib.sha256(name.casefold().encode()).hexdigest()[:16]


def _iri(name: str) -> str:
    return f"{BASE}id/organisation/{_key(name)}"


def _rows() -> Iterator[list[str]]:
    yield ["id", "title", "name", "summary", "start", "link", "town", "contact", "remark"]
    organisations = [KEPT, TAKEN, NAMED]
    for number, name in enumerate(organisations, 1):
        yield [f"o{number}", f"Kurs {number}", name, "Ein Kurs", "2021", "", "Ulm", CONTACT, ""]
    for number, name in enumerate(PERSONS, 1):
        words = name.split()
        said = f"{name} lehrt. Kurs von {words[-1].upper()}s Haus ({anyascii(words[-1])})"
        link = f"https://example.org/{quote(words[-1])}"
        yield [f"p{number}", f"Kurs mit {words[-1]}", name, said, "2021", link, "Au", CONTACT, name]
    fault = next(iter(PERSONS))
    yield ["p1", fault, fault, fault, "2021", "", "", CONTACT, fault]  # a key twice
    yield ["f1", fault, fault, fault, "no day", "", "", CONTACT, fault]  # no date
    yield ["f2", fault, fault, "", "", f"no address: {fault}", "", CONTACT, fault]  # is emptied
    yield ["f3", fault, fault, fault, "2021", "", "", CONTACT, fault, fault]  # too many cells
    yield ["f4", f"\x01{fault}", fault, fault, "2021", "", "", CONTACT, fault]


def _write(folder: Path) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(_rows())
    (folder / "list.csv").write_text(text.getvalue(), encoding="utf-8")
    partners = f"id,title,partners,first\n1,Netz,{_key(TAKEN)};{_key(KEPT)},{_key(TAKEN)}\n"
    partners += f"2,Netz 2,{_key(KEPT)},{_key(KEPT)}\n"
    (folder / "partners.csv").write_text(partners, encoding="utf-8")
    (folder / "list.yaml").write_text(MAPPING, encoding="utf-8")
    (folder / "partners.yaml").write_text(PARTNERS, encoding="utf-8")


@dataclass(frozen=True)
class Planted:
    """A home with a release of the list, and the folder of its tables."""

    folder: Path
    release: Release
    report: BuildReport

    @property
    def home(self) -> Path:
        """Give the home folder."""
        return self.folder / "home"


def _build(folder: Path, takedowns: Path | None = None) -> Planted:
    mappings = [read_mapping(folder / "list.yaml"), read_mapping(folder / "partners.yaml")]
    inputs = Inputs(mappings, folder, Identity(), takedowns=takedowns)
    release, report = build(Releases(folder / "home"), inputs)
    return Planted(folder, release, report)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """Build a release from the list, once."""
    folder = tmp_path_factory.mktemp("planted")
    _write(folder)
    return _build(folder)


def test_no_file_of_the_home_names_a_person(planted: Planted) -> None:
    looked, kept_in, kept_hash = 0, set(), False
    for place, content in home_contents(planted.home, LOOKED):
        assert not found_words(content, SECRETS), place
        assert not hashed_names(content, [*PERSONS, CONTACT]), place
        looked += 1
        if found_words(content, ["blaukehlchenhaus"]):
            kept_hash |= bool(hashed_names(content, [KEPT]))
            kept_in.add(place.removeprefix("releases/000001/").partition("/")[0])
    assert looked > 60
    assert kept_hash
    assert {"store", "search", "facts", "second", "dump of 1", "search of 1"} <= kept_in


def test_kinds_and_counts_of_persons_stay(planted: Planted) -> None:
    dataset = Dataset.open(planted.release)
    counted = _ask(
        dataset,
        "SELECT (COUNT(?part) AS ?n) WHERE { ?part sikg:participatesIn ?project ; "
        "sikg:beneficiaryKind <id/beneficiary-kind/natural-person> }",
    )
    assert counted == [str(len(PERSONS) + 1)]
    assert _ask(dataset, "SELECT (COUNT(?o) AS ?n) WHERE { ?o a sikg:Organisation }") == ["3"]
    assert planted.report.shapes.conforms
    notes = {note.kind: note.count for note in planted.report.sources[0].notes}
    assert notes["persons-hidden"] == len(PERSONS) + 3  # and two that are set aside afterwards


def test_rows_that_name_persons_are_set_aside_without_their_cells(planted: Planted) -> None:
    aside = planted.report.sources[0].quarantined
    assert {item.row for item in aside} == {23, 24, 26, 27}
    assert not found_words(planted.report.model_dump_json().encode(), SECRETS)


def _ask(dataset: Dataset, text: str) -> list[str]:
    from graph.engine import Query  # noqa: PLC0415  # beside the one function that asks

    head = f"BASE <{BASE}> PREFIX sikg: <https://w3id.org/sikg/ontology#> "
    return dataset.store.select(Query(head + text)).values("n")


ABOUT = (
    "?s a ?kind ; ?p ?o FILTER(?kind IN (<https://w3id.org/sikg/ontology#Organisation>, "
    "<https://w3id.org/sikg/ontology#Project>, <https://w3id.org/sikg/ontology#Participation>))"
)
FORMS = {
    f"SELECT * {{ {ABOUT} }}": [
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    ],
    f"CONSTRUCT {{ ?s ?p ?o }} {{ {ABOUT} }}": [
        "text/turtle",
        "application/n-triples",
        "application/rdf+xml",
        "application/ld+json",
    ],
    f"SELECT * {{ GRAPH ?g {{ {ABOUT} }} }}": ["text/csv"],
}
PAGES = [
    "/",
    "/about",
    "/browse/organisation",
    "/browse/project",
    "/browse/participation",
    "/search?q=a",
    "/find",
    "/api/v1/find?limit=200",
    "/api/v1/find?format=csv",
    "/networks/organisations",
    "/networks/actors-practices-funding",
    "/money",
    "/money/rows",
    "/where",
    "/when",
    "/partners?country=DE",
    "/news",
    "/news.atom",
    "/feed",
    "/releases",
    "/catalogue",
    "/catalogue.ttl",
    "/bridges",
    "/sitemap.xml",
    "/sparql",
    "/maps",
    "/maps/organisations",
    "/questions",
    "/queries",
    "/report",
    "/report.json",
    "/quality",
    "/quality.json",
    "/quality.ttl",
    "/docs",
    "/ontology",
    "/context.jsonld",
    "/.well-known/void",
    "/matches",
    "/reconciliation",
    "/reconcile",
    "/nowhere",
    "/api/v1/search?q=kurs",
    "/api/v1/project?limit=200",
    "/api/v1/organisation?limit=200",
    "/api/v1/participation?limit=200",
    "/page/project/list-p1",
    "/data/project/list-p1.ttl",
    "/data/project/list-p1.trig",
    "/data/participation/list-p1-beneficiary.jsonld",
    "/page/row/list-5",
    "/data/row/list-5.ttl",
    "/data/graph/receipts.trig",
    "/data/table/list.ttl",
]


NETWORK = "/api/v1/networks/organisations?format="
EXPORTS = [
    *(f"{NETWORK}{form}" for form in ("csv", "graphml", "gexf", "xlsx", "jsonld")),
    "/api/v1/find?format=xlsx",
    "/api/v1/flows?through=fund,organisation&format=xlsx",
    *(f"/{view}.svg" for view in ("networks/organisations", "money", "where", "when")),
    *(f"/embed/{view}" for view in ("networks/organisations", "money", "where", "when")),
    "/networks/organisations.pdf",
    "/dumps/latest/statements.nq.gz",
    "/peers",
    "/matches/judged",
]


def _answers(client: TestClient, words: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Give an answer of every kind: address, and head and body; words are searched for."""
    paths = [path for path in client.get("/api/v1/openapi.json").json()["paths"] if "{" not in path]
    asked = [*PAGES, *EXPORTS, *(path for path in paths if path not in PAGES)]
    asked += [f"/api/v1/search?q={quote(word)}" for word in words]
    for path in asked:
        said = client.get(path)
        if "?q=" in path:  # they repeat what is asked for, and nothing else
            kind = said.headers.get("content-type", "")
            yield path, json.dumps(said.json()["items"] if "json" in kind else "").encode()
            continue
        yield path, repr(said.headers).encode() + said.content
        for part in unpacked(said.content):
            yield f"{path} unpacked", part
    names = ["blaukehlchenhaus", *words[:10]]
    queries = {f"q{place}": {"query": word} for place, word in enumerate(names)}
    yield "names", client.post("/reconcile", data={"queries": json.dumps(queries)}).content
    for word in words:
        yield f"{word} begun", client.get(f"/reconcile/suggest/entity?prefix={word[:5]}").content
    for query, forms in FORMS.items():
        for form in forms:
            said = client.get("/sparql", params={"query": query}, headers={"accept": form})
            yield f"{query} as {form}", said.content


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Give what is set as PDF: there it is packed as pictures of letters."""
    found: list[bytes] = []
    compiled = typst.compile

    def compile_(program: bytes, **options: Any) -> object:
        found.extend(text.encode() for text in options["sys_inputs"].values())
        return compiled(program, **options)

    monkeypatch.setattr(typst, "compile", compile_)
    return found


def test_no_answer_names_a_person(
    planted: Planted, printed: list[bytes], capfd: pytest.CaptureFixture[str]
) -> None:
    kept_in = set()
    with TestClient(create_app(Settings(home=planted.home)), follow_redirects=True) as client:
        for path, answer in _answers(client, SECRETS):
            assert not found_words(answer, SECRETS), path
            assert not hashed_names(answer, list(PERSONS)), path
            if found_words(answer, ["blaukehlchenhaus"]):
                kept_in.add(path)
        for name in PERSONS:
            assert client.get(f"/api/v1/organisation/{_key(name)}").status_code == 404
    logged = capfd.readouterr()
    assert "/matches/judged" in logged.err
    for text in (*printed, logged.out.encode(), logged.err.encode()):
        assert not found_words(text, SECRETS)
    assert printed
    assert {f"{query} as {form}" for query, forms in FORMS.items() for form in forms} <= kept_in
    assert {"/api/v1/organisation?limit=200", "/browse/organisation", "names"} <= kept_in
    assert {f"{NETWORK}gexf", f"{NETWORK}xlsx unpacked", "/networks/organisations.svg"} <= kept_in
    assert {"/networks/organisations.pdf", "/api/v1/find?format=xlsx unpacked"} <= kept_in
    assert "/dumps/latest/statements.nq.gz unpacked" in kept_in


UPDATE = "INSERT DATA { GRAPH <%sid/graph/edits/mine> { <%s> <%s> %s } }"
ALT = "http://www.w3.org/2004/02/skos/core#altLabel"


def _update(client: TestClient, token: str, thing: str, name: str) -> int:
    text = UPDATE % (BASE, thing, ALT, json.dumps(name, ensure_ascii=False))
    head = {"authorization": f"Bearer {token}", "content-type": "application/sparql-update"}
    return client.post("/sparql", content=text.encode(), headers=head).status_code


def test_what_is_taken_down_leaves_releases_files_answers_and_edits(
    planted: Planted, tmp_path: Path
) -> None:
    """An address, a name and a row; an earlier release goes, and writes of them are refused."""
    shutil.copytree(planted.folder, tmp_path, dirs_exist_ok=True)
    first = Planted(tmp_path, Releases(tmp_path / "home").current(), planted.report)
    token = make_token(tmp_path / "home" / "tokens.json", "me", [], None)
    words = ["zaunkonigreich", "seeadlerwerk", "zaunkoenig", _key(TAKEN), _key(NAMED)]
    settings = Settings(home=first.home)
    with TestClient(create_app(settings), follow_redirects=False) as client:
        assert _update(client, token, _iri(TAKEN), "Zaunkoenig") == 200
        assert _update(client, token, _iri(KEPT), "Blaukehlchen") == 200
        query = {"query": f"SELECT * {{ {ABOUT} }}"}
        assert set(found_words(client.get("/sparql", params=query).content, words)) == set(words)

        proposed = Match(f"organisation/{_key(KEPT)}", f"organisation/{_key(TAKEN)}", 0.9, TAKEN)
        write_proposals(first.home / PROPOSALS, [proposed])
        takedowns = tmp_path / "takedowns.csv"
        today = "2026-11-22"
        for what, value in (
            ("iri", _iri(TAKEN)),
            ("name", hashed_name("SEEADLERWERK, gmbh")),
            ("row", "partners#3"),
        ):
            add_takedown(takedowns, Takedown.of(what, value, "asked for", today))
        after = _build(tmp_path, takedowns)
        assert after.report.edits_dropped == 1
        assert after.report.quarantined == first.report.quarantined + 1  # the row taken down
        assert Releases(first.home).numbers() == [after.release.number]
        for path, answer in _answers(client, words[:3]):
            assert not found_words(answer, words), path
        assert client.get(f"/data/organisation/{_key(TAKEN)}.ttl").status_code == 404
        assert client.get("/api/v1/releases").json()["items"][0]["number"] == after.release.number
        for link in ("/api/v1/queries/conflicts?release=1", "/questions/conflicts?release=1"):
            assert client.get(link).status_code == 404
        assert _update(client, token, _iri(TAKEN), "Nobody") == 403
        assert _update(client, token, _iri(KEPT), "GmbH Seeadlerwerk") == 403
        assert _update(client, token, _iri(KEPT), "Somebody else") == 200
        time.sleep(1.5)  # the process that writes lets its copy of what was served before go
        client.get("/")
    with pytest.raises(NotFoundError):
        Releases(first.home).rollback(first.release.number)
    for place, content in home_contents(first.home, words):
        assert not found_words(content, words), place
    dataset = Dataset.open(Releases(first.home).current())
    assert _ask(dataset, f"SELECT ?n {{ <{_iri(KEPT)}> <{ALT}> ?n }} ORDER BY ?n") == [
        "Blaukehlchen",
        "Somebody else",
    ]
    assert _ask(dataset, "SELECT ?n { ?s sikg:leadPartner ?n }") == [_iri(KEPT)]
    withheld = "SELECT ?n { ?n sikg:beneficiaryKind <id/beneficiary-kind/withheld> } ORDER BY ?n"
    parts = [f"{BASE}id/participation/list-o{number}-beneficiary" for number in (2, 3)]
    assert _ask(dataset, withheld) == parts
