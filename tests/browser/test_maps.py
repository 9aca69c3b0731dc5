"""Maps in a real browser: drawn, found, chosen, told, by mouse and by keyboard."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from graph.dataset import Dataset
from visualisations.export import render_map, write_map
from visualisations.maps import get, read_maps
from visualisations.policy import content_security_policy

DESKTOP, PHONE = (1280, 900), (390, 844)
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])

# The part of the drawing that is not white, as a share of its points.
INK = """() => {
  const canvas = document.querySelector("#network canvas");
  const points = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let ink = 0;
  for (let at = 3; at < points.length; at += 4) if (points[at] > 0) ink += 1;
  return ink / (points.length / 4);
}"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, dataset: Dataset) -> Path:
    """Write all maps of the curated tables to files."""
    made = tmp_path_factory.mktemp("maps")
    for spec in read_maps():
        write_map(spec, dataset.store, dataset.identity, made / f"{spec.name}.html")
    return made


def visit(page: Page, file: Path, size: tuple[int, int] = DESKTOP) -> None:
    """Open a map and wait for its drawing."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(file.as_uri())
    page.wait_for_selector("#network[data-state=drawn]")


def find(page: Page, name: str) -> None:
    """Find a node as a reader with a keyboard does."""
    page.locator("#name").fill(name)
    page.keyboard.press("Enter")


@SIZES
@pytest.mark.parametrize("name", [spec.name for spec in read_maps()])
def test_a_map_is_drawn_without_asking_any_host(
    page: Page, folder: Path, name: str, size: tuple[int, int]
) -> None:
    """From a file: one request, for the file; something is drawn and named; nothing sticks out."""
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    visit(page, folder / f"{name}.html", size)
    assert requests == [(folder / f"{name}.html").as_uri()]
    assert page.evaluate(INK) > 0.01
    assert int(page.locator("#network").get_attribute("data-names") or 0) >= 10
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    expect(page.locator("#links tbody tr").first).to_be_attached()


@SIZES
def test_a_node_is_found_by_its_name(page: Page, folder: Path, size: tuple[int, int]) -> None:
    """Whatever the accents and the case; the panel tells about it and has the focus."""
    visit(page, folder / "organisations.html", size)
    find(page, "kusk")
    heading = page.locator("#panel-heading")
    expect(heading).to_be_focused()
    expect(heading).to_contain_text("Civil Society")
    expect(page.locator("#status")).to_contain_text("Chosen: ")
    expect(page.locator("#network")).not_to_have_attribute("data-chosen", "")
    link = page.get_by_role("link", name="Open its page")
    expect(link).to_have_attribute("href", re.compile("/id/organisation/ee-kysk$"))


def test_a_name_that_is_not_there_is_told(page: Page, folder: Path) -> None:
    """In words that a screen reader speaks."""
    visit(page, folder / "countries.html")
    find(page, "Atlantis")
    expect(page.get_by_role("status")).to_have_text("No node of this map is called “Atlantis”.")
    expect(page.locator("#panel-heading")).to_have_text("Nothing chosen")


def test_one_can_walk_from_node_to_node_by_keyboard(page: Page, folder: Path) -> None:
    """Neighbours in the panel are buttons; Escape leads back to the search."""
    visit(page, folder / "countries.html")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip the drawing")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type("estonia")
    page.keyboard.press("Enter")
    expect(page.locator("#panel-heading")).to_have_text("Estonia")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    neighbour = page.locator("#panel-body button").first
    expect(neighbour).to_be_focused()
    other = neighbour.inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("#panel-heading")).to_have_text(other)
    expect(page.locator("#panel-heading")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#name")).to_be_focused()
    expect(page.locator("#network")).to_have_attribute("data-chosen", "")


@SIZES
def test_a_click_on_a_node_opens_the_panel(page: Page, folder: Path, size: tuple[int, int]) -> None:
    """Finding a node brings it to the middle, so that is where the click goes."""
    visit(page, folder / "countries.html", size)
    find(page, "Estonia")
    expect(page.locator("#panel-heading")).to_have_text("Estonia")
    page.keyboard.press("Escape")
    expect(page.locator("#panel-heading")).to_have_text("Nothing chosen")
    page.locator("#network").click()
    expect(page.locator("#panel-heading")).to_have_text("Estonia")
    expect(page.locator("#panel-body li")).to_have_count(
        int(page.locator("#nodes tr", has_text="Estonia").locator("td").nth(2).inner_text())
    )


def test_the_whole_map_comes_back(page: Page, folder: Path) -> None:
    """After coming closer, fewer or other names fit; the button undoes it."""
    visit(page, folder / "organisations.html")
    before = page.locator("#network").screenshot()
    page.get_by_role("button", name="Closer").click()
    page.get_by_role("button", name="Closer").click()
    page.wait_for_timeout(200)
    assert page.locator("#network").screenshot() != before
    page.get_by_role("button", name="Whole map").click()
    page.wait_for_timeout(200)
    assert page.locator("#network").screenshot() == before


def test_the_wheel_scrolls_the_page_and_zooms_with_ctrl(page: Page, folder: Path) -> None:
    """A drawing must not hold back who only wants to read on."""
    visit(page, folder / "countries.html")
    page.locator("#network").hover()
    before = page.locator("#network").screenshot()
    page.mouse.wheel(0, 150)
    page.wait_for_timeout(300)
    assert page.evaluate("window.scrollY") > 100
    page.evaluate("window.scrollTo(0, 0)")
    page.wait_for_timeout(200)
    assert page.locator("#network").screenshot() == before
    page.keyboard.down("Control")
    page.mouse.wheel(0, -150)
    page.wait_for_timeout(200)
    page.keyboard.up("Control")
    assert page.evaluate("window.scrollY") == 0
    assert page.locator("#network").screenshot() != before


def test_tables_are_sorted_by_their_heads(page: Page, folder: Path) -> None:
    """Names rise first, numbers fall first; the head says which."""
    visit(page, folder / "countries.html")
    names = page.locator("#nodes tbody td:first-child")
    head = page.locator("#nodes th").first
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    rising = names.all_inner_texts()
    assert rising[:2] == ["Austria", "Belgium"]
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    assert names.all_inner_texts() == rising[::-1]
    count = page.locator("#nodes th").nth(2)
    count.get_by_role("button").click()
    expect(count).to_have_attribute("aria-sort", "descending")
    expect(head).not_to_have_attribute("aria-sort", re.compile(".*"))
    numbers = [int(text) for text in page.locator("#nodes td:nth-child(3)").all_inner_texts()]
    assert numbers == sorted(numbers, reverse=True)


def test_everything_is_readable_without_javascript(browser: Browser, folder: Path) -> None:
    """The tables, the summary and the legend; no dead controls."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "countries.html").as_uri())
    expect(page.get_by_text("The drawing needs JavaScript.")).to_be_visible()
    expect(page.locator("#find")).to_be_hidden()
    expect(page.locator("#network")).to_be_hidden()
    expect(page.locator("#summary")).to_be_visible()
    expect(page.locator("#links")).to_be_visible()
    expect(page.locator("#nodes")).to_be_visible()
    context.close()


def test_a_served_map_works_under_its_policy(page: Page, dataset: Dataset) -> None:
    """As a header too, with which a server sends the page."""
    html = render_map(get("countries"), dataset.store, dataset.identity, served=True)
    headers = {"Content-Security-Policy": content_security_policy(html)}

    def answer(route: Route) -> None:
        route.fulfill(body=html, headers=headers, content_type="text/html; charset=utf-8")

    page.route("http://localhost:1/maps/countries", answer)
    page.goto("http://localhost:1/maps/countries")
    page.wait_for_selector("#network[data-state=drawn]")
    find(page, "Latvia")
    expect(page.get_by_role("link", name="Open its page")).to_have_attribute(
        "href", "/page/country/LV"
    )
    assert page.evaluate(INK) > 0.01
