"""The editor in a real browser: written in, completed, answered, drawn, shared, by keyboard."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from api.assets import bundle
from tests.browser.accessible import AXE, assert_accessible

ORGANISATIONS = "SELECT ?organisation { ?organisation a sikg:Organisation } LIMIT 5"
DESCRIBED = "DESCRIBE <http://localhost:8000/id/consortium/esia>"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """Skip where the editor is not built, or fail where SIKG_REQUIRE_BROWSER is 1."""
    if bundle("editor") is None or not AXE.is_file():
        reason = "the editor is not built (make assets)"
        if os.environ.get("SIKG_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture
def editor(page: Page, address: str) -> Page:
    """Open the editor and wait until it can be written in."""
    page.goto(f"{address}/sparql")
    expect(page.get_by_role("textbox", name="Query", exact=True)).to_be_visible()
    return page


@pytest.fixture
def lenient(browser: Browser, address: str) -> Iterator[Page]:
    """Open the editor on a page that may log refused requests, as browsers do."""
    context = browser.new_context(reduced_motion="reduce")
    made = context.new_page()
    made.goto(f"{address}/sparql")
    expect(made.get_by_role("textbox", name="Query", exact=True)).to_be_visible()
    yield made
    context.close()


def write(page: Page, text: str) -> None:
    """Write a query into a new tab, as a reader does."""
    page.get_by_role("button", name="New query").click()
    page.get_by_role("textbox", name="Query", exact=True).click()
    page.keyboard.insert_text(text)


def ask(page: Page, text: str) -> None:
    """Ask a query and wait for what is said of its answer."""
    write(page, text)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#told")).to_have_text(re.compile(r"in [\d.]+ s\.$"))


def show(page: Page, view: str) -> None:
    """Show the answer in another way."""
    page.get_by_role("button", name=view, exact=True).click()
    expect(page.get_by_role("button", name=view, exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(page.locator(f'.output[data-view="{view.lower()}"]')).to_be_visible()


def open_question(page: Page, title: str) -> None:
    """Open a question of the catalogue in the editor and ask it."""
    page.locator("#examples-list").get_by_role("link", name=title, exact=True).click()
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#told")).to_have_text(re.compile(r"in [\d.]+ s\.$"))


def test_not_one_request_leaves_the_host(page: Page, address: str) -> None:
    """Nor does the page try: opening, completing, asking, and every view."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/sparql")
    expect(page.get_by_role("textbox", name="Query", exact=True)).to_be_visible()
    write(page, "SELECT * { ?x a sikg:Org")
    page.keyboard.press("Control+Space")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    open_question(page, "Partners of a consortium")
    for view in ("Chart", "Map", "Network", "Table"):
        show(page, view)
    assert len(asked) > 8
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(address).netloc}


def test_the_policy_of_the_page_is_as_strict_as_of_all_others(page: Page, address: str) -> None:
    answer = page.goto(f"{address}/sparql")
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    "path",
    ["/sparql", "/queries", "/queries/country-profile", "/queries/things-of-an-identifier"],
)
@pytest.mark.parametrize("width", [1280, 390])
def test_a_page_is_accessible(page: Page, address: str, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(address + path)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_view_is_accessible(editor: Page) -> None:
    open_question(editor, "Partners of a consortium")
    for view in ("Table", "Chart", "Map", "Network"):
        show(editor, view)
        assert_accessible(editor)
    editor.get_by_text("Share", exact=True).click()
    editor.get_by_role("button", name="As it came").click()
    assert_accessible(editor)


def test_completion_is_accessible_and_from_our_vocabulary(editor: Page) -> None:
    """By prefix and by label, and the prefix is declared without asking."""
    write(editor, "SELECT * { ?x a organ")
    editor.keyboard.press("Control+Space")
    first = editor.get_by_role("option").first
    expect(first).to_have_text(re.compile(r"^sikg:Organisation . organisation \(\d+\)$"))
    assert_accessible(editor)
    editor.keyboard.press("Enter")
    editor.keyboard.type(" ; country")
    editor.keyboard.press("Control+Space")
    expect(editor.get_by_role("option").first).to_have_text(re.compile("^sikg:country . country"))
    editor.keyboard.press("Enter")
    editor.keyboard.type(" ?c } LIMIT 3")
    editor.keyboard.press("Control+Enter")
    expect(editor.locator("#told")).to_contain_text("3 rows in ")
    expect(editor.get_by_role("textbox", name="Query", exact=True)).to_contain_text(
        "PREFIX sikg: <https://w3id.org/sikg/ontology#>"
    )


def test_an_answer_is_a_table_with_names_that_lead_to_pages(editor: Page) -> None:
    ask(editor, "SELECT ?c { VALUES ?c { <http://localhost:8000/id/consortium/esia> } }")
    link = editor.locator(".output").get_by_role("link", name="European Social Innovation Alliance")
    expect(link).to_have_attribute("href", "/page/consortium/esia")


def test_a_table_is_sorted_and_searched(editor: Page) -> None:
    values = '("Riga" 30) ("Tallinn" 4) ("Vilnius" 100)'
    ask(editor, f"SELECT ?town ?number {{ VALUES (?town ?number) {{ {values} }} }}")
    towns = editor.locator(".output tbody td:first-child")
    head = editor.locator('.output th[data-column="number"]')
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    assert towns.all_inner_texts() == ["Vilnius", "Riga", "Tallinn"]
    head.get_by_role("button").click()
    assert towns.all_inner_texts() == ["Tallinn", "Riga", "Vilnius"]
    editor.get_by_label("Only rows with").fill("ta")
    assert towns.all_inner_texts() == ["Tallinn"]


def test_a_long_table_is_paged(editor: Page) -> None:
    ask(editor, "SELECT * { ?s ?p ?o } LIMIT 250")
    expect(editor.locator(".output tbody tr")).to_have_count(100)
    editor.get_by_role("button", name="Next rows").click()
    editor.get_by_role("button", name="Next rows").click()
    expect(editor.get_by_text("Rows 201 to 250 of 250.")).to_be_visible()
    expect(editor.get_by_role("button", name="Next rows")).to_be_disabled()


def test_countries_are_shaded_on_a_map(editor: Page) -> None:
    """By codes or by things; the table below says the same."""
    values = '("EE" 5) ("LV" 1) ("EL" 9)'
    ask(editor, f"SELECT ?country ?n {{ VALUES (?country ?n) {{ {values} }} }}")
    show(editor, "Map")
    editor.get_by_label("Shaded by").select_option("n")
    picture = editor.get_by_role("img", name="Map: 3 countries by sum of n")
    expect(picture.get_by_text("Greece: 9")).to_be_attached()
    expect(picture.get_by_text("Estonia: 5")).to_be_attached()
    editor.get_by_text("The same as a table").click()
    rows = editor.locator(".output details tbody tr")
    assert rows.all_inner_texts() == ["Greece\t9", "Estonia\t5", "Latvia\t1"]


def test_points_are_drawn_on_a_map(editor: Page) -> None:
    ask(editor, 'SELECT ?place ?at { VALUES (?place ?at) { ("Tartu" "POINT(26.72 58.38)") } }')
    show(editor, "Map")
    expect(editor.locator("svg.map circle")).to_have_count(1)
    expect(editor.locator("svg.map circle title")).to_have_text("Tartu")


def test_statements_are_drawn_as_a_network(editor: Page) -> None:
    """Its links can be read without the drawing."""
    ask(editor, DESCRIBED)
    expect(editor.locator("#told")).to_contain_text("statements in ")
    show(editor, "Network")
    assert editor.locator(".network circle").count() > 5
    editor.get_by_role("combobox", name="Links of").select_option(
        label="European Social Innovation Alliance"
    )
    told = editor.locator(".network .links")
    expect(told).to_contain_text("European Social Innovation Alliance has ")
    expect(told.get_by_role("listitem").first).to_be_visible()


def test_numbers_are_drawn_as_bars(editor: Page) -> None:
    values = '("a" 10) ("b" 40)'
    ask(editor, f"SELECT ?name ?total {{ VALUES (?name ?total) {{ {values} }} }}")
    show(editor, "Chart")
    bars = editor.locator(".chart .bar")
    widths = [bars.nth(place).evaluate("bar => bar.style.width") for place in range(2)]
    assert widths == ["100%", "25%"]
    assert editor.locator(".chart tbody th").all_inner_texts() == ["b", "a"]


def test_yes_or_no_is_told(editor: Page) -> None:
    ask(editor, "ASK { ?s ?p ?o }")
    expect(editor.locator("#told")).to_contain_text("Yes, in ")
    expect(editor.get_by_role("button", name="Chart")).to_be_disabled()


def test_what_came_is_shown_as_it_came(editor: Page) -> None:
    ask(editor, "ASK { ?s ?p ?o }")
    editor.get_by_role("button", name="As it came").click()
    expect(editor.locator(".output pre")).to_contain_text('"boolean":true')


def test_a_mistake_is_told_with_its_line(lenient: Page) -> None:
    write(lenient, "SELECT * {\n  ?s ?p\n}")
    lenient.keyboard.press("Control+Enter")
    expect(lenient.locator("#told")).to_have_text("The query is malformed")
    expect(lenient.locator(".problem")).to_contain_text("line 3")
    expect(lenient.locator(".mistaken")).to_have_count(1)
    expect(lenient.get_by_role("link", name="What this means")).to_have_attribute(
        "href", "/problems#malformed-query"
    )
    assert_accessible(lenient)


def test_a_cut_answer_is_shown_as_cut(editor: Page) -> None:
    """As the service marks it, by its status and header."""

    def answer(route: Route) -> None:
        route.fulfill(
            status=206,
            headers={"SIKG-Cut": "rows=2; limit=result_rows"},
            content_type="application/sparql-results+json",
            body='{"head":{"vars":["x"]},"results":{"bindings":[{},{}]}}',
        )

    editor.route(re.compile(r"/sparql$"), answer)
    ask(editor, "SELECT ?x { ?x ?y ?z }")
    notice = editor.locator(".output .notice")
    expect(notice).to_contain_text("This answer is cut after 2 rows, by the limit result_rows")


def test_a_service_that_is_gone_is_told(lenient: Page) -> None:
    lenient.route(re.compile(r"/sparql$"), lambda route: route.abort())
    write(lenient, "ASK {}")
    lenient.keyboard.press("Control+Enter")
    expect(lenient.locator("#told")).to_have_text("The service cannot be reached")


def test_a_query_that_runs_can_be_stopped(editor: Page) -> None:
    editor.route(re.compile(r"/sparql$"), lambda _: None)  # never answered
    write(editor, "ASK {}")
    editor.keyboard.press("Control+Enter")
    editor.get_by_role("button", name="Stop").click()
    expect(editor.locator("#told")).to_have_text("Stopped.")
    expect(editor.get_by_role("button", name="Stop")).to_be_hidden()


def test_the_address_of_the_page_is_a_link_to_query_and_answer(
    editor: Page, browser: Browser
) -> None:
    """It works without scripts, where the service answers."""
    ask(editor, f"# Five of them\n{ORGANISATIONS}")
    given = parse_qs(urlsplit(editor.url).query)
    assert ORGANISATIONS in given["query"][0]
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(editor.url)
    expect(plain.locator("table tbody tr")).to_have_count(5)
    context.close()
    editor.evaluate("localStorage.clear()")
    editor.goto(editor.url)
    expect(editor.get_by_role("tab", name="Five of them")).to_have_attribute(
        "aria-selected", "true"
    )
    expect(editor.locator("#answer-section tbody tr")).to_have_count(5)


def test_a_link_can_be_pinned_to_the_release(editor: Page) -> None:
    write(editor, "ASK {}")
    editor.get_by_text("Share", exact=True).click()
    link = editor.get_by_label("Link to this query")
    expect(link).to_have_value(re.compile("format=html$"))
    editor.get_by_label("Pin to release 1").check()
    expect(link).to_have_value(re.compile("release=1$"))
    command = editor.get_by_label("Command")
    expect(command).to_contain_text("/sparql?release=1' --data-urlencode 'query=ASK {}'")


def test_queries_are_kept_from_visit_to_visit(editor: Page) -> None:
    write(editor, "ASK { <a:b> ?p ?o }")
    editor.get_by_label("Title").fill("Of mine")
    editor.reload()
    expect(editor.get_by_role("tab", name="Of mine")).to_have_attribute("aria-selected", "true")
    expect(editor.get_by_role("textbox", name="Query", exact=True)).to_contain_text("<a:b>")
    editor.get_by_role("button", name="Close query").click()
    expect(editor.get_by_role("tab", name="Of mine")).to_have_count(0)


def test_questions_are_searched_and_open_as_tabs(editor: Page) -> None:
    editor.get_by_label("Search questions").fill("tree funding")
    shown = editor.locator("#examples-list li:visible")
    expect(shown).to_have_count(1)
    shown.get_by_role("link").click()
    expect(editor.get_by_role("tab", name="The tree of funding")).to_have_attribute(
        "aria-selected", "true"
    )
    expect(editor.get_by_role("textbox", name="Query", exact=True)).to_be_focused()


def test_everything_is_reached_by_keyboard(editor: Page) -> None:
    """The field is no trap: Tab leads in and out; arrows walk the tabs."""
    write(editor, ORGANISATIONS)
    field = editor.get_by_role("textbox", name="Query", exact=True)
    expect(field).to_be_focused()
    editor.keyboard.press("Tab")
    expect(editor.get_by_role("button", name="Ask", exact=True)).to_be_focused()
    editor.keyboard.press("Enter")
    expect(editor.locator("#told")).to_contain_text("5 rows in ")
    editor.keyboard.press("Shift+Tab")
    expect(field).to_be_focused()
    for _ in range(4):
        editor.keyboard.press("Shift+Tab")
    expect(editor.get_by_role("tab", name="New query")).to_be_focused()
    editor.keyboard.press("ArrowLeft")
    expect(editor.get_by_role("tab", name="First query")).to_be_focused()
    expect(field).to_contain_text("ORDER BY ?name")


def test_a_plain_field_takes_the_place_of_the_editor(editor: Page) -> None:
    """For whoever works better with it; it holds the same text, and the choice is kept."""
    write(editor, ORGANISATIONS)
    editor.get_by_label("Plain text field").check()
    plain = editor.locator("textarea#query")
    expect(plain).to_have_value(ORGANISATIONS)
    plain.press("Control+Enter")
    expect(editor.locator("#told")).to_contain_text("5 rows in ")
    assert_accessible(editor)
    editor.reload()
    expect(editor.locator("textarea#query")).to_be_visible()
    expect(editor.get_by_label("Plain text field")).to_be_checked()


def test_text_of_an_answer_is_never_markup(editor: Page) -> None:
    ask(editor, 'SELECT ?x { VALUES ?x { "<img src=x onerror=alert(1)>" } }')
    expect(editor.locator(".output td")).to_have_text("<img src=x onerror=alert(1)>")
    assert editor.locator(".output img").count() == 0
