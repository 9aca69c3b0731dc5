"""Networks in a real browser: seen, searched, walked, focused, and taken back."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.accessible import assert_accessible

DESKTOP, PHONE = (1280, 900), (390, 844)
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])

pytestmark = pytest.mark.browser

# Pairs of names that are shown and lie on each other, by their boxes on the screen.
OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll(".network-drawing .names text")]
    .map((text) => text.getBoundingClientRect()).filter((box) => box.width > 0);
  const meet = (a, b) => a.left + 1 < b.right && b.left + 1 < a.right
    && a.top + 3 < b.bottom && b.top + 3 < a.bottom;
  const met = boxes.flatMap((a, at) => boxes.slice(at + 1).filter((b) => meet(a, b)));
  return [boxes.length, met.length];
}"""


SCROLLED = """() => new Promise((done) => {
  const look = () => (window.scrollY > 0 ? done() : requestAnimationFrame(look));
  look();
})"""


def visit(page: Page, address: str, path: str, size: tuple[int, int] = DESKTOP) -> Locator:
    """Open a network and wait until its drawing answers; gives the drawing."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(address + path)
    expect(page.locator("#network")).to_have_attribute("data-state", "ready")
    return page.locator("#stage")


def find(page: Page, name: str) -> None:
    """Find a node by its name, as a reader does."""
    page.get_by_role("combobox", name="Find in the network").fill(name)
    page.keyboard.press("Enter")


def centre_of(page: Page, node: str) -> tuple[float, float]:
    """Give where a mark is on the screen."""
    number = page.locator(f"#nodes tr:has(a[href='/page/{node}'])").get_attribute("data-n")
    box = page.locator(f".marks [data-n='{number}'] :is(circle, path)").first.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@SIZES
def test_names_can_be_read_and_lie_on_no_other(
    page: Page, address: str, size: tuple[int, int]
) -> None:
    visit(page, address, "/networks/organisations", size)
    named, overlapping = page.evaluate(OVERLAPS)
    assert named > 12
    assert overlapping == 0
    page.get_by_role("button", name="Closer").click()
    expect(page.locator(".names.live text").first).to_be_attached()
    assert page.evaluate(OVERLAPS)[1] == 0


@SIZES
def test_a_node_is_found_and_told(page: Page, address: str, size: tuple[int, int]) -> None:
    """Whatever the accents; the panel has the focus, its facts, and what they come from."""
    stage = visit(page, address, "/networks/organisations", size)
    find(page, "kusk")
    heading = page.locator("#panel-heading")
    expect(heading).to_be_focused()
    expect(heading).to_have_text("National Foundation of Civil Society")
    expect(stage).to_have_attribute("data-chosen", "organisation/ee-kysk")
    expect(page).to_have_url(f"{address}/networks/organisations#organisation/ee-kysk")
    panel = page.locator("#panel")
    expect(panel.get_by_role("link", name="Its page")).to_have_attribute(
        "href", "/page/organisation/ee-kysk"
    )
    expect(panel.get_by_role("heading", name="Facts")).to_be_visible()
    panel.get_by_text("Rows it comes from").click()
    expect(panel.locator("details a").first).to_have_attribute("href", re.compile("^/page/row/"))
    expect(page.locator("#nodes tr.chosen")).to_have_count(1)
    assert page.locator("#links tr.chosen").count() > 5
    assert_accessible(page)


def test_a_name_that_is_not_there_is_told(page: Page, address: str) -> None:
    visit(page, address, "/networks/countries")
    find(page, "Atlantis")
    expect(page.locator("#network-live")).to_have_text("Nothing here is called “Atlantis”.")
    expect(page.locator("#panel")).to_be_hidden()


def test_a_click_tells_about_a_node_and_beside_it_about_nothing(page: Page, address: str) -> None:
    stage = visit(page, address, "/networks/countries")
    page.mouse.click(*centre_of(page, "country/EE"))
    expect(page.locator("#panel-heading")).to_have_text("Estonia")
    corner = stage.bounding_box()
    assert corner is not None
    page.mouse.click(corner["x"] + 5, corner["y"] + 5)
    expect(page.locator("#panel")).to_be_hidden()


def test_a_click_on_a_line_tells_why_and_who_says_so(page: Page, address: str) -> None:
    """Half way between two that are linked, on a drawing of these two alone."""
    visit(page, address, "/networks/countries?from=country/EE&to=country/DE")
    one, other = centre_of(page, "country/EE"), centre_of(page, "country/DE")
    page.mouse.click((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
    expect(page.locator("#panel-heading")).to_have_text(
        re.compile("Estonia.*Germany|Germany.*Esto")
    )
    rows = page.locator("#panel section li li a")
    expect(rows.first).to_have_attribute("href", re.compile("^/page/row/"))


def test_pointing_at_a_node_brings_out_its_neighbours(page: Page, address: str) -> None:
    visit(page, address, "/networks/countries")
    page.mouse.move(*centre_of(page, "country/EE"))
    expect(page.locator(".over .ring")).to_have_count(1)
    row = page.locator("#nodes tr:has(a[href='/page/country/EE'])")
    neighbours = int(row.locator("td.number").first.inner_text())
    expect(page.locator(".over a")).to_have_count(neighbours + 1)
    expect(row).to_have_class("chosen")


def test_a_network_is_walked_by_keyboard_with_spoken_names(page: Page, address: str) -> None:
    """From the page's beginning, with nothing but keys."""
    stage = visit(page, address, "/networks/countries")
    stage.focus()
    page.keyboard.press("Home")
    first = stage.get_attribute("data-chosen")
    live = page.locator("#network-live")
    expect(live).to_have_text(re.compile(r"^[A-Z].+, country, \d+ neighbours$"))
    walked = {first}
    for key in ("ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
        walked.add(stage.get_attribute("data-chosen"))
    assert len(walked) > 2
    page.keyboard.press("Enter")
    expect(page.locator("#panel-heading")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Close", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(stage).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("Escape")
    expect(live).to_have_text("Nothing is chosen.")


def test_the_drawing_moves_closer_and_back(page: Page, address: str) -> None:
    visit(page, address, "/networks/countries")
    svg = page.locator("svg.network-drawing")
    whole = svg.get_attribute("viewBox")
    page.get_by_role("button", name="Closer").click()
    expect(svg).not_to_have_attribute("viewBox", whole or "")
    page.get_by_role("button", name="Whole network").click()
    expect(svg).to_have_attribute("viewBox", whole or "")
    x, y = centre_of(page, "country/EE")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=4)
    page.mouse.up()
    moved = centre_of(page, "country/EE")
    assert moved == pytest.approx((x + 60, y + 40), abs=3)
    expect(page.locator("#panel")).to_be_hidden()


def test_the_wheel_scrolls_the_page_and_with_ctrl_the_drawing(page: Page, address: str) -> None:
    visit(page, address, "/networks/countries")
    svg = page.locator("svg.network-drawing")
    whole = svg.get_attribute("viewBox")
    page.mouse.move(*centre_of(page, "country/EE"))
    page.mouse.wheel(0, 200)
    page.evaluate(SCROLLED)
    expect(svg).to_have_attribute("viewBox", whole or "")
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    expect(svg).not_to_have_attribute("viewBox", whole or "")


def test_what_is_around_a_node_is_shown_and_undone(page: Page, address: str) -> None:
    stage = visit(page, address, "/networks/countries#country/EE")
    expect(page.locator("#panel-heading")).to_have_text("Estonia")
    page.get_by_role("button", name="up to 1 steps around it").click()
    expect(page).to_have_url(f"{address}/networks/countries?centre=country%2FEE&depth=1")
    expect(page.locator("#network")).to_have_attribute("data-state", "ready")
    expect(page.locator(".chosen").get_by_text("One step around")).to_be_visible()
    expect(page.locator("#network-live")).to_contain_text("The drawing shows")
    assert page.locator(".marks [data-n]").count() < 15
    page.get_by_role("button", name="Undo").click()
    expect(page).to_have_url(f"{address}/networks/countries#country/EE")
    expect(page.locator(".marks [data-n]")).to_have_count(28)
    expect(stage).to_have_attribute("data-chosen", "country/EE")


def test_the_shortest_way_between_two(page: Page, address: str) -> None:
    visit(page, address, "/networks/countries#country/EE")
    page.get_by_role("button", name="Way from here to").click()
    expect(page.locator("#network-status")).to_have_text(
        "Choose the other end of the way from Estonia."
    )
    find(page, "Portugal")
    expect(page.locator(".way")).to_have_count(1)
    expect(page.locator("#summary")).to_contain_text("The shortest way has 3 steps: Estonia")
    assert "from=country%2FEE&to=country%2FPT" in page.url


def test_filters_keep_the_page_and_make_a_link(page: Page, address: str) -> None:
    visit(page, address, "/networks/organisations")
    page.get_by_text("Choose what is shown").click()
    page.get_by_label("Country").select_option("EE")
    page.get_by_label("Colour shows").select_option("country")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page).to_have_url(f"{address}/networks/organisations?country=EE&colour=country")
    expect(page.locator(".marks [data-n]")).to_have_count(13)
    page.get_by_role("link", name="Country: Estonia").click()
    expect(page).to_have_url(f"{address}/networks/organisations?colour=country")
    expect(page.locator(".marks [data-n]")).to_have_count(104)


def test_a_group_opens_where_it_is(page: Page, address: str) -> None:
    visit(page, address, "/networks/organisations?collapse=country#group/country/EE")
    page.get_by_role("button", name="Open: draw its members").click()
    expect(page.locator("#nodes a[href='/page/organisation/ee-kysk']")).to_have_count(1)
    assert "open=country%2FEE" in page.url


def test_tables_are_sorted_in_place_and_choose_in_the_drawing(page: Page, address: str) -> None:
    stage = visit(page, address, "/networks/countries")
    head = page.locator("#nodes thead th").filter(has_text="Lies between")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    shares = page.locator("#nodes tbody td:nth-child(5)").all_inner_texts()
    numbers = [float(share.removesuffix(" %")) for share in shares]
    assert numbers == sorted(numbers, reverse=True)
    page.get_by_role("button", name="show: Latvia").click()
    expect(stage).to_have_attribute("data-chosen", "country/LV")


def test_the_screen_is_filled_and_given_back(page: Page, address: str) -> None:
    visit(page, address, "/networks/countries")
    page.get_by_role("button", name="Full screen").click()
    page.wait_for_function("document.fullscreenElement !== null")
    expect(page.locator("#tables")).to_be_hidden()
    find(page, "Estonia")
    page.get_by_role("button", name="up to 2 steps around it").click()
    expect(page.locator("#network")).to_have_attribute("data-state", "ready")
    assert page.evaluate("document.fullscreenElement !== null")
    page.get_by_role("button", name="Full screen").click()
    page.wait_for_function("document.fullscreenElement === null")
    expect(page.locator("#tables")).to_be_visible()


def test_names_of_an_answer_are_never_markup(page: Page, address: str) -> None:
    """Five hundred letters, other directions and tags are text, wherever they are told."""

    def hostile(route: Route) -> None:
        document = route.fetch().json()
        names = document["nodes"]["label"]
        names[0], names[1] = "<img src=x onerror=alert(1)>" * 18, "\u05de\u05e8\u05db\u05d6 e\u0301"
        document["nodes"]["short"] = names
        route.fulfill(body=json.dumps(document), content_type="application/json")

    page.route("**/api/v1/networks/countries*", hostile)
    visit(page, address, "/networks/countries")
    find(page, "<img src=x")
    expect(page.locator("#panel-heading")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("main img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= DESKTOP[0]


def test_without_the_service_the_page_stays_and_says_so(browser: Browser, address: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.route("**/api/v1/networks/**", lambda route: route.abort())
    page.goto(f"{address}/networks/countries")
    expect(page.locator("#network-live")).to_contain_text("The service cannot be reached.")
    expect(page.locator(".marks [data-n]")).to_have_count(28)
    context.close()


def test_everything_is_there_without_scripts(browser: Browser, address: str) -> None:
    """Drawing, names, tables, filters, what is around a node, and ways."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/networks/countries")
    assert page.locator(".names.wide text").count() > 15
    expect(page.locator("#network-tools")).to_be_hidden()
    page.locator(".marks a circle").first.click(force=True)
    expect(page).to_have_url(re.compile("/page/country/"))
    page.go_back()
    page.locator("#nodes tr").filter(has_text="Estonia").get_by_text("around it").click()
    expect(page.locator("#summary")).to_contain_text("The drawing shows")
    page.get_by_role("link", name="One step around: Estonia").click()
    page.get_by_text("Choose what is shown").click()
    page.get_by_label("Draw as one").select_option("community")
    page.get_by_role("button", name="Show", exact=True).click()
    assert urlsplit(page.url).query.startswith("collapse=community") or (
        "collapse=community" in page.url
    )
    context.close()
