"""The pages of matches and judgements write to the ledger, for who has a token."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.tokens import make_token
from graph.identities.clusters import SHARING, Resolution
from graph.identities.ledger import Judgement, read_ledger, write_ledger
from graph.identities.matching import Match
from graph.identities.proposals import FILE, write_proposals
from graph.identities.redirects import write_redirects
from graph.identity import DEFAULT_BASE
from graph.release import Releases
from tests.api.odd import BROWSER

KYSK, ESFA, EC = (f"organisation/{key}" for key in ("ee-kysk", "lt-esfa", "eu-ec"))
CLASH = Match(KYSK, ESFA, 0.9, "names “one” and “two”", "different PIC: 1 and 2")
PLAIN = Match(EC, KYSK, 0.95, "names alike")
FIRST, SECOND = f"{KYSK} {ESFA}", f"{EC} {KYSK}"
SHARED, TOLD = f"{SHARING}PIC 999993953", "line 2: a and b judged same by Eve"
MERGED = Resolution(
    canonical={"organisation/z": EC, "organisation/y": EC, "participation/b": "participation/a"},
    why={
        "organisation/z": (TOLD, SHARED),
        "organisation/y": (TOLD,),
        "participation/b": ("two sources say the same",),
    },
)
JOINED = f"{EC} organisation/z"
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

    def withdraw(self, *pairs: str, why: str = "asked again") -> tuple[int, str]:
        """Send the form of the page of judgements."""
        sent = {"token": self.token, "why": why, **dict.fromkeys(pairs, "withdrawn")}
        answer = self.web.post("/matches/judged", data=sent, headers={"accept": BROWSER})
        return answer.status_code, answer.text

    def separate(self, why: str = "two after all", **fields: str) -> tuple[int, str]:
        """Send the form of the page of what identifiers joined; `pair` is the one of them."""
        sent = {JOINED if name == "pair" else name: value for name, value in fields.items()}
        sent = {"token": self.token, "why": why, **sent}
        answer = self.web.post("/matches/joined", data=sent, headers={"accept": BROWSER})
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
    write_redirects(Releases(home).current().path, MERGED)
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


def _judged(day: date, word: str = "same") -> Judgement:
    return Judgement(KYSK, ESFA, "same" if word == "same" else "different", 0.9, "told", "Eve", day)


def test_a_judgement_is_taken_back_and_stays_in_the_history(desk: Desk) -> None:
    assert desk.judge(first="same", second="different")[0] == 200
    page = desk.web.get("/matches/judged", headers={"accept": BROWSER}).text
    assert page.count('type="checkbox"') == 2
    assert "two in release 1; the next build joins them" in page
    status, page = desk.withdraw(FIRST, why="two\nafter all")
    assert status == 200
    assert "Judgements taken back: 1" in page
    assert page.count('type="checkbox"') == 1
    assert "the next build joins them" not in page
    assert [line[2:] for line in desk.written()][-2:] == [
        ("same", "Anna: names “one” and “two”; despite different PIC: 1 and 2"),
        ("withdrawn", "Anna: two after all"),
    ]
    assert page.index("two after all") < page.index("despite different PIC")
    assert FIRST in desk.web.get("/matches").text, "it waits for a judgement again"


@pytest.mark.parametrize(
    ("pairs", "why", "told"),
    [
        ((FIRST,), " ", "say why"),
        ((SECOND,), "asked", "no judgement"),
        (("organisation/a organisation/b", FIRST), "asked", "no judgement"),
    ],
)
def test_nothing_else_is_taken_back(
    desk: Desk, pairs: tuple[str, ...], why: str, told: str
) -> None:
    write_ledger(desk.ledger, [_judged(date(2026, 1, 2))])
    before = desk.ledger.read_bytes()
    status, page = desk.withdraw(*pairs, why=why)
    assert (status, told in page) == (400, True)
    refused = desk.web.post("/matches/judged", data={FIRST: "withdrawn", "why": "x", "token": "y"})
    assert refused.status_code == 401
    said = desk.web.post("/matches/judged", data={FIRST: "same", "why": "x", "token": desk.token})
    assert (said.status_code, desk.ledger.read_bytes()) == (400, before)


def test_what_is_taken_back_does_not_count_even_if_its_day_has_yet_to_come(desk: Desk) -> None:
    later = date.today() + timedelta(days=400)  # noqa: DTZ011  # days of a ledger have no zone
    write_ledger(desk.ledger, [_judged(date(2026, 1, 2), "different"), _judged(later)])
    assert desk.withdraw(FIRST)[0] == 200
    page = desk.web.get("/matches/judged").text
    assert ('type="checkbox"' in page, page.count("<td>no</td>")) == (False, 3)
    assert desk.withdraw(FIRST)[0] == 400


def test_things_that_the_release_does_not_tell_are_not_shown_with_their_judgements(
    desk: Desk,
) -> None:
    gone = Judgement(KYSK, "organisation/gone", "same", None, "Jane Roe", "Eve", date(2026, 1, 2))
    write_ledger(desk.ledger, [gone, _judged(date(2026, 1, 1))])
    page = desk.web.get("/matches/judged").text
    assert ("Jane Roe" in page, "organisation/gone" in page) == (False, False)
    assert "Pairs 1 to 2 of 2. 1 of these are not shown" in page
    assert "There are no judgements from 3 on" in desk.web.get("/matches/judged?start=3").text


def test_a_service_without_a_ledger_says_where_judgements_are(home: Path) -> None:
    with TestClient(create_app(Settings(home=home))) as web:
        page = web.get("/matches/judged")
        assert (page.status_code, "names no ledger" in page.text) == (200, True)
        sent = web.post("/matches/judged", data={FIRST: "withdrawn", "why": "x"})
        assert sent.status_code == 403


def test_what_identifiers_joined_is_taken_apart_and_stands_in_the_history(desk: Desk) -> None:
    page = desk.web.get("/matches/joined", headers={"accept": BROWSER}).text
    assert (page.count('type="checkbox"'), "Pairs 1 to 1 of 1" in page) == (1, True)
    assert f"{TOLD}; {SHARED}" in page
    status, page = desk.separate(pair="different", why="a branch\nof it")
    assert (status, "Judged to be different: 1" in page) == (200, True)
    assert 'type="checkbox"' not in page
    assert desk.written() == [
        (EC, "organisation/z", "different", f"Anna: a branch of it; despite {TOLD}; {SHARED}")
    ]
    history = desk.web.get("/matches/judged", headers={"accept": BROWSER}).text
    assert "one in release 1; the next build takes them apart" in history
    assert desk.withdraw(JOINED)[0] == 200
    assert 'type="checkbox"' in desk.web.get("/matches/joined").text, "the identifier counts again"


@pytest.mark.parametrize(
    ("sent", "status", "told"),
    [
        ({"pair": "different", "why": " "}, 400, "say why"),
        ({"pair": "same"}, 400, "is not different"),
        ({"organisation/a organisation/b": "different"}, 400, "identifiers did not join"),
        ({f"{EC} organisation/y": "different"}, 400, "identifiers did not join"),
        ({"pair": "different", "token": "sikg_guessed"}, 401, "not known"),
    ],
)
def test_nothing_else_is_taken_apart(
    desk: Desk, sent: dict[str, str], status: int, told: str
) -> None:
    given = desk.separate(**sent)
    assert (given[0], told in given[1]) == (status, True)
    assert desk.written() == []


def test_without_a_ledger_what_was_joined_is_shown_and_not_judged(home: Path) -> None:
    with TestClient(create_app(Settings(home=home))) as web:
        page = web.get("/matches/joined").text
        assert (SHARED in page, "checkbox" in page, "names no ledger" in page) == (
            True,
            False,
            True,
        )
        sent = {JOINED: "different", "why": "x"}
        assert web.post("/matches/joined", data=sent).status_code == 403
        assert "There is nothing from 9 on" in web.get("/matches/joined?start=9").text
