"""Ways through all sections: with the keyboard alone, without scripts, and with the API away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from api.navigation import SECTIONS

pytestmark = pytest.mark.browser

SECTION = pytest.mark.parametrize("path", [section.path for section in SECTIONS])
# Sections that draw something and say the same in a table.
DRAWN = pytest.mark.parametrize("path", ["/networks/organisations", "/money", "/where", "/when"])
_PARTNERS = "/partners?theme=employment"  # paths there are lists, drawn by their style
_STEPS = 25  # of the keyboard on each page
# What has the focus: whether it is on the screen, and whether it or what it stands in looks
# otherwise than without the focus.
_FOCUSED = """() => {
  const item = document.activeElement;
  if (item === null || item === document.body) return null;
  const around = [item, ...[...item.querySelectorAll("*")].slice(0, 20)];
  for (let part = item.parentElement; part !== null; part = part.parentElement) around.push(part);
  const looks = () => JSON.stringify(around.map((part) => {
    const style = getComputedStyle(part);
    return [style.outline, style.boxShadow, style.border, style.stroke, style.strokeWidth,
      style.fill, style.fillOpacity, style.opacity, style.backgroundColor, style.textDecoration];
  }));
  const focused = looks();
  item.blur();
  const shown = looks() !== focused;
  item.focus();
  const box = item.getBoundingClientRect();
  window.numbers ??= new Map();
  if (!window.numbers.has(item)) window.numbers.set(item, window.numbers.size);
  return {
    number: window.numbers.get(item), name: item.outerHTML.slice(0, 120), shown,
    inside: item.tagName === "IFRAME" || box.bottom > 0 && box.top < innerHeight,
  };
}"""


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """Open a page without scripts."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def cut_off(browser: Browser) -> Iterator[Page]:
    """Open a page whose requests to the API fail; errors of its scripts fail the test."""
    context: BrowserContext = browser.new_context(reduced_motion="reduce")
    context.route("**/api/v1/**", lambda route: route.abort())
    made = context.new_page()
    troubles: list[str] = []
    made.on("pageerror", lambda error: troubles.append(str(error)))
    yield made
    context.close()
    assert troubles == []


@SECTION
def test_a_section_is_reached_and_walked_with_the_keyboard(
    page: Page, address: str, path: str
) -> None:
    page.goto(f"{address}/accessibility")
    for _ in range(len(SECTIONS) + 6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('href')") == path:
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}{path}**")
    page.wait_for_load_state()
    assert page.locator("h1").count() == 1
    _walk(page)


def _walk(page: Page) -> None:
    """Go from field to field and link to link: none holds the focus, hides it or is off screen."""
    before = None
    for _ in range(_STEPS):
        page.keyboard.press("Tab")
        found = page.evaluate(_FOCUSED)
        if found is None:
            return
        assert found["number"] != before, f"the focus stays on {found['name']}"
        assert found["shown"], f"nobody sees that the focus is on {found['name']}"
        assert found["inside"], f"the focus is off the screen on {found['name']}"
        before = found["number"]


@SECTION
def test_a_section_is_there_without_scripts(plain: Page, address: str, path: str) -> None:
    answer = plain.goto(address + path)
    assert answer is not None
    assert answer.ok
    expect(plain.locator("h1")).to_be_visible()
    assert len(plain.locator("#main").inner_text()) > 200


@DRAWN
def test_a_drawing_without_scripts_has_a_text_and_a_table(
    plain: Page, address: str, path: str
) -> None:
    plain.goto(address + path)
    drawing = plain.locator("#main svg[aria-label]").first
    expect(drawing).to_be_visible()
    assert len(drawing.get_attribute("aria-label") or drawing.inner_text()) > 20
    assert plain.locator("#main table tbody tr").count() > 1


def test_paths_to_partners_without_scripts_are_lists(plain: Page, address: str) -> None:
    plain.goto(address + _PARTNERS)
    path = plain.locator("#main ol.path").first
    expect(path).to_be_visible()
    assert path.locator("li:not(.hop) a").count() == path.locator("li.hop").count() + 1
    assert plain.locator("#main table tbody tr").count() > 1


@pytest.mark.parametrize("path", ["/find", "/networks/organisations", "/money", "/where", "/when"])
def test_a_form_without_scripts_asks_by_the_address(plain: Page, address: str, path: str) -> None:
    plain.goto(address + path)
    form = plain.locator("#main form").first
    folded = plain.locator("#main details:has(form) > summary")
    if folded.count():
        folded.first.click()
    form.locator("button[type=submit], button:not([type])").first.click()
    plain.wait_for_load_state()
    assert plain.url.startswith(address + path)
    expect(plain.locator("h1")).to_be_visible()
    assert plain.locator(".problem").count() == 0


@DRAWN
def test_a_page_says_the_same_while_the_api_is_away(cut_off: Page, address: str, path: str) -> None:
    cut_off.goto(address + path)
    cut_off.wait_for_load_state("networkidle")
    assert cut_off.locator("#main svg").count() > 0
    assert cut_off.locator("#main table tbody tr").count() > 1


def test_partners_are_told_while_the_api_is_away(cut_off: Page, address: str) -> None:
    cut_off.goto(address + _PARTNERS)
    cut_off.wait_for_load_state("networkidle")
    assert cut_off.locator("#main ol.path").count() > 0
    assert cut_off.locator("#main table tbody tr").count() > 1


def test_suggestions_that_do_not_come_hinder_nobody(cut_off: Page, address: str) -> None:
    cut_off.goto(f"{address}/partners")
    cut_off.locator("#we").focus()
    cut_off.keyboard.type("kodanikuuhiskonna")
    cut_off.keyboard.press("Enter")
    expect(cut_off.locator("#meant")).to_be_visible()


def test_a_chosen_language_stays_from_page_to_page(page: Page, address: str) -> None:
    page.goto(f"{address}/partners?country=EE&lang=et")
    page.locator(".partner h3 a").first.click()
    page.wait_for_url("**/page/organisation/*?lang=et")
    page.locator("header input[name=q]").fill("tallinn")
    page.keyboard.press("Enter")
    page.wait_for_url("**/find?*")
    assert "lang=et" in page.url
