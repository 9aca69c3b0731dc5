"""The page of a network in Chromium: first paint, a click answered, frames a second.

`python -m benchmarks.network_page [NODES …]`; with `--home DIR NODES`, a release that is there. The
browser has no graphics processor, as an old laptop or a projector's box may have none.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from api.app import create_app
from api.settings import Settings
from benchmarks.measure import median, save, table
from benchmarks.networks.homes import LINKS, make

_SIZES = (500, 2_000, 5_000, 20_000)
_RUNS = 5
_PORT = 8763
_PATH = "/networks/organisations"
_SELF_CONTAINED = "/maps/organisations"
_MOST_IN_FILE = 2_000
_ARGUMENTS = ("--headless", "--no-sandbox", "--disable-quic", "--no-first-run")
_PAINTED = """() => new Promise((done) => {
  const look = () => {
    const found = performance.getEntriesByName("first-contentful-paint")[0];
    if (found) done(found.startTime); else requestAnimationFrame(look);
  };
  look();
})"""
_READY = """() => new Promise((done) => {
  const look = () => {
    if (document.querySelector("#network")?.dataset.state) done(performance.now());
    else requestAnimationFrame(look);
  };
  look();
})"""
# From a click on a mark to the next frame in which the panel tells about it.
_CLICK = """() => new Promise((done) => {
  const began = performance.now();
  document.querySelector("#nodes button.plain").click();
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
})"""
# Frames while the pointer drags for a second.
_FRAMES = """() => { window.frames_ = 0; const count = () => { window.frames_ += 1;
  requestAnimationFrame(count); }; requestAnimationFrame(count); }"""


@dataclass(frozen=True, slots=True)
class Seen:
    """Milliseconds to the first paint and until usable, of a click; frames a second; kilobytes."""

    paint: float
    usable: float
    click: float
    frames: float
    weight: float


def main(sizes: Sequence[int], home: Path | None) -> None:
    """Measure and write `results/network_page.md`."""
    rows: list[list[str]] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=list(_ARGUMENTS)
        )
        for size in sizes:
            with tempfile.TemporaryDirectory() as folder:
                place = home or Path(folder)
                if home is None:
                    make(place, size)
                with _served(place) as address:
                    rows += _rows(browser, address, size)
        browser.close()
    heads = ["nodes", "page", "first paint", "usable", "click", "frames/s", "kB"]
    text = (
        f"Skewed networks of {LINKS} links a node, Chromium headless without a graphics processor; "
        f"milliseconds from navigation, median of {_RUNS} after one visit; usable is when marks, "
        "search and keys answer; kB as sent.\n\n"
    )
    save("network_page", "The page of a network", text + table(heads, rows))


def _rows(browser: Browser, address: str, size: int) -> Iterator[list[str]]:
    found = [_visit(browser, address + _PATH) for _ in range(_RUNS + 1)][1:]
    columns = [
        [getattr(seen, name) for seen in found]
        for name in ("paint", "usable", "click", "frames", "weight")
    ]
    yield [f"{size:,}", "ours", *(f"{median(column):,.0f}" for column in columns)]
    if size <= _MOST_IN_FILE:
        times = [_drawn(browser, address + _SELF_CONTAINED) for _ in range(_RUNS + 1)][1:]
        yield [f"{size:,}", "self-contained (pyvis)", "", f"{median(times):,.0f}", "", "", ""]


def _visit(browser: Browser, address: str) -> Seen:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    sent: list[int] = []
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sent.append(event["encodedDataLength"]))
    page.goto(address, wait_until="commit")
    paint, usable = page.evaluate(_PAINTED), page.evaluate(_READY)
    click = page.evaluate(_CLICK)
    frames = _dragged(page)
    context.close()
    return Seen(paint, usable, click, frames, sum(sent) / 1000)


def _dragged(page: Page) -> float:
    page.keyboard.press("Escape")
    box = page.locator("#stage").bounding_box()
    if box is None:
        return 0.0
    x, y = box["x"] + 200, min(box["y"] + 200, 800)
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(_FRAMES)
    began = time.perf_counter()
    for step in range(40):
        page.mouse.move(x + 3 * step, y + step)
    seconds = time.perf_counter() - began
    frames = float(page.evaluate("window.frames_"))
    page.mouse.up()
    return frames / seconds


def _drawn(browser: Browser, address: str) -> float:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector("#network[data-state=drawn]", timeout=120_000)
    seconds = time.perf_counter() - began
    context.close()
    return seconds * 1000


@contextmanager
def _served(home: Path) -> Iterator[str]:
    application = create_app(Settings(home=home, access_log="off"))
    server = uvicorn.Server(
        uvicorn.Config(application, host="127.0.0.1", port=_PORT, log_level="error")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{_PORT}"
    server.should_exit = True
    thread.join()


if __name__ == "__main__":
    given = sys.argv[1:]
    folder_ = Path(given[1]) if given[:1] == ["--home"] else None
    numbers = [int(item) for item in given[2 if folder_ else 0 :]]
    main(numbers or _SIZES, folder_)
