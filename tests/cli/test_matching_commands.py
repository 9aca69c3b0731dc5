"""From two lists to one organisation: proposed, judged in the terminal, seen on the page, built."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from cli.console import ExitCode
from graph.identities.ledger import read_ledger
from graph.identity import Identity
from graph.release import Releases
from loaders.building.build import Inputs, build
from loaders.language.mapping import read_mappings

if TYPE_CHECKING:
    from tests.cli.conftest import Sikg

MAPPING = """\
name: {name}
title: A list
publisher: Somebody
licence: https://creativecommons.org/licenses/by/4.0/
version: "1"
retrieved: 2026-11-22
rows: {{file: {name}.csv}}
entities:
  body:
    type: organisation
    class: Organisation
    key: "{{id}}"
    properties:
      - {{property: skos:prefLabel, column: name, lang: und}}
      - {{property: pic, column: pic, as: string}}
"""
NORTH = (
    "id,name,pic\n"
    "n1,Diakonie Thüringen gGmbH,\n"
    "n2,КАБРОН И ПЕКЕНЬО ООД,\n"
    "n3,Stiftung Nordlicht,999993953\n"
    "n4,Universität Rostock,\n"
)
SOUTH = (
    "id,name,pic\n"
    "s1,DIAKONIE THUERINGEN gemeinnützige GmbH,\n"
    "s2,KABRON I PEKENYO OOD,\n"
    "s3,Stiftung Nordlicht,998802502\n"
    "s4,Universität Bremen,\n"
)


@pytest.fixture(scope="module", name="workspace")
def _workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with two lists, their mappings and a release of them."""
    folder = tmp_path_factory.mktemp("workspace")
    for name, table in (("north", NORTH), ("south", SOUTH)):
        (folder / "data").mkdir(exist_ok=True)
        (folder / "sources").mkdir(exist_ok=True)
        (folder / "data" / f"{name}.csv").write_text(table, encoding="utf-8")
        (folder / "sources" / f"{name}.yaml").write_text(MAPPING.format(name=name), "utf-8")
    inputs = Inputs(read_mappings(folder / "sources"), folder / "data", Identity())
    build(Releases(folder / "var"), inputs)
    return folder


@pytest.fixture(name="proposed")
def _proposed(workspace: Path, sikg: Sikg, tmp_path: Path) -> Path:
    """Give the empty folder of this test after `sikg match`, where the ledger will be."""
    shutil.copytree(workspace / "var", tmp_path / "var")
    (tmp_path / "data").mkdir()
    assert sikg("match").code == ExitCode.OK
    return tmp_path


def test_names_propose_and_different_identifiers_are_told(proposed: Path, sikg: Sikg) -> None:
    ran = sikg("match", "--json")
    found = {(item["left"], item["right"]): item for item in ran.document}
    assert set(found) == {
        ("organisation/n1", "organisation/s1"),
        ("organisation/n2", "organisation/s2"),
        ("organisation/n3", "organisation/s3"),
    }
    assert [item["conflict"] for item in ran.document] == [
        "",
        "",
        "different PIC: 999993953 and 998802502",
    ]
    assert "КАБРОН И ПЕКЕНЬО ООД" in (proposed / "var" / "proposals.csv").read_text("utf-8")


def test_the_review_shows_both_sides_and_writes_what_is_decided(
    proposed: Path, sikg: Sikg, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Same; different; same and, asked again for the conflict, no.
    monkeypatch.setattr("sys.stdin", io.StringIO("s\nd\ns\nn\n"))
    ran = sikg("review", "--reviewer", "Anna")
    assert ran.code == ExitCode.OK, ran.err
    assert "CONFLICT: different PIC: 999993953 and 998802502" in ran.out
    assert "DIAKONIE THUERINGEN gemeinnützige GmbH" in ran.out
    judged = read_ledger(proposed / "data" / "identities.csv")
    assert [(item.judgement, item.reviewer, item.line) for item in judged] == [
        ("same", "Anna", 2),
        ("different", "Anna", 3),
    ]
    assert judged[0].score is not None
    assert "Diakonie Thüringen gGmbH" in judged[0].evidence
    assert len(sikg("match", "--json").document) == 1


def test_who_joins_despite_a_conflict_leaves_it_in_the_ledger(
    proposed: Path, sikg: Sikg, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("k\nk\ns\ny\n"))
    assert sikg("review", "--reviewer", "Anna").code == ExitCode.OK
    (judged,) = read_ledger(proposed / "data" / "identities.csv")
    assert judged.evidence.endswith("despite different PIC: 999993953 and 998802502")


def test_a_named_pair_is_judged_and_a_contradiction_is_not_written(
    proposed: Path, sikg: Sikg
) -> None:
    def review(*words: str) -> int:
        names = [f"organisation/{word}" for word in words[:2]]
        told = ("--evidence", "seen in the register", "--reviewer", "Anna")
        return sikg("review", *names, words[2], *told).code

    assert review("n1", "s1", "same") == ExitCode.OK
    assert review("s1", "s2", "same") == ExitCode.OK
    ledger = proposed / "data" / "identities.csv"
    before = ledger.read_bytes()
    assert review("n1", "s2", "different") == ExitCode.INPUT
    assert ledger.read_bytes() == before
    assert review("s1", "s2", "withdrawn") == ExitCode.OK
    assert review("n1", "s2", "different") == ExitCode.OK
    assert review("n1", "s4", "perhaps") == ExitCode.INPUT
    assert sikg("review", "organisation/n1").code == ExitCode.INPUT
    assert sikg("review", "organisation/n1", "organisation/s4", "same").code == ExitCode.INPUT


def test_the_page_shows_pairs_with_conflicts_and_lines_that_the_ledger_takes(
    proposed: Path, tmp_path: Path
) -> None:
    with TestClient(create_app(Settings(home=proposed / "var"))) as web:
        page = web.get("/matches")
        assert page.status_code == 200
        for told in (
            "1 to 3 of 3",
            "КАБРОН И ПЕКЕНЬО ООД",
            '<strong>Conflict:</strong> <span lang="en">different PIC',
            'href="/page/organisation/s1"',
        ):
            assert told in page.text
        assert "There are no matches from 4 on" in web.get("/matches?start=4").text
        assert web.get("/matches?start=0").status_code == 400
        assert web.get("/report").text.count('href="/matches"') == 1
        assert 'type="radio"' not in page.text
        judged = web.post("/matches", data={"organisation/n1 organisation/s1": "same"})
        assert (judged.status_code, "names no ledger" in judged.text) == (403, True)
    line = page.text.split("<code>organisation/n1,", 1)[1].split("</code>")[0]
    unescaped = line.replace("&#34;", '"').replace("&amp;", "&")
    copied = tmp_path / "copied.csv"
    header = "left,right,judgement,score,evidence,reviewer,date\n"
    copied.write_text(f"{header}organisation/n1,{unescaped}\n", encoding="utf-8")
    assert read_ledger(copied)[0].right == "organisation/s1"


def test_the_page_of_a_home_without_proposals_says_so(workspace: Path) -> None:
    with TestClient(create_app(Settings(home=workspace / "var"))) as web:
        assert "Nothing waits for a judgement" in web.get("/matches").text


def test_a_damaged_file_of_proposals_is_told(proposed: Path, sikg: Sikg) -> None:
    path = proposed / "var" / "proposals.csv"
    path.write_text("left,right\n" + path.read_text("utf-8").splitlines()[1], encoding="utf-8")
    ran = sikg("review")
    assert (ran.code, "is damaged: run sikg match again" in ran.err) == (ExitCode.STORAGE, True)
