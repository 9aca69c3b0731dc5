"""The page of proposed matches: read with the keyboard, accessible, and whole without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.settings import Settings
from api.tokens import make_token
from graph.identities.ledger import read_ledger
from graph.identities.matching import Match
from graph.identities.proposals import FILE, write_proposals
from tests.browser.accessible import AXE, assert_accessible
from tests.browser.conftest import serving

pytestmark = pytest.mark.browser


@pytest.fixture
def proposed(release_home: Path) -> Iterator[None]:
    """Propose eleven pairs of the curated tables, the last of them with a conflict."""
    keys = ["lt-esfa", "eu-ec", "eu-dg-empl", "eu-dg-regio"]
    pairs = [(f"organisation/{a}", f"organisation/{b}") for a in keys for b in keys if a != b][:10]
    matches = [Match(*pair, 0.97, "names “one” and “two”") for pair in pairs]
    clash = Match("organisation/ee-kysk", "organisation/lt-esfa", 0.9, "names", "different PIC")
    write_proposals(release_home / FILE, [clash, *matches])
    yield
    (release_home / FILE).unlink()


@pytest.mark.usefixtures("proposed")
def test_pairs_are_shown_side_by_side_and_the_page_is_accessible(page: Page, address: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe is not installed: make assets")
    page.goto(f"{address}/matches")
    expect(page.locator("section table")).to_have_count(10)
    expect(page.locator("section").first).to_contain_text("Kodanikuühiskonna Sihtkapital")
    expect(page.locator("section .notice")).to_have_count(1)
    summary = page.locator("section details summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator("section details[open] code").first).to_contain_text(
        "organisation/ee-kysk,organisation/lt-esfa,same,0.900,names"
    )
    assert_accessible(page)


@pytest.mark.usefixtures("proposed")
def test_all_of_it_is_there_without_scripts_and_on_a_phone(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{address}/matches")
    page.get_by_role("link", name="More matches").click()
    expect(page.get_by_role("status")).to_contain_text("11 to 11 of 11")
    width = page.locator("main").bounding_box()
    assert width is not None
    assert width["width"] <= 390
    context.close()


@pytest.mark.usefixtures("proposed")
def test_pairs_are_judged_and_given_back_with_the_keyboard(
    page: Page, release_home: Path, tmp_path: Path
) -> None:
    if not AXE.is_file():
        pytest.skip("axe is not installed: make assets")
    ledger, tokens = tmp_path / "identities.csv", tmp_path / "tokens.json"
    token = make_token(tokens, "Anna")
    settings = Settings(home=release_home, ledger=ledger, tokens=tokens, access_log="off")
    with serving(settings) as address:
        page.goto(f"{address}/matches")
        assert_accessible(page)
        first = page.get_by_role("group", name="Judgement on pair 1", exact=True).get_by_role(
            "radio"
        )
        first.last.focus()
        page.keyboard.press("ArrowUp")
        page.get_by_label("Your token").fill(token)
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").first).to_contain_text("Judgements written: 1")
        expect(page.get_by_role("status").last).to_contain_text("1 to 10 of 10")
        page.get_by_role("link", name="Judgements").click()
        assert_accessible(page)
        page.get_by_role("checkbox", name="Take back what counts of pair 1").focus()
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.type("one after all")
        page.get_by_label("Your token").fill(token)
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").first).to_contain_text("Judgements taken back: 1")
        expect(page.get_by_role("checkbox")).to_have_count(0)
    told = [(line.judgement, line.reviewer, line.evidence[:13]) for line in read_ledger(ledger)]
    assert told == [
        ("different", "Anna", "names; differ"),
        ("withdrawn", "Anna", "one after all"),
    ]
