"""Pages in a real browser, served as they are: the ways of a reader, at two sizes of screen."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.accessible import assert_accessible
from tests.browser.paths import PATHS

SIZES = (ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900))

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", PATHS)
def test_a_page_asks_no_other_host_fits_the_screen_and_is_accessible(
    page: Page, address: str, path: str
) -> None:
    """Opened on a phone and on a desk; axe looks at the latter."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for size in SIZES:
        page.set_viewport_size(size)
        answer = page.goto(address + path)
        assert answer is not None
        assert answer.ok
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang")
    page.wait_for_load_state("networkidle")
    assert_accessible(page)
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(address).netloc}


def test_no_word_of_a_table_is_broken_letter_by_letter(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/page/organisation/ee-kysk")
    link = page.locator("section:has(#parts) td a").first
    box = link.bounding_box()
    assert box is not None
    assert box["width"] > 40


def test_from_a_search_to_the_row_behind_a_statement(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("main input[name=q]").fill("kodanikuuhiskonna")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="National Foundation of Civil Society").first.click()
    expect(page.locator("h1")).to_have_text("National Foundation of Civil Society")
    page.locator("details summary").first.click()
    receipt = page.locator("details[open]").first
    expect(receipt).to_contain_text("organisations.csv")
    receipt.get_by_role("link", name="7").first.click()
    expect(page).to_have_url(f"{address}/page/row/organisations-7")


def test_the_skip_link_is_the_first_stop_of_the_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}/page/consortium/esia")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_served_map_is_drawn_under_the_policy_of_the_service(page: Page, address: str) -> None:
    page.goto(f"{address}/maps/countries")
    page.wait_for_selector("#network[data-state=drawn]")
    assert page.locator("#links tbody tr").count() > 10


def test_pages_work_without_scripts(page: Page, address: str) -> None:
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{address}/sparql")
    plain.get_by_role("button", name="Ask").click()
    expect(plain.locator("table tbody tr").first).to_be_visible()
    context.close()
