"""Networks in a real browser: seen, searched, walked, focused, and taken back."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from math import pi
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.accessible import assert_accessible

DESKTOP, PHONE = (1280, 900), (390, 844)
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])

pytestmark = pytest.mark.browser

# Pairs of names that are shown and lie on each other, by their boxes on the screen.
OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll(".stage .names text")]
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

# What is drawn: the marks that are there, and the numbers in the data of lines and of arrows.
DRAWING = """() => {
  const numbers = (selector) => [...document.querySelectorAll(selector)]
    .flatMap((path) => path.getAttribute("d").match(/-?[0-9.]+/g) ?? []).map(Number);
  return {
    there: [...document.querySelectorAll(".marks [data-n]:not(.off)")]
      .map((mark) => mark.dataset.n).sort(),
    lines: numbers(".lines path"), arrows: numbers(".arrows"),
  };
}"""

# A browser that says it has a graphics processor: no machine of tests has one.
WITH_PROCESSOR = """WebGL2RenderingContext.prototype.getParameter = new Proxy(
  WebGL2RenderingContext.prototype.getParameter,
  { apply: (get, of, given) =>
    given[0] === 0x9246 ? "a processor" : Reflect.apply(get, of, given) },
);"""
MANY = 2100  # nodes, so that it is asked for
COLOURS = ("#d55e00", "#0072b2")
# What part of the smallest box around a colour has the colour, and where the middle of the box is.
SHARE = """async ([picture, colour]) => {
  const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const { data } = canvas.getImageData(0, 0, image.width, image.height);
  const wanted = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  const found = [];
  for (let at = 0; at < data.length; at += 4) {
    if (wanted.every((value, part) => Math.abs(data[at + part] - value) < 12)) found.push(at / 4);
  }
  const across = found.map((at) => at % image.width);
  const down = found.map((at) => Math.floor(at / image.width));
  const [left, right] = [Math.min(...across), Math.max(...across)];
  const [top, bottom] = [Math.min(...down), Math.max(...down)];
  return {
    share: found.length / ((right - left + 1) * (bottom - top + 1)),
    x: (left + right) / 2, y: (top + bottom) / 2,
  };
}"""


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
    # The service leaves them out where there are many marks; then the script says the one.
    page.locator(".marks").evaluate(
        "(all) => all.querySelectorAll('title').forEach((one) => one.remove())"
    )
    page.mouse.move(*centre_of(page, "country/EE"))
    expect(page.locator(".over .ring")).to_have_count(1)
    expect(page.locator(".marks title")).to_have_text("Estonia")
    row = page.locator("#nodes tr:has(a[href='/page/country/EE'])")
    neighbours = int(row.locator("td.number").first.inner_text())
    expect(page.locator(".over :is(circle, path):not(.ring, .ties)")).to_have_count(neighbours + 1)
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
    page.get_by_role("button", name="1 step around it").click()
    expect(page).to_have_url(f"{address}/networks/countries?centre=country%2FEE&depth=1")
    expect(page.locator("#network")).to_have_attribute("data-state", "ready")
    expect(page.locator(".chosen").get_by_text("One step around")).to_be_visible()
    expect(page.locator("#network-live")).to_contain_text("The drawing shows")
    expect(stage).to_be_focused()  # the button is gone with the panel
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
    page.get_by_role("link", name=re.compile("^show ?: Latvia")).click()
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


def test_years_are_walked_by_keyboard_and_all_follows(page: Page, address: str) -> None:
    """The drawing at once, then tables, files and address; the way back is the browser's."""
    visit(page, address, "/networks/organisations")
    slider = page.get_by_role("slider", name="Year")
    last = int(slider.get_attribute("max") or 0)
    slider.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"^\d{4}.\d{4}: \d+ nodes"))
    expect(page).to_have_url(re.compile(rf"years=\d{{4}}-{last - 1}$"))
    page.get_by_label("and all before").uncheck()
    told = re.compile(rf"^{last - 1}: (\d+) nodes and (\d+) links$")
    expect(slider).to_have_attribute("aria-valuetext", told)
    numbers = told.match(slider.get_attribute("aria-valuetext") or "")
    assert numbers is not None
    expect(page.locator(".marks [data-n]:not(.off)")).to_have_count(int(numbers[1]))
    drawn = page.locator(".lines path").evaluate_all(
        "(paths) => paths.map((path) => path.getAttribute('d')).join('').split('M').length - 1"
    )
    assert drawn == int(numbers[2])
    expect(page).to_have_url(f"{address}/networks/organisations?years={last - 1}")
    expect(page.locator("#nodes tbody tr")).to_have_count(int(numbers[1]))
    expect(page.locator("#links tbody tr")).to_have_count(int(numbers[2]))
    expect(page.locator("#summary")).to_contain_text(f"what began in {last - 1} is brought out")
    expect(page.get_by_label("and all before")).to_be_focused()
    find(page, "kusk")
    expect(page.locator("#panel-heading")).to_be_focused()
    assert_accessible(page)
    for _ in range(3):
        page.go_back()
    expect(page).to_have_url(f"{address}/networks/organisations")
    expect(page.locator(".marks [data-n]:not(.off)")).to_have_count(104)


def test_what_the_service_draws_of_years_is_what_the_slider_draws(page: Page, address: str) -> None:
    """The state of the address alone, before any script has moved something."""
    visit(page, address, "/networks/actors-practices-funding")
    slider = page.get_by_role("slider", name="Year")
    slider.press("ArrowLeft")
    slider.press("ArrowLeft")
    moved = page.evaluate(DRAWING)
    expect(page).to_have_url(re.compile("years="))
    page.reload()
    expect(page.locator("#network")).to_have_attribute("data-state", "ready")
    served = page.evaluate(DRAWING)
    assert moved["there"] == served["there"]
    assert moved["lines"] == pytest.approx(served["lines"], abs=0.11)
    assert moved["arrows"] == pytest.approx(served["arrows"], abs=0.16)
    assert len(served["lines"]) > 20


def test_a_frame_keeps_to_years_and_stays_in_its_place(page: Page, address: str) -> None:
    """The page that holds it stays; its links to years need no script."""
    frame = f"{address}/embed/networks/organisations"
    page.route(
        "**/holder",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f'<iframe src="{frame}" width="900" height="900"></iframe>',
        ),
    )
    page.goto(f"{address}/holder")
    held = page.frame_locator("iframe")
    expect(held.locator("#network")).to_have_attribute("data-state", "ready")
    slider = held.get_by_role("slider", name="Year")
    last = int(slider.get_attribute("max") or 0)
    slider.press("ArrowLeft")
    expect(held.locator("#whole")).to_have_attribute(
        "href", re.compile(rf"years=\d{{4}}-{last - 1}")
    )
    held.get_by_label("and all before").uncheck()
    told = re.compile(rf"^{last - 1}: (\d+) nodes and \d+ links$")
    expect(slider).to_have_attribute("aria-valuetext", told)
    numbers = told.match(slider.get_attribute("aria-valuetext") or "")
    assert numbers is not None
    expect(held.locator(".marks [data-n]:not(.off)")).to_have_count(int(numbers[1]))
    expect(held.locator("#summary")).to_contain_text(f"what began in {last - 1} is brought out")
    held.get_by_text("as a table").first.click()
    held.get_by_role("link", name=f"only {last}").click()
    expect(held.locator("#years")).to_have_attribute("data-chosen", str(last))
    assert page.url == f"{address}/holder"


def test_years_are_played_and_stopped(browser: Browser, address: str) -> None:
    context = browser.new_context(reduced_motion="no-preference")
    page = context.new_page()
    page.clock.install()
    page.goto(f"{address}/networks/organisations")
    slider = page.get_by_role("slider", name="Year")
    first = int(slider.get_attribute("min") or 0)
    page.get_by_label("and all before").uncheck()
    page.get_by_role("button", name="All years").click()
    page.get_by_role("button", name="Play year by year").click()
    seen = []
    for _ in range(3):
        seen.append(slider.input_value())
        page.clock.run_for(1_250)
    assert [int(year) - first for year in seen] == [0, 1, 2]
    page.get_by_role("button", name="Stop").click()
    stopped = slider.input_value()
    page.clock.run_for(5_000)
    assert slider.input_value() == stopped
    expect(page).to_have_url(re.compile(f"years=.*{stopped}$"))
    context.close()


def test_who_wants_little_motion_steps_from_year_to_year(page: Page, address: str) -> None:
    visit(page, address, "/networks/countries")
    slider = page.get_by_role("slider", name="Year")
    page.get_by_role("button", name="Next year").click()
    expect(slider).to_have_value(slider.get_attribute("min") or "")
    expect(page.get_by_role("button", name="Next year")).to_be_focused()


def test_a_graphics_processor_draws_the_shapes_of_the_legend(
    browser: Browser, address: str
) -> None:
    """Many marks, two of them large: a square has its corners, and a circle has none."""

    def many(route: Route) -> None:
        document = route.fetch().json()
        nodes, links = document["nodes"], document["links"]
        for name, column in nodes.items():
            if isinstance(column, list):
                nodes[name] = [column[0]] * MANY
        nodes["id"] = [f"country/{at}" for at in range(MANY)]
        # Two large ones in the middle of small ones, which make the picture reach beyond them.
        nodes["x"] = [250, 750, *(at % 100 * 10 for at in range(2, MANY))]
        nodes["y"] = [300, 300, *(at // 1000 * 300 for at in range(2, MANY))]
        nodes["r"], nodes["kind"] = [100, 100, *[1] * (MANY - 2)], [0, 1, *[2] * (MANY - 2)]
        for name in links:
            links[name] = []
        look = {"label": {"text": "a", "lang": "en"}, "border": "#000000", "count": 1}
        shapes = zip(["square", "dot", "dot"], [*COLOURS, "#bbbbbb"], strict=True)
        document["kinds"] = [{**look, "shape": shape, "fill": fill} for shape, fill in shapes]
        document["time"] = None
        route.fulfill(body=json.dumps(document), content_type="application/json")

    # Chromium tells that reading back what was drawn is slow: no error, but not silence either.
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.add_init_script(WITH_PROCESSOR)
    page.route("**/api/v1/networks/countries*", many)
    visit(page, address, "/networks/countries")
    stage = page.locator("#stage")
    expect(stage.locator(".large canvas").first).to_be_attached()
    picture = b64encode(stage.screenshot()).decode()
    reader = page.context.new_page()
    square, circle = (reader.evaluate(SHARE, [picture, colour]) for colour in COLOURS)
    reader.close()
    assert square["share"] > 0.97
    assert circle["share"] == pytest.approx(pi / 4, abs=0.02)
    box = stage.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + square["x"], box["y"] + square["y"])
    expect(stage).to_have_attribute("data-chosen", "country/0")
    context.close()


def test_a_drawing_keeps_its_colours_and_paper_where_others_are_forced(
    browser: Browser, address: str
) -> None:
    """They tell kinds apart, and are chosen for white."""
    context = browser.new_context(forced_colors="active", color_scheme="dark")
    page = context.new_page()
    visit(page, address, "/networks/countries")
    expect(page.locator("body")).to_have_css("background-color", "rgb(0, 0, 0)")
    expect(page.locator("#stage")).to_have_css("background-color", "rgb(255, 255, 255)")
    name = page.locator(".names.wide text").first
    expect(name).to_have_css("fill", "rgb(27, 36, 48)")
    context.close()


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
