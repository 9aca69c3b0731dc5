"""The page of matches writes judgements to the ledger, for who has a token."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.tokens import make_token
from graph.identities.ledger import read_ledger
from graph.identities.matching import Match
from graph.identities.proposals import FILE, write_proposals
from graph.identity import DEFAULT_BASE
from tests.api.odd import BROWSER

KYSK, ESFA, EC = (f"organisation/{key}" for key in ("ee-kysk", "lt-esfa", "eu-ec"))
CLASH = Match(KYSK, ESFA, 0.9, "names “one” and “two”", "different PIC: 1 and 2")
PLAIN = Match(EC, KYSK, 0.95, "names alike")
FIRST, SECOND = f"{KYSK} {ESFA}", f"{EC} {KYSK}"
GRAPHS = f"{DEFAULT_BASE}id/graph/edits/"


@dataclass(frozen=True)
class Desk:
    """A service with two proposals, its ledger, and a token."""

    web: TestClient
    ledger: Path
    token: str

    def judge(self, token: str | None = None, **fields: str) -> tuple[int, str]:
        """Send the form of the page; `first` and `second` judge the two pairs."""
        names = {"first": FIRST, "second": SECOND, "why_first": f"why {FIRST}"}
        sent = {names.get(name, name): value for name, value in fields.items()}
        sent["token"] = self.token if token is None else token
        answer = self.web.post("/matches", data=sent, headers={"accept": BROWSER})
        return answer.status_code, answer.text

    def written(self) -> list[tuple[str, str, str, str]]:
        """Give what stands in the ledger."""
        if not self.ledger.exists():
            return []
        return [
            (item.left, item.right, item.judgement, f"{item.reviewer}: {item.evidence}")
            for item in read_ledger(self.ledger)
        ]


@pytest.fixture(scope="module", name="home")
def _home(release_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = Path(shutil.copytree(release_home, tmp_path_factory.mktemp("matches") / "home"))
    write_proposals(home / FILE, [PLAIN, CLASH])
    return home


@pytest.fixture(scope="module", name="service")
def _service(home: Path) -> Iterator[tuple[TestClient, Path, str]]:
    """Serve once; each test has the ledger anew."""
    token = make_token(home / "tokens.json", "Anna")
    ledger = home.parent / "tables" / "identities.csv"
    with TestClient(create_app(Settings(home=home, ledger=ledger))) as web:
        yield web, ledger, token


@pytest.fixture(name="desk")
def _desk(service: tuple[TestClient, Path, str]) -> Desk:
    service[1].unlink(missing_ok=True)
    return Desk(*service)


def test_what_is_chosen_is_written_and_waits_no_more(desk: Desk) -> None:
    page = desk.web.get("/matches", headers={"accept": BROWSER}).text
    assert page.count('type="radio"') == 6
    assert page.count("they are the same, despite the conflict") == 1
    status, page = desk.judge(first="same", second="", why_first="I asked\nthem")
    assert status == 200
    assert desk.written() == [
        (
            *(KYSK, ESFA, "same"),
            "Anna: I asked them; names “one” and “two”; despite different PIC: 1 and 2",
        )
    ]
    assert "Judgements written: 1" in page
    assert (FIRST in page, SECOND in page) == (False, True)
    assert desk.judge(second="different")[0] == 200
    assert [line[2] for line in desk.written()] == ["different", "same"]
    assert "Nothing waits for a judgement" in desk.web.get("/matches").text


def test_a_program_sends_its_token_as_elsewhere(desk: Desk) -> None:
    headers = {"authorization": f"Bearer {desk.token}"}
    assert desk.web.post("/matches", data={FIRST: "different"}, headers=headers).status_code == 200
    assert [line[2] for line in desk.written()] == ["different"]


@pytest.mark.parametrize(
    ("sent", "status", "told"),
    [
        ({"token": "", "first": "same"}, 401, "token"),
        ({"token": "sikg_guessed", "first": "same"}, 401, "not known"),
        ({"first": "maybe"}, 400, "none of same, different"),
        ({"first": "withdrawn"}, 400, "none of same, different"),
        ({"first": "same", "organisation/a organisation/b": "same"}, 400, "no proposal"),
        ({"first": "same", "colour": "red"}, 400, "no proposal"),
    ],
)
def test_anything_else_is_refused_whole(
    desk: Desk, sent: dict[str, str], status: int, told: str
) -> None:
    given = desk.judge(**sent)
    assert given[0] == status
    assert told in given[1]
    assert desk.written() == []


def test_a_token_of_other_graphs_does_not_judge(desk: Desk, home: Path) -> None:
    other = make_token(home / "tokens.json", "Other", [f"{GRAPHS}mine"])
    assert desk.judge(other, first="same")[0] == 403
    judging = make_token(home / "tokens.json", "Judge", [f"{GRAPHS}identities"])
    assert desk.judge(judging, first="same")[0] == 200
    assert desk.written()[0][3].startswith("Judge: ")


def test_other_sites_and_other_forms_are_refused(desk: Desk) -> None:
    sent = {FIRST: "same", "token": desk.token}
    elsewhere = desk.web.post("/matches", data=sent, headers={"origin": "https://evil.example"})
    assert elsewhere.status_code == 403
    assert desk.web.post("/matches", json=sent).status_code == 415
    twice = f"{FIRST}=same&{FIRST}=different&token={desk.token}".replace(" ", "+")
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert desk.web.post("/matches", content=twice, headers=headers).status_code == 400
    assert desk.web.post("/matches", data={FIRST: "x" * 30_000}).status_code == 413
    assert desk.written() == []


def test_what_would_contradict_the_ledger_is_refused(desk: Desk, home: Path) -> None:
    third = Match(EC, ESFA, 0.9, "names")
    write_proposals(home / FILE, [PLAIN, CLASH, third])
    sent = {FIRST: "same", SECOND: "same", f"{EC} {ESFA}": "different", "token": desk.token}
    answer = desk.web.post("/matches", data=sent)
    assert answer.status_code == 400
    assert "the ledger contradicts itself" in answer.text
    assert desk.written() == []
