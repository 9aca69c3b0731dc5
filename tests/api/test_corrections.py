"""Corrections: proposed by anybody, kept without a name, accepted by an editor."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.app import create_app
from api.errors import TooManyError
from api.limiting import Limiter
from api.settings import Settings
from graph.corrections import Corrections, proposed
from graph.errors import ForbiddenError, NotFoundError, ParameterError
from graph.identity import Identity
from graph.release import Releases
from loaders.building.build import Inputs, build
from loaders.language.mapping import read_mappings
from ontology import Property
from tests.api.odd import BROWSER
from tests.conftest import ROOT

ABOUT = "/correct?about=organisation/ee-kysk"
LABEL = "http://www.w3.org/2004/02/skos/core#altLabel"
NEEDED = {"countries", "organisations", "programmes", "consortia", "consortia-statements"}
HOME = "<http://xmlns.com/foaf/0.1/homepage> <https://kysk.ee>"


@pytest.fixture
def home(release_home: Path, tmp_path: Path) -> Path:
    """Give a home of its own."""
    return Path(shutil.copytree(release_home, tmp_path / "home"))


@pytest.fixture
def service(home: Path) -> Iterator[TestClient]:
    """Ask a service of its own, which has counted nothing yet."""
    with TestClient(create_app(Settings(home=home)), follow_redirects=False) as client:
        yield client


def test_a_correction_goes_from_the_page_into_a_release(service: TestClient, home: Path) -> None:
    page = service.get("/page/organisation/ee-kysk", headers={"accept": BROWSER}).text
    assert 'href="/correct?about=organisation/ee-kysk"' in page
    form = service.get(ABOUT, headers={"accept": BROWSER}).text
    assert f'<option value="{LABEL}">' in form
    sent = {"predicate": LABEL, "value": "KÜSK <i>", "language": "et", "reason": "short name"}
    answer = service.post(ABOUT, data=sent, headers={"accept": BROWSER})
    assert answer.status_code == 200
    [kept] = Corrections(home).all()
    assert kept.id in answer.text
    assert (kept.state, kept.value, kept.about[-7:]) == ("open", "KÜSK <i>", "ee-kysk")
    outcome = Corrections(home).accept(kept.id, "editor")
    assert outcome is not None
    data = service.get("/data/organisation/ee-kysk.nq").text
    assert '"KÜSK <i>"@et <http://localhost:8000/id/graph/edits/corrections>' in data
    items = service.get("/api/v1/releases/2/diff").json()["graphs"]
    assert any(item["graph"].endswith("edits/corrections") for item in items)
    with pytest.raises(ParameterError, match="accepted already"):
        Corrections(home).accept(kept.id, "editor")


def propose(service: TestClient, about: str, **fields: str) -> str:
    sent = service.post(f"/correct?about={about}", data=fields)
    assert sent.status_code == 200, sent.text
    [kept] = [item for item in Corrections(home_of(service)).all() if item.state == "open"]
    return kept.id


def home_of(service: TestClient) -> Path:
    app = service.app
    assert isinstance(app, FastAPI)
    home: Path = app.state.service.settings.home
    return home


def stated(service: TestClient, about: str, name: str) -> list[dict[str, object]]:
    found = service.get(f"/api/v1/{about}").json()["properties"]
    return [value for item in found if item["property"] == name for value in item["values"]]


def test_a_correction_stands_instead_of_what_a_source_states(
    service: TestClient, home: Path
) -> None:
    about = "organisation/ee-kysk"
    form = service.get(ABOUT, headers={"accept": BROWSER}).text
    assert escape(HOME) in form
    corrections = Corrections(home)
    corrections.accept(propose(service, about, instead=HOME, value="https://kysk.example"), "me")
    values = stated(service, about, "foaf:homepage")
    assert [(item["thing"]["iri"], item["overruled"]) for item in values] == [  # type: ignore[index]
        ("https://kysk.ee", True),
        ("https://kysk.example", False),
    ]
    assert all(item["rows"] for item in values)  # the one that is overruled has its row still
    page = service.get(f"/page/{about}", headers={"accept": BROWSER}).text
    assert '<s><a href="https://kysk.ee"' in page
    assert "https://kysk.ee>" not in service.get(f"/data/{about}.ttl").text
    assert "https://kysk.ee>" in service.get(f"/data/{about}.trig").text
    asked = "ASK { ?s <http://xmlns.com/foaf/0.1/homepage> <https://kysk.ee> }"
    assert not service.get("/sparql", params={"query": asked}).json()["boolean"]
    # Corrected back: it is told as before, and the correction is gone.
    again = "<http://xmlns.com/foaf/0.1/homepage> <https://kysk.example>"
    corrections.accept(propose(service, about, instead=again, value="https://kysk.ee"), "me")
    values = stated(service, about, "foaf:homepage")
    assert [(item["thing"]["iri"], item["overruled"]) for item in values] == [  # type: ignore[index]
        ("https://kysk.ee", False)
    ]
    assert service.get("/sparql", params={"query": asked}).json()["boolean"]


def test_a_corrected_value_is_of_the_sort_of_its_property(service: TestClient, home: Path) -> None:
    about = "consortium/esia"
    wrong = f'<{Property.START_DATE}> "2021-05-14"^^<http://www.w3.org/2001/XMLSchema#date>'
    Corrections(home).accept(propose(service, about, instead=wrong, value="2021-05-15"), "me")
    found = stated(service, about, "sikg:startDate")
    right = next(item for item in found if item["text"] == "2021-05-15")
    assert (right["datatype"], right["overruled"]) == ("xsd:date", False)
    wanted = {"predicate": Property.COUNTRY.value, "value": "country/LV"}
    Corrections(home).accept(propose(service, about, **wanted), "me")
    named = [item["thing"]["key"] for item in stated(service, about, "sikg:country")]  # type: ignore[index]
    assert "LV" in named
    # What only goes is proposed without a value, and a build keeps it so.
    gone = f"<{Property.COUNTRY}> <http://localhost:8000/id/country/LV>"
    Corrections(home).accept(propose(service, about, instead=gone), "me")
    named = [item["thing"]["key"] for item in stated(service, about, "sikg:country")]  # type: ignore[index]
    assert "LV" not in named
    moved = f"<{Property.COUNTRY}> <http://localhost:8000/id/country/EE>"
    moving = propose(service, "organisation/ee-kysk", instead=moved, value="country/LV")
    Corrections(home).accept(moving, "me")
    few = [item for item in read_mappings() if item.name in NEEDED]
    build(Releases(home), Inputs(few, ROOT / "data", Identity()))
    found = stated(service, about, "sikg:startDate")
    assert {item["text"] for item in found if item["overruled"]} == {"2021-05-14"}
    assert {item["text"] for item in found if not item["overruled"]} == {"2021-05", "2021-05-15"}
    # So do the fact tables of the build.
    for country, there in (("LV", True), ("EE", False)):
        asked = f"kind=organisation&country={country}&q=kysk&limit=10"
        listed = service.get(f"/api/v1/find?{asked}").json()["items"]
        assert ("/organisation/ee-kysk" in json.dumps(listed)) is there


def test_nothing_of_who_proposed_it_is_kept(service: TestClient, home: Path) -> None:
    headers = {"accept": BROWSER, "user-agent": "Browser of Mari", "x-forwarded-for": "10.1.2.3"}
    service.post(ABOUT, data={"reason": "it moved"}, headers=headers)
    [path] = (home / "corrections").glob("*.json")
    assert path.stat().st_mode & 0o077 == 0
    text = path.read_text(encoding="utf-8")
    assert set(json.loads(text)) == {
        *("id", "proposed", "release", "about", "predicate", "value", "language", "reason"),
        *("instead", "source", "state", "decided"),
    }
    assert "Mari" not in text
    assert "testclient" not in text


REFUSED: tuple[tuple[dict[str, str], int], ...] = (
    ({"value": ""}, 400),
    ({"reason": "ask me at mari@example.org"}, 403),
    ({"value": "+372 5123 4567 89"}, 403),
    ({"value": "x", "predicate": "http://example.org/mine"}, 400),
    ({"value": "soon", "predicate": Property.START_DATE}, 400),
    ({"value": "2021-13", "predicate": Property.START_DATE}, 400),
    ({"value": "not a thing", "predicate": Property.COUNTRY}, 400),
    ({"value": "x", "instead": f'<{LABEL}> "Never stated"@en'}, 400),
    ({"value": "x", "instead": HOME, "predicate": LABEL}, 400),
    ({"value": "x", "language": "not a tag"}, 400),
    ({"value": "x", "source": "javascript:alert(1)"}, 400),
    ({"value": "x" * 3000}, 400),
    ({"value": "x" * 30_000}, 413),
    ({"value": "x", "name": "Mari"}, 400),
    ({"value": "\x00"}, 400),
)


def test_what_cannot_be_kept_is_refused(service: TestClient, home: Path) -> None:
    for fields, status in REFUSED:
        assert service.post(ABOUT, data=fields).status_code == status, fields
    assert not list(Corrections(home).all())


def test_only_forms_of_these_pages_about_known_things_are_taken(service: TestClient) -> None:
    fields = {"reason": "wrong"}
    assert service.post(ABOUT, json=fields).status_code == 415
    elsewhere = {"origin": "https://evil.example"}
    assert service.post(ABOUT, data=fields, headers=elsewhere).status_code == 403
    assert service.post("/correct?about=organisation/no-such", data=fields).status_code == 404
    assert service.post("/correct?about=..%2F..%2Fetc", data=fields).status_code == 400
    assert service.get("/correct").status_code == 400


def test_what_is_wrong_on_any_page_can_be_said(service: TestClient, home: Path) -> None:
    came = {"accept": BROWSER, "referer": "http://testserver/money?country=EE"}
    assert 'href="/correct/page"' in service.get("/money", headers=came).text
    form = service.get("/correct/page", headers=came).text
    assert 'action="/correct/page?page=/money%3Fcountry%3DEE"' in form
    sent = service.post("/correct/page?page=/money%3Fcountry%3DEE", data={"reason": "adds twice"})
    assert sent.status_code == 200
    [kept] = Corrections(home).all()
    assert kept.about == "http://localhost:8000/money?country=EE"
    assert Corrections(home).accept(kept.id, "me") is None  # an editor acts on it by hand
    for page in ("//evil.example", "https://evil.example", "/a b"):
        assert service.get("/correct/page", params={"page": page}).status_code == 400
    elsewhere = {"accept": BROWSER, "referer": "https://evil.example/page"}
    assert 'page=/">' in service.get("/correct/page", headers=elsewhere).text
    fields = {"reason": "x", "value": "y"}
    assert service.post("/correct/page", data=fields).status_code == 400
    assert service.post("/correct/page", data={"reason": "mari@example.org"}).status_code == 403


def test_one_client_proposes_a_few_an_hour(service: TestClient, home: Path) -> None:
    found = [service.post(ABOUT, data={"reason": f"no {n}"}).status_code for n in range(7)]
    assert found == [200] * 5 + [429] * 2
    assert len(list(Corrections(home).all())) == 5


def test_a_limit_passes_with_time_and_counts_clients_apart() -> None:
    now = [0.0]
    limiter = Limiter(most=1, altogether=3, seconds=10, clock=lambda: now[0])
    limiter.count("a")
    limiter.count("b")
    with pytest.raises(TooManyError):
        limiter.count("a")
    limiter.count("c")
    with pytest.raises(TooManyError):
        limiter.count("d")
    now[0] = 10.0
    limiter.count("a")


def test_a_remark_is_done_without_a_write_and_a_refused_one_too(home: Path) -> None:
    kept = Corrections(home)
    for reason in ("one", "two"):
        kept.add(proposed(Identity(), 1, "http://localhost:8000/id/theme/care", {"reason": reason}))
    first, second = kept.all()
    assert kept.accept(first.id, "editor") is None
    assert kept.refuse(second.id).state == "refused"
    assert {item.state for item in kept.all()} == {"accepted", "refused"}
    for name in ("../../manifest", "0" * 16):
        with pytest.raises(NotFoundError):
            kept.get(name)


def test_no_more_wait_than_people_can_read(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.corrections.MOST_OPEN", 1)
    kept, one = Corrections(home), proposed(Identity(), 1, "x:y", {"reason": "one"})
    kept.add(one)
    with pytest.raises(ForbiddenError, match="so many"):
        kept.add(proposed(Identity(), 1, "x:y", {"reason": "two"}))
    kept.refuse(one.id)
    kept.add(proposed(Identity(), 1, "x:y", {"reason": "two"}))
