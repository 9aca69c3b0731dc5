"""The page of reconciliation in a real browser: names pasted, and a preview in a foreign frame."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import AXE, assert_accessible

pytestmark = pytest.mark.browser


def test_names_are_pasted_and_proposals_read(page: Page, address: str) -> None:
    page.goto(f"{address}/reconciliation")
    page.get_by_label("Names, one a line").fill("Tartu Ülikool\nمؤسسة\nEmployment")
    page.get_by_label("What they are names of").select_option("Organisation")
    page.keyboard.press("Tab")
    page.get_by_label("Country").select_option("EE")
    page.get_by_role("button", name="Propose", exact=True).press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Of 3 names 1 are matched")
    row = page.get_by_role("row", name="Tartu Ülikool certain")
    expect(row.get_by_role("link").first).to_have_text("University of Tartu")
    # What was chosen stays for the next names.
    expect(page.get_by_label("Country")).to_have_value("EE")
    if AXE.is_file():
        assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Proposals as CSV").click()
    assert download.value.suggested_filename == "reconciled.csv"


@pytest.fixture
def elsewhere(address: str) -> Iterator[str]:
    """Serve a page of somebody else that has the preview of a thing in a frame."""
    framed = f"{address}/embed/entity?id=organisation%2Fee-ut"
    text = f'<!doctype html><title>x</title><iframe src="{framed}" width="440"></iframe>'

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(text.encode() if self.path == "/" else b"")

        def log_message(self, *_: object) -> None:
            return  # nobody reads it

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


def test_a_preview_stands_in_a_frame_of_another_host(
    page: Page, address: str, elsewhere: str
) -> None:
    page.goto(elsewhere)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="University of Tartu")).to_be_visible(timeout=30_000)
    found = page.evaluate(
        "address => fetch(address).then(answer => answer.json()).then(told => told.versions)",
        f"{address}/reconcile",
    )
    assert found == ["0.2"]
