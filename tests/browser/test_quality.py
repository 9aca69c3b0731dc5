"""The page of quality in a real browser: accessible, and sorted without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import AXE, assert_accessible

pytestmark = pytest.mark.browser


def test_the_page_of_quality_is_accessible(page: Page, address: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe is not there (make assets)")
    page.goto(f"{address}/quality")
    page.evaluate("document.querySelectorAll('details').forEach((item) => item.open = true)")
    assert_accessible(page)


def test_a_heading_sorts_the_table(page: Page, address: str) -> None:
    page.goto(f"{address}/quality")
    page.get_by_role("link", name="Rows read", exact=True).click()
    numbers = page.locator("#main table").first.locator("tbody tr td:nth-child(2)")
    shown = [int(text.replace(",", "")) for text in numbers.all_inner_texts()]
    assert shown == sorted(shown, reverse=True)
    heading = page.get_by_role("columnheader", name="Rows read")
    expect(heading).to_have_attribute("aria-sort", "descending")
