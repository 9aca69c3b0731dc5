"""Following the money in a real browser: by pointer, by keyboard, and without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

BANDS = "svg.flow a.band"
RIBBONS = "svg.flow a.ribbon"


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """Open a page in a browser that runs no scripts."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_from_a_band_to_its_rows_and_to_the_row_of_a_table(page: Page, address: str) -> None:
    page.goto(f"{address}/money?money=eu.approved.EUR")
    band = page.locator(BANDS, has_text="Latvia").first
    band.click()
    expect(page).to_have_url(re.compile(r"/money/rows\?.*country=only"))
    expect(page.locator("h1")).to_have_text("Money, row by row")
    expect(page.locator("table.rows tbody tr")).to_have_count(1)
    page.locator("details.why summary").first.click()
    expect(page.locator("details[open] .receipt").first).to_contain_text(".csv")


def test_a_band_is_reached_and_opened_by_the_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}/money?money=eu.approved.EUR")
    page.locator("figure.money .scroll").first.focus()
    page.keyboard.press("Tab")
    first = page.locator(BANDS).first
    expect(first).to_be_focused()
    page.keyboard.press("Tab")
    # The next stop is the next band: links of the picture are lines of the table instead.
    expect(page.locator(BANDS).nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/money/rows"))


def test_what_has_nothing_to_do_with_a_band_fades_while_it_is_pointed_at(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/money?money=eu.approved.EUR&through=fund,country")
    page.wait_for_selector("button.sort")
    first = page.locator(BANDS).first
    first.hover()
    number = first.get_attribute("data-bands") or ""
    links = page.locator(RIBBONS)
    joined = [number in (item.get_attribute("data-bands") or "").split(" ") for item in links.all()]
    faint = ["faint" in (item.get_attribute("class") or "") for item in links.all()]
    assert any(joined)
    assert faint == [not one for one in joined]
    page.locator("h1").hover()
    expect(page.locator("svg.flow .faint")).to_have_count(0)


def test_tables_are_sorted_by_their_heads(page: Page, address: str) -> None:
    page.goto(f"{address}/money?money=eu.approved.EUR")
    table = page.locator("table.sortable").nth(1)
    table.get_by_role("button", name="Amounts").click()
    cells = table.locator("tbody td:last-child")
    numbers = [int(cell.get_attribute("data-value") or 0) for cell in cells.all()]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) > 3


def test_steps_are_chosen_without_scripts(plain: Page, address: str) -> None:
    plain.goto(f"{address}/money")
    plain.locator("#f-step2").select_option("organisation")
    plain.locator("#f-step3").select_option("")
    plain.locator("#f-money").select_option("total.approved.EUR")
    plain.get_by_role("button", name="Show").click()
    expect(plain).to_have_url(re.compile(r"/money\?through=fund,organisation&money=total"))
    expect(plain.locator("svg.flow")).to_be_visible()
    expect(plain.locator("h2").first).to_contain_text("Organisation")
    plain.locator("figure.money + h3 + .scroll td a").first.click()
    expect(plain.locator("h1")).to_have_text("Money, row by row")


def test_labels_of_a_flow_do_not_lie_on_each_other(page: Page, address: str) -> None:
    """As the browser sets them, whatever its font: each label ends above the next."""
    page.goto(f"{address}/money?through=fund,strand,project,organisation&top=20")
    boxes = page.evaluate(
        "() => [...document.querySelectorAll('svg.flow a.band, svg.flow g.band')].map((band) => {"
        " const texts = [...band.querySelectorAll('text')].map((t) => t.getBoundingClientRect());"
        " return [texts[0].left, Math.min(...texts.map((t) => t.top)),"
        " Math.max(...texts.map((t) => t.bottom)), Math.max(...texts.map((t) => t.right))]; })"
    )
    columns: dict[int, list[list[float]]] = {}
    for box in boxes:
        # Letters begin a little to the left or right of where their line does.
        columns.setdefault(round(box[0] / 50), []).append(box)
    assert len(columns) == 4
    lefts = sorted(columns)
    for place, left in enumerate(lefts):
        column = sorted(columns[left], key=lambda box: box[1])
        for above, below in pairwise(column):
            assert above[2] <= below[1] + 3
        if place + 1 < len(lefts):
            following = min(box[0] for box in columns[lefts[place + 1]])
            assert max(box[3] for box in column) <= following


def test_years_are_stepped_through_where_little_motion_is_wanted(page: Page, address: str) -> None:
    page.goto(f"{address}/money?money=eu.approved.EUR&through=fund,country")
    whole = page.locator("figcaption").first.inner_text()
    step = page.get_by_role("button", name="Next year")
    step.focus()
    page.keyboard.press("Enter")
    first = page.locator("#f-period").get_attribute("data-first") or ""
    # The address is as short as the service writes it, with the year in it.
    expect(page).to_have_url(re.compile(rf"/money\?through=fund,country&.*period={first}$"))
    expect(page.locator("figcaption").first).not_to_have_text(whole)
    expect(page.locator(".asked")).to_contain_text(first)
    expect(step).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"period={int(first) + 1}$"))


def test_years_play_until_they_are_stopped(page: Page, address: str) -> None:
    page.emulate_media(reduced_motion="no-preference")
    page.goto(f"{address}/money?money=eu.approved.EUR&through=fund,country")
    page.get_by_role("button", name="Play year by year").click()
    first = page.locator("#f-period").get_attribute("data-first") or ""
    expect(page).to_have_url(re.compile(rf"period={first}$"))
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Play year by year")).to_have_count(1)
    # All the years that were played are one step back.
    page.go_back()
    expect(page).not_to_have_url(re.compile("period="))
