"""Finding in a real browser: by typing, by filters, by keyboard alone, and without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from api.assets import bundle
from tests.browser.accessible import assert_accessible

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """Open a page without scripts, as narrow as a phone."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


@pytest.fixture
def scripts() -> None:
    """Skip where nothing has been built for browsers."""
    if bundle("find") is None:
        pytest.skip("scripts are not there (make assets)")


@pytest.mark.usefixtures("scripts")
def test_a_suggestion_is_chosen_by_keyboard(page: Page, address: str) -> None:
    page.goto(address)
    field = page.locator("main input[name=q]")
    field.press_sequentially("kysk")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("National Foundation of Civil Society")
    expect(field).to_have_attribute("aria-expanded", "true")
    assert_accessible(page)
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    active = field.get_attribute("aria-activedescendant")
    assert active == options.first.get_attribute("id")
    field.press("Enter")
    expect(page).to_have_url(f"{address}/page/organisation/ee-kysk")


@pytest.mark.usefixtures("scripts")
def test_escape_closes_suggestions_and_enter_finds_the_words(page: Page, address: str) -> None:
    page.goto(f"{address}/find")
    field = page.locator("#words")
    field.press_sequentially("tallinn")
    expect(page.get_by_role("listbox")).to_be_visible()
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"/find\?q=tallinn"))
    expect(page.locator("ol.found > li").first).to_be_visible()


@pytest.mark.usefixtures("scripts")
def test_the_field_stays_a_field_when_suggestions_fail(page: Page, address: str) -> None:
    def fail(route: Route) -> None:
        route.fulfill(status=200, content_type="application/json", body='{"items": []}')

    page.route("**/api/v1/suggest*", fail)
    page.goto(f"{address}/find")
    page.locator("#words").press_sequentially("esia")
    page.wait_for_timeout(300)
    expect(page.locator(".suggestions")).to_be_hidden()
    page.locator("#words").press("Enter")
    expect(page.locator("ol.found a").first).to_be_visible()


@pytest.mark.usefixtures("scripts")
def test_a_heading_sorts_the_table_of_results(page: Page, address: str) -> None:
    page.goto(f"{address}/find?kind=country&view=table")
    names = page.locator("table tbody th")
    before = names.all_inner_texts()
    page.get_by_role("button", name="Name").click()
    page.get_by_role("button", name="Name").click()
    assert names.all_inner_texts() == sorted(before, reverse=True)


def test_filters_narrow_step_by_step_without_scripts(plain: Page, address: str) -> None:
    plain.goto(f"{address}/find")
    plain.get_by_role("link", name="practice", exact=True).first.click()
    plain.get_by_role("link", name="Filters", exact=True).click()
    plain.locator("section:has(> #facet-theme) a").first.click()
    expect(plain).to_have_url(re.compile(r"kind=practice&theme="))
    count = plain.locator("#results").inner_text()
    assert 0 < int(count.split()[0]) < 143
    assert plain.evaluate("document.documentElement.scrollWidth") <= 390
    plain.locator(".chosen-filters a").last.click()
    expect(plain).to_have_url(f"{address}/find")


def test_a_way_out_is_reached_by_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}/find?kind=programme&country=EE")
    way = page.get_by_role("link", name="Without the filter “Country”")
    way.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}/find?kind=programme")
    expect(page.locator("ol.found > li").first).to_be_visible()


def test_the_picture_of_a_thing_leads_to_what_is_around_it(page: Page, address: str) -> None:
    page.goto(f"{address}/page/organisation/ee-kysk")
    links = page.locator("svg.ego a")
    assert links.count() > 3
    boxes = [links.nth(place).bounding_box() for place in range(links.count())]
    heights = [box["height"] for box in boxes if box is not None]
    assert len(heights) == len(boxes)
    assert min(heights) >= 24
    links.first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/page/(?!organisation/ee-kysk)"))
