"""Finding a partner in a real browser: by keyboard, on a small screen, and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import AXE, assert_accessible

pytestmark = pytest.mark.browser

ASKED = "/partners?organisation=ee-kysk&theme=employment"


def test_from_a_name_to_the_row_behind_a_reason_by_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}/partners")
    page.locator("#we").focus()
    page.keyboard.type("kodanikuuhiskonna")
    expect(page.locator(".suggestions li").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/partners?organisation=ee-kysk")
    expect(page.locator(".asked")).to_contain_text("National Foundation of Civil Society")
    page.locator("#choice-theme").focus()
    page.keyboard.type("employment")
    page.locator("button", has_text="Find partners").focus()
    page.keyboard.press("Enter")
    # Only what was asked stands in the address.
    page.wait_for_url("**/partners?organisation=ee-kysk&theme=employment")
    summary = page.locator(".partner").nth(1).locator("summary").first
    summary.focus()
    page.keyboard.press("Enter")
    sources = page.locator(".partner").nth(1).locator(".reason details summary").first
    expect(sources).to_be_visible()
    sources.focus()
    page.keyboard.press("Enter")
    row = page.locator(".partner").nth(1).locator(".reason details[open] .rows a").first
    row.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/page/row/*")


def test_all_that_can_be_opened_is_accessible(page: Page, address: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe is not there (make assets)")
    page.goto(address + ASKED)
    page.evaluate("document.querySelectorAll('details').forEach((item) => item.open = true)")
    assert_accessible(page)


def test_paths_fit_a_small_screen(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address + ASKED)
    page.evaluate("document.querySelectorAll('details').forEach((item) => item.open = true)")
    boxes = [item.bounding_box() for item in page.locator("ol.path").all()]
    assert len(boxes) > 10
    for box in boxes:
        assert box is not None
        assert box["width"] >= 240
        assert box["x"] + box["width"] <= 390


def test_a_question_without_scripts_has_the_same_answer(page: Page, address: str) -> None:
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{address}/partners")
    plain.locator("#we").fill("kodanikuuhiskonna")
    plain.locator("#choice-theme").select_option("employment")
    plain.get_by_role("button", name="Find partners").click()
    plain.locator("#main").get_by_role("link", name="National Foundation of Civil Society").click()
    names = plain.locator(".partner h3 a").all_inner_texts()
    context.close()
    page.goto(address + ASKED)
    assert page.locator(".partner h3 a").all_inner_texts() == names
    assert len(names) > 3
