"""Map and timeline in a real browser: by pointer, by keyboard, on a phone, without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from api.assets import bundle
from tests.browser.accessible import AXE, assert_accessible

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def built() -> None:
    """Skip where nothing is built for browsers."""
    if bundle("where") is None or not AXE.is_file():
        pytest.skip("the scripts are not built: make assets")


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """Open a page without scripts, on a phone."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def test_a_country_tells_more_and_gives_the_focus_back(page: Page, address: str) -> None:
    page.goto(f"{address}/where")
    country = page.locator("a[data-code=DE]")
    country.locator(".country").first.hover()
    own = ".arcs [data-one=DE], .arcs [data-other=DE]"
    expect(page.locator(".arcs .marked")).to_have_count(page.locator(own).count())
    expect(page.locator(".arcs .faint").first).to_be_attached()
    country.focus()
    page.keyboard.press("Enter")
    panel = page.locator(".panel")
    expect(panel).to_contain_text("Germany: 17 organisations")
    expect(panel).to_contain_text("United Kingdom (3)")
    assert page.evaluate("document.activeElement.closest('.panel') !== null")
    assert_accessible(page)
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_be_hidden()
    assert page.evaluate("document.activeElement.dataset.code") == "DE"


def test_arrow_keys_walk_from_country_to_country(page: Page, address: str) -> None:
    page.goto(f"{address}/where")
    # The whole map is one stop of the keyboard.
    assert page.locator("svg.europe a[tabindex='0']").count() == 1
    page.locator("a[data-code=EE]").focus()
    for key, code in (("ArrowDown", "LV"), ("ArrowDown", "LT"), ("ArrowUp", "LV")):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.dataset.code") == code
    assert page.locator("svg.europe a[tabindex='0']").get_attribute("data-code") == "LV"


def test_the_map_is_zoomed_by_buttons_keys_and_dragged(page: Page, address: str) -> None:
    page.goto(f"{address}/where")
    drawing = page.locator("svg.europe")
    whole = drawing.get_attribute("viewBox")
    page.get_by_role("button", name="Zoom in").click()
    nearer = drawing.get_attribute("viewBox")
    assert nearer != whole
    box = drawing.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + min(box["height"], 500) / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=3)
    page.mouse.up()
    assert drawing.get_attribute("viewBox") not in {whole, nearer}
    # What was a drag opened nothing.
    expect(page.locator(".panel")).to_be_hidden()
    page.locator("a[data-code=DE]").focus()
    page.keyboard.press("0")
    expect(drawing).to_have_attribute("viewBox", whole or "")
    page.keyboard.press("+")
    expect(drawing).not_to_have_attribute("viewBox", whole or "")


def test_the_table_is_sorted_by_its_heads(page: Page, address: str) -> None:
    page.goto(f"{address}/where")
    page.locator("#table-places thead button").first.click()
    names = page.locator("#table-places tbody th").all_inner_texts()
    assert names == sorted(names)
    assert names[0] == "Austria"


def test_a_slider_writes_the_period_into_the_address(page: Page, address: str) -> None:
    page.goto(f"{address}/where?kind=practice")
    before = page.locator("figcaption").inner_text()
    slider = page.locator(".sliders input").first
    slider.focus()
    page.keyboard.press("End")
    expect(page).to_have_url(re.compile(r"kind=practice&period=2025"))
    expect(page.locator("figcaption")).not_to_have_text(before)
    expect(page.locator(".asked")).to_contain_text("Begins in: 2025")
    # The focus stays where it was, and the new map can be used as the first one.
    assert page.evaluate("document.activeElement.type") == "range"
    expect(page.get_by_role("button", name="Zoom in")).to_have_count(1)
    page.go_back()
    expect(page.locator("figcaption")).to_have_text(before)


def test_the_timeline_follows_its_sliders(page: Page, address: str) -> None:
    page.goto(f"{address}/when?kind=policy")
    rows = page.locator("#table-things tbody tr")
    all_of_them = rows.count()
    last = page.locator(".sliders input").last
    last.focus()
    page.keyboard.press("Home")
    expect(page).to_have_url(re.compile(r"period=2008"))
    expect(rows).to_have_count(1)
    assert all_of_them > 1


def test_the_timeline_is_walked_by_keyboard_to_the_page_of_a_thing(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/when?kind=policy")
    first = page.locator("svg.bars a").first
    expect(first).to_have_attribute("tabindex", "0")
    first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("svg.bars a").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/page/policy/"))


@pytest.mark.parametrize("path", ["/where?kind=practice", "/when?kind=practice"])
def test_all_of_it_is_there_without_scripts(plain: Page, address: str, path: str) -> None:
    plain.goto(address + path)
    assert plain.locator("figure svg a").count() > 10
    assert plain.locator("table tbody tr").count() > 10
    plain.locator("select[name=country]").select_option("EE")
    plain.locator("form.explore").get_by_role("button", name="Show").click()
    expect(plain).to_have_url(re.compile(r"country=EE"))
    expect(plain.locator(".asked")).to_contain_text("Country: Estonia")
    plain.locator(".asked a.chip").first.click()
    assert "country" not in plain.url


def test_words_of_the_legend_are_read_on_a_phone(plain: Page, address: str) -> None:
    plain.goto(f"{address}/where")
    expect(plain.locator("dl.legend")).to_contain_text("none known")
    expect(plain.locator("svg.europe .legend")).to_be_hidden()


def test_the_page_is_accessible_at_four_times_the_size(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 320, "height": 256})
    for path in ("/where", "/when"):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert_accessible(page)
